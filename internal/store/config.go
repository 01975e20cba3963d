package store

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/writ-auth/writ/internal/seal"
)

// Values of Config.Durability.
const (
	// DurabilityFull syncs every commit to disk before it is acknowledged: power may fail at any time.
	DurabilityFull = "full"
	// DurabilityRelaxed leaves syncing to the checkpoints: a crash of the process loses nothing, a power failure may lose the
	// last commits.
	DurabilityRelaxed = "relaxed"
)

// Config says where the store lives and how it behaves.
type Config struct {
	// Dir holds writ.db and events.db; made (0700) if absent. Required where Database is empty.
	Dir string
	// Database is the URL of a PostgreSQL database that holds everything instead (postgres://..., see newPostgres for its
	// parameters). Default empty: SQLite in Dir.
	Database string
	// Master seals the tenants' data keys. Required; it must be the one the database was created with.
	Master *seal.Master
	// Durability is DurabilityFull (default) or DurabilityRelaxed. Full on PostgreSQL is what its administrator set.
	Durability string
	// LogRetention is how long log records are kept. Default 30 days.
	LogRetention time.Duration
	// LogMaxBytes is the size of the log, estimated from its records, beyond which records go before their time, those of the tenant
	// that takes most of it first. A database gives the space back when it can, and may take up to three times as much meanwhile.
	// Default 0: no cap.
	LogMaxBytes int64
	// UsageRetention is how long the numbers of issued tokens are kept. Default 400 days.
	UsageRetention time.Duration
	// CacheClients bounds the clients, and as many APIs and grants, that the token path keeps in memory. Default 50,000.
	CacheClients int
	// PollInterval is how often changes made by other processes are looked for. Default 1 s.
	PollInterval time.Duration
	// UnderWay is how many token requests are under way, each of which brings a record: a batch of records waits for some
	// of them, for milliseconds. Default nil: none, no batch waits.
	UnderWay func() int
	// Now is the clock of created_at, log ids, retention and negative answers. Default the database's on PostgreSQL, so that
	// nodes agree on it, and time.Now on SQLite.
	Now func() time.Time
	// Logger gets what nobody waits for: failed sweeps, polls and moves. Default slog.Default().
	Logger *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" && c.Database == "" {
		return c, errors.New("store: neither a directory nor a database")
	}
	if c.Master == nil {
		return c, errors.New("store: no master key")
	}
	switch c.Durability {
	case "":
		c.Durability = DurabilityFull
	case DurabilityFull, DurabilityRelaxed:
	default:
		return c, fmt.Errorf("store: durability %q: want %s or %s", c.Durability, DurabilityFull, DurabilityRelaxed)
	}
	if c.LogRetention <= 0 {
		c.LogRetention = 30 * 24 * time.Hour
	}
	if c.UsageRetention <= 0 {
		c.UsageRetention = 400 * 24 * time.Hour
	}
	if c.CacheClients <= 0 {
		c.CacheClients = 50_000
	}
	if c.PollInterval <= 0 {
		c.PollInterval = time.Second
	}
	if c.UnderWay == nil {
		c.UnderWay = func() int { return 0 }
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}
