package discovery

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

var update = flag.Bool("update", false, "write the golden files anew")

var testStart = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// memoryStore is one tenant, acme.
type memoryStore struct {
	keys     tenant.KeySet
	settings tenant.Settings
	err      error
}

func (m *memoryStore) SigningKeys(_ context.Context, tenantName string) (tenant.KeySet, error) {
	if tenantName != "acme" {
		return nil, tenant.ErrNotFound
	}
	return m.keys, m.err
}

func (m *memoryStore) AddSigningKeys(_ context.Context, _ string, _ tenant.KeyFamily, generate func() ([]tenant.SigningKey, error)) error {
	keys, err := generate()
	m.keys = append(m.keys, keys...)
	return err
}

func (m *memoryStore) Settings(context.Context, string) (*tenant.Settings, error) {
	return &m.settings, m.err
}

type fixture struct {
	*Handler
	store  *memoryStore
	signer *signing.Signer
	log    *strings.Builder
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	generator := signing.NewGenerator(signing.GeneratorConfig{RSAKeys: fixedKeys(t)})
	keys, err := generator.NewFamily(t.Context(), tenant.FamilyRSA, "acme.localhost:8443", testStart)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{store: &memoryStore{keys: keys, settings: tenant.NewSettings("Acme")}, log: &strings.Builder{}}
	f.signer = signing.New(signing.Config{Store: f.store, Generator: generator, Now: func() time.Time { return testStart }})
	f.Handler = &Handler{Keys: f.signer, Settings: f.store, Logger: slog.New(slog.NewTextHandler(f.log, nil))}
	return f
}

// fixedKeys hands out the fixed RSA keys of the tests in turn.
func fixedKeys(t *testing.T) func() (*rsa.PrivateKey, error) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "signing", "testdata", "rsa-*.pem"))
	if err != nil || len(files) == 0 {
		t.Fatal("no fixed RSA keys", err)
	}
	turn := 0
	return func() (*rsa.PrivateKey, error) {
		text, err := os.ReadFile(files[turn%len(files)])
		if err != nil {
			return nil, err
		}
		turn++
		block, _ := pem.Decode(text)
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		return key.(*rsa.PrivateKey), nil
	}
}

func acme() tenant.Call {
	return tenant.Call{Site: tenant.Site{Tenant: "acme", Domain: "tokens.acme.example", Canonical: "acme.localhost:8443"}}
}

type serve func(tenant.Call, http.ResponseWriter, *http.Request)

// ask calls one method of the handler through a real server, so that HEAD and 304 are what a client sees.
func ask(t *testing.T, method string, to serve, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { to(acme(), w, r) }))
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func get(t *testing.T, to serve, path string) (*http.Response, string) {
	t.Helper()
	res, body := ask(t, http.MethodGet, to, path, nil)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s", path, res.Status, body)
	}
	return res, body
}

// refusal reads an error in the token endpoint's shape.
func refusal(t *testing.T, res *http.Response, body string) errorDocument {
	t.Helper()
	var doc errorDocument
	if err := json.Unmarshal([]byte(body), &doc); err != nil || doc.Error == "" || doc.Description == "" {
		t.Errorf("%s: no error document: %q", res.Status, body)
	}
	if res.Header.Get("Content-Type") != contentTypeJSON || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", res.Header)
	}
	return doc
}
