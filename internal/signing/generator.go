package signing

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// rsaBits is the size of an RSA key, Auth0's.
const rsaBits = 2048

// GeneratorConfig says how RSA keys are made. EC and OKP keys cost nothing worth configuring.
type GeneratorConfig struct {
	// Pool is how many RSA keys are kept ready by a goroutine. Default 0: each is made when it is asked for.
	Pool int
	// RSAKeys is where RSA keys come from. Default crypto/rsa; tests pass keys that were made once.
	// Called from several goroutines at once.
	RSAKeys func() (*rsa.PrivateKey, error)
}

// Generator makes signing keys. An RSA key takes hundreds of milliseconds, so a few can be made ahead. Safe for concurrent
// use. Close it if it has a pool.
type Generator struct {
	rsaKeys func() (*rsa.PrivateKey, error)
	pool    chan *rsa.PrivateKey
	stop    context.CancelFunc
	filling sync.WaitGroup
}

// NewGenerator returns a generator and begins to fill its pool.
func NewGenerator(cfg GeneratorConfig) *Generator {
	ctx, stop := context.WithCancel(context.Background())
	g := &Generator{rsaKeys: cfg.RSAKeys, pool: make(chan *rsa.PrivateKey, cfg.Pool), stop: stop}
	if g.rsaKeys == nil {
		g.rsaKeys = func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, rsaBits) }
	}
	if cfg.Pool > 0 {
		g.filling.Go(func() { g.fill(ctx) })
	}
	return g
}

// Close stops the filling of the pool and waits for the key that is being made. The generator still works afterwards.
func (g *Generator) Close() {
	g.stop()
	g.filling.Wait()
}

// fill keeps the pool full until ctx ends. A failure ends it too: whoever needs a key then makes it, and sees the error.
func (g *Generator) fill(ctx context.Context) {
	for ctx.Err() == nil {
		key, err := g.rsaKeys()
		if err != nil {
			return
		}
		select {
		case g.pool <- key:
		case <-ctx.Done():
		}
	}
}

// NewKey makes a key pair with its certificate, which names commonName: the tenant's canonical domain. A current key is so
// since now. Errors: ctx.Err, which is looked at before the work and not during it; an unknown family; no randomness.
func (g *Generator) NewKey(ctx context.Context, family tenant.KeyFamily, commonName string, state tenant.KeyState, now time.Time) (tenant.SigningKey, error) {
	pair, err := g.keyPair(ctx, family)
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("new %s key: %w", family, err)
	}
	cert, err := selfSigned(pair, commonName, now)
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("new %s key: %w", family, err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(pair)
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("new %s key: %w", family, err)
	}
	key := tenant.SigningKey{
		KID:         tenant.NewKID(),
		Family:      family,
		State:       state,
		Certificate: cert,
		PrivateKey:  tenant.Secret(base64.StdEncoding.EncodeToString(der)),
		CreatedAt:   now,
	}
	if state == tenant.KeyCurrent {
		key.CurrentSince = now
	}
	return key, nil
}

// NewFamily makes what a tenant needs of a family: the current key and the next. Errors: as NewKey.
func (g *Generator) NewFamily(ctx context.Context, family tenant.KeyFamily, commonName string, now time.Time) ([]tenant.SigningKey, error) {
	current, err := g.NewKey(ctx, family, commonName, tenant.KeyCurrent, now)
	if err != nil {
		return nil, err
	}
	next, err := g.NewKey(ctx, family, commonName, tenant.KeyNext, now)
	if err != nil {
		return nil, err
	}
	return []tenant.SigningKey{current, next}, nil
}

// NewNext makes a next key of every family, for Rotate. Call it before the transaction that rotates: RSA takes its time.
// Errors: as NewKey.
func (g *Generator) NewNext(ctx context.Context, commonName string, now time.Time) (map[tenant.KeyFamily]tenant.SigningKey, error) {
	fresh := make(map[tenant.KeyFamily]tenant.SigningKey)
	for _, family := range families() {
		key, err := g.NewKey(ctx, family, commonName, tenant.KeyNext, now)
		if err != nil {
			return nil, err
		}
		fresh[family] = key
	}
	return fresh, nil
}

func (g *Generator) keyPair(ctx context.Context, family tenant.KeyFamily) (crypto.Signer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch family {
	case tenant.FamilyRSA:
		select {
		case key := <-g.pool:
			return key, nil
		default:
			return g.rsaKeys()
		}
	case tenant.FamilyEC:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case tenant.FamilyOKP:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, fmt.Errorf("unknown key family %q", family)
}
