package signing

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/tenant"
)

// Store is what the signer needs of the store. Safe for concurrent use.
type Store interface {
	// SigningKeys returns an immutable snapshot of the tenant's keys, newest first, private keys opened.
	// Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
	SigningKeys(ctx context.Context, tenantName string) (tenant.KeySet, error)
	// AddSigningKeys inserts what generate returns if the tenant has no key of the family yet, and does not call it
	// otherwise. Whoever inserted them, the caller's next SigningKeys shows the family's keys.
	AddSigningKeys(ctx context.Context, tenantName string, family tenant.KeyFamily, generate func() ([]tenant.SigningKey, error)) error
}

// maxCachedKeys bounds each of the two caches of parsed keys. An entry is about 10 kB for a private RSA key.
const maxCachedKeys = 2048

// Config is what a Signer works with.
type Config struct {
	Store Store
	// Generator makes a family of keys when it is first used.
	Generator *Generator
	Now       func() time.Time
	// Engine signs with RSA keys. Default crypto/rsa, without a self-test.
	Engine *Engine
	// Signed is told of every signature by a tenant's key: its alg, and how long it took without the wait for a core. Called
	// from several goroutines at once. Default nil: nobody is told.
	Signed func(alg string, took time.Duration)
}

// Signer signs and verifies access tokens. Safe for concurrent use; it owns no goroutine.
type Signer struct {
	store     Store
	generator *Generator
	clock     clock
	engine    *Engine
	signed    func(alg string, took time.Duration)
	gate      *gate
	// private and public hold parsed keys by tenant and kid, because parsing costs milliseconds. What a key may be used
	// for is never read from them but from the store's snapshot.
	private   *otter.Cache[keyID, *privateKey]
	public    *otter.Cache[keyID, *publicKey]
	templates *claimsTemplates
	buffers   buffers
}

// New returns a signer. As many signatures run at once as there are cores.
func New(cfg Config) *Signer {
	s := &Signer{
		store:     cfg.Store,
		generator: cfg.Generator,
		clock:     clock{now: cfg.Now},
		engine:    cfg.Engine,
		signed:    cfg.Signed,
		gate:      newGate(runtime.GOMAXPROCS(0)),
		private:   otter.Must(&otter.Options[keyID, *privateKey]{MaximumSize: maxCachedKeys}),
		public:    otter.Must(&otter.Options[keyID, *publicKey]{MaximumSize: maxCachedKeys}),
		templates: newClaimsTemplates(),
	}
	if s.engine == nil {
		untested := goEngine()
		s.engine = &untested
	}
	if s.signed == nil {
		s.signed = func(string, time.Duration) {}
	}
	return s
}

// Waiting is how many tokens wait for a core to be signed on.
func (s *Signer) Waiting() int { return int(s.gate.waiting.Load()) }

// Certificate returns the certificate of the tenant's current RSA key. Errors: tenant.ErrNotFound if there is none, or what
// the store returns.
func (s *Signer) Certificate(ctx context.Context, tenantName string) (Certificate, error) {
	set, err := s.store.SigningKeys(ctx, tenantName)
	if err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	key, ok := set.In(tenant.FamilyRSA, tenant.KeyCurrent)
	if !ok {
		return nil, fmt.Errorf("current signing key: %w", tenant.ErrNotFound)
	}
	return Certificate(key.Certificate), nil
}

// clock tells whole seconds that never run backwards, however the machine's clock is set: a resource server that saw one
// iat must not see an earlier one later.
type clock struct {
	now  func() time.Time
	last atomic.Int64
}

func (c *clock) seconds() int64 {
	now := c.now().Unix()
	for {
		last := c.last.Load()
		if now <= last {
			return last
		}
		if c.last.CompareAndSwap(last, now) {
			return now
		}
	}
}
