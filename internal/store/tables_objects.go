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
