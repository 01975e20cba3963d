package store

import (
	"context"
	"fmt"
	"strings"
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

// Strangers choose the audiences of refusals. What an answer takes of memory is bounded all the same, and its sums are right.
func TestCountsOfManyLongAudiencesAreBounded(t *testing.T) {
	for name, config := range map[string]func(t *testing.T) Config{
		"sqlite":   func(t *testing.T) Config { return testConfig(t) },
		"postgres": func(t *testing.T) Config { return postgresConfig(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, config(t))
			const requests = maxGroups + 500
			date := fillAudiences(t, db, requests)
			counts, err := db.Tenant("acme").Logs().CountTokens(t.Context(), date.Add(-time.Minute), date.Add(time.Minute), 2*requests)
			if err != nil {
				t.Fatal(err)
			}
			var total, others, size int
			for _, c := range counts {
				total += c.Count
				size += len(c.Audience) + len(c.Description) + len(c.ClientName)
				if c.Other {
					others += c.Count
				}
			}
			if len(counts) != maxGroups+1 || total != requests || others != 500 || size > maxGroups*3*200 {
				t.Errorf("%d groups of %d bytes, %d requests with %d others", len(counts), size, total, others)
			}
		})
	}
}

// fillAudiences puts refusals with as many long audiences and reasons into acme's log, all of one date, and returns that.
func fillAudiences(t *testing.T, db *DB, n int) time.Time {
	t.Helper()
	event := testEvent("")
	event.Type = tenant.LogTokenRefused
	tx, err := db.events.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		event.Audience = fmt.Sprint(i, strings.Repeat("x", 900))
		event.Description = "There is no API " + event.Audience
		doc, err := recordDoc(&event)
		if err != nil {
			t.Fatal(err)
		}
		ms := event.Date.UnixMilli()
		const insert = `INSERT INTO logs (seq, ms, tenant, date, type, doc) VALUES ($1, $2, 'acme', $2, $3, $4)`
		if _, err := tx.Exec(insert, i+1, ms, event.Type, doc); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return event.Date
}
