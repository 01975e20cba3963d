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
	// Dir holds writ.db and events.db; made (0700) if absent. Required.
	Dir string
	// Master seals the tenants' data keys. Required; it must be the one the database was created with.
	Master *seal.Master
	// Durability is DurabilityFull (default) or DurabilityRelaxed, for both files.
	Durability string
	// LogRetention is how long log records are kept. Default 30 days.
	LogRetention time.Duration
	// LogMaxBytes is the size of the log beyond which its oldest records go, whatever their age. Default 0: no cap.
	LogMaxBytes int64
	// CacheClients bounds the clients, and as many APIs and grants, that the token path keeps in memory. Default 50,000.
	CacheClients int
	// PollInterval is how often changes made by other processes are looked for. Default 1 s.
	PollInterval time.Duration
	// Now is the clock of created_at, log ids, retention and negative answers. Default time.Now.
	Now func() time.Time
	// Logger gets what nobody waits for: failed sweeps, polls and moves. Default slog.Default().
	Logger *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" {
		return c, errors.New("store: no directory")
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
	if c.CacheClients <= 0 {
		c.CacheClients = 50_000
	}
	if c.PollInterval <= 0 {
		c.PollInterval = time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}
