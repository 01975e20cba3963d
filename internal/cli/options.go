package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
)

// Flags that every command has.
const (
	flagData     = "data"
	flagDatabase = "database"
	flagTenant   = "tenant"
	flagDomain   = "domain"
)

func (a *app) addSharedFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	server.AddFlags(flags, "config", flagData, flagDatabase, "master-key-file", "master-key-command")
	flags.StringVar(&a.tenantName, flagTenant, "", "tenant to work on (default: the instance's default tenant)")
	flags.StringVar(&a.domain, flagDomain, "", "tenant domain to call, as in AUTH0_DOMAIN (default: from the data directory)")
}

// config reads the configuration that the data directory is opened with.
func (a *app) config() (server.Config, error) {
	cfg, _, err := server.LoadConfig(a.flags, a.environ)
	return cfg, err
}

// quiet is the log of commands that are no servers: what they have to say, they say themselves.
func (a *app) quiet(cfg server.Config) *slog.Logger {
	cfg.LogLevel = max(cfg.LogLevel, slog.LevelWarn)
	return server.NewLogger(a.stderr, cfg)
}

// admin opens the data directory.
func (a *app) admin(ctx context.Context) (*server.Admin, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	return server.OpenAdmin(ctx, cfg, a.quiet(cfg))
}

// caFile is the local CA of the data directory, whether or not it is there.
func (a *app) caFile() string {
	cfg, err := a.config()
	if err != nil {
		return ""
	}
	return cfg.CAFile()
}

// bareDomain takes a domain that was given as a URL.
func bareDomain(domain string) string {
	return strings.TrimSuffix(strings.TrimPrefix(domain, "https://"), "/")
}

func (a *app) getenv(name string) string {
	for _, pair := range a.environ {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// remote finds the tenant to talk to and the credentials to talk with. --domain and --tenant beat AUTH0_DOMAIN, AUTH0_CLIENT_ID,
// AUTH0_CLIENT_SECRET and AUTH0_ACCESS_TOKEN, which beat the data directory. --data and --database only say where that is; its local
// CA is trusted in every case.
func (a *app) remote(ctx context.Context) (*remote, error) {
	client, err := newHTTPClient(a.caFile())
	if err != nil {
		return nil, err
	}
	r := &remote{domain: a.domain, http: client}
	if r.domain == "" && a.tenantName == "" {
		r.domain = a.getenv("AUTH0_DOMAIN")
	}
	if r.domain == "" {
		return r, a.fromDataDirectory(ctx, r)
	}
	r.domain = bareDomain(r.domain)
	r.accessToken = tenant.Secret(a.getenv("AUTH0_ACCESS_TOKEN"))
	r.clientID, r.clientSecret = a.getenv("AUTH0_CLIENT_ID"), tenant.Secret(a.getenv("AUTH0_CLIENT_SECRET"))
	if r.accessToken == "" && (r.clientID == "" || r.clientSecret == "") {
		return nil, fmt.Errorf("no credentials for %s: set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or AUTH0_ACCESS_TOKEN", r.domain)
	}
	return r, nil
}

// fromDataDirectory fills in the tenant's domain and its first Management API client.
func (a *app) fromDataDirectory(ctx context.Context, r *remote) error {
	admin, err := a.admin(ctx)
	if err != nil {
		return err
	}
	defer admin.Close()
	name, err := a.awaitTenant(ctx, admin)
	if err != nil {
		return err
	}
	info, err := admin.Tenant(ctx, name)
	if err != nil {
		return describeTenantError(name, err)
	}
	a.reportRemade(info)
	r.domain, r.clientID, r.clientSecret, r.local = info.Domain, info.ClientID, info.ClientSecret, true
	return nil
}

// patience is how long a command waits for a server of its data directory that is just starting: `writ serve &` on the line before.
const patience = 5 * time.Second

// errNoTenant: the data directory is still empty.
var errNoTenant = errors.New("there is no tenant yet: start `writ serve`, or make one with `writ tenant create NAME`")

// awaitTenant is chooseTenant with patience for a server that is making the first one.
func (a *app) awaitTenant(ctx context.Context, admin *server.Admin) (name string, err error) {
	err = retry(ctx, errNoTenant, func() (err error) {
		name, err = a.chooseTenant(ctx, admin)
		return err
	})
	return name, err
}

// retry repeats fn while it fails with sentinel, until patience ends.
func retry(ctx context.Context, sentinel error, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := fn()
		if !errors.Is(err, sentinel) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// chooseTenant is --tenant, else the default tenant, else the only one.
func (a *app) chooseTenant(ctx context.Context, admin *server.Admin) (string, error) {
	if a.tenantName != "" {
		return a.tenantName, nil
	}
	list, err := admin.Tenants(ctx)
	if err != nil {
		return "", err
	}
	for _, t := range list {
		if t.Name == admin.DefaultTenant() || len(list) == 1 {
			return t.Name, nil
		}
	}
	if len(list) == 0 {
		return "", errNoTenant
	}
	return "", errors.New("there are several tenants and no default one: choose with --tenant")
}

func (a *app) reportRemade(info server.TenantInfo) {
	if info.Remade {
		a.tell("The first Management API client of %s had been deleted; it was made anew.\n", info.Name)
	}
}

// describeTenantError says what the sentinels mean for a tenant called name.
func describeTenantError(name string, err error) error {
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		return fmt.Errorf("tenant %q does not exist", name)
	case errors.Is(err, tenant.ErrTombstoned):
		return fmt.Errorf("tenant %q was deleted, and names are never reused: choose another", name)
	case errors.Is(err, tenant.ErrExists):
		return fmt.Errorf("tenant %q exists already (--if-not-exists accepts that)", name)
	}
	return err
}
