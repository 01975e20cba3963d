package store

import (
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// A crash is a handle that stops between two steps and is never asked again; another one is opened on the same files.
func TestOutboxCrash(t *testing.T) {
	for _, c := range []struct {
		rule  string
		moved bool
	}{
		{"before the record was moved", false},
		{"after the record was moved, before it left the outbox", true},
	} {
		t.Run(c.rule, func(t *testing.T) {
			cfg := testConfig(t)
			db := openTest(t, cfg)
			createTenant(t, db, "acme")
			tx := &Tx{db: db}
			if err := tx.run(t.Context(), func(tx *Tx) error { return tx.Record(t.Context(), testEvent("written")) }); err != nil {
				t.Fatal(err)
			}
			if c.moved {
				if err := db.insertMoved(t.Context(), tx.records); err != nil {
					t.Fatal(err)
				}
			}
			if n := outboxCount(t, db); n != 1 {
				t.Fatalf("%d records in the outbox at the crash, want 1", n)
			}
			db.Close()

			again := openTest(t, cfg)
			if n := logCount(t, again); n != 1 {
				t.Errorf("%d records in the log when Open returns, want 1", n)
			}
			if n := outboxCount(t, again); n != 0 {
				t.Errorf("%d records left in the outbox, want none", n)
			}
			found, err := again.Tenant("acme").Logs().Query(t.Context(), tenant.LogQuery{})
			if err != nil {
				t.Fatal(err)
			}
			if len(found) > 0 && found[0].Description != "written" {
				t.Errorf("record %q", found[0].Description)
			}
		})
	}
}
