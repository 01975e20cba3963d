package tenant

import (
	"encoding/json"
	"log/slog"
	"slices"
	"time"
)

// ConsoleClientID is whom tokens of operators are issued to: no client of a tenant may have that id.
const ConsoleClientID = "writ-console"

// Client is an application that may ask for tokens ("application" in the dashboard). Auth0: clients; RFC 7591 section 2.
// Its JSON form is the wire's and the stored document's, in recorded key order. A field that was never set is absent, not
// null: slices and pointers tell "never set" from "set to nothing". Fields that only browser flows would read are kept as
// they came, in json.RawMessage.
type Client struct {
	Tenant string `json:"tenant"`
	// Global marks the one client that stands for all applications; it cannot be deleted and gets no tokens.
	Global                         bool     `json:"global"`
	IsTokenEndpointIPHeaderTrusted bool     `json:"is_token_endpoint_ip_header_trusted"`
	Name                           string   `json:"name"`
	Description                    *string  `json:"description,omitzero"`
	LogoURI                        *string  `json:"logo_uri,omitzero"`
	AllowedClients                 []string `json:"allowed_clients,omitzero"`
	AllowedLogoutURLs              []string `json:"allowed_logout_urls,omitzero"`
	Callbacks                      []string `json:"callbacks,omitzero"`
	// ClientMetadata has at most 10 pairs; key and value at most 255 characters.
	ClientMetadata            map[string]string `json:"client_metadata,omitzero"`
	CrossOriginAuthentication bool              `json:"cross_origin_authentication"`
	CrossOriginLoc            *string           `json:"cross_origin_loc,omitzero"`
	IsFirstParty              bool              `json:"is_first_party"`
	NativeSocialLogin         json.RawMessage   `json:"native_social_login,omitzero"`
	OIDCConformant            bool              `json:"oidc_conformant"`
	RefreshToken              *RefreshToken     `json:"refresh_token,omitzero"`
	SSO                       *bool             `json:"sso,omitzero"`
	SSODisabled               bool              `json:"sso_disabled"`
	CrossOriginAuth           bool              `json:"cross_origin_auth"`
	EncryptionKey             json.RawMessage   `json:"encryption_key,omitzero"`
	AllowedOrigins            []string          `json:"allowed_origins,omitzero"`
	// ClientID is 32 letters and digits, of a strict third-party client tpc_ and 22; immutable.
	ClientID            string `json:"client_id"`
	CallbackURLTemplate bool   `json:"callback_url_template"`
	// ClientSecret is sealed at rest. The token path's snapshots have SecretDigest instead. A client that was made with
	// ClientAuthenticationMethods has none.
	ClientSecret     Secret            `json:"client_secret,omitzero"`
	JWTConfiguration *JWTConfiguration `json:"jwt_configuration,omitzero"`
	ClientAliases    []string          `json:"client_aliases,omitzero"`
	// TokenEndpointAuthMethod is absent if it was never set, which allows both client_secret methods (RFC 7591 section 2).
	TokenEndpointAuthMethod string `json:"token_endpoint_auth_method,omitzero"`
	AppType                 string `json:"app_type,omitzero"`
	// GrantTypes may be used at the token endpoint. Default: see NewClient.
	GrantTypes        []string `json:"grant_types,omitzero"`
	WebOrigins        []string `json:"web_origins,omitzero"`
	CustomLoginPageOn bool     `json:"custom_login_page_on"`

	CustomLoginPage                    *string         `json:"custom_login_page,omitzero"`
	CustomLoginPagePreview             *string         `json:"custom_login_page_preview,omitzero"`
	FormTemplate                       *string         `json:"form_template,omitzero"`
	Addons                             json.RawMessage `json:"addons,omitzero"`
	Mobile                             json.RawMessage `json:"mobile,omitzero"`
	InitiateLoginURI                   *string         `json:"initiate_login_uri,omitzero"`
	OIDCLogout                         json.RawMessage `json:"oidc_logout,omitzero"`
	SessionTransfer                    json.RawMessage `json:"session_transfer,omitzero"`
	OrganizationUsage                  string          `json:"organization_usage,omitzero"`
	OrganizationRequireBehavior        string          `json:"organization_require_behavior,omitzero"`
	RequirePushedAuthorizationRequests *bool           `json:"require_pushed_authorization_requests,omitzero"`
	// RequireProofOfPossession refuses tokens that are not bound to a key (RFC 9449, RFC 8705).
	RequireProofOfPossession *bool `json:"require_proof_of_possession,omitzero"`
	// TokenQuota limits the tokens of the client credentials grant; nil = the tenant's default quota.
	TokenQuota *TokenQuota `json:"token_quota,omitzero"`
	// ResourceServerIdentifier names the API that a client of AppTypeResourceServer stands for; set on creation only.
	ResourceServerIdentifier           string          `json:"resource_server_identifier,omitzero"`
	OrganizationDiscoveryMethods       []string        `json:"organization_discovery_methods,omitzero"`
	ComplianceLevel                    *string         `json:"compliance_level,omitzero"`
	SkipNonVerifiableCallbackURIPrompt *bool           `json:"skip_non_verifiable_callback_uri_confirmation_prompt,omitzero"`
	TokenExchange                      json.RawMessage `json:"token_exchange,omitzero"`
	PARRequestExpiry                   *int            `json:"par_request_expiry,omitzero"`
	ExpressConfiguration               json.RawMessage `json:"express_configuration,omitzero"`
	MyOrganizationConfiguration        json.RawMessage `json:"my_organization_configuration,omitzero"`
	AsyncApprovalNotificationChannels  []string        `json:"async_approval_notification_channels,omitzero"`
	FedCMLogin                         json.RawMessage `json:"fedcm_login,omitzero"`
	// ClientAuthenticationMethods excludes TokenEndpointAuthMethod; where it is set no secret authenticates the client.
	ClientAuthenticationMethods *ClientAuthenticationMethods `json:"client_authentication_methods,omitzero"`
	// DefaultOrganization is the organization of token requests that name none where the grant requires one.
	DefaultOrganization *DefaultOrganization `json:"default_organization,omitzero"`
	// ThirdPartySecurityMode is strict or permissive, of third-party clients only; immutable.
	ThirdPartySecurityMode              string                      `json:"third_party_security_mode,omitzero"`
	RedirectionPolicy                   string                      `json:"redirection_policy,omitzero"`
	SignedRequestObject                 *SignedRequestObject        `json:"signed_request_object,omitzero"`
	IdentityAssertionAuthorizationGrant json.RawMessage             `json:"identity_assertion_authorization_grant,omitzero"`
	TokenVaultPrivilegedAccess          *TokenVaultPrivilegedAccess `json:"token_vault_privileged_access,omitzero"`

	// SecretDigest is what the token path compares, in snapshots only; the zero digest matches nothing.
	SecretDigest Digest `json:"-"`
	// CreatedAt is filled in in snapshots only.
	CreatedAt time.Time `json:"-"`
}

// JWTConfiguration concerns ID tokens, which writ does not issue; kept for the wire.
type JWTConfiguration struct {
	Alg               string          `json:"alg,omitzero"`
	LifetimeInSeconds *int            `json:"lifetime_in_seconds,omitzero"`
	SecretEncoded     bool            `json:"secret_encoded"`
	Scopes            json.RawMessage `json:"scopes,omitzero"`
}

// DefaultOrganization names an organization and the flows (client_credentials) that it is the default of.
type DefaultOrganization struct {
	Flows          []string `json:"flows"`
	OrganizationID string   `json:"organization_id"`
}

// Of reports whether the organization is the default of a flow.
func (d *DefaultOrganization) Of(flow string) bool { return d != nil && slices.Contains(d.Flows, flow) }

// TokenQuota limits how many tokens may be issued. Auth0: token_quota.
type TokenQuota struct {
	ClientCredentials TokenQuotaLimits `json:"client_credentials"`
}

// TokenQuotaLimits counts tokens per UTC hour and day; nil = no limit. Enforce false only counts and warns; default true.
type TokenQuotaLimits struct {
	Enforce *bool `json:"enforce,omitzero"`
	PerDay  *int  `json:"per_day,omitzero"`
	PerHour *int  `json:"per_hour,omitzero"`
}

// Values of Client.TokenEndpointAuthMethod (RFC 7591 section 2).
const (
	AuthMethodNone              = "none"
	AuthMethodClientSecretPost  = "client_secret_post"
	AuthMethodClientSecretBasic = "client_secret_basic"
)

// Grant types that matter to machines, and those a new client lists beside them.
const (
	GrantClientCredentials = "client_credentials"
	grantAuthorizationCode = "authorization_code"
	grantImplicit          = "implicit"
	grantRefreshToken      = "refresh_token"
)

// AppTypeResourceServer marks a client that stands for an API; AppTypeNonInteractive a machine-to-machine application.
const (
	AppTypeNonInteractive = "non_interactive"
	AppTypeResourceServer = "resource_server"
)

// Values of Client.ThirdPartySecurityMode.
const (
	ThirdPartyStrict     = "strict"
	ThirdPartyPermissive = "permissive"
)

// GlobalClientName is the name of the client that stands for all applications.
const GlobalClientName = "All Applications"

// AllowsGrant reports whether the client may use a grant type at the token endpoint.
func (c *Client) AllowsGrant(grantType string) bool { return slices.Contains(c.GrantTypes, grantType) }

// Strict reports whether the client is a third party's under Auth0's enhanced security controls.
func (c *Client) Strict() bool { return c.ThirdPartySecurityMode == ThirdPartyStrict }

// DefaultOrganizationID is empty where there is none.
func (c *Client) DefaultOrganizationID() string {
	if c.DefaultOrganization == nil {
		return ""
	}
	return c.DefaultOrganization.OrganizationID
}

// Public reports whether the client has no way to authenticate, and so can be no machine's.
func (c *Client) Public() bool { return c.TokenEndpointAuthMethod == AuthMethodNone }

// LogValue names the client and keeps its secret out of every log.
func (c *Client) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tenant", c.Tenant), slog.String("client_id", c.ClientID), slog.String("name", c.Name))
}
