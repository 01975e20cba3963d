package domains

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/writ-auth/writ/internal/tenant"
)

// fakeTenants has the named tenants; err is what it answers to everything, if set.
type fakeTenants struct {
	names map[string]bool
	err   error
}

func (f *fakeTenants) Tenant(_ context.Context, name string) (*tenant.Tenant, error) {
	switch {
	case f.err != nil:
		return nil, f.err
	case f.names[name]:
		return nil, nil
	}
	return nil, fmt.Errorf("tenant %q: %w", name, tenant.ErrNotFound)
}

func tenants(names ...string) *fakeTenants {
	f := &fakeTenants{names: map[string]bool{}}
	for _, n := range names {
		f.names[n] = true
	}
	return f
}

// laptop is `writ serve --listen :9443=beta --listen :9444=later`.
func laptop() tenant.Instance {
	return tenant.Instance{BaseDomain: "localhost", PublicPort: 8443, DefaultTenant: "dev", Listeners: map[int]string{9443: "beta", 9444: "later"}}
}

// company is a public installation without default tenant.
func company() tenant.Instance {
	return tenant.Instance{BaseDomain: "auth.example.com", PublicPort: 443}
}

func TestDomain(t *testing.T) {
	several := laptop()
	several.Listeners = map[int]string{9500: "beta", 9443: "beta", 443: "edge"}
	withDefault := company()
	withDefault.DefaultTenant = "dev"
	listenedDefault := laptop()
	listenedDefault.Listeners = map[int]string{9443: "dev"}
	for rule, test := range map[string]struct {
		in         tenant.Instance
		name, want string
	}{
		"default tenant -> base domain":               {laptop(), "dev", "localhost:8443"},
		"--listen pair -> localhost:PORT":             {laptop(), "beta", "localhost:9443"},
		"--listen pair beats being the default":       {listenedDefault, "dev", "localhost:9443"},
		"several pairs -> the lowest port":            {several, "beta", "localhost:9443"},
		"--listen on 443 -> no port":                  {several, "edge", "localhost"},
		"any other -> NAME.BASE:PORT":                 {laptop(), "acme", "acme.localhost:8443"},
		"port 443 is left out":                        {company(), "acme", "acme.auth.example.com"},
		"port 443 is left out of the base domain too": {withDefault, "dev", "auth.example.com"},
	} {
		if got := Domain(test.in, test.name); got != test.want {
			t.Errorf("%s: Domain(%q) = %q, want %q", rule, test.name, got, test.want)
		}
	}
}

func TestResolve(t *testing.T) {
	beta := func(domain string) tenant.Site {
		return tenant.Site{Tenant: "beta", Domain: domain, Canonical: "localhost:9443"}
	}
	dev := func(domain string) tenant.Site {
		return tenant.Site{Tenant: "dev", Domain: domain, Canonical: "localhost:8443"}
	}
	simple := func(name, domain string) tenant.Site {
		return tenant.Site{Tenant: name, Domain: domain, Canonical: domain}
	}
	for _, test := range []struct {
		rule      string
		in        tenant.Instance
		authority string
		want      tenant.Site
		unknown   string // the expected text of the refusal; empty = resolves
	}{
		{"base domain is the default tenant", laptop(), "localhost:8443", dev("localhost:8443"), ""},
		{"NAME.BASE is an alias of the default tenant, and the domain called", laptop(), "dev.localhost:8443", dev("dev.localhost:8443"), ""},
		{"--listen pair", laptop(), "localhost:9443", beta("localhost:9443"), ""},
		{"NAME.BASE is an alias of a --listen tenant", laptop(), "beta.localhost:8443", beta("beta.localhost:8443"), ""},
		{"NAME.BASE", laptop(), "acme.localhost:8443", simple("acme", "acme.localhost:8443"), ""},
		{"case does not matter", laptop(), "ACME.LocalHost:8443", simple("acme", "acme.localhost:8443"), ""},
		{"case does not matter for the base domain", laptop(), "LOCALHOST:8443", dev("localhost:8443"), ""},
		{"absent port = 443", company(), "acme.auth.example.com", simple("acme", "acme.auth.example.com"), ""},
		{"443 may be written", company(), "acme.auth.example.com:443", simple("acme", "acme.auth.example.com"), ""},
		{"base domain without default tenant is no tenant's", company(), "auth.example.com", simple("", "auth.example.com"), ""},
		{"absent port is not the public port", laptop(), "localhost", tenant.Site{}, "answers as localhost:8443"},
		{"another port", laptop(), "acme.localhost:8444", tenant.Site{}, "answers as acme.localhost:8443"},
		{"NAME.BASE on the port of a --listen pair", laptop(), "beta.localhost:9443", tenant.Site{}, "answers as localhost:9443"},
		{"127.0.0.1", laptop(), "127.0.0.1:8443", tenant.Site{}, "answers as localhost:8443"},
		{"127.0.0.1 on the port of a --listen pair", laptop(), "127.0.0.1:9443", tenant.Site{}, "answers as localhost:9443"},
		{"[::1]", laptop(), "[::1]:8443", tenant.Site{}, "answers as localhost:8443"},
		{"trailing dot", laptop(), "localhost.:8443", tenant.Site{}, "answers as localhost:8443"},
		{"two labels", laptop(), "a.acme.localhost:8443", tenant.Site{}, "answers as localhost:8443"},
		{"suffix without a dot", company(), "evilauth.example.com", tenant.Site{}, "answers as TENANT.auth.example.com"},
		{"a domain that only ends like ours", company(), "acme.auth.example.com.evil.org", tenant.Site{}, "answers as TENANT.auth.example.com"},
		{"userinfo", laptop(), "x@localhost:8443", tenant.Site{}, "answers as localhost:8443"},
		{"leading zero in the port", laptop(), "localhost:08443", tenant.Site{}, "answers as localhost:8443"},
		{"empty", laptop(), "", tenant.Site{}, "answers as localhost:8443"},
		{"tenant that is not there", laptop(), "nobody.localhost:8443", tenant.Site{}, `Tenant "nobody" does not exist`},
		{"--listen tenant that is not there yet", laptop(), "localhost:9444", tenant.Site{}, `Tenant "later" does not exist`},
	} {
		r := NewResolver(tenants("dev", "beta", "acme"), test.in)
		got, err := r.Resolve(t.Context(), test.authority)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.rule, diff)
		}
		if test.unknown == "" {
			if err != nil {
				t.Errorf("%s: %v", test.rule, err)
			}
			continue
		}
		if !errors.Is(err, tenant.ErrNotFound) || !strings.Contains(err.Error(), test.unknown) {
			t.Errorf("%s: %v; want a not-found that says %q", test.rule, err, test.unknown)
		}
	}
}

func TestResolveReadsThrough(t *testing.T) {
	known := tenants("dev")
	r := NewResolver(known, laptop())
	for _, authority := range []string{"localhost:9444", "acme.localhost:8443"} {
		if _, err := r.Resolve(t.Context(), authority); !errors.Is(err, tenant.ErrNotFound) {
			t.Fatalf("%s: %v", authority, err)
		}
	}
	known.names["later"], known.names["acme"] = true, true
	for _, authority := range []string{"localhost:9444", "acme.localhost:8443"} {
		if _, err := r.Resolve(t.Context(), authority); err != nil {
			t.Errorf("%s: a new tenant answers at once: %v", authority, err)
		}
	}
	known.err = tenant.ErrUnavailable
	if _, err := r.Resolve(t.Context(), "localhost:8443"); !errors.Is(err, tenant.ErrUnavailable) || errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("store gone: %v; must not look like an unknown domain", err)
	}
}

func TestResolveLocal(t *testing.T) {
	dev := tenant.Site{Tenant: "dev", Domain: "localhost:8443", Canonical: "localhost:8443"}
	for rule, test := range map[string]struct {
		authority string
		port      int
		want      tenant.Site
		found     bool
	}{
		"localhost:<http port> is the default tenant": {"localhost:8080", 8080, dev, true},
		"in any case":             {"LocalHost:8080", 8080, dev, true},
		"absent port = 80":        {"localhost", 80, dev, true},
		"absent port is not 8080": {"localhost", 8080, tenant.Site{}, false},
		"another port":            {"localhost:8081", 8080, tenant.Site{}, false},
		"127.0.0.1":               {"127.0.0.1:8080", 8080, tenant.Site{}, false},
		"a proxy's forwarded public domain resolves, too": {"localhost:8443", 8080, dev, true},
	} {
		got, err := NewResolver(tenants("dev"), laptop()).ResolveLocal(t.Context(), test.authority, test.port)
		if (err == nil) != test.found {
			t.Errorf("%s: %v", rule, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", rule, diff)
		}
	}
	in := laptop()
	in.Listeners = map[int]string{9443: "dev"}
	got, err := NewResolver(tenants("dev"), in).ResolveLocal(t.Context(), "localhost:8080", 8080)
	if err != nil || got.Domain != "localhost:9443" || got.Tenant != "dev" {
		t.Errorf("%+v, %v: the domain is the canonical one", got, err)
	}
	got, err = NewResolver(tenants(), company()).ResolveLocal(t.Context(), "localhost:8080", 8080)
	if err != nil || got.Tenant != "" || got.Domain != "auth.example.com" {
		t.Errorf("%+v, %v: without default tenant it is the base domain", got, err)
	}
}

func TestUpdate(t *testing.T) {
	r := NewResolver(tenants("dev", "acme"), laptop())
	r.Update(company())
	if _, err := r.Resolve(t.Context(), "acme.auth.example.com"); err != nil {
		t.Error(err)
	}
	if _, err := r.Resolve(t.Context(), "localhost:8443"); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("the old domain still answers: %v", err)
	}
}

func TestServes(t *testing.T) {
	for _, test := range []struct {
		in   tenant.Instance
		host string
		want bool
	}{
		{laptop(), "localhost", true}, {laptop(), "LOCALHOST", true}, {laptop(), "acme.localhost", true}, {laptop(), "nobody.localhost", false},
		{laptop(), "a.acme.localhost", false}, {laptop(), "*.localhost", false}, {laptop(), "example.org", false},
		{company(), "auth.example.com", true}, {company(), "localhost", false}, {company(), "acme.auth.example.com", true},
	} {
		got, err := NewResolver(tenants("dev", "acme"), test.in).Serves(t.Context(), test.host)
		if err != nil || got != test.want {
			t.Errorf("Serves(%q) with base %s = %v, %v; want %v", test.host, test.in.BaseDomain, got, err, test.want)
		}
	}
	listening := company()
	listening.Listeners = map[int]string{9443: "later"}
	if got, err := NewResolver(tenants(), listening).Serves(t.Context(), "localhost"); err != nil || !got {
		t.Errorf("%v, %v: a --listen pair is served before its tenant is there, so that callers can read the 404", got, err)
	}
	broken := &fakeTenants{err: tenant.ErrUnavailable}
	if _, err := NewResolver(broken, laptop()).Serves(t.Context(), "acme.localhost"); !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("store gone: %v", err)
	}
}

func TestUnknownErrorIsBounded(t *testing.T) {
	_, err := NewResolver(tenants(), laptop()).Resolve(t.Context(), strings.Repeat("x", 60_000))
	if err == nil || len(err.Error()) > 500 {
		t.Errorf("a refusal of %d bytes repeats the caller's 60,000", len(err.Error()))
	}
}

func TestResolveDoesNotAllocate(t *testing.T) {
	ctx := t.Context()
	r := NewResolver(tenants("dev", "beta", "acme"), laptop())
	for _, authority := range []string{"localhost:8443", "localhost:9443", "beta.localhost:8443", "acme.localhost:8443"} {
		if n := testing.AllocsPerRun(100, func() { _, _ = r.Resolve(ctx, authority) }); n > 0 {
			t.Errorf("%s: %v allocations on the token path", authority, n)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	r := NewResolver(tenants("dev", "acme"), laptop())
	for _, authority := range []string{"localhost:8443", "acme.localhost:8443"} {
		b.Run(authority, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = r.Resolve(b.Context(), authority)
			}
		})
	}
}
