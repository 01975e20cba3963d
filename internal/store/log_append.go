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
	return nil
}

// appendLog is the operation of a record; it is encoded before it is queued, on the submitter's time.
type appendLog struct {
	event tenant.LogEvent
	doc   string
}

func newAppendLog(e tenant.LogEvent) (*appendLog, error) {
	e.Date = e.Date.UTC().Truncate(time.Millisecond)
	cleanTexts(&e)
	doc, err := encodeDoc(&e)
	if err != nil {
		return nil, err
	}
	return &appendLog{event: e, doc: storable(doc)}, nil
}

// cleanTexts: one record that a database refuses would take its whole batch with it.
func cleanTexts(e *tenant.LogEvent) {
	for _, text := range []*string{&e.Tenant, &e.Type, &e.Description, &e.IP, &e.ClientIP, &e.UserAgent, &e.Hostname, &e.UserID, &e.UserName,
		&e.ConnectionID, &e.Connection, &e.OrganizationID, &e.OrganizationName, &e.Audience, &e.Scope, &e.Auth0Client, &e.EnvironmentName} {
		*text = storable(*text)
	}
	for _, text := range []**string{&e.ClientID, &e.ClientName} {
		if *text != nil { // a copy: the event's is shared with the client's snapshot
			clean := storable(**text)
			*text = &clean
		}
	}
}

// storable is text as every database takes it: UTF-8 without NUL.
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

// values are those of the columns from tenant to doc.
func (a *appendLog) values() []any {
	e := &a.event
	return []any{e.Tenant, e.Date.UnixMilli(), e.Type, pointed(e.ClientID), pointed(e.ClientName), optional(e.Description), optional(e.IP),
		optional(e.Hostname), optional(e.UserAgent), optional(e.UserID), optional(e.UserName), optional(e.Connection),
		optional(e.ConnectionID), optional(e.OrganizationID), optional(e.OutboxID), a.doc}
}

func pointed(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}
