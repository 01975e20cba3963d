package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/tenant"
)

// Error is a refusal under /api/v2. All but Cause goes to the caller; Cause is for the operator's log only.
type Error struct {
	// Status is the HTTP status; its phrase is the envelope's error.
	Status  int
	Message string
	// Discreet is Message without the caller's own words, which may be secrets; for logs. Empty = Message has none.
	Discreet string
	// Code is errorCode; empty = left out, as Auth0's newer services do.
	Code string
	// Attribute is attributes.error, which Auth0 adds to refusals of a token; empty = left out.
	Attribute string
	// Limit is of what was done too often; the answer tells of it in its headers. nil = of nothing.
	Limit *limit.Verdict
	// Location is where the caller is led instead; empty = nowhere.
	Location string
	Cause    error
	// overload marks a 5xx that callers bring about: a warning to the operator, no error.
	overload bool
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%d %s: %s (%v)", e.Status, http.StatusText(e.Status), e.Message, e.Cause)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, http.StatusText(e.Status), e.Message)
}

func (e *Error) Unwrap() error { return e.Cause }

// phrase is the status in words: the standard's, but for the one that Auth0 words as an older standard did.
func (e *Error) phrase() string {
	if e.Status == http.StatusRequestURITooLong {
		return "Request-URI Too Large"
	}
	return http.StatusText(e.Status)
}

// Values of errorCode that belong to no single resource.
const (
	codeInvalidBody        = "invalid_body"
	codeInvalidQueryString = "invalid_query_string"
	codeInvalidPaging      = "invalid_paging"
	codeInvalidURI         = "invalid_uri"
	codeInsufficientScope  = "insufficient_scope"
	codeTooManyRequests    = "too_many_requests"
	codeNotSupported       = "operation_not_supported"
	codeAccessDenied       = "access_denied"
	codeBearer             = "Bearer"
)

// AsError returns err as a refusal: an *Error as it is, a tenant sentinel by its meaning, anything else as Internal.
func AsError(err error) *Error {
	var refusal *Error
	var field *tenant.FieldError
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &field):
		return InvalidBody("%s", field.Message)
	case errors.Is(err, tenant.ErrUnavailable):
		return Unavailable(err)
	}
	return Internal(err)
}

// UnknownRoute is the recorded answer to a path or method that Auth0 does not have.
func UnknownRoute() *Error { return &Error{Status: http.StatusNotFound, Message: "Not Found"} }

// NotFound says that the tenant has no such object; text and code are the resource's own.
func NotFound(message, code string) *Error {
	return &Error{Status: http.StatusNotFound, Message: message, Code: code}
}

// Conflict says that a unique value is taken.
func Conflict(format string, args ...any) *Error {
	return &Error{Status: http.StatusConflict, Message: fmt.Sprintf(format, args...)}
}

// MissingAuthentication refuses a request without a bearer token.
func MissingAuthentication() *Error {
	return &Error{Status: http.StatusUnauthorized, Message: "Missing authentication"}
}

// BadAuthorizationHeader refuses a bearer that is not even shaped like a JWT.
func BadAuthorizationHeader() *Error {
	return &Error{Status: http.StatusBadRequest, Message: "Bad HTTP authentication header format", Code: codeBearer}
}

// InvalidToken refuses a token; the cause (unknown key, wrong issuer, deleted client, ...) never reaches the caller.
func InvalidToken(cause error) *Error { return badToken("Invalid token", cause) }

// InvalidSignature refuses a token whose signature no published key of the tenant made.
func InvalidSignature(cause error) *Error {
	return badToken("Invalid signature received for JSON Web Token validation", cause)
}

// ExpiredToken refuses a token after its exp.
func ExpiredToken(cause error) *Error {
	return badToken("Expired token received for JSON Web Token validation", cause)
}

// BadAudience refuses a token that was not issued for this API, whose identifier it names.
func BadAudience(expected string) *Error {
	return &Error{Status: http.StatusUnauthorized, Message: "Bad audience: " + expected}
}

func badToken(text string, cause error) *Error {
	return &Error{Status: http.StatusUnauthorized, Message: text, Attribute: text, Cause: cause}
}

// NetworkRefused refuses where a request comes from.
func NetworkRefused(message string) *Error {
	return &Error{Status: http.StatusForbidden, Message: message, Code: codeAccessDenied}
}

// NetworkRedirected leads a request elsewhere, in a way that no client follows with its token (303, RFC 9110 section 15.4.4).
func NetworkRedirected(message, location string) *Error {
	return &Error{Status: http.StatusSeeOther, Message: message, Code: codeAccessDenied, Location: location}
}

// InsufficientScope names the scopes of which the token holds none. auth0-cli splits the text at ": " and ", ".
func InsufficientScope(anyOf ...string) *Error {
	return &Error{Status: http.StatusForbidden, Code: codeInsufficientScope,
		Message: "Insufficient scope, expected any of: " + strings.Join(anyOf, ", ")}
}

// ForbiddenFields refuses to show fields that the token's scopes do not cover.
func ForbiddenFields(fields []string) *Error {
	return &Error{Status: http.StatusForbidden, Code: codeInsufficientScope,
		Message: "Some fields cannot be read with the permissions granted by the bearer token scopes: " + strings.Join(fields, ", ")}
}

// InvalidBody refuses a body for a reason of its meaning.
func InvalidBody(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Code: codeInvalidBody, Message: fmt.Sprintf(format, args...)}
}

// InvalidQuery refuses the query string for a reason of its meaning.
func InvalidQuery(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Code: codeInvalidQueryString, Message: fmt.Sprintf(format, args...)}
}

// InvalidURI refuses a path for a reason of its meaning.
func InvalidURI(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: codeInvalidURI, Message: message}
}

// Refused is a 400 without an errorCode.
func Refused(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...)}
}

// NotSupported refuses what Auth0 can do and this server cannot; the text says so plainly.
func NotSupported(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Code: codeNotSupported, Message: fmt.Sprintf(format, args...)}
}

// MediaType refuses a body that is neither JSON nor a form in UTF-8.
func MediaType(got string) *Error {
	return &Error{Status: http.StatusUnsupportedMediaType, Code: codeInvalidBody, Message: fmt.Sprintf(
		"Unsupported content type %q: send application/json or application/x-www-form-urlencoded", clip(got))}
}

// ContentCoding refuses a compressed body (RFC 9110 section 8.4).
func ContentCoding(got string) *Error {
	return &Error{Status: http.StatusUnsupportedMediaType, Code: codeInvalidBody,
		Message: fmt.Sprintf("Unsupported content encoding %q: send the body as it is", clip(got))}
}

// TooLarge refuses a body of more than limit bytes.
func TooLarge(limit int64) *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Code: codeInvalidBody,
		Message: fmt.Sprintf("Payload content length greater than maximum allowed: %d", limit)}
}

// TooManyRequests refuses what was done too often.
func TooManyRequests(v limit.Verdict) *Error {
	return &Error{Status: http.StatusTooManyRequests, Code: codeTooManyRequests, Message: "Global limit has been reached", Limit: &v}
}

// Unavailable refuses because the store does not answer now.
func Unavailable(cause error) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Cause: cause,
		Message: "The server cannot reach its store right now. Nothing was changed; retry later."}
}

// URITooLong refuses a query string that says more than the endpoint reads.
func URITooLong(format string, args ...any) *Error {
	return &Error{Status: http.StatusRequestURITooLong, Message: fmt.Sprintf(format, args...)}
}

// PageTooDeep refuses a page behind the last of limit records that a search may be paged through.
func PageTooDeep(limit int) *Error {
	return &Error{Status: http.StatusBadRequest, Code: codeInvalidPaging, Message: fmt.Sprintf("You can only page through the first %d records.", limit)}
}

// Overloaded refuses what would have to wait behind others for too long.
func Overloaded(message string) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Message: message, overload: true}
}

// TookTooLong refuses what would take more time than one caller may have: the caller's doing, and no fault of ours.
func TookTooLong(message string, cause error) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Message: message, Cause: cause, overload: true}
}

// Internal hides a fault of ours.
func Internal(cause error) *Error {
	return &Error{Status: http.StatusInternalServerError, Message: "An internal server error occurred", Cause: cause}
}

// clip bounds what an answer repeats of the caller's own words.
func clip(s string) string {
	const limit = 512
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
