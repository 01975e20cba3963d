package tenant

import "time"

// ClientCredential is a public key or certificate by which a client can prove who it is (RFC 7523, RFC 8705). It counts only
// where the client names it: see CredentialUse. Auth0: clients/{id}/credentials.
type ClientCredential struct {
	// ID is cred_ and 22 characters.
	ID       string
	ClientID string
	// Type is one of the Credential constants.
	Type string
	Name *string
	// KID and Alg are of public keys only: the JOSE kid, by default the key's RFC 7638 thumbprint, and RS256, RS384 or PS256.
	KID string
	Alg string
	// PublicKey is the SubjectPublicKeyInfo in DER, of public keys only. Never answered.
	PublicKey []byte
	// SubjectDN is the distinguished name that a certificate must have, one attribute per line.
	SubjectDN string
	// ThumbprintSHA256 is base64url of the SHA-256 of the one certificate that counts (RFC 8705 section 3.1).
	ThumbprintSHA256 string

	CreatedAt time.Time
	UpdatedAt time.Time
	// ExpiresAt is when the credential stops to count; zero = never. The one field that changes.
	ExpiresAt time.Time
}

// Values of ClientCredential.Type.
const (
	CredentialPublicKey     = "public_key"
	CredentialCertSubjectDN = "cert_subject_dn"
	CredentialX509Cert      = "x509_cert"
)

// MaxClientCredentials is how many credentials a client may have, so that one can be replaced by another without a gap.
const MaxClientCredentials = 2

// ClientAuthenticationMethods are how a client proves who it is other than by a secret; exactly one of them is set.
type ClientAuthenticationMethods struct {
	// PrivateKeyJWT is a signed assertion (RFC 7523 section 2.2).
	PrivateKeyJWT *CredentialSet `json:"private_key_jwt,omitzero"`
	// TLSClientAuth is a certificate of a known authority (RFC 8705 section 2.1).
	TLSClientAuth *CredentialSet `json:"tls_client_auth,omitzero"`
	// SelfSignedTLSClientAuth is one known certificate (RFC 8705 section 2.2).
	SelfSignedTLSClientAuth *CredentialSet `json:"self_signed_tls_client_auth,omitzero"`
}

// CredentialSet names credentials of the client; each of them counts.
type CredentialSet struct {
	Credentials []CredentialRef `json:"credentials"`
}

// CredentialRef names a credential by its id.
type CredentialRef struct {
	ID string `json:"id"`
}

// SignedRequestObject concerns authorization requests (RFC 9101), which writ does not have; kept for the wire.
type SignedRequestObject struct {
	Required    *bool           `json:"required,omitzero"`
	Credentials []CredentialRef `json:"credentials,omitzero"`
}

// TokenVaultPrivilegedAccess concerns tokens of users at other providers, which writ does not have; kept for the wire.
type TokenVaultPrivilegedAccess struct {
	Credentials []CredentialRef           `json:"credentials"`
	IPAllowlist []string                  `json:"ip_allowlist,omitzero"`
	Grants      []TokenVaultAllowedScopes `json:"grants,omitzero"`
}

// TokenVaultAllowedScopes are the scopes of one connection.
type TokenVaultAllowedScopes struct {
	Connection string   `json:"connection"`
	Scopes     []string `json:"scopes"`
}

// CredentialUse is one property of a client that names credentials, and the type that they must have.
type CredentialUse struct {
	Property string
	Type     string
	// Credentials are the client's own: writing to them changes it.
	Credentials []CredentialRef
}

// CredentialUses are all properties of the client that name credentials now.
func (c *Client) CredentialUses() []CredentialUse {
	var uses []CredentialUse
	if methods := c.ClientAuthenticationMethods; methods != nil {
		uses = appendUse(uses, "private_key_jwt", CredentialPublicKey, methods.PrivateKeyJWT)
		uses = appendUse(uses, "tls_client_auth", CredentialCertSubjectDN, methods.TLSClientAuth)
		uses = appendUse(uses, "self_signed_tls_client_auth", CredentialX509Cert, methods.SelfSignedTLSClientAuth)
	}
	if c.SignedRequestObject != nil {
		uses = append(uses, CredentialUse{"signed_request_object", CredentialPublicKey, c.SignedRequestObject.Credentials})
	}
	if c.TokenVaultPrivilegedAccess != nil {
		uses = append(uses, CredentialUse{"token_vault_privileged_access", CredentialPublicKey, c.TokenVaultPrivilegedAccess.Credentials})
	}
	return uses
}

func appendUse(uses []CredentialUse, method, kind string, set *CredentialSet) []CredentialUse {
	if set == nil {
		return uses
	}
	return append(uses, CredentialUse{"client_authentication_methods." + method, kind, set.Credentials})
}
