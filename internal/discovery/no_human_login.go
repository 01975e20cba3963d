package discovery

import (
	"net/http"

	"github.com/writ-auth/writ/internal/tenant"
)

const noHumanLogin = "There is no human login here: writ issues tokens to machines. " +
	"Ask /oauth/token with grant_type=client_credentials."

// NoHumanLogin answers the paths where Auth0 logs people in, in Auth0's error shape: what is missing and where to go.
//
//	/authorize           400 unsupported_response_type  GET, HEAD, POST (OpenID Connect Core 1.0 section 3.1.2.1)
//	/oidc/logout         400 invalid_request            GET, HEAD, POST
//	/oauth/device/code   400 unsupported_grant_type     POST (RFC 8628 section 3.1)
//	/userinfo            401 access_denied              GET, HEAD, POST, with WWW-Authenticate (RFC 6750 section 3)
func (h *Handler) NoHumanLogin(_ tenant.Call, w http.ResponseWriter, r *http.Request) {
	methods := []string{http.MethodGet, http.MethodHead, http.MethodPost}
	status, code := http.StatusBadRequest, "invalid_request"
	switch r.URL.Path {
	case "/authorize":
		code = "unsupported_response_type"
	case "/oauth/device/code":
		methods, code = []string{http.MethodPost}, "unsupported_grant_type"
	case "/userinfo":
		status, code = http.StatusUnauthorized, "access_denied"
	}
	if !allowed(w, r, methods...) {
		return
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeError(w, status, code, noHumanLogin)
}
