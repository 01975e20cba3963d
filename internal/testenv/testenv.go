package testenv

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/writ-auth/writ/internal/server"
)

// Env is a running writ and a client of its default tenant.
type Env struct {
	T      testing.TB
	Config server.Config
	Server *server.Server
	// Tenant is the default tenant with its Management API client.
	Tenant server.TenantInfo
	// HTTP trusts the local CA.
	HTTP *http.Client
	// Log is what the server logged, at every level.
	Log *Buffer
}

// New starts writ on free ports in a temporary directory. It is drained when the test ends.
func New(t testing.TB, change ...func(*server.Config)) *Env {
	t.Helper()
	e := &Env{T: t, Config: Config(t), Log: &Buffer{}}
	for _, c := range change {
		c(&e.Config)
	}
	log := slog.New(slog.NewJSONHandler(e.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if e.Server, err = server.Start(t.Context(), e.Config, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.HTTP.CloseIdleConnections()
		if err := e.Server.Drain(); err != nil {
			t.Errorf("drain: %v", err)
		}
		if t.Failed() {
			t.Logf("the end of the server's log:\n%s", e.Log.end())
		}
	})
	e.HTTP = client(t, e.Config.CAFile(), "")
	if name := e.Server.Instance().DefaultTenant; name != "" {
		e.Tenant = e.TenantInfo(name)
	}
	return e
}

// Config is what New starts with: all ports free, a temporary directory, fixed keys.
func Config(t testing.TB) server.Config {
	cfg := server.DefaultConfig()
	cfg.Data = t.TempDir()
	cfg.HTTP, cfg.HTTPS = "127.0.0.1:0", "127.0.0.1:0"
	cfg.RSAKeys = Keys(t)
	cfg.DrainDelay = 0 // no load balancer has to notice
	return cfg
}

//go:embed testdata/rsa-keys.pem
var keyFile []byte

// Keys hands out fixed RSA keys, round and round.
func Keys(t testing.TB) func() (*rsa.PrivateKey, error) {
	t.Helper()
	var keys []*rsa.PrivateKey
	for rest := keyFile; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key.(*rsa.PrivateKey))
	}
	var mu sync.Mutex
	next := 0
	return func() (*rsa.PrivateKey, error) {
		mu.Lock()
		defer mu.Unlock()
		next++
		return keys[next%len(keys)], nil
	}
}

// Pool trusts the CA in a file and no other.
func Pool(t testing.TB, caFile string) *x509.CertPool {
	t.Helper()
	ca, err := os.ReadFile(caFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return pool
}

// Quiet is a log that nobody reads.
func Quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Claims decodes a token's claims without verifying it.
func Claims(t testing.TB, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts in a token", len(parts))
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// client calls this machine, whatever host an authority names: at its port, or always at address unless that is empty.
func client(t testing.TB, caFile, address string) *http.Client {
	t.Helper()
	pool := Pool(t, caFile)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 64,
		DialContext: func(ctx context.Context, network, authority string) (net.Conn, error) {
			if address != "" {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			}
			_, port, err := net.SplitHostPort(authority)
			if err != nil {
				return nil, err
			}
			return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
		},
	}}
}

// Admin opens the data directory beside the server.
func (e *Env) Admin() *server.Admin {
	e.T.Helper()
	admin, err := server.OpenAdmin(e.T.Context(), e.Config, Quiet())
	if err != nil {
		e.T.Fatal(err)
	}
	e.T.Cleanup(func() { admin.Close() })
	return admin
}

// ListenDomain is the domain of the tenant that --listen gives a port of its own.
func (e *Env) ListenDomain(name string) string {
	e.T.Helper()
	for port, listening := range e.Server.Instance().Listeners {
		if listening == name {
			return "localhost:" + strconv.Itoa(port)
		}
	}
	e.T.Fatalf("no --listen for tenant %s", name)
	return ""
}

// TenantInfo reads a tenant with its credentials.
func (e *Env) TenantInfo(name string) server.TenantInfo {
	e.T.Helper()
	info, err := e.Admin().Tenant(e.T.Context(), name)
	if err != nil {
		e.T.Fatal(err)
	}
	return info
}

// Response is an answer, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON decodes the body into a value, or fails the test.
func (r Response) JSON(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(r.Body, &v); err != nil {
		t.Fatalf("%d %s: %v", r.Status, r.Body, err)
	}
	return v
}

// Do sends a request. header holds pairs of name and value.
func (e *Env) Do(method, target, body string, header ...string) Response {
	e.T.Helper()
	req, err := http.NewRequestWithContext(e.T.Context(), method, target, strings.NewReader(body))
	if err != nil {
		e.T.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	res, err := e.HTTP.Do(req)
	if err != nil {
		e.T.Fatal(err)
	}
	defer res.Body.Close()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		e.T.Fatal(err)
	}
	return Response{res.StatusCode, res.Header, read}
}

// Token asks a tenant's token endpoint with a form of name=value pairs, beside grant_type.
func (e *Env) Token(domain, clientID, secret, audience string, more ...string) Response {
	e.T.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {secret}, "audience": {audience}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return e.Do(http.MethodPost, "https://"+domain+"/oauth/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// ManagementToken is a token of the default tenant's Management API client, with all scopes.
func (e *Env) ManagementToken() string {
	e.T.Helper()
	info := e.Tenant
	res := e.Token(info.Domain, info.ClientID, info.ClientSecret.Reveal(), info.Audience)
	token, ok := res.JSON(e.T)["access_token"].(string)
	if !ok {
		e.T.Fatalf("no Management API token: %d %s", res.Status, res.Body)
	}
	return token
}

// API calls the Management API of the default tenant; in is marshalled (nil = no body). A status other than want fails the test.
func (e *Env) API(method, path string, in any, want int) Response {
	e.T.Helper()
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			e.T.Fatal(err)
		}
	}
	res := e.Do(method, "https://"+e.Tenant.Domain+"/api/v2/"+path, string(body),
		"Content-Type", "application/json", "Authorization", "Bearer "+e.ManagementToken())
	if res.Status != want {
		e.T.Fatalf("%s %s: %d %s, want %d", method, path, res.Status, res.Body, want)
	}
	return res
}

// Buffer is a bytes.Buffer that many goroutines may use.
type Buffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// end is its last lines, as many as somebody reads.
func (b *Buffer) end() string {
	const enough = 32 << 10
	text := b.String()
	if len(text) <= enough {
		return text
	}
	_, lines, _ := strings.Cut(text[len(text)-enough:], "\n")
	return lines
}

func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
