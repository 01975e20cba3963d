package mgmt

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// defaultUsageDays and maxUsageDays are how many days are counted, the last one included.
	defaultUsageDays = 30
	maxUsageDays     = 800
	// maxUsageRows bounds what one answer is made of, whatever its page.
	maxUsageRows = 100_000
	// defaultUsagePage is per_page where it is not given.
	defaultUsagePage = 1000
)

type usageQuery struct {
	rest.Caller
	From           string   `query:"from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"First day (UTC) to count, as YYYY-MM-DD. Default: 29 days before to."`
	To             string   `query:"to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Last day (UTC) to count, as YYYY-MM-DD. Default: today."`
	GroupBy        []string `query:"group_by" sep:"," maxItems:"4" enum:"day month client api organization none" doc:"Comma-separated: what tokens are counted by. Default: day. none counts all together."`
	ClientID       *string  `query:"client_id" doc:"Count the tokens of this client only."`
	Audience       *string  `query:"audience" doc:"Count the tokens for this API only, by its identifier."`
	OrganizationID *string  `query:"organization_id" empty:"counts" doc:"Count the tokens for this organization only. Empty: those for none."`
	Format         string   `query:"format" enum:"json csv" doc:"csv answers with comma-separated values (RFC 4180). Default: json."`
	Page           int      `query:"page" min:"0" max:"2147483647" doc:"Page index of the results to return. First page is 0."`
	PerPage        int      `query:"per_page" min:"1" max:"10000" doc:"Number of rows per page. Default value is 1000, maximum value is 10000"`
}

// getUsage counts the tokens that were issued, by day, month, client, API and organization. It knows each token once its caller has it, and
// keeps the numbers longer than the log keeps its records. Tokens for the Management API are counted apart.
func (a *API) getUsage(ctx context.Context, in usageQuery) (usageAnswer, error) {
	q, err := in.query(a.now())
	if err != nil {
		return usageAnswer{}, err
	}
	done, err := a.searchTurn(ctx, in.Call.Tenant)
	if err != nil {
		return usageAnswer{}, err
	}
	defer done()
	all, err := inTime(ctx, a, "Counting took too long. Shorten the time, or count by less.", func(ctx context.Context) ([]tenant.TokenUsage, error) {
		return a.reader(in.Caller).TokenUsage(ctx, q)
	})
	if errors.Is(err, tenant.ErrTooMany) {
		return usageAnswer{}, rest.InvalidQuery("More than %d rows would be counted. Shorten the time, count by less, or name a client_id, audience or organization_id.", maxUsageRows)
	}
	if err != nil {
		return usageAnswer{}, err
	}
	return a.usageAnswer(ctx, in, q, all)
}

// query is what the parameters ask for. Errors: *rest.Error.
func (in usageQuery) query(now time.Time) (tenant.UsageQuery, error) {
	q := tenant.UsageQuery{ClientID: in.ClientID, Audience: in.Audience, OrganizationID: in.OrganizationID, Most: maxUsageRows}
	if q.Audience != nil && *q.Audience == in.Call.ManagementAudience() {
		*q.Audience = ""
	}
	var err error
	if q.By, err = in.groups(); err != nil {
		return q, err
	}
	last := now.UTC().Truncate(24 * time.Hour)
	if in.To != "" {
		if last, err = parseDay("to", in.To); err != nil {
			return q, err
		}
	}
	q.From, q.Before = last.AddDate(0, 0, 1-defaultUsageDays), last.AddDate(0, 0, 1)
	if in.From != "" {
		if q.From, err = parseDay("from", in.From); err != nil {
			return q, err
		}
	}
	switch {
	case q.From.After(last):
		err = rest.InvalidQuery("'from' must not be after 'to'.")
	case q.Before.Sub(q.From) > maxUsageDays*24*time.Hour:
		err = rest.InvalidQuery("At most %d days can be counted at once.", maxUsageDays)
	}
	return q, err
}

// groups are each there once, in the order that the caller gave.
func (in usageQuery) groups() ([]tenant.UsageGroup, error) {
	switch {
	case in.GroupBy == nil:
		return []tenant.UsageGroup{tenant.UsageByDay}, nil
	case slices.Contains(in.GroupBy, "none") && len(in.GroupBy) > 1:
		return nil, rest.InvalidQuery("'group_by' can have none alone only.")
	case slices.Contains(in.GroupBy, "none"):
		return []tenant.UsageGroup{}, nil
	case slices.Contains(in.GroupBy, string(tenant.UsageByDay)) && slices.Contains(in.GroupBy, string(tenant.UsageByMonth)):
		return nil, rest.InvalidQuery("'group_by' can have day or month, not both.")
	}
	var by []tenant.UsageGroup
	for _, g := range in.GroupBy {
		if !slices.Contains(by, tenant.UsageGroup(g)) {
			by = append(by, tenant.UsageGroup(g))
		}
	}
	return by, nil
}

func parseDay(name, value string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return t, rest.InvalidQuery("%q is no date (YYYY-MM-DD) on property %s.", value, name)
	}
	return t, nil
}

// usageAnswer is the page that was asked for, with the names of what stands on it.
func (a *API) usageAnswer(ctx context.Context, in usageQuery, q tenant.UsageQuery, all []tenant.TokenUsage) (usageAnswer, error) {
	limit := in.PerPage
	if limit == 0 {
		limit = defaultUsagePage
	}
	answer := usageAnswer{
		From: q.From.Format(time.DateOnly), To: q.Before.AddDate(0, 0, -1).Format(time.DateOnly), GroupBy: q.By,
		Start: in.Page * limit, Limit: limit, Total: len(all), Usage: []usageRow{},
		csv: in.Format == "csv", tenant: in.Call.Tenant,
	}
	for _, u := range all {
		answer.Tokens += u.Tokens
		answer.ManagementTokens += u.ManagementTokens
	}
	page := all[min(answer.Start, len(all)):min(answer.Start+limit, len(all))]
	names, err := a.usageNames(ctx, in.Caller, q, page)
	if err != nil {
		return answer, err
	}
	for _, u := range page {
		answer.Usage = append(answer.Usage, names.row(q, u))
	}
	answer.Length = len(page)
	return answer, nil
}

// usageNames are the names of clients, APIs and organizations, as far as the token may read them. What is gone has none.
type usageNames struct {
	clients, apis, organizations map[string]string
	managementAudience           string
}

func (a *API) usageNames(ctx context.Context, caller rest.Caller, q tenant.UsageQuery, page []tenant.TokenUsage) (usageNames, error) {
	names := usageNames{managementAudience: caller.Call.ManagementAudience()}
	s := a.reader(caller)
	var err error
	if q.Groups(tenant.UsageByClient) && caller.Principal.HasAny("read:clients", "read:client_keys") {
		names.clients, err = namesOf(ctx, s.Clients(), "client_id", page, func(u tenant.TokenUsage) string { return u.ClientID },
			func(c tenant.Client) (string, string) { return c.ClientID, c.Name })
	}
	if err == nil && q.Groups(tenant.UsageByAPI) && caller.Principal.HasAny("read:resource_servers") {
		names.apis, err = namesOf(ctx, s.ResourceServers(), "identifier", page, func(u tenant.TokenUsage) string { return u.Audience },
			func(rs tenant.ResourceServer) (string, string) { return rs.Identifier, rs.Name })
	}
	if err == nil && q.Groups(tenant.UsageByOrganization) && caller.Principal.HasAny("read:organizations") {
		names.organizations, err = namesOf(ctx, s.Organizations(), "id", page, func(u tenant.TokenUsage) string { return u.OrganizationID },
			func(o tenant.Organization) (string, string) { return o.ID, o.Name })
	}
	return names, err
}

// namesOf reads the rows whose column is a key of the page, some at a time.
func namesOf[T any](
	ctx context.Context, rows store.Rows[T], column string, page []tenant.TokenUsage, key func(tenant.TokenUsage) string, name func(T) (string, string),
) (map[string]string, error) {
	const chunk = 500
	keys := make([]string, 0, len(page))
	for _, u := range page {
		keys = append(keys, key(u))
	}
	slices.Sort(keys)
	names := map[string]string{}
	for some := range slices.Chunk(slices.Compact(keys), chunk) {
		found, err := rows.List(ctx, store.Query{Where: []store.Filter{store.In(column, some...)}})
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			key, name := name(row)
			names[key] = name
		}
	}
	return names, nil
}
