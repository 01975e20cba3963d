package store

import "github.com/writ-auth/writ/internal/tenant"

// tables describes every table that Rows works on. A new resource is a line here, its description below, a migration, and a
// method of Scope.
type tables struct {
	actions              *table[tenant.Action]
	actionVersions       *table[tenant.ActionVersion]
	actionBindings       *table[tenant.ActionBinding]
	actionModules        *table[tenant.ActionModule]
	actionModuleVersions *table[tenant.ActionModuleVersion]

	clients         *table[tenant.Client]
	resourceServers *table[tenant.ResourceServer]
	clientGrants    *table[tenant.ClientGrant]
	credentials     *table[tenant.ClientCredential]
	signingKeys     *table[tenant.SigningKey]
	encryptionKeys  *table[tenant.EncryptionKey]

	organizations      *table[tenant.Organization]
	organizationGrants *table[tenant.OrganizationGrant]

	networkACLs       *table[tenant.NetworkACL]
	rateLimitPolicies *table[tenant.RateLimitPolicy]

	customDomains *table[tenant.CustomDomain]
	logStreams    *table[tenant.LogStream]

	tokenExchangeProfiles *table[tenant.TokenExchangeProfile]
}

func newTables() tables {
	return tables{
		actions:              actionsTable().prepare(),
		actionVersions:       actionVersionsTable().prepare(),
		actionBindings:       actionBindingsTable().prepare(),
		actionModules:        actionModulesTable().prepare(),
		actionModuleVersions: actionModuleVersionsTable().prepare(),

		clients:         clientsTable().prepare(),
		resourceServers: resourceServersTable().prepare(),
		clientGrants:    clientGrantsTable().prepare(),
		credentials:     clientCredentialsTable().prepare(),
		signingKeys:     signingKeysTable().prepare(),
		encryptionKeys:  encryptionKeysTable().prepare(),

		organizations:      organizationsTable().prepare(),
		organizationGrants: organizationGrantsTable().prepare(),

		networkACLs:       networkACLsTable().prepare(),
		rateLimitPolicies: rateLimitPoliciesTable().prepare(),

		customDomains: customDomainsTable().prepare(),
		logStreams:    logStreamsTable().prepare(),

		tokenExchangeProfiles: tokenExchangeProfilesTable().prepare(),
	}
}

// sealed are the tables that hold secrets, whose rows a change of the data key must seal anew.
func (t tables) sealed() []resealer {
	return []resealer{t.clients, t.resourceServers, t.signingKeys,
		t.actions, t.actionVersions, t.actionBindings, t.actionModules, t.actionModuleVersions,
		t.logStreams}
}

func clientsTable() *table[tenant.Client] {
	return &table[tenant.Client]{
		name:     "clients",
		idColumn: "client_id",
		id:       func(c *tenant.Client) string { return c.ClientID },
		rank: func(c *tenant.Client) int64 {
			if c.Global {
				return 1
			}
			return 0
		},
		columns: []column[tenant.Client]{
			{name: "is_global", value: func(c *tenant.Client) any { return c.Global }},
			{name: "is_first_party", value: func(c *tenant.Client) any { return c.IsFirstParty }},
			{name: "app_type", value: func(c *tenant.Client) any { return optional(c.AppType) }},
			{name: "resource_server_identifier", value: func(c *tenant.Client) any { return optional(c.ResourceServerIdentifier) }},
			{name: "default_organization_id", value: func(c *tenant.Client) any { return optional(c.DefaultOrganizationID()) }},
		},
		filters: []string{"client_id", "is_global", "is_first_party", "app_type", "default_organization_id"},
		conditions: map[string]string{
			"client_grant.allow_any_organization": `EXISTS (SELECT 1 FROM client_grants AS g
				WHERE g.tenant = t.tenant AND g.client_id = t.client_id AND g.allow_any_organization)`,
		},
		secret: func(c *tenant.Client) *tenant.Secret { return &c.ClientSecret },
		link:   linkAliases,
		changed: func(tenantName string, c *tenant.Client) change {
			return change{kind: changedClient, tenant: tenantName, id: c.ClientID}
		},
	}
}

func resourceServersTable() *table[tenant.ResourceServer] {
	return &table[tenant.ResourceServer]{
		name:     "resource_servers",
		idColumn: "id",
		id:       func(rs *tenant.ResourceServer) string { return rs.ID },
		rank: func(rs *tenant.ResourceServer) int64 {
			if rs.IsSystem {
				return -1
			}
			return 0
		},
		columns: []column[tenant.ResourceServer]{
			{name: "identifier", value: func(rs *tenant.ResourceServer) any { return optional(storedIdentifier(rs)) }},
			{name: "is_system", value: func(rs *tenant.ResourceServer) any { return rs.IsSystem }},
		},
		filters: []string{"id", "identifier", "is_system"},
		secret:  func(rs *tenant.ResourceServer) *tenant.Secret { return &rs.SigningSecret },
		derived: []expression[tenant.ResourceServer]{{
			sql: `COALESCE((SELECT c.client_id FROM clients AS c WHERE c.tenant = t.tenant AND c.resource_server_identifier = t.identifier
				ORDER BY c.created_at, c.client_id LIMIT 1), '')`,
			read: func(rs *tenant.ResourceServer) any { return &rs.ClientID },
		}},
		derive: func(rs *tenant.ResourceServer) { rs.Identifier, rs.ClientID = storedIdentifier(rs), "" },
		changed: func(tenantName string, rs *tenant.ResourceServer) change {
			return change{kind: changedResourceServer, tenant: tenantName, id: storedIdentifier(rs)}
		},
	}
}

// storedIdentifier is empty for the system resource server, whose identifier follows from the tenant's domain.
func storedIdentifier(rs *tenant.ResourceServer) string {
	if rs.IsSystem {
		return ""
	}
	return rs.Identifier
}

func clientGrantsTable() *table[tenant.ClientGrant] {
	return &table[tenant.ClientGrant]{
		name:     "client_grants",
		idColumn: "id",
		id:       func(g *tenant.ClientGrant) string { return g.ID },
		columns: []column[tenant.ClientGrant]{
			{name: "client_id", value: func(g *tenant.ClientGrant) any { return optional(g.ClientID) }},
			{
				name:  "resource_server_id",
				value: func(g *tenant.ClientGrant) any { return g.ResourceServerID },
				read:  func(g *tenant.ClientGrant) any { return &g.ResourceServerID },
			},
			{name: "subject_type", value: func(g *tenant.ClientGrant) any { return g.SubjectType }},
			{name: "default_for", value: func(g *tenant.ClientGrant) any { return optional(g.DefaultFor) }},
			{name: "allow_any_organization", value: func(g *tenant.ClientGrant) any {
				return g.AnyOrganization()
			}},
		},
		filters: []string{"id", "client_id", "resource_server_id", "subject_type", "default_for", "allow_any_organization"},
		derived: []expression[tenant.ClientGrant]{{
			sql: `COALESCE((SELECT rs.identifier FROM resource_servers AS rs
				WHERE rs.tenant = t.tenant AND rs.id = t.resource_server_id), '')`,
			read: func(g *tenant.ClientGrant) any { return &g.Audience },
		}},
		derive: func(g *tenant.ClientGrant) { g.Audience = "" },
		changed: func(tenantName string, g *tenant.ClientGrant) change {
			return change{kind: changedClientGrant, tenant: tenantName, id: g.ClientID, sub: g.ResourceServerID}
		},
	}
}

// clientCredentialsTable: a client's credentials are a part of its snapshot, which each change of them makes stale.
func clientCredentialsTable() *table[tenant.ClientCredential] {
	return &table[tenant.ClientCredential]{
		name:     "client_credentials",
		idColumn: "id",
		id:       func(c *tenant.ClientCredential) string { return c.ID },
		columns: []column[tenant.ClientCredential]{
			{name: "client_id", value: func(c *tenant.ClientCredential) any { return c.ClientID }},
		},
		filters: []string{"id", "client_id"},
		changed: func(tenantName string, c *tenant.ClientCredential) change {
			return change{kind: changedClient, tenant: tenantName, id: c.ClientID}
		},
	}
}

func signingKeysTable() *table[tenant.SigningKey] {
	return &table[tenant.SigningKey]{
		name:     "signing_keys",
		idColumn: "kid",
		id:       func(k *tenant.SigningKey) string { return k.KID },
		columns: []column[tenant.SigningKey]{
			{name: "family", value: func(k *tenant.SigningKey) any { return string(k.Family) }},
			{name: "state", value: func(k *tenant.SigningKey) any { return string(k.State) }},
		},
		filters: []string{"kid", "family", "state"},
		secret:  func(k *tenant.SigningKey) *tenant.Secret { return &k.PrivateKey },
		changed: func(tenantName string, k *tenant.SigningKey) change {
			return change{kind: changedSigningKeys, tenant: tenantName}
		},
	}
}

func encryptionKeysTable() *table[tenant.EncryptionKey] {
	return &table[tenant.EncryptionKey]{
		name:     "encryption_keys",
		idColumn: "kid",
		id:       func(k *tenant.EncryptionKey) string { return k.KID },
		rank: func(k *tenant.EncryptionKey) int64 {
			if k.Type == tenant.EnvironmentRootKey {
				return -1
			}
			return 0
		},
		columns: []column[tenant.EncryptionKey]{
			{name: "type", value: func(k *tenant.EncryptionKey) any { return string(k.Type) }},
			{name: "state", value: func(k *tenant.EncryptionKey) any { return string(k.State) }},
		},
		filters: []string{"kid", "type", "state"},
	}
}

// optional is NULL for a text that is not set, so that unique constraints and filters pass over it.
func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}
