package mgmt

import (
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
)

// routes is the whole API on one screen: method, path, scopes (the token needs one of them), the operation's name in the log,
// the body's schema, the status of success, the handler.
func (a *API) routes() []rest.Route {
	const (
		get, post, patch, put, del     = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete
		ok, created, empty             = http.StatusOK, http.StatusCreated, http.StatusNoContent
		readClients                    = "read:clients read:client_keys read:client_credentials read:client_summary"
		updateClients                  = "update:clients update:client_keys update:client_credentials"
		readLogs                       = "read:logs read:logs_users"
		imports                        = "create:writ_imports"
		rekeyKeys                      = "create:encryption_keys update:encryption_keys"
		setCustomKeys                  = "create:custom_signing_keys update:custom_signing_keys"
		rotateKeys, updateKeys, public = "create:signing_keys update:signing_keys", "update:signing_keys", ""
	)
	return []rest.Route{
		line(get, "/clients", readClients, "Get clients", "", ok, rest.Do(a.listClients)),
		line(get, "/clients/{id}", readClients, "Get a client", "", ok, rest.Do(a.getClient)),
		line(post, "/clients", "create:clients", "Create a client", "clients.post", created, rest.Do(a.createClient)),
		line(patch, "/clients/{id}", updateClients, "Update a client", "clients.patch", ok, rest.Do(a.updateClient)),
		line(del, "/clients/{id}", "delete:clients", "Delete a client", "", empty, rest.Do(a.deleteClient)),
		line(post, "/clients/{id}/rotate-secret", "update:client_keys", "Rotate a client secret", "", ok, rest.Do(a.rotateClientSecret)),

		line(get, "/clients/{id}/connections", "read:connections", "Get enabled connections for a client", "", ok, rest.Do(a.listClientConnections)),
		line(get, "/clients/{id}/credentials", "read:client_credentials", "Get client credentials", "", ok, rest.Do(a.listClientCredentials)),
		line(get, "/clients/{id}/credentials/{credential_id}", "read:client_credentials", "Get client credential details", "", ok, rest.Do(a.getClientCredential)),
		line(post, "/clients/{id}/credentials", "create:client_credentials", "Create a client credential", "client_credentials.post", created, rest.Do(a.createClientCredential)),
		line(patch, "/clients/{id}/credentials/{credential_id}", "update:client_credentials", "Update a client credential", "client_credentials.patch", ok, rest.Do(a.updateClientCredential)),
		line(del, "/clients/{id}/credentials/{credential_id}", "delete:client_credentials", "Delete a client credential", "", empty, rest.Do(a.deleteClientCredential)),

		line(get, "/resource-servers", "read:resource_servers", "Get resource servers", "", ok, rest.Do(a.listResourceServers)),
		line(get, "/resource-servers/{id}", "read:resource_servers", "Get a resource server", "", ok, rest.Do(a.getResourceServer)),
		line(post, "/resource-servers", "create:resource_servers", "Create a resource server", "resource_servers.post", created, rest.Do(a.createResourceServer)),
		line(patch, "/resource-servers/{id}", "update:resource_servers", "Update a resource server", "resource_servers.patch", ok, rest.Do(a.updateResourceServer)),
		line(del, "/resource-servers/{id}", "delete:resource_servers", "Delete a resource server", "", empty, rest.Do(a.deleteResourceServer)),

		line(get, "/client-grants", "read:client_grants", "Get client grants", "", ok, rest.Do(a.listClientGrants)),
		line(get, "/client-grants/{id}", "read:client_grants", "Get client grant", "", ok, rest.Do(a.getClientGrant)),
		line(post, "/client-grants", "create:client_grants", "Create client grant", "client_grants.post", created, rest.Do(a.createClientGrant)),
		line(patch, "/client-grants/{id}", "update:client_grants", "Update client grant", "client_grants.patch", ok, rest.Do(a.updateClientGrant)),
		line(del, "/client-grants/{id}", "delete:client_grants", "Delete client grant", "", empty, rest.Do(a.deleteClientGrant)),
		line(get, "/client-grants/{id}/organizations", "read:organization_client_grants", "Get the organizations associated to a client grant", "", ok, rest.Do(a.listClientGrantOrganizations)),

		line(get, "/organizations", "read:organizations", "Get organizations", "", ok, rest.Do(a.listOrganizations)),
		line(get, "/organizations/{id}", "read:organizations", "Get organization", "", ok, rest.Do(a.getOrganization)),
		ahead(line(get, "/organizations/name/{name}", "read:organizations", "Get organization by name", "", ok, rest.Do(a.getOrganizationByName))),
		line(post, "/organizations", "create:organizations", "Create an organization", "organizations.post", created, rest.Do(a.createOrganization)),
		line(patch, "/organizations/{id}", "update:organizations", "Modify an organization", "organizations.patch", ok, rest.Do(a.updateOrganization)),
		line(del, "/organizations/{id}", "delete:organizations", "Delete organization", "", empty, rest.Do(a.deleteOrganization)),
		line(get, "/organizations/{id}/client-grants", "read:organization_client_grants", "Get client grants associated to an organization", "", ok, rest.Do(a.listOrganizationGrants)),
		line(post, "/organizations/{id}/client-grants", "create:organization_client_grants", "Associate a client grant with an organization", "organization_client_grants.post", created, rest.Do(a.addOrganizationGrant)),
		line(del, "/organizations/{id}/client-grants/{grant_id}", "delete:organization_client_grants", "Remove a client grant from an organization", "", empty, rest.Do(a.removeOrganizationGrant)),

		line(get, "/network-acls", "read:network_acls", "Get all access control list entries for a tenant", "", ok, rest.Do(a.listNetworkACLs)),
		line(get, "/network-acls/{id}", "read:network_acls", "Get a specific access control list entry for a tenant", "", ok, rest.Do(a.getNetworkACL)),
		line(post, "/network-acls", "create:network_acls", "Create Access Control List", "network_acls.post", created, rest.Do(a.createNetworkACL)),
		line(patch, "/network-acls/{id}", "update:network_acls", "Partial Update for an Access Control List", "network_acls.patch", ok, rest.Do(a.updateNetworkACL)),
		line(put, "/network-acls/{id}", "update:network_acls", "Update Access Control List", "network_acls.post", ok, rest.Do(a.updateNetworkACL)),
		line(del, "/network-acls/{id}", "delete:network_acls", "Delete Access Control List", "", ok, rest.Do(a.deleteNetworkACL)),

		line(get, "/rate-limit-policies", "read:rate_limit_policies", "Get rate limit policies", "", ok, rest.Do(a.listRateLimitPolicies)),
		line(get, "/rate-limit-policies/{id}", "read:rate_limit_policies", "Get a rate limit policy", "", ok, rest.Do(a.getRateLimitPolicy)),
		line(post, "/rate-limit-policies", "create:rate_limit_policies", "Create a rate limit policy", "rate_limit_policies.post", created, rest.Do(a.createRateLimitPolicy)),
		line(patch, "/rate-limit-policies/{id}", "update:rate_limit_policies", "Update a rate limit policy", "rate_limit_policies.patch", ok, rest.Do(a.updateRateLimitPolicy)),
		line(del, "/rate-limit-policies/{id}", "delete:rate_limit_policies", "Delete a rate limit policy", "", empty, rest.Do(a.deleteRateLimitPolicy)),

		line(get, "/custom-domains", "read:custom_domains", "Get custom domains configurations", "", ok, rest.Do(a.listCustomDomains)),
		line(get, "/custom-domains/{id}", "read:custom_domains", "Get custom domain configuration", "", ok, rest.Do(a.getCustomDomain)),
		line(post, "/custom-domains", "create:custom_domains", "Configure a new custom domain", "custom_domains.post", created, rest.Do(a.createCustomDomain)),
		line(patch, "/custom-domains/{id}", "update:custom_domains", "Update custom domain configuration", "custom_domains.patch", ok, rest.Do(a.updateCustomDomain)),
		line(del, "/custom-domains/{id}", "delete:custom_domains", "Delete custom domain configuration", "", empty, rest.Do(a.deleteCustomDomain)),
		line(get, "/custom-domains/default", "read:custom_domains", "Get the default domain", "", ok, rest.Do(a.getDefaultDomain)),
		line(patch, "/custom-domains/default", "update:custom_domains", "Update the default custom domain for the tenant", "custom_domains.default", ok, rest.Do(a.setDefaultDomain)),
		line(post, "/custom-domains/{id}/verify", "create:custom_domains", "Verify a custom domain", "", created, rest.Do(a.verifyCustomDomain)),
		line(post, "/custom-domains/{id}/test", "read:custom_domains", "Test a custom domain", "", ok, rest.Do(a.testCustomDomain)),

		line(get, "/log-streams", "read:log_streams", "Get log streams", "", ok, rest.Do(a.listLogStreams)),
		line(get, "/log-streams/{id}", "read:log_streams", "Get log stream by ID", "", ok, rest.Do(a.getLogStream)),
		line(post, "/log-streams", "create:log_streams", "Create a log stream", "log_streams.post", ok, rest.Do(a.createLogStream)),
		line(patch, "/log-streams/{id}", "update:log_streams", "Update a log stream", "log_streams.patch", ok, rest.Do(a.updateLogStream)),
		line(del, "/log-streams/{id}", "delete:log_streams", "Delete log stream", "", empty, rest.Do(a.deleteLogStream)),

		line(get, "/token-exchange-profiles", "read:token_exchange_profiles", "Get token exchange profiles", "", ok, rest.Do(a.listTokenExchangeProfiles)),
		line(get, "/token-exchange-profiles/{id}", "read:token_exchange_profiles", "Get a token exchange profile", "", ok, rest.Do(a.getTokenExchangeProfile)),
		line(post, "/token-exchange-profiles", "create:token_exchange_profiles", "Create a token exchange profile", "token_exchange_profiles.post", created, rest.Do(a.createTokenExchangeProfile)),
		line(patch, "/token-exchange-profiles/{id}", "update:token_exchange_profiles", "Update an existing token exchange profile", "token_exchange_profiles.patch", ok, rest.Do(a.updateTokenExchangeProfile)),
		line(del, "/token-exchange-profiles/{id}", "delete:token_exchange_profiles", "Delete a token exchange profile", "", empty, rest.Do(a.deleteTokenExchangeProfile)),

		line(get, "/tenants/settings", "read:tenant_settings", "Get tenant settings", "", ok, rest.Do(a.getSettings)),
		line(patch, "/tenants/settings", "update:tenant_settings", "Update tenant settings", "tenant_settings.patch", ok, rest.Do(a.updateSettings)),

		line(get, "/keys/signing", "read:signing_keys", "Get all Application Signing Keys", "", ok, rest.Do(a.listSigningKeys)),
		line(get, "/keys/signing/{kid}", "read:signing_keys", "Get an Application Signing Key by its key id", "", ok, rest.Do(a.getSigningKey)),
		line(post, "/keys/signing/rotate", rotateKeys, "Rotate the Application Signing Key", "", created, rest.Do(a.rotateSigningKeys)),
		line(put, "/keys/signing/{kid}/revoke", updateKeys, "Revoke an Application Signing Key by its key id", "", ok, rest.Do(a.revokeSigningKey)),

		line(get, "/keys/encryption", "read:encryption_keys", "Get all encryption keys", "", ok, rest.Do(a.listEncryptionKeys)),
		line(get, "/keys/encryption/{kid}", "read:encryption_keys", "Get the encryption key by its key id", "", ok, rest.Do(a.getEncryptionKey)),
		line(post, "/keys/encryption", "create:encryption_keys", "Create the new encryption key", "encryption_keys.post", created, rest.Do(a.createEncryptionKey)),
		line(post, "/keys/encryption/{kid}", "update:encryption_keys", "Import the encryption key", "encryption_keys.import", created, rest.Do(a.importEncryptionKey)),
		line(post, "/keys/encryption/{kid}/wrapping-key", "create:encryption_keys", "Create the public wrapping key", "", created, rest.Do(a.createWrappingKey)),
		line(post, "/keys/encryption/rekey", rekeyKeys, "Rekey the key hierarchy", "", empty, rest.Do(a.rekey)),
		line(del, "/keys/encryption/{kid}", "delete:encryption_keys", "Delete the encryption key by its key id", "", empty, rest.Do(a.deleteEncryptionKey)),
		line(get, "/keys/custom-signing", "read:custom_signing_keys", "Get custom signing keys", "", ok, rest.Do(a.getCustomSigningKeys)),
		line(put, "/keys/custom-signing", setCustomKeys, "Create or replace custom signing keys", "custom_signing_keys.put", ok, rest.Do(a.setCustomSigningKeys)),
		line(del, "/keys/custom-signing", "delete:custom_signing_keys", "Delete custom signing keys", "", empty, rest.Do(a.deleteCustomSigningKeys)),

		line(get, "/actions/actions", "read:actions", "Get actions", "", ok, rest.Do(a.listActions)),
		line(get, "/actions/actions/{id}", "read:actions", "Get an action", "", ok, rest.Do(a.getAction)),
		line(post, "/actions/actions", "create:actions", "Create an action", "actions.post", created, rest.Do(a.createAction)),
		line(patch, "/actions/actions/{id}", "update:actions", "Update an action", "actions.patch", ok, rest.Do(a.updateAction)),
		line(del, "/actions/actions/{id}", "delete:actions", "Delete an action", "", empty, rest.Do(a.deleteAction)),
		line(post, "/actions/actions/{id}/deploy", "create:actions", "Deploy an action", "", ok, rest.Do(a.deployAction)),
		line(post, "/actions/actions/{id}/test", "create:actions", "Test an action", "actions.test", ok, rest.Do(a.testAction)),
		line(get, "/actions/actions/{actionId}/versions", "read:actions", "Get an action's versions", "", ok, rest.Do(a.listActionVersions)),
		line(get, "/actions/actions/{actionId}/versions/{id}", "read:actions", "Get a specific version of an action", "", ok, rest.Do(a.getActionVersion)),
		line(post, "/actions/actions/{actionId}/versions/{id}/deploy", "create:actions", "Roll back to a previous action version", "action_versions.deploy", ok, rest.Do(a.deployActionVersion)),
		line(get, "/actions/triggers", "read:actions", "Get triggers", "", ok, rest.Do(a.listActionTriggers)),
		line(get, "/actions/triggers/{triggerId}/bindings", "read:actions", "Get trigger bindings", "", ok, rest.Do(a.listActionBindings)),
		line(patch, "/actions/triggers/{triggerId}/bindings", "update:actions", "Update trigger bindings", "action_bindings.patch", ok, rest.Do(a.updateActionBindings)),
		line(get, "/actions/executions/{id}", "read:actions", "Get an execution", "", ok, rest.Do(a.getActionExecution)),
		line(get, "/actions/modules", "read:actions", "Get Actions Modules", "", ok, rest.Do(a.listModules)),
		line(get, "/actions/modules/{id}", "read:actions", "Get a specific Actions Module by ID", "", ok, rest.Do(a.getModule)),
		line(post, "/actions/modules", "create:actions", "Create a new Actions Module", "action_modules.post", created, rest.Do(a.createModule)),
		line(patch, "/actions/modules/{id}", "update:actions", "Update a specific Actions Module", "action_modules.patch", ok, rest.Do(a.updateModule)),
		line(del, "/actions/modules/{id}", "delete:actions", "Delete a specific Actions Module by ID", "", empty, rest.Do(a.deleteModule)),
		line(get, "/actions/modules/{id}/actions", "read:actions", "List all actions using an Actions Module", "", ok, rest.Do(a.listModuleActions)),
		line(get, "/actions/modules/{id}/versions", "read:actions", "List all versions of an Actions Module", "", ok, rest.Do(a.listModuleVersions)),
		line(get, "/actions/modules/{id}/versions/{versionId}", "read:actions", "Get a specific version of an Actions Module", "", ok, rest.Do(a.getModuleVersion)),
		line(post, "/actions/modules/{id}/versions", "create:actions", "Create a new version of an Actions Module", "", ok, rest.Do(a.publishModule)),
		line(post, "/actions/modules/{id}/rollback", "create:actions update:actions", "Rollback an Actions Module to a previous version", "action_modules.rollback", ok, rest.Do(a.rollBackModule)),

		line(get, "/stats/active-users", "read:stats", "Get active users count", "", ok, rest.Do(a.countActiveUsers)),
		line(get, "/stats/daily", "read:stats", "Get daily stats", "", ok, rest.Do(a.listDailyStats)),

		line(get, "/logs", readLogs, "Search log events", "", ok, rest.Do(a.listLogs)),
		line(get, "/logs/{id}", readLogs, "Get a log event by id", "", ok, rest.Do(a.getLog)),

		line(get, "/writ/tenant", "read:writ_tenant", "Get the tenant", "", ok, rest.Do(a.getTenant)),
		line(patch, "/writ/tenant", "update:writ_tenant", "Update the tenant", "writ_tenant.patch", ok, rest.Do(a.updateTenant)),
		line(get, "/writ/keys", "read:writ_keys", "Get the signing keys of all families", "", ok, rest.Do(a.listAllSigningKeys)),
		line(get, "/writ/activity", "read:logs", "Get the activity of the tenant", "", ok, rest.Do(a.getActivity)),
		csvToo(line(get, "/writ/usage", "read:writ_usage", "Get the usage of the tenant", "", ok, rest.Do(a.getUsage))),
		line(get, "/writ/clients/{id}/token-quota", "read:clients", "Get what a client has used of its token quota", "", ok, rest.Do(a.getClientQuota)),
		line(get, "/writ/organizations/{id}/token-quota", "read:organizations", "Get what an organization has used of its token quota", "", ok, rest.Do(a.getOrganizationQuota)),
		creating(line(put, "/writ/clients/{id}", imports, "Import a client", "clients.put", ok, rest.Do(a.importClient))),
		creating(line(put, "/writ/resource-servers/{id}", imports, "Import a resource server", "resource_servers.post", ok, rest.Do(a.importResourceServer))),
		creating(line(put, "/writ/client-grants/{id}", imports, "Import a client grant", "client_grants.post", ok, rest.Do(a.importClientGrant))),
		line(post, "/writ/explain", "create:writ_explanations", "Explain a token request", "writ_explain.post", ok, rest.Do(a.explain)),

		line(get, "/openapi.json", public, "Get this document", "", ok, rest.Do(a.getOpenAPI)),
	}
}

func line(method, pattern, scopes, summary, schema string, status int, handler rest.Handler) rest.Route {
	return rest.Route{Method: method, Pattern: pattern, Scopes: strings.Fields(scopes), Summary: summary, Schema: schema, Status: status, Handler: handler}
}

// creating marks a route whose handler says whether it made the object.
func creating(route rest.Route) rest.Route {
	route.Creates = true
	return route
}

// csvToo marks a route whose answer may be CSV.
func csvToo(route rest.Route) rest.Route {
	route.Also = "text/csv"
	return route
}

// ahead marks a route whose pattern overlaps with others.
func ahead(route rest.Route) rest.Route {
	route.Ahead = true
	return route
}
