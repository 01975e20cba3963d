package mgmt

import (
	"net/http"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// unbuiltScopes says what the scopes of an unbuilt path are about, where the first segment's own name is not it. The first line
// whose path the request's begins with counts; {} is any one segment. A word with a colon is the scope whatever the method.
func unbuiltScopes() string {
	return `
		/anomaly                                        anomaly_blocks
		/blacklists                                     blacklist:tokens
		/branding/phone/providers                       phone_providers
		/branding/phone/templates                       phone_templates
		/client-grants/{}/organizations                 organization_client_grants
		/clients/{}/credentials                         client_credentials
		/connections-directory-provisionings            directory_provisionings
		/connections/{}/directory-provisioning          directory_provisionings
		/connections/{}/keys                            connections_keys
		/connections/{}/scim-configuration/tokens       scim_token
		/connections/{}/scim-configuration              scim_config
		/emails                                         email_provider
		/event-streams/{}/deliveries                    event_deliveries
		/event-streams/{}/redeliver                     event_deliveries
		/flows/vault                                    flows_vault_connections
		/flows/{}/executions                            flows_executions
		/groups/{}/members                              group_members
		/groups/{}/roles                                group_roles
		/guardian/enrollments/ticket                    guardian_enrollment_tickets
		/guardian/enrollments                           guardian_enrollments
		/guardian/policies                              mfa_policies
		/guardian                                       guardian_factors
		/jobs                                           users
		/keys/custom-signing                            custom_signing_keys
		/keys/encryption                                encryption_keys
		/keys                                           signing_keys
		/organizations/{}/client-grants                 organization_client_grants
		/organizations/{}/clients                       organization_clients
		/organizations/{}/connections                   organization_connections
		/organizations/{}/discovery-domains             organization_discovery_domains
		/organizations/{}/enabled_connections           organization_connections
		/organizations/{}/groups/{}/roles               organization_group_roles
		/organizations/{}/groups                        organization_groups
		/organizations/{}/invitations                   organization_invitations
		/organizations/{}/members/{}/effective-roles    organization_member_effective_roles
		/organizations/{}/members/{}/roles              organization_member_roles
		/organizations/{}/members                       organization_members
		/risk-assessments                               attack_protection
		/roles/{}/users                                 role_members
		/self-service-profiles/{}/custom-text           self_service_profile_custom_texts
		/self-service-profiles/{}/sso-ticket            sso_access_tickets
		/supplemental-signals                           attack_protection
		/tenants                                        tenant_settings
		/tickets                                        user_tickets
		/user-blocks                                    users
		/users-by-email                                 users
		/users/{}/authentication-methods                authentication_methods
		/users/{}/effective-permissions                 user_effective_permissions
		/users/{}/effective-roles                       user_effective_roles
		/users/{}/federated-connections-tokensets       federated_connections_tokens
		/users/{}/logs                                  logs
		/users/{}/refresh-tokens                        refresh_tokens
		/users/{}/sessions                              sessions`
}

// unbuiltScope is the scope that Auth0 would ask for on a path below the prefix: the method's verb and what the path is about. Where
// the catalogue lacks that verb, it is another that the catalogue has.
func unbuiltScope(method, path string, catalogue []tenant.Scope) string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	noun := strings.ReplaceAll(segment, "-", "_")
	for line := range strings.Lines(unbuiltScopes()) {
		if words := strings.Fields(line); len(words) == 2 && beginsWith(path, words[0]) {
			noun = words[1]
			break
		}
	}
	if strings.Contains(noun, ":") {
		return noun
	}
	wanted := verbs()[method] + ":" + noun
	for _, scope := range []string{wanted, "update:" + noun, "create:" + noun, "read:" + noun} {
		if slices.ContainsFunc(catalogue, func(s tenant.Scope) bool { return s.Value == scope }) {
			return scope
		}
	}
	return wanted
}

// beginsWith reports whether the path's first segments are those of pattern.
func beginsWith(path, pattern string) bool {
	segments, wanted := strings.Split(path, "/"), strings.Split(pattern, "/")
	if len(segments) < len(wanted) {
		return false
	}
	return slices.EqualFunc(segments[:len(wanted)], wanted, func(s, w string) bool { return s == w || w == "{}" })
}

func verbs() map[string]string {
	return map[string]string{
		http.MethodGet: "read", http.MethodHead: "read", http.MethodPost: "create",
		http.MethodPatch: "update", http.MethodPut: "update", http.MethodDelete: "delete",
	}
}
