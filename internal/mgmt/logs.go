package mgmt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/eventlog"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// maxSearchResults is how deep a search may be paged; a reader of everything pages by from.
	maxSearchResults = 1000
	// searchTimeout bounds one search of a log: a term that no index knows may have to look at millions of records. It is shorter than what
	// the database itself gives a statement. To wait for its turn a search has as long again.
	searchTimeout = 4 * time.Second
)

const sortDoc = "Field to use for sorting appended with :1 for ascending and :-1 for descending. e.g. date:-1"

type logsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	rest.Fields
	Sort   string `query:"sort" doc:"Field to use for sorting appended with :1 for ascending and :-1 for descending. e.g. date:-1"`
	Q      string `query:"q" doc:"Query in Lucene query string syntax."`
	Search string `query:"search" doc:"Query in Lucene query string syntax, as q; where both are there, both must match."`
}

// logList is a list of log events; by position it is a bare array whose Link header leads on.
type logList struct {
	rest.List
	next string
}

// SetHeader adds the link.
func (l logList) SetHeader(h http.Header) {
	if l.next != "" {
		h.Set("Link", "<"+l.next+`>; rel="next"`)
	}
}

func (a *API) listLogs(ctx context.Context, in logsQuery) (logList, error) {
	if in.Wanted() {
		return a.logsAfter(ctx, in)
	}
	q, err := in.logQuery()
	if err != nil {
		return logList{}, err
	}
	var events []tenant.LogEvent
	if q.Limit > 0 { // not per_page=0
		events, err = a.searchInTurn(ctx, in.Call.Tenant, q)
	}
	if err != nil {
		return logList{}, err
	}
	items, err := logItems(events, in.Caller, in.Fields)
	return logList{List: rest.NumberedList("logs", items, in.Paging, len(items)).WithLength()}, err // total as of Auth0's search engine v3
}

// inSearchTime reads a log, but for no longer than a search may take.
func inSearchTime[T any](ctx context.Context, a *API, read func(ctx context.Context) ([]T, error)) ([]T, error) {
	return inTime(ctx, a, "The search took too long. Narrow it by type, client_id, log_id or date, or read on from a log_id.", read)
}

// inTime reads for no longer than a search may take; advice is what a caller is told whose reading took longer.
func inTime[T any](ctx context.Context, a *API, advice string, read func(ctx context.Context) ([]T, error)) ([]T, error) {
	bounded, cancel := context.WithTimeout(ctx, a.searchTimeout)
	defer cancel()
	found, err := read(bounded)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return nil, rest.TookTooLong(advice, fmt.Errorf("took longer than %s: %w", a.searchTimeout, err))
	}
	return found, err
}

// logQuery is the search that the parameters ask for. Errors: *rest.Error.
func (in logsQuery) logQuery() (tenant.LogQuery, error) {
	none := tenant.LogQuery{}
	if err := in.Check(eventlog.ItemFields()); err != nil {
		return none, err
	}
	offset := in.Offset()
	if offset >= maxSearchResults {
		return none, rest.PageTooDeep(maxSearchResults)
	}
	field, ascending, err := parseSort(in.Sort)
	if err != nil {
		return none, err
	}
	q := tenant.LogQuery{SortBy: field, Ascending: ascending, Offset: offset, Limit: min(in.Paging.Limit(), maxSearchResults-offset)}
	var both tenant.LogAnd
	for _, text := range []string{in.Q, in.Search} {
		expr, err := eventlog.ParseQuery(text)
		if err != nil {
			return none, badLogQuery(err)
		}
		if expr != nil {
			both = append(both, expr)
		}
	}
	switch len(both) {
	case 0:
	case 1:
		q.Where = both[0]
	default:
		q.Where = both
	}
	if !readsUsers(in.Caller) {
		q = eventlog.WithoutUsers(q)
	}
	return q, nil
}

func badLogQuery(err error) error {
	if errors.Is(err, eventlog.ErrQueryTooLong) {
		return rest.URITooLong("Request-URI Too Large: refine the search")
	}
	return rest.InvalidQuery("The search query string has an error: %s.", err)
}

// sortFields are those that may be searched, and details, an object, by which nothing can be ordered: the log's order stays.
func sortFields() []string { return append(tenant.LogSearchFields(), "details") }

// parseSort reads field:1 or field:-1; "" = date:-1.
func parseSort(sort string) (field string, ascending bool, err error) {
	if sort == "" {
		return "date", false, nil
	}
	field, direction, _ := strings.Cut(sort, ":")
	if !slices.Contains(sortFields(), field) || direction != "1" && direction != "-1" {
		pattern := `^((` + strings.Join(sortFields(), ")|(") + `))\:(1|-1)$`
		return "", false, rest.InvalidQuery("Query validation error: 'String does not match pattern %s' on property sort (%s).", pattern, sortDoc)
	}
	if field == "details" {
		field = "date"
	}
	return field, direction == "1", nil
}

// logsAfter reads on from a record, oldest first; nothing is ever inserted behind a reader. Without records the link stays where it is.
func (a *API) logsAfter(ctx context.Context, in logsQuery) (logList, error) {
	from := in.Position()
	if from != "" && !eventlog.IsLogID(from) {
		return logList{}, rest.InvalidQuery("Query validation error: 'String does not match pattern ^900[0-9]{53}$' on property from (Log Event Id from which to start selection from).")
	}
	events, err := inSearchTime(ctx, a, func(ctx context.Context) ([]tenant.LogEvent, error) {
		return a.reader(in.Caller).Logs().After(ctx, from, in.Checkpoint.Limit())
	})
	if err != nil {
		return logList{}, err
	}
	if len(events) > 0 {
		from = events[len(events)-1].LogID
	}
	next := url.Values{"take": {strconv.Itoa(in.Checkpoint.Limit())}}
	if from != "" {
		next.Set("from", from)
	}
	items, err := logItems(events, in.Caller, rest.Fields{})
	return logList{
		List: rest.NumberedList("logs", items, rest.Paging{}, 0),
		next: "https://" + in.Call.Domain + prefix + "/logs?" + next.Encode(),
	}, err
}

type logQuery struct {
	rest.Caller
	ID string `path:"id" doc:"log_id of the log to retrieve."`
}

func (a *API) getLog(ctx context.Context, in logQuery) (eventlog.Item, error) {
	if !eventlog.IsLogID(in.ID) {
		return eventlog.Item{}, noLog()
	}
	event, err := a.reader(in.Caller).Logs().Get(ctx, in.ID)
	if err != nil {
		return eventlog.Item{}, missing(err, noLog())
	}
	return logItem(event, in.Caller), nil
}

// logItem is a record as its reader may see it.
func logItem(event tenant.LogEvent, reader rest.Caller) eventlog.Item {
	if !readsUsers(reader) {
		event = eventlog.HideUser(event)
	}
	return eventlog.NewItem(event)
}

// readsUsers reports whether the token may know the people in the log.
func readsUsers(caller rest.Caller) bool { return caller.Principal.HasAny("read:logs_users") }

func logItems(events []tenant.LogEvent, reader rest.Caller, fields rest.Fields) ([]rest.Object, error) {
	items := make([]rest.Object, len(events))
	for i, event := range events {
		o, err := rest.NewObject(logItem(event, reader))
		if err != nil {
			return nil, err
		}
		fields.Select(&o)
		items[i] = o
	}
	return items, nil
}
