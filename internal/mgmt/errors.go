package mgmt

import (
	"errors"
	"net/http"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// The resources' refusals, in Auth0's words where they are recorded.

func noClient() error { return rest.NotFound("The client does not exist", "inexistent_client") }

func noClientCredential() error {
	return rest.NotFound("The credential does not exist", "inexistent_credential")
}

func noResourceServer() error {
	return rest.NotFound("The resource server does not exist", "inexistent_resource_server")
}

func noClientGrant() error {
	return rest.NotFound("The client grant does not exist.", "inexistent_client_grant")
}

func noSigningKey() error { return rest.NotFound("Signing key not found.", "") }

func noEncryptionKey() error { return rest.NotFound("The key does not exist.", "") }

func noCustomSigningKeys() error {
	return rest.NotFound("No custom signing keys found for this tenant. Upload custom signing keys first.", "")
}

func tooManySearches() error {
	return rest.Overloaded("Too many searches of the log are under way. Retry later, or read on from a log_id.")
}

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

func noSecretToRotate() error {
	return rest.InvalidBody("The secret of a client with client_authentication_methods cannot be rotated: it authenticates by its credentials.")
}

func secretBesideMethods() error {
	return rest.InvalidBody("client_secret cannot be set on a client with client_authentication_methods: it authenticates by its credentials.")
}

// organizationOfThirdParty is a 403 with the code of a bad body, as recorded.
func organizationOfThirdParty() error {
	return &rest.Error{Status: http.StatusForbidden, Code: "invalid_body", Message: "Organizations are only available to first party " +
		"clients on user-based flows. Properties organization_usage and organization_require_behavior must be unset for third party clients."}
}

func unknownOrganization() error { return rest.InvalidBody("No organization found by that id or name") }

func noOrganization() error {
	return rest.NotFound("No organization found by that id or name", "")
}

func organizationNameTaken() error {
	return rest.Conflict("An organization with this name already exists.")
}

func noGrantToAssociate() error { return rest.NotFound("The grant does not exist.", "") }

func grantAssociated() error {
	return rest.Conflict("The client grant has already been added to this organization.")
}

func tooManyOrganizationGrants() error {
	return rest.Conflict("An organization can have a maximum of %d client grants: remove one first.", tenant.MaxOrganizationGrants)
}

// The three ways to miss a network ACL have a text each in Auth0's API description.
func noNetworkACL() error { return rest.NotFound("Network access control list not found.", "") }

func noNetworkACLToUpdate() error {
	return rest.NotFound("Network ACL not found and cannot be updated", "")
}

func noNetworkACLToDelete() error { return rest.NotFound("This ACL does not exist", "") }

func networkACLPriorityTaken() error {
	return rest.Conflict("A Network ACL with this priority number has already been created.")
}

func noRateLimitPolicy() error { return rest.NotFound("The rate limit policy does not exist.", "") }

func rateLimitPolicyTaken() error {
	return rest.Conflict("A rate limit policy with the same `resource`, `consumer`, and `consumer_selector` already exists.")
}

func tooManyRateLimitPolicies() error {
	return rest.Conflict("A tenant can have a maximum of %d rate limit policies: delete one first.", tenant.MaxRateLimitPolicies)
}

func securityModeStays() error {
	return rest.InvalidBody("The third_party_security_mode property is set on creation and cannot be modified.")
}

func credentialOfGlobalClient() error {
	return rest.InvalidBody("The global client stands for all applications and cannot authenticate: create the credential for one of them.")
}

func tooManyCredentials() error {
	return rest.InvalidBody("A client can have a maximum of %d credentials: delete one first.", tenant.MaxClientCredentials)
}

func unknownCredentialIn(property, id string) error {
	return rest.InvalidBody("The client has no credential %s, which %s names", id, property)
}

func unfitCredentialIn(property, id, want string) error {
	return rest.InvalidBody("The credential %s is not of credential_type %s, which %s needs", id, want, property)
}

func credentialInUse(id, property string) error {
	return rest.InvalidBody("The credential %s is in use: remove it from %s first.", id, property)
}

func grantForGlobalClient() error {
	return rest.InvalidBody("The global client stands for all applications and gets no tokens: create the grant for one of them.")
}

func systemResourceServerStays() error {
	return rest.InvalidBody("System resource servers cannot be deleted.")
}

func reservedIdentifier() error { return rest.InvalidBody("The selected identifier is reserved.") }

func reservedClientID() error {
	return rest.InvalidBody("The client id %s is reserved.", tenant.ConsoleClientID)
}

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

// scopeBesideAllScopes refuses a list that would change nothing, when whoever sends it may mean to narrow the grant.
func scopeBesideAllScopes() error {
	return rest.InvalidBody("`scope` cannot be provided when `allow_all_scopes` is true")
}

func anyOrganizationForThirdParty() error {
	return rest.InvalidBody("`allow_any_organization` cannot be used with third-party clients")
}

// proofOfSystemAPI refuses what nobody could take back: no token for the Management API would ever be given out again.
func proofOfSystemAPI() error {
	return rest.NotSupported("This server does not bind tokens to keys yet: with proof of possession required, nobody could reach its Management API any more.")
}

func encryptionKeyUnusable(cause error) error {
	return rest.InvalidBody("The pem of token_encryption.encryption_key cannot be used: %s", cause)
}

func encryptionKeyExists() error { return rest.Conflict("Encryption key has already been created.") }

func rekeyUnderWay() error {
	return rest.Conflict("This tenant is being rekeyed already. Wait until that is done.")
}

// encryptionKeyNative refuses to touch a key of the server's own hierarchy.
func encryptionKeyNative() error { return rest.Refused("Invalid key id or unsupported key type.") }

func wrappedKeyInvalid() error {
	return rest.InvalidBody("Invalid input. Wrapped key material is invalid or unsupported key type.")
}

func noWrapping() error {
	return rest.NotSupported("This server seals secrets under the master key of its installation. It takes no key material from customers, " +
		"and so has no wrapping key to give.")
}

func noForeignSigningKeys() error {
	return rest.NotSupported("This server signs with keys that it has made, and publishes no others: they would verify tokens that it never issued.")
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
