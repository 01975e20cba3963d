package tenant

import (
	"slices"
	"strings"
	"time"
)

// NetworkACL is one rule on who may reach a tenant, by where requests come from. Auth0: network-acls.
type NetworkACL struct {
	// ID is acl_ and 22 characters.
	ID          string `json:"id"`
	Description string `json:"description"`
	// Active: an ACL that is not decides nothing.
	Active bool `json:"active"`
	// Priority is unique in the tenant, 1 to 100: the lowest number is looked at first.
	Priority  int            `json:"priority"`
	Rule      NetworkACLRule `json:"rule"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

// Same reports whether nothing differs.
func (a *NetworkACL) Same(other *NetworkACL) bool { return sameJSON(a, other) }

// NetworkACLRule says what is done with which requests. The members stand in recorded order.
type NetworkACLRule struct {
	// Match is what a request has to be, NotMatch what it must not be; at least one of them is there.
	Match    *NetworkACLMatch `json:"match,omitzero"`
	NotMatch *NetworkACLMatch `json:"not_match,omitzero"`
	Scope    NetworkACLScope  `json:"scope"`
	Action   NetworkACLAction `json:"action"`
}

// NetworkACLScope is which requests a rule is for.
type NetworkACLScope string

// Values of NetworkACLScope.
const (
	// ScopeAuthentication is the token endpoint.
	ScopeAuthentication NetworkACLScope = "authentication"
	// ScopeManagement is the Management API.
	ScopeManagement NetworkACLScope = "management"
	// ScopeTenant is both.
	ScopeTenant NetworkACLScope = "tenant"
	// ScopeClientRegistration is for an endpoint that writ does not have: such a rule is for no request.
	ScopeClientRegistration NetworkACLScope = "dynamic_client_registration"
)

// NetworkACLAction is exactly one of four.
type NetworkACLAction struct {
	Block    bool `json:"block,omitzero"`
	Allow    bool `json:"allow,omitzero"`
	Log      bool `json:"log,omitzero"`
	Redirect bool `json:"redirect,omitzero"`
	// RedirectURI is where Redirect leads to.
	RedirectURI string `json:"redirect_uri,omitzero"`
}

// Name is the action's word on the wire.
func (a NetworkACLAction) Name() string {
	switch {
	case a.Block:
		return "block"
	case a.Allow:
		return "allow"
	case a.Log:
		return "log"
	case a.Redirect:
		return "redirect"
	}
	return ""
}

// NetworkACLMatch are signals of a request. Of one signal it has to have any value, and of all that are listed one each; addresses of both
// families are one signal. The members stand in recorded order. See NotEvaluated.
type NetworkACLMatch struct {
	ASNs                []int64  `json:"asns,omitzero"`
	IPv4CIDRs           []string `json:"ipv4_cidrs,omitzero"`
	IPv6CIDRs           []string `json:"ipv6_cidrs,omitzero"`
	UserAgents          []string `json:"user_agents,omitzero"`
	JA3Fingerprints     []string `json:"ja3_fingerprints,omitzero"`
	JA4Fingerprints     []string `json:"ja4_fingerprints,omitzero"`
	GeoCountryCodes     []string `json:"geo_country_codes,omitzero"`
	GeoSubdivisionCodes []string `json:"geo_subdivision_codes,omitzero"`
	Hostnames           []string `json:"hostnames,omitzero"`
	// ConnectingIPv4CIDRs and ConnectingIPv6CIDRs are of who opened the connection: a proxy, say.
	ConnectingIPv4CIDRs []string `json:"connecting_ipv4_cidrs,omitzero"`
	ConnectingIPv6CIDRs []string `json:"connecting_ipv6_cidrs,omitzero"`
	Auth0Managed        []string `json:"auth0_managed,omitzero"`
}

// notEvaluated are the names of the signals that writ cannot see: they take a database of networks, or the caller's TLS handshake.
func (m *NetworkACLMatch) notEvaluated() []string {
	if m == nil {
		return nil
	}
	var names []string
	for _, signal := range []struct {
		name  string
		there bool
	}{
		{"asns", m.ASNs != nil}, {"geo_country_codes", m.GeoCountryCodes != nil}, {"geo_subdivision_codes", m.GeoSubdivisionCodes != nil},
		{"ja3_fingerprints", m.JA3Fingerprints != nil}, {"ja4_fingerprints", m.JA4Fingerprints != nil}, {"auth0_managed", m.Auth0Managed != nil},
	} {
		if signal.there {
			names = append(names, signal.name)
		}
	}
	return names
}

// NotEvaluated names the signals of the rule that writ stores and cannot see: match.asns, and so on. Where what a rule says of a request
// hangs on one of them, the rule does nothing: see NetworkRules.
func (r *NetworkACLRule) NotEvaluated() []string {
	var names []string
	for _, name := range r.Match.notEvaluated() {
		names = append(names, "match."+name)
	}
	for _, name := range r.NotMatch.notEvaluated() {
		names = append(names, "not_match."+name)
	}
	return names
}

// curatedLists are Auth0's, by the names that they have there.
var curatedLists = []string{"auth0.low_reputation", "auth0.icloud_relay_proxy"}

// Validate holds the rules across fields. Errors: *FieldError.
func (a *NetworkACL) Validate() error {
	if err := a.Rule.Action.validate(); err != nil {
		return err
	}
	match, notMatch := a.Rule.Match, a.Rule.NotMatch
	if match == nil && notMatch == nil {
		return fieldErrorf("rule", "Payload validation error: A rule requires `match` or `not_match`: without them it would be about every request")
	}
	if match != nil && match.Auth0Managed != nil && notMatch != nil && notMatch.Auth0Managed != nil {
		return fieldErrorf("rule", "Payload validation error: `auth0_managed` can be in only one of `match` and `not_match`")
	}
	for _, m := range []*NetworkACLMatch{match, notMatch} {
		if m == nil {
			continue
		}
		unknown := slices.DeleteFunc(slices.Clone(m.Auth0Managed), func(name string) bool { return slices.Contains(curatedLists, name) })
		if len(unknown) > 0 {
			return fieldErrorf("rule", "Invalid curated list name(s): %s. Allowed curated list names are: %s",
				strings.Join(unknown, ", "), strings.Join(curatedLists, ", "))
		}
	}
	return nil
}

func (a NetworkACLAction) validate() error {
	chosen := 0
	for _, on := range []bool{a.Block, a.Allow, a.Log, a.Redirect} {
		if on {
			chosen++
		}
	}
	switch {
	case chosen != 1:
		return fieldErrorf("rule.action", "Payload validation error: An action requires exactly one type of `block`, `allow`, `log` and `redirect`")
	case a.Redirect && a.RedirectURI == "":
		return fieldErrorf("rule.action", "Payload validation error: Action type of `redirect` requires a `redirect_uri`")
	case !a.Redirect && a.RedirectURI != "":
		return fieldErrorf("rule.action", "Payload validation error: Action type of `%s` takes no `redirect_uri`", a.Name())
	}
	return nil
}
