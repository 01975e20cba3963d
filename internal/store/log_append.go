package store

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// insertLog passes over a record whose outbox id is already in the log: it was moved before.
const insertLog = `INSERT INTO logs (seq, ms, tenant, date, type, client_id, client_name, description, ip, hostname, user_agent,
	user_id, user_name, connection, connection_id, organization_id, outbox_id, doc)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
	ON CONFLICT (outbox_id) WHERE outbox_id IS NOT NULL DO NOTHING`

// Append adds a record to the log and returns when it is durable. LogID is given by the log, in commit order; Date is kept to
// the millisecond. ctx counts only until the record is queued. Errors: tenant.ErrUnavailable (disk full, store closed).
func (db *DB) Append(ctx context.Context, e tenant.LogEvent) error {
	e.OutboxID = "" // only the outbox's own records have one
	op, err := newAppendLog(e)
	if err != nil {
		return err
	}
	return db.batcher.submit(ctx, op)
}

// appendLog is the operation of a record; it is encoded before it is queued, on the submitter's time.
type appendLog struct {
	event tenant.LogEvent
	doc   string
}

func newAppendLog(e tenant.LogEvent) (*appendLog, error) {
	e.Date = e.Date.UTC().Truncate(time.Millisecond)
	doc, err := encodeDoc(&e)
	if err != nil {
		return nil, err
	}
	return &appendLog{event: e, doc: doc}, nil
}

func (a *appendLog) apply(ctx context.Context, w *batch) error {
	e := &a.event
	_, err := w.insert.ExecContext(ctx, w.clock.seq+1, w.clock.ms, e.Tenant, e.Date.UnixMilli(), e.Type, pointed(e.ClientID),
		pointed(e.ClientName), optional(e.Description), optional(e.IP), optional(e.Hostname), optional(e.UserAgent),
		optional(e.UserID), optional(e.UserName), optional(e.Connection), optional(e.ConnectionID), optional(e.OrganizationID),
		optional(e.OutboxID), a.doc)
	if err != nil {
		return err
	}
	w.clock.seq++
	return nil
}

func pointed(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}
