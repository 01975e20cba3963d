package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// leftoverAge is how old a record in the outbox must be before another than its writer moves it: the writer is about to.
const leftoverAge = 5 * time.Second

// leftoverBatch bounds how many left records are moved at a time.
const leftoverBatch = 500

// moveRecords moves what a transaction just committed. A failure leaves the records where they are, for moveLeftovers.
func (db *DB) moveRecords(ctx context.Context, records []tenant.LogEvent) {
	if err := db.move(ctx, records); err != nil {
		db.cfg.Logger.Error("store: log records of a management write wait in the outbox", "records", len(records), "error", err)
	}
}

// moveLeftovers moves records older than age, which a crash or a full disk left behind.
func (db *DB) moveLeftovers(ctx context.Context, age time.Duration) error {
	for {
		records, err := db.leftovers(ctx, age)
		if err != nil || len(records) == 0 {
			return err
		}
		if err := db.move(ctx, records); err != nil {
			return err
		}
	}
}

func (db *DB) leftovers(ctx context.Context, age time.Duration) ([]tenant.LogEvent, error) {
	query, args := `SELECT id, doc FROM outbox ORDER BY created_at LIMIT $1`, []any{leftoverBatch}
	if age > 0 {
		query = `SELECT id, doc FROM outbox WHERE created_at <= $2 ORDER BY created_at LIMIT $1`
		args = append(args, db.now().Add(-age).UnixMilli())
	}
	rows, err := db.config.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", dbError(err))
	}
	defer rows.Close()
	var records []tenant.LogEvent
	for rows.Next() {
		var e tenant.LogEvent
		var id, doc string
		if err := rows.Scan(&id, &doc); err != nil {
			return nil, fmt.Errorf("outbox: %w", dbError(err))
		}
		if err := decodeDoc(doc, &e); err != nil {
			return nil, fmt.Errorf("outbox %s: %w", id, err)
		}
		e.OutboxID = id
		records = append(records, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("outbox: %w", dbError(err))
	}
	return records, nil
}

// move puts records into the log, in their order, and then removes them from the outbox. A crash in between is harmless: the
// log takes each outbox id once.
func (db *DB) move(ctx context.Context, records []tenant.LogEvent) error {
	if err := db.insertMoved(ctx, records); err != nil {
		return err
	}
	return db.removeMoved(ctx, records)
}

func (db *DB) insertMoved(ctx context.Context, records []tenant.LogEvent) error {
	pending, ops := make([]*submission, 0, len(records)), make([]*appendLog, 0, len(records))
	for _, e := range records {
		op, err := newAppendLog(e)
		if err != nil {
			return err
		}
		s, err := db.batcher.enqueue(ctx, op)
		if err != nil {
			return err
		}
		pending, ops = append(pending, s), append(ops, op)
	}
	for i, s := range pending {
		if err := s.wait(); err != nil {
			return err
		}
		db.grew(ops[i])
	}
	return nil
}

func (db *DB) removeMoved(ctx context.Context, records []tenant.LogEvent) error {
	for chunk := range slices.Chunk(records, leftoverBatch) {
		ids := make([]any, len(chunk))
		for i, e := range chunk {
			ids[i] = e.OutboxID
		}
		remove := `DELETE FROM outbox WHERE id IN (` + marks(1, len(ids)) + `)`
		if _, err := db.config.writer.ExecContext(ctx, remove, ids...); err != nil {
			return fmt.Errorf("outbox: %w", dbError(err))
		}
	}
	return nil
}
