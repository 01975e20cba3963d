package store

import (
	"context"
	"fmt"
	"time"
)

const (
	// sweepEvery is how often the log is looked over.
	sweepEvery = time.Minute
	// sweepBatch bounds the records of one deletion, so that tokens never wait for more than that.
	sweepBatch = 500
	// sweepPause lets waiting writers go first.
	sweepPause = 5 * time.Millisecond
	// buryAfter is how long a deleted tenant's log is looked at again: requests in flight may still have added to it.
	buryAfter = time.Hour
)

// Sweep removes, now, the log records that are older than LogRetention, those beyond LogMaxBytes, oldest first, and those of
// deleted tenants, all in small batches through the batcher. The background calls it every minute, and when a tenant is deleted.
func (db *DB) Sweep(ctx context.Context) error {
	if err := db.sweepTombstones(ctx); err != nil {
		return fmt.Errorf("sweep deleted tenants: %w", err)
	}
	if err := db.sweepAge(ctx); err != nil {
		return fmt.Errorf("sweep by age: %w", err)
	}
	if err := db.sweepSize(ctx); err != nil {
		return fmt.Errorf("sweep by size: %w", err)
	}
	return nil
}

func (db *DB) sweepLoop(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-db.sweepSoon:
		}
		if err := db.Sweep(ctx); err != nil && ctx.Err() == nil {
			db.cfg.Logger.Error("store: sweep of the log failed", "error", err)
		}
	}
}

func (db *DB) sweepAge(ctx context.Context) error {
	before := db.cfg.Now().Add(-db.cfg.LogRetention).UnixMilli()
	_, err := db.removeBatches(ctx, &removeOldest{before: before})
	return err
}

func (db *DB) sweepSize(ctx context.Context) error {
	if db.cfg.LogMaxBytes <= 0 {
		return nil
	}
	for {
		size, err := db.events.bytes(ctx)
		if err != nil || size <= db.cfg.LogMaxBytes {
			return err
		}
		var op removeOldest
		if err := db.batcher.submit(ctx, &op); err != nil || op.removed == 0 {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// sweepTombstones removes the logs of deleted tenants, and marks those that have been empty for long enough.
func (db *DB) sweepTombstones(ctx context.Context) error {
	graves, err := db.openGraves(ctx)
	if err != nil {
		return err
	}
	for _, g := range graves {
		removed, err := db.removeBatches(ctx, &removeTenantLog{tenant: g.name})
		if err != nil {
			return err
		}
		if removed > 0 || db.cfg.Now().Sub(time.UnixMilli(g.deletedAt)) < buryAfter {
			continue
		}
		const closeGrave = `UPDATE tombstones SET log_removed = $2 WHERE name = $1`
		if _, err := db.config.writer.ExecContext(ctx, closeGrave, g.name, true); err != nil {
			return dbError(err)
		}
	}
	return nil
}

type grave struct {
	name      string
	deletedAt int64
}

func (db *DB) openGraves(ctx context.Context) ([]grave, error) {
	rows, err := db.config.reader.QueryContext(ctx, `SELECT name, deleted_at FROM tombstones WHERE log_removed = $1`, false)
	if err != nil {
		return nil, dbError(err)
	}
	defer rows.Close()
	var graves []grave
	for rows.Next() {
		var g grave
		if err := rows.Scan(&g.name, &g.deletedAt); err != nil {
			return nil, dbError(err)
		}
		graves = append(graves, g)
	}
	return graves, dbError(rows.Err())
}

// removal is an operation that removes at most sweepBatch records and says how many it removed.
type removal interface {
	operation
	count() int64
}

// removeBatches repeats a removal until a batch was not full, and says how many records are gone.
func (db *DB) removeBatches(ctx context.Context, op removal) (total int64, err error) {
	for {
		if err := db.batcher.submit(ctx, op); err != nil {
			return total, err
		}
		total += op.count()
		if op.count() < sweepBatch {
			return total, nil
		}
		if err := pause(ctx); err != nil {
			return total, err
		}
	}
}

func pause(ctx context.Context) error {
	timer := time.NewTimer(sweepPause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// removeOldest removes the oldest records, of whatever tenant; before, in epoch milliseconds, spares what is newer, 0 nothing.
// Since time never runs back along seq, looking at the oldest few is enough.
type removeOldest struct {
	before  int64
	removed int64
}

func (r *removeOldest) apply(ctx context.Context, w *batch) error {
	const remove = `DELETE FROM logs WHERE seq <= (
		SELECT MAX(seq) FROM (SELECT seq, ms FROM logs ORDER BY seq LIMIT $1) AS oldest WHERE ms < $2 OR $2 = 0)`
	result, err := w.tx.ExecContext(ctx, remove, sweepBatch, r.before)
	if err != nil {
		return err
	}
	r.removed, err = result.RowsAffected()
	return err
}

func (r *removeOldest) count() int64 { return r.removed }

// removeTenantLog removes records of one tenant.
type removeTenantLog struct {
	tenant  string
	removed int64
}

func (r *removeTenantLog) apply(ctx context.Context, w *batch) error {
	const remove = `DELETE FROM logs WHERE tenant = $1 AND seq IN (SELECT seq FROM logs WHERE tenant = $1 ORDER BY seq LIMIT $2)`
	result, err := w.tx.ExecContext(ctx, remove, r.tenant, sweepBatch)
	if err != nil {
		return err
	}
	r.removed, err = result.RowsAffected()
	return err
}

func (r *removeTenantLog) count() int64 { return r.removed }
