package store

import "context"

// quotasKept is how long a counter of a quota is kept after the day that it counted began: two days, so that no clock is behind it. In
// milliseconds.
const quotasKept = 2 * quotaDay

// Each removes at most $2 rows. What a client or an organization that is gone had used goes with its day.
const (
	oldQuotas = `DELETE FROM quota_counters WHERE (tenant, kind, id, born) IN (
		SELECT tenant, kind, id, born FROM quota_counters WHERE day < $1 ORDER BY day LIMIT $2)`
	oldUsage = `DELETE FROM token_usage WHERE (tenant, day, client_id, audience, organization_id) IN (
		SELECT tenant, day, client_id, audience, organization_id FROM token_usage WHERE day < $1 ORDER BY day LIMIT $2)`
	tenantQuotas = `DELETE FROM quota_counters WHERE tenant = $1 AND (kind, id, born) IN (
		SELECT kind, id, born FROM quota_counters WHERE tenant = $1 LIMIT $2)`
	tenantUsage = `DELETE FROM token_usage WHERE tenant = $1 AND (day, client_id, audience, organization_id) IN (
		SELECT day, client_id, audience, organization_id FROM token_usage WHERE tenant = $1 LIMIT $2)`
)

// sweepCounters folds the journal of usage, and removes counters of quotas whose day is over and usage that is older than UsageRetention.
func (db *DB) sweepCounters(ctx context.Context) error {
	if err := db.fold(ctx); err != nil {
		return err
	}
	now := db.now()
	for _, old := range []struct {
		look, remove string
		before       int64
	}{
		{`SELECT COUNT(*) FROM (SELECT 1 FROM quota_counters WHERE day < $1 LIMIT 1) AS old`, oldQuotas, now.UnixMilli() - quotasKept},
		{`SELECT COUNT(*) FROM (SELECT 1 FROM token_usage WHERE day < $1 LIMIT 1) AS old`, oldUsage, dayOf(now.Add(-db.cfg.UsageRetention))},
	} {
		var waiting int // an installation where nothing is old writes nothing
		if err := db.events.reader.QueryRowContext(ctx, old.look, old.before).Scan(&waiting); err != nil {
			return dbError(err)
		}
		if waiting == 0 {
			continue
		}
		if _, err := db.removeBatches(ctx, &removeCounters{statement: old.remove, argument: old.before}); err != nil {
			return err
		}
	}
	return nil
}

// foldLoop folds the journal whenever it has grown.
func (db *DB) foldLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-db.foldSoon:
		}
		if err := db.fold(ctx); err != nil && ctx.Err() == nil {
			db.cfg.Logger.Error("store: the journal of usage could not be folded", "error", err)
		}
	}
}

// removeCounters removes at most sweepBatch rows by one of the statements above.
type removeCounters struct {
	statement string
	argument  any
	removed   int64
}

func (r *removeCounters) apply(ctx context.Context, w *batch) error {
	result, err := w.tx.ExecContext(ctx, r.statement, r.argument, sweepBatch)
	if err != nil {
		return err
	}
	r.removed, err = result.RowsAffected()
	return err
}

func (r *removeCounters) count() int64 { return r.removed }
