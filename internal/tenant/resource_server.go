package tenant

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
)

// DefaultTokenLifetime is the access-token validity of a new resource server, in seconds.
const DefaultTokenLifetime = 86400

// MaxTokenLifetime is the longest access-token validity, in seconds: 30 days.
const MaxTokenLifetime = 2592000

// ResourceServer is an API that tokens are issued for ("API" in the dashboard). Auth0: resource-servers.
// A field that was never set is absent from the JSON form, not null.
type ResourceServer struct {
	// ID is 24 hex digits.
	ID   string `json:"id"`
	Name string `json:"name,omitzero"`
	// Identifier is the audience, compared byte for byte; immutable. Of the system resource server it is derived from the
	// tenant's canonical domain on reading and never stored.
	Identifier                             string                   `json:"identifier"`
	AllowOfflineAccess                     bool                     `json:"allow_offline_access"`
	AllowOnlineAccess                      *bool                    `json:"allow_online_access,omitzero"`
	AllowOnlineAccessWithEphemeralSessions *bool                    `json:"allow_online_access_with_ephemeral_sessions,omitzero"`
	SkipConsent                            bool                     `json:"skip_consent_for_verifiable_first_party_clients"`
	SubjectTypeAuthorization               SubjectTypeAuthorization `json:"subject_type_authorization"`
	// TokenLifetime is the access-token validity in seconds. Default 86400, at most 2592000.
	TokenLifetime int `json:"token_lifetime"`
	// TokenLifetimeForWeb is for browser flows, which writ does not have; kept for the wire. Default 7200.
	TokenLifetimeForWeb int `json:"token_lifetime_for_web"`
	// SigningAlg is RS256 (default), PS256, HS256 or, beyond Auth0, ES256 or EdDSA.
	SigningAlg string `json:"signing_alg"`
	// SigningSecret is the HS256 key. Sealed at rest.
	SigningSecret Secret `json:"signing_secret,omitzero"`
	// EnforcePolicies is RBAC: with an _authz dialect the token carries permissions.
	EnforcePolicies *bool `json:"enforce_policies,omitzero"`
	// TokenDialect is the access-token profile; empty means DialectAccessToken.
	TokenDialect string  `json:"token_dialect,omitzero"`
	Scopes       []Scope `json:"scopes,omitzero"`
	// VerificationLocation is of old clients, and read by nothing; kept for the wire.
	VerificationLocation *string `json:"verification_location,omitzero"`
	// TokenEncryption has tokens encrypted for the API alone; nil = they are signed only.
	TokenEncryption      *TokenEncryption   `json:"token_encryption,omitzero"`
	ConsentPolicy        *string            `json:"consent_policy,omitzero"`
	AuthorizationDetails json.RawMessage    `json:"authorization_details,omitzero"`
	ProofOfPossession    *ProofOfPossession `json:"proof_of_possession,omitzero"`
	// ClientID is the client of AppTypeResourceServer that stands for the API, filled in on reading; empty = none.
	ClientID string `json:"client_id,omitzero"`
	IsSystem bool   `json:"is_system,omitzero"`
}

// Scope is one permission of a resource server.
type Scope struct {
	Value       string  `json:"value"`
	Description *string `json:"description,omitzero"`
}

// SubjectTypeAuthorization says who may ask for tokens of the API at all (Auth0: API access policies).
type SubjectTypeAuthorization struct {
	Client AccessPolicy `json:"client"`
	User   AccessPolicy `json:"user"`
	// AnonymousUser is for sessions without a login, which writ does not have; kept for the wire. nil = nothing was said of it.
	AnonymousUser *AccessPolicy `json:"anonymous_user,omitzero"`
}

// AccessPolicy is one part of SubjectTypeAuthorization.
type AccessPolicy struct {
	Policy string `json:"policy"`
}

// Values of AccessPolicy.Policy. For clients the default is PolicyRequireClientGrant and PolicyAllowAll is not offered.
const (
	PolicyAllowAll           = "allow_all"
	PolicyDenyAll            = "deny_all"
	PolicyRequireClientGrant = "require_client_grant"
)

// ProofOfPossession says whether tokens must be bound to a key (RFC 9449, RFC 8705).
type ProofOfPossession struct {
	Mechanism string `json:"mechanism"`
	Required  bool   `json:"required"`
	// RequiredFor is public_clients or all_clients; nil means all.
	RequiredFor *string `json:"required_for,omitzero"`
}

// RequiredOfMachines reports whether a machine's token must be bound to a key. Public clients are none: machines all authenticate.
func (p *ProofOfPossession) RequiredOfMachines() bool {
	return p != nil && p.Required && (p.RequiredFor == nil || *p.RequiredFor != "public_clients")
}

// TokenEncryption makes tokens nested JWTs (RFC 7519 section 5.2): signed, then encrypted as a JWE (RFC 7516). Auth0: token_encryption.
type TokenEncryption struct {
	EncryptionKey TokenEncryptionKey `json:"encryption_key"`
	// Format is compact-nested-jwe.
	Format string `json:"format"`
}

// TokenEncryptionKey is the public key of the API. It goes in as PEM and comes back as its thumbprint.
type TokenEncryptionKey struct {
	Name string `json:"name,omitzero"`
	// Alg is RSA-OAEP-256, RSA-OAEP-384 or RSA-OAEP-512 (RFC 7518 section 4.3).
	Alg string `json:"alg"`
	// KID is the kid of the JWE's header; empty = it has none.
	KID string `json:"kid,omitzero"`
	// ThumbprintSHA256 is the key's JWK thumbprint (RFC 7638), base64url.
	ThumbprintSHA256 string `json:"thumbprint_sha256,omitzero"`
	// PEM is the certificate or public key, stored and never shown again.
	PEM string `json:"pem,omitzero"`
}

// Values of ResourceServer.TokenDialect.
const (
	DialectAccessToken      = "access_token"
	DialectAccessTokenAuthz = "access_token_authz"
	DialectRFC9068          = "rfc9068_profile"
	DialectRFC9068Authz     = "rfc9068_profile_authz"
)

// Values of ResourceServer.SigningAlg (RFC 7518 section 3.1; EdDSA: RFC 8037 section 3.1).
const (
	RS256 = "RS256"
	PS256 = "PS256"
	HS256 = "HS256"
	ES256 = "ES256"
	EdDSA = "EdDSA"
)

// NewResourceServer has the recorded defaults of a created resource server.
func NewResourceServer(id, identifier string) ResourceServer {
	return ResourceServer{
		ID:         id,
		Identifier: identifier,
		SubjectTypeAuthorization: SubjectTypeAuthorization{
			Client: AccessPolicy{Policy: PolicyRequireClientGrant},
			User:   AccessPolicy{Policy: PolicyAllowAll},
		},
		TokenLifetime:       DefaultTokenLifetime,
		TokenLifetimeForWeb: 7200,
		SigningAlg:          RS256,
	}
}

// RFC9068 reports whether tokens follow RFC 9068 rather than Auth0's own profile.
func (rs *ResourceServer) RFC9068() bool {
	return rs.TokenDialect == DialectRFC9068 || rs.TokenDialect == DialectRFC9068Authz
}

// Permissions reports whether tokens carry the permissions claim: RBAC is on and the dialect is one of the _authz two.
func (rs *ResourceServer) Permissions() bool {
	authz := rs.TokenDialect == DialectAccessTokenAuthz || rs.TokenDialect == DialectRFC9068Authz
	return authz && rs.EnforcePolicies != nil && *rs.EnforcePolicies
}

// Title is what people call the API: its name, else its identifier.
func (rs *ResourceServer) Title() string {
	if rs.Name == "" {
		return rs.Identifier
	}
	return rs.Name
}

// HasScope reports whether value is one of the API's scopes.
func (rs *ResourceServer) HasScope(value string) bool {
	return slices.ContainsFunc(rs.Scopes, func(s Scope) bool { return s.Value == value })
}

// Validate holds the rules across fields. Errors: *FieldError.
func (rs *ResourceServer) Validate() error {
	if rs.SigningAlg == HS256 && len(rs.SigningSecret) < 16 {
		return fieldErrorf("signing_secret", "A signing_secret of at least 16 characters is required when signing_alg is HS256.")
	}
	seen := make(map[string]bool, len(rs.Scopes))
	for _, s := range rs.Scopes {
		if strings.ContainsAny(s.Value, " \t\r\n") {
			return fieldErrorf("scopes", "Scope %q must not contain white space: scopes are separated by spaces in tokens.", s.Value)
		}
		if seen[s.Value] {
			return fieldErrorf("scopes", "Scope %q is listed twice.", s.Value)
		}
		seen[s.Value] = true
	}
	return nil
}

// LogValue names the API and keeps its signing secret out of every log.
func (rs *ResourceServer) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", rs.ID), slog.String("identifier", rs.Identifier))
}
