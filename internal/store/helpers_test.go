package store

import (
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/tenant"
)

// testConfig is an empty database whose background work sleeps.
func testConfig(t testing.TB) Config {
	t.Helper()
	master, err := seal.NewMaster(seal.NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	return Config{Dir: t.TempDir(), Master: master, PollInterval: time.Hour, Durability: DurabilityRelaxed}
}

func openTest(t testing.TB, cfg Config) *DB {
	t.Helper()
	db, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func createTenant(t testing.TB, db *DB, name string) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx *Tx) error {
		if err := tx.Tenants().Create(t.Context(), tenant.Tenant{Name: name}); err != nil {
			return err
		}
		return tx.Tenant(name).Settings().Insert(t.Context(), tenant.NewSettings(name))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func testEvent(description string) tenant.LogEvent {
	return tenant.LogEvent{Tenant: "acme", Type: tenant.LogTokenIssued, Description: description,
		Date: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

func logCount(t testing.TB, db *DB) int {
	t.Helper()
	n, err := db.Tenant("acme").Logs().Count(t.Context(), tenant.LogQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func outboxCount(t testing.TB, db *DB) int {
	t.Helper()
	var n int
	if err := db.config.reader.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM outbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
