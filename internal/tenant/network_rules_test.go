package tenant

import (
	"net/netip"
	"testing"
)

var (
	v4       = &NetworkACLMatch{IPv4CIDRs: []string{"192.0.2.0/24", "198.51.100.7"}}
	v4masked = &NetworkACLMatch{IPv4CIDRs: []string{"192.0.2.99/24"}}
	v6       = &NetworkACLMatch{IPv6CIDRs: []string{"2001:db8::/32", "::1"}}
	mapped   = &NetworkACLMatch{IPv6CIDRs: []string{"::ffff:192.0.2.7"}}
	both     = &NetworkACLMatch{IPv4CIDRs: []string{"192.0.2.0/24"}, IPv6CIDRs: []string{"2001:db8::/32"}}
	proxy    = &NetworkACLMatch{ConnectingIPv4CIDRs: []string{"10.0.0.0/8"}, ConnectingIPv6CIDRs: []string{"fd00::/8"}}
	hosts    = &NetworkACLMatch{Hostnames: []string{"Acme.Example.", "api.example"}}
	agents   = &NetworkACLMatch{UserAgents: []string{"BadBot/*", "curl*libcurl/7"}}
	geo      = &NetworkACLMatch{GeoCountryCodes: []string{"AQ"}}
	v4AndGeo = &NetworkACLMatch{IPv4CIDRs: []string{"192.0.2.0/24"}, GeoCountryCodes: []string{"AQ"}}
	v4OfHost = &NetworkACLMatch{IPv4CIDRs: []string{"192.0.2.0/24"}, Hostnames: []string{"acme.example"}}
)

func callFrom(ip string) *Call {
	addr := netip.MustParseAddr(ip)
	return &Call{Site: Site{Tenant: "acme", Domain: "acme.example:8443"}, IP: addr, Peer: addr, UserAgent: "curl/8.1 libcurl/8.1"}
}

func called(domain string) *Call {
	c := callFrom("203.0.113.9")
	c.Domain = domain
	return c
}

func by(agent string) *Call {
	c := callFrom("203.0.113.9")
	c.UserAgent = agent
	return c
}

func through(peer, ip string) *Call {
	c := callFrom(ip)
	c.Peer = netip.MustParseAddr(peer)
	return c
}

func TestWhatARuleMeets(t *testing.T) {
	for _, tt := range []struct {
		name            string
		match, notMatch *NetworkACLMatch
		call            *Call
		want            truth
	}{
		{"an address in a network", v4, nil, callFrom("192.0.2.200"), yes},
		{"an address itself", v4, nil, callFrom("198.51.100.7"), yes},
		{"an address beside it", v4, nil, callFrom("198.51.100.8"), no},
		{"an address of the other family", v4, nil, callFrom("2001:db8::1"), no},
		{"bits beyond the length do not count", v4masked, nil, callFrom("192.0.2.1"), yes},
		{"IPv6", v6, nil, callFrom("2001:db8:ffff::1"), yes},
		{"IPv6 loopback", v6, nil, callFrom("::1"), yes},
		{"outside of IPv6", v6, nil, callFrom("2001:db9::1"), no},
		{"IPv4 in IPv6 form is IPv4", mapped, nil, callFrom("192.0.2.7"), yes},
		{"both families are one signal: IPv4", both, nil, callFrom("192.0.2.7"), yes},
		{"both families are one signal: IPv6", both, nil, callFrom("2001:db8::7"), yes},
		{"both families are one signal: neither", both, nil, callFrom("203.0.113.9"), no},
		{"both families not: IPv4", nil, both, callFrom("192.0.2.7"), no},
		{"both families not: neither", nil, both, callFrom("203.0.113.9"), yes},
		{"the peer is who connects", proxy, nil, through("10.1.2.3", "203.0.113.9"), yes},
		{"the peer is not the caller", proxy, nil, through("203.0.113.1", "10.1.2.3"), no},
		{"the peer over IPv6", proxy, nil, through("fd12::1", "203.0.113.9"), yes},
		{"the caller is not the peer", v4, nil, through("192.0.2.7", "203.0.113.9"), no},
		{"a host, whatever its case, port and last dot", hosts, nil, called("aCME.example:8443"), yes},
		{"a host without a port", hosts, nil, called("api.example"), yes},
		{"a host below", hosts, nil, called("x.acme.example:8443"), no},
		{"a part of a user agent, whatever its case", agents, nil, by("Mozilla/5.0 (compatible; badbot/1.0)"), yes},
		{"an asterisk stands for anything", agents, nil, by("curl/7.88 (x) libcurl/7.88"), yes},
		{"pieces in order", agents, nil, by("libcurl/7 curl"), no},
		{"no user agent", agents, nil, by(""), no},
		{"an asterisk alone is everybody", &NetworkACLMatch{UserAgents: []string{"*"}}, nil, by(""), yes},
		{"all signals", v4OfHost, nil, callFrom("192.0.2.7"), yes},
		{"one signal of two", v4OfHost, nil, called("acme.example"), no},
		{"not: outside", nil, v4, callFrom("203.0.113.9"), yes},
		{"not: inside", nil, v4, callFrom("192.0.2.7"), no},
		{"not: any signal of two is enough to be left out", nil, v4OfHost, callFrom("203.0.113.9"), no},
		{"not: none of both", nil, v4OfHost, called("other.example"), yes},
		{"match and not match", v4, hosts, callFrom("192.0.2.7"), no},
		{"match, and not not match", hosts, v4, callFrom("203.0.113.9"), yes},

		{"what is not evaluated is not known", geo, nil, callFrom("192.0.2.7"), unknown},
		{"nor its opposite", nil, geo, callFrom("192.0.2.7"), unknown},
		{"it does not count where another signal says no", v4AndGeo, nil, callFrom("203.0.113.9"), no},
		{"it counts where the others say yes", v4AndGeo, nil, callFrom("192.0.2.7"), unknown},
		{"not: it does not count where another signal is met", nil, v4AndGeo, callFrom("192.0.2.7"), no},
		{"not: it counts where no other is met", nil, v4AndGeo, callFrom("203.0.113.9"), unknown},
		{"match says no, whatever not_match may be", v4, geo, callFrom("203.0.113.9"), no},
		{"an address that is not known", v4, nil, &Call{}, unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rule := networkRule{match: newSignals(tt.match), notMatch: newSignals(tt.notMatch)}
			if got := rule.meets(tt.call); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

// Every signal of a match is looked at, or known not to be.
func TestEverySignalCounts(t *testing.T) {
	for name, m := range map[string]*NetworkACLMatch{
		"asns": {ASNs: []int64{1}}, "ipv4_cidrs": {IPv4CIDRs: []string{"10.0.0.1"}}, "ipv6_cidrs": {IPv6CIDRs: []string{"::1"}},
		"user_agents": {UserAgents: []string{"x"}}, "ja3_fingerprints": {JA3Fingerprints: []string{"x"}}, "ja4_fingerprints": {JA4Fingerprints: []string{"x"}},
		"geo_country_codes": {GeoCountryCodes: []string{"x"}}, "geo_subdivision_codes": {GeoSubdivisionCodes: []string{"x"}},
		"hostnames": {Hostnames: []string{"x"}}, "connecting_ipv4_cidrs": {ConnectingIPv4CIDRs: []string{"10.0.0.1"}},
		"connecting_ipv6_cidrs": {ConnectingIPv6CIDRs: []string{"::1"}}, "auth0_managed": {Auth0Managed: []string{"auth0.low_reputation"}},
	} {
		rule := networkRule{match: newSignals(m)}
		want := no
		if names := m.notEvaluated(); len(names) > 0 {
			want = unknown
			if len(names) != 1 || names[0] != name {
				t.Errorf("%s: %v is not evaluated", name, names)
			}
		}
		if got := rule.meets(callFrom("203.0.113.9")); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func acl(id string, priority int, scope NetworkACLScope, action string, match *NetworkACLMatch) NetworkACL {
	return NetworkACL{ID: id, Active: true, Priority: priority, Rule: NetworkACLRule{
		Match: match, Scope: scope, Action: NetworkACLAction{
			Block: action == "block", Allow: action == "allow", Log: action == "log", Redirect: action == "redirect",
		},
	}}
}

func TestJudgement(t *testing.T) {
	idle := acl("idle", 1, ScopeTenant, "block", v4)
	idle.Active = false
	for _, tt := range []struct {
		name              string
		acls              []NetworkACL
		kind              NetworkACLScope
		decided           string
		logged, uncertain []string
		refuses           bool
	}{
		{name: "no rules", kind: ScopeAuthentication},
		{name: "the lowest number first", kind: ScopeAuthentication, decided: "first",
			acls: []NetworkACL{acl("second", 9, ScopeTenant, "block", v4), acl("first", 2, ScopeTenant, "allow", v4)}},
		{name: "a rule that is not met decides nothing", kind: ScopeAuthentication, decided: "second", refuses: true,
			acls: []NetworkACL{acl("first", 1, ScopeTenant, "allow", v6), acl("second", 2, ScopeTenant, "block", v4)}},
		{name: "one that is not active", kind: ScopeAuthentication, acls: []NetworkACL{idle}},
		{name: "a redirect refuses", kind: ScopeAuthentication, decided: "away", refuses: true, acls: []NetworkACL{acl("away", 1, ScopeTenant, "redirect", v4)}},
		{name: "a log goes on", kind: ScopeAuthentication, decided: "end", refuses: true, logged: []string{"seen", "seen too"},
			acls: []NetworkACL{acl("seen", 1, ScopeTenant, "log", v4), acl("seen too", 2, ScopeTenant, "log", v4), acl("end", 3, ScopeTenant, "block", v4), acl("behind", 4, ScopeTenant, "log", v4)}},
		{name: "the token endpoint", kind: ScopeAuthentication, logged: []string{"authentication", "tenant"},
			acls: []NetworkACL{acl("authentication", 1, ScopeAuthentication, "log", v4), acl("management", 2, ScopeManagement, "log", v4), acl("tenant", 3, ScopeTenant, "log", v4), acl("dcr", 4, ScopeClientRegistration, "log", v4)}},
		{name: "the Management API", kind: ScopeManagement, logged: []string{"management", "tenant"},
			acls: []NetworkACL{acl("authentication", 1, ScopeAuthentication, "log", v4), acl("management", 2, ScopeManagement, "log", v4), acl("tenant", 3, ScopeTenant, "log", v4), acl("dcr", 4, ScopeClientRegistration, "log", v4)}},
		{name: "uncertain: nobody is blocked", kind: ScopeAuthentication, uncertain: []string{"geo"}, acls: []NetworkACL{acl("geo", 1, ScopeTenant, "block", geo)}},
		{name: "uncertain: nobody is let past the rules behind", kind: ScopeAuthentication, decided: "wall", uncertain: []string{"geo"}, refuses: true,
			acls: []NetworkACL{acl("geo", 1, ScopeTenant, "allow", geo), acl("wall", 2, ScopeTenant, "block", v4)}},
		{name: "uncertain: behind a decision it is not asked", kind: ScopeAuthentication, decided: "gate",
			acls: []NetworkACL{acl("gate", 1, ScopeTenant, "allow", v4), acl("geo", 2, ScopeTenant, "block", geo)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := NewNetworkRules(tt.acls).Judge(tt.kind, callFrom("192.0.2.7"))
			decided := ""
			if j.Decided != nil {
				decided = j.Decided.ID
			}
			if decided != tt.decided || !sameIDs(j.Logged, tt.logged) || !sameIDs(j.Uncertain, tt.uncertain) || j.Refuses() != tt.refuses {
				t.Errorf("decided %q, logged %v, uncertain %v, refuses %v", decided, j.Logged, j.Uncertain, j.Refuses())
			}
		})
	}
}

func sameIDs(acls []*NetworkACL, want []string) bool {
	if len(acls) != len(want) {
		return false
	}
	for i := range acls {
		if acls[i].ID != want[i] {
			return false
		}
	}
	return true
}

func TestPolicyOfAClient(t *testing.T) {
	policies := func(selectors ...string) []RateLimitPolicy {
		var all []RateLimitPolicy
		for _, s := range selectors {
			all = append(all, RateLimitPolicy{ConsumerSelector: s})
		}
		return all
	}
	ours, theirs := &Client{ClientID: "x", IsFirstParty: true}, &Client{ClientID: "x"}
	for _, tt := range []struct {
		name     string
		policies []RateLimitPolicy
		client   *Client
		want     string
		shared   bool
	}{
		{"none", nil, ours, "", false},
		{"the client's own first", policies("default", "third_party_clients", "client_id:x"), theirs, "client_id:x", false},
		{"then its group's, which is one for all", policies("default", "third_party_clients", "client_id:y"), theirs, "third_party_clients", true},
		{"a client of our own is in no group", policies("default", "third_party_clients"), ours, "default", false},
		{"then the default, for each by itself", policies("default"), theirs, "default", false},
		{"nobody is a client by its metadata", policies("cimd_clients"), theirs, "", false},
		{"the id is compared byte for byte", policies("client_id:X", "client_id:xx"), ours, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rules := NewTrafficRules(nil, tt.policies)
			policy, shared := rules.Policy(tt.client)
			got := ""
			if policy != nil {
				got = policy.ConsumerSelector
			}
			if got != tt.want || shared != tt.shared {
				t.Errorf("%q, shared %v", got, shared)
			}
		})
	}
}

// Whatever texts a schema may have let pass, preparing and judging them is no fault.
func FuzzNetworkRules(f *testing.F) {
	f.Add("192.0.2.0/24", "2001:db8::/32", "acme.example", "curl*", "acme.example:8443", "curl/8")
	f.Add("", "::ffff:0:0/96", ".", "***", "[::1]:80", "")
	f.Fuzz(func(t *testing.T, a, b, host, agent, domain, header string) {
		m := &NetworkACLMatch{IPv4CIDRs: []string{a}, IPv6CIDRs: []string{b}, Hostnames: []string{host}, UserAgents: []string{agent}, ConnectingIPv4CIDRs: []string{b}}
		call := callFrom("192.0.2.7")
		call.Domain, call.UserAgent = domain, header
		rule := NetworkACL{Active: true, Rule: NetworkACLRule{Match: m, Scope: ScopeTenant, Action: NetworkACLAction{Block: true}}}
		opposite := rule
		opposite.Rule.Match, opposite.Rule.NotMatch = nil, m
		met := NewNetworkRules([]NetworkACL{rule}).Judge(ScopeManagement, call).Refuses()
		left := NewNetworkRules([]NetworkACL{opposite}).Judge(ScopeManagement, call).Refuses()
		if met && left {
			t.Error("a request both has all values and none of any")
		}
	})
}
