package mgmt

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// join makes an operator a member of a tenant and returns a bearer with the role's scopes.
func (e *env) join(id, name string, role tenant.Role) string {
	e.t.Helper()
	e.operators[[2]string{id, name}] = tenant.Member{ID: id, Email: "ada@example.com", Name: "Ada Lovelace", Role: role}
	return e.operatorToken(id, name, role.Scopes(scopeValues(Scopes()))...)
}

func (e *env) operatorToken(id, name string, scopes ...string) string {
	e.t.Helper()
	token, err := e.signer.OperatorToken(e.t.Context(), callTo(name).Site, id, scopes)
	if err != nil {
		e.t.Fatal(err)
	}
	return token.Value.Reveal()
}

// An operator's bearer opens what the role allows now, of the tenant that it was issued for, and nothing else.
func TestOperatorBearer(t *testing.T) {
	e := newEnv(t)
	const ada = "op_ada"
	owner := e.join(ada, acme, tenant.RoleOwner)
	viewer := e.join("op_viewer", acme, tenant.RoleViewerConfig)
	greedy := e.operatorToken("op_viewer", acme, scopeValues(Scopes())...)
	console := tenant.Client{ClientID: tenant.ConsoleClientID}
	tests := []struct {
		rule, tenant, token, method, path, body string
		status                                  int
	}{
		{"an owner reads", acme, owner, "GET", "/clients", "", 200},
		{"and writes", acme, owner, "POST", "/clients", `{"name":"x"}`, 201},
		{"a viewer reads", acme, viewer, "GET", "/clients", "", 200},
		{"and no more", acme, viewer, "POST", "/clients", `{"name":"x"}`, 403},
		{"a token with more scopes than the role has is worth the role", acme, greedy, "POST", "/clients", `{"name":"x"}`, 403},
		{"fewer scopes than the role has are fewer", acme, e.operatorToken(ada, acme, "read:logs"), "GET", "/clients", "", 403},
		{"another tenant's bearer, though she is a member there", other, owner, "GET", "/clients", "", 401},
		{"who is no member", acme, e.operatorToken("op_nobody", acme, "read:clients"), "GET", "/clients", "", 401},
		{"a client's subject is no operator, whatever its azp", acme,
			e.tokenWith(func(a *oauth.Authorization) { a.Client = &console }, acme), "GET", "/clients", "", 401},
	}
	e.join(ada, other, tenant.RoleOwner)
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			if status, text := e.ask(tt.tenant, tt.token, tt.method, tt.path, tt.body); status != tt.status {
				t.Errorf("%d %s", status, text)
			}
		})
	}
}

// A network ACL that shuts everybody out shuts out clients and strangers: a person can take it back.
func TestOperatorsAreNotBoundByNetworkACLs(t *testing.T) {
	e := newEnv(t)
	owner := e.join("op_ada", acme, tenant.RoleOwner)
	status, text := e.ask(acme, owner, "POST", "/network-acls", `{"description":"wall","active":true,"priority":1,
		"rule":{"match":{"ipv4_cidrs":["0.0.0.0/0"],"ipv6_cidrs":["::/0"]},"scope":"tenant","action":{"block":true}}}`)
	if status != 201 {
		t.Fatal(status, text)
	}
	path := "/network-acls/" + e.property(text, "id")
	for who, token := range map[string]string{
		"a client": e.token(acme), "a stranger": "", "who is no member": e.operatorToken("op_nobody", acme, "read:network_acls"),
	} {
		if status, text := e.ask(acme, token, "DELETE", path, ""); status != 403 || !strings.Contains(text, oauth.NetworkRefusal) {
			t.Errorf("%s: %d %s", who, status, text)
		}
	}
	if status, text := e.ask(other, e.token(other), "GET", "/clients", ""); status != 200 {
		t.Errorf("another tenant: %d %s", status, text)
	}
	if status, text := e.ask(acme, owner, "DELETE", path, ""); status != 200 {
		t.Errorf("an owner: %d %s", status, text)
	}
	if status, text := e.ask(acme, e.token(acme), "GET", "/clients", ""); status != 200 {
		t.Errorf("a client then: %d %s", status, text)
	}
}

// Another role counts with the next request, and so does none.
func TestBearerFollowsTheMembership(t *testing.T) {
	e := newEnv(t)
	token := e.join("op_ada", acme, tenant.RoleOwner)
	ask := func() int {
		status, _ := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`)
		return status
	}
	if got := ask(); got != 201 {
		t.Fatal(got)
	}
	e.join("op_ada", acme, tenant.RoleViewerConfig)
	if got := ask(); got != 403 {
		t.Errorf("demoted: %d", got)
	}
	delete(e.operators, [2]string{"op_ada", acme})
	status, text := e.ask(acme, token, "GET", "/clients", "")
	if status != 401 || !strings.Contains(text, `"Invalid token"`) {
		t.Errorf("removed: %d %s", status, text)
	}
	e.join("op_ada", acme, tenant.RoleOwner)
	e.advance(301 * time.Second)
	if got := ask(); got != 401 {
		t.Errorf("after five minutes: %d", got)
	}
}

// The log names the person, not a client: on success, on refusal and where a secret was shown. Who may not know people does not see it.
func TestRecordsNameTheOperator(t *testing.T) {
	e := newEnv(t)
	token := e.join("op_ada", acme, tenant.RoleOwner)
	_, created := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`)
	e.ask(acme, token, "POST", "/clients", `{"name":""}`)
	e.ask(acme, token, "GET", "/clients/"+e.property(created, "client_id"), "")
	_, text := e.ask(acme, e.token(acme), "GET", "/logs?per_page=3", "")
	var events []struct {
		Type       string  `json:"type"`
		ClientID   *string `json:"client_id"`
		ClientName *string `json:"client_name"`
		UserID     string  `json:"user_id"`
		UserName   string  `json:"user_name"`
		Details    struct {
			Request struct {
				Auth struct {
					Credentials struct{ JTI string }
					User        map[string]string
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &events); err != nil {
		t.Fatal(err, text)
	}
	var types []string
	for _, event := range events {
		types = append(types, event.Type)
		auth := event.Details.Request.Auth
		if event.ClientID != nil || event.ClientName != nil || event.UserID != "operator|op_ada" || event.UserName != "Ada Lovelace" ||
			auth.User["user_id"] != "operator|op_ada" || auth.User["email"] != "ada@example.com" || auth.Credentials.JTI == "" {
			t.Errorf("%+v", event)
		}
	}
	slices.Sort(types)
	if got := strings.Join(types, " "); got != "fapi mgmt_api_read sapi" {
		t.Errorf("records: %s", got)
	}
	_, blind := e.ask(acme, e.token(acme, "read:logs"), "GET", "/logs?per_page=3", "")
	for _, of := range []string{"op_ada", "Lovelace", "ada@example.com"} {
		if !strings.Contains(text, of) || strings.Contains(blind, of) {
			t.Errorf("who may not know people sees %q in %s", of, blind)
		}
	}
}

// The id of the console's bearers can be no client's.
func TestConsoleIsNoClient(t *testing.T) {
	e := newEnv(t)
	status, text := e.ask(acme, e.token(acme), "PUT", "/writ/clients/"+tenant.ConsoleClientID, `{"name":"x"}`)
	if status != 400 || !strings.Contains(text, "reserved") {
		t.Errorf("%d %s", status, text)
	}
}

// What add-ons hold may be secret. Programs see it, as at Auth0; a person who may read no secret does not.
func TestViewersSeeNoAddons(t *testing.T) {
	e := newEnv(t)
	owner, viewer := e.join("op_ada", acme, tenant.RoleOwner), e.join("op_viewer", acme, tenant.RoleViewerConfig)
	if status, text := e.ask(acme, owner, "POST", "/clients", `{"name":"x","addons":{"aws":{"secret":"topsecret"}}}`); status != 201 {
		t.Fatal(status, text)
	}
	if _, text := e.ask(acme, owner, "GET", "/clients", ""); !strings.Contains(text, "topsecret") {
		t.Error("an owner does not see it")
	}
	if status, text := e.ask(acme, viewer, "GET", "/clients", ""); status != 200 || strings.Contains(text, "topsecret") {
		t.Errorf("a viewer: %d %s", status, text)
	}
	if status, _ := e.ask(acme, viewer, "GET", "/clients?fields=addons", ""); status != 403 {
		t.Errorf("a viewer who asks for it: %d", status)
	}
}
