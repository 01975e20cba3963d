package oauth

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// Reason is one row of the catalogue of refusals. The token endpoint's status table has a line for each; a test walks both.
type Reason int

const (
	// ReasonNetwork: a network ACL of the tenant shuts out where the request comes from.
	ReasonNetwork Reason = iota + 1
	// ReasonNetworkRedirect: a network ACL leads it elsewhere.
	ReasonNetworkRedirect
	// ReasonMalformed: the request cannot be read, or repeats, omits or contradicts a parameter (RFC 6749 section 5.2).
	ReasonMalformed
	// ReasonMethod: the endpoint takes POST only (RFC 6749 section 3.2).
	ReasonMethod
	// ReasonMediaType: the body is neither a form nor JSON.
	ReasonMediaType
	// ReasonTooLarge: the body is longer than the endpoint reads.
	ReasonTooLarge
	// ReasonMissingClientID: no client is named at all.
	ReasonMissingClientID
	// ReasonCredentials: unknown client, missing secret, wrong method. One answer for all, so that none can be told apart.
	ReasonCredentials
	// ReasonSecret: the secret does not match. The caller is told the same as of ReasonCredentials.
	ReasonSecret
	// ReasonUnsupportedGrantType: the server does not know the grant type.
	ReasonUnsupportedGrantType
	// ReasonGrantType: the client may not use the grant type.
	ReasonGrantType
	// ReasonNoAudience: neither an audience nor a default one.
	ReasonNoAudience
	// ReasonUnknownAudience: the tenant has no such API.
	ReasonUnknownAudience
	// ReasonPolicy: the API refuses clients altogether. The caller is told the same as of ReasonNoClientGrant.
	ReasonPolicy
	// ReasonNoClientGrant: the client has no grant for the API.
	ReasonNoClientGrant
	// ReasonScope: a scope was asked for that was not granted.
	ReasonScope
	// ReasonOrganization: the organization parameter is wrong or missing.
	ReasonOrganization
	// ReasonProofOfPossession: a token bound to a key is required and the request proves none.
	ReasonProofOfPossession
	// ReasonRateLimit: the client asks more often than its rate limit policy allows.
	ReasonRateLimit
	// ReasonQuota: the client or the organization has had all the tokens of its hour or its day.
	ReasonQuota
	// ReasonActions: an Action has to run before a token is issued, and did not.
	ReasonActions
	// ReasonOverloaded: the server has more to do than it can; try again.
	ReasonOverloaded
	// ReasonUnavailable: the store does not answer, so no token can have its record.
	ReasonUnavailable
	// ReasonInternal: a fault of ours.
	ReasonInternal

	reasonEnd
)

// Reasons lists the catalogue, for tests that must cover all of it.
func Reasons() []Reason {
	all := make([]Reason, 0, reasonEnd-1)
	for r := Reason(1); r < reasonEnd; r++ {
		all = append(all, r)
	}
	return all
}

// String is the label of metrics.
func (r Reason) String() string {
	switch r {
	case ReasonNetwork:
		return "network"
	case ReasonNetworkRedirect:
		return "network_redirect"
	case ReasonMalformed:
		return "malformed"
	case ReasonMethod:
		return "method"
	case ReasonMediaType:
		return "media_type"
	case ReasonTooLarge:
		return "too_large"
	case ReasonMissingClientID:
		return "missing_client_id"
	case ReasonCredentials:
		return "credentials"
	case ReasonSecret:
		return "secret"
	case ReasonUnsupportedGrantType:
		return "unsupported_grant_type"
	case ReasonGrantType:
		return "grant_type"
	case ReasonNoAudience:
		return "no_audience"
	case ReasonUnknownAudience:
		return "unknown_audience"
	case ReasonPolicy:
		return "policy"
	case ReasonNoClientGrant:
		return "no_client_grant"
	case ReasonScope:
		return "scope"
	case ReasonOrganization:
		return "organization"
	case ReasonProofOfPossession:
		return "proof_of_possession"
	case ReasonRateLimit:
		return "rate_limit"
	case ReasonQuota:
		return "quota"
	case ReasonActions:
		return "actions"
	case ReasonOverloaded:
		return "overloaded"
	case ReasonUnavailable:
		return "unavailable"
	case ReasonInternal:
		return "internal"
	}
	return "unknown"
}

// Error is a refusal at the token endpoint. Code, Description and URI go to the caller; Cause is for the operator's log only.
type Error struct {
	Reason      Reason
	Code        string // RFC 6749 section 5.2: error
	Description string // error_description, Auth0's text
	URI         string // error_uri; empty = left out
	Cause       error
	// Missing are the scopes that were asked for and not granted; of ReasonScope only.
	Missing []string
	// Headers are fields of the answer; of reasons that say when to come back.
	Headers []Header
	// Notices are for the tenant's log, beside the refusal's own record, or in its place: see Unrecorded.
	Notices []tenant.LogNotice
}

// Unrecorded reports whether the refusal has no record of its own: whoever is kept from asking may ask very often.
func (e *Error) Unrecorded() bool {
	return e.Reason == ReasonNetwork || e.Reason == ReasonNetworkRedirect || e.Reason == ReasonRateLimit
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s (%v)", e.Code, e.Description, e.Cause)
	}
	return e.Code + ": " + e.Description
}

func (e *Error) Unwrap() error { return e.Cause }

// ForOperators is why, in words for those who run the tenant: the cause where there is one, else what the caller was told.
func (e *Error) ForOperators() string {
	if e.Cause != nil {
		return e.Cause.Error()
	}
	return e.Description
}

// AsError returns err as a refusal. A store that cannot answer is Unavailable; what is no refusal is Internal.
func AsError(err error) *Error {
	var refusal *Error
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, tenant.ErrUnavailable):
		return Unavailable(err)
	}
	return Internal(err)
}

// Codes of RFC 6749 section 5.2, and those that Auth0 adds to them.
const (
	codeInvalidRequest         = "invalid_request"
	codeInvalidClient          = "invalid_client"
	codeUnauthorizedClient     = "unauthorized_client"
	codeUnsupportedGrantType   = "unsupported_grant_type"
	codeAccessDenied           = "access_denied"
	codeServerError            = "server_error"
	codeTooManyRequests        = "too_many_requests"
	codeTemporarilyUnavailable = "temporarily_unavailable"
)

// grantTypesURI is the error_uri that real tenants send.
const grantTypesURI = "https://auth0.com/docs/clients/client-grant-types"

// NetworkRefused refuses where a request comes from, before anything of it is looked at. The text is ours: what Auth0 says is not recorded. A
// redirect is one that no client follows with its secret (303, RFC 9110 section 15.4.4).
func NetworkRefused(acl *tenant.NetworkACL) *Error {
	refusal := &Error{Reason: ReasonNetwork, Code: codeAccessDenied, Description: NetworkRefusal,
		Cause: fmt.Errorf("the network ACL %s (%q) has the action %s", acl.ID, acl.Description, acl.Rule.Action.Name())}
	if acl.Rule.Action.Redirect {
		refusal.Reason, refusal.Headers = ReasonNetworkRedirect, []Header{{"Location", acl.Rule.Action.RedirectURI}}
	}
	return refusal
}

// NetworkRefusal is the public text of NetworkRefused.
const NetworkRefusal = "Access from this network is denied."

// Malformed says which part of the request is wrong and how to mend it.
func Malformed(format string, args ...any) *Error {
	return &Error{Reason: ReasonMalformed, Code: codeInvalidRequest, Description: clip(fmt.Sprintf(format, args...))}
}

// MissingParameter names a required parameter that is absent or empty.
func MissingParameter(name string) *Error { return Malformed("Missing required parameter: %s", name) }

// MethodNotAllowed refuses anything but POST.
func MethodNotAllowed(method string) *Error {
	return &Error{Reason: ReasonMethod, Code: codeInvalidRequest,
		Description: fmt.Sprintf("Method %s is not allowed here: send POST", clip(method))}
}

// MediaType refuses a body that is neither form nor JSON.
func MediaType(got string) *Error {
	return &Error{Reason: ReasonMediaType, Code: codeInvalidRequest, Description: fmt.Sprintf(
		"Unsupported content type %q: send application/x-www-form-urlencoded or application/json", clip(got))}
}

// TooLarge refuses a body of more than limit bytes.
func TooLarge(limit int64) *Error {
	return &Error{Reason: ReasonTooLarge, Code: codeInvalidRequest,
		Description: fmt.Sprintf("The request body is larger than %d bytes", limit)}
}

// MissingClientID refuses a request that names no client.
func MissingClientID() *Error {
	return &Error{Reason: ReasonMissingClientID, Code: codeInvalidClient, Description: "Missing client_id"}
}

// Unauthorized refuses credentials. The cause (unknown client, wrong secret, ...) never reaches the caller.
func Unauthorized(cause error) *Error {
	return &Error{Reason: ReasonCredentials, Code: codeAccessDenied, Description: "Unauthorized", Cause: cause}
}

// WrongSecret refuses a secret in the words of Unauthorized.
func WrongSecret(cause error) *Error {
	refusal := Unauthorized(cause)
	refusal.Reason = ReasonSecret
	return refusal
}

// UnsupportedGrantType refuses a grant type that the server does not have. What is no grant type at all is not repeated: a form with
// the wrong separators would put its secret there.
func UnsupportedGrantType(grantType string) *Error {
	if !grantTypeShape.MatchString(grantType) {
		grantType = "(not a grant type)"
	}
	return &Error{Reason: ReasonUnsupportedGrantType, Code: codeUnsupportedGrantType, Description: "Unsupported grant type: " + grantType}
}

// grantTypeShape is a name or an absolute URI (RFC 6749 section 4.5).
var grantTypeShape = regexp.MustCompile(`^[A-Za-z0-9:._/-]{1,128}$`)

// GrantTypeNotAllowed refuses a grant type that the client may not use.
func GrantTypeNotAllowed(grantType string, cause error) *Error {
	return &Error{Reason: ReasonGrantType, Code: codeUnauthorizedClient, URI: grantTypesURI, Cause: cause,
		Description: fmt.Sprintf("Grant type '%s' not allowed for the client.", grantType)}
}

// NoAudience refuses a request without audience in a tenant without default_audience.
func NoAudience(cause error) *Error {
	return &Error{Reason: ReasonNoAudience, Code: codeAccessDenied, Cause: cause,
		Description: "Non-global clients are not allowed access to APIv1"}
}

// UnknownAudience refuses an audience that is no API's identifier. Compared byte for byte: a slash matters.
func UnknownAudience(audience string, cause error) *Error {
	return &Error{Reason: ReasonUnknownAudience, Code: codeAccessDenied, Cause: cause,
		Description: "Service not enabled within domain: " + clip(audience)}
}

// ClosedToClients refuses any client of an API that is closed to clients, in the words of NoClientGrant.
func ClosedToClients(clientID, audience string, cause error) *Error {
	refusal := NoClientGrant(clientID, audience, cause)
	refusal.Reason = ReasonPolicy
	return refusal
}

// NoClientGrant refuses a client without a grant for the API.
func NoClientGrant(clientID, audience string, cause error) *Error {
	return &Error{Reason: ReasonNoClientGrant, Code: codeAccessDenied, Cause: cause, Description: fmt.Sprintf(
		`Client "%s" is not authorized to access resource server "%s". You need to create a "client-grant" associated to this API.`,
		clientID, clip(audience))}
}

// ScopesNotGranted names the scopes that were asked for and not granted.
func ScopesNotGranted(missing []string) *Error {
	return &Error{Reason: ReasonScope, Code: codeAccessDenied, Missing: missing,
		Description: "Client has not been granted scopes: " + clip(strings.Join(missing, ", "))}
}

// InvalidOrganization refuses an organization that the tenant does not have or the grant does not allow.
func InvalidOrganization(organization string, cause error) *Error {
	return &Error{Reason: ReasonOrganization, Code: codeInvalidRequest, Cause: cause,
		Description: "parameter organization is invalid: " + clip(organization)}
}

// OrganizationRequired refuses a request without organization where the grant requires one.
func OrganizationRequired() *Error {
	return &Error{Reason: ReasonOrganization, Code: codeInvalidRequest,
		Description: "parameter organization is required for this client"}
}

// ProofRequired refuses a request that proves possession of no key where the API or the client requires it.
func ProofRequired(by string) *Error {
	return &Error{Reason: ReasonProofOfPossession, Code: codeInvalidRequest,
		Description: "Proof of possession is required by the " + by}
}

// ProofUnsupported refuses a proof that an API would bind its token to: this server cannot yet.
func ProofUnsupported() *Error {
	return &Error{Reason: ReasonProofOfPossession, Code: codeInvalidRequest,
		Description: "This server does not bind tokens to keys yet: send no DPoP header"}
}

// RateLimited refuses a request that comes too soon.
func RateLimited(cause error, headers []Header) *Error {
	return &Error{Reason: ReasonRateLimit, Code: codeTooManyRequests, Description: "Rate limit exceeded.", Cause: cause, Headers: headers}
}

// QuotaExceeded refuses a token because who it is for, "Client" or "Organization", has had all of its quota.
func QuotaExceeded(who string, cause error, headers []Header) *Error {
	return &Error{Reason: ReasonQuota, Code: codeTooManyRequests, Description: who + " quota exceeded", Cause: cause, Headers: headers}
}

// ActionsNotRun refuses a token that an Action has not seen, in the words of Internal.
func ActionsNotRun(cause error) *Error {
	refusal := Internal(cause)
	refusal.Reason = ReasonActions
	return refusal
}

// Overloaded asks the caller to come back: better an early no than a late timeout.
func Overloaded() *Error {
	return &Error{Reason: ReasonOverloaded, Code: codeTemporarilyUnavailable,
		Description: "The server is overloaded. Retry after the time in the Retry-After header."}
}

// Unavailable refuses because the store is gone: a token without its durable record is never given out.
func Unavailable(cause error) *Error {
	return &Error{Reason: ReasonUnavailable, Code: codeTemporarilyUnavailable,
		Description: "The server cannot record this request right now. No token was issued; retry later.", Cause: cause}
}

// Internal hides a fault of ours behind a plain server_error.
func Internal(cause error) *Error {
	return &Error{Reason: ReasonInternal, Code: codeServerError, Description: "Internal server error", Cause: cause}
}

// clip bounds what an answer repeats of the caller's own words, so that a 60 kB audience costs a line, not a page.
func clip(s string) string {
	const limit = 512
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
