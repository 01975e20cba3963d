package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/rest"
)

// The statistics are about people: who logged in, who signed up. A token of the client credentials grant is neither, so that a tenant of
// machines alone has no active users and no day with anything to tell, as at Auth0. What was issued is in the log.

func (a *API) countActiveUsers(context.Context, struct{}) (int, error) { return 0, nil }

type dailyStatsQuery struct {
	From string `query:"from" pattern:"^[0-9]{8}$" doc:"Optional first day of the date range (inclusive) in YYYYMMDD format."`
	To   string `query:"to" pattern:"^[0-9]{8}$" doc:"Optional last day of the date range (inclusive) in YYYYMMDD format."`
}

// listDailyStats answers the days with logins or signups between two dates: none.
func (a *API) listDailyStats(_ context.Context, in dailyStatsQuery) ([]struct{}, error) {
	for _, day := range []string{in.From, in.To} {
		if _, err := time.Parse("20060102", day); day != "" && err != nil {
			return nil, rest.InvalidQuery("%q is not a date in YYYYMMDD format.", day)
		}
	}
	if in.From != "" && in.To != "" && in.From > in.To {
		return nil, rest.InvalidQuery("'from' date cannot be greater than 'to' date.")
	}
	return []struct{}{}, nil
}
