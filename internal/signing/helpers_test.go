package signing

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// testStart is when every test begins.
var testStart = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const testTenant = "acme"

// memoryStore keeps key sets as the real store does: snapshots are never changed, newest first.
type memoryStore struct {
	mu   sync.Mutex // guards the rest
	sets map[string]tenant.KeySet
	adds int // how often generate was called
	err  error
}

func (m *memoryStore) SigningKeys(_ context.Context, tenantName string) (tenant.KeySet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set, ok := m.sets[tenantName]
	if m.err != nil {
		return nil, m.err
	}
	if !ok {
		return nil, fmt.Errorf("tenant %s: %w", tenantName, tenant.ErrNotFound)
	}
	return set, nil
}

func (m *memoryStore) AddSigningKeys(_ context.Context, tenantName string, family tenant.KeyFamily, generate func() ([]tenant.SigningKey, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if hasFamily(m.sets[tenantName], family) {
		return nil
	}
	m.adds++
	keys, err := generate()
	if err != nil {
		return err
	}
	m.sets[tenantName] = slices.Concat(keys, m.sets[tenantName])
	return nil
}

// apply stores what Rotate and Revoke return.
func (m *memoryStore) apply(tenantName string, changed, inserted []tenant.SigningKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set := slices.Clone(m.sets[tenantName])
	for _, c := range changed {
		i := slices.IndexFunc(set, func(k tenant.SigningKey) bool { return k.KID == c.KID })
		set[i] = c
	}
	m.sets[tenantName] = slices.Concat(inserted, set)
}

// fixture is a signer over one tenant with RSA keys, and a clock that the test moves.
type fixture struct {
	*Signer
	store *memoryStore
	gen   *Generator
	now   time.Time
}

func newFixture(t testing.TB) *fixture { return newFixtureWith(t, nil) }

// newFixtureWith signs with an engine; nil = crypto/rsa.
func newFixtureWith(t testing.TB, engine *Engine) *fixture {
	t.Helper()
	f := &fixture{store: &memoryStore{sets: map[string]tenant.KeySet{}}, gen: newTestGenerator(t), now: testStart}
	f.addTenant(t, testTenant)
	f.Signer = New(Config{Store: f.store, Generator: f.gen, Now: func() time.Time { return f.now }, Engine: engine})
	return f
}

func (f *fixture) addTenant(t testing.TB, name string) {
	t.Helper()
	keys, err := f.gen.NewFamily(t.Context(), tenant.FamilyRSA, name+".localhost:8443", f.now)
	if err != nil {
		t.Fatal(err)
	}
	f.store.sets[name] = keys
}

func (f *fixture) rotate(t *testing.T) {
	t.Helper()
	fresh, err := f.gen.NewNext(t.Context(), "acme.localhost:8443", f.now)
	if err != nil {
		t.Fatal(err)
	}
	changed, inserted, err := Rotate(f.store.sets[testTenant], fresh, f.now)
	if err != nil {
		t.Fatal(err)
	}
	f.store.apply(testTenant, changed, inserted)
}

// key returns the tenant's key of a family in a state.
func (f *fixture) key(t testing.TB, family tenant.KeyFamily, state tenant.KeyState) tenant.SigningKey {
	t.Helper()
	key, ok := f.store.sets[testTenant].In(family, state)
	if !ok {
		t.Fatalf("no %s key is %s", family, state)
	}
	return key
}

// newTestGenerator hands out the fixed keys of testdata in turn: making RSA keys takes long, under race very long.
func newTestGenerator(t testing.TB) *Generator {
	t.Helper()
	keys := fixedRSAKeys(t)
	var mu sync.Mutex
	turn := 0
	return NewGenerator(GeneratorConfig{RSAKeys: func() (*rsa.PrivateKey, error) {
		mu.Lock()
		defer mu.Unlock()
		turn++
		return keys[turn%len(keys)], nil
	}})
}

// fixedRSAKeys are the keys of testdata, in the order of their names.
func fixedRSAKeys(t testing.TB) []*rsa.PrivateKey {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "rsa-*.pem"))
	if err != nil || len(files) == 0 {
		t.Fatal("no fixed RSA keys", err)
	}
	var keys []*rsa.PrivateKey
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(file, err)
		}
		keys = append(keys, key.(*rsa.PrivateKey))
	}
	return keys
}

// newPrivateKey is a stored key, ready to sign with crypto/rsa.
func newPrivateKey(key tenant.SigningKey) (*privateKey, error) {
	engine := goEngine()
	return engine.parse(key)
}

// engines are those that this machine can sign with.
func engines(t testing.TB) []*Engine {
	t.Helper()
	selection, err := SelectEngine(EngineAuto)
	if err != nil {
		t.Fatal(err)
	}
	var all []*Engine
	for i := range selection.Tried {
		if trial := &selection.Tried[i]; trial.Err == nil {
			all = append(all, &trial.Engine)
		} else {
			t.Logf("not tested with %s: %v", trial.Name, trial.Err)
		}
	}
	return all
}

// authorization is of the Timesheets example; edit it at will.
func authorization(edit func(*oauth.Authorization)) *oauth.Authorization {
	rs := tenant.NewResourceServer("rs1", "https://timesheets.example/api")
	auth := &oauth.Authorization{
		Call: tenant.Call{Site: tenant.Site{
			Tenant: testTenant, Domain: "tokens.acme.example", Canonical: "acme.localhost:8443"}},
		Client:         &tenant.Client{ClientID: "client1"},
		ResourceServer: &rs,
		Grant:          &tenant.ClientGrant{},
		Audience:       rs.Identifier,
		Scope:          []string{"read:timesheets", "batch:upload"},
	}
	if edit != nil {
		edit(auth)
	}
	return auth
}
