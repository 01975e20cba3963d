package web_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/writ-auth/writ/internal/mgmt"
	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv"
	"github.com/writ-auth/writ/internal/web"
)

// console is the page before a real writ: Management API, token endpoint and log are real, operators and sessions are made up.
// Cookies steer it: fake_session is there while somebody is signed in, fake_role is admin or viewer.
type console struct {
	env     *testenv.Env
	admin   *server.Admin
	members []map[string]any
	totp    bool

	mu      sync.Mutex                // guards bearers
	bearers map[string]map[string]any // by tenant and role: the real console's leave no record each
}

// newConsole starts both; the address is that of the page.
func newConsole(t *testing.T) (*console, string) {
	t.Helper()
	c := &console{env: testenv.New(t), bearers: map[string]map[string]any{}}
	c.admin = c.env.Admin()
	if _, err := c.admin.CreateTenant(t.Context(), "acme-production", tenant.Production); err != nil {
		t.Fatal(err)
	}
	c.members = []map[string]any{
		{"id": "op_1", "email": "ada@example.com", "name": "Ada Lovelace", "role": "admin"},
		{"id": "op_2", "email": "charles@example.com", "name": "Charles Babbage", "role": "viewer_config"},
	}
	srv := httptest.NewServer(c.routes())
	t.Cleanup(srv.Close)
	return c, strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
}

func (c *console) routes() http.Handler {
	page := web.New(web.Config{Log: slog.New(slog.DiscardHandler), Door: func(r *http.Request) (string, error) {
		if !signedIn(r) {
			return "/manage/signin", nil
		}
		return "", nil
	}})
	mux := http.NewServeMux()
	mux.Handle("/manage/", page)
	mux.HandleFunc("GET /manage/signin", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><html lang=en><title>Sign in</title><main><h1>Sign in</h1><form method=post><button>Sign in</button></form></main>`)
	})
	mux.HandleFunc("POST /manage/signin", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "fake_session", Value: "1", Path: "/"})
		http.Redirect(w, r, "/manage/", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /manage/signout", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "fake_session", Path: "/", MaxAge: -1})
		w.WriteHeader(http.StatusNoContent)
	})
	for pattern, answer := range map[string]func(r *http.Request) (int, any){
		"GET /manage/session":             c.session,
		"POST /manage/token":              c.token,
		"GET /manage/sessions":            c.sessions,
		"GET /manage/tenants/available":   c.available,
		"POST /manage/tenants":            c.createTenant,
		"GET /manage/totp":                c.enrol,
		"POST /manage/totp":               c.confirm,
		"DELETE /manage/totp":             c.unenrol,
		"POST /manage/password":           c.password,
		"GET /manage/tenants/{t}/members": func(*http.Request) (int, any) { return 200, c.members },
		"POST /manage/tenants/{t}/invitations": func(*http.Request) (int, any) {
			return 201, map[string]any{"link": "https://localhost:8443/manage/invitation?code=3q2-7wAAAA"}
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if !signedIn(r) {
				writeJSON(w, 401, refusal(401, "Your session is over."))
				return
			}
			status, body := answer(r)
			writeJSON(w, status, body)
		})
	}
	mux.HandleFunc("/manage/t/{tenant}/api/v2/", c.forward)
	mux.HandleFunc("POST /manage/t/{tenant}/oauth/token", c.forward)
	return mux
}

func signedIn(r *http.Request) bool {
	_, err := r.Cookie("fake_session")
	return err == nil
}

func role(r *http.Request) string {
	if cookie, err := r.Cookie("fake_role"); err == nil {
		return cookie.Value
	}
	return "admin"
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body)
	}
}

func refusal(status int, message string) map[string]any {
	return map[string]any{"statusCode": status, "error": http.StatusText(status), "message": message}
}

func (c *console) session(r *http.Request) (int, any) {
	tenants, err := c.admin.Tenants(r.Context())
	if err != nil {
		return 500, refusal(500, err.Error())
	}
	memberships := []map[string]any{}
	for _, t := range tenants {
		memberships = append(memberships, map[string]any{"tenant": t.Name, "role": role(r), "environment": t.Environment, "domain": t.Domain})
	}
	return 200, map[string]any{
		"operator":    map[string]any{"id": "op_1", "email": "ada@example.com", "name": "Ada Lovelace", "totp": c.totp},
		"memberships": memberships, "version": "dev", "docs_url": "https://github.com/writ-auth/writ/blob/main/docs",
	}
}

// token is a real token of the tenant's first client; a viewer's has the reading scopes that show no secrets.
func (c *console) token(r *http.Request) (int, any) {
	var in struct{ Tenant string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return 400, refusal(400, err.Error())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := in.Tenant + " " + role(r)
	if known, ok := c.bearers[key]; ok {
		return 200, known
	}
	info, err := c.admin.Tenant(r.Context(), in.Tenant)
	if err != nil {
		return 403, refusal(403, "You are no member of this tenant.")
	}
	var scope []string
	for _, s := range mgmt.Scopes() {
		secret := strings.HasPrefix(s.Value, "read:client_keys") || strings.HasPrefix(s.Value, "read:client_credentials")
		if role(r) == "admin" || strings.HasPrefix(s.Value, "read:") && !secret {
			scope = append(scope, s.Value)
		}
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {info.ClientID}, "client_secret": {info.ClientSecret.Reveal()},
		"audience": {info.Audience}, "scope": {strings.Join(scope, " ")}}
	res, err := c.env.HTTP.PostForm("https://"+info.Domain+"/oauth/token", form)
	if err != nil {
		return 503, refusal(503, err.Error())
	}
	defer res.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil || res.StatusCode != 200 {
		return 503, refusal(503, fmt.Sprint(body, err))
	}
	c.bearers[key] = map[string]any{"access_token": body["access_token"], "expires_in": 300, "scope": body["scope"]}
	return 200, c.bearers[key]
}

func (c *console) sessions(r *http.Request) (int, any) {
	return 200, []map[string]any{
		{"id": "s1", "current": true, "created_at": "2026-11-20T08:00:00.000Z", "last_seen_at": "2026-11-23T08:00:00.000Z", "ip": "192.0.2.7", "user_agent": r.UserAgent()},
		{"id": "s2", "current": false, "created_at": "2026-11-01T08:00:00.000Z", "last_seen_at": "2026-11-19T08:00:00.000Z", "ip": "198.51.100.4",
			"user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0"},
	}
}

func (c *console) available(r *http.Request) (int, any) {
	name := r.URL.Query().Get("name")
	if err := tenant.ValidateName(name); err != nil {
		return 200, map[string]any{"available": false, "reason": "3 to 63 lower-case letters, digits and hyphens, with no hyphen at an end."}
	}
	_, err := c.admin.Tenant(r.Context(), name)
	if err == nil {
		return 200, map[string]any{"available": false, "reason": "This name is taken."}
	}
	return 200, map[string]any{"available": true}
}

func (c *console) createTenant(r *http.Request) (int, any) {
	var in struct {
		Name        string
		Environment tenant.Environment
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return 400, refusal(400, err.Error())
	}
	info, err := c.admin.CreateTenant(r.Context(), in.Name, in.Environment)
	if err != nil {
		return 409, refusal(409, err.Error())
	}
	return 201, map[string]any{"tenant": info.Name, "domain": info.Domain}
}

func (c *console) enrol(*http.Request) (int, any) {
	return 200, map[string]any{"secret": "JBSWY3DPEHPK3PXP", "otpauth": "otpauth://totp/writ:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=writ"}
}

func (c *console) confirm(*http.Request) (int, any) {
	c.totp = true
	return 200, map[string]any{"recovery_codes": []string{"4f2k-9d3m", "8s1p-2q7x", "m4n6-t8r2", "z1c5-v7b9"}}
}

func (c *console) unenrol(*http.Request) (int, any) {
	c.totp = false
	return 204, nil
}

func (c *console) password(*http.Request) (int, any) {
	return 400, refusal(400, "The present password is wrong.")
}

// forward is the tenant's own interface under the console's address: no cookie goes through.
func (c *console) forward(w http.ResponseWriter, r *http.Request) {
	info, err := c.admin.Tenant(r.Context(), r.PathValue("tenant"))
	if err != nil {
		writeJSON(w, 404, refusal(404, "Not Found"))
		return
	}
	proxy := httputil.ReverseProxy{
		Transport: c.env.HTTP.Transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "https", Host: info.Domain})
			p.Out.URL.Path = strings.TrimPrefix(p.In.URL.Path, "/manage/t/"+info.Name)
			p.Out.URL.RawPath = strings.TrimPrefix(p.In.URL.EscapedPath(), "/manage/t/"+info.Name)
			p.Out.Header.Del("Cookie")
		},
	}
	proxy.ServeHTTP(w, r)
}
