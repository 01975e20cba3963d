package mgmt

import (
	"context"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
)

// listing is one list request: which rows, which page, how a row looks.
type listing[T any] struct {
	rows store.Rows[T]
	// key names the list in the answer; with the tenant it names the list that a cursor belongs to.
	key, tenant string
	// of is the id of what the list belongs to; empty = the tenant.
	of    string
	where []store.Filter
	view  func(T) (rest.Object, error)
}

// numbered answers a page by number; the total is counted only if it was asked for.
func (l listing[T]) numbered(ctx context.Context, p rest.Paging) (rest.List, error) {
	var items []rest.Object
	if p.Limit() > 0 {
		rows, err := l.rows.List(ctx, store.Query{Where: l.where, Offset: p.Offset(), Limit: p.Limit()})
		if err != nil {
			return rest.List{}, err
		}
		if items, err = l.views(rows); err != nil {
			return rest.List{}, err
		}
	}
	total := 0
	if p.IncludeTotals {
		var err error
		if total, err = l.rows.Count(ctx, store.Query{Where: l.where}); err != nil {
			return rest.List{}, err
		}
	}
	return rest.NumberedList(l.key, items, p, total), nil
}

// page answers by position where the caller pages so, and by number otherwise.
func (l listing[T]) page(ctx context.Context, p rest.Paging, c rest.Checkpoint) (rest.List, error) {
	if !c.Wanted() {
		return l.numbered(ctx, p)
	}
	return l.positioned(ctx, c)
}

// positioned answers a page by position, the first one where none is named.
func (l listing[T]) positioned(ctx context.Context, c rest.Checkpoint) (rest.List, error) {
	name := l.tenant + "/" + l.key
	if l.of != "" {
		name += "/" + l.of
	}
	q := store.Query{Where: l.where, Limit: c.Limit()}
	if from := c.Position(); from != "" {
		position, err := rest.DecodeCursor(name, from)
		if err != nil {
			return rest.List{}, err
		}
		if q.After, err = store.ParseCursor(position); err != nil {
			return rest.List{}, rest.BadCursor()
		}
	}
	rows, next, err := l.rows.Page(ctx, q)
	if err != nil {
		return rest.List{}, err
	}
	items, err := l.views(rows)
	if err != nil || next.IsZero() {
		return rest.CheckpointList(l.key, items, ""), err
	}
	return rest.CheckpointList(l.key, items, rest.EncodeCursor(name, next.String())), nil
}

func (l listing[T]) views(rows []T) ([]rest.Object, error) {
	items := make([]rest.Object, len(rows))
	for i, row := range rows {
		var err error
		if items[i], err = l.view(row); err != nil {
			return nil, err
		}
	}
	return items, nil
}
