package signing

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/oauth"
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

// Signer signs and verifies access tokens. Safe for concurrent use; it owns no goroutine.
type Signer struct {
	store     Store
	generator *Generator
	clock     clock
	// slots has one place per core: more RSA signatures at once finish no sooner, and all of them later.
	slots chan struct{}
	// private and public hold parsed keys by tenant and kid, because parsing costs milliseconds. What a key may be used
	// for is never read from them but from the store's snapshot.
	private *otter.Cache[keyID, *privateKey]
	public  *otter.Cache[keyID, *publicKey]
	buffers sync.Pool // of *buffers
}

// New returns a signer over the keys of store. The generator makes a family of keys when it is first used.
func New(store Store, generator *Generator, now func() time.Time) *Signer {
	return &Signer{
		store:     store,
		generator: generator,
		clock:     clock{now: now},
		slots:     make(chan struct{}, runtime.GOMAXPROCS(0)),
		private:   otter.Must(&otter.Options[keyID, *privateKey]{MaximumSize: maxCachedKeys}),
		public:    otter.Must(&otter.Options[keyID, *publicKey]{MaximumSize: maxCachedKeys}),
		buffers:   sync.Pool{New: func() any { return new(buffers) }},
	}
}

// AccessToken signs the access token of an authorization: header, claims and their order as the resource server's dialect
// and signing_alg say. The iss is that of the domain called. Errors: what the store returns, wrapped; ctx.Err while waiting
// for a core.
func (s *Signer) AccessToken(ctx context.Context, auth *oauth.Authorization) (oauth.Token, error) {
	with, err := s.signature(ctx, auth)
	if err != nil {
		return oauth.Token{}, fmt.Errorf("access token for %s: %w", auth.Audience, err)
	}
	claims := newAccessTokenClaims(auth, s.clock.seconds())
	buf := s.buffers.Get().(*buffers)
	defer s.buffers.Put(buf)
	buf.payload = claims.append(buf.payload[:0])
	compact, err := buf.compact(ctx, with, claims.typ())
	if err != nil {
		return oauth.Token{}, fmt.Errorf("access token for %s: %w", auth.Audience, err)
	}
	return oauth.Token{Value: tenant.Secret(compact), JTI: claims.jti, ExpiresIn: auth.ResourceServer.TokenLifetime}, nil
}

// signature finds what the resource server's tokens are signed with.
func (s *Signer) signature(ctx context.Context, auth *oauth.Authorization) (signature, error) {
	rs := auth.ResourceServer
	if rs.SigningAlg == tenant.HS256 {
		if rs.SigningSecret == "" {
			return nil, errors.New("HS256 without a signing_secret")
		}
		return hmacSignature(rs.SigningSecret.Reveal()), nil
	}
	alg := rs.SigningAlg
	if alg == "" {
		alg = tenant.RS256
	}
	family, ok := familyOf(alg)
	if !ok {
		return nil, fmt.Errorf("signing_alg %q is not supported", alg)
	}
	key, err := s.current(ctx, auth.Call.Site, family)
	if err != nil {
		return nil, err
	}
	parsed, err := s.privateKey(auth.Call.Tenant, key)
	if err != nil {
		return nil, err
	}
	return &keySignature{slots: s.slots, alg: alg, key: parsed}, nil
}

// current returns the family's current key. A family other than RSA is made at its first use.
func (s *Signer) current(ctx context.Context, site tenant.Site, family tenant.KeyFamily) (tenant.SigningKey, error) {
	set, err := s.store.SigningKeys(ctx, site.Tenant)
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("signing keys: %w", err)
	}
	key, ok := set.In(family, tenant.KeyCurrent)
	if ok {
		return key, nil
	}
	if family == tenant.FamilyRSA {
		return tenant.SigningKey{}, fmt.Errorf("tenant %s has no current %s key", site.Tenant, family)
	}
	err = s.store.AddSigningKeys(ctx, site.Tenant, family, func() ([]tenant.SigningKey, error) {
		return s.generator.NewFamily(ctx, family, site.Canonical, s.clock.now())
	})
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("add %s keys: %w", family, err)
	}
	if set, err = s.store.SigningKeys(ctx, site.Tenant); err != nil {
		return tenant.SigningKey{}, fmt.Errorf("signing keys: %w", err)
	}
	if key, ok = set.In(family, tenant.KeyCurrent); !ok {
		return tenant.SigningKey{}, fmt.Errorf("tenant %s has no current %s key after adding the family", site.Tenant, family)
	}
	return key, nil
}

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
