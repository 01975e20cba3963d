package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// tenantsCached bounds what is kept per tenant: the tenant, its settings, its keys, its system resource server.
const tenantsCached = 10_000

// Snapshots answers the token path from memory. What its pointers point to is shared and must not be changed. What a commit of
// this process changes is seen at once, what another process changes within Config.PollInterval. Every method may also fail
// with tenant.ErrUnavailable. While the database does not answer, what is in memory still does, but for Client and TrafficRules. Safe for
// concurrent use.
type Snapshots struct {
	db *DB

	tenants         *cache[tenant.Tenant]
	settings        *cache[tenant.Settings]
	signingKeys     *cache[tenant.KeySet]
	clients         *cache[tenant.Client]
	resourceServers *cache[tenant.ResourceServer] // the system's has the empty identifier
	clientGrants    *cache[tenant.ClientGrant]
	actionsBound    *cache[bool] // to credentials-exchange
	trafficRules    *cache[tenant.TrafficRules]

	organizations      *cache[tenant.Organization] // by id, and with the empty id by name
	organizationGrants *cache[tenant.OrganizationGrant]
}

func newSnapshots(db *DB) (*Snapshots, error) {
	s := &Snapshots{db: db}
	now, size := db.now, db.cfg.CacheClients
	var errs [10]error
	s.tenants, errs[0] = newCache(tenantsCached, now, false, s.readTenant)
	s.settings, errs[1] = newCache(tenantsCached, now, false, s.readSettings)
	s.signingKeys, errs[2] = newCache(tenantsCached, now, false, s.readSigningKeys)
	s.clients, errs[3] = newCache(size, now, true, s.readClient)
	s.resourceServers, errs[4] = newCache(size, now, true, s.readResourceServer)
	s.clientGrants, errs[5] = newCache(size, now, true, s.readClientGrant)
	s.organizations, errs[6] = newCache(size, now, true, s.readOrganization)
	s.organizationGrants, errs[7] = newCache(size, now, true, s.readOrganizationGrant)
	s.actionsBound, errs[8] = newCache(tenantsCached, now, false, s.readActionsBound)
	s.trafficRules, errs[9] = newCache(tenantsCached, now, false, s.readTrafficRules)
	return s, errors.Join(errs[:]...)
}

// Snapshots is the token path's view of the store.
func (db *DB) Snapshots() *Snapshots { return db.snapshots }

// Tenant says that a tenant exists. A negative answer is never remembered: a new tenant answers at once. Errors:
// tenant.ErrNotFound.
func (s *Snapshots) Tenant(ctx context.Context, name string) (*tenant.Tenant, error) {
	t, err := s.tenants.get(ctx, name, "", "")
	return t, missing(err, "tenant", name)
}

// Settings returns a tenant's settings. Errors: tenant.ErrNotFound.
func (s *Snapshots) Settings(ctx context.Context, tenantName string) (*tenant.Settings, error) {
	row, err := s.settings.get(ctx, tenantName, "", "")
	return row, missing(err, "settings of", tenantName)
}

// SigningKeys returns all keys of a tenant, newest first, revoked ones too, with their private halves opened; a tenant without
// keys has an empty set.
func (s *Snapshots) SigningKeys(ctx context.Context, tenantName string) (tenant.KeySet, error) {
	keys, err := s.signingKeys.get(ctx, tenantName, "", "")
	if errors.Is(err, tenant.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return *keys, nil
}

// Client returns a client with its SecretDigest and without its secret. A negative answer may be a second old. It is what
// every token begins with, and therefore never answers from a cache that has not been compared with the database for two
// PollIntervals: a process that was paused or cut off first catches up with what was deleted meanwhile. Errors:
// tenant.ErrNotFound; tenant.ErrUnavailable if it cannot catch up.
func (s *Snapshots) Client(ctx context.Context, tenantName, clientID string) (*tenant.Client, error) {
	if err := s.compared(ctx); err != nil {
		return nil, err
	}
	c, err := s.clients.get(ctx, tenantName, clientID, "")
	return c, missing(err, "client", clientID)
}

// ResourceServer returns the API with an identifier, byte for byte, with its SigningSecret opened. A negative answer may be a
// second old. Errors: tenant.ErrNotFound.
func (s *Snapshots) ResourceServer(ctx context.Context, tenantName, identifier string) (*tenant.ResourceServer, error) {
	if identifier == "" {
		return nil, missing(tenant.ErrNotFound, "resource server", identifier) // that would be the system's
	}
	rs, err := s.resourceServers.get(ctx, tenantName, identifier, "")
	return rs, missing(err, "resource server", identifier)
}

// SystemResourceServer returns the API that is the tenant's own Management API; its Identifier is empty. Errors:
// tenant.ErrNotFound.
func (s *Snapshots) SystemResourceServer(ctx context.Context, tenantName string) (*tenant.ResourceServer, error) {
	rs, err := s.resourceServers.get(ctx, tenantName, "", "")
	return rs, missing(err, "system resource server of", tenantName)
}

// ClientGrant returns the grant of a client for an API, of subject type client; its Audience is empty. An empty clientID finds the
// grant that is the default for third-party clients. A negative answer may be a second old. Errors: tenant.ErrNotFound.
func (s *Snapshots) ClientGrant(ctx context.Context, tenantName, clientID, resourceServerID string) (*tenant.ClientGrant, error) {
	g, err := s.clientGrants.get(ctx, tenantName, clientID, resourceServerID)
	return g, missing(err, "client grant of", clientID)
}

// ActionsBound reports whether an Action has to run before a machine of the tenant gets its token.
func (s *Snapshots) ActionsBound(ctx context.Context, tenantName string) (bool, error) {
	bound, err := s.actionsBound.get(ctx, tenantName, "", "")
	return err == nil && *bound, err
}

// TrafficRules returns a tenant's network ACLs and rate limit policies, made ready. They are asked before the client is, and are as fresh.
// A tenant that is not there has none.
func (s *Snapshots) TrafficRules(ctx context.Context, tenantName string) (*tenant.TrafficRules, error) {
	if err := s.compared(ctx); err != nil {
		return nil, err
	}
	return s.trafficRules.get(ctx, tenantName, "", "")
}

// compared returns when the caches have been compared with the database within two PollIntervals.
func (s *Snapshots) compared(ctx context.Context) error {
	return s.db.fresh.since(ctx, time.Now().Add(-2*s.db.cfg.PollInterval), s.db.forgetChanged)
}

// missing says what was not found; other errors say so themselves.
func missing(err error, what, name string) error {
	if errors.Is(err, tenant.ErrNotFound) {
		return fmt.Errorf("%s %q: %w", what, name, tenant.ErrNotFound)
	}
	return err
}

// forget makes stale what a commit changed. It comes after the commit, so that whatever is read next sees it.
func (s *Snapshots) forget(changes []change) {
	for _, c := range changes {
		switch c.kind {
		case changedTenant:
			s.tenants.forget(c.tenant, "", "")
		case changedSettings:
			s.settings.forget(c.tenant, "", "")
		case changedSigningKeys:
			s.signingKeys.forget(c.tenant, "", "")
		case changedClient:
			s.clients.forget(c.tenant, c.id, "")
		case changedResourceServer:
			s.resourceServers.forget(c.tenant, c.id, "")
		case changedClientGrant:
			s.clientGrants.forget(c.tenant, c.id, c.sub)
		case changedOrganization:
			s.organizations.forget(c.tenant, c.id, "")
			s.organizations.forget(c.tenant, "", c.sub)
		case changedOrgGrant:
			s.organizationGrants.forget(c.tenant, c.id, c.sub)
		case changedActions:
			s.actionsBound.forget(c.tenant, "", "")
		case changedTraffic:
			s.trafficRules.forget(c.tenant, "", "")
		default: // everything, or what only a newer writ knows
			s.forgetAll()
		}
	}
}

func (s *Snapshots) forgetAll() {
	s.tenants.forgetAll()
	s.settings.forgetAll()
	s.signingKeys.forgetAll()
	s.clients.forgetAll()
	s.resourceServers.forgetAll()
	s.clientGrants.forgetAll()
	s.actionsBound.forgetAll()
	s.trafficRules.forgetAll()
	s.organizations.forgetAll()
	s.organizationGrants.forgetAll()
}

func (s *Snapshots) readTenant(ctx context.Context, key cacheKey) (tenant.Tenant, error) {
	return s.db.Tenants().Get(ctx, key.tenant)
}

func (s *Snapshots) readSettings(ctx context.Context, key cacheKey) (tenant.Settings, error) {
	return s.db.Tenant(key.tenant).Settings().Get(ctx)
}

func (s *Snapshots) readSigningKeys(ctx context.Context, key cacheKey) (tenant.KeySet, error) {
	keys, err := s.db.Tenant(key.tenant).SigningKeys().List(ctx, Query{})
	if err == nil && len(keys) == 0 {
		err = tenant.ErrNotFound // not remembered: they are about to be made
	}
	slices.Reverse(keys)
	return keys, err
}

func (s *Snapshots) readClient(ctx context.Context, key cacheKey) (tenant.Client, error) {
	f, err := s.db.Tenant(key.tenant).Clients().get(ctx, key.id)
	client := f.row
	if err != nil {
		return client, err
	}
	client.CreatedAt = f.createdAt()
	if client.ClientSecret != "" { // without one nothing matches
		client.SecretDigest = client.ClientSecret.Digest()
	}
	client.ClientSecret = ""
	return client, nil
}

func (s *Snapshots) readResourceServer(ctx context.Context, key cacheKey) (tenant.ResourceServer, error) {
	where := In("identifier", key.id)
	if key.id == "" {
		where = In("is_system", true)
	}
	return first(s.db.Tenant(key.tenant).ResourceServers().List(ctx, Query{Where: []Filter{where}}))
}

func (s *Snapshots) readClientGrant(ctx context.Context, key cacheKey) (tenant.ClientGrant, error) {
	holder := In("client_id", key.id)
	if key.id == "" {
		holder = In("default_for", tenant.DefaultForThirdParty)
	}
	grant, err := first(s.db.Tenant(key.tenant).ClientGrants().List(ctx, Query{Where: []Filter{
		holder, In("resource_server_id", key.sub), In("subject_type", tenant.SubjectTypeClient)}}))
	grant.Audience = "" // follows from the API, which the caller has
	return grant, err
}

func (s *Snapshots) readActionsBound(ctx context.Context, key cacheKey) (bool, error) {
	n, err := s.db.Tenant(key.tenant).ActionBindings().Count(ctx, Query{Where: []Filter{In("trigger_id", tenant.TriggerCredentialsExchange)}})
	return n > 0, err
}

func (s *Snapshots) readTrafficRules(ctx context.Context, key cacheKey) (tenant.TrafficRules, error) {
	scope := s.db.Tenant(key.tenant)
	acls, err := scope.NetworkACLs().List(ctx, Query{})
	if err != nil {
		return tenant.TrafficRules{}, err
	}
	policies, err := scope.RateLimitPolicies().List(ctx, Query{})
	return tenant.NewTrafficRules(acls, policies), err
}

// first is the only row of a list by a unique value. Errors: tenant.ErrNotFound.
func first[T any](rows []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(rows) == 0 {
		return none, tenant.ErrNotFound
	}
	return rows[0], nil
}

// AddSigningKeys gives a tenant its first keys of a family, and does nothing if it has any. make runs outside the transaction,
// because keys take long; what it made is thrown away if another was quicker. Errors: tenant.ErrNotFound if there is no such
// tenant, and make's.
func (db *DB) AddSigningKeys(ctx context.Context, tenantName string, family tenant.KeyFamily,
	make func() ([]tenant.SigningKey, error)) error {
	ofFamily := Query{Where: []Filter{In("family", string(family))}}
	n, err := db.Tenant(tenantName).SigningKeys().Count(ctx, ofFamily)
	if err != nil {
		return err
	}
	if n > 0 { // made by another process, whose news may still be under way
		db.snapshots.signingKeys.forget(tenantName, "", "")
		return nil
	}
	made, err := make()
	if err != nil {
		return err
	}
	err = db.InTx(ctx, func(tx *Tx) error {
		keys := tx.Tenant(tenantName).SigningKeys()
		if n, err := keys.Count(ctx, ofFamily); err != nil || n > 0 {
			return err
		}
		for _, key := range made {
			if err := keys.Insert(ctx, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil { // also what another process made while this one did
		db.snapshots.signingKeys.forget(tenantName, "", "")
	}
	return err
}
