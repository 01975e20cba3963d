package token

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
)

// status is the one place that gives a refusal its HTTP status. Auth0 says 401 access_denied where RFC 6749 section 5.2 has
// invalid_client, and 403 where it has 400.
var status = map[oauth.Reason]int{
	oauth.ReasonMalformed:            http.StatusBadRequest,
	oauth.ReasonMethod:               http.StatusMethodNotAllowed,
	oauth.ReasonMediaType:            http.StatusUnsupportedMediaType,
	oauth.ReasonTooLarge:             http.StatusRequestEntityTooLarge,
	oauth.ReasonMissingClientID:      http.StatusUnauthorized,
	oauth.ReasonCredentials:          http.StatusUnauthorized,
	oauth.ReasonUnsupportedGrantType: http.StatusBadRequest,
	oauth.ReasonGrantType:            http.StatusForbidden,
	oauth.ReasonNoAudience:           http.StatusForbidden,
	oauth.ReasonUnknownAudience:      http.StatusForbidden,
	oauth.ReasonNoClientGrant:        http.StatusForbidden,
	oauth.ReasonScope:                http.StatusForbidden,
	oauth.ReasonOrganization:         http.StatusBadRequest,
	oauth.ReasonProofOfPossession:    http.StatusBadRequest,
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

func writeToken(w http.ResponseWriter, x *exchange) {
	writeJSON(w, http.StatusOK, oauth.TokenResponse{
		AccessToken: x.token.Value,
		Scope:       strings.Join(x.auth.Scope, " "),
		ExpiresIn:   x.token.ExpiresIn,
		TokenType:   oauth.TokenTypeBearer,
	})
}

func writeRefusal(w http.ResponseWriter, refusal *oauth.Error) {
	code, ok := status[refusal.Reason]
	if !ok {
		code = http.StatusInternalServerError
	}
	switch code {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	writeJSON(w, code, refusalBody{refusal.Code, refusal.Description, refusal.URI})
}

// WriteInternal answers a fault outside the pipeline (a panic, say) in the endpoint's format.
func WriteInternal(w http.ResponseWriter) { writeRefusal(w, oauth.Internal(nil)) }

// writeJSON ends the exchange. RFC 6749 section 5.1 demands both cache headers.
func writeJSON(w http.ResponseWriter, code int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	w.WriteHeader(code)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(body) // the caller may have gone; its token is recorded all the same
}
