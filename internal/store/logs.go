package store

import (
	"context"
	"fmt"

	"github.com/writ-auth/writ/internal/tenant"
)

// Logs reads one tenant's log. Its methods may also fail with tenant.ErrUnavailable.
type Logs struct {
	q      querier
	engine engine
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

// Query returns the records that q selects, in its order. A condition that no search may have is an error.
func (l Logs) Query(ctx context.Context, q tenant.LogQuery) ([]tenant.LogEvent, error) {
	query, args, err := l.statement(q)
	if err != nil {
		return nil, err
	}
	return l.read(ctx, query, args...)
}

func (l Logs) statement(q tenant.LogQuery) (string, []any, error) {
	search := l.search()
	where, err := search.condition(q.Where)
	if err != nil {
		return "", nil, err
	}
	order, err := search.order(q)
	if err != nil {
		return "", nil, err
	}
	if q.Plain() || q.InLogOrder() && l.engine.stopsReading() {
		return selectLogs + " AND " + where + orderBy(order, q.Ascending) + search.page(q), search.args, nil
	}
	// What must be sorted is sorted without its documents: all but a page of them would be carried for nothing. And where nothing stops a
	// statement that has given a row, all that is searched is searched before the first.
	page := `SELECT seq FROM logs WHERE tenant = $1 AND ` + where + orderBy(order, q.Ascending) + search.page(q)
	if q.InLogOrder() { // or SQLite would walk all of the tenant's records along an index, and pick those of the page
		order = unindexed(order)
	}
	return selectLogs + " AND seq IN (" + page + ")" + orderBy(order, q.Ascending), search.args, nil
}

// Count counts all records that q.Where selects, wherever the page is.
func (l Logs) Count(ctx context.Context, q tenant.LogQuery) (int, error) {
	search := l.search()
	where, err := search.condition(q.Where)
	if err != nil {
		return 0, err
	}
	var n int
	if err := l.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM logs WHERE tenant = $1 AND `+where, search.args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("log of tenant %s: %w", l.tenant, dbError(err))
	}
	return n, nil
}

func (l Logs) search() *logSearch { return &logSearch{engine: l.engine, args: []any{l.tenant}} }

func (l Logs) read(ctx context.Context, query string, args ...any) ([]tenant.LogEvent, error) {
	rows, err := l.q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("log of tenant %s: %w", l.tenant, dbError(err))
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
