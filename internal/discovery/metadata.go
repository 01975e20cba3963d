package discovery

import (
	"net/http"

	"github.com/writ-auth/writ/internal/tenant"
)

// metadata is the server's description of itself (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3) with Auth0's
// keys in Auth0's order, so that clients find what they look for. What writ cannot do is told truthfully all the same: an endpoint that
// is named answers, be it with the plain word that there is no human login (NoHumanLogin); lists of methods and algorithms hold
// what works, and are empty where nothing does; booleans say no.
type metadata struct {
	Issuer                            string   `json:"issuer"`
	AuthorizationEndpoint             string   `json:"authorization_endpoint"`
	TokenEndpoint                     string   `json:"token_endpoint"`
	DeviceAuthorizationEndpoint       string   `json:"device_authorization_endpoint"`
	UserinfoEndpoint                  string   `json:"userinfo_endpoint"`
	MFAChallengeEndpoint              string   `json:"mfa_challenge_endpoint"`
	JWKSURI                           string   `json:"jwks_uri"`
	RegistrationEndpoint              string   `json:"registration_endpoint"`
	RevocationEndpoint                string   `json:"revocation_endpoint"`
	ScopesSupported                   []string `json:"scopes_supported"`
	ResponseTypesSupported            []string `json:"response_types_supported"`
	CodeChallengeMethodsSupported     []string `json:"code_challenge_methods_supported"`
	ResponseModesSupported            []string `json:"response_modes_supported"`
	SubjectTypesSupported             []string `json:"subject_types_supported"`
	TokenEndpointAuthMethodsSupported []string `json:"token_endpoint_auth_methods_supported"`
	// ClaimsSupported are those that every access token has.
	ClaimsSupported              []string `json:"claims_supported"`
	RequestURIParameterSupported bool     `json:"request_uri_parameter_supported"`
	RequestParameterSupported    bool     `json:"request_parameter_supported"`
	// IDTokenSigningAlgValuesSupported are the algs of access tokens: no ID token is ever issued, the key is required, and
	// Auth0's own API middleware takes from it which algs an access token may have.
	IDTokenSigningAlgValuesSupported           []string `json:"id_token_signing_alg_values_supported"`
	TokenEndpointAuthSigningAlgValuesSupported []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	TLSClientCertificateBoundAccessTokens      bool     `json:"tls_client_certificate_bound_access_tokens"`
	RequestObjectSigningAlgValuesSupported     []string `json:"request_object_signing_alg_values_supported"`
	BackchannelLogoutSupported                 bool     `json:"backchannel_logout_supported"`
	BackchannelLogoutSessionSupported          bool     `json:"backchannel_logout_session_supported"`
	EndSessionEndpoint                         string   `json:"end_session_endpoint"`
}

// Metadata answers /.well-known/openid-configuration and /.well-known/oauth-authorization-server, the same document, with
// the domain called as issuer and in every URL.
func (h *Handler) Metadata(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	if !allowed(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	issuer := call.Issuer()
	h.publishJSON(w, r, metadata{
		Issuer:                                     issuer,
		AuthorizationEndpoint:                      issuer + "authorize",
		TokenEndpoint:                              issuer + "oauth/token",
		DeviceAuthorizationEndpoint:                issuer + "oauth/device/code",
		UserinfoEndpoint:                           issuer + "userinfo",
		MFAChallengeEndpoint:                       issuer + "mfa/challenge",
		JWKSURI:                                    issuer + ".well-known/jwks.json",
		RegistrationEndpoint:                       issuer + "oidc/register",
		RevocationEndpoint:                         issuer + "oauth/revoke",
		ScopesSupported:                            []string{},
		ResponseTypesSupported:                     []string{},
		CodeChallengeMethodsSupported:              []string{},
		ResponseModesSupported:                     []string{},
		SubjectTypesSupported:                      []string{"public"},
		TokenEndpointAuthMethodsSupported:          []string{tenant.AuthMethodClientSecretBasic, tenant.AuthMethodClientSecretPost},
		ClaimsSupported:                            []string{"aud", "exp", "iat", "iss", "sub"},
		IDTokenSigningAlgValuesSupported:           []string{tenant.HS256, tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA},
		TokenEndpointAuthSigningAlgValuesSupported: []string{},
		RequestObjectSigningAlgValuesSupported:     []string{},
		EndSessionEndpoint:                         issuer + "oidc/logout",
	})
}
