package tenant

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// NetworkRules are the active network ACLs of a tenant, made ready to judge requests: nothing is parsed when one comes.
//
// They are looked at by their priority. The first that a request meets decides, unless its action is log: then the next ones are looked at,
// too. A rule with a signal that writ does not evaluate can still be certain: of a request whose address is not in match.ipv4_cidrs, whatever
// its country is. Where it is not certain it does nothing, whatever its action is: to block would shut out everybody of whom nothing is
// known, to allow would let them past the rules behind. Such a rule is told of: see Judgement.Uncertain.
type NetworkRules struct{ rules []networkRule }

type networkRule struct {
	acl             *NetworkACL
	match, notMatch signals
}

// NewNetworkRules prepares the active ones of the ACLs.
func NewNetworkRules(acls []NetworkACL) NetworkRules {
	var r NetworkRules
	for _, acl := range acls {
		if !acl.Active {
			continue
		}
		r.rules = append(r.rules, networkRule{acl: &acl, match: newSignals(acl.Rule.Match), notMatch: newSignals(acl.Rule.NotMatch)})
	}
	slices.SortFunc(r.rules, func(a, b networkRule) int { return cmp.Compare(a.acl.Priority, b.acl.Priority) })
	return r
}

// Judgement is what the rules say of a request.
type Judgement struct {
	// Decided is the first rule that the request meets, with an action other than log; nil = none, and the request may pass.
	Decided *NetworkACL
	// Logged are the rules with the action log that it meets, Uncertain those that would have decided, or logged, if more were known. Both
	// end where Decided was found.
	Logged, Uncertain []*NetworkACL
}

// Refuses reports whether the request may not pass.
func (j Judgement) Refuses() bool {
	return j.Decided != nil && (j.Decided.Rule.Action.Block || j.Decided.Rule.Action.Redirect)
}

// Judge applies the rules for requests of a kind: ScopeAuthentication or ScopeManagement. An address of call that is not known makes the
// rules about it uncertain.
func (r NetworkRules) Judge(kind NetworkACLScope, call *Call) Judgement {
	var j Judgement
	for i := range r.rules {
		rule := &r.rules[i]
		if scope := rule.acl.Rule.Scope; scope != kind && scope != ScopeTenant {
			continue
		}
		switch rule.meets(call) {
		case unknown:
			j.Uncertain = append(j.Uncertain, rule.acl)
		case yes:
			if !rule.acl.Rule.Action.Log {
				j.Decided = rule.acl
				return j
			}
			j.Logged = append(j.Logged, rule.acl)
		}
	}
	return j
}

// truth is what is known of a condition.
type truth int

const (
	no truth = iota
	unknown
	yes
)

// meets: the request has one value each of all signals of match, and none of any of not_match.
func (r *networkRule) meets(call *Call) truth {
	met := yes
	for _, s := range r.match {
		met = min(met, s.has(call))
	}
	for _, s := range r.notMatch {
		met = min(met, yes-s.has(call))
	}
	return met
}

// signals are those that a match lists.
type signals []signal

// signal is one property of requests with the values that are looked for.
type signal interface {
	has(call *Call) truth
}

func newSignals(m *NetworkACLMatch) signals {
	if m == nil {
		return nil
	}
	var all signals
	if cidrs := slices.Concat(m.IPv4CIDRs, m.IPv6CIDRs); len(cidrs) > 0 {
		all = append(all, addressSignal{networks: parseNetworks(cidrs), of: func(c *Call) netip.Addr { return c.IP }})
	}
	if cidrs := slices.Concat(m.ConnectingIPv4CIDRs, m.ConnectingIPv6CIDRs); len(cidrs) > 0 {
		all = append(all, addressSignal{networks: parseNetworks(cidrs), of: func(c *Call) netip.Addr { return c.Peer }})
	}
	if len(m.Hostnames) > 0 {
		all = append(all, newHostSignal(m.Hostnames))
	}
	if len(m.UserAgents) > 0 {
		all = append(all, newAgentSignal(m.UserAgents))
	}
	if len(m.notEvaluated()) > 0 {
		all = append(all, unseenSignal{})
	}
	return all
}

// addressSignal looks for an address in networks of either family.
type addressSignal struct {
	networks []netip.Prefix
	of       func(*Call) netip.Addr
}

func (s addressSignal) has(call *Call) truth {
	addr := s.of(call)
	if !addr.IsValid() {
		return unknown
	}
	return truthOf(slices.ContainsFunc(s.networks, func(p netip.Prefix) bool { return p.Contains(addr) }))
}

// parseNetworks reads addresses and networks that a schema has judged.
func parseNetworks(texts []string) []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range texts {
		if addr, err := netip.ParseAddr(text); err == nil {
			addr = addr.Unmap()
			networks = append(networks, netip.PrefixFrom(addr, addr.BitLen()))
		} else if network, err := netip.ParsePrefix(text); err == nil {
			networks = append(networks, network.Masked())
		}
	}
	return networks
}

// hostSignal looks for the host that was called, without its port.
type hostSignal map[string]bool

func newHostSignal(names []string) hostSignal {
	s := hostSignal{}
	for _, name := range names {
		s[hostname(name)] = true
	}
	return s
}

func (s hostSignal) has(call *Call) truth {
	host, _, _ := strings.Cut(call.Domain, ":")
	return truthOf(s[hostname(host)])
}

// hostname is one spelling for all of a name (RFC 4343; RFC 1034 section 3.1: a dot at the end says only that there is nothing behind).
func hostname(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

// agentSignal looks for texts in the User-Agent header; each is cut at its asterisks.
type agentSignal [][]string

func newAgentSignal(patterns []string) agentSignal {
	s := make(agentSignal, len(patterns))
	for i, pattern := range patterns {
		s[i] = strings.Split(strings.ToLower(pattern), "*")
	}
	return s
}

func (s agentSignal) has(call *Call) truth {
	agent := strings.ToLower(call.UserAgent)
	return truthOf(slices.ContainsFunc(s, func(pieces []string) bool { return containsInOrder(agent, pieces) }))
}

func containsInOrder(text string, pieces []string) bool {
	for _, piece := range pieces {
		_, rest, found := strings.Cut(text, piece)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

// unseenSignal stands for those that are not evaluated.
type unseenSignal struct{}

func (unseenSignal) has(*Call) truth { return unknown }

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}
