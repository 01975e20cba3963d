package mgmt

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestUnbuiltScope(t *testing.T) {
	for request, want := range map[string]string{
		"GET /clients/x/credentials":                            "read:client_credentials",
		"POST /clients/x/credentials":                           "create:client_credentials",
		"DELETE /clients/x/credentials/y":                       "delete:client_credentials",
		"GET /clients/x/connections":                            "read:clients",
		"GET /client-grants/x/organizations":                    "read:organization_client_grants",
		"GET /keys/encryption":                                  "read:encryption_keys",
		"POST /keys/encryption/rekey":                           "create:encryption_keys",
		"PUT /keys/custom-signing":                              "update:custom_signing_keys",
		"GET /organizations":                                    "read:organizations",
		"GET /organizations/x":                                  "read:organizations",
		"POST /organizations/x/client-grants":                   "create:organization_client_grants",
		"GET /organizations/x/clients":                          "read:organization_clients",
		"GET /organizations/x/members":                          "read:organization_members",
		"DELETE /organizations/x/members/y/roles":               "delete:organization_member_roles",
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
		"GET /rate-limit-policies":                              "read:rate_limit_policies",
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
		if got := unbuiltScope(method, path, Scopes()); got != want {
			t.Errorf("%s: %s, want %s", request, got, want)
		}
	}
}

// A refusal never names a scope that nobody can be granted, and no line of the table is hidden by one above it.
func TestUnbuiltScopesExist(t *testing.T) {
	catalogue := scopeValues(Scopes())
	check := func(path string) (nouns []string) {
		for method := range verbs() {
			scope := unbuiltScope(method, path, Scopes())
			if !slices.Contains(catalogue, scope) {
				t.Errorf("%s %s: %s is not in the catalogue", method, path, scope)
			}
			_, noun, _ := strings.Cut(scope, ":")
			nouns = append(nouns, noun)
		}
		return nouns
	}
	for _, segment := range auth0Segments() {
		check("/" + segment)
	}
	for line := range strings.Lines(strings.TrimSpace(unbuiltScopes())) {
		words := strings.Fields(line)
		if len(words) != 2 {
			t.Fatalf("%q", line)
		}
		_, noun, fixed := strings.Cut(words[1], ":")
		if !fixed {
			noun = words[1]
		}
		if nouns := check(strings.ReplaceAll(words[0], "{}", "x")); slices.ContainsFunc(nouns, func(n string) bool { return n != noun }) {
			t.Errorf("%s is about %v, want %s", words[0], nouns, noun)
		}
		segment := strings.Split(words[0], "/")[1]
		if !slices.Contains(auth0Segments(), segment) {
			t.Errorf("%s: %s is no segment of Auth0's", words[0], segment)
		}
	}
	if got := verbs()[http.MethodOptions]; got != "" {
		t.Errorf("OPTIONS is %q", got)
	}
}
