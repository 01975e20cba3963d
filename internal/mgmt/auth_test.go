package mgmt

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestBearer(t *testing.T) {
	e := newEnv(t)
	good := e.token(acme)
	dead := e.bootstrap(acme)
	dead.ClientID = tenant.NewClientID()
	tests := []struct {
		rule    string
		token   string
		status  int
		message string
	}{
		{"a good token", good, 200, ""},
		{"another tenant's token -> its signature is not ours", e.token(other), 401, "Invalid signature received for JSON Web Token validation"},
		{"a changed signature", good[:len(good)-8] + "AAAAAAAA", 401, "Invalid signature received for JSON Web Token validation"},
		{"issued under another domain (a custom domain's token works there only)",
			e.tokenWith(func(a *oauth.Authorization) { a.Call.Domain = "login.acme.example" }, acme), 401, "Invalid token"},
		{"another audience", e.tokenWith(func(a *oauth.Authorization) { a.Audience = "urn:api" }, acme), 401,
			"Bad audience: https://acme.localhost:8443/api/v2/"},
		{"a client that is not there", e.tokenWith(func(a *oauth.Authorization) { a.Client = &dead }, acme), 401, "Invalid token"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			status, body := e.ask(acme, tt.token, "GET", "/clients", "")
			if status != tt.status || !strings.Contains(body, tt.message) {
				t.Errorf("%d %s", status, body)
			}
			if strings.Contains(tt.message, "token") && !strings.Contains(body, `"attributes":{"error":"`+tt.message+`"}`) {
				t.Errorf("attributes: %s", body)
			}
		})
	}
}

func TestExpiredToken(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	e.advance(86400*time.Second + time.Minute)
	status, body := e.ask(acme, token, "GET", "/clients", "")
	const want = `{"statusCode":401,"error":"Unauthorized","message":"Expired token received for JSON Web Token validation","attributes":{"error":"Expired token received for JSON Web Token validation"}}`
	if status != 401 || body != want {
		t.Errorf("%d %s", status, body)
	}
}

func TestTokenOfADeletedClientDies(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	id := e.bootstrap(acme).ClientID
	if status, body := e.ask(acme, token, "DELETE", "/clients/"+id, ""); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := e.ask(acme, token, "GET", "/clients", ""); status != 401 {
		t.Errorf("%d %s", status, body)
	}
}

// RFC 6750 section 2: one way to send the token, and only once.
func TestAuthorizationHeaderForms(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	tests := []struct {
		rule    string
		headers []string
		status  int
	}{
		{"the scheme has no case", []string{"bearer " + token}, 200},
		{"Basic is no bearer", []string{"Basic eDp5"}, 401},
		{"empty", []string{""}, 401},
		{"no token", []string{"Bearer"}, 400},
		{"two tokens", []string{"Bearer " + token + " " + token}, 400},
		{"two headers", []string{"Bearer " + token, "Bearer " + token}, 400},
		{"no header at all", nil, 401},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			header := http.Header{"Cookie": {"token=" + token}}
			if tt.headers != nil {
				header["Authorization"] = tt.headers
			}
			resp := e.do(acme, "", "GET", "/clients?access_token="+token, "", header)
			if resp.StatusCode != tt.status {
				text, _ := io.ReadAll(resp.Body)
				t.Errorf("%d %s", resp.StatusCode, text)
			}
		})
	}
}

func TestStoreGoneIs503(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	if status, body := e.ask(acme, token, "GET", "/clients", ""); status != 200 { // the caches know the caller now
		t.Fatal(body)
	}
	if err := e.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, request := range [][2]string{{"GET", ""}, {"POST", `{"name":"x"}`}} {
		resp := e.do(acme, token, request[0], "/clients", request[1], nil)
		if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			text, _ := io.ReadAll(resp.Body)
			t.Errorf("%s: %d %s", request[0], resp.StatusCode, text)
		}
	}
	if strings.Contains(e.log.String(), token) {
		t.Error("the token is in the operator's log")
	}
}

func TestBodyLimit(t *testing.T) {
	e := newEnv(t)
	status, body := e.ask(acme, e.token(acme), "POST", "/clients", `{"name":"`+strings.Repeat("x", 1<<20)+`"}`)
	if status != 413 || !strings.Contains(body, `"errorCode":"invalid_body"`) {
		t.Errorf("%d %s", status, body)
	}
}

// A token with all scopes is about 9 kB and must pass.
func TestTokenWithAllScopesPasses(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	if len(token) < 8000 {
		t.Fatalf("the token has %d bytes: is it one with all scopes?", len(token))
	}
	r := httptest.NewRequest("GET", "https://x/api/v2/clients", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	e.api.Serve(callTo(acme), w, r)
	if w.Code != 200 {
		t.Error(w.Body)
	}
}

// A token with the right audience that came about otherwise, for an API that once had this identifier, say, is worth nothing.
func TestTokenWithoutAGrant(t *testing.T) {
	e := newEnv(t)
	_, created := e.ask(acme, e.token(acme), "POST", "/clients", `{"name":"x"}`)
	stranger := tenant.Client{ClientID: e.property(created, "client_id")}
	token := e.tokenWith(func(a *oauth.Authorization) { a.Client = &stranger }, acme)
	if status, body := e.ask(acme, token, "GET", "/clients", ""); status != 401 || !strings.Contains(body, "Invalid token") {
		t.Errorf("%d %s", status, body)
	}
}

// What is taken from a client is taken from the tokens that it has, at once.
func TestTokenFollowsItsGrant(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	e.grant(acme, "read:logs", "create:clients")
	for path, want := range map[string]int{"/logs": 200, "/clients": 403} {
		if status, body := e.ask(acme, token, "GET", path, ""); status != want {
			t.Errorf("narrowed grant: GET %s: %d %s", path, status, body)
		}
	}
	narrow := e.token(acme, "read:logs")
	e.grant(acme, scopeValues(Scopes())...)
	if status, body := e.ask(acme, narrow, "GET", "/clients", ""); status != 403 {
		t.Errorf("a token has more than it was issued with: %d %s", status, body)
	}
	if status, body := e.ask(acme, token, "DELETE", "/client-grants/"+e.bootstrapGrant(acme).ID, ""); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := e.ask(acme, token, "GET", "/logs", ""); status != 401 || !strings.Contains(body, "Invalid token") {
		t.Errorf("deleted grant: %d %s", status, body)
	}
}

func TestScopesAreTheRecordedOnesThenOurs(t *testing.T) {
	scopes := Scopes()
	if len(scopes) != 273+6 || scopes[0].Value != "read:client_grants" || scopes[272].Value != "read:group_members" {
		t.Fatalf("%d scopes, first %s, 273rd %s", len(scopes), scopes[0].Value, scopes[272].Value)
	}
	seen := map[string]bool{}
	for i, s := range scopes {
		if seen[s.Value] || s.Description == nil || *s.Description == "" {
			t.Errorf("%s: twice, or without a description", s.Value)
		}
		seen[s.Value] = true
		if ours := strings.Contains(s.Value, ":writ_"); ours != (i >= 273) {
			t.Errorf("%s stands at %d", s.Value, i)
		}
	}
}
