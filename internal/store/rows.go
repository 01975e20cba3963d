package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/tenant"
)

// Rows is one table of one tenant. Every method may also fail with tenant.ErrUnavailable; writes outside InTx always fail.
type Rows[T any] struct {
	scope Scope
	table *table[T]
}

// Get returns one row. Errors: tenant.ErrNotFound.
func (r Rows[T]) Get(ctx context.Context, id string) (T, error) {
	f, err := r.get(ctx, id)
	return f.row, err
}

// get is Get with the row's place in the order, which says when it was made.
func (r Rows[T]) get(ctx context.Context, id string) (found[T], error) {
	f, err := r.find(ctx, id)
	if err != nil {
		return f, err
	}
	if err := r.table.open(ctx, r.scope, &f); err != nil {
		return f, r.failed(id, err)
	}
	return f, nil
}

// Insert adds a row. Errors: tenant.ErrExists if its id or another unique value is taken; tenant.ErrNotFound if the tenant, or
// a row it points to, is not there.
func (r Rows[T]) Insert(ctx context.Context, row T) error {
	id := r.table.id(&row)
	if r.scope.tx == nil {
		return r.failed(id, errReadOnly)
	}
	values, err := r.table.stored(ctx, r.scope, row)
	if err != nil {
		return r.failed(id, err)
	}
	var rank int64
	if r.table.rank != nil {
		rank = r.table.rank(&row)
	}
	args := append([]any{r.scope.tenant, id}, values...)
	args = append(args, rank, r.scope.db.stamp())
	if _, err := r.scope.q.ExecContext(ctx, r.table.insertSQL, args...); err != nil {
		return r.failed(id, dbError(err))
	}
	if err := r.link(ctx, nil, &row); err != nil {
		return r.failed(id, err)
	}
	r.note(&row)
	return nil
}

// Update replaces a row by what fn makes of it, and returns that. fn must keep the id; its error is returned as it is. Errors:
// tenant.ErrNotFound; tenant.ErrExists if a unique value is taken.
func (r Rows[T]) Update(ctx context.Context, id string, fn func(old T) (T, error)) (T, error) {
	var none T
	if r.scope.tx == nil {
		return none, r.failed(id, errReadOnly)
	}
	old, err := r.Get(ctx, id)
	if err != nil {
		return none, err
	}
	row, err := fn(old)
	if err != nil {
		return none, err
	}
	if got := r.table.id(&row); got != id {
		return none, r.failed(id, fmt.Errorf("store: an update may not change the id to %q", got))
	}
	values, err := r.table.stored(ctx, r.scope, row)
	if err != nil {
		return none, r.failed(id, err)
	}
	args := append([]any{r.scope.tenant, id}, values...)
	if _, err := r.scope.q.ExecContext(ctx, r.table.updateSQL, args...); err != nil {
		return none, r.failed(id, dbError(err))
	}
	if err := r.link(ctx, &old, &row); err != nil {
		return none, r.failed(id, err)
	}
	r.note(&old, &row)
	// Read again, so that the answer has what columns and other rows say (the audience of a grant).
	return r.Get(ctx, id)
}

// Delete removes a row and what hangs on it (see cascades). Errors: tenant.ErrNotFound.
func (r Rows[T]) Delete(ctx context.Context, id string) error {
	if r.scope.tx == nil {
		return r.failed(id, errReadOnly)
	}
	f, err := r.find(ctx, id)
	if err != nil {
		return err
	}
	if err := r.scope.tx.cascade(ctx, r.scope.tenant, r.table.name, id); err != nil {
		return r.failed(id, err)
	}
	if err := r.link(ctx, &f.row, nil); err != nil {
		return r.failed(id, err)
	}
	if _, err := r.scope.q.ExecContext(ctx, r.table.deleteSQL, r.scope.tenant, id); err != nil {
		return r.failed(id, dbError(err))
	}
	r.note(&f.row)
	return nil
}

// note says once which snapshots of the rows are stale.
func (r Rows[T]) note(rows ...*T) {
	if r.table.changed == nil {
		return
	}
	var last change
	for _, row := range rows {
		if c := r.table.changed(r.scope.tenant, row); c != last {
			r.scope.tx.note(c)
			last = c
		}
	}
}

// link follows a change of a row in the other table that its table keeps; see table.link.
func (r Rows[T]) link(ctx context.Context, old, row *T) error {
	if r.table.link == nil {
		return nil
	}
	return r.table.link(ctx, r.scope, old, row)
}

// List returns the rows that q selects, in its order.
func (r Rows[T]) List(ctx context.Context, q Query) ([]T, error) {
	all, err := r.list(ctx, q)
	if err != nil {
		return nil, err
	}
	return r.opened(ctx, all)
}

// Page returns at most q.Limit rows, and the cursor that continues behind them; the zero Cursor says that there are no more.
// Rows that come and go between pages shift nothing: a row that stays is seen once. q.Limit 0 = all on one page.
func (r Rows[T]) Page(ctx context.Context, q Query) (rows []T, next Cursor, err error) {
	limit := q.Limit
	if limit > 0 {
		q.Limit++ // one more, to know whether there is more
	}
	all, err := r.list(ctx, q)
	if err != nil {
		return nil, Cursor{}, err
	}
	if limit > 0 && len(all) > limit {
		all = all[:limit]
		next = all[limit-1].cursor
	}
	rows, err = r.opened(ctx, all)
	return rows, next, err
}

func (r Rows[T]) opened(ctx context.Context, all []found[T]) ([]T, error) {
	rows := make([]T, len(all))
	for i := range all {
		if err := r.table.open(ctx, r.scope, &all[i]); err != nil {
			return nil, r.failed(all[i].cursor.ID, err)
		}
		rows[i] = all[i].row
	}
	return rows, nil
}

// Count counts all rows that q.Where selects, wherever the page is.
func (r Rows[T]) Count(ctx context.Context, q Query) (int, error) {
	where, args, err := r.table.where(r.scope.tenant, Query{Where: q.Where})
	if err != nil {
		return 0, err
	}
	var n int
	err = dbError(r.scope.q.QueryRowContext(ctx, r.table.countSQL+where, args...).Scan(&n))
	if errors.Is(err, tenant.ErrNotFound) { // see list
		return 0, nil
	}
	if err != nil {
		return 0, r.failed("", err)
	}
	return n, nil
}

func (r Rows[T]) list(ctx context.Context, q Query) ([]found[T], error) {
	where, args, err := r.table.where(r.scope.tenant, q)
	if err != nil {
		return nil, err
	}
	order, args := r.table.page(q, args)
	all, err := r.table.read(ctx, r.scope.q, where+order, args...)
	if errors.Is(err, tenant.ErrNotFound) { // a filter's text is one that no row can hold
		return nil, nil
	}
	if err != nil {
		return nil, r.failed("", err)
	}
	return all, nil
}

func (r Rows[T]) find(ctx context.Context, id string) (found[T], error) {
	all, err := r.table.read(ctx, r.scope.q, "t.tenant = $1 AND t."+r.table.idColumn+" = $2", r.scope.tenant, id)
	if err == nil && len(all) == 0 {
		err = tenant.ErrNotFound
	}
	if err != nil {
		return found[T]{}, r.failed(id, err)
	}
	return all[0], nil
}

// failed says where; an empty id is the whole table.
func (r Rows[T]) failed(id string, err error) error {
	if id == "" {
		return fmt.Errorf("%s of tenant %s: %w", r.table.name, r.scope.tenant, err)
	}
	return fmt.Errorf("%s %q of tenant %s: %w", r.table.name, id, r.scope.tenant, err)
}
