package eventlog

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/writ-auth/writ/internal/tenant"
)

// userFields are those of a record that say who a person is. Auth0: what read:logs_users is for.
func userFields() []string { return []string{"user_id", "user_name"} }

// HideUser is a record without the people in it. details.request.auth.user and details.member become empty objects; other details stay.
func HideUser(e tenant.LogEvent) tenant.LogEvent {
	e.UserID, e.UserName = "", ""
	e.Details = replaced(e.Details, json.RawMessage("{}"), "request", "auth", "user")
	e.Details = replaced(e.Details, json.RawMessage("{}"), "member")
	return e
}

// replaced puts value in place of what path leads to; what is not there stays away.
func replaced(object, value json.RawMessage, path ...string) json.RawMessage {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil || members[path[0]] == nil {
		return object
	}
	if len(path) > 1 {
		value = replaced(members[path[0]], value, path[1:]...)
	}
	if bytes.Equal(members[path[0]], value) {
		return object
	}
	members[path[0]] = value
	text, err := json.Marshal(members)
	if err != nil { // cannot happen: it was JSON
		return nil
	}
	return text
}

// WithoutUsers is the search as one sees it to whom HideUser shows the records: the fields of people are empty. Otherwise guessing could
// find out what is hidden.
func WithoutUsers(q tenant.LogQuery) tenant.LogQuery {
	if slices.Contains(userFields(), q.SortBy) {
		q.SortBy = ""
	}
	if q.Where != nil {
		q.Where = withoutUsers(q.Where)
	}
	return q
}

func withoutUsers(e tenant.LogExpr) tenant.LogExpr {
	switch e := e.(type) {
	case tenant.LogAnd:
		return tenant.LogAnd(withoutUsersIn(e))
	case tenant.LogOr:
		return tenant.LogOr(withoutUsersIn(e))
	case tenant.LogNot:
		return tenant.LogNot{Expr: withoutUsers(e.Expr)}
	case tenant.LogRange:
		if slices.Contains(userFields(), e.Field) {
			return tenant.LogOr{}
		}
	case tenant.LogMatch:
		if slices.Contains(userFields(), e.Field) {
			return tenant.LogOr{}
		}
		if e.Field == "" {
			return bareWithoutUsers(e)
		}
	}
	return e
}

func withoutUsersIn(all []tenant.LogExpr) []tenant.LogExpr {
	seen := make([]tenant.LogExpr, len(all))
	for i, e := range all {
		seen[i] = withoutUsers(e)
	}
	return seen
}

func bareWithoutUsers(m tenant.LogMatch) tenant.LogExpr {
	var any tenant.LogOr
	for _, field := range tenant.LogBareFields() {
		if !slices.Contains(userFields(), field) {
			any = append(any, tenant.LogMatch{Field: field, Literals: m.Literals})
		}
	}
	return any
}
