package store

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// A log that grows fast is swept at once, not at the next minute, and the operator hears of it.
func TestFloodIsSweptSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		cfg := testConfig(t)
		cfg.LogMaxBytes, cfg.Logger = 256<<10, slog.New(slog.NewTextHandler(&log, nil))
		db := openTest(t, cfg)
		const flood = 2000
		for range flood {
			if err := db.Append(t.Context(), testEvent(strings.Repeat("x", 200))); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(sweepEvery / 2)
		synctest.Wait()
		if n := logCount(t, db); n > flood/4 || n < flood/20 {
			t.Errorf("%d of %d records are left", n, flood)
		}
		db.Close()
		if !strings.Contains(log.String(), "removed before their time") {
			t.Errorf("the operator's log: %q", log.String())
		}
	})
}

// A process that cannot write for a while still forgets what others change.
func TestPollingWaitsForNoWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig(t)
		other := openTest(t, cfg)
		createTenant(t, other, "acme")
		cfg.PollInterval, cfg.Logger = time.Second, slog.New(slog.DiscardHandler)
		db := openTest(t, cfg)
		if _, err := db.snapshots.Tenant(t.Context(), "acme"); err != nil {
			t.Fatal(err)
		}
		const leftover = `INSERT INTO outbox (id, tenant, doc, created_at) VALUES ('left', 'acme', '{"tenant_name":"acme"}', 0)`
		if _, err := other.config.writer.ExecContext(t.Context(), leftover); err != nil {
			t.Fatal(err)
		}
		busy, err := db.config.writer.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * cfg.PollInterval) // the record is found, and cannot be removed
		if err := other.InTx(t.Context(), func(tx *Tx) error { return tx.Tenants().Delete(t.Context(), "acme") }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * cfg.PollInterval)
		synctest.Wait()
		if _, err := db.snapshots.Tenant(t.Context(), "acme"); !errors.Is(err, tenant.ErrNotFound) {
			t.Errorf("two seconds after another process deleted the tenant: %v, want ErrNotFound", err)
		}
		busy.Close()
		db.Close()
		other.Close()
	})
}
