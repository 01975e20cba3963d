package store

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// changesKept bounds the changes table. A process that missed more than that forgets all it has cached.
const changesKept = 10_000

// changeKind says which cache a change concerns.
type changeKind string

const (
	changedAll            changeKind = "all" // a tenant was deleted
	changedTenant         changeKind = "tenant"
	changedSettings       changeKind = "settings"
	changedClient         changeKind = "client"          // id: client_id
	changedResourceServer changeKind = "resource_server" // id: identifier; empty = the system's
	changedClientGrant    changeKind = "client_grant"    // id: client_id, empty for a default grant; sub: resource server's id
	changedSigningKeys    changeKind = "signing_keys"
	changedActions        changeKind = "actions"            // which are bound
	changedTraffic        changeKind = "traffic"            // network ACLs and rate limit policies
	changedOrganization   changeKind = "organization"       // id, sub: name
	changedOrgGrant       changeKind = "organization_grant" // id: organization's id; sub: grant's id
)

// change names the snapshots that a commit made stale.
type change struct {
	kind            changeKind
	tenant, id, sub string
}

func (tx *Tx) note(c change) { tx.changes = append(tx.changes, c) }

// writeChanges tells other processes. Its numbers have no gaps: writers are one at a time.
func (tx *Tx) writeChanges(ctx context.Context) error {
	if len(tx.changes) == 0 {
		return nil
	}
	var seq int64
	if err := tx.q.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM changes`).Scan(&seq); err != nil {
		return fmt.Errorf("changes: %w", dbError(err))
	}
	const insert = `INSERT INTO changes (seq, kind, tenant, id, sub) VALUES ($1, $2, $3, $4, $5)`
	for _, c := range tx.changes {
		seq++
		if _, err := tx.q.ExecContext(ctx, insert, seq, string(c.kind), c.tenant, c.id, c.sub); err != nil {
			return fmt.Errorf("changes: %w", dbError(err))
		}
	}
	if _, err := tx.q.ExecContext(ctx, `DELETE FROM changes WHERE seq <= $1`, seq-changesKept); err != nil {
		return fmt.Errorf("changes: %w", dbError(err))
	}
	if err := tx.db.engine.announce(ctx, tx.q); err != nil {
		return fmt.Errorf("changes: %w", dbError(err))
	}
	return nil
}

// changeReader follows the changes table.
type changeReader struct {
	mu   sync.Mutex // guards seen; one reader at a time
	seen int64
}

// start skips what was changed before there was any cache.
func (r *changeReader) start(ctx context.Context, q querier) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := q.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM changes`).Scan(&r.seen); err != nil {
		return fmt.Errorf("changes: %w", dbError(err))
	}
	return nil
}

// next returns what has changed since the last call. missed: the table was trimmed beyond the last change seen.
func (r *changeReader) next(ctx context.Context, q querier) (found []change, missed bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rows, err := q.QueryContext(ctx, `SELECT seq, kind, tenant, id, sub FROM changes WHERE seq > $1 ORDER BY seq`, r.seen)
	if err != nil {
		return nil, false, fmt.Errorf("changes: %w", dbError(err))
	}
	defer rows.Close()
	seen := r.seen
	for rows.Next() {
		var seq int64
		var c change
		if err := rows.Scan(&seq, &c.kind, &c.tenant, &c.id, &c.sub); err != nil {
			return nil, false, fmt.Errorf("changes: %w", dbError(err))
		}
		missed = missed || seq != seen+1
		seen = seq
		found = append(found, c)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("changes: %w", dbError(err))
	}
	r.seen = seen
	return found, missed, nil
}

// Poll forgets, now, what other processes changed, and moves log records that they left behind. The background does both every
// PollInterval, each by itself, and the first also when on PostgreSQL another process announces a change.
func (db *DB) Poll(ctx context.Context) error {
	if err := db.poll(ctx); err != nil {
		return err
	}
	return db.moveLeftovers(ctx, leftoverAge)
}

// CatchUp returns when everything that was committed before the call, by whatever process, is visible to Snapshots. Concurrent
// calls share one look at the database. While it does not answer, the error comes at once. Errors: tenant.ErrUnavailable.
func (db *DB) CatchUp(ctx context.Context) error {
	return db.fresh.since(ctx, time.Now(), db.forgetChanged)
}

// poll is CatchUp, even if that failed a moment ago.
func (db *DB) poll(ctx context.Context) error {
	return db.fresh.look(ctx, time.Now(), db.forgetChanged)
}

// forgetChanged looks at the change sequence once.
func (db *DB) forgetChanged(ctx context.Context) error {
	found, missed, err := db.changes.next(ctx, db.config.reader)
	if err != nil {
		return err
	}
	if missed {
		found = []change{{kind: changedAll}}
	}
	db.snapshots.forget(found)
	return nil
}

func (db *DB) pollLoop(ctx context.Context) {
	db.every(ctx, db.pollSoon, "poll for changes", func() error {
		err := db.poll(ctx)
		if err == nil {
			db.clock.measure(ctx, db.config.reader)
		}
		return err
	})
}

// moveLoop is apart from pollLoop: moving writes, and waits for other writers, while what was revoked must be forgotten in time.
func (db *DB) moveLoop(ctx context.Context) {
	db.every(ctx, nil, "move of log records", func() error { return db.moveLeftovers(ctx, leftoverAge) })
}

// every does something each PollInterval, and whenever soon says so, until ctx ends. Of failures the first is logged, and the end.
func (db *DB) every(ctx context.Context, soon <-chan struct{}, what string, do func() error) {
	ticker := time.NewTicker(db.cfg.PollInterval)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-soon:
		}
		err := do()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			db.cfg.Logger.Error("store: "+what+" failed; trying again", "error", err)
		case err == nil && failing:
			db.cfg.Logger.Info("store: " + what + " works again")
		}
		failing = err != nil
	}
}

// wake asks for a poll, without waiting for it.
func wake(soon chan struct{}) {
	select {
	case soon <- struct{}{}:
	default: // already asked for
	}
}
