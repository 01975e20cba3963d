package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/seal"
)

// DB is the store. Safe for concurrent use. Close it.
type DB struct {
	cfg    Config
	engine engine
	config *database
	events *database

	tables      tables
	keys        *keyring
	instanceKey *seal.DataKey // of what belongs to no tenant
	snapshots   *Snapshots
	batcher     *batcher
	changes     changeReader
	fresh       *freshness
	clock       *clock
	health      health

	lastStamp  atomic.Int64  // see stamp
	pollSoon   chan struct{} // another process announced a change: do not wait for the next poll
	sweepSoon  chan struct{} // a tenant was deleted, or the log grew much: do not wait for the next sweep
	foldSoon   chan struct{} // the journal of usage has grown: do not wait for the next sweep
	unfolded   atomic.Int64  // tokens that were issued, for foldSoon
	sweeping   sync.Mutex    // one sweep at a time
	growth     growth
	background sync.WaitGroup
	stop       context.CancelFunc // ends the background goroutines
	closeOnce  sync.Once
	closeErr   error
}

// Open opens the database, or creates it, brings its schema up to date, verifies the master key, moves the outbox's leftovers into
// the log and starts the background work. Errors: ErrNewerSchema, seal.ErrWrongMasterKey, tenant.ErrUnavailable, what is wrong
// with cfg.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	db := &DB{cfg: cfg, tables: newTables(), pollSoon: make(chan struct{}, 1), sweepSoon: make(chan struct{}, 1), foldSoon: make(chan struct{}, 1)}
	if db.engine, err = newEngine(cfg); err != nil {
		return nil, err
	}
	if db.config, db.events, err = db.engine.open(); err != nil {
		return nil, err
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) start(ctx context.Context) error {
	if err := db.compareMasterKey(ctx); err != nil { // before anything is changed
		return err
	}
	if err := db.engine.migrate(ctx, db.config, db.events); err != nil {
		return err
	}
	if err := db.verifyMasterKey(ctx); err != nil {
		return err
	}
	db.clock = newClock(db.engine, db.cfg)
	db.clock.measure(ctx, db.config.reader)
	db.fresh = newFreshness()
	var err error
	if db.keys, err = newKeyring(db); err != nil {
		return err
	}
	if db.snapshots, err = newSnapshots(db); err != nil {
		return err
	}
	db.batcher = startBatcher(db.engine, db.events.writer, db.now, db.cfg.UnderWay, db.fresh.hear)
	if err := db.changes.start(ctx, db.config.reader); err != nil {
		return err
	}
	if err := db.moveLeftovers(ctx, 0); err != nil {
		return err
	}
	run, stop := context.WithCancel(context.Background())
	db.stop = stop
	db.background.Go(func() { db.pollLoop(run) })
	db.background.Go(func() { db.moveLoop(run) })
	db.background.Go(func() { db.sweepLoop(run) })
	db.background.Go(func() { db.foldLoop(run) })
	db.background.Go(func() { db.engine.listen(run, func() { wake(db.pollSoon) }) })
	return nil
}

// now is the time of what is stored: see Config.Now.
func (db *DB) now() time.Time { return db.clock.now() }

// ClockSkew is how far this machine's clock is ahead of the database's, as last measured; 0 on SQLite.
func (db *DB) ClockSkew() time.Duration { return db.clock.skew() }

// Close stops the background work, commits what was submitted, and closes the database. What comes later gets
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
		next := max(db.now().UnixMilli(), last+1)
		if db.lastStamp.CompareAndSwap(last, next) {
			return next
		}
	}
}
