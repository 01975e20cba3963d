package store

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const selectSessions = `SELECT doc, digest, operator_id, expires_at FROM operator_sessions`

// SessionByDigest returns the session of a token, expired or not.
func (p People) SessionByDigest(ctx context.Context, digest string) (tenant.OperatorSession, error) {
	s, err := scanSession(p.q.QueryRowContext(ctx, selectSessions+` WHERE digest = $1`, digest))
	return s, peopleError("operator_sessions", err)
}

// OperatorSessions are those of one operator, newest first, expired or not.
func (p People) OperatorSessions(ctx context.Context, operatorID string) ([]tenant.OperatorSession, error) {
	query := selectSessions + ` WHERE operator_id = $1 ORDER BY created_at DESC, id`
	all, err := readAll(ctx, p.q, scanSession, query, operatorID)
	return all, peopleError("operator_sessions", err)
}

// InsertSession adds a session.
func (p People) InsertSession(ctx context.Context, s tenant.OperatorSession) error {
	doc, err := encodeDoc(s)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO operator_sessions (id, digest, operator_id, doc, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)`
	return p.write(ctx, "operator_sessions", insert, s.ID, s.Digest, s.OperatorID, doc, s.ExpiresAt.UnixMilli(), s.CreatedAt.UnixMilli())
}

// UpdateSession replaces a session by what fn makes of it, and returns that; whose it is, and of which token, stays. fn's error is
// returned as it is.
func (p People) UpdateSession(
	ctx context.Context, id string, fn func(old tenant.OperatorSession) (tenant.OperatorSession, error),
) (tenant.OperatorSession, error) {
	old, err := scanSession(p.q.QueryRowContext(ctx, selectSessions+` WHERE id = $1`, id))
	if err != nil {
		return old, peopleError("operator_sessions", err)
	}
	s, err := fn(old)
	if err != nil {
		return old, err
	}
	s.ID, s.Digest, s.OperatorID = old.ID, old.Digest, old.OperatorID
	doc, err := encodeDoc(s)
	if err != nil {
		return old, err
	}
	const update = `UPDATE operator_sessions SET doc = $2, expires_at = $3 WHERE id = $1`
	return s, p.write(ctx, "operator_sessions", update, id, doc, s.ExpiresAt.UnixMilli())
}

// DeleteSession ends a session of this operator.
func (p People) DeleteSession(ctx context.Context, operatorID, id string) error {
	return p.writeOne(ctx, "operator_sessions", `DELETE FROM operator_sessions WHERE operator_id = $1 AND id = $2`, operatorID, id)
}

// DeleteSessions ends all of an operator's sessions but one; an empty id spares none.
func (p People) DeleteSessions(ctx context.Context, operatorID, exceptID string) error {
	return p.write(ctx, "operator_sessions", `DELETE FROM operator_sessions WHERE operator_id = $1 AND id <> $2`, operatorID, exceptID)
}

func scanSession(row scanner) (tenant.OperatorSession, error) {
	var s tenant.OperatorSession
	var expires int64
	err := row.Scan(docColumn{&s}, &s.Digest, &s.OperatorID, &expires)
	s.ExpiresAt = time.UnixMilli(expires).UTC()
	return s, err
}
