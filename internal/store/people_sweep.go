package store

import (
	"context"
	"fmt"
)

// sweepPeople removes the sessions and codes of operators whose time is over. An installation where none is writes nothing.
func (db *DB) sweepPeople(ctx context.Context) error {
	now := db.now().UnixMilli()
	var expired int
	const look = `SELECT COUNT(*) FROM (SELECT 1 FROM operator_sessions WHERE expires_at <= $1
		UNION ALL SELECT 1 FROM operator_codes WHERE expires_at <= $1) AS expired`
	if err := db.config.reader.QueryRowContext(ctx, look, now).Scan(&expired); err != nil || expired == 0 {
		return dbError(err)
	}
	return db.InTx(ctx, func(tx *Tx) error {
		for _, remove := range []string{
			`DELETE FROM operator_sessions WHERE expires_at <= $1`,
			`DELETE FROM operator_codes WHERE expires_at <= $1`,
		} {
			if _, err := tx.q.ExecContext(ctx, remove, now); err != nil {
				return fmt.Errorf("expired: %w", dbError(err))
			}
		}
		return nil
	})
}
