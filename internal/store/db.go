package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// DB is the store. Safe for concurrent use. Close it.
type DB struct {
	cfg    Config
	config *database // writ.db
	events *database // events.db

	tables    tables
	keys      *keyring
	snapshots *Snapshots
	batcher   *batcher
	changes   changeReader
	health    health

	lastStamp  atomic.Int64  // see stamp
	sweepSoon  chan struct{} // a tenant was deleted: do not wait for the next sweep
	background sync.WaitGroup
	stop       context.CancelFunc // ends the background goroutines
	closeOnce  sync.Once
	closeErr   error
}

// Open opens or creates both files, brings their schema up to date, verifies the master key, moves the outbox's leftovers into
// the log and starts the background work. Errors: ErrNewerSchema, seal.ErrWrongMasterKey, tenant.ErrUnavailable.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db := &DB{cfg: cfg, tables: newTables(), sweepSoon: make(chan struct{}, 1)}
	if db.config, err = openDatabase(cfg.Dir, configFile, cfg.Durability); err != nil {
		return nil, err
	}
	if db.events, err = openDatabase(cfg.Dir, eventsFile, cfg.Durability); err != nil {
		db.config.close()
		return nil, err
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) start(ctx context.Context) error {
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if err := db.verifyMasterKey(ctx); err != nil {
		return err
	}
	var err error
	if db.keys, err = newKeyring(db); err != nil {
		return err
	}
	if db.snapshots, err = newSnapshots(db); err != nil {
		return err
	}
	if db.batcher, err = startBatcher(ctx, db.events.writer, db.cfg.Now); err != nil {
		return err
	}
	if err := db.changes.start(ctx, db.config.reader); err != nil {
		return err
	}
	if err := db.moveLeftovers(ctx, 0); err != nil {
		return err
	}
	run, stop := context.WithCancel(context.Background())
	db.stop = stop
	db.background.Go(func() { db.pollLoop(run) })
	db.background.Go(func() { db.sweepLoop(run) })
	return nil
}

// Close stops the background work, commits what was submitted, and closes both files. What comes later gets
// tenant.ErrUnavailable. Close waits for no transaction that is still running.
func (db *DB) Close() error {
	db.closeOnce.Do(func() {
		if db.stop != nil {
			db.stop()
		}
		db.background.Wait()
		if db.batcher != nil {
			db.batcher.close()
		}
		db.closeErr = errors.Join(db.config.close(), db.events.close())
	})
	return db.closeErr
}

// stamp is now in epoch milliseconds, and never the same twice in a process, so that rows list in the order they were made.
func (db *DB) stamp() int64 {
	for {
		last := db.lastStamp.Load()
		next := max(db.cfg.Now().UnixMilli(), last+1)
		if db.lastStamp.CompareAndSwap(last, next) {
			return next
		}
	}
}

// health remembers the last probe, so that a flood of readiness requests costs one write a second.
type health struct {
	mu      sync.Mutex // guards what follows and lets one probe run at a time
	checked time.Time
	err     error
}

// Ready commits a write to each file. The answer is at most a second old. Errors: tenant.ErrUnavailable.
func (db *DB) Ready(ctx context.Context) error {
	db.health.mu.Lock()
	defer db.health.mu.Unlock()
	now := db.cfg.Now()
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
	if _, err := db.config.writer.ExecContext(ctx, `UPDATE instance SET id = id`); err != nil {
		return fmt.Errorf("%w: write to %s: %w", tenant.ErrUnavailable, configFile, err)
	}
	if err := db.batcher.submit(ctx, probeLog{}); err != nil {
		return fmt.Errorf("%w: write to %s: %w", tenant.ErrUnavailable, eventsFile, err)
	}
	return nil
}
