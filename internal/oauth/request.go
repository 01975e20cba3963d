package oauth

import "github.com/writ-auth/writ/internal/tenant"

// TokenRequest is a token request as parsed and judged well-formed, once, by the token endpoint (RFC 6749 section 4.4.2).
// Rooms see this, never the HTTP request.
type TokenRequest struct {
	Call tenant.Call

	GrantType string
	// ClientID is who the caller says it is, from the body or from Basic; they agree if both are there.
	ClientID string
	// Secret is what was presented; empty = none. Method tells where it came from.
	Secret tenant.Secret
	Method AuthMethod

	// Audience is the API asked for; empty = not given.
	Audience string
	// Resource is RFC 8707's word for it; only the compatibility profile reads it.
	Resource string
	// Scope is what was asked for, without duplicates, in order; nil = not given, which means all that is granted.
	Scope []string
	// Organization is an organization's id or name; empty = not given.
	Organization string

	// Assertion: a client_assertion (RFC 7523) was presented. DPoP: a proof of possession (RFC 9449) was. Neither has its room yet,
	// and neither is ever taken for something else.
	Assertion, DPoP bool
}

// AuthMethod is a client authentication method (RFC 7591 section 2, token_endpoint_auth_method).
type AuthMethod string

const (
	AuthNone              AuthMethod = tenant.AuthMethodNone
	AuthClientSecretPost  AuthMethod = tenant.AuthMethodClientSecretPost
	AuthClientSecretBasic AuthMethod = tenant.AuthMethodClientSecretBasic
)

// Authorization is what the pipeline decided to grant; the signer turns it into a token. Beside a refusal it holds what was decided
// before that one.
type Authorization struct {
	Call           tenant.Call
	Client         *tenant.Client
	ResourceServer *tenant.ResourceServer
	Grant          *tenant.ClientGrant
	// Audience is the aud claim: the resource server's identifier.
	Audience string
	// Scope is granted: all of the grant's, or the subset asked for.
	Scope []string
	// Organization is whom the token is for; nil = for none in particular. OrganizationName is the org_name claim; empty = the tenant does not
	// tell names.
	Organization     *tenant.Organization
	OrganizationName string
	// Policy is the rate limit policy that counts for the client, nil = none, and PolicyShared whether it shares the limit with others. For
	// Explain only.
	Policy       *tenant.RateLimitPolicy
	PolicyShared bool
	// Associated: the grant is associated with Organization, or may be used for any.
	Associated bool
}

// Token is a signed access token and what the answer and the log say of it.
type Token struct {
	Value tenant.Secret
	// JTI is the token's id; empty in the auth0 profile, which has none.
	JTI string
	// ExpiresIn is the validity in seconds.
	ExpiresIn int
}

// TokenTypeBearer is RFC 6750's.
const TokenTypeBearer = "Bearer"
