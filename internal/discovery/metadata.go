package discovery

import (
	"net/http"

	"github.com/writ-auth/writ/internal/tenant"
)

// metadata is the server's description of itself (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3) in Auth0's key
// order. Of Auth0's keys it has those that can be told truthfully:
//
//   - an endpoint is named if its path answers, be it with the plain word that there is no human login (NoHumanLogin). What
//     nothing answers is left out: MFA, dynamic registration, revocation, global token revocation, mTLS aliases;
//   - what writ cannot do and a default would promise is an explicit false: request objects, bound tokens, back-channel logout;
//   - a list that would be empty is left out (RFC 8414 section 3.2): scopes_supported, code challenge methods, response modes,
//     algorithms of client assertions and request objects. Only response_types_supported is there and empty, for both
//     documents require it and clients that parse it strictly exist.
type metadata struct {
	Issuer                            string   `json:"issuer"`
	AuthorizationEndpoint             string   `json:"authorization_endpoint"`
	TokenEndpoint                     string   `json:"token_endpoint"`
	DeviceAuthorizationEndpoint       string   `json:"device_authorization_endpoint"`
	UserinfoEndpoint                  string   `json:"userinfo_endpoint"`
	JWKSURI                           string   `json:"jwks_uri"`
	ResponseTypesSupported            []string `json:"response_types_supported"`
	SubjectTypesSupported             []string `json:"subject_types_supported"`
	TokenEndpointAuthMethodsSupported []string `json:"token_endpoint_auth_methods_supported"`
	// ClaimsSupported are those that every access token has.
	ClaimsSupported              []string `json:"claims_supported"`
	RequestURIParameterSupported bool     `json:"request_uri_parameter_supported"`
	RequestParameterSupported    bool     `json:"request_parameter_supported"`
	// IDTokenSigningAlgValuesSupported are the algs of access tokens: no ID token is ever issued, the key is required, and
	// Auth0's own API middleware takes from it which algs an access token may have.
	IDTokenSigningAlgValuesSupported      []string `json:"id_token_signing_alg_values_supported"`
	TLSClientCertificateBoundAccessTokens bool     `json:"tls_client_certificate_bound_access_tokens"`
	BackchannelLogoutSupported            bool     `json:"backchannel_logout_supported"`
	BackchannelLogoutSessionSupported     bool     `json:"backchannel_logout_session_supported"`
	EndSessionEndpoint                    string   `json:"end_session_endpoint"`
}

// Metadata answers /.well-known/openid-configuration and /.well-known/oauth-authorization-server, the same document, with
// the domain called as issuer and in every URL.
func (h *Handler) Metadata(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	if !allowed(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	issuer := call.Issuer()
	h.publishJSON(w, r, metadata{
		Issuer:                            issuer,
		AuthorizationEndpoint:             issuer + "authorize",
		TokenEndpoint:                     issuer + "oauth/token",
		DeviceAuthorizationEndpoint:       issuer + "oauth/device/code",
		UserinfoEndpoint:                  issuer + "userinfo",
		JWKSURI:                           issuer + ".well-known/jwks.json",
		ResponseTypesSupported:            []string{},
		SubjectTypesSupported:             []string{"public"},
		TokenEndpointAuthMethodsSupported: []string{tenant.AuthMethodClientSecretBasic, tenant.AuthMethodClientSecretPost},
		ClaimsSupported:                   []string{"aud", "exp", "iat", "iss", "sub"},
		IDTokenSigningAlgValuesSupported:  []string{tenant.HS256, tenant.RS256, tenant.PS256, tenant.ES256},
		EndSessionEndpoint:                issuer + "oidc/logout",
	})
}
