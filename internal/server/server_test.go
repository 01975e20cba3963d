package server_test

import (
	"crypto/tls"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv"
)

const formType = "application/x-www-form-urlencoded"

// iss is that of a token, without verifying it: these tests are about which one is there.
func iss(t *testing.T, env *testenv.Env, target string, header ...string) string {
	t.Helper()
	info := env.Tenant
	body := "grant_type=client_credentials&client_id=" + info.ClientID + "&client_secret=" + info.ClientSecret.Reveal() + "&audience=" + info.Audience
	res := env.Do(http.MethodPost, target+"/oauth/token", body, append(header, "Content-Type", formType)...)
	token, _ := res.JSON(t)["access_token"].(string)
	if token == "" {
		t.Fatalf("no token from %s: %d %s", target, res.Status, res.Body)
	}
	return testenv.Claims(t, token)["iss"].(string)
}

func TestIssuerIsTheDomainCalled(t *testing.T) {
	env := testenv.New(t)
	in := env.Server.Instance()
	port := strconv.Itoa(in.PublicPort)
	for target, want := range map[string]string{
		"https://localhost:" + port:     "https://localhost:" + port + "/",
		"https://dev.localhost:" + port: "https://dev.localhost:" + port + "/", // an alias of the default tenant
		"https://LOCALHOST:" + port:     "https://localhost:" + port + "/",
		"http://" + plainAuthority(env): "https://localhost:" + port + "/", // plain HTTP from loopback is the default tenant's domain
	} {
		if got := iss(t, env, target); got != want {
			t.Errorf("%s: iss %s, want %s", target, got, want)
		}
	}
}

func plainAuthority(env *testenv.Env) string {
	return "localhost:" + strconv.Itoa(env.Server.PlainPort())
}

func TestUnknownAuthority(t *testing.T) {
	env := testenv.New(t)
	domain := env.Tenant.Domain
	_, port, _ := strings.Cut(domain, ":")
	for _, tt := range []struct{ rule, target, host string }{
		{"an address is no domain", "https://127.0.0.1:" + port, ""},
		{"a host without its port", "https://" + domain, "localhost"},
		{"another port", "https://" + domain, "localhost:1"},
		{"a trailing dot", "https://" + domain, "localhost.:" + port},
		{"a stranger", "https://127.0.0.1:" + port, "evil.example.com"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			for path, key := range map[string]string{"/oauth/token": "error_description", "/api/v2/clients": "message", "/.well-known/jwks.json": "message"} {
				res := env.Do(http.MethodPost, tt.target+path, "", "Host", tt.host)
				text, _ := res.JSON(t)[key].(string)
				if res.Status != http.StatusNotFound || !strings.Contains(text, domain) {
					t.Errorf("%s: %d %s, want 404 naming %s", path, res.Status, res.Body, domain)
				}
			}
		})
	}
}

// A connection made for one host must not carry requests for another (RFC 9110 section 15.5.20).
func TestHostOtherThanSNIIsMisdirected(t *testing.T) {
	env := testenv.New(t)
	_, port, _ := strings.Cut(env.Tenant.Domain, ":")
	for host, want := range map[string]int{"localhost:" + port: 200, "dev.localhost:" + port: 421} {
		res := env.Do(http.MethodGet, "https://"+env.Tenant.Domain+"/.well-known/jwks.json", "", "Host", host)
		if res.Status != want {
			t.Errorf("SNI localhost, Host %s: %d %s, want %d", host, res.Status, res.Body, want)
		}
	}
}

func TestProbesAndMetrics(t *testing.T) {
	env := testenv.New(t)
	_, port, _ := strings.Cut(env.Tenant.Domain, ":")
	public, plain := "https://127.0.0.1:"+port, "http://127.0.0.1:"+strconv.Itoa(env.Server.PlainPort())
	for target, want := range map[string]int{
		public + "/healthz": 200, public + "/readyz": 200, plain + "/healthz": 200, plain + "/readyz": 200,
		plain + "/metrics":  200,
		public + "/metrics": 404, // what it says is for operators
	} {
		if res := env.Do(http.MethodGet, target, ""); res.Status != want {
			t.Errorf("%s: %d %s, want %d", target, res.Status, res.Body, want)
		}
	}
	env.ManagementToken()
	metrics := string(env.Do(http.MethodGet, plain+"/metrics", "").Body)
	for _, line := range []string{`writ_token_requests_total{outcome="issued"} 1`, `writ_token_requests_total{outcome="scope"} 0`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("/metrics lacks %s", line)
		}
	}
}

// A token of one tenant is worth nothing at another, whatever it carries; nor is one from an alias at the canonical domain.
func TestTokensStayWhereTheyBelong(t *testing.T) {
	env := testenv.New(t, func(c *server.Config) { c.Listen = []server.Listen{{Addr: "127.0.0.1:0", Tenant: "beta"}} })
	res := env.Do(http.MethodGet, "https://"+env.ListenDomain("beta")+"/.well-known/jwks.json", "")
	if res.Status != http.StatusNotFound || !strings.Contains(string(res.Body), `Tenant \"beta\" does not exist`) {
		t.Fatalf("before the tenant is there: %d %s", res.Status, res.Body)
	}
	beta, err := env.Admin().CreateTenant(t.Context(), "beta", tenant.Staging)
	if err != nil {
		t.Fatal(err)
	}
	if beta.Domain != env.ListenDomain("beta") {
		t.Fatalf("beta's domain is %s, want %s", beta.Domain, env.ListenDomain("beta"))
	}
	own := env.Token(beta.Domain, beta.ClientID, beta.ClientSecret.Reveal(), beta.Audience).JSON(t)["access_token"].(string)
	_, port, _ := strings.Cut(env.Tenant.Domain, ":")
	alias := "dev.localhost:" + port
	aliased := env.Token(alias, env.Tenant.ClientID, env.Tenant.ClientSecret.Reveal(), env.Tenant.Audience).JSON(t)["access_token"].(string)
	for _, tt := range []struct {
		rule, domain, token string
		want                int
	}{
		{"at home", beta.Domain, own, 200},
		{"at another tenant", env.Tenant.Domain, own, 401},
		{"the other way round", beta.Domain, env.ManagementToken(), 401},
		{"from the alias, at the alias", alias, aliased, 200},
		{"from the alias, at the canonical domain", env.Tenant.Domain, aliased, 401},
	} {
		res := env.Do(http.MethodGet, "https://"+tt.domain+"/api/v2/clients", "", "Authorization", "Bearer "+tt.token)
		if res.Status != tt.want {
			t.Errorf("%s: %d %s, want %d", tt.rule, res.Status, res.Body, tt.want)
		}
	}
	// Nor do another tenant's credentials work.
	if res := env.Token(env.Tenant.Domain, beta.ClientID, beta.ClientSecret.Reveal(), env.Tenant.Audience); res.Status != 401 {
		t.Errorf("beta's client at dev: %d %s", res.Status, res.Body)
	}
}

func TestForwardedHeadersNeedATrustedProxy(t *testing.T) {
	for rule, trusted := range map[string]bool{"nobody is trusted by default": false, "loopback is a trusted proxy": true} {
		t.Run(rule, func(t *testing.T) {
			env := testenv.New(t, func(c *server.Config) {
				c.BaseDomain, c.PublicPort, c.DefaultTenant = "auth.example.com", 443, ""
				if trusted {
					c.TrustedProxies = []string{"127.0.0.1"}
				}
			})
			info, err := env.Admin().CreateTenant(t.Context(), "acme", tenant.Production)
			if err != nil {
				t.Fatal(err)
			}
			if info.Domain != "acme.auth.example.com" {
				t.Fatalf("domain %s", info.Domain)
			}
			body := "grant_type=client_credentials&client_id=x&client_secret=y"
			res := env.Do(http.MethodPost, "http://127.0.0.1:"+strconv.Itoa(env.Server.PlainPort())+"/oauth/token", body, "Content-Type", formType,
				"X-Forwarded-Host", "acme.auth.example.com", "X-Forwarded-For", "192.0.2.7", "X-Forwarded-Proto", "https")
			want := http.StatusNotFound
			if trusted {
				want = http.StatusUnauthorized
			}
			if res.Status != want {
				t.Errorf("%d %s, want %d", res.Status, res.Body, want)
			}
			if got := strings.Contains(env.Log.String(), "192.0.2.7"); got != trusted {
				t.Errorf("the forwarded address is in the access log: %v", got)
			}
		})
	}
}

// Secrets are planted everywhere a caller can put one and looked for wherever an operator or a caller can read.
func TestNoSecretInLogsErrorsOrMetrics(t *testing.T) {
	env := testenv.New(t)
	const canary = "canary-4f6b1d0e"
	secret := env.Tenant.ClientSecret.Reveal()
	token := env.ManagementToken()
	var answers strings.Builder
	at := "https://" + env.Tenant.Domain
	for _, r := range [][]string{
		{http.MethodPost, "/oauth/token", "grant_type=client_credentials&client_id=" + env.Tenant.ClientID + "&client_secret=" + canary, formType},
		{http.MethodPost, "/oauth/token?client_secret=" + canary, "grant_type=client_credentials", formType},
		{http.MethodPost, "/oauth/token", `{"client_secret":["` + canary + `"]}`, "application/json"},
		{http.MethodPost, "/oauth/token", `{"client_secret":"` + canary, "application/json"},
		{http.MethodPost, "/oauth/token", "client_assertion=" + canary + "&client_assertion=" + canary, formType},
		{http.MethodPatch, "/api/v2/clients/" + env.Tenant.ClientID, `{"client_secret":"` + canary + `","nonsense":1}`, "application/json"},
	} {
		res := env.Do(r[0], at+r[1], r[2], "Content-Type", r[3], "Authorization", "Bearer "+token)
		if res.Status < 400 {
			t.Errorf("%v: %d, this was to be refused", r, res.Status)
		}
		answers.Write(res.Body)
	}
	res := env.Do(http.MethodGet, at+"/api/v2/clients", "", "Authorization", "Bearer "+canary)
	answers.Write(res.Body)
	metrics := env.Do(http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(env.Server.PlainPort())+"/metrics", "").Body
	tenantLog := env.API(http.MethodGet, "logs?per_page=100", nil, 200).Body
	for place, text := range map[string]string{
		"the server's log": env.Log.String(), "answers": answers.String(), "metrics": string(metrics), "the tenant's log": string(tenantLog),
	} {
		for what, value := range map[string]string{"a presented secret": canary, "the client's secret": secret, "an access token": token} {
			if strings.Contains(text, value) {
				t.Errorf("%s in %s", what, place)
			}
		}
	}
	if len(tenantLog) < 1000 || len(env.Log.String()) < 1000 {
		t.Error("there is hardly any log: this test cannot fail")
	}
}

// A path is taken as it is: no redirect, which an API's client would follow as a GET or not at all.
func TestUncleanPathsAreNotFound(t *testing.T) {
	env := testenv.New(t)
	env.HTTP.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range []string{"/oauth//token", "//oauth/token", "/api/v2//clients", "/api/v2/./clients", "/api/v2/x/../clients", "/oauth", "/api/v2"} {
		res := env.Do(http.MethodPost, "https://"+env.Tenant.Domain+path, "{}", "Content-Type", "application/json")
		if res.Status != http.StatusNotFound || res.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s", path, res.Status, res.Body)
		}
		res.JSON(t)
	}
}

// What is sent beyond any use costs a bounded answer in the endpoint's own format, never a 500.
func TestFloods(t *testing.T) {
	env := testenv.New(t)
	at := "http://" + plainAuthority(env) // HTTP/1.1: over HTTP/2 the client itself would hold the flood back
	management := []string{"Authorization", "Bearer " + env.ManagementToken(), "Content-Type", "application/json"}
	for _, tt := range []struct {
		rule, path, body string
		header           []string
		want             int
	}{
		{"a client_id of 100 kB", "/oauth/token", "grant_type=client_credentials&client_id=" + strings.Repeat("a", 100_000), []string{"Content-Type", formType}, 413},
		{"a Management API body above 1 MiB", "/api/v2/clients", `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, management, 413},
		{"a header above 64 kB", "/oauth/token", "", []string{"X-Flood", strings.Repeat("a", 100_000)}, 431},
		{"a Management API body nested ten thousand deep", "/api/v2/clients", strings.Repeat("[", 10_000), management, 400},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			res := env.Do(http.MethodPost, at+tt.path, tt.body, tt.header...)
			if res.Status != tt.want || len(res.Body) > 2000 {
				t.Errorf("%d, %d bytes, want %d", res.Status, len(res.Body), tt.want)
			}
		})
	}
}

// Only TLS 1.2 and 1.3 are spoken.
func TestOldTLSIsRefused(t *testing.T) {
	env := testenv.New(t)
	for version, ok := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		conn, err := tls.Dial("tcp", env.Tenant.Domain, &tls.Config{RootCAs: testenv.Pool(t, env.Config.CAFile()), ServerName: "localhost", MinVersion: version, MaxVersion: version})
		if ok != (err == nil) {
			t.Errorf("%s: %v, want ok=%v", tls.VersionName(version), err, ok)
		}
		if conn != nil {
			conn.Close()
		}
	}
}

// A start that fails leaves nothing behind: the same start works once its cause is gone.
func TestFailedStartFreesEverything(t *testing.T) {
	cfg := testenv.Config(t)
	cfg.TLSCert, cfg.TLSKey = cfg.Data+"/none.crt", cfg.Data+"/none.key"
	if _, err := server.Start(t.Context(), cfg, testenv.Quiet()); err == nil {
		t.Fatal("started without its certificate")
	}
	cfg.TLSCert, cfg.TLSKey = "", ""
	s, err := server.Start(t.Context(), cfg, testenv.Quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Drain(); err != nil {
		t.Fatal(err)
	}
}
