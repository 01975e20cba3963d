package tenant

import (
	"slices"
	"strings"
)

// maxClientMetadata is the most pairs that client_metadata holds.
const maxClientMetadata = 10

// Validate holds the rules across fields. Errors: *FieldError.
func (c *Client) Validate() error {
	for _, rule := range []func() error{c.checkGrantTypes, c.checkAuthentication, c.checkThirdParty} {
		if err := rule(); err != nil {
			return err
		}
	}
	if n := len(c.ClientMetadata); n > maxClientMetadata {
		return fieldErrorf("client_metadata", "client_metadata would have %d properties, maximum %d: send null for those to remove.", n, maxClientMetadata)
	}
	return nil
}

// checkGrantTypes refuses grant types that Auth0 does not have, and the client credentials of a client without credentials.
func (c *Client) checkGrantTypes() error {
	var bad []string
	for _, grantType := range c.GrantTypes {
		if !knownGrantType(grantType) || c.Public() && grantType == GrantClientCredentials {
			bad = append(bad, grantType)
		}
	}
	if len(bad) > 0 {
		return fieldErrorf("grant_types", "Invalid grant types: %s", strings.Join(bad, ", "))
	}
	return nil
}

// knownGrantType: those of RFC 6749 have plain names, and extensions are absolute URIs (RFC 6749 section 4.5).
func knownGrantType(grantType string) bool {
	plain := []string{grantAuthorizationCode, grantImplicit, grantRefreshToken, GrantClientCredentials, "password"}
	return slices.Contains(plain, grantType) || strings.HasPrefix(grantType, "http://auth0.com/oauth/") || strings.HasPrefix(grantType, "urn:")
}

// checkAuthentication: one way to authenticate, and no ID tokens signed with a secret that the client does not have.
func (c *Client) checkAuthentication() error {
	switch {
	case c.ClientAuthenticationMethods == nil:
		return nil
	case c.TokenEndpointAuthMethod != "":
		return fieldErrorf("client_authentication_methods",
			"The client_authentication_methods and token_endpoint_auth_method properties are mutually exclusive: send null for one of them.")
	case c.JWTConfiguration != nil && c.JWTConfiguration.Alg == HS256:
		return fieldErrorf("jwt_configuration", "To configure client_authentication_methods, the property jwt_configuration.alg must be set to RS256.")
	}
	return nil
}

func (c *Client) checkThirdParty() error {
	switch {
	case c.IsFirstParty && c.ThirdPartySecurityMode != "":
		return fieldErrorf("third_party_security_mode", "The third_party_security_mode property is for clients whose is_first_party is false.")
	case c.RedirectionPolicy != "" && !c.Strict():
		return fieldErrorf("redirection_policy", "The redirection_policy property is for clients whose third_party_security_mode is strict.")
	}
	return nil
}

// RefusesSecrets reports whether no client_secret authenticates the client: it has other methods, or a compliance level (FAPI 1
// Advanced section 5.2.2, FAPI 2.0 section 5.3.2.1), which allows keys and certificates only.
func (c *Client) RefusesSecrets() bool {
	return c.ClientAuthenticationMethods != nil || c.compliant()
}

// RequiresProof reports whether the client's tokens must be bound to a key (RFC 8705, RFC 9449): it says so, or its compliance
// level does.
func (c *Client) RequiresProof() bool {
	return c.RequireProofOfPossession != nil && *c.RequireProofOfPossession || c.compliant()
}

// compliant reports a FAPI compliance level.
func (c *Client) compliant() bool {
	return c.ComplianceLevel != nil && *c.ComplianceLevel != "" && *c.ComplianceLevel != "none"
}
