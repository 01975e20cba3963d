package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testUsage: issue N tokens, report N, by whatever they are grouped.
func testUsage(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	all := tenant.UsageQuery{From: monday.AddDate(-1, 0, 0), Before: monday.AddDate(1, 0, 0)}
	by := func(groups ...tenant.UsageGroup) tenant.UsageQuery { q := all; q.By = groups; return q }
	issue := func(t *testing.T, w *world, at time.Time, edits ...func(*tenant.LogEvent)) {
		t.Helper()
		e := event(0)
		e.Date = at
		for _, edit := range edits {
			edit(&e)
		}
		wantError(t, w.db.Append(ctx, e), nil)
	}
	ofClient := func(id string) func(*tenant.LogEvent) { return func(e *tenant.LogEvent) { e.ClientID = &id } }
	forOrganization := func(id string) func(*tenant.LogEvent) { return func(e *tenant.LogEvent) { e.OrganizationID = id } }
	forManagement := func(e *tenant.LogEvent) { e.ForManagementAPI, e.Audience = true, "https://acme.localhost/api/v2/" }
	usage := func(t *testing.T, w *world, q tenant.UsageQuery) []tenant.TokenUsage {
		t.Helper()
		return must(w.db.Tenant("acme").TokenUsage(ctx, q))(t)
	}
	fill := func(t *testing.T, w *world) {
		t.Helper()
		issue(t, w, monday.Add(-time.Millisecond))
		issue(t, w, monday)
		issue(t, w, monday, ofClient("client-2"))
		issue(t, w, monday, forOrganization("org_1"))
		issue(t, w, monday.Add(24*time.Hour-time.Millisecond), func(e *tenant.LogEvent) { e.Audience = "a\ttab, a\\back\\slash\nand a line" })
		issue(t, w, monday.AddDate(0, 0, 9), forManagement)
		issue(t, w, monday, func(e *tenant.LogEvent) { e.Type = tenant.LogTokenRefused })
		issue(t, w, monday, func(e *tenant.LogEvent) { e.Tenant = "other" })
	}
	// What is asked is the same before the journal is folded and afterwards, from whichever process.
	for name, after := range map[string]func(t *testing.T, w *world){
		"waiting in the journal": func(*testing.T, *world) {},
		"folded":                 func(t *testing.T, w *world) { wantError(t, w.db.Sweep(ctx), nil) },
		"both": func(t *testing.T, w *world) {
			wantError(t, w.db.Sweep(ctx), nil)
			wantError(t, w.db.Sweep(ctx), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, newDatabase)
			fill(t, w)
			after(t, w)
			wantEqual(t, usage(t, w, all), []tenant.TokenUsage{{Tokens: 5, ManagementTokens: 1}})
			wantEqual(t, usage(t, w, by(tenant.UsageByDay)), []tenant.TokenUsage{
				{Period: monday.AddDate(0, 0, -1), Tokens: 1}, {Period: monday, Tokens: 4}, {Period: monday.AddDate(0, 0, 9), ManagementTokens: 1}})
			wantEqual(t, usage(t, w, by(tenant.UsageByMonth)), []tenant.TokenUsage{
				{Period: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Tokens: 5}, {Period: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), ManagementTokens: 1}})
			wantEqual(t, usage(t, w, by(tenant.UsageByClient)), []tenant.TokenUsage{{ClientID: "client-1", Tokens: 4, ManagementTokens: 1}, {ClientID: "client-2", Tokens: 1}})
			wantEqual(t, usage(t, w, by(tenant.UsageByAPI)), []tenant.TokenUsage{
				{ManagementTokens: 1}, {Audience: "a\ttab, a\\back\\slash\nand a line", Tokens: 1}, {Audience: "https://timesheets", Tokens: 4}})
			wantEqual(t, usage(t, w, by(tenant.UsageByOrganization)), []tenant.TokenUsage{{Tokens: 4, ManagementTokens: 1}, {OrganizationID: "org_1", Tokens: 1}})
			wantEqual(t, usage(t, w, by(tenant.UsageByDay, tenant.UsageByClient, tenant.UsageByAPI, tenant.UsageByOrganization))[1:4], []tenant.TokenUsage{
				{Period: monday, ClientID: "client-1", Audience: "a\ttab, a\\back\\slash\nand a line", Tokens: 1},
				{Period: monday, ClientID: "client-1", Audience: "https://timesheets", Tokens: 1},
				{Period: monday, ClientID: "client-1", Audience: "https://timesheets", OrganizationID: "org_1", Tokens: 1}})
			wantEqual(t, must(w.db.Tenant("other").TokenUsage(ctx, all))(t), []tenant.TokenUsage{{Tokens: 1}})
			one, none := "client-1", ""
			for q, want := range map[*tenant.UsageQuery]int64{
				{From: monday, Before: monday.AddDate(0, 0, 1)}:                                                               4,
				{From: all.From, Before: all.Before, ClientID: &one}:                                                          4,
				{From: all.From, Before: all.Before, ClientID: &one, OrganizationID: &none}:                                   3,
				{From: all.From, Before: all.Before, Audience: &none}:                                                         0,
				{From: monday, Before: monday.AddDate(0, 0, 1), By: []tenant.UsageGroup{tenant.UsageByMonth}, ClientID: &one}: 3,
			} {
				if got := usage(t, w, *q); len(got) != 1 || got[0].Tokens != want {
					t.Errorf("%+v: %+v, want %d", *q, got, want)
				}
			}
			issue(t, w, monday) // and it goes on
			wantEqual(t, usage(t, w, all)[0].Tokens, int64(6))
		})
	}
	t.Run("an empty tenant has none", func(t *testing.T) {
		w := start(t, newDatabase)
		wantEqual(t, usage(t, w, all), []tenant.TokenUsage{})
	})
	t.Run("usage outlives the log, and goes with its own time", func(t *testing.T) {
		w := start(t, newDatabase, func(cfg *store.Config) { cfg.LogRetention, cfg.UsageRetention = time.Hour, 10*24*time.Hour })
		issue(t, w, w.clock.now())
		w.clock.advance(10 * 24 * time.Hour)
		wantError(t, w.db.Sweep(ctx), nil)
		wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), 0)
		wantEqual(t, usage(t, w, all)[0].Tokens, int64(1))
		w.clock.advance(24 * time.Hour)
		wantError(t, w.db.Sweep(ctx), nil)
		wantEqual(t, usage(t, w, all), []tenant.TokenUsage{})
	})
	t.Run("a tenant that is deleted leaves none", func(t *testing.T) {
		w := start(t, newDatabase)
		issue(t, w, w.clock.now())
		wantError(t, w.db.Sweep(ctx), nil)
		wantError(t, w.db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "acme") }), nil)
		issue(t, w, w.clock.now())         // was under way
		wantError(t, w.db.Sweep(ctx), nil) // its line of the journal is folded
		wantError(t, w.db.Sweep(ctx), nil)
		wantEqual(t, usage(t, w, all), []tenant.TokenUsage{})
	})
	t.Run("many at once, of two processes that fold meanwhile, are all counted, and each once", func(t *testing.T) {
		const writers, each = 16, 40
		w := start(t, newDatabase)
		dbs := []*store.DB{w.db, w.open(t)}
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for j := range each {
					e := event(j)
					id := fmt.Sprintf("client-%d", j%7)
					e.ClientID = &id
					if err := dbs[i%2].Append(ctx, e); err != nil {
						t.Error(err)
					}
					if j%10 == 9 {
						if err := dbs[i%2].Sweep(ctx); err != nil {
							t.Error(err)
						}
						if got, err := dbs[i%2].Tenant("acme").TokenUsage(ctx, all); err != nil || len(got) != 1 || got[0].Tokens < int64(j) {
							t.Errorf("%+v, %v", got, err)
						}
					}
				}
			})
		}
		wg.Wait()
		wantEqual(t, usage(t, w, all)[0].Tokens, int64(writers*each))
		wantError(t, w.db.Sweep(ctx), nil)
		wantEqual(t, usage(t, w, all)[0].Tokens, int64(writers*each))
	})
}
