package domains

import (
	"maps"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// Domain is the canonical authority of a tenant, with its port unless that is 443: localhost:PORT of its --listen pair (the
// lowest port, if it has several), else the base domain if it is the default tenant, else NAME.BASE.
func Domain(in tenant.Instance, name string) string {
	for _, port := range slices.Sorted(maps.Keys(in.Listeners)) {
		if in.Listeners[port] == name {
			return joinAuthority(localhost, port)
		}
	}
	if name == in.DefaultTenant {
		return joinAuthority(in.BaseDomain, in.PublicPort)
	}
	return joinAuthority(name+"."+in.BaseDomain, in.PublicPort)
}

// BaseAuthority is the authority of the base domain itself.
func BaseAuthority(in tenant.Instance) string { return joinAuthority(in.BaseDomain, in.PublicPort) }

// SiteOf is a tenant as reached through its canonical domain.
func SiteOf(in tenant.Instance, name string) tenant.Site {
	domain := Domain(in, name)
	return tenant.Site{Tenant: name, Domain: domain, Canonical: domain}
}

func newTable(in tenant.Instance) *table {
	t := &table{
		instance: in,
		base:     BaseAuthority(in),
		suffix:   joinAuthority("."+in.BaseDomain, in.PublicPort),
		sites:    make(map[string]tenant.Site),
	}
	t.local = tenant.Site{Domain: t.base, Canonical: t.base}
	t.sites[t.base] = t.local
	if in.DefaultTenant != "" {
		t.local = SiteOf(in, in.DefaultTenant)
		t.add(t.base, in.DefaultTenant)
		t.add(in.DefaultTenant+t.suffix, in.DefaultTenant)
	}
	for port, name := range in.Listeners {
		t.add(joinAuthority(localhost, port), name)
		t.add(name+t.suffix, name)
	}
	return t
}

func (t *table) add(authority, name string) {
	t.sites[authority] = tenant.Site{Tenant: name, Domain: authority, Canonical: Domain(t.instance, name)}
}

// parse finds an authority that is spelled otherwise, or that is NAME.BASE of an ordinary tenant.
func (t *table) parse(authority string) (tenant.Site, bool) {
	host, port, err := splitAuthority(authority)
	if err != nil {
		return tenant.Site{}, false
	}
	domain := authority
	if len(host) == len(authority) || port == httpsPort {
		domain = joinAuthority(host, port)
	} else if !strings.HasPrefix(authority, host) { // upper case
		domain = host + authority[len(host):]
	}
	if site, ok := t.sites[domain]; ok {
		return site, true
	}
	name, ok := strings.CutSuffix(domain, t.suffix)
	if !ok || tenant.ValidateName(name) != nil {
		return tenant.Site{}, false
	}
	return tenant.Site{Tenant: name, Domain: domain, Canonical: domain}, true
}

// expected names the domain that the caller of an unknown authority most likely wants: that of the listener it reached, or
// the one that differs by the port alone, else the base domain.
func (t *table) expected(authority string) string {
	host, port, err := splitAuthority(authority)
	if err == nil {
		if _, ok := t.instance.Listeners[port]; ok {
			return joinAuthority(localhost, port)
		}
		if name, ok := strings.CutSuffix(host, "."+t.instance.BaseDomain); ok && tenant.ValidateName(name) == nil {
			return name + t.suffix
		}
	}
	if t.instance.DefaultTenant == "" {
		return "TENANT" + t.suffix
	}
	return t.base
}
