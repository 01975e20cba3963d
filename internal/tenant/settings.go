package tenant

import (
	"encoding/json"
	"strconv"
)

// Settings are a tenant's own. Auth0: tenants/settings. A field that was never set is absent from the JSON form. Fields that
// only human login would read are kept as they came.
type Settings struct {
	AllowedLogoutURLs []string        `json:"allowed_logout_urls,omitzero"`
	ChangePassword    json.RawMessage `json:"change_password,omitzero"`
	// DefaultAudience is the identifier that a token request without audience means; empty = none.
	DefaultAudience   *string            `json:"default_audience,omitzero"`
	DefaultDirectory  *string            `json:"default_directory,omitzero"`
	DefaultTokenQuota *DefaultTokenQuota `json:"default_token_quota,omitzero"`
	EnabledLocales    []string           `json:"enabled_locales,omitzero"`
	ErrorPage         json.RawMessage    `json:"error_page,omitzero"`
	// Flags are Auth0's feature switches; PATCH merges them one level deep.
	Flags           map[string]bool `json:"flags,omitzero"`
	FriendlyName    *string         `json:"friendly_name,omitzero"`
	GuardianMFAPage json.RawMessage `json:"guardian_mfa_page,omitzero"`
	// Lifetimes in hours, fractions allowed; of browser sessions, which writ does not have.
	IdleSessionLifetime          json.Number     `json:"idle_session_lifetime,omitzero"`
	EphemeralSessionLifetime     json.Number     `json:"ephemeral_session_lifetime,omitzero"`
	IdleEphemeralSessionLifetime json.Number     `json:"idle_ephemeral_session_lifetime,omitzero"`
	PictureURL                   *string         `json:"picture_url,omitzero"`
	SandboxVersion               string          `json:"sandbox_version,omitzero"`
	SessionLifetime              json.Number     `json:"session_lifetime,omitzero"`
	SupportEmail                 *string         `json:"support_email,omitzero"`
	SupportURL                   *string         `json:"support_url,omitzero"`
	DefaultRedirectionURI        *string         `json:"default_redirection_uri,omitzero"`
	OIDCLogout                   json.RawMessage `json:"oidc_logout,omitzero"`
	UniversalLogin               json.RawMessage `json:"universal_login,omitzero"`
	// ResourceParameterProfile is audience (default) or compatibility, which reads the resource parameter (RFC 8707) where
	// audience is absent.
	ResourceParameterProfile string `json:"resource_parameter_profile,omitzero"`
	// AllowOrganizationName puts org_name in tokens and lets the organization parameter be a name.
	AllowOrganizationName       *bool           `json:"allow_organization_name_in_authentication_api,omitzero"`
	PhoneConsolidatedExperience bool            `json:"phone_consolidated_experience"`
	ClientIDMetadataDocument    bool            `json:"client_id_metadata_document_supported"`
	SessionCookie               json.RawMessage `json:"session_cookie,omitzero"`

	DynamicClientRegistrationSecurityMode      string          `json:"dynamic_client_registration_security_mode,omitzero"`
	LegacySandboxVersion                       *string         `json:"legacy_sandbox_version,omitzero"`
	MTLS                                       json.RawMessage `json:"mtls,omitzero"`
	PushedAuthorizationRequestsSupported       *bool           `json:"pushed_authorization_requests_supported,omitzero"`
	AuthorizationResponseIssParameterSupported *bool           `json:"authorization_response_iss_parameter_supported,omitzero"`
	SkipNonVerifiableCallbackURIPrompt         *bool           `json:"skip_non_verifiable_callback_uri_confirmation_prompt,omitzero"`
	ACRValuesSupported                         []string        `json:"acr_values_supported,omitzero"`
	CustomizeMFAInPostLoginAction              *bool           `json:"customize_mfa_in_postlogin_action,omitzero"`
	Sessions                                   json.RawMessage `json:"sessions,omitzero"`
	DeviceFlow                                 json.RawMessage `json:"device_flow,omitzero"`
	EnableAIGuide                              *bool           `json:"enable_ai_guide,omitzero"`
	SecurityHeaders                            json.RawMessage `json:"security_headers,omitzero"`
	CountryCodes                               json.RawMessage `json:"country_codes,omitzero"`
	IncludeSessionMetadataInTenantLogs         *bool           `json:"include_session_metadata_in_tenant_logs,omitzero"`
	// The lifetimes in minutes are only ever said, never kept: see SettleLifetimes.
	SessionLifetimeInMinutes              json.Number `json:"session_lifetime_in_minutes,omitzero"`
	IdleSessionLifetimeInMinutes          json.Number `json:"idle_session_lifetime_in_minutes,omitzero"`
	EphemeralSessionLifetimeInMinutes     json.Number `json:"ephemeral_session_lifetime_in_minutes,omitzero"`
	IdleEphemeralSessionLifetimeInMinutes json.Number `json:"idle_ephemeral_session_lifetime_in_minutes,omitzero"`

	SandboxVersionsAvailable []string `json:"sandbox_versions_available,omitzero"`
}

// DefaultTokenQuota applies to clients and organizations without a quota of their own.
type DefaultTokenQuota struct {
	Clients       *TokenQuota `json:"clients,omitzero"`
	Organizations *TokenQuota `json:"organizations,omitzero"`
}

// Values of Settings.ResourceParameterProfile.
const (
	ResourceProfileAudience      = "audience"
	ResourceProfileCompatibility = "compatibility"
)

// NewSettings has the recorded settings of a fresh tenant.
func NewSettings(friendlyName string) Settings {
	return Settings{
		ChangePassword: json.RawMessage(`{"enabled":false}`),
		EnabledLocales: []string{"en"},
		Flags: map[string]bool{
			"allow_changing_enable_sso":            false,
			"disable_clickjack_protection_headers": false,
			"disable_impersonation":                true,
			"enable_dynamic_client_registration":   false,
			"enable_sso":                           true,
			"revoke_refresh_token_grant":           false,
			"universal_login":                      true,
		},
		FriendlyName:                 &friendlyName,
		GuardianMFAPage:              json.RawMessage(`{"enabled":false}`),
		IdleSessionLifetime:          "72",
		EphemeralSessionLifetime:     "72",
		IdleEphemeralSessionLifetime: "24",
		SandboxVersion:               "22",
		SessionLifetime:              "168",
		OIDCLogout:                   json.RawMessage(`{"rp_logout_end_session_endpoint_discovery":true}`),
		ResourceParameterProfile:     ResourceProfileAudience,
		SandboxVersionsAvailable:     []string{"22", "18"},
	}
}

// SettleLifetimes turns the lifetimes that were said in minutes into hours, the one form that is kept. Where both are said, the
// minutes count. Errors: *FieldError.
func (s *Settings) SettleLifetimes() error {
	for _, lifetime := range []struct{ minutes, hours *json.Number }{
		{&s.SessionLifetimeInMinutes, &s.SessionLifetime},
		{&s.IdleSessionLifetimeInMinutes, &s.IdleSessionLifetime},
		{&s.EphemeralSessionLifetimeInMinutes, &s.EphemeralSessionLifetime},
		{&s.IdleEphemeralSessionLifetimeInMinutes, &s.IdleEphemeralSessionLifetime},
	} {
		if *lifetime.minutes == "" {
			continue
		}
		minutes, err := lifetime.minutes.Float64()
		if err != nil {
			return fieldErrorf("session_lifetime_in_minutes", "A lifetime in minutes must be a number, not %s.", *lifetime.minutes)
		}
		*lifetime.hours = json.Number(strconv.FormatFloat(minutes/60, 'f', -1, 64))
		*lifetime.minutes = ""
	}
	return nil
}
