package mgmt

import (
	"context"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
)

// actionsPage is the paging of the actions service, which differs from all others.
type actionsPage struct {
	Page    int  `query:"page" min:"0" max:"2147483647" doc:"Use this field to request a specific page of the list results."`
	PerPage *int `query:"per_page" min:"0" max:"100" doc:"The maximum number of results to be returned by the server in single response. 20 by default"`
}

const (
	actionsPerPage = 20
	modulesPerPage = 50
)

func (p actionsPage) limit(byDefault int) int {
	if p.PerPage == nil {
		return byDefault
	}
	return *p.PerPage
}

// checkTotals refuses the one parameter of other lists that this service does not know.
func checkTotals(op rest.Operation) error {
	if op.Query.Has("include_totals") {
		return rest.InvalidQuery("Query validation error: 'Additional properties not allowed: include_totals'.")
	}
	return nil
}

// actionRows is one list of the actions service: which rows, and how they look together.
type actionRows[T any] struct {
	rows  store.Rows[T]
	key   string
	where []store.Filter
	views func([]T) (any, error)
}

// protobuf answers as the service does whose JSON is that of protocol buffers: zeros are left out.
func (l actionRows[T]) protobuf(ctx context.Context, p actionsPage) (rest.Object, error) {
	var o rest.Object
	limit := p.limit(actionsPerPage)
	items, total, err := l.read(ctx, p.Page*limit, limit)
	if err != nil {
		return o, err
	}
	if err := o.InsertAfter("", l.key, items); err != nil {
		return o, err
	}
	return o, insertNumbers(&o, false, total, p.Page, limit)
}

// plain answers as the service of modules does, zeros and all. The total of a page behind the last is recorded as 0.
func (l actionRows[T]) plain(ctx context.Context, p actionsPage) (rest.Object, error) {
	var o rest.Object
	limit := p.limit(modulesPerPage)
	items, total, err := l.read(ctx, p.Page*limit, limit)
	if err != nil {
		return o, err
	}
	if err := o.InsertAfter("", l.key, items); err != nil {
		return o, err
	}
	if p.Page*limit >= total {
		total = 0
	}
	return o, insertNumbers(&o, true, total, p.Page, limit)
}

func insertNumbers(o *rest.Object, zeros bool, total, page, perPage int) error {
	for _, number := range []struct {
		name  string
		value int
	}{{"total", total}, {"page", page}, {"per_page", perPage}} {
		if number.value == 0 && !zeros {
			continue
		}
		if err := o.InsertAfter("", number.name, number.value); err != nil {
			return err
		}
	}
	return nil
}

func (l actionRows[T]) read(ctx context.Context, offset, limit int) (items any, total int, err error) {
	if total, err = l.rows.Count(ctx, store.Query{Where: l.where}); err != nil {
		return nil, 0, err
	}
	var rows []T
	if limit > 0 {
		if rows, err = l.rows.List(ctx, store.Query{Where: l.where, Offset: offset, Limit: limit}); err != nil {
			return nil, 0, err
		}
	}
	items, err = l.views(rows)
	return items, total, err
}

// eachView is the views of a list whose rows need nothing of each other.
func eachView[T, V any](view func(T) V) func([]T) (any, error) {
	return func(rows []T) (any, error) {
		views := make([]V, len(rows))
		for i, row := range rows {
			views[i] = view(row)
		}
		return views, nil
	}
}
