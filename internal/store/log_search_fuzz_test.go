package store_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/eventlog"
	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/store/storetest"
	"github.com/writ-auth/writ/internal/tenant"
)

// What the language says and what the database finds are the same.
func FuzzLogSearch(f *testing.F) {
	for _, seed := range []string{
		"", "type:sapi", "lient", "*lient*", `description:"100% [sic] a_b*c?d \\ \"q\""`, "date:[2025 TO 2026-11-23}", "-ip:192.0.2.7 user_name:*", "log_id:9002026*",
		"type:(sapi OR feccft) NOT description:cre*", "client_name:[A TO Z] OR NOT hostname:other.*", "+type:s* -user_id:*", "date:2026-11-23T12:00:00.004Z",
	} {
		f.Add(seed, "date", false)
		f.Add(seed, "description", true)
	}
	master, err := seal.NewMaster(seal.NewMasterKey())
	if err != nil {
		f.Fatal(err)
	}
	db, err := store.Open(f.Context(), store.Config{Dir: f.TempDir(), Durability: store.DurabilityRelaxed, Master: master})
	if err != nil {
		f.Fatal(err)
	}
	defer db.Close()
	for _, e := range storetest.LogRecords() {
		if err := db.Append(f.Context(), e); err != nil {
			f.Fatal(err)
		}
	}
	logs := db.Tenant("acme").Logs()
	records, err := logs.After(f.Context(), "", 100)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, q, sortBy string, ascending bool) {
		where, err := eventlog.ParseQuery(q)
		if err != nil || !utf8.ValidString(q) || strings.ContainsRune(q, 0) {
			return
		}
		search := tenant.LogQuery{Where: where, SortBy: sortBy, Ascending: ascending}
		found, err := logs.Query(t.Context(), search)
		if sortBy != "" && !slices.Contains(tenant.LogSearchFields(), sortBy) {
			if err == nil {
				t.Fatalf("sorted by %q", sortBy)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(logIDs(storetest.SearchLog(records, search)), logIDs(found)); d != "" {
			t.Errorf("%s: %s", eventlog.FormatQuery(where), d)
		}
	})
}

func logIDs(records []tenant.LogEvent) []string {
	ids := []string{}
	for _, e := range records {
		ids = append(ids, e.LogID)
	}
	return ids
}
