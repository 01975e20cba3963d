package mgmt

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/clientauth"
	"github.com/writ-auth/writ/internal/grant"
	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv/race"
	"github.com/writ-auth/writ/internal/token"
)

// env is the API over a real store in a temporary directory, with fixed RSA keys, two tenants and a clock that the test moves.
type env struct {
	t      testing.TB
	db     *store.DB
	api    *API
	signer *signing.Signer
	log    bytes.Buffer
	dir    string
	// operators are the members of the tenants, none at first.
	operators operators
	// proven are the custom domains whose record is in the DNS, none at first.
	proven dns

	mu  sync.Mutex // guards now
	now time.Time
}

const (
	acme  = "acme"
	other = "other"
)

func newEnv(t testing.TB) *env {
	t.Helper()
	e := &env{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), dir: t.TempDir()}
	master, err := seal.NewMaster(seal.NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(&e.log, nil))
	e.db, err = store.Open(t.Context(), store.Config{
		Dir: e.dir, Master: master, Durability: store.DurabilityRelaxed, Now: e.clock, Logger: logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.db.Close(); err != nil {
			t.Error(err)
		}
	})
	generator := signing.NewGenerator(signing.GeneratorConfig{RSAKeys: fixedKeys(t)})
	t.Cleanup(generator.Close)
	e.signer = signing.New(signing.Config{Store: keyStore{e.db.Snapshots(), e.db}, Generator: generator, Now: e.clock})
	e.operators, e.proven = operators{}, dns{}
	e.api = New(Config{
		Store: e.db, Signer: e.signer, Generator: generator, Now: e.clock, Logger: logger, BaseDomain: "auth.example", Operators: e.operators, Prover: e.proven,
		Explainer: &token.Handler{Clients: clientauth.New(e.db.Snapshots()), Grants: grant.New(e.db.Snapshots()), Limits: limit.NewTraffic(e.db.Snapshots(), limit.NewTokenLimits(e.db.Snapshots(), e.db, e.db), e.clock), Actions: e.db.Snapshots()},
	})
	for _, name := range []string{acme, other} {
		e.newTenant(generator, name)
	}
	return e
}

// operators are members by operator and tenant.
type operators map[[2]string]tenant.Member

func (o operators) Member(_ context.Context, operatorID, tenantName string) (tenant.Member, error) {
	m, ok := o[[2]string{operatorID, tenantName}]
	if !ok {
		return m, fmt.Errorf("member: %w", tenant.ErrNotFound)
	}
	return m, nil
}

// dns has what there is to be found out of a custom domain, by its host.
type dns map[string]tenant.DomainState

func (d dns) Verify(_ context.Context, domain tenant.CustomDomain) (tenant.DomainState, error) {
	if state, ok := d[domain.Domain]; ok {
		return state, nil
	}
	return tenant.DomainState{Status: tenant.DomainStatusPending, Verification: tenant.DomainVerificationPending}, nil
}

func (d dns) Test(_ context.Context, domain tenant.CustomDomain) (problem string, err error) {
	if d[domain.Domain].Status != tenant.DomainStatusReady {
		problem = "The host leads elsewhere."
	}
	return problem, nil
}

// keyStore is the store as the signer sees it.
type keyStore struct {
	*store.Snapshots
	db *store.DB
}

func (k keyStore) AddSigningKeys(ctx context.Context, name string, family tenant.KeyFamily, make func() ([]tenant.SigningKey, error)) error {
	return k.db.AddSigningKeys(ctx, name, family, make)
}

func (e *env) clock() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now
}

func (e *env) advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now = e.now.Add(d)
}

// fixedKeys gives the keys of the signing room's test data, one after the other.
func fixedKeys(t testing.TB) func() (*rsa.PrivateKey, error) {
	var mu sync.Mutex
	next := 0
	return func() (*rsa.PrivateKey, error) {
		mu.Lock()
		defer mu.Unlock()
		next++
		text, err := os.ReadFile(fmt.Sprintf("../signing/testdata/rsa-%d.pem", 1+next%4))
		if err != nil {
			return nil, err
		}
		block, _ := pem.Decode(text)
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key, nil
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		return key.(*rsa.PrivateKey), nil
	}
}

func (e *env) newTenant(generator *signing.Generator, name string) {
	e.t.Helper()
	keys, err := generator.NewFamily(e.t.Context(), tenant.FamilyRSA, domainOf(name), e.now)
	if err != nil {
		e.t.Fatal(err)
	}
	certificate, err := signing.LegacyCertificate(domainOf(name), e.now)
	if err != nil {
		e.t.Fatal(err)
	}
	err = e.db.InTx(e.t.Context(), func(tx *store.Tx) error {
		return NewTenant(e.t.Context(), tx, TenantSpec{
			Tenant:      tenant.Tenant{Name: name, Environment: tenant.Development, Certificate: certificate, CreatedAt: e.now},
			SigningKeys: keys,
		})
	})
	if err == nil { // tests ask for tokens with any scope that can be granted
		e.grant(name, append(scopeValues(Scopes()), unlistedScopes()...)...)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// grant sets the scopes of the tenant's bootstrap client.
func (e *env) grant(name string, scopes ...string) {
	e.t.Helper()
	err := e.db.InTx(e.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Tenant(name).ClientGrants().Update(e.t.Context(), e.bootstrapGrant(name).ID, func(old tenant.ClientGrant) (tenant.ClientGrant, error) {
			old.Scope = scopes
			return old, nil
		})
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
}

// bootstrapGrant is the one grant of the tenant's bootstrap client.
func (e *env) bootstrapGrant(name string) tenant.ClientGrant {
	e.t.Helper()
	t, err := e.db.Tenants().Get(e.t.Context(), name)
	if err != nil {
		e.t.Fatal(err)
	}
	grants, err := e.db.Tenant(name).ClientGrants().List(e.t.Context(), store.Query{Where: []store.Filter{store.In("client_id", t.BootstrapClientID)}})
	if err != nil || len(grants) != 1 {
		e.t.Fatalf("%d grants, %v", len(grants), err)
	}
	return grants[0]
}

func domainOf(name string) string { return name + ".localhost:8443" }

func callTo(name string) tenant.Call {
	return tenant.Call{
		Site:      tenant.Site{Tenant: name, Domain: domainOf(name), Canonical: domainOf(name)},
		RequestID: tenant.NewRequestID(), IP: netip.MustParseAddr("192.0.2.7"), UserAgent: "test/1",
	}
}

// bootstrap is a tenant's first client.
func (e *env) bootstrap(name string) tenant.Client {
	e.t.Helper()
	client, _, err := EnsureBootstrap(e.t.Context(), e.db, name, e.clock())
	if err != nil {
		e.t.Fatal(err)
	}
	return client
}

// token is a Management API token of the tenant's bootstrap client; no scope = all of them.
func (e *env) token(name string, scopes ...string) string {
	e.t.Helper()
	if len(scopes) == 0 {
		scopes = scopeValues(Scopes())
	}
	return e.tokenWith(func(a *oauth.Authorization) { a.Scope = scopes }, name)
}

// tokenWith lets the test bend what is signed.
func (e *env) tokenWith(bend func(*oauth.Authorization), name string) string {
	e.t.Helper()
	client := e.bootstrap(name)
	rs := newSystemResourceServer()
	auth := &oauth.Authorization{
		Call: callTo(name), Client: &client, ResourceServer: &rs, Audience: callTo(name).ManagementAudience(),
		Scope: scopeValues(Scopes()),
	}
	bend(auth)
	token, err := e.signer.AccessToken(context.Background(), auth)
	if err != nil {
		e.t.Fatal(err)
	}
	return token.Value.Reveal()
}

// do sends one request to a tenant. token "" = no Authorization header.
func (e *env) do(name, token, method, path, body string, header http.Header) *http.Response {
	e.t.Helper()
	r := httptest.NewRequest(method, "https://"+domainOf(name)+prefix+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for key, values := range header {
		r.Header[key] = values
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	e.api.Serve(callTo(name), w, r)
	return w.Result()
}

// ask is do with the body read.
func (e *env) ask(name, token, method, path, body string) (int, string) {
	e.t.Helper()
	resp := e.do(name, token, method, path, body, nil)
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// notUnderRace leaves a test of thousands of requests, one after the other, out under the race detector: it costs minutes there and tells
// nothing new.
func notUnderRace(t *testing.T) {
	if race.Enabled {
		t.Skip("volume: left out under the race detector")
	}
}
