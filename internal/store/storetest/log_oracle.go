package storetest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// SearchLog is what a store must answer to q where these records, in the order of their commits, are all that the tenant has.
func SearchLog(records []tenant.LogEvent, q tenant.LogQuery) []tenant.LogEvent {
	var found []tenant.LogEvent
	for _, e := range records {
		if q.Where == nil || holds(q.Where, e) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b tenant.LogEvent) int {
		order := cmp.Compare(a.LogID, b.LogID)
		switch q.SortBy {
		case "log_id":
		case "", "date":
			if datesBound(q.Where) {
				order = cmp.Or(a.Date.Compare(b.Date), order)
			}
		default:
			order = cmp.Or(cmp.Compare(textOf(a, q.SortBy), textOf(b, q.SortBy)), order)
		}
		if q.Ascending {
			return order
		}
		return -order
	})
	found = found[min(q.Offset, len(found)):]
	if q.Limit > 0 {
		found = found[:min(q.Limit, len(found))]
	}
	return found
}

func holds(e tenant.LogExpr, r tenant.LogEvent) bool {
	all := func(e tenant.LogExpr) bool { return !holds(e, r) }
	switch e := e.(type) {
	case tenant.LogAnd:
		return !slices.ContainsFunc(e, all)
	case tenant.LogOr:
		return slices.ContainsFunc(e, func(e tenant.LogExpr) bool { return holds(e, r) })
	case tenant.LogNot:
		return !holds(e.Expr, r)
	case tenant.LogMatch:
		if e.Field == "" {
			return slices.ContainsFunc(tenant.LogBareFields(), func(field string) bool {
				return holds(tenant.LogMatch{Field: field, Literals: e.Literals}, r)
			})
		}
		if e.Field == "log_id" && len(e.Literals) > 1 && (len(e.Literals) > 2 || e.Literals[1] != "") {
			return false
		}
		text := textOf(r, e.Field)
		return text != "" && matches(text, e.Literals)
	case tenant.LogRange:
		text := textOf(r, e.Field)
		return text != "" && above(text, e.From) && below(text, e.To)
	case tenant.LogDates:
		return !r.Date.Before(e.From) && (e.Before.IsZero() || r.Date.Before(e.Before))
	}
	return false
}

// matches cuts the literals off, leftmost first; the last must end the text.
func matches(text string, literals []string) bool {
	rest, ok := strings.CutPrefix(text, literals[0])
	if !ok || len(literals) == 1 {
		return ok && rest == ""
	}
	last := len(literals) - 1
	for _, literal := range literals[1:last] {
		_, after, ok := strings.Cut(rest, literal)
		if !ok {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, literals[last])
}

func above(text string, from *tenant.LogBound) bool {
	return from == nil || text > from.Value || text == from.Value && !from.Exclusive
}

func below(text string, to *tenant.LogBound) bool {
	return to == nil || text < to.Value || text == to.Value && !to.Exclusive
}

func datesBound(e tenant.LogExpr) bool {
	all, ok := e.(tenant.LogAnd)
	if !ok {
		dates, ok := e.(tenant.LogDates)
		return ok && dates != tenant.LogDates{}
	}
	return slices.ContainsFunc(all, datesBound)
}

func textOf(e tenant.LogEvent, field string) string {
	pointed := func(text *string) string {
		if text == nil {
			return ""
		}
		return *text
	}
	return map[string]string{
		"client_id": pointed(e.ClientID), "client_name": pointed(e.ClientName), "connection": e.Connection, "connection_id": e.ConnectionID,
		"description": e.Description, "hostname": e.Hostname, "ip": e.IP, "log_id": e.LogID, "organization_id": e.OrganizationID,
		"user_id": e.UserID, "user_name": e.UserName, "user_agent": e.UserAgent, "type": e.Type,
	}[field]
}
