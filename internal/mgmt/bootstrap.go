package mgmt

import (
	"context"
	"errors"
	"slices"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// SystemResourceServerName is the name by which official clients find the Management API's resource server.
const SystemResourceServerName = "Auth0 Management API"

// bootstrapName is the name of a tenant's first Management API client.
const bootstrapName = "writ CLI"

// TenantSpec is what a new tenant is made of.
type TenantSpec struct {
	// Tenant's BootstrapClientID is set by NewTenant.
	Tenant tenant.Tenant
	// SigningKeys are its current and next RSA key.
	SigningKeys []tenant.SigningKey
}

// NewTenant makes a tenant and everything that is there before anybody asks: settings, keys, the system resource server, the
// global client, and the bootstrap client with its grant. Errors: tenant.ErrExists, tenant.ErrTombstoned.
func NewTenant(ctx context.Context, tx *store.Tx, spec TenantSpec) error {
	name := spec.Tenant.Name
	client := newBootstrapClient(name)
	spec.Tenant.BootstrapClientID = client.ClientID
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
	system := newSystemResourceServer()
	if err := s.ResourceServers().Insert(ctx, system); err != nil {
		return err
	}
	for _, c := range []tenant.Client{newGlobalClient(name), client} {
		if err := s.Clients().Insert(ctx, c); err != nil {
			return err
		}
	}
	return s.ClientGrants().Insert(ctx, newBootstrapGrant(client.ClientID, system.ID))
}

// EnsureBootstrap returns the tenant's bootstrap client with its live secret. A client that was deleted is made anew (remade), a
// missing grant is restored, and scopes that this binary knows and the grant lacks are added. Errors: tenant.ErrNotFound.
func EnsureBootstrap(ctx context.Context, tx *store.Tx, tenantName string) (client tenant.Client, remade bool, err error) {
	t, err := tx.Tenants().Get(ctx, tenantName)
	if err != nil {
		return client, false, err
	}
	s := tx.Tenant(tenantName)
	client, err = s.Clients().Get(ctx, t.BootstrapClientID)
	if errors.Is(err, tenant.ErrNotFound) {
		remade = true
		client, err = remakeBootstrapClient(ctx, tx, tenantName)
	}
	if err != nil {
		return client, remade, err
	}
	return client, remade, ensureBootstrapGrant(ctx, s, client.ClientID)
}

func remakeBootstrapClient(ctx context.Context, tx *store.Tx, tenantName string) (tenant.Client, error) {
	client := newBootstrapClient(tenantName)
	if err := tx.Tenant(tenantName).Clients().Insert(ctx, client); err != nil {
		return client, err
	}
	_, err := tx.Tenants().Update(ctx, tenantName, func(old tenant.Tenant) (tenant.Tenant, error) {
		old.BootstrapClientID = client.ClientID
		return old, nil
	})
	return client, err
}

func ensureBootstrapGrant(ctx context.Context, s store.Scope, clientID string) error {
	system, err := systemResourceServer(ctx, s)
	if err != nil {
		return err
	}
	grants, err := s.ClientGrants().List(ctx, store.Query{Where: []store.Filter{
		store.In("client_id", clientID), store.In("resource_server_id", system.ID), store.In("subject_type", tenant.SubjectTypeClient),
	}})
	if err != nil {
		return err
	}
	if len(grants) == 0 {
		return s.ClientGrants().Insert(ctx, newBootstrapGrant(clientID, system.ID))
	}
	missing := slices.DeleteFunc(scopeValues(Scopes()), func(v string) bool { return slices.Contains(grants[0].Scope, v) })
	if len(missing) == 0 {
		return nil
	}
	_, err = s.ClientGrants().Update(ctx, grants[0].ID, func(old tenant.ClientGrant) (tenant.ClientGrant, error) {
		old.Scope = append(slices.Clone(old.Scope), missing...)
		return old, nil
	})
	return err
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
