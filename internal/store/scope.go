package store

import "github.com/writ-auth/writ/internal/tenant"

// Scope is one tenant's part of the store. Every statement made through it names the tenant. From DB.Tenant it reads what is
// committed and cannot write; from Tx.Tenant it reads and writes in that transaction.
type Scope struct {
	db     *DB
	q      querier
	tx     *Tx // nil = reading only
	tenant string
}

// Clients are keyed by client_id. They come with ClientSecret opened and without SecretDigest.
func (s Scope) Clients() Rows[tenant.Client] {
	return Rows[tenant.Client]{scope: s, table: s.db.tables.clients}
}

// ResourceServers are keyed by id. The system's comes with an empty Identifier; ClientID is that of the client that stands for the API.
func (s Scope) ResourceServers() Rows[tenant.ResourceServer] {
	return Rows[tenant.ResourceServer]{scope: s, table: s.db.tables.resourceServers}
}

// ClientGrants are keyed by id. Audience is the resource server's identifier, empty for the system's.
func (s Scope) ClientGrants() Rows[tenant.ClientGrant] {
	return Rows[tenant.ClientGrant]{scope: s, table: s.db.tables.clientGrants}
}

// ClientCredentials are keyed by id, of all clients of the tenant.
func (s Scope) ClientCredentials() Rows[tenant.ClientCredential] {
	return Rows[tenant.ClientCredential]{scope: s, table: s.db.tables.credentials}
}

// SigningKeys are keyed by kid, and come oldest first with PrivateKey opened.
func (s Scope) SigningKeys() Rows[tenant.SigningKey] {
	return Rows[tenant.SigningKey]{scope: s, table: s.db.tables.signingKeys}
}

// EncryptionKeys are keyed by kid, and come root first, then oldest first.
func (s Scope) EncryptionKeys() Rows[tenant.EncryptionKey] {
	return Rows[tenant.EncryptionKey]{scope: s, table: s.db.tables.encryptionKeys}
}

// Organizations are keyed by id.
func (s Scope) Organizations() Rows[tenant.Organization] {
	return Rows[tenant.Organization]{scope: s, table: s.db.tables.organizations}
}

// OrganizationGrants are the associations of organizations and client grants, keyed by OrganizationGrant.ID.
func (s Scope) OrganizationGrants() Rows[tenant.OrganizationGrant] {
	return Rows[tenant.OrganizationGrant]{scope: s, table: s.db.tables.organizationGrants}
}

// NetworkACLs are keyed by id.
func (s Scope) NetworkACLs() Rows[tenant.NetworkACL] {
	return Rows[tenant.NetworkACL]{scope: s, table: s.db.tables.networkACLs}
}

// RateLimitPolicies are keyed by id.
func (s Scope) RateLimitPolicies() Rows[tenant.RateLimitPolicy] {
	return Rows[tenant.RateLimitPolicy]{scope: s, table: s.db.tables.rateLimitPolicies}
}

// Actions are keyed by id, and come with SecretValues opened, as all of the following do.
func (s Scope) Actions() Rows[tenant.Action] {
	return Rows[tenant.Action]{scope: s, table: s.db.tables.actions}
}

// ActionVersions are keyed by id, of all Actions of the tenant; those of one come newest first.
func (s Scope) ActionVersions() Rows[tenant.ActionVersion] {
	return Rows[tenant.ActionVersion]{scope: s, table: s.db.tables.actionVersions}
}

// ActionBindings are keyed by id, of all triggers; those of one come in the order in which they run.
func (s Scope) ActionBindings() Rows[tenant.ActionBinding] {
	return Rows[tenant.ActionBinding]{scope: s, table: s.db.tables.actionBindings}
}

// ActionModules are keyed by id.
func (s Scope) ActionModules() Rows[tenant.ActionModule] {
	return Rows[tenant.ActionModule]{scope: s, table: s.db.tables.actionModules}
}

// ActionModuleVersions are keyed by id, of all modules of the tenant; those of one come newest first.
func (s Scope) ActionModuleVersions() Rows[tenant.ActionModuleVersion] {
	return Rows[tenant.ActionModuleVersion]{scope: s, table: s.db.tables.actionModuleVersions}
}

// CustomDomains are keyed by id. Their hosts are unique in the installation: one that is another tenant's is tenant.ErrExists, too.
func (s Scope) CustomDomains() Rows[tenant.CustomDomain] {
	return Rows[tenant.CustomDomain]{scope: s, table: s.db.tables.customDomains}
}

// LogStreams are keyed by id, and come with Sink opened.
func (s Scope) LogStreams() Rows[tenant.LogStream] {
	return Rows[tenant.LogStream]{scope: s, table: s.db.tables.logStreams}
}

// TokenExchangeProfiles are keyed by id.
func (s Scope) TokenExchangeProfiles() Rows[tenant.TokenExchangeProfile] {
	return Rows[tenant.TokenExchangeProfile]{scope: s, table: s.db.tables.tokenExchangeProfiles}
}

// Settings is the tenant's one row of settings.
func (s Scope) Settings() Settings { return Settings{scope: s} }

// Logs reads the tenant's log, which no transaction on the configuration spans.
func (s Scope) Logs() Logs { return Logs{q: s.db.events.reader, engine: s.db.engine, tenant: s.tenant} }
