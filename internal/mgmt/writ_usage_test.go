package mgmt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

// issued puts a token of a client on record.
func (e *env) issued(clientID, audience, organizationID string, forManagement bool) {
	e.t.Helper()
	err := e.db.Append(e.t.Context(), tenant.LogEvent{
		Tenant: acme, Date: e.clock(), Type: tenant.LogTokenIssued, ClientID: &clientID, Audience: audience, OrganizationID: organizationID,
		ForManagementAPI: forManagement,
	})
	if err != nil {
		e.t.Fatal(err)
	}
}

// What was issued is told at once, with the names of what is still there, and those only to whom may read them.
func TestUsageIsTold(t *testing.T) {
	w := newMended(t)
	e, client := w.env, w.ids["$client"]
	w.ids["$org"] = e.property(w.send(e.token(acme), "POST /organizations", `{"name":"first"}`), "id")
	e.issued(client, "urn:api", "", false)
	e.issued(client, "urn:api", w.ids["$org"], false)
	e.issued("gone", "urn:gone", "", false)
	e.issued(client, callTo(acme).ManagementAudience(), "", true)
	for _, c := range []struct {
		query, want string
		scopes      []string
	}{
		{"", `[{"day":"2026-11-23","tokens":3,"management_api_tokens":1}]`, nil},
		{"?group_by=month", `[{"month":"2026-11","tokens":3,"management_api_tokens":1}]`, nil},
		{"?group_by=none&client_id=gone", `[{"tokens":1,"management_api_tokens":0}]`, nil},
		{"?group_by=organization&client_id=$client", `[{"tokens":1,"management_api_tokens":1},{"organization_id":"$org","organization_name":"first","tokens":1,"management_api_tokens":0}]`, nil},
		{"?group_by=none&organization_id=&audience=urn:api", `[{"tokens":1,"management_api_tokens":0}]`, nil},
		{"?group_by=none&audience=" + callTo(acme).ManagementAudience(), `[{"tokens":0,"management_api_tokens":1}]`, nil},
		{"?group_by=api&client_id=$client", `[{"audience":"` + callTo(acme).ManagementAudience() + `","api_name":"Auth0 Management API","tokens":0,"management_api_tokens":1},` +
			`{"audience":"urn:api","tokens":2,"management_api_tokens":0}]`, []string{"read:writ_usage"}},
		{"?group_by=client&client_id=$client", `[{"client_id":"$client","client_name":"job","tokens":2,"management_api_tokens":1}]`, nil},
		{"?group_by=client&client_id=$client", `[{"client_id":"$client","tokens":2,"management_api_tokens":1}]`, []string{"read:writ_usage"}},
		{"?group_by=client&client_id=gone", `[{"client_id":"gone","tokens":1,"management_api_tokens":0}]`, nil},
	} {
		status, text := e.ask(acme, e.token(acme, c.scopes...), "GET", "/writ/usage"+w.filled(c.query), "")
		var answer struct{ Usage json.RawMessage }
		if err := json.Unmarshal([]byte(text), &answer); err != nil || status != 200 {
			t.Fatalf("%s: %d %s", c.query, status, text)
		}
		if diff := cmp.Diff(w.filled(c.want), string(answer.Usage)); diff != "" {
			t.Errorf("%s: %s", c.query, diff)
		}
	}
	if _, text := e.ask(other, e.token(other), "GET", "/writ/usage", ""); !strings.Contains(text, `"usage":[]`) {
		t.Errorf("another tenant is told %s", text)
	}
}

// A page is a part of the rows; the sums are of all of them.
func TestUsagePages(t *testing.T) {
	e := newEnv(t)
	for _, id := range []string{"a", "b", "c"} {
		e.issued(id, "urn:api", "", false)
	}
	_, text := e.ask(acme, e.token(acme), "GET", "/writ/usage?group_by=client&per_page=2&page=1", "")
	for _, want := range []string{`"tokens":3,"management_api_tokens":0,"group_by"`, `"start":2,"limit":2,"length":1,"total":3`, `"usage":[{"client_id":"c"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nwant %s", text, want)
		}
	}
	if _, text := e.ask(acme, e.token(acme), "GET", "/writ/usage?group_by=client&per_page=2&page=9", ""); !strings.Contains(text, `"usage":[]`) {
		t.Errorf("behind the last page: %s", text)
	}
}

// Nobody's name is a formula in the spreadsheet of whoever opens the file.
func TestUsageAsCSV(t *testing.T) {
	w := newMended(t)
	e := w.env
	w.send(e.token(acme), "PATCH /clients/$client", `{"name":"=HYPERLINK(\"https://evil.example\",\"a, b\")"}`)
	e.issued(w.ids["$client"], "urn:api", "", false)
	e.issued("-gone", "@urn", "", false)
	_, text := e.ask(acme, e.token(acme), "GET", "/writ/usage?format=csv&group_by=day,client,api", "")
	want := "day,client_id,client_name,audience,api_name,tokens,management_api_tokens\r\n" +
		"2026-11-23,'-gone,,'@urn,,1,0\r\n" +
		"2026-11-23,$client,\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"a, b\"\")\",urn:api,,1,0\r\n"
	if diff := cmp.Diff(w.filled(want), text); diff != "" {
		t.Error(diff)
	}
	for cell, want := range map[string]string{"": "", "a=b": "a=b", "+1": "'+1", "-1": "'-1", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1"} {
		if got := harmless(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}
