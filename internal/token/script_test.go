package token_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/httpscript"
	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/testenv"
)

// The scripts in testdata are the readable specification of the token endpoint, run against a real server on a clock that moves when the
// script says so. Requests below /api/v2 go to the Management API with all scopes. They come from 127.0.0.1, which is a trusted proxy: with
// X-Forwarded-For they come from elsewhere. Beside httpscript's, a request may have these directives:
//
//	basic: id secret   HTTP Basic credentials
//
// $domain, $host and $issuer are the tenant's. The clock stands at noon of a Monday, until a script moves it.
func TestScripts(t *testing.T) {
	for _, file := range httpscript.Files(t, "testdata") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			clock := &clock{t: noon}
			env := testenv.New(t, func(cfg *server.Config) { cfg.Now, cfg.TrustedProxies = clock.now, []string{"127.0.0.1"} })
			management := "Bearer " + env.ManagementToken()
			host, _, _ := strings.Cut(env.Tenant.Domain, ":")
			s := &httpscript.Script{T: t, Type: "application/x-www-form-urlencoded", Advance: clock.advance, Saved: map[string]string{
				"domain": env.Tenant.Domain, "host": host, "issuer": env.Tenant.Issuer, "management": env.Tenant.Audience,
			}}
			s.Directive = func(name, value string, header http.Header) bool {
				if name == "basic" {
					header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(strings.Replace(value, " ", ":", 1))))
				}
				return name == "basic"
			}
			s.Do = func(method, path string, header http.Header, body string) *http.Response {
				if strings.HasPrefix(path, "/api/v2/") {
					header.Set("Authorization", management)
					header.Set("Content-Type", "application/json")
				}
				return ask(t, env, method, path, header, body)
			}
			s.Run(file)
		})
	}
}

// noon is in UTC, as the hours and days of quotas are.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock stands still until it is advanced.
type clock struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// ask sends a request; of a token it adds to the answer what a reader wants to see: "header", "claims" and the claims' order.
func ask(t *testing.T, env *testenv.Env, method, path string, header http.Header, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://"+env.Tenant.Domain+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	client := *env.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	var answer map[string]json.RawMessage
	var token string
	if json.Unmarshal(raw, &answer) == nil && json.Unmarshal(answer["access_token"], &token) == nil {
		raw = append(raw[:len(raw)-1], explain(t, token)...)
	}
	res.Body = io.NopCloser(strings.NewReader(string(raw)))
	return res
}

// explain is a token's readable parts as further members of the answer: header and claims, of an encrypted token the header alone.
func explain(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	header := part(t, parts[0])
	told := `,"header":` + header + `,"header_order":` + order(t, header)
	switch len(parts) {
	case 3: // RFC 7515 section 7.1
		claims := part(t, parts[1])
		told += `,"claims":` + claims + `,"order":` + order(t, claims)
	case 5: // RFC 7516 section 7.1
	default:
		t.Fatalf("a token of %d parts", len(parts))
	}
	return told + "}"
}

func part(t *testing.T, encoded string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// order is the names of an object's members as one JSON string.
func order(t *testing.T, object string) string {
	t.Helper()
	text, err := json.Marshal(strings.Join(names(t, []byte(object)), " "))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names are an object's members in order.
func names(t *testing.T, object []byte) []string {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(string(object)))
	dec.Token()
	var all []string
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name.(string))
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
