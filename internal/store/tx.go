package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/tenant"
)

// errReadOnly is a fault of the program: a write outside InTx.
var errReadOnly = errors.New("store: writes need InTx")

// Tx is one transaction on the configuration. Not safe for concurrent use; not to be used after its function returned.
type Tx struct {
	db *DB
	q  querier

	changes []change
	records []tenant.LogEvent        // committed in the outbox, not yet known to be in the log
	keys    map[string]*seal.DataKey // of tenants made in this transaction: known to others only once it has committed
	deleted bool                     // a tenant was deleted: its log waits for the sweeper
}

// InTx runs fn in one transaction on the configuration, alone among writers; it must not call InTx itself. An error or a panic
// of fn rolls back, and fn must return the error of a write that failed: on PostgreSQL it has spoiled the transaction. fn may be
// run again after a serialization failure or a deadlock, so it must change nothing outside the transaction but what it sets anew.
// Once committed, the caches of this process forget what changed, and InTx returns when the transaction's log records are in
// the log. If the log cannot be written then, InTx still succeeds: the records are as durable as the change, and will be moved.
func (db *DB) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	var tx *Tx
	err := retryConflicts(func() error {
		tx = &Tx{db: db, keys: map[string]*seal.DataKey{}}
		return tx.run(ctx, fn)
	})
	db.health.wrote(err)
	if err != nil {
		return err
	}
	db.snapshots.forget(tx.changes)
	db.moveRecords(context.WithoutCancel(ctx), tx.records)
	if tx.deleted {
		wake(db.sweepSoon)
	}
	return nil
}

func (tx *Tx) run(ctx context.Context, fn func(tx *Tx) error) error {
	sqlTx, err := tx.db.config.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", dbError(err))
	}
	defer sqlTx.Rollback() // nothing after a commit
	if err := tx.db.engine.lockWriters(ctx, sqlTx); err != nil {
		return fmt.Errorf("begin: %w", dbError(err))
	}
	tx.q = sqlTx
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.writeChanges(ctx); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", dbError(err))
	}
	return nil
}

// maxAttempts bounds how often a transaction is run that conflicts with others.
const maxAttempts = 5

// retryConflicts runs a transaction again that PostgreSQL rolled back to resolve a conflict.
func retryConflicts(transact func() error) error {
	for attempt := 1; ; attempt++ {
		err := transact()
		if !isConflict(err) || attempt == maxAttempts {
			return err
		}
	}
}

// Tenant is a tenant's part of the store, for reading and writing.
func (tx *Tx) Tenant(name string) Scope { return Scope{db: tx.db, q: tx.q, tx: tx, tenant: name} }

// Tenants is the instance's list of tenants, for reading and writing.
func (tx *Tx) Tenants() Tenants { return Tenants{db: tx.db, q: tx.q, tx: tx} }

// Record puts a log record in the transaction: it is in the log if, and only if, the transaction commits. Each call is one
// record, even if it repeats another.
func (tx *Tx) Record(ctx context.Context, e tenant.LogEvent) error {
	e.OutboxID = tenant.NewOutboxID()
	doc, err := encodeDoc(e)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO outbox (id, tenant, doc, created_at) VALUES ($1, $2, $3, $4)`
	if _, err := tx.q.ExecContext(ctx, insert, e.OutboxID, e.Tenant, doc, tx.db.stamp()); err != nil {
		return fmt.Errorf("outbox: %w", dbError(err))
	}
	tx.records = append(tx.records, e)
	return nil
}

// Tenant is a tenant's part of the store, for reading: writes through it are an error.
func (db *DB) Tenant(name string) Scope { return Scope{db: db, q: db.config.reader, tenant: name} }

// Tenants is the instance's list of tenants, for reading: writes through it are an error.
func (db *DB) Tenants() Tenants { return Tenants{db: db, q: db.config.reader} }
