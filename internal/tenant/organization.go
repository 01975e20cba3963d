package tenant

import (
	"encoding/json"
	"time"
)

// Organization is a customer of whoever owns the tenant; a machine may ask for tokens that are for one. Auth0: organizations.
type Organization struct {
	// ID is org_ and 16 characters.
	ID string `json:"id"`
	// Name is unique within the tenant: lower-case letters, digits, underscores and dashes.
	Name        string  `json:"name"`
	DisplayName *string `json:"display_name,omitzero"`
	// Branding is of login pages, which writ does not have; kept for the wire.
	Branding json.RawMessage `json:"branding,omitzero"`
	// Metadata are at most 25 pairs. A PATCH replaces them as a whole.
	Metadata Metadata `json:"metadata,omitzero"`
	// TokenQuota limits the tokens that are issued for the organization; nil = the tenant's default quota.
	TokenQuota *TokenQuota `json:"token_quota,omitzero"`
	// ThirdPartyClientAccess is block (default) or allow, and concerns people's logins only, as IsAppEntitlementActive does; kept for the
	// wire.
	ThirdPartyClientAccess string `json:"third_party_client_access"`
	IsAppEntitlementActive bool   `json:"is_app_entitlement_active"`

	// CreatedAt is filled in in snapshots only.
	CreatedAt time.Time `json:"-"`
}

// MaxOrganizationName is the longest name, in characters; ids are shorter.
const MaxOrganizationName = 50

// MaxOrganizationGrants is the most client grants that one organization is associated with.
const MaxOrganizationGrants = 100

// NewOrganization has the recorded defaults, which null resets to.
func NewOrganization(id string) Organization {
	return Organization{ID: id, ThirdPartyClientAccess: "block", IsAppEntitlementActive: true}
}

// OrganizationGrant associates an organization with a client grant: tokens of that grant may be for it.
type OrganizationGrant struct {
	OrganizationID string `json:"organization_id"`
	GrantID        string `json:"grant_id"`
	// Organization, and ClientID (of the grant; empty where it is a default), are filled in on reading lists.
	Organization Organization `json:"-"`
	ClientID     string       `json:"-"`
}

// ID names the association: each pair is there once.
func (g *OrganizationGrant) ID() string { return OrganizationGrantID(g.OrganizationID, g.GrantID) }

// OrganizationGrantID is OrganizationGrant.ID of a pair.
func OrganizationGrantID(organizationID, grantID string) string {
	return organizationID + "/" + grantID
}

// Metadata are pairs of text. A null in what a caller sends means that there is no such pair.
type Metadata map[string]string

// UnmarshalJSON reads an object of texts and nulls.
func (m *Metadata) UnmarshalJSON(text []byte) error {
	var said map[string]*string
	if err := json.Unmarshal(text, &said); err != nil {
		return err
	}
	*m = nil
	if said == nil {
		return nil
	}
	*m = make(Metadata, len(said))
	for name, value := range said {
		if value != nil {
			(*m)[name] = *value
		}
	}
	return nil
}
