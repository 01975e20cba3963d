package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// TokenUsage counts the tokens that q selects: of each group that has any, sorted by period, client, audience and organization. What was
// issued before it is called is in it, whatever the log still has. Errors: tenant.ErrTooMany if there are more groups than q.Most;
// tenant.ErrUnavailable.
func (s Scope) TokenUsage(ctx context.Context, q tenant.UsageQuery) ([]tenant.TokenUsage, error) {
	sums := usageSums{q: q, periods: periodsOf(q), groups: map[tenant.TokenUsage]*usageSum{}}
	if err := sums.read(ctx, s.db.events.reader, s.tenant); err != nil {
		return nil, fmt.Errorf("usage of tenant %s: %w", s.tenant, dbError(err))
	}
	if q.Most > 0 && len(sums.groups) > q.Most {
		return nil, fmt.Errorf("usage of tenant %s: more than %d groups: %w", s.tenant, q.Most, tenant.ErrTooMany)
	}
	return sums.sorted(), nil
}

// usageSums adds up totals and journal.
type usageSums struct {
	q tenant.UsageQuery
	// periods are the first days of what is grouped by, in order; nil = the days themselves.
	periods []int64
	groups  map[tenant.TokenUsage]*usageSum // by a group without its sums
}

type usageSum struct{ tokens, management int64 }

// periodsOf are the beginnings of q's months, the first of which may be cut off; one period where q groups by neither.
func periodsOf(q tenant.UsageQuery) []int64 {
	from, before := dayOf(q.From), dayOf(q.Before)
	switch {
	case q.Groups(tenant.UsageByDay):
		return nil
	case !q.Groups(tenant.UsageByMonth):
		return []int64{from}
	}
	var all []int64
	month := time.Date(q.From.Year(), q.From.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; dayOf(month) < before; month = month.AddDate(0, 1, 0) {
		all = append(all, dayOf(month))
	}
	return all
}

func dayOf(t time.Time) int64 { return floorDiv(t.UnixMilli(), usageDay) }

// period is where the period of a day begins.
func (u *usageSums) period(day int64) int64 {
	if u.periods == nil {
		return day
	}
	i, exact := slices.BinarySearch(u.periods, day)
	if exact {
		return u.periods[i]
	}
	return u.periods[max(i-1, 0)]
}

// statement is one, so that nothing is counted twice or missed while the journal is folded. The journal's rows are of all tenants, and few;
// they come whole, in the last column.
func (u *usageSums) statement(tenantName string) (string, []any) {
	args := []any{tenantName, dayOf(u.q.From), dayOf(u.q.Before)}
	bind := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	totals := `SELECT ` + strings.Join(u.columns(bind), ", ") + `, CAST(SUM(CASE WHEN audience = '' THEN 0 ELSE tokens END) AS BIGINT),
			CAST(SUM(CASE WHEN audience = '' THEN tokens ELSE 0 END) AS BIGINT), ''
		FROM token_usage WHERE tenant = $1 AND day >= $2 AND day < $3` + u.conditions(bind) + ` GROUP BY 1, 2, 3, 4`
	if u.q.Most > 0 {
		totals = `SELECT * FROM (` + totals + ` LIMIT ` + bind(u.q.Most+1) + `) AS totals`
	}
	return totals + ` UNION ALL SELECT 0, '', '', '', 0, 0, doc FROM usage_journal`, args
}

func (u *usageSums) read(ctx context.Context, q querier, tenantName string) error {
	statement, args := u.statement(tenantName)
	rows, err := q.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	waiting := map[usageKey]int64{}
	for rows.Next() && ctx.Err() == nil { // which stops SQLite, too
		var day int64
		var group tenant.TokenUsage
		var sum usageSum
		var doc string
		if err := rows.Scan(&day, &group.ClientID, &group.Audience, &group.OrganizationID, &sum.tokens, &sum.management, &doc); err != nil {
			return err
		}
		if doc == "" {
			u.add(day, group, sum)
		} else if err := addJournal(waiting, doc); err != nil {
			return err
		}
	}
	u.addWaiting(tenantName, waiting)
	return errors.Join(ctx.Err(), rows.Err())
}

// columns are day, client, audience and organization, constant where nothing is grouped by them.
func (u *usageSums) columns(bind func(any) string) []string {
	columns := []string{"day", "''", "''", "''"}
	if u.periods != nil {
		var b strings.Builder
		b.WriteString("CASE")
		for i, first := range u.periods[1:] {
			fmt.Fprintf(&b, " WHEN day < %s THEN CAST(%s AS BIGINT)", bind(first), bind(u.periods[i]))
		}
		last := bind(u.periods[len(u.periods)-1])
		fmt.Fprintf(&b, " WHEN day IS NOT NULL THEN CAST(%s AS BIGINT) END", last)
		columns[0] = b.String()
	}
	for i, g := range []tenant.UsageGroup{tenant.UsageByClient, tenant.UsageByAPI, tenant.UsageByOrganization} {
		if u.q.Groups(g) {
			columns[i+1] = []string{"client_id", "audience", "organization_id"}[i]
		}
	}
	return columns
}

func (u *usageSums) conditions(bind func(any) string) string {
	var b strings.Builder
	for i, value := range []*string{u.q.ClientID, u.q.Audience, u.q.OrganizationID} {
		if value != nil {
			fmt.Fprintf(&b, " AND %s = %s", []string{"client_id", "audience", "organization_id"}[i], bind(storable(*value)))
		}
	}
	return b.String()
}

// addWaiting adds what of the journal q selects.
func (u *usageSums) addWaiting(tenantName string, waiting map[usageKey]int64) {
	for key, n := range waiting {
		switch {
		case key.tenant != tenantName, key.day < dayOf(u.q.From), key.day >= dayOf(u.q.Before),
			!wanted(u.q.ClientID, key.client), !wanted(u.q.Audience, key.audience), !wanted(u.q.OrganizationID, key.organizationID):
			continue
		}
		sum := usageSum{tokens: n}
		if key.audience == "" {
			sum = usageSum{management: n}
		}
		var group tenant.TokenUsage
		if u.q.Groups(tenant.UsageByClient) {
			group.ClientID = key.client
		}
		if u.q.Groups(tenant.UsageByAPI) {
			group.Audience = key.audience
		}
		if u.q.Groups(tenant.UsageByOrganization) {
			group.OrganizationID = key.organizationID
		}
		u.add(u.period(key.day), group, sum)
	}
}

func wanted(want *string, got string) bool { return want == nil || storable(*want) == got }

func (u *usageSums) add(day int64, group tenant.TokenUsage, sum usageSum) {
	if u.q.Groups(tenant.UsageByDay) || u.q.Groups(tenant.UsageByMonth) {
		group.Period = time.UnixMilli(day * usageDay).UTC()
	}
	total := u.groups[group]
	if total == nil {
		total = &usageSum{}
		u.groups[group] = total
	}
	total.tokens += sum.tokens
	total.management += sum.management
}

func (u *usageSums) sorted() []tenant.TokenUsage {
	all := make([]tenant.TokenUsage, 0, len(u.groups))
	for group, sum := range u.groups {
		group.Tokens, group.ManagementTokens = sum.tokens, sum.management
		all = append(all, group)
	}
	slices.SortFunc(all, func(a, b tenant.TokenUsage) int {
		return cmp.Or(a.Period.Compare(b.Period), strings.Compare(a.ClientID, b.ClientID), strings.Compare(a.Audience, b.Audience),
			strings.Compare(a.OrganizationID, b.OrganizationID))
	})
	return all
}
