package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// chunks are how many records one statement inserts, largest first: most of what a record costs is the way into SQLite, not its row.
var chunks = [...]int{64, 16, 4, 1}

// logStatements are parsed once, for the connection that writes the log.
type logStatements struct {
	place   *sql.Stmt
	inserts [len(chunks)]*sql.Stmt

	readQuota, writeQuota, journal *sql.Stmt
}

// takePlace moves the place of the log behind $1 records; its time is $2, unless it was ahead of that.
const takePlace = `UPDATE log_clock SET seq = seq + $1, ms = MAX(ms, $2) WHERE id = 'log' RETURNING seq, ms`

// insertLog passes over a record whose outbox id is already in the log: it was moved before. The first two arguments are for all
// rows: the place of the record before the first, and the time of all.
func insertLog(rows int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO logs (seq, ms, tenant, date, type, client_id, outbox_id, doc) VALUES `)
	for row := range rows {
		if row > 0 {
			b.WriteString(", ")
		}
		n := 3 + row*6
		fmt.Fprintf(&b, "($1 + %d, $2, $%d, $%d, $%d, $%d, $%d, $%d)", row+1, n, n+1, n+2, n+3, n+4, n+5)
	}
	b.WriteString(` ON CONFLICT (outbox_id) WHERE outbox_id IS NOT NULL DO NOTHING`)
	return b.String()
}

// prepare parses the statements; closing the database frees them.
func (s *logStatements) prepare(ctx context.Context, writer *sql.DB) error {
	var err error
	if s.place, err = writer.PrepareContext(ctx, takePlace); err != nil {
		return dbError(err)
	}
	if s.readQuota, err = writer.PrepareContext(ctx, selectQuota); err != nil {
		return dbError(err)
	}
	if s.writeQuota, err = writer.PrepareContext(ctx, upsertQuota); err != nil {
		return dbError(err)
	}
	if s.journal, err = writer.PrepareContext(ctx, `INSERT INTO usage_journal (seq, doc) VALUES ($1, $2)`); err != nil {
		return dbError(err)
	}
	for i, rows := range chunks {
		if s.inserts[i], err = writer.PrepareContext(ctx, insertLog(rows)); err != nil {
			return dbError(err)
		}
	}
	return nil
}

// appendLogs continues where the last batch, of whatever process, ended: log_clock has its place.
func (e *sqliteEngine) appendLogs(ctx context.Context, q querier, now int64, records []*appendLog) error {
	tx, ok := q.(*sql.Tx)
	if !ok {
		return fmt.Errorf("store: appendLogs on SQLite needs a transaction, not a %T", q)
	}
	var at logClock
	if err := tx.StmtContext(ctx, e.log.place).QueryRowContext(ctx, len(records), now).Scan(&at.seq, &at.ms); err != nil {
		return fmt.Errorf("log clock: %w", err)
	}
	at.seq -= int64(len(records))
	if doc := journalOf(records); doc != "" {
		if _, err := tx.StmtContext(ctx, e.log.journal).ExecContext(ctx, at.seq+1, doc); err != nil {
			return fmt.Errorf("usage journal: %w", err)
		}
	}
	args := make([]any, 0, 2+6*chunks[0])
	for i, rows := range chunks {
		for ; len(records) >= rows; records = records[rows:] {
			args = append(args[:0], at.seq, at.ms)
			for _, r := range records[:rows] {
				args = append(args, r.tenant, r.date, r.kind, optional(r.clientID), optional(r.outboxID), r.doc)
			}
			if _, err := tx.StmtContext(ctx, e.log.inserts[i]).ExecContext(ctx, args...); err != nil {
				return err
			}
			at.seq += int64(rows)
		}
	}
	return nil
}
