package mgmt

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// SystemResourceServerName is the name by which official clients find the Management API's resource server.
const SystemResourceServerName = "Auth0 Management API"

// bootstrapName is the name of a tenant's first Management API client, and in the log that of the command line itself.
const bootstrapName = "writ CLI"

// TenantSpec is what a new tenant is made of.
type TenantSpec struct {
	// Tenant's BootstrapClientID is set by NewTenant.
	Tenant tenant.Tenant
	// SigningKeys are its current and next RSA key.
	SigningKeys []tenant.SigningKey
	// Recorded: whoever makes it writes the log's first record. Else it is the command line's.
	Recorded bool
}

// NewTenant makes a tenant and everything that is there before anybody asks: settings, keys, the system resource server, the
// global client, and the bootstrap client with its grant. The tenant's log begins with it, unless spec.Recorded. Errors: tenant.ErrExists,
// tenant.ErrTombstoned.
func NewTenant(ctx context.Context, tx *store.Tx, spec TenantSpec) error {
	name := spec.Tenant.Name
	client := newBootstrapClient(name)
	spec.Tenant.BootstrapClientID, spec.Tenant.BootstrapScopes = client.ClientID, len(Scopes())
	if err := tx.Tenants().Create(ctx, spec.Tenant); err != nil {
		return err
	}
	s := tx.Tenant(name)
	if err := s.Settings().Insert(ctx, tenant.NewSettings(name)); err != nil {
		return err
	}
	for _, key := range spec.SigningKeys {
		if err := s.SigningKeys().Insert(ctx, key); err != nil {
			return err
		}
	}
	for _, key := range tenant.NewEncryptionKeys(spec.Tenant.CreatedAt) {
		if err := s.EncryptionKeys().Insert(ctx, key); err != nil {
			return err
		}
	}
	system := newSystemResourceServer()
	if err := s.ResourceServers().Insert(ctx, system); err != nil {
		return err
	}
	for _, c := range []tenant.Client{newGlobalClient(name), client} {
		if err := s.Clients().Insert(ctx, c); err != nil {
			return err
		}
	}
	if err := s.ClientGrants().Insert(ctx, newBootstrapGrant(client.ClientID, system.ID)); err != nil {
		return err
	}
	if spec.Recorded {
		return nil
	}
	return recordBootstrap(ctx, tx, name, spec.Tenant.CreatedAt, "Create a tenant", change{new: spec.Tenant})
}

// EnsureBootstrap returns the tenant's bootstrap client with its live secret. A client that was deleted is made anew (remade), with a
// grant of all scopes. Otherwise its grant only gets the scopes that this binary knows and no earlier one has offered it: what
// somebody took away stays away. Each such change has its record in the tenant's log; most calls change nothing, and write nothing.
// Errors: tenant.ErrNotFound.
func EnsureBootstrap(ctx context.Context, db *store.DB, tenantName string, now time.Time) (client tenant.Client, remade bool, err error) {
	t, err := db.Tenants().Get(ctx, tenantName)
	if err != nil {
		return client, false, err
	}
	client, err = db.Tenant(tenantName).Clients().Get(ctx, t.BootstrapClientID)
	if err == nil && t.BootstrapScopes >= len(Scopes()) || err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return client, false, err
	}
	err = db.InTx(ctx, func(tx *store.Tx) (err error) {
		client, remade, err = mendBootstrap(ctx, tx, tenantName, now)
		return err
	})
	return client, remade, err
}

// mendBootstrap looks again, because another process may have been quicker.
func mendBootstrap(ctx context.Context, tx *store.Tx, tenantName string, now time.Time) (client tenant.Client, remade bool, err error) {
	t, err := tx.Tenants().Get(ctx, tenantName)
	if err != nil {
		return client, false, err
	}
	client, err = tx.Tenant(tenantName).Clients().Get(ctx, t.BootstrapClientID)
	if errors.Is(err, tenant.ErrNotFound) {
		client, err = remakeBootstrapClient(ctx, tx, tenantName, now)
		return client, true, err
	}
	if err != nil {
		return client, false, err
	}
	return client, false, offerNewScopes(ctx, tx, t, now)
}

func remakeBootstrapClient(ctx context.Context, tx *store.Tx, tenantName string, now time.Time) (tenant.Client, error) {
	s, client := tx.Tenant(tenantName), newBootstrapClient(tenantName)
	system, err := systemResourceServer(ctx, s)
	if err != nil {
		return client, err
	}
	if err := s.Clients().Insert(ctx, client); err != nil {
		return client, err
	}
	grant := newBootstrapGrant(client.ClientID, system.ID)
	if err := s.ClientGrants().Insert(ctx, grant); err != nil {
		return client, err
	}
	_, err = tx.Tenants().Update(ctx, tenantName, func(old tenant.Tenant) (tenant.Tenant, error) {
		old.BootstrapClientID, old.BootstrapScopes = client.ClientID, len(Scopes())
		return old, nil
	})
	if err != nil {
		return client, err
	}
	if err := recordBootstrap(ctx, tx, tenantName, now, "Create a client", change{new: client}); err != nil {
		return client, err
	}
	return client, recordBootstrap(ctx, tx, tenantName, now, "Create client grant", change{new: grant})
}

// offerNewScopes adds the scopes that are new in this binary to the grant of the tenant's bootstrap client, if it still has one.
func offerNewScopes(ctx context.Context, tx *store.Tx, t tenant.Tenant, now time.Time) error {
	all := scopeValues(Scopes())
	if t.BootstrapScopes >= len(all) {
		return nil
	}
	_, err := tx.Tenants().Update(ctx, t.Name, func(old tenant.Tenant) (tenant.Tenant, error) {
		old.BootstrapScopes = len(all)
		return old, nil
	})
	if err != nil {
		return err
	}
	s := tx.Tenant(t.Name)
	system, err := systemResourceServer(ctx, s)
	if err != nil {
		return err
	}
	grants, err := s.ClientGrants().List(ctx, store.Query{Where: []store.Filter{
		store.In("client_id", t.BootstrapClientID), store.In("resource_server_id", system.ID), store.In("subject_type", tenant.SubjectTypeClient),
	}})
	if err != nil || len(grants) == 0 {
		return err
	}
	before := grants[0]
	after, err := s.ClientGrants().Update(ctx, before.ID, func(old tenant.ClientGrant) (tenant.ClientGrant, error) {
		old.Scope = slices.Clone(old.Scope)
		for _, scope := range all[t.BootstrapScopes:] {
			if !slices.Contains(old.Scope, scope) {
				old.Scope = append(old.Scope, scope)
			}
		}
		return old, nil
	})
	if err != nil {
		return err
	}
	return recordBootstrap(ctx, tx, t.Name, now, "Update client grant", change{old: before, new: after})
}

// recordBootstrap writes the record of a change that came by no request, but from the command line.
func recordBootstrap(ctx context.Context, tx *store.Tx, tenantName string, now time.Time, description string, done change) error {
	diff, err := diffOf(done)
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"diff": diff})
	if err != nil {
		return err
	}
	name := bootstrapName
	return tx.Record(ctx, tenant.LogEvent{
		Tenant: tenantName, Date: now.UTC(), Type: tenant.LogManagementWritten, Description: description, ClientName: &name, Details: text,
	})
}

func newSystemResourceServer() tenant.ResourceServer {
	rs := tenant.NewResourceServer(tenant.NewResourceServerID(), "") // identifier and scopes are derived on reading
	rs.Name = SystemResourceServerName
	rs.IsSystem = true
	return rs
}

// newGlobalClient stands for all applications, as recorded; it has no grant types, so that no token is ever issued to it.
func newGlobalClient(tenantName string) tenant.Client {
	c := newClient(tenantName)
	c.Global = true
	c.Name = tenant.GlobalClientName
	c.Callbacks = []string{}
	c.CrossOriginAuthentication = true
	c.ClientID, c.ClientSecret = tenant.NewClientID(), tenant.NewClientSecret()
	c.ApplyDefaults()
	c.GrantTypes, c.JWTConfiguration = nil, nil
	return c
}

func newBootstrapClient(tenantName string) tenant.Client {
	c := newClient(tenantName)
	c.Name = bootstrapName
	c.AppType = tenant.AppTypeNonInteractive
	c.GrantTypes = []string{tenant.GrantClientCredentials}
	c.TokenEndpointAuthMethod = tenant.AuthMethodClientSecretPost
	c.OIDCConformant = true
	c.JWTConfiguration = &tenant.JWTConfiguration{Alg: tenant.RS256}
	c.ClientID, c.ClientSecret = tenant.NewClientID(), tenant.NewClientSecret()
	c.ApplyDefaults()
	return c
}

func newBootstrapGrant(clientID, systemID string) tenant.ClientGrant {
	return tenant.ClientGrant{
		ID: tenant.NewClientGrantID(), ClientID: clientID, ResourceServerID: systemID,
		Scope: scopeValues(Scopes()), SubjectType: tenant.SubjectTypeClient,
	}
}
