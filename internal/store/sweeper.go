package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// sweepEvery is how often the log is looked over.
	sweepEvery = time.Minute
	// sweepBatch bounds the records of one deletion, so that tokens never wait for more than that.
	sweepBatch = 500
	// sizeMargin is how far the log is brought below LogMaxBytes, as a share of it, so that its size is not counted each minute.
	sizeMargin = 20
	// sizeSteps: the log is counted again when it has grown by this share of LogMaxBytes.
	sizeSteps = 50
	// sweepPause lets waiting writers go first.
	sweepPause = 5 * time.Millisecond
	// buryAfter is how long a deleted tenant's log is looked at again: requests in flight may still have added to it.
	buryAfter = time.Hour
)

// Sweep removes, now, the log records that are older than LogRetention, those of deleted tenants, and those beyond LogMaxBytes (see
// sweepSize), all in small batches through the batcher; and the sessions and codes of operators that have expired. The background calls
// it every minute, when a tenant is deleted, and when the log has grown much. Counters go with their time, too: see sweepCounters.
func (db *DB) Sweep(ctx context.Context) error {
	db.sweeping.Lock()
	defer db.sweeping.Unlock()
	if err := db.sweepTombstones(ctx); err != nil {
		return fmt.Errorf("sweep deleted tenants: %w", err)
	}
	if err := db.sweepAge(ctx); err != nil {
		return fmt.Errorf("sweep by age: %w", err)
	}
	if err := db.sweepSize(ctx); err != nil {
		return fmt.Errorf("sweep by size: %w", err)
	}
	if err := db.sweepPeople(ctx); err != nil {
		return fmt.Errorf("sweep of sessions and codes: %w", err)
	}
	if err := db.sweepCounters(ctx); err != nil {
		return fmt.Errorf("sweep of quotas and usage: %w", err)
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
			db.cfg.Logger.Error("store: sweep failed", "error", err)
		}
	}
}

func (db *DB) sweepAge(ctx context.Context) error {
	before := db.now().Add(-db.cfg.LogRetention).UnixMilli()
	_, err := db.removeBatches(ctx, &removeOldest{before: before})
	return err
}

// growth is how much was added to the log since it was last counted.
type growth struct {
	counted atomic.Bool // false = not since this process began, or not to the end
	bytes   atomic.Int64
}

// grew says that a record was added. A log that grows fast is swept soon.
func (db *DB) grew(record *appendLog) {
	limit := db.cfg.LogMaxBytes
	if limit <= 0 {
		return
	}
	size := int64(len(record.doc) + recordOverhead)
	if db.growth.bytes.Add(size) > limit/sizeMargin {
		wake(db.sweepSoon)
	}
}

// sweepSize brings a log that is larger than LogMaxBytes below it. Whoever takes most of it gives first, so that a flood of one
// tenant's records evicts no other's; of a tenant's records the refusals (of tokens, of writes, and by limits) go before what was
// issued or changed, because those are caused by who may do nothing; of each kind the oldest.
func (db *DB) sweepSize(ctx context.Context) error {
	limit := db.cfg.LogMaxBytes
	if limit <= 0 || db.growth.counted.Load() && db.growth.bytes.Load() < limit/sizeSteps {
		return nil
	}
	db.growth.counted.Store(false)
	db.growth.bytes.Store(0)
	var removed int64
	defer func() {
		if removed > 0 {
			db.cfg.Logger.Warn("store: the log was larger than allowed; records were removed before their time",
				"records", removed, "allowed_bytes", limit)
		}
	}()
	for {
		all, err := db.logUsage(ctx)
		if err != nil {
			return err
		}
		total := totalBytes(all)
		if total <= limit {
			break
		}
		// Counted anew after some steps: other processes may be removing, too.
		n, err := db.shrink(ctx, all, max(limit, total-limit/sizeMargin)-limit/sizeMargin)
		removed += n
		if err != nil {
			return err
		}
	}
	db.growth.counted.Store(true)
	return nil
}

// shrink removes records until those that are left take no more than target bytes, and says how many it removed.
func (db *DB) shrink(ctx context.Context, all []usage, target int64) (removed int64, err error) {
	for {
		over := totalBytes(all) - target
		if over <= 0 {
			return removed, nil
		}
		most := 0
		for i := range all {
			if all[i].bytes() > all[most].bytes() {
				most = i
			}
		}
		u := &all[most]
		op := removeTenantLog{tenant: u.tenant, refusals: u.refusals, limit: min(sweepBatch, over/u.each+1)}
		if err := db.batcher.submit(ctx, &op); err != nil {
			return removed, err
		}
		removed += op.removed
		u.records -= op.removed
		if op.removed < op.limit && !u.refusals {
			u.records = 0 // fewer than were counted: another process removes them, too
		}
		if op.removed < op.limit {
			u.refusals = false
		}
		if err := pause(ctx); err != nil {
			return removed, err
		}
	}
}

// sweepTombstones removes the logs and the counters of deleted tenants, and marks those that have been empty for long enough.
func (db *DB) sweepTombstones(ctx context.Context) error {
	graves, err := db.openGraves(ctx)
	if err != nil {
		return err
	}
	for _, g := range graves {
		removed, err := db.removeBatches(ctx, &removeTenantLog{tenant: g.name, limit: sweepBatch})
		if err != nil {
			return err
		}
		for _, remove := range []string{tenantQuotas, tenantUsage} {
			n, err := db.removeBatches(ctx, &removeCounters{statement: remove, argument: g.name})
			if err != nil {
				return err
			}
			removed += n
		}
		if removed > 0 || db.now().Sub(time.UnixMilli(g.deletedAt)) < buryAfter {
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

// removeOldest removes the oldest records, of whatever tenant, that are from before a time in epoch milliseconds. Since time never
// runs back along seq, looking at the oldest few is enough.
type removeOldest struct {
	before  int64
	removed int64
}

func (r *removeOldest) apply(ctx context.Context, w *batch) error {
	const remove = `DELETE FROM logs WHERE seq <= (
		SELECT MAX(seq) FROM (SELECT seq, ms FROM logs ORDER BY seq LIMIT $1) AS oldest WHERE ms < $2)`
	result, err := w.tx.ExecContext(ctx, remove, sweepBatch, r.before)
	if err != nil {
		return err
	}
	r.removed, err = result.RowsAffected()
	return err
}

func (r *removeOldest) count() int64 { return r.removed }

// refusedRecords are the first $2 of a tenant's refusals, oldest first: each kind is read in the index of types, and stops at $2.
const refusedRecords = `SELECT seq FROM (
	SELECT seq FROM (SELECT seq FROM logs WHERE tenant = $1 AND type = '` + tenant.LogTokenRefused + `' AND ` + notIssued + ` ORDER BY seq LIMIT $2) AS tokens
	UNION ALL
	SELECT seq FROM (SELECT seq FROM logs WHERE tenant = $1 AND type = '` + tenant.LogManagementRefused + `' AND ` + notIssued + ` ORDER BY seq LIMIT $2) AS writes
	UNION ALL
	SELECT seq FROM (SELECT seq FROM logs WHERE tenant = $1 AND type = '` + tenant.LogAPILimit + `' AND ` + notIssued + ` ORDER BY seq LIMIT $2) AS limits
) AS refused ORDER BY seq LIMIT $2`

// removeTenantLog removes the oldest records of one tenant, at most limit; of its refusals alone if told so.
type removeTenantLog struct {
	tenant   string
	refusals bool
	limit    int64
	removed  int64
}

func (r *removeTenantLog) apply(ctx context.Context, w *batch) error {
	remove := `DELETE FROM logs WHERE tenant = $1 AND seq IN (SELECT seq FROM logs WHERE tenant = $1 ORDER BY seq LIMIT $2)`
	if r.refusals {
		remove = `DELETE FROM logs WHERE tenant = $1 AND seq IN (` + refusedRecords + `)`
	}
	result, err := w.tx.ExecContext(ctx, remove, r.tenant, r.limit)
	if err != nil {
		return err
	}
	r.removed, err = result.RowsAffected()
	return err
}

func (r *removeTenantLog) count() int64 { return r.removed }
