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

// Settings is the tenant's one row of settings.
func (s Scope) Settings() Settings { return Settings{scope: s} }

// Logs reads the tenant's log, which no transaction on the configuration spans.
func (s Scope) Logs() Logs { return Logs{q: s.db.events.reader, engine: s.db.engine, tenant: s.tenant} }
