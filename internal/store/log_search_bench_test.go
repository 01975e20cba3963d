package store

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// BenchmarkLogSearch searches a million records of one tenant for what is there, is old, or is nowhere. Run with WRIT_VOLUME=1.
func BenchmarkLogSearch(b *testing.B) {
	if os.Getenv("WRIT_VOLUME") == "" {
		b.Skip("a million records: set WRIT_VOLUME=1")
	}
	const records = 1_000_000
	for _, engine := range []struct {
		name string
		cfg  func(b *testing.B) Config
	}{
		{"sqlite", func(b *testing.B) Config { return testConfig(b) }},
		{"postgres", func(b *testing.B) Config { return postgresConfig(b) }},
	} {
		b.Run(engine.name, func(b *testing.B) {
			db := openTest(b, engine.cfg(b))
			fillLog(b, db, records)
			logs := db.Tenant("acme").Logs()
			all, err := logs.After(b.Context(), "", 1)
			if err != nil {
				b.Fatal(err)
			}
			newest, err := logs.Query(b.Context(), tenant.LogQuery{Limit: 1})
			if err != nil {
				b.Fatal(err)
			}
			oldest := all[0].Date
			from := func(id string) tenant.LogExpr {
				return tenant.LogRange{Field: "log_id", From: &tenant.LogBound{Value: id}}
			}
			for _, search := range []struct {
				name  string
				query tenant.LogQuery
			}{
				{"newest", tenant.LogQuery{}},
				{"page 9", tenant.LogQuery{Offset: 900}},
				{"common type", tenant.LogQuery{Where: tenant.LogIs("type", "seccft")}},
				{"rare client", tenant.LogQuery{Where: tenant.LogIs("client_id", "client-77")}},
				{"no such client", tenant.LogQuery{Where: tenant.LogIs("client_id", "nobody")}},
				{"type and client", tenant.LogQuery{Where: tenant.LogAnd{tenant.LogIs("type", "feccft"), tenant.LogIs("client_id", "client-77")}}},
				{"tail", tenant.LogQuery{Where: from(newest[0].LogID)}},
				{"newest dates", tenant.LogQuery{Where: tenant.LogDates{From: newest[0].Date.Add(-time.Minute)}}},
				{"oldest dates", tenant.LogQuery{Where: tenant.LogDates{From: oldest, Before: oldest.Add(time.Minute)}}},
				{"no such dates", tenant.LogQuery{Where: tenant.LogDates{Before: oldest}}},
				{"no such address", tenant.LogQuery{Where: tenant.LogIs("ip", "nowhere")}},
				{"no such pattern", tenant.LogQuery{Where: tenant.LogMatch{Field: "", Literals: []string{"", "nowhere", ""}}}},
				{"by address", tenant.LogQuery{SortBy: "ip"}},
			} {
				b.Run(search.name, func(b *testing.B) {
					search.query.Limit = 100
					for b.Loop() {
						if _, err := logs.Query(b.Context(), search.query); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// fillDate is the date of the nth record that fillLog adds.
func fillDate(n int) time.Time {
	return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 100 * time.Millisecond)
}

// fillLog adds n records of 1,000 clients, a tenth of them refusals, ten in each second.
func fillLog(b testing.TB, db *DB, n int) {
	b.Helper()
	event := testEvent("Client Credentials for Access Token")
	event.UserAgent, event.IP, event.Hostname = "python-requests/2.32.3", "203.0.113.7", "acme.auth.example.com"
	event.Audience, event.Scope = "https://timesheets.example.com/api", "read:timesheets create:timesheets"
	for done := 0; done < n; {
		tx, err := db.events.writer.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for range min(n-done, 100_000) {
			done++
			event.Type = "seccft"
			if done%10 == 0 {
				event.Type = "feccft"
			}
			id, name := fmt.Sprint("client-", done%1000), fmt.Sprint("Job ", done%1000)
			event.ClientID, event.ClientName = &id, &name
			event.Date = fillDate(done)
			doc, err := recordDoc(&event)
			if err != nil {
				b.Fatal(err)
			}
			ms := event.Date.UnixMilli()
			_, err = tx.Exec(`INSERT INTO logs (seq, ms, tenant, date, type, client_id, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)`, done, ms, "acme", ms, event.Type, id, doc)
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := db.events.writer.Exec(`ANALYZE`); err != nil {
		b.Fatal(err)
	}
}
