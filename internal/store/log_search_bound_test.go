package store

import (
	"context"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// The end of a context ends a search that has found a record at once and looks through all others for long.
func TestSearchEndsAfterItsFirstHit(t *testing.T) {
	for name, config := range map[string]func(t *testing.T) Config{
		"sqlite":   func(t *testing.T) Config { return testConfig(t) },
		"postgres": func(t *testing.T) Config { return postgresConfig(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, config(t))
			fillLog(t, db, filled)
			logs := db.Tenant("acme").Logs()
			newest, err := logs.Query(t.Context(), tenant.LogQuery{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			where := tenant.LogOr{tenant.LogIs("log_id", newest[0].LogID)}
			for range 100 { // each takes the document apart, of every record, and finds none
				where = append(where, tenant.LogNot{Expr: tenant.LogMatch{Field: "user_agent", Literals: []string{"", "python", "requests", ""}}})
			}
			for _, order := range []tenant.LogQuery{{}, {SortBy: "date"}, {SortBy: "log_id"}} {
				order.Where, order.Limit = where, 100
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				found, err := logs.Query(ctx, order)
				cancel()
				if err == nil {
					t.Errorf("by %q: %d records, want an error: the context ended long before", order.SortBy, len(found))
				}
			}
		})
	}
}

// So it ends one that counts: no row comes before all are counted.
func TestCountEnds(t *testing.T) {
	for name, config := range map[string]func(t *testing.T) Config{
		"sqlite":   func(t *testing.T) Config { return testConfig(t) },
		"postgres": func(t *testing.T) Config { return postgresConfig(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, config(t))
			fillLog(t, db, filled)
			logs := db.Tenant("acme").Logs()
			newest, err := logs.Query(t.Context(), tenant.LogQuery{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			before := newest[0].Date.Add(time.Millisecond)
			all, err := logs.CountTokens(t.Context(), time.Time{}, before, 2*filled)
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			for _, c := range all {
				total += c.Count
			}
			if total != filled {
				t.Errorf("%d counted, want all %d: the test must have something to interrupt", total, filled)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Millisecond)
			defer cancel()
			if counts, err := logs.CountTokens(ctx, time.Time{}, before, 2*filled); err == nil {
				t.Errorf("%d groups, want an error: the context ended long before", len(counts))
			}
		})
	}
}
