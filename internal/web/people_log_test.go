package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/writ-auth/writ/internal/testenv"
)

// What people do to people is in the tenant's log, with who did it, from where, and in which request; who made a tenant in the console stands
// at the beginning of its log.
func TestPeopleInTheLog(t *testing.T) {
	c := newConsole(t)
	owner := c.people["owner"]
	var grace string
	for _, m := range list(t, owner.get("tenants/dev/members")) {
		if m["email"] == "grace@example.com" {
			grace = m["id"].(string)
		}
	}
	res := owner.want(owner.call(http.MethodPatch, "tenants/dev/members/"+grace, map[string]any{"role": "viewer_config"}), http.StatusNoContent)
	query := url.Values{"q": {`description:"Change a member's role"`}}.Encode()
	events := list(t, c.env.API(http.MethodGet, "logs?"+query, nil, http.StatusOK))
	if len(events) != 1 {
		t.Fatalf("%d records, want one: %v", len(events), events)
	}
	e := events[0]
	for name, want := range map[string]any{
		"type": "sapi", "user_id": "operator|" + owner.operatorID(), "user_name": "Ada Lovelace", "ip": "127.0.0.1", "hostname": c.env.Tenant.Domain,
	} {
		if e[name] != want {
			t.Errorf("%s is %v, want %v", name, e[name], want)
		}
	}
	if got := e["references"].(map[string]any)["trace_id"]; got != res.Header.Get("X-Auth0-RequestId") {
		t.Errorf("trace_id %v, the answer's is %s", got, res.Header.Get("X-Auth0-RequestId"))
	}

	bearer := owner.want(owner.call(http.MethodPost, "token", map[string]any{"tenant": "acme-production"}), http.StatusOK).JSON(t)["access_token"].(string)
	log := owner.Do(http.MethodGet, owner.address("t/acme-production/api/v2/logs?sort=date:1&per_page=1"), "", "Authorization", "Bearer "+bearer)
	first := list(t, log)[0]
	if first["description"] != "Create a tenant" || first["user_name"] != "Ada Lovelace" {
		t.Errorf("the log begins with %v", first)
	}
}

// list is an answer that is an array of objects.
func list(t *testing.T, res testenv.Response) []map[string]any {
	t.Helper()
	var all []map[string]any
	if err := json.Unmarshal(res.Body, &all); err != nil {
		t.Fatalf("%v: %s", err, res.Body)
	}
	return all
}
