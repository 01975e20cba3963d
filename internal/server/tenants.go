package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/mgmt"
	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// TenantInfo is what a script needs to reach a tenant: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET.
type TenantInfo struct {
	Name        string             `json:"name"`
	Environment tenant.Environment `json:"environment"`
	Domain      string             `json:"domain"`
	Issuer      string             `json:"issuer"`
	Audience    string             `json:"audience"`
	ClientID    string             `json:"client_id,omitzero"`
	// ClientSecret is that of the tenant's first Management API client; absent in lists.
	ClientSecret tenant.Secret `json:"client_secret,omitzero"`

	// Remade tells that the client had been deleted and was made anew for this answer.
	Remade bool `json:"-"`
}

// Admin works on the tenants and operators of a data directory, beside a running server or without one. A running server sees what it does at
// once. Close it.
type Admin struct {
	db       *store.DB
	instance tenant.Instance
	keys     *signing.Generator
	desk     *admin.Desk
	now      func() time.Time
}

// OpenAdmin opens the store of cfg. Of an instance that was never served, domains follow from cfg.
func OpenAdmin(ctx context.Context, cfg Config, log *slog.Logger) (*Admin, error) {
	dir, err := OpenDataDir(cfg, log)
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, cfg, dir, nil, log)
	if err != nil {
		return nil, err
	}
	instance, err := db.Instance(ctx)
	if errors.Is(err, tenant.ErrNotFound) {
		instance, err = cfg.instance(cfg.configuredPorts()), nil
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	keys := signing.NewGenerator(signing.GeneratorConfig{RSAKeys: cfg.RSAKeys})
	return &Admin{db: db, instance: instance, keys: keys, desk: newDesk(db, keys, instance, time.Now, log), now: time.Now}, nil
}

// Close releases the store.
func (a *Admin) Close() error {
	a.keys.Close()
	return a.db.Close()
}

// DefaultTenant is the tenant that commands mean when they name none; empty if there is none to mean.
func (a *Admin) DefaultTenant() string { return a.instance.DefaultTenant }

// CreateTenant makes a tenant with its keys, its system resource server and its first Management API client.
// Errors: tenant.ErrExists, tenant.ErrTombstoned, or why the name is none (tenant.ValidateName).
func (a *Admin) CreateTenant(ctx context.Context, name string, environment tenant.Environment) (TenantInfo, error) {
	if err := createTenant(ctx, a.db, a.keys, a.instance, admin.NewTenant{Name: name, Environment: environment}, a.now(), nil); err != nil {
		return TenantInfo{}, err
	}
	return a.Tenant(ctx, name)
}

// Tenant tells of one tenant. Its first client is shown with its live secret, and made anew if it was deleted; see
// mgmt.EnsureBootstrap.
// Errors: tenant.ErrNotFound.
func (a *Admin) Tenant(ctx context.Context, name string) (TenantInfo, error) {
	t, err := a.db.Tenants().Get(ctx, name)
	if err != nil {
		return TenantInfo{}, err
	}
	info := a.describe(t)
	client, remade, err := mgmt.EnsureBootstrap(ctx, a.db, name, a.now())
	info.ClientID, info.ClientSecret, info.Remade = client.ClientID, client.ClientSecret, remade
	return info, err
}

// TenantAt is the name of the tenant that answers at a domain, its own or an alias. Errors: tenant.ErrNotFound.
func (a *Admin) TenantAt(ctx context.Context, domain string) (string, error) {
	site, err := domains.NewResolver(a.db.Snapshots(), a.instance).Resolve(ctx, domain)
	if err == nil && site.Tenant == "" {
		err = tenant.ErrNotFound
	}
	return site.Tenant, err
}

// Tenants lists all tenants, without secrets.
func (a *Admin) Tenants(ctx context.Context) ([]TenantInfo, error) {
	list, err := a.db.Tenants().List(ctx)
	if err != nil {
		return nil, err
	}
	infos := make([]TenantInfo, len(list))
	for i, t := range list {
		infos[i] = a.describe(t)
	}
	return infos, nil
}

// SetEnvironment changes a tenant's environment tag. Errors: tenant.ErrNotFound.
func (a *Admin) SetEnvironment(ctx context.Context, name string, tag tenant.Environment) error {
	return mgmt.SetEnvironment(ctx, a.db, name, tag, a.now())
}

// DeleteTenant removes a tenant with all that it owns. Its name is never given again. Errors: tenant.ErrNotFound.
func (a *Admin) DeleteTenant(ctx context.Context, name string) error {
	return deleteTenant(ctx, a.db, name)
}

func deleteTenant(ctx context.Context, db *store.DB, name string) error {
	return db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, name) })
}

func (a *Admin) describe(t tenant.Tenant) TenantInfo {
	site := domains.SiteOf(a.instance, t.Name)
	return TenantInfo{
		Name: t.Name, Environment: t.Environment,
		Domain: site.Domain, Issuer: site.Issuer(), Audience: site.ManagementAudience(), ClientID: t.BootstrapClientID,
	}
}

// free reports why a tenant's name cannot be given: nil; what tenant.ValidateName says; tenant.ErrExists; tenant.ErrTombstoned.
func free(ctx context.Context, db *store.DB, name string) error {
	if err := tenant.ValidateName(name); err != nil {
		return err
	}
	_, err := db.Tenants().Get(ctx, name)
	if err == nil {
		return fmt.Errorf("tenant %s: %w", name, tenant.ErrExists)
	}
	if !errors.Is(err, tenant.ErrNotFound) {
		return err
	}
	buried, err := db.Tenants().Tombstoned(ctx, name)
	if err == nil && buried {
		err = fmt.Errorf("tenant %s: %w", name, tenant.ErrTombstoned)
	}
	return err
}

// createTenant makes the slow things first, for a name that is free, then everything in one transaction, to which settle belongs: it
// writes the log's first record. nil = the command line makes the tenant. Errors: those of free; settle's.
func createTenant(
	ctx context.Context, db *store.DB, keys *signing.Generator, instance tenant.Instance,
	made admin.NewTenant, now time.Time, settle func(*store.Tx) error,
) error {
	if err := free(ctx, db, made.Name); err != nil {
		return err
	}
	domain := domains.Domain(instance, made.Name)
	signingKeys, err := keys.NewFamily(ctx, tenant.FamilyRSA, domain, now)
	if err != nil {
		return fmt.Errorf("make signing keys: %w", err)
	}
	certificate, err := signing.LegacyCertificate(domain, now)
	if err != nil {
		return fmt.Errorf("make certificate: %w", err)
	}
	return db.InTx(ctx, func(tx *store.Tx) error {
		err := mgmt.NewTenant(ctx, tx, mgmt.TenantSpec{
			Tenant:      tenant.Tenant{Name: made.Name, Environment: made.Environment, Certificate: certificate, CreatedAt: now},
			SigningKeys: signingKeys, Recorded: settle != nil,
		})
		if err != nil || settle == nil {
			return err
		}
		return settle(tx)
	})
}

// openStore opens the store of cfg with the keys of its data directory. The clock is left to it, but in tests.
func openStore(ctx context.Context, cfg Config, dir *DataDir, underWay func() int, log *slog.Logger) (*store.DB, error) {
	master, err := seal.NewMaster(dir.MasterKey)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{
		Dir: cfg.DatabaseDir(), Database: cfg.PostgreSQL(), Master: master, Durability: cfg.Durability,
		LogRetention: cfg.LogRetention, LogMaxBytes: cfg.LogMaxSize, CacheClients: cfg.CacheClients, UnderWay: underWay,
		Now: cfg.Now, Logger: log,
	})
}
