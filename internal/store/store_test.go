package store_test

import (
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/store/storetest"
)

// TestSQLite runs the specification on SQLite.
func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		return store.Config{Dir: t.TempDir(), Durability: store.DurabilityRelaxed}
	})
}
