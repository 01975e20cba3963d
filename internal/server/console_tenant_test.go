package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv"
)

// owner is a browser in which the first owner of dev and second is signed in, at the plain listener.
type owner struct {
	env     *testenv.Env
	address string
	cookie  string
}

func newOwner(t *testing.T, change ...func(*server.Config)) *owner {
	t.Helper()
	o := &owner{env: testenv.New(t, change...)}
	o.address = "http://" + plainAuthority(o.env)
	links, err := o.env.Server.SetUpLinks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link, err := url.Parse(links.Local.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"code": {link.Query().Get("code")}, "email": {"ada@example.com"}, "name": {"Ada"}, "password": {"correct horse battery"}, "tenant": {"second"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.address+"/manage/setup", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", formType)
	res, err := o.env.HTTP.Transport.RoundTrip(req) // without following the redirect
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if len(res.Cookies()) == 0 {
		t.Fatalf("no session: %d", res.StatusCode)
	}
	o.cookie = res.Cookies()[0].String()
	o.cookie, _, _ = strings.Cut(o.cookie, ";")
	return o
}

// bearer is what the page gets for a tenant.
func (o *owner) bearer(t *testing.T, tenantName string) string {
	t.Helper()
	whose, _ := o.env.Do(http.MethodGet, o.address+"/manage/session", "", "Cookie", o.cookie).JSON(t)["operator"].(map[string]any)
	id, _ := whose["id"].(string)
	res := o.env.Do(http.MethodPost, o.address+"/manage/token", `{"tenant":"`+tenantName+`"}`,
		"Cookie", o.cookie, "Content-Type", "application/json", "Writ-Operator", id)
	token, _ := res.JSON(t)["access_token"].(string)
	if token == "" {
		t.Fatalf("%d %s", res.Status, res.Body)
	}
	return token
}

// The console reaches a tenant's Management API under its own address with the bearer of that tenant, and by nothing else.
func TestConsoleReachesATenant(t *testing.T) {
	o := newOwner(t)
	dev, second := "Bearer "+o.bearer(t, "dev"), "Bearer "+o.bearer(t, "second")
	tests := []struct {
		rule, path string
		header     []string
		status     int
		contains   string
	}{
		{"the bearer of the default tenant", "/manage/t/dev/api/v2/clients", []string{"Authorization", dev}, 200, `"name":"writ CLI"`},
		{"that of another one", "/manage/t/second/api/v2/clients", []string{"Authorization", second}, 200, `"tenant":"second"`},
		{"an identifier in the path stays one segment", "/manage/t/dev/api/v2/resource-servers/" + url.PathEscape(o.env.Tenant.Audience),
			[]string{"Authorization", dev}, 200, `"is_system":true`},
		{"a cookie alone opens nothing", "/manage/t/dev/api/v2/clients", []string{"Cookie", o.cookie}, 401, "Missing authentication"},
		{"nor does it beside another tenant's bearer", "/manage/t/second/api/v2/clients", []string{"Cookie", o.cookie, "Authorization", dev}, 401, "Invalid signature"},
		{"a tenant that is not there", "/manage/t/nobody/api/v2/clients", []string{"Authorization", dev}, 404, `"message":"Not Found"`},
		{"what can be no tenant", "/manage/t/No_Body/api/v2/clients", nil, 404, `"message":"Not Found"`},
		{"a name that is spelt otherwise", "/manage/t/%64ev/api/v2/clients", []string{"Authorization", dev}, 404, `"message":"Not Found"`},
		{"the API without its slash", "/manage/t/dev/api/v2", []string{"Authorization", dev}, 404, `"message":"Not Found"`},
		{"an unknown path of the API", "/manage/t/dev/api/v2/nothing", []string{"Authorization", dev}, 404, `"message":"Not Found"`},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			res := o.env.Do(http.MethodGet, o.address+tt.path, "", tt.header...)
			if res.Status != tt.status || !strings.Contains(string(res.Body), tt.contains) {
				t.Errorf("%d %s", res.Status, res.Body)
			}
			for name := range res.Header {
				if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
					t.Errorf("%s: %s", name, res.Header.Get(name))
				}
			}
		})
	}
	t.Run("at a tenant's own domain the bearer is one of the Management API, and the console is elsewhere", func(t *testing.T) {
		info := o.env.TenantInfo("second")
		if res := o.env.Do(http.MethodGet, "https://"+info.Domain+"/api/v2/clients", "", "Authorization", second); res.Status != 200 {
			t.Errorf("%d %s", res.Status, res.Body)
		}
		res := o.env.Do(http.MethodPost, "https://"+info.Domain+"/manage/t/second/api/v2/clients", `{"name":"x"}`, "Authorization", second, "Content-Type", "application/json")
		if res.Status != 404 {
			t.Errorf("%d %s", res.Status, res.Body)
		}
	})
}

// The Test tab's token is a real one, of the tenant's own domain; a cookie is no client's credential.
func TestConsoleReachesTheTokenEndpoint(t *testing.T) {
	o := newOwner(t)
	info := o.env.TenantInfo("second")
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {info.ClientID}, "client_secret": {info.ClientSecret.Reveal()}, "audience": {info.Audience}}
	res := o.env.Do(http.MethodPost, o.address+"/manage/t/second/oauth/token", form.Encode(), "Content-Type", formType, "Cookie", o.cookie)
	token, _ := res.JSON(t)["access_token"].(string)
	if res.Status != 200 || testenv.Claims(t, token)["iss"] != info.Issuer {
		t.Fatalf("%d %s", res.Status, res.Body)
	}
	form.Del("client_secret")
	for path, want := range map[string]int{"/manage/t/second/oauth/token": 401, "/manage/t/nobody/oauth/token": 404} {
		res := o.env.Do(http.MethodPost, o.address+path, form.Encode(), "Content-Type", formType, "Cookie", o.cookie)
		if res.Status != want || res.JSON(t)["error"] == nil {
			t.Errorf("%s: %d %s", path, res.Status, res.Body)
		}
	}
}

// An operator's bearer says nothing to the token endpoint, nor to the console itself; whoever leaves a tenant leaves with the bearer.
func TestBearerIsForTheManagementAPIOnly(t *testing.T) {
	o := newOwner(t)
	bearer := "Bearer " + o.bearer(t, "second")
	for _, path := range []string{"/oauth/token", "/manage/t/second/oauth/token"} {
		res := o.env.Do(http.MethodPost, o.address+path, "grant_type=client_credentials&client_id="+tenant.ConsoleClientID, "Content-Type", formType, "Authorization", bearer)
		if res.Status != 401 {
			t.Errorf("%s: %d %s", path, res.Status, res.Body)
		}
	}
	for _, path := range []string{"/manage/session", "/manage/sessions"} {
		if res := o.env.Do(http.MethodGet, o.address+path, "", "Authorization", bearer, "Accept", "application/json"); res.Status != 401 {
			t.Errorf("%s: %d %s", path, res.Status, res.Body)
		}
	}
	if err := o.env.Admin().DeleteTenant(t.Context(), "second"); err != nil {
		t.Fatal(err)
	}
	if res := o.env.Do(http.MethodGet, o.address+"/manage/t/second/api/v2/clients", "", "Authorization", bearer); res.Status < 400 {
		t.Errorf("a tenant that was deleted: %d %s", res.Status, res.Body)
	}
}

// What an operator does is in the tenant's log under the own name.
func TestConsoleWritesAreOnRecord(t *testing.T) {
	o := newOwner(t)
	bearer := "Bearer " + o.bearer(t, "second")
	res := o.env.Do(http.MethodPost, o.address+"/manage/t/second/api/v2/clients", `{"name":"x"}`, "Authorization", bearer, "Content-Type", "application/json")
	if res.Status != 201 {
		t.Fatalf("%d %s", res.Status, res.Body)
	}
	res = o.env.Do(http.MethodGet, o.address+"/manage/t/second/api/v2/logs?per_page=1", "", "Authorization", bearer)
	var events []map[string]any
	if err := json.Unmarshal(res.Body, &events); err != nil || len(events) != 1 {
		t.Fatalf("%d %s", res.Status, res.Body)
	}
	path := events[0]["details"].(map[string]any)["request"].(map[string]any)["path"]
	if events[0]["user_name"] != "Ada" || events[0]["hostname"] != o.env.TenantInfo("second").Domain || path != "/api/v2/clients" {
		t.Errorf("%s", res.Body)
	}
}
