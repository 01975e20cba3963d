package mgmt

import (
	"errors"
	"net/http"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// The resources' refusals, in Auth0's words where they are recorded.

func noClient() error { return rest.NotFound("The client does not exist", "inexistent_client") }

func noResourceServer() error {
	return rest.NotFound("The resource server does not exist", "inexistent_resource_server")
}

func noClientGrant() error {
	return rest.NotFound("The client grant does not exist.", "inexistent_client_grant")
}

func noSigningKey() error { return rest.NotFound("Signing key not found.", "") }

func noLog() error { return rest.NotFound("Log not found.", "") }

// grantWithoutClient and grantWithoutAPI refuse a grant that would point to nothing.
func grantWithoutClient() error { return rest.NotFound("Client not found", "inexistent_client") }

func grantWithoutAPI() error {
	return rest.NotFound("Resource server not found", "inexistent_resource_server")
}

func globalClientStays() error { return rest.InvalidBody("Global client cannot be deleted.") }

func globalClientSecretStays() error {
	return rest.InvalidBody("The secret of the global client cannot be rotated.")
}

func grantForGlobalClient() error {
	return rest.InvalidBody("The global client stands for all applications and gets no tokens: create the grant for one of them.")
}

func systemResourceServerStays() error {
	return rest.InvalidBody("System resource servers cannot be deleted.")
}

func reservedIdentifier() error { return rest.InvalidBody("The selected identifier is reserved.") }

func identifierTaken() error {
	return rest.Conflict("A resource server with the same identifier already exists")
}

// aliasTaken: beside its id, which is random, nothing of a client is unique but its aliases.
func aliasTaken() error { return rest.Conflict("Another client exists with the same alias.") }

func grantTaken(who, audience string) error {
	return rest.Conflict("A client grant already exists between %s and %s", who, audience)
}

func allScopesOfSystemAPI() error {
	return rest.InvalidBody("`allow_all_scopes` cannot be provided when `audience` is a system API")
}

func scopeNotOnAPI(scope, audience string) error {
	return rest.InvalidBody("The scope %q is not defined by the resource server %s. Add it to the API's scopes first, or leave it out of the grant.",
		scope, audience)
}

// mapped answers what in place of the store's sentinel, and every other error as it is.
func mapped(err, sentinel, what error) error {
	if errors.Is(err, sentinel) {
		return what
	}
	return err
}

func missing(err, what error) error { return mapped(err, tenant.ErrNotFound, what) }

func taken(err, what error) error { return mapped(err, tenant.ErrExists, what) }

// isNotFound reports a resource's own 404.
func isNotFound(err error) bool {
	var refusal *rest.Error
	return errors.As(err, &refusal) && refusal.Status == http.StatusNotFound
}

// mapNotFound answers what in place of a resource's own 404.
func mapNotFound(err, what error) error {
	if isNotFound(err) {
		return what
	}
	return err
}
