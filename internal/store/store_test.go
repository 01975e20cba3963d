package store_test

import (
	"log/slog"
	"os"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestSQLite runs the specification on SQLite.
func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		return store.Config{Dir: t.TempDir(), Durability: store.DurabilityRelaxed}
	})
}

// TestPostgreSQL runs the specification on PostgreSQL. Nothing is announced, so that its chapters decide when a process polls.
func TestPostgreSQL(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		return store.Config{Database: pgtest.URL(t) + "&writ_listen=off", Durability: store.DurabilityRelaxed,
			Logger: slog.New(slog.DiscardHandler)} // its clocks are invented, and every handle would warn of them
	})
}
