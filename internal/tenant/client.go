package tenant

import (
	"encoding/json"
	"log/slog"
	"slices"
)

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
	// ClientID is 32 letters and digits; immutable.
	ClientID            string `json:"client_id"`
	CallbackURLTemplate bool   `json:"callback_url_template"`
	// ClientSecret is sealed at rest. The token path's snapshots have SecretDigest instead.
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

	// SecretDigest is what the token path compares, in snapshots only; the zero digest matches nothing.
	SecretDigest Digest `json:"-"`
}

// JWTConfiguration concerns ID tokens, which writ does not issue; kept for the wire.
type JWTConfiguration struct {
	Alg               string          `json:"alg,omitzero"`
	LifetimeInSeconds *int            `json:"lifetime_in_seconds,omitzero"`
	SecretEncoded     bool            `json:"secret_encoded"`
	Scopes            json.RawMessage `json:"scopes,omitzero"`
}

// RefreshToken concerns refresh tokens, which the client credentials grant never issues; kept for the wire. Seconds.
type RefreshToken struct {
	ExpirationType            string          `json:"expiration_type"`
	Leeway                    int             `json:"leeway"`
	InfiniteTokenLifetime     bool            `json:"infinite_token_lifetime"`
	InfiniteIdleTokenLifetime bool            `json:"infinite_idle_token_lifetime"`
	TokenLifetime             int             `json:"token_lifetime"`
	IdleTokenLifetime         int             `json:"idle_token_lifetime"`
	RotationType              string          `json:"rotation_type"`
	Policies                  json.RawMessage `json:"policies,omitzero"`
}

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

// GlobalClientName is the name of the client that stands for all applications.
const GlobalClientName = "All Applications"

// ApplyDefaults fills what the server fills on creation, exactly as recorded: grant types even for non_interactive, a JWT
// configuration without alg unless one was given, refresh-token lifetimes by authentication method.
func (c *Client) ApplyDefaults() {
	resourceServer := c.AppType == AppTypeResourceServer
	if c.GrantTypes == nil {
		switch {
		case resourceServer:
			c.GrantTypes = []string{}
		case c.TokenEndpointAuthMethod == AuthMethodNone:
			c.GrantTypes = []string{grantAuthorizationCode, grantImplicit, grantRefreshToken}
		default:
			c.GrantTypes = []string{grantAuthorizationCode, grantImplicit, grantRefreshToken, GrantClientCredentials}
		}
	}
	if resourceServer {
		c.OIDCConformant = true
	}
	if c.JWTConfiguration == nil {
		if resourceServer {
			c.JWTConfiguration = &JWTConfiguration{Alg: RS256}
		} else {
			lifetime := 36000
			c.JWTConfiguration = &JWTConfiguration{LifetimeInSeconds: &lifetime}
		}
	}
	if c.RefreshToken == nil {
		c.RefreshToken = defaultRefreshToken(c.TokenEndpointAuthMethod)
	}
}

func defaultRefreshToken(authMethod string) *RefreshToken {
	rt := RefreshToken{
		ExpirationType: "non-expiring", RotationType: "non-rotating",
		InfiniteTokenLifetime: true, InfiniteIdleTokenLifetime: true,
		TokenLifetime: 2592000, IdleTokenLifetime: 1296000,
	}
	if authMethod == AuthMethodClientSecretPost || authMethod == AuthMethodClientSecretBasic {
		rt.TokenLifetime, rt.IdleTokenLifetime = 31557600, 2592000
	}
	return &rt
}

// AllowsGrant reports whether the client may use a grant type at the token endpoint.
func (c *Client) AllowsGrant(grantType string) bool { return slices.Contains(c.GrantTypes, grantType) }

// Public reports whether the client has no way to authenticate, and so can be no machine's.
func (c *Client) Public() bool { return c.TokenEndpointAuthMethod == AuthMethodNone }

// Validate holds the rules across fields. Errors: *FieldError.
func (c *Client) Validate() error {
	if c.Public() && c.AllowsGrant(GrantClientCredentials) {
		return fieldErrorf("grant_types", "Invalid grant types: %s", GrantClientCredentials)
	}
	return nil
}

// LogValue names the client and keeps its secret out of every log.
func (c *Client) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tenant", c.Tenant), slog.String("client_id", c.ClientID), slog.String("name", c.Name))
}
