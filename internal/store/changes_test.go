package store

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestPollerThatFellBehindForgetsAll(t *testing.T) {
	cfg := testConfig(t)
	db, other := openTest(t, cfg), openTest(t, cfg)
	createTenant(t, other, "acme")
	if err := db.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.snapshots.Tenant(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	if err := other.InTx(t.Context(), func(tx *Tx) error { return tx.Tenants().Delete(t.Context(), "acme") }); err != nil {
		t.Fatal(err)
	}
	createTenant(t, other, "later")
	// The change that says so is trimmed before this process polls.
	if _, err := other.config.writer.ExecContext(t.Context(), `DELETE FROM changes WHERE kind = $1`, string(changedAll)); err != nil {
		t.Fatal(err)
	}
	if err := db.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.snapshots.Tenant(t.Context(), "acme"); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("tenant deleted in another process: %v, want ErrNotFound", err)
	}
}

func TestChangesAreTrimmedAtTheOldEnd(t *testing.T) {
	db := openTest(t, testConfig(t))
	createTenant(t, db, "acme")
	if _, err := db.config.writer.ExecContext(t.Context(), `UPDATE changes SET seq = seq + $1`, changesKept); err != nil {
		t.Fatal(err)
	}
	const old = `INSERT INTO changes (seq, kind, tenant, id, sub) VALUES (1, 'tenant', 'acme', '', '')`
	if _, err := db.config.writer.ExecContext(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	createTenant(t, db, "other")
	var oldest, newest int64
	err := db.config.reader.QueryRowContext(t.Context(), `SELECT MIN(seq), MAX(seq) FROM changes`).Scan(&oldest, &newest)
	if err != nil {
		t.Fatal(err)
	}
	if oldest == 1 || newest-oldest >= changesKept {
		t.Errorf("changes %d to %d are kept, want the last %d", oldest, newest, changesKept)
	}
}

// The background polls and sweeps by itself; time is the bubble's.
func TestBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig(t)
		other := openTest(t, cfg)
		createTenant(t, other, "acme")
		cfg.PollInterval, cfg.LogRetention = time.Second, time.Hour
		db := openTest(t, cfg)
		if _, err := db.snapshots.Tenant(t.Context(), "acme"); err != nil {
			t.Fatal(err)
		}
		event := testEvent("old")
		event.Tenant = "other"
		if err := db.Append(t.Context(), event); err != nil {
			t.Fatal(err)
		}
		if err := other.InTx(t.Context(), func(tx *Tx) error { return tx.Tenants().Delete(t.Context(), "acme") }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := db.snapshots.Tenant(t.Context(), "acme"); !errors.Is(err, tenant.ErrNotFound) {
			t.Errorf("two seconds after another process deleted the tenant: %v, want ErrNotFound", err)
		}
		time.Sleep(cfg.LogRetention + 2*sweepEvery)
		synctest.Wait()
		if n, err := db.Tenant("other").Logs().Count(t.Context(), tenant.LogQuery{}); err != nil || n != 0 {
			t.Errorf("%d records past retention, %v; want none", n, err)
		}
		db.Close()
		other.Close()
	})
}
