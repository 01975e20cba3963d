package token

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
)

// status is the one place that gives a refusal its HTTP status. Auth0 says 401 access_denied where RFC 6749 section 5.2 has
// invalid_client, and 403 where it has 400.
var status = map[oauth.Reason]int{
	oauth.ReasonNetwork:              http.StatusForbidden,
	oauth.ReasonNetworkRedirect:      http.StatusSeeOther,
	oauth.ReasonMalformed:            http.StatusBadRequest,
	oauth.ReasonMethod:               http.StatusMethodNotAllowed,
	oauth.ReasonMediaType:            http.StatusUnsupportedMediaType,
	oauth.ReasonTooLarge:             http.StatusRequestEntityTooLarge,
	oauth.ReasonMissingClientID:      http.StatusUnauthorized,
	oauth.ReasonCredentials:          http.StatusUnauthorized,
	oauth.ReasonSecret:               http.StatusUnauthorized,
	oauth.ReasonUnsupportedGrantType: http.StatusBadRequest,
	oauth.ReasonGrantType:            http.StatusForbidden,
	oauth.ReasonNoAudience:           http.StatusForbidden,
	oauth.ReasonUnknownAudience:      http.StatusForbidden,
	oauth.ReasonPolicy:               http.StatusForbidden,
	oauth.ReasonNoClientGrant:        http.StatusForbidden,
	oauth.ReasonScope:                http.StatusForbidden,
	oauth.ReasonOrganization:         http.StatusBadRequest,
	oauth.ReasonProofOfPossession:    http.StatusBadRequest,
	oauth.ReasonQuota:                http.StatusTooManyRequests,
	oauth.ReasonRateLimit:            http.StatusTooManyRequests,
	oauth.ReasonActions:              http.StatusInternalServerError,
	oauth.ReasonOverloaded:           http.StatusServiceUnavailable,
	oauth.ReasonUnavailable:          http.StatusServiceUnavailable,
	oauth.ReasonInternal:             http.StatusInternalServerError,
}

// refusalBody is RFC 6749 section 5.2.
type refusalBody struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	URI         string `json:"error_uri,omitzero"`
}

// writeToken answers RFC 6749 section 5.1. A token is three base64url parts, so it needs no escaping; scopes are escaped.
func writeToken(w http.ResponseWriter, x *exchange) {
	token := x.token.Value.Reveal()
	body := make([]byte, 0, len(token)+256)
	body = append(body, `{"access_token":"`...)
	body = append(body, token...)
	body = append(body, '"')
	if scope := strings.Join(x.auth.Scope, " "); scope != "" {
		body = append(body, `,"scope":`...)
		body = appendJSONString(body, scope)
	}
	body = append(body, `,"expires_in":`...)
	body = strconv.AppendInt(body, int64(x.token.ExpiresIn), 10)
	body = append(body, `,"token_type":"`+oauth.TokenTypeBearer+`"}`...)
	setHeaders(w, x.hold.Headers)
	write(w, http.StatusOK, body)
}

// appendJSONString appends s as JSON; plain ASCII, as scopes are (RFC 6749 section 3.3), without reflection.
func appendJSONString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			encoded, _ := json.Marshal(s) // a string always marshals
			return append(dst, encoded...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// statusOf is the HTTP status of a refusal.
func statusOf(reason oauth.Reason) int {
	if code, ok := status[reason]; ok {
		return code
	}
	return http.StatusInternalServerError
}

func writeRefusal(w http.ResponseWriter, refusal *oauth.Error) {
	code := statusOf(refusal.Reason)
	switch code {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	setHeaders(w, refusal.Headers)
	writeJSON(w, code, refusalBody{refusal.Code, refusal.Description, refusal.URI})
}

// setHeaders sets fields of the answer; of a name that is there twice, the last one.
func setHeaders(w http.ResponseWriter, fields []oauth.Header) {
	for _, f := range fields {
		w.Header().Set(f.Name, f.Value)
	}
}

// WriteInternal answers a fault outside the pipeline (a panic, say) in the endpoint's format.
func WriteInternal(w http.ResponseWriter) { writeRefusal(w, oauth.Internal(nil)) }

// writeJSON ends the exchange with a value.
func writeJSON(w http.ResponseWriter, code int, body any) {
	var encoded bytes.Buffer
	enc := json.NewEncoder(&encoded)
	enc.SetEscapeHTML(false)
	enc.Encode(body) // of our own types: cannot fail
	write(w, code, bytes.TrimRight(encoded.Bytes(), "\n"))
}

// write ends the exchange. RFC 6749 section 5.1 demands both cache headers.
func write(w http.ResponseWriter, code int, body []byte) {
	h := w.Header()
	h["Content-Type"] = contentType
	h["Cache-Control"] = noStore
	h["Pragma"] = noCache
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(code)
	w.Write(body) // the caller may have gone; its token is recorded all the same
}

// Header values that every answer shares; full slices, so that nobody appends to them.
var (
	contentType = []string{"application/json"}
	noStore     = []string{"no-store"}
	noCache     = []string{"no-cache"}
)
