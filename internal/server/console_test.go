package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/testenv"
)

// The console is at the base domain. Other domains lead there, and answer nothing of it themselves.
func TestConsoleIsAtTheBaseDomain(t *testing.T) {
	env := testenv.New(t, func(c *server.Config) { c.Listen = []server.Listen{{Addr: "127.0.0.1:0", Tenant: "acme"}} })
	if _, err := env.Admin().CreateTenant(t.Context(), "acme", "development"); err != nil {
		t.Fatal(err)
	}
	noRedirect(env)
	base := env.Server.BaseURL()
	port := strconv.Itoa(env.Server.Instance().PublicPort)
	for _, tt := range []struct{ rule, method, target, location string }{
		{"the base domain", http.MethodGet, base + "/manage/", "/manage/setup"},
		{"however it is spelt", http.MethodGet, strings.Replace(base, "localhost", "LOCALHOST", 1) + "/manage/", "/manage/setup"},
		{"plain localhost", http.MethodGet, "http://" + plainAuthority(env) + "/manage/", "/manage/setup"},
		{"without the slash", http.MethodGet, base + "/manage", "/manage/"},
		{"a tenant's domain", http.MethodGet, "https://" + env.ListenDomain("acme") + "/manage/t/acme/logs?q=x", base + "/manage/t/acme/logs?q=x"},
		{"another name of the default tenant", http.MethodHead, "https://dev.localhost:" + port + "/manage/signin", base + "/manage/signin"},
	} {
		res := env.Do(tt.method, tt.target, "")
		if got := res.Header.Get("Location"); res.Status/100 != 3 || got != tt.location {
			t.Errorf("%s: %d to %q, want to %q", tt.rule, res.Status, got, tt.location)
		}
	}
	for _, tt := range []struct {
		rule, method, target string
		status               int
	}{
		{"a tenant's domain takes no form", http.MethodPost, "https://" + env.ListenDomain("acme") + "/manage/signin", 404},
		{"nor does another name of the default tenant", http.MethodPost, "https://dev.localhost:" + port + "/manage/signin", 404},
		{"a stranger", http.MethodGet, "https://127.0.0.1:" + port + "/manage/", 404},
		{"assets are files that there are", http.MethodGet, base + "/manage/assets/nothing.js", 404},
		{"a path that is not clean", http.MethodGet, base + "/manage/../manage/", 404},
		{"the page is not written to", http.MethodPost, base + "/manage/t/dev/applications", 405},
	} {
		if res := env.Do(tt.method, tt.target, ""); res.Status != tt.status {
			t.Errorf("%s: %d %s, want %d", tt.rule, res.Status, res.Body, tt.status)
		}
	}
	t.Run("on a connection for another host", func(t *testing.T) {
		res := env.Do(http.MethodGet, "https://dev.localhost:"+port+"/manage/", "", "Host", "localhost:"+port)
		if res.Status != http.StatusMisdirectedRequest {
			t.Errorf("%d %s", res.Status, res.Body)
		}
	})
}

// Where there is no default tenant, or it was deleted, the base domain has nothing but the console.
func TestConsoleWithoutDefaultTenant(t *testing.T) {
	env := testenv.New(t)
	if err := env.Admin().DeleteTenant(t.Context(), "dev"); err != nil {
		t.Fatal(err)
	}
	noRedirect(env)
	for _, base := range []string{env.Server.BaseURL(), "http://" + plainAuthority(env)} {
		if res := env.Do(http.MethodGet, base+"/manage/", ""); res.Status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", base, res.Status, res.Body)
		}
		if res := env.Do(http.MethodGet, base+"/api/v2/clients", ""); res.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", base, res.Status, res.Body)
		}
	}
}

// Behind a trusted proxy it is the address that the proxy was called at that counts.
func TestConsoleBehindProxy(t *testing.T) {
	env := testenv.New(t, func(c *server.Config) {
		c.BaseDomain, c.PublicPort, c.DefaultTenant, c.TrustedProxies = "auth.example.com", 443, "", []string{"127.0.0.1/32"}
	})
	noRedirect(env)
	plain := "http://127.0.0.1:" + strconv.Itoa(env.Server.PlainPort())
	forwarded := []string{"X-Forwarded-Host", "auth.example.com", "X-Forwarded-Proto", "https"}
	res := env.Do(http.MethodGet, plain+"/manage/", "", forwarded...)
	if res.Status != http.StatusSeeOther || res.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("%d %v", res.Status, res.Header)
	}
	res = env.Do(http.MethodPost, plain+"/manage/signin", "email=a", append(forwarded, "Content-Type", formType, "Origin", "https://auth.example.com")...)
	if res.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", res.Status, res.Body)
	}
	res = env.Do(http.MethodPost, plain+"/manage/signin", "email=a", append(forwarded, "Content-Type", formType, "Origin", "https://evil.example.com")...)
	if res.Status != http.StatusForbidden {
		t.Errorf("%d %s", res.Status, res.Body)
	}
	if res := env.Do(http.MethodGet, plain+"/manage/", ""); res.Status != http.StatusNotFound {
		t.Errorf("an address is no domain: %d %s", res.Status, res.Body)
	}
}

// The log says once how to become the owner; with an owner it does not.
func TestSetUpLinkInTheLog(t *testing.T) {
	env := testenv.New(t)
	if log := env.Log.String(); strings.Count(log, env.Server.BaseURL()+"/manage/setup?code=") != 1 {
		t.Error(log)
	}
}

func noRedirect(env *testenv.Env) {
	env.HTTP.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
}
