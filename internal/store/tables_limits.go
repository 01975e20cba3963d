package store

import "github.com/writ-auth/writ/internal/tenant"

func networkACLsTable() *table[tenant.NetworkACL] {
	return &table[tenant.NetworkACL]{
		name:     "network_acls",
		idColumn: "id",
		id:       func(a *tenant.NetworkACL) string { return a.ID },
		columns: []column[tenant.NetworkACL]{
			{name: "priority", value: func(a *tenant.NetworkACL) any { return a.Priority }},
		},
		filters: []string{"id"},
		changed: func(tenantName string, _ *tenant.NetworkACL) change {
			return change{kind: changedTraffic, tenant: tenantName}
		},
	}
}

func rateLimitPoliciesTable() *table[tenant.RateLimitPolicy] {
	return &table[tenant.RateLimitPolicy]{
		name:     "rate_limit_policies",
		idColumn: "id",
		id:       func(p *tenant.RateLimitPolicy) string { return p.ID },
		columns: []column[tenant.RateLimitPolicy]{
			{name: "resource", value: func(p *tenant.RateLimitPolicy) any { return p.Resource }},
			{name: "consumer", value: func(p *tenant.RateLimitPolicy) any { return p.Consumer }},
			{name: "consumer_selector", value: func(p *tenant.RateLimitPolicy) any { return p.ConsumerSelector }},
		},
		filters: []string{"id", "consumer_selector"},
		changed: func(tenantName string, _ *tenant.RateLimitPolicy) change {
			return change{kind: changedTraffic, tenant: tenantName}
		},
	}
}
