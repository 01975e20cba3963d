package eventlog

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestHideUser(t *testing.T) {
	hide := func(details string) string {
		e := HideUser(tenant.LogEvent{UserID: "operator|1", UserName: "jane@example.com", Type: "sapi", Details: json.RawMessage(details)})
		if e.UserID != "" || e.UserName != "" || e.Type != "sapi" {
			t.Errorf("%+v", e)
		}
		return string(e.Details)
	}
	for rule, c := range map[string][2]string{
		"the user in the details goes": {`{"request":{"auth":{"user":{"email":"jane@example.com"}}}}`, `{"request":{"auth":{"user":{}}}}`},
		"whom a change of people concerned goes": {`{"request":{"auth":{"user":{"email":"jane@example.com"}}},"member":{"email":"joan@example.com"},"diff":{}}`,
			`{"diff":{},"member":{},"request":{"auth":{"user":{}}}}`},
		"details without a user stay in order":  {`{"request":{"method":"get","auth":{"user":{}}},"a":1}`, `{"request":{"method":"get","auth":{"user":{}}},"a":1}`},
		"details of another form stay":          {`{"request":[1]}`, `{"request":[1]}`},
		"a record without details has none yet": {``, ``},
	} {
		if d := cmp.Diff(c[1], hide(c[0])); d != "" {
			t.Errorf("%s: %s", rule, d)
		}
	}
}

func TestWithoutUsers(t *testing.T) {
	for q, want := range map[string]tenant.LogExpr{
		"":                            nil,
		"type:a":                      is("type", "a"),
		"user_name:a":                 tenant.LogOr{},
		"user_id:[a TO b] AND type:a": and(tenant.LogOr{}, is("type", "a")),
		"NOT user_name:a* OR type:a":  or(not(tenant.LogOr{}), is("type", "a")),
		"date:2018":                   span("2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z"),
		"jane":                        or(is("client_name", "jane"), is("connection", "jane"), is("description", "jane"), is("ip", "jane"), is("log_id", "jane"), is("type", "jane")),
		"ip:[a TO b]":                 tenant.LogRange{Field: "ip", From: from("a"), To: from("b")},
	} {
		expr, err := ParseQuery(q)
		if err != nil {
			t.Fatal(err)
		}
		got := WithoutUsers(tenant.LogQuery{Where: expr, SortBy: "user_name"})
		if d := cmp.Diff(tenant.LogQuery{Where: want}, got); d != "" {
			t.Errorf("%s: %s", q, d)
		}
	}
}
