package mgmt

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// The roles over the scopes that there are. Who reads this after a new scope came: does it let its holder read a secret?
func TestRolesHaveTheScopesTheyPromise(t *testing.T) {
	all := scopeValues(Scopes())
	keys := []string{"client_credentials", "client_keys", "custom_signing_keys", "encryption_keys", "network_acl_keys", "signing_keys"}
	unread := []string{
		"read:client_keys", "read:client_credentials", "read:user_idp_tokens", "read:rules_configs", "read:scim_token",
		"read:refresh_tokens", "read:flows_vault", "read:flows_vault_connections", "read:connections_options",
		"read:federated_connections_tokens", "read:network_acl_keys", "read:connections_keys",
	}
	for _, role := range []tenant.Role{tenant.RoleOwner, tenant.RoleAdmin} {
		if !slices.Equal(role.Scopes(all), all) {
			t.Errorf("%s lacks scopes", role)
		}
	}
	viewer, manager := tenant.RoleViewerConfig.Scopes(all), tenant.RoleEditorKeyManagement.Scopes(all)
	organizer := tenant.RoleEditorOrganizations.Scopes(all)
	for _, scope := range all {
		verb, object, _ := strings.Cut(scope, ":")
		reads := verb == "read" && !slices.Contains(unread, scope)
		if got := slices.Contains(viewer, scope); got != reads {
			t.Errorf("viewer_config has %s: %v, want %v", scope, got, reads)
		}
		manages := reads || slices.Contains(keys, object)
		if got := slices.Contains(manager, scope); got != manages {
			t.Errorf("editor_key_management has %s: %v, want %v", scope, got, manages)
		}
		organizes := reads || object == "organizations" || strings.HasPrefix(object, "organization_")
		if got := slices.Contains(organizer, scope); got != organizes {
			t.Errorf("editor_organizations has %s: %v, want %v", scope, got, organizes)
		}
	}
	for _, role := range []tenant.Role{"", "emperor", "Owner"} {
		if got := role.Scopes(all); len(got) > 0 || role.Known() {
			t.Errorf("role %q has %v", role, got)
		}
	}
}

// roleToken is an operator's bearer with all that the role has.
func (e *env) roleToken(role tenant.Role) string {
	e.t.Helper()
	id := "op_" + string(role)
	e.operators[[2]string{id, acme}] = tenant.Member{ID: id, Name: string(role), Role: role}
	token, err := e.signer.OperatorToken(e.t.Context(), callTo(acme).Site, id, role.Scopes(scopeValues(Scopes())))
	if err != nil {
		e.t.Fatal(err)
	}
	return token.Value.Reveal()
}

// The matrix role x endpoint: a role is let in where it has a scope that the route asks for, and nowhere else.
func TestEachRoleIsLetInWhereItsScopesAllow(t *testing.T) {
	e := newEnv(t)
	all := scopeValues(Scopes())
	for _, role := range tenant.Roles() {
		token, has := e.roleToken(role), role.Scopes(all)
		allowed := 0
		for _, route := range e.api.routes() {
			want := len(route.Scopes) == 0 || slices.ContainsFunc(route.Scopes, func(s string) bool { return slices.Contains(has, s) })
			status, body := e.ask(acme, token, route.Method, pathOf(route.Pattern), "not json")
			if got := status != 403 && status != 401; got != want {
				t.Errorf("%s: %s: %d, let in %v, want %v: %s", role, route.Pattern, status, got, want, body)
			}
			if want {
				allowed++
			}
		}
		if everywhere := role == tenant.RoleOwner || role == tenant.RoleAdmin; allowed == 0 || everywhere != (allowed == len(e.api.routes())) {
			t.Errorf("%s is let in at %d of %d routes", role, allowed, len(e.api.routes()))
		}
	}
}

// A viewer reads everything but secrets: not the one that an API's own read scope shows at Auth0, either.
func TestViewersSeeNoSecrets(t *testing.T) {
	e := newEnv(t)
	owner, viewer := e.roleToken(tenant.RoleOwner), e.roleToken(tenant.RoleViewerConfig)
	_, created := e.ask(acme, owner, "POST", "/resource-servers", `{"identifier":"urn:hs","signing_alg":"HS256"}`)
	api := e.property(created, "id")
	secrets := []string{e.property(created, "signing_secret"), e.bootstrap(acme).ClientSecret.Reveal()}
	for _, path := range []string{
		"/resource-servers", "/resource-servers/" + api, "/resource-servers/" + api + "?fields=signing_secret", "/clients",
		"/clients/" + e.bootstrap(acme).ClientID, "/logs", "/keys/signing", "/keys/encryption", "/writ/keys", "/tenants/settings",
	} {
		status, body := e.ask(acme, viewer, "GET", path, "")
		if status != 200 {
			t.Errorf("%s: %d %s", path, status, body)
		}
		for _, secret := range secrets {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows a secret", path)
			}
		}
	}
	if _, body := e.ask(acme, owner, "GET", "/resource-servers/"+api, ""); !strings.Contains(body, secrets[0]) {
		t.Error("the owner does not see it, either: this test could not fail")
	}
	if _, body := e.ask(acme, e.token(acme, "read:resource_servers"), "GET", "/resource-servers/"+api, ""); !strings.Contains(body, secrets[0]) {
		t.Error("a program does not see what Auth0 shows it")
	}
}

// pathOf fills the parameters of a pattern.
func pathOf(pattern string) string {
	segments := strings.Split(pattern, "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "{") {
			segments[i] = "nobody"
		}
	}
	return strings.Join(segments, "/")
}
