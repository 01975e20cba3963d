package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testOutbox: a management write and its log records commit together, and each record is in the log once.
func testOutbox(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("records are in the log when InTx returns, in their order", func(t *testing.T) {
		w := start(t, newDatabase)
		w.tx(t, func(tx *store.Tx) error {
			for i := range 3 {
				if err := tx.Record(ctx, event(i)); err != nil {
					return err
				}
			}
			return tx.Tenant("acme").Clients().Insert(ctx, client("c-1"))
		})
		got := must(w.db.Tenant("acme").Logs().Query(ctx, tenant.LogQuery{Ascending: true}))(t)
		wantEqual(t, ids(got, description), []string{"event 0", "event 1", "event 2"})
	})
	t.Run("with a change of people, too, or neither", func(t *testing.T) {
		w := start(t, newDatabase)
		join := func(fail error) error {
			return w.peopleError(t, func(p store.People) error {
				return errors.Join(p.InsertOperator(ctx, operator("op_1", "ada@example.com")), p.Record(ctx, event(1)), fail)
			})
		}
		wantError(t, join(tenant.ErrTombstoned), tenant.ErrTombstoned)
		wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), 0)
		wantError(t, join(nil), nil)
		wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), 1)
	})
	t.Run("the same event recorded twice is two records", func(t *testing.T) {
		w := start(t, newDatabase)
		w.tx(t, func(tx *store.Tx) error {
			if err := tx.Record(ctx, event(1)); err != nil {
				return err
			}
			return tx.Record(ctx, event(1))
		})
		wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), 2)
	})
	t.Run("nothing is moved twice, by whatever handle", func(t *testing.T) {
		w := start(t, newDatabase)
		w.tx(t, func(tx *store.Tx) error { return tx.Record(ctx, event(1)) })
		w.clock.advance(time.Minute)
		other := w.open(t)
		wantError(t, other.Poll(ctx), nil)
		wantError(t, w.db.Poll(ctx), nil)
		wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), 1)
	})
}

// testRetention: what is too old goes, and what is too much, oldest first; nothing else.
func testRetention(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("by age", func(t *testing.T) {
		w := start(t, newDatabase, func(cfg *store.Config) { cfg.LogRetention = 24 * time.Hour })
		for i := range 3 {
			wantError(t, w.db.Append(ctx, event(i)), nil)
			w.clock.advance(10 * time.Hour)
		}
		logs := w.db.Tenant("acme").Logs()
		wantError(t, w.db.Sweep(ctx), nil) // now: 30, 20 and 10 hours old
		wantEqual(t, ids(must(logs.Query(ctx, tenant.LogQuery{}))(t), description), []string{"event 2", "event 1"})
		w.clock.advance(240 * time.Hour)
		wantError(t, w.db.Sweep(ctx), nil)
		wantEqual(t, must(logs.Count(ctx, tenant.LogQuery{}))(t), 0)
	})
	t.Run("the default is 30 days", func(t *testing.T) {
		w := start(t, newDatabase)
		wantError(t, w.db.Append(ctx, event(1)), nil)
		for _, c := range []struct {
			after time.Duration
			left  int
		}{{30*24*time.Hour - time.Second, 1}, {2 * time.Second, 0}} {
			w.clock.advance(c.after)
			wantError(t, w.db.Sweep(ctx), nil)
			wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), c.left)
		}
	})
	t.Run("by size, oldest first, in batches", func(t *testing.T) {
		const records = 2000
		w := start(t, newDatabase, func(cfg *store.Config) { cfg.LogMaxBytes = 2 << 20 })
		w.tx(t, func(tx *store.Tx) error {
			for i := range records {
				e := event(i)
				e.UserAgent = fmt.Sprintf("%0500d", i)
				if err := tx.Record(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
		wantError(t, w.db.Sweep(ctx), nil)
		left := must(w.db.Tenant("acme").Logs().Query(ctx, tenant.LogQuery{}))(t)
		if len(left) == 0 || len(left) == records {
			t.Fatalf("%d of %d records left", len(left), records)
		}
		wantEqual(t, left[0].Description, fmt.Sprintf("event %d", records-1))
		wantEqual(t, left[len(left)-1].Description, fmt.Sprintf("event %d", records-len(left)))
	})
	t.Run("by size, one tenant's flood evicts no other's records, and its refusals go before what was issued", func(t *testing.T) {
		testSizeIsFair(t, newDatabase)
	})
	t.Run("by size, a tenant whose records are scattered among a flood's keeps them while the flood goes on", func(t *testing.T) {
		testSizeOfScatteredRecords(t, newDatabase)
	})
}

// record puts n records of a tenant, of about 1,500 bytes each, in the log.
func record(t *testing.T, w *world, tenantName, kind string, n int) {
	t.Helper()
	w.tx(t, func(tx *store.Tx) error {
		for i := range n {
			e := event(i)
			e.Tenant, e.Type, e.UserAgent = tenantName, kind, fmt.Sprintf("%0800d", i)
			if err := tx.Record(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
}

func countOf(t *testing.T, w *world, tenantName, kind string) int {
	t.Helper()
	q := tenant.LogQuery{Where: tenant.LogIs("type", kind)}
	return must(w.db.Tenant(tenantName).Logs().Count(t.Context(), q))(t)
}

func testSizeIsFair(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	w := start(t, newDatabase, func(cfg *store.Config) { cfg.LogMaxBytes = 1 << 20 })
	record(t, w, "other", tenant.LogManagementWritten, 20) // the oldest
	record(t, w, "acme", tenant.LogTokenIssued, 20)
	refusals := []string{tenant.LogTokenRefused, tenant.LogManagementRefused, tenant.LogAPILimit}
	left := func() (n int) {
		for _, kind := range refusals {
			n += countOf(t, w, "acme", kind)
		}
		return n
	}
	for _, kind := range refusals {
		record(t, w, "acme", kind, 1000)
	}
	wantError(t, w.db.Sweep(t.Context()), nil)
	wantEqual(t, countOf(t, w, "other", tenant.LogManagementWritten), 20)
	wantEqual(t, countOf(t, w, "acme", tenant.LogTokenIssued), 20)
	if n := left(); n < 200 || n > 1000 || n != countOf(t, w, "acme", tenant.LogAPILimit) { // which are the newest
		t.Errorf("%d refusals are left in a log of 1 MiB", n)
	}
	// What a tenant floods itself with, it pays for, down to what was issued.
	record(t, w, "acme", tenant.LogTokenIssued, 3000)
	wantError(t, w.db.Sweep(t.Context()), nil)
	wantEqual(t, countOf(t, w, "other", tenant.LogManagementWritten), 20)
	wantEqual(t, left(), 0)
	if left := countOf(t, w, "acme", tenant.LogTokenIssued); left < 200 || left > 1000 {
		t.Errorf("%d issued are left in a log of 1 MiB", left)
	}
}

func testSizeOfScatteredRecords(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	const rounds = 8
	w := start(t, newDatabase, func(cfg *store.Config) { cfg.LogMaxBytes = 1 << 20 })
	for round := range rounds {
		for range 10 {
			record(t, w, "acme", tenant.LogTokenIssued, 2)
			record(t, w, "other", tenant.LogTokenRefused, 30)
		}
		wantError(t, w.db.Sweep(t.Context()), nil)
		wantEqual(t, countOf(t, w, "acme", tenant.LogTokenIssued), 20*(round+1))
	}
	if left := countOf(t, w, "other", tenant.LogTokenRefused); left < 200 {
		t.Errorf("%d refusals are left: more was removed than had to be", left)
	}
}
