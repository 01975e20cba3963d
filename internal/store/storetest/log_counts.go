package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testLogCounts: token requests that are alike are counted together, and nothing else is.
func testLogCounts(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := start(t, newDatabase)
	noon := event(0).Date
	add := func(minutes int, edit func(*tenant.LogEvent)) {
		t.Helper()
		e := event(0)
		e.Date = noon.Add(time.Duration(minutes) * time.Minute)
		edit(&e)
		wantError(t, w.db.Append(ctx, e), nil)
	}
	same := func(*tenant.LogEvent) {}
	refused := func(e *tenant.LogEvent) { e.Type, e.Description = tenant.LogTokenRefused, `no "grant"` }
	add(-1, same) // before
	add(0, same)
	add(59, same)
	add(60, same)
	add(61, refused)
	add(62, func(e *tenant.LogEvent) {
		e.Type, e.Description, e.ClientID, e.ClientName, e.Audience = tenant.LogTokenRefused, "Unauthorized", nil, nil, ""
	})
	add(63, func(e *tenant.LogEvent) { e.Type = tenant.LogManagementWritten })
	add(64, func(e *tenant.LogEvent) { e.Tenant = "other" })
	add(120, same) // behind

	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	all := []tenant.TokenCount{
		{Hour: 0, Type: "seccft", ClientID: "client-1", ClientName: "Import Job", Audience: "https://timesheets", Count: 2, Oldest: at(0), Newest: at(59)},
		{Hour: 1, Type: "seccft", ClientID: "client-1", ClientName: "Import Job", Audience: "https://timesheets", Count: 1, Oldest: at(60), Newest: at(60)},
		{Hour: 1, Type: "feccft", ClientID: "client-1", ClientName: "Import Job", Audience: "https://timesheets", Description: `no "grant"`, Count: 1, Oldest: at(61), Newest: at(61)},
		{Hour: 1, Type: "feccft", Description: "Unauthorized", Count: 1, Oldest: at(62), Newest: at(62)},
	}
	count := func(most int) []tenant.TokenCount {
		t.Helper()
		counts := must(w.db.Tenant("acme").Logs().CountTokens(ctx, noon, at(120), most))(t)
		slices.SortFunc(counts, func(a, b tenant.TokenCount) int { return cmp.Or(a.Hour-b.Hour, a.Oldest.Compare(b.Oldest)) })
		return counts
	}
	wantEqual(t, count(5), all)
	// Of too many the newest count.
	all[0].Count, all[0].Oldest = 1, at(59)
	wantEqual(t, count(4), all)
	wantEqual(t, count(1), all[3:])
}
