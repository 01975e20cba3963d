package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// probeWait is how long a probe waits for its turn to write. Whoever holds it longer is at work, an import for example, and no reason
// to send requests elsewhere.
const probeWait = 500 * time.Millisecond

// health remembers the last probe, so that a flood of readiness requests costs one write a second.
type health struct {
	mu      sync.Mutex // guards what follows and lets one probe run at a time
	checked time.Time
	err     error

	broken atomic.Bool // the last write to the configuration that came to an end failed
}

// wrote learns from a write to the configuration that came to an end.
func (h *health) wrote(err error) {
	if err == nil || errors.Is(err, tenant.ErrUnavailable) && !isBusy(err) {
		h.broken.Store(err != nil)
	}
}

// isBusy reports a write that found another's in its way for too long.
func isBusy(err error) bool { return sqliteBusy(err) || postgresBusy(err) }

// Ready commits a write to the configuration and one to the log. A configuration that others are writing to for longer is ready if
// the last write succeeded and it can be read. The answer is at most a second old. Errors: tenant.ErrUnavailable.
func (db *DB) Ready(ctx context.Context) error {
	db.health.mu.Lock()
	defer db.health.mu.Unlock()
	now := db.now()
	if age := now.Sub(db.health.checked); age >= 0 && age < time.Second {
		return db.health.err
	}
	err := db.probe(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", tenant.ErrUnavailable, ctx.Err()) // says nothing about the store: not remembered
	}
	db.health.checked, db.health.err = now, err
	return err
}

func (db *DB) probe(ctx context.Context) error {
	if err := db.probeConfig(ctx); err != nil {
		return fmt.Errorf("%w: write to %s: %w", tenant.ErrUnavailable, db.config.name, err)
	}
	if err := db.batcher.submit(ctx, probeLog{}); err != nil {
		return fmt.Errorf("%w: write to %s: %w", tenant.ErrUnavailable, db.events.name, err)
	}
	return nil
}

func (db *DB) probeConfig(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	_, err := db.config.writer.ExecContext(bounded, `UPDATE instance SET id = id`)
	if err == nil || bounded.Err() == nil && !isBusy(err) {
		db.health.wrote(unavailable(err))
		return err
	}
	if db.health.broken.Load() {
		return err
	}
	var id string
	return db.config.reader.QueryRowContext(ctx, `SELECT id FROM instance`).Scan(&id)
}
