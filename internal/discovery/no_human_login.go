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
//	/mfa/challenge       400 unsupported_grant_type     POST
//	/oauth/revoke        400 unsupported_token_type     POST (RFC 7009 section 2.2.1): access tokens end by expiry, there are no others
//	/oidc/register       403 access_denied              POST: dynamic client registration is off
//	/userinfo            401 access_denied              GET, HEAD, POST, with WWW-Authenticate (RFC 6750 section 3)
func (h *Handler) NoHumanLogin(_ tenant.Call, w http.ResponseWriter, r *http.Request) {
	methods := []string{http.MethodGet, http.MethodHead, http.MethodPost}
	status, code, text := http.StatusBadRequest, "invalid_request", noHumanLogin
	switch r.URL.Path {
	case "/authorize":
		code = "unsupported_response_type"
	case "/oauth/device/code", "/mfa/challenge":
		methods, code = []string{http.MethodPost}, "unsupported_grant_type"
	case "/oauth/revoke":
		methods, code = []string{http.MethodPost}, "unsupported_token_type"
		text = "Access tokens cannot be revoked, they end by expiry; there are no refresh tokens."
	case "/oidc/register":
		methods, status, code = []string{http.MethodPost}, http.StatusForbidden, "access_denied"
		text = "Dynamic client registration is not enabled: create clients with the Management API."
	case "/userinfo":
		status, code = http.StatusUnauthorized, "access_denied"
	}
	if !allowed(w, r, methods...) {
		return
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeError(w, status, code, text)
}
