package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Logs reads one tenant's log. Its methods may also fail with tenant.ErrUnavailable.
type Logs struct {
	q      querier
	tenant string
}

const selectLogs = `SELECT seq, ms, doc FROM logs WHERE tenant = $1`

// Get returns one record. Errors: tenant.ErrNotFound, also for an id that is none.
func (l Logs) Get(ctx context.Context, logID string) (tenant.LogEvent, error) {
	at, err := parseLogID(logID)
	if err != nil {
		return tenant.LogEvent{}, err
	}
	found, err := l.read(ctx, selectLogs+` AND seq = $2 AND ms = $3`, l.tenant, at.seq, at.ms)
	if err != nil {
		return tenant.LogEvent{}, err
	}
	if len(found) == 0 {
		return tenant.LogEvent{}, fmt.Errorf("log %s of tenant %s: %w", logID, l.tenant, tenant.ErrNotFound)
	}
	return found[0], nil
}

// After returns, oldest first, at most take records that are strictly newer than logID; "" = from the oldest. A record that is
// gone still marks its place. Errors: tenant.ErrNotFound for an id that is none.
func (l Logs) After(ctx context.Context, logID string, take int) ([]tenant.LogEvent, error) {
	var at logClock
	if logID != "" {
		var err error
		if at, err = parseLogID(logID); err != nil {
			return nil, err
		}
	}
	return l.read(ctx, selectLogs+` AND seq > $2 ORDER BY seq LIMIT $3`, l.tenant, at.seq, take)
}

// Query returns the records that q selects, in the log's order: newest first unless q.Ascending. q.Limit 0 = no bound. A field
// that no search may name is an error; one that no record of a machine fills matches nothing.
func (l Logs) Query(ctx context.Context, q tenant.LogQuery) ([]tenant.LogEvent, error) {
	where, args, err := l.conditions(q.Terms)
	if err != nil {
		return nil, err
	}
	order := "DESC"
	if q.Ascending {
		order = "ASC"
	}
	limit := int64(math.MaxInt64)
	if q.Limit > 0 {
		limit = int64(q.Limit)
	}
	n := len(args)
	query := fmt.Sprintf("%s%s ORDER BY seq %s LIMIT $%d OFFSET $%d", selectLogs, where, order, n+1, n+2)
	return l.read(ctx, query, append(args, limit, q.Offset)...)
}

// Count counts all records that q.Terms select.
func (l Logs) Count(ctx context.Context, q tenant.LogQuery) (int, error) {
	where, args, err := l.conditions(q.Terms)
	if err != nil {
		return 0, err
	}
	var n int
	err = dbError(l.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM logs WHERE tenant = $1`+where, args...).Scan(&n))
	if errors.Is(err, tenant.ErrNotFound) { // see read
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("log of tenant %s: %w", l.tenant, err)
	}
	return n, nil
}

// conditions follow "tenant = $1".
func (l Logs) conditions(terms []tenant.LogTerm) (string, []any, error) {
	var b strings.Builder
	args := []any{l.tenant}
	for _, term := range terms {
		condition, values, err := logCondition(term, len(args)+1)
		if err != nil {
			return "", nil, err
		}
		b.WriteString(" AND " + condition)
		args = append(args, values...)
	}
	return b.String(), args, nil
}

// logCondition is the SQL of one field:value, its arguments numbered from next.
func logCondition(term tenant.LogTerm, next int) (string, []any, error) {
	const nothing = "1 = 0"
	switch term.Field {
	case "type", "client_id", "client_name", "description", "ip", "hostname", "user_agent", "user_id", "user_name",
		"connection", "connection_id", "organization_id":
		return fmt.Sprintf("%s = $%d", term.Field, next), []any{term.Value}, nil
	case "log_id":
		at, err := parseLogID(term.Value)
		if err != nil {
			return nothing, nil, nil
		}
		return fmt.Sprintf("seq = $%d AND ms = $%d", next, next+1), []any{at.seq, at.ms}, nil
	case "date":
		at, err := time.Parse(time.RFC3339, term.Value)
		if err != nil {
			return nothing, nil, nil
		}
		return fmt.Sprintf("date = $%d", next), []any{at.UnixMilli()}, nil
	case "strategy", "strategy_type":
		return nothing, nil, nil // of human login
	}
	return "", nil, fmt.Errorf("store: the log cannot be searched by %q", term.Field)
}

func (l Logs) read(ctx context.Context, query string, args ...any) ([]tenant.LogEvent, error) {
	rows, err := l.q.QueryContext(ctx, query, args...)
	if err = dbError(err); errors.Is(err, tenant.ErrNotFound) { // a term's text is one that no record can hold
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("log of tenant %s: %w", l.tenant, err)
	}
	defer rows.Close()
	var found []tenant.LogEvent
	for rows.Next() {
		var at logClock
		var e tenant.LogEvent
		if err := rows.Scan(&at.seq, &at.ms, docColumn{&e}); err != nil {
			return nil, fmt.Errorf("log of tenant %s: %w", l.tenant, dbError(err))
		}
		e.LogID = at.String()
		found = append(found, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("log of tenant %s: %w", l.tenant, dbError(err))
	}
	return found, nil
}
