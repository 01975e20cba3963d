package store

import "github.com/writ-auth/writ/internal/tenant"

func customDomainsTable() *table[tenant.CustomDomain] {
	return &table[tenant.CustomDomain]{
		name:     "custom_domains",
		idColumn: "id",
		id:       func(d *tenant.CustomDomain) string { return d.ID },
		columns: []column[tenant.CustomDomain]{
			{name: "domain", value: func(d *tenant.CustomDomain) any { return d.Domain }},
		},
		filters: []string{"id", "domain"},
	}
}

func logStreamsTable() *table[tenant.LogStream] {
	return &table[tenant.LogStream]{
		name:     "log_streams",
		idColumn: "id",
		id:       func(s *tenant.LogStream) string { return s.ID },
		filters:  []string{"id"},
		secret:   func(s *tenant.LogStream) *tenant.Secret { return &s.Sink },
	}
}

func tokenExchangeProfilesTable() *table[tenant.TokenExchangeProfile] {
	return &table[tenant.TokenExchangeProfile]{
		name:     "token_exchange_profiles",
		idColumn: "id",
		id:       func(p *tenant.TokenExchangeProfile) string { return p.ID },
		columns: []column[tenant.TokenExchangeProfile]{
			{name: "subject_token_type", value: func(p *tenant.TokenExchangeProfile) any { return p.SubjectTokenType }},
			{name: "action_id", value: func(p *tenant.TokenExchangeProfile) any { return p.ActionID }},
		},
		filters: []string{"id", "subject_token_type", "action_id"},
	}
}
