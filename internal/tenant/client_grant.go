package tenant

// ClientGrant lets a client ask for tokens of one resource server: the hard ceiling on its scopes. Auth0: client-grants.
type ClientGrant struct {
	// ID is cgr_ and 16 characters.
	ID string `json:"id"`
	// ClientID is empty only where DefaultFor is set.
	ClientID string `json:"client_id,omitzero"`
	// Audience is the resource server's identifier, filled in on reading: rows point to ResourceServerID.
	Audience string `json:"audience"`
	// Scope is what may be granted; a request without scope gets all of it. Absent where AllowAllScopes is true.
	Scope []string `json:"scope,omitzero"`
	// OrganizationUsage is deny (default), allow or require.
	OrganizationUsage string `json:"organization_usage,omitzero"`
	// AllowAnyOrganization makes associations with organizations (OrganizationGrant) needless.
	AllowAnyOrganization *bool `json:"allow_any_organization,omitzero"`
	// SubjectType is client (default), user or anonymous_user, of which only client opens anything here; unique together with client and audience.
	SubjectType               string   `json:"subject_type"`
	AuthorizationDetailsTypes []string `json:"authorization_details_types,omitzero"`
	// AllowAllScopes grants every scope of the API, those added later too.
	AllowAllScopes *bool `json:"allow_all_scopes,omitzero"`
	// DefaultFor is DefaultForThirdParty: the grant of third-party clients that have none of their own; empty = one client's grant.
	DefaultFor string `json:"default_for,omitzero"`
	IsSystem   *bool  `json:"is_system,omitzero"`

	ResourceServerID string `json:"-"`
}

// Values of ClientGrant.SubjectType.
const (
	SubjectTypeClient = "client"
	SubjectTypeUser   = "user"
)

// DefaultForThirdParty is the one value of ClientGrant.DefaultFor.
const DefaultForThirdParty = "third_party_clients"

// Values of organization_usage, on grants and on clients.
const (
	OrganizationDeny    = "deny"
	OrganizationAllow   = "allow"
	OrganizationRequire = "require"
)

// AllScopes reports whether the grant covers every scope of its API.
func (g *ClientGrant) AllScopes() bool { return g.AllowAllScopes != nil && *g.AllowAllScopes }

// AnyOrganization reports whether the grant may be used for organizations that it is not associated with.
func (g *ClientGrant) AnyOrganization() bool {
	return g.AllowAnyOrganization != nil && *g.AllowAnyOrganization
}
