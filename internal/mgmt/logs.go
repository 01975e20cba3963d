package mgmt

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/writ-auth/writ/internal/eventlog"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// maxSearchResults is how deep a search may be paged; a reader of everything pages by from.
const maxSearchResults = 1000

// searchTimeout bounds one search of a log: a term that no index knows may have to look at millions of records.
const searchTimeout = 10 * time.Second

type logsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	rest.Fields
	Sort string `query:"sort" enum:"date:1 date:-1" doc:"Field to use for sorting appended with :1 for ascending and :-1 for descending. e.g. date:-1"`
	Q    string `query:"q" doc:"Query in Lucene query string syntax: field:value terms joined by AND."`
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
	if err := in.Check(eventlog.ItemFields()); err != nil {
		return logList{}, err
	}
	bounded, cancel := context.WithTimeout(ctx, a.searchTimeout)
	defer cancel()
	list, err := a.searchLogs(bounded, in)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return logList{}, rest.Unavailable(fmt.Errorf("a search of the log took longer than %s: %w", a.searchTimeout, err))
	}
	return list, err
}

func (a *API) searchLogs(ctx context.Context, in logsQuery) (logList, error) {
	if in.Wanted() {
		return a.logsAfter(ctx, in)
	}
	terms, err := eventlog.ParseQuery(in.Q)
	if err != nil {
		return logList{}, rest.InvalidQuery("%s", err.Error())
	}
	logs := a.reader(in.Caller).Logs()
	q := tenant.LogQuery{Terms: terms, Ascending: in.Sort == "date:1", Offset: in.Offset()}
	q.Limit = min(in.Paging.Limit(), maxSearchResults-q.Offset)
	var events []tenant.LogEvent
	if q.Limit > 0 {
		if events, err = logs.Query(ctx, q); err != nil {
			return logList{}, err
		}
	}
	total := 0
	if in.IncludeTotals {
		if total, err = logs.Count(ctx, tenant.LogQuery{Terms: terms}); err != nil {
			return logList{}, err
		}
	}
	items, err := logItems(events, in.Fields)
	return logList{List: rest.NumberedList("logs", items, in.Paging, total).WithLength()}, err
}

var logID = regexp.MustCompile(`^[0-9]{56}$`)

// logsAfter reads on from a record, oldest first; nothing is ever inserted behind a reader. Without records the link stays where it is.
func (a *API) logsAfter(ctx context.Context, in logsQuery) (logList, error) {
	from := in.Position()
	if from != "" && !logID.MatchString(from) {
		return logList{}, rest.InvalidQuery("Query validation error: 'String does not match pattern %s' on property from (Log Event Id from which to start selection from).", logID)
	}
	events, err := a.reader(in.Caller).Logs().After(ctx, from, in.Checkpoint.Limit())
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
	items, err := logItems(events, rest.Fields{})
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
	if !logID.MatchString(in.ID) {
		return eventlog.Item{}, noLog()
	}
	event, err := a.reader(in.Caller).Logs().Get(ctx, in.ID)
	if err != nil {
		return eventlog.Item{}, missing(err, noLog())
	}
	return eventlog.NewItem(event), nil
}

func logItems(events []tenant.LogEvent, fields rest.Fields) ([]rest.Object, error) {
	items := make([]rest.Object, len(events))
	for i, event := range events {
		o, err := rest.NewObject(eventlog.NewItem(event))
		if err != nil {
			return nil, err
		}
		fields.Select(&o)
		items[i] = o
	}
	return items, nil
}
