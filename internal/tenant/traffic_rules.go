package tenant

// TrafficRules are all rules of a tenant on who may ask, and how often, made ready to judge requests. Safe for concurrent use; not to be
// changed.
type TrafficRules struct {
	Network  NetworkRules
	policies map[string]*RateLimitPolicy // by selector
}

// NewTrafficRules prepares a tenant's ACLs and policies.
func NewTrafficRules(acls []NetworkACL, policies []RateLimitPolicy) TrafficRules {
	r := TrafficRules{Network: NewNetworkRules(acls)}
	if len(policies) > 0 {
		r.policies = make(map[string]*RateLimitPolicy, len(policies))
	}
	for _, p := range policies {
		r.policies[p.ConsumerSelector] = &p
	}
	return r
}

// Policy is the one that counts for a client, the most specific first; nil = there is none. shared: the clients that it counts for share one
// limit; otherwise each has its own.
func (r *TrafficRules) Policy(client *Client) (policy *RateLimitPolicy, shared bool) {
	if len(r.policies) == 0 {
		return nil, false
	}
	if p := r.policies[SelectClient+client.ClientID]; p != nil {
		return p, false
	}
	if p := r.policies[SelectThirdParty]; p != nil && !client.IsFirstParty {
		return p, true
	}
	return r.policies[SelectDefault], false
}
