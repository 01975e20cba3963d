package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/eventlog"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// defaultActivity is how far back activity is counted where nobody says from when.
	defaultActivity = 24 * time.Hour
	// maxActivity is the longest time whose activity is counted at once: 31 days, one of which may have 25 hours.
	maxActivity = 31*24*time.Hour + time.Hour
	// maxCounted bounds the records that one answer counts: about what a busy machine reads in half of searchTimeout.
	maxCounted = 100_000
)

type activityQuery struct {
	rest.Caller
	From string `query:"from" doc:"Count from this time on (ISO 8601). Default: 24 hours before to. Hours are counted from here."`
	To   string `query:"to" doc:"Count what was before this time (ISO 8601), at most 31 days after from. Default: now."`
}

// getActivity counts the token requests in the tenant's log: over time, by application, by API, and why some were refused. Of very many, the
// newest are counted, and counted_from says from when on. It is a search, and takes its turn among them.
func (a *API) getActivity(ctx context.Context, in activityQuery) (eventlog.Activity, error) {
	none := eventlog.Activity{}
	from, to, err := in.times(a.now())
	if err != nil {
		return none, err
	}
	done, err := a.searchTurn(ctx, in.Call.Tenant)
	if err != nil {
		return none, err
	}
	defer done()
	counts, err := inSearchTime(ctx, a, func(ctx context.Context) ([]tenant.TokenCount, error) {
		return a.reader(in.Caller).Logs().CountTokens(ctx, from, to, maxCounted)
	})
	if err != nil {
		return none, err
	}
	return eventlog.NewActivity(from, to, counts, maxCounted), nil
}

func (in activityQuery) times(now time.Time) (from, to time.Time, err error) {
	to = now.UTC().Truncate(time.Millisecond)
	if in.To != "" {
		if to, err = parseTime("to", in.To); err != nil {
			return from, to, err
		}
	}
	from = to.Add(-defaultActivity)
	if in.From != "" {
		if from, err = parseTime("from", in.From); err != nil {
			return from, to, err
		}
	}
	switch {
	case !from.Before(to):
		err = rest.InvalidQuery("'from' must be before 'to'.")
	case to.Sub(from) > maxActivity:
		err = rest.InvalidQuery("At most 31 days can be counted at once.")
	}
	return from, to, err
}

// parseTime reads a parameter. Errors: *rest.Error.
func parseTime(name, value string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return t, rest.InvalidQuery("%q is not a date-time in ISO 8601 format on property %s.", value, name)
	}
	return t.UTC().Truncate(time.Millisecond), nil
}
