package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// sessionIdle ends a session that is not used.
	sessionIdle = 12 * time.Hour
	// sessionLife ends every session.
	sessionLife = 7 * 24 * time.Hour
	// seenEvery is how often the use of a session is written down at most.
	seenEvery = time.Minute
	// maxSessions bounds an operator's sessions: one more ends the oldest.
	maxSessions = 50
	// maxUserAgent is how much of a User-Agent is kept, in bytes.
	maxUserAgent = 255
)

// Session is somebody signed in.
type Session struct {
	// ID names the session in lists.
	ID         string
	Operator   Operator
	CreatedAt  time.Time
	LastSeenAt time.Time
	// IP and UserAgent are those of the sign-in.
	IP        string
	UserAgent string
}

// Session is who is signed in with a token, and counts as use of it: a session ends 12 hours after its last use, and 7 days after its
// sign-in. Errors: ErrNoSession.
func (d *Desk) Session(ctx context.Context, token string) (*Session, error) {
	people := d.store.ReadPeople()
	row, err := people.SessionByDigest(ctx, digest(token))
	if err != nil {
		return nil, noSession(err)
	}
	now := d.now()
	if !now.Before(row.ExpiresAt) {
		return nil, ErrNoSession
	}
	operator, err := people.Operator(ctx, row.OperatorID)
	if err != nil {
		return nil, noSession(err)
	}
	if now.Sub(row.LastSeenAt) >= seenEvery {
		row, err = d.seen(ctx, row, now)
	}
	if err != nil {
		return nil, noSession(err)
	}
	s := sessionOf(row, operatorOf(operator))
	return &s, nil
}

// seen writes down that a session is used. A store that cannot write now ends no session by that.
func (d *Desk) seen(ctx context.Context, row tenant.OperatorSession, now time.Time) (tenant.OperatorSession, error) {
	seen := row
	err := d.store.WritePeople(ctx, func(p People) (err error) {
		seen, err = p.UpdateSession(ctx, row.ID, func(old tenant.OperatorSession) (tenant.OperatorSession, error) {
			if now.After(old.LastSeenAt) {
				old.LastSeenAt, old.ExpiresAt = now, expiry(old.CreatedAt, now)
			}
			return old, nil
		})
		return err
	})
	if errors.Is(err, tenant.ErrUnavailable) {
		d.log.WarnContext(ctx, "the use of a session was not written down", "operator", row.OperatorID, "error", err)
		return row, nil
	}
	return seen, err
}

// expiry is when a session ends that is not used again.
func expiry(created, seen time.Time) time.Time {
	idle, life := seen.Add(sessionIdle), created.Add(sessionLife)
	if life.Before(idle) {
		return life
	}
	return idle
}

func sessionOf(row tenant.OperatorSession, o Operator) Session {
	return Session{ID: row.ID, Operator: o, CreatedAt: row.CreatedAt, LastSeenAt: row.LastSeenAt, IP: row.IP, UserAgent: row.UserAgent}
}

// SignOut ends the session of a token; a token that is none is no error.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	err := d.store.WritePeople(ctx, func(p People) error {
		row, err := p.SessionByDigest(ctx, digest(token))
		if err != nil {
			return err
		}
		return p.DeleteSession(ctx, row.OperatorID, row.ID)
	})
	if errors.Is(err, tenant.ErrNotFound) {
		return nil
	}
	return err
}

// Sessions lists where an operator is signed in, newest first.
func (d *Desk) Sessions(ctx context.Context, operatorID string) ([]Session, error) {
	people := d.store.ReadPeople()
	operator, err := people.Operator(ctx, operatorID)
	if err != nil {
		return nil, noSession(err)
	}
	rows, err := people.OperatorSessions(ctx, operatorID)
	if err != nil {
		return nil, err
	}
	list, now := []Session{}, d.now()
	for _, row := range rows {
		if now.Before(row.ExpiresAt) {
			list = append(list, sessionOf(row, operatorOf(operator)))
		}
	}
	return list, nil
}

// RevokeSession ends one of the operator's sessions. Errors: tenant.ErrNotFound.
func (d *Desk) RevokeSession(ctx context.Context, operatorID, id string) error {
	return d.store.WritePeople(ctx, func(p People) error { return p.DeleteSession(ctx, operatorID, id) })
}

// openSession signs an operator in. What was found out about the operator before the transaction must still hold: the password may
// have been changed meanwhile. Errors: ErrWrongCredentials.
func (d *Desk) openSession(ctx context.Context, p People, proven tenant.Operator, from Origin) (token string, err error) {
	now, err := p.Operator(ctx, proven.ID)
	if err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return "", err
	}
	if err != nil || now.Credentials.PasswordHash != proven.Credentials.PasswordHash {
		return "", ErrWrongCredentials
	}
	rows, err := p.OperatorSessions(ctx, proven.ID)
	if err != nil {
		return "", err
	}
	for len(rows) >= maxSessions {
		oldest := rows[len(rows)-1]
		if err := p.DeleteSession(ctx, proven.ID, oldest.ID); err != nil {
			return "", err
		}
		rows = rows[:len(rows)-1]
	}
	fresh := tenant.NewSessionToken().Reveal()
	at := d.now()
	return fresh, p.InsertSession(ctx, tenant.OperatorSession{
		ID: tenant.NewOperatorSessionID(), Digest: digest(fresh), OperatorID: proven.ID, CreatedAt: at, LastSeenAt: at,
		ExpiresAt: expiry(at, at), IP: from.Address.String(), UserAgent: cut(from.UserAgent, maxUserAgent),
	})
}

// cut is at most n bytes of a text, and valid UTF-8.
func cut(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ToValidUTF8(text, "")
}

// noSession says ErrNoSession for what is not there.
func noSession(err error) error {
	if errors.Is(err, tenant.ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrNoSession, err)
	}
	return err
}
