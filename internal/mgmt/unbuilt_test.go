package mgmt

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestUnbuiltScope(t *testing.T) {
	routes := newUnbuilt(unbuiltPaths(), Scopes())
	for request, want := range map[string]string{
		"POST /clients/cimd/preview":                            "create:clients",
		"GET /organizations":                                    "read:organizations",
		"GET /organizations/x":                                  "read:organizations",
		"POST /organizations/x/client-grants":                   "create:organization_client_grants",
		"GET /organizations/x/clients":                          "read:organization_clients",
		"GET /organizations/x/members":                          "read:organization_members",
		"DELETE /organizations/x/members/y/roles":               "delete:organization_member_roles",
		"GET /organizations/x/members/y/effective-roles/z":      "read:organization_member_effective_roles",
		"GET /connections-directory-provisionings":              "read:directory_provisionings",
		"PATCH /branding":                                       "update:branding",
		"POST /branding/phone/providers":                        "create:phone_providers",
		"PATCH /branding/phone/templates/x":                     "update:phone_templates",
		"POST /branding/themes":                                 "update:branding", // there is no create:branding
		"GET /emails/provider":                                  "read:email_provider",
		"GET /email-templates/x":                                "read:email_templates",
		"PATCH /risk-assessments/settings":                      "update:attack_protection",
		"GET /attack-protection/breached-password-detection":    "read:attack_protection",
		"GET /guardian/factors":                                 "read:guardian_factors",
		"PUT /guardian/factors/sms":                             "update:guardian_factors",
		"PUT /guardian/policies":                                "update:mfa_policies",
		"POST /guardian/enrollments/ticket":                     "create:guardian_enrollment_tickets",
		"GET /connections/x/scim-configuration/tokens":          "read:scim_token",
		"GET /connections/x/scim-configuration":                 "read:scim_config",
		"POST /self-service-profiles/x/sso-ticket":              "create:sso_access_tickets",
		"POST /tickets/password-change":                         "create:user_tickets",
		"GET /blacklists/tokens":                                "blacklist:tokens",
		"GET /flows/vault/connections":                          "read:flows_vault_connections",
		"GET /users/auth0%7C1/sessions":                         "read:sessions",
		"GET /actions/modules":                                  "read:actions",
		"POST /event-streams/x/redeliver":                       "update:event_deliveries",
		"GET /prompts/login/screen/login/rendering":             "read:prompts",
		"POST /organizations/x/groups/y/roles":                  "create:organization_group_roles",
		"DELETE /users/x/federated-connections-tokensets/token": "delete:federated_connections_tokens",
	} {
		method, path, _ := strings.Cut(request, " ")
		route := routes.find(method, path)
		if route == nil || !slices.Equal(route.Scopes, []string{want}) {
			t.Errorf("%s: %v, want %s", request, route, want)
		}
	}
}

// A path whose first segment is Auth0's is Auth0's, however deep it is: newer clients call paths that are newer than this list.
func TestUnbuiltPathsCoverAuth0(t *testing.T) {
	routes := newUnbuilt(unbuiltPaths(), Scopes())
	for segment := range strings.FieldsSeq(`actions anomaly attack-protection blacklists branding client-grants clients connection-profiles
		connections custom-domains device-credentials email-templates emails event-streams flows forms grants groups guardian hooks jobs
		keys log-streams logs network-acls organizations prompts rate-limit-policies refresh-tokens resource-servers risk-assessments roles
		rules rules-configs self-service-profiles sessions stats supplemental-signals tenants tickets user-attribute-profiles user-blocks users`) {
		for method := range verbs() {
			if routes.find(method, "/"+segment+"/a/b/c/d") == nil {
				t.Errorf("%s /%s/a/b/c/d is unknown", method, segment)
			}
		}
	}
	for _, path := range []string{"", "/", "/nonsense", "/rulesx", "/users-by-email/x"} {
		if route := routes.find(http.MethodGet, path); route != nil {
			t.Errorf("%q is %s", path, route.Pattern)
		}
	}
}

// filledLine is a path that a line of the table matches.
func filledLine(path string) string {
	segments := strings.Split(strings.TrimSuffix(path, "/..."), "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "{") {
			segments[i] = "x"
		}
	}
	if strings.HasSuffix(path, "/...") {
		segments = append(segments, "deeper", "still")
	}
	return strings.Join(segments, "/")
}

// No line is hidden by one above it or by what is built, and no refusal names a scope that nobody can be granted.
func TestUnbuiltLinesCount(t *testing.T) {
	catalogue := scopeValues(Scopes())
	routes := newUnbuilt(unbuiltPaths(), Scopes())
	built := newEnv(t).api.routes()
	for _, line := range unbuiltPaths() {
		for method := range verbs() {
			route := routes.find(method, filledLine(line.path))
			if route.Pattern != line.path {
				t.Errorf("%s is hidden by %s", line.path, route.Pattern)
			}
			if scope := route.Scopes[0]; !slices.Contains(catalogue, scope) || !strings.HasSuffix(scope, line.about[strings.Index(line.about, ":")+1:]) {
				t.Errorf("%s %s asks for %s", method, line.path, scope)
			}
		}
		for _, route := range built {
			if filledLine(route.Pattern) == filledLine(line.path) {
				t.Errorf("%s is built: take its line out", line.path)
			}
		}
	}
}

func TestUnbuiltDefaultsAllStandSomewhere(t *testing.T) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(unbuiltDefaults, &values); err != nil {
		t.Fatal(err)
	}
	for _, line := range unbuiltPaths() {
		if line.read.kind == readStanding {
			delete(values, line.path)
		}
	}
	for path := range values {
		t.Errorf("%s has a value and no line", path)
	}
}

// Every unbuilt path asks who calls, and what is not a write of what stands already is refused in words that say so:
// a change or a deletion of one thing in those of its read.
func TestUnbuiltPathsRefuse(t *testing.T) {
	e := newEnv(t)
	token, weak := e.token(acme), e.token(acme, "read:logs_users")
	const lost = `{"this":"would be lost"}`
	for _, line := range unbuiltPaths() {
		path := filledLine(line.path)
		for method := range verbs() {
			if status, body := e.ask(acme, "", method, path, lost); status != http.StatusUnauthorized {
				t.Errorf("%s %s without a token: %d %s", method, path, status, body)
			}
			if status, body := e.ask(acme, weak, method, path, lost); status != http.StatusForbidden {
				t.Errorf("%s %s with a weak token: %d %s", method, path, status, body)
			}
			if method == http.MethodGet {
				continue
			}
			status, body := e.ask(acme, token, method, path, lost)
			if line.missesOne() && (method == http.MethodPatch || method == http.MethodDelete) {
				if _, read := e.ask(acme, token, http.MethodGet, path, ""); status != http.StatusNotFound || body != read {
					t.Errorf("%s %s: %d %s, want what GET answers: %s", method, path, status, body, read)
				}
				continue
			}
			if status != http.StatusForbidden || !strings.Contains(body, `"insufficient_scope"`) || !strings.Contains(body, "Nothing was changed") {
				t.Errorf("%s %s: %d %s", method, path, status, body)
			}
		}
	}
}

func TestStandingValuesTakeOnlyThemselves(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for _, line := range unbuiltPaths() {
		if line.read.kind != readStanding {
			continue
		}
		path := filledLine(line.path)
		_, value := e.ask(acme, token, http.MethodGet, path, "")
		for _, method := range []string{http.MethodPut, http.MethodPatch} {
			if status, body := e.ask(acme, token, method, path, value); status != http.StatusOK || body != value {
				t.Errorf("%s %s of what stands: %d %s", method, path, status, body)
			}
			for _, other := range []string{`{"enabled":"other"}`, `[{}]`, `null`, `"x"`, ``} {
				if status, body := e.ask(acme, token, method, path, other); status != http.StatusForbidden {
					t.Errorf("%s %s of %s: %d %s", method, path, other, status, body)
				}
			}
		}
	}
}

func TestChangesNothing(t *testing.T) {
	for _, tt := range []struct {
		rule, value, body string
		want              bool
	}{
		{"the value itself", `{"a":1,"b":[1,{"c":2}]}`, `{"b":[1,{"c":2}],"a":1}`, true},
		{"some of its members", `{"a":1,"b":2}`, `{"b":2}`, true},
		{"the order of inner members does not count", `{"a":{"x":1,"y":2}}`, `{"a":{"y":2,"x":1}}`, true},
		{"a member more", `{"a":1}`, `{"a":1,"b":2}`, false},
		{"null is no default", `{"a":1}`, `{"b":null}`, false},
		{"a part of an inner object", `{"a":{"x":1,"y":2}}`, `{"a":{"x":1}}`, false},
		{"the same array", `[]`, ` [ ] `, true},
		{"another array", `[]`, `["x"]`, false},
		{"an object for an array", `[]`, `{}`, false},
		{"an array for an object", `{}`, `[]`, false},
		{"no body", `{}`, ``, false},
		{"null", `{}`, `null`, false},
	} {
		if got := changesNothing(json.RawMessage(tt.value), json.RawMessage(tt.body)); got != tt.want {
			t.Errorf("%s: %v", tt.rule, got)
		}
	}
}
