package store

import (
	"context"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Append adds a record to the log and returns when it is durable. LogID is given by the log, in commit order; Date is kept to
// the millisecond, and characters that no database holds (NUL, broken UTF-8) are left out of the texts. ctx counts only until the
// record is queued. Errors: tenant.ErrUnavailable (disk full, database gone, store closed).
func (db *DB) Append(ctx context.Context, e tenant.LogEvent) error {
	e.OutboxID = "" // only the outbox's own records have one
	op, err := newAppendLog(e)
	if err != nil {
		return err
	}
	if err := db.batcher.submit(ctx, op); err != nil {
		return err
	}
	db.grew(op)
	if op.counts && db.unfolded.Add(1)%foldEvery == 0 {
		wake(db.foldSoon)
	}
	return nil
}

// appendLog is the operation of a record, encoded before it is queued, on the submitter's time. Its fields are the columns of
// the log but for the record's place.
type appendLog struct {
	tenant   string
	date     int64 // epoch milliseconds
	kind     string
	clientID string // empty = none, and NULL
	outboxID string // empty = none, and NULL
	doc      string

	counts bool // as a token that was issued
	usage  usageKey
}

func newAppendLog(e tenant.LogEvent) (*appendLog, error) {
	e.Date = e.Date.UTC().Truncate(time.Millisecond)
	doc, err := recordDoc(&e)
	if err != nil {
		return nil, err
	}
	a := &appendLog{tenant: storable(e.Tenant), date: e.Date.UnixMilli(), kind: storable(e.Type), outboxID: e.OutboxID, doc: doc}
	if e.ClientID != nil {
		a.clientID = storable(*e.ClientID)
	}
	a.usage, a.counts = usageOf(&e)
	return a, nil
}

// storable is text as every database takes it: UTF-8 without NUL. One record that a database refuses would take its whole batch with it.
func storable(text string) string {
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return strings.ToValidUTF8(text, "")
}

// apply only gathers: the batch inserts its records together, at its end.
func (a *appendLog) apply(_ context.Context, w *batch) error {
	w.records = append(w.records, a)
	return nil
}
