package tenant

import (
	"slices"
	"time"
)

// UsageGroup is what issued tokens are counted by.
type UsageGroup string

// Values of UsageGroup.
const (
	UsageByDay          UsageGroup = "day"
	UsageByMonth        UsageGroup = "month"
	UsageByClient       UsageGroup = "client"
	UsageByAPI          UsageGroup = "api"
	UsageByOrganization UsageGroup = "organization"
)

// UsageGroups are all of them, in the order in which they sort.
func UsageGroups() []UsageGroup {
	return []UsageGroup{UsageByDay, UsageByMonth, UsageByClient, UsageByAPI, UsageByOrganization}
}

// UsageQuery selects issued tokens.
type UsageQuery struct {
	// From and Before are beginnings of UTC days; what was issued from From on, and before Before, is counted.
	From, Before time.Time
	// By are the groups; none = one sum. Day and month exclude each other.
	By []UsageGroup
	// ClientID, Audience and OrganizationID keep what has that value; nil = all. The Management API's audience is empty here, and so is the
	// organization of tokens for none.
	ClientID, Audience, OrganizationID *string
	// Most is how many groups there may be; 0 = any number.
	Most int
}

// Groups reports whether q groups by g.
func (q UsageQuery) Groups(g UsageGroup) bool { return slices.Contains(q.By, g) }

// TokenUsage is how many tokens of one group were issued. What is not grouped by is zero.
type TokenUsage struct {
	// Period is where the day, or the month, begins.
	Period                             time.Time
	ClientID, Audience, OrganizationID string
	// Tokens are those for the tenant's APIs, ManagementTokens those for its Management API.
	Tokens, ManagementTokens int64
}
