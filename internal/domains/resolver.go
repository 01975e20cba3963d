package domains

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/writ-auth/writ/internal/tenant"
)

// localhost is the host of every --listen pair.
const localhost = "localhost"

// Tenants finds a tenant by name. It is asked for every request, so it must answer from memory most of the time; what it
// answers counts at once. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
type Tenants interface {
	Tenant(ctx context.Context, name string) (*tenant.Tenant, error)
}

// Resolver maps the authority of a request to a tenant. Safe for concurrent use; a known authority costs no allocation.
type Resolver struct {
	tenants Tenants
	table   atomic.Pointer[table]
}

// table is what follows from the instance alone; immutable.
type table struct {
	instance tenant.Instance
	base     string      // authority of the base domain
	suffix   string      // .BASE[:port], behind a tenant's name
	local    tenant.Site // the default tenant under its canonical domain; without one the base domain
	// sites are the authorities that are not simply NAME.BASE: the base domain, --listen pairs, and the aliases of both.
	sites map[string]tenant.Site
}

// NewResolver answers for the domains of in.
func NewResolver(tenants Tenants, in tenant.Instance) *Resolver {
	r := &Resolver{tenants: tenants}
	r.Update(in)
	return r
}

// Update replaces the instance; requests see the old domains or the new ones, never a mixture.
func (r *Resolver) Update(in tenant.Instance) { r.table.Store(newTable(in)) }

// Resolve returns the site that an https authority names. Compared without case; an absent port is 443; a trailing dot is
// refused. The base domain of an instance without default tenant is a Site whose Tenant is empty.
// Errors: *UnknownError (a tenant.ErrNotFound) for every other authority and for tenants that are not there; else what Tenants answers.
func (r *Resolver) Resolve(ctx context.Context, authority string) (tenant.Site, error) {
	t := r.table.Load()
	site, ok := t.sites[authority] // most callers spell it the one way, so nothing need be parsed
	if !ok {
		site, ok = t.parse(authority)
	}
	if !ok {
		return tenant.Site{}, &UnknownError{Authority: authority, Expected: t.expected(authority)}
	}
	return r.present(ctx, authority, site)
}

// ResolveLocal is Resolve for a request that came over the plain HTTP listener from loopback: there localhost:httpPort (an
// absent port is 80) is the default tenant, under its canonical domain.
func (r *Resolver) ResolveLocal(ctx context.Context, authority string, httpPort int) (tenant.Site, error) {
	if !IsLocal(authority, httpPort) {
		return r.Resolve(ctx, authority)
	}
	return r.present(ctx, authority, r.table.Load().local)
}

// IsLocal reports whether authority is localhost on the plain HTTP listener with this port; an absent port is 80.
func IsLocal(authority string, httpPort int) bool {
	host, port, err := splitAuthority(authority)
	if err == nil && !strings.Contains(authority, ":") {
		port = 80
	}
	return err == nil && host == localhost && port == httpPort
}

// IsBase reports whether authority is the base domain, with or without a default tenant.
func (r *Resolver) IsBase(authority string) bool {
	base := r.table.Load().base
	if authority == base {
		return true
	}
	host, port, err := splitAuthority(authority)
	return err == nil && joinAuthority(host, port) == base
}

// present returns site if its tenant is there, or if it is the base domain without one.
func (r *Resolver) present(ctx context.Context, authority string, site tenant.Site) (tenant.Site, error) {
	if site.Tenant == "" {
		return site, nil
	}
	_, err := r.tenants.Tenant(ctx, site.Tenant)
	switch {
	case err == nil:
		return site, nil
	case errors.Is(err, tenant.ErrNotFound):
		return tenant.Site{}, &UnknownError{Authority: authority, Tenant: site.Tenant, Expected: site.Canonical}
	}
	return tenant.Site{}, fmt.Errorf("resolve domain of tenant %q: %w", site.Tenant, err)
}

// Serves reports whether host, a TLS server name, is the host of a known domain. Errors: what Tenants answers, except
// tenant.ErrNotFound.
func (r *Resolver) Serves(ctx context.Context, host string) (bool, error) {
	t := r.table.Load()
	host = strings.ToLower(host)
	if host == t.instance.BaseDomain || host == localhost && len(t.instance.Listeners) > 0 {
		return true, nil
	}
	name, ok := strings.CutSuffix(host, "."+t.instance.BaseDomain)
	if !ok || tenant.ValidateName(name) != nil {
		return false, nil
	}
	_, err := r.tenants.Tenant(ctx, name)
	if errors.Is(err, tenant.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// BaseDomain is the host of the base domain.
func (r *Resolver) BaseDomain() string { return r.table.Load().instance.BaseDomain }

// UnknownError says that an authority leads to no tenant, and which one would. It is a tenant.ErrNotFound; its text is public.
type UnknownError struct {
	// Authority is what was asked for, as sent.
	Authority string
	// Tenant is the tenant that the authority names but that is not there (yet); empty = the authority names none.
	Tenant string
	// Expected is the domain to use instead; TENANT.BASE stands for any tenant where there is no default one.
	Expected string
}

func (e *UnknownError) Error() string {
	if e.Tenant != "" {
		return fmt.Sprintf("Tenant %q does not exist.", e.Tenant)
	}
	shown := e.Authority
	if len(shown) > maxHost+6 {
		shown = shown[:maxHost+6] + "..."
	}
	return fmt.Sprintf("Unknown domain %q: this server answers as %s", shown, e.Expected)
}

func (e *UnknownError) Unwrap() error { return tenant.ErrNotFound }
