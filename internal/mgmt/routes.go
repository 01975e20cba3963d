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
		rotateKeys, updateKeys, public = "create:signing_keys update:signing_keys", "update:signing_keys", ""
	)
	return []rest.Route{
		line(get, "/clients", readClients, "Get clients", "", ok, rest.Do(a.listClients)),
		line(get, "/clients/{id}", readClients, "Get a client", "", ok, rest.Do(a.getClient)),
		line(post, "/clients", "create:clients", "Create a client", "clients.post", created, rest.Do(a.createClient)),
		line(patch, "/clients/{id}", updateClients, "Update a client", "clients.patch", ok, rest.Do(a.updateClient)),
		line(del, "/clients/{id}", "delete:clients", "Delete a client", "", empty, rest.Do(a.deleteClient)),
		line(post, "/clients/{id}/rotate-secret", "update:client_keys", "Rotate a client secret", "", ok, rest.Do(a.rotateClientSecret)),

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

		line(get, "/tenants/settings", "read:tenant_settings", "Get tenant settings", "", ok, rest.Do(a.getSettings)),
		line(patch, "/tenants/settings", "update:tenant_settings", "Update tenant settings", "tenant_settings.patch", ok, rest.Do(a.updateSettings)),

		line(get, "/keys/signing", "read:signing_keys", "Get all Application Signing Keys", "", ok, rest.Do(a.listSigningKeys)),
		line(get, "/keys/signing/{kid}", "read:signing_keys", "Get an Application Signing Key by its key id", "", ok, rest.Do(a.getSigningKey)),
		line(post, "/keys/signing/rotate", rotateKeys, "Rotate the Application Signing Key", "", created, rest.Do(a.rotateSigningKeys)),
		line(put, "/keys/signing/{kid}/revoke", updateKeys, "Revoke an Application Signing Key by its key id", "", ok, rest.Do(a.revokeSigningKey)),

		line(get, "/logs", readLogs, "Search log events", "", ok, rest.Do(a.listLogs)),
		line(get, "/logs/{id}", readLogs, "Get a log event by id", "", ok, rest.Do(a.getLog)),

		line(get, "/actions/actions", "read:actions", "Get actions", "", ok, rest.Do(a.listActions)),
		line(get, "/actions/triggers", "read:actions", "Get triggers", "", ok, rest.Do(a.listTriggers)),
		line(get, "/token-exchange-profiles", "read:token_exchange_profiles", "Get token exchange profiles", "", ok, rest.Do(a.listTokenExchangeProfiles)),

		line(get, "/openapi.json", public, "Get this document", "", ok, rest.Do(a.getOpenAPI)),
	}
}

func line(method, pattern, scopes, summary, schema string, status int, handler rest.Handler) rest.Route {
	return rest.Route{Method: method, Pattern: pattern, Scopes: strings.Fields(scopes), Summary: summary, Schema: schema, Status: status, Handler: handler}
}
