package tenant

import "time"

// RateLimitPolicy bounds how often clients may ask for tokens. Auth0: rate-limit-policies.
type RateLimitPolicy struct {
	// ID is rlp_ and 21 characters.
	ID string `json:"id"`
	// Resource is what is bounded, oauth_authentication_api; Consumer is whose requests count, client.
	Resource string `json:"resource"`
	Consumer string `json:"consumer"`
	// ConsumerSelector is which of them: SelectDefault, SelectThirdParty, SelectMetadataClients, or SelectClient and a client_id. Unique
	// together with the two above, and never changed.
	ConsumerSelector string                 `json:"consumer_selector"`
	Configuration    RateLimitConfiguration `json:"configuration"`
	CreatedAt        time.Time              `json:"created_at"`
	UpdatedAt        time.Time              `json:"updated_at"`
}

// Same reports whether nothing differs.
func (p *RateLimitPolicy) Same(other *RateLimitPolicy) bool { return sameJSON(p, other) }

// Refuses reports whether requests beyond the limit are refused.
func (p *RateLimitPolicy) Refuses() bool {
	return p.Configuration.Action == RateLimitBlock || p.Configuration.Action == RateLimitRedirect
}

// RateLimitConfiguration says what a policy does.
type RateLimitConfiguration struct {
	Action RateLimitAction `json:"action"`
	// Limit is how many requests there may be in each second, 0 to 10,000; 0 = none. Absent of RateLimitAllow.
	Limit *int `json:"limit,omitzero"`
	// RedirectURI is for people in browsers, of RateLimitRedirect only; kept for the wire.
	RedirectURI string `json:"redirect_uri,omitzero"`
}

// RateLimitAction is what becomes of a request beyond the limit.
type RateLimitAction string

// Values of RateLimitAction.
const (
	// RateLimitAllow sets no limit: it takes a client out of the policies that are less specific.
	RateLimitAllow RateLimitAction = "allow"
	// RateLimitBlock refuses it.
	RateLimitBlock RateLimitAction = "block"
	// RateLimitLog lets it pass, and says so in the log.
	RateLimitLog RateLimitAction = "log"
	// RateLimitRedirect refuses it: a machine is led nowhere.
	RateLimitRedirect RateLimitAction = "redirect"
)

// Values of RateLimitPolicy.ConsumerSelector.
const (
	// SelectClient stands before a client_id.
	SelectClient = "client_id:"
	// SelectThirdParty is all third-party clients together: they share one limit.
	SelectThirdParty = "third_party_clients"
	// SelectMetadataClients are clients whose id is the address of their metadata: writ has none.
	SelectMetadataClients = "cimd_clients"
	// SelectDefault is each client that no other policy is for, with a limit of its own.
	SelectDefault = "default"
)

// MaxRateLimitPolicies is how many a tenant may have: they are read together.
const MaxRateLimitPolicies = 1000
