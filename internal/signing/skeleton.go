package signing

import (
	"context"
	"crypto/rsa"
	"errors"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

type Store interface {
	SigningKeys(ctx context.Context, tenantName string) (tenant.KeySet, error)
	AddSigningKeys(ctx context.Context, tenantName string, family tenant.KeyFamily, make func() ([]tenant.SigningKey, error)) error
}

var (
	ErrMalformed   = errors.New("malformed token")
	ErrSignature   = errors.New("invalid signature")
	ErrExpired     = errors.New("expired token")
	ErrNotYetValid = errors.New("token not valid yet")
)

type Claims struct {
	Issuer      string
	Subject     string
	Audience    []string
	IssuedAt    time.Time
	ExpiresAt   time.Time
	Scope       []string
	Permissions []string
	ClientID    string // azp, or client_id in the RFC 9068 profile
	JTI         string
}

func (c Claims) HasAudience(audience string) bool { panic("soon") }
func (c Claims) HasScope(scope string) bool       { panic("soon") }

type Signer struct{}

func New(store Store, gen *Generator, now func() time.Time) *Signer { panic("soon") }
func (s *Signer) AccessToken(ctx context.Context, auth *oauth.Authorization) (oauth.Token, error) {
	panic("soon")
}
func (s *Signer) Verify(ctx context.Context, tenantName, compact string) (Claims, error) {
	panic("soon")
}
func (s *Signer) JWKS(ctx context.Context, tenantName string) (JWKSet, error) { panic("soon") }

// Certificate is that of the current RSA key.
func (s *Signer) Certificate(ctx context.Context, tenantName string) (Certificate, error) {
	panic("soon")
}

type JWKSet struct {
	Keys []JWK `json:"keys"`
}
type JWK struct {
	Kty string   `json:"kty"`
	Use string   `json:"use"`
	N   string   `json:"n,omitzero"`
	E   string   `json:"e,omitzero"`
	Crv string   `json:"crv,omitzero"`
	X   string   `json:"x,omitzero"`
	Y   string   `json:"y,omitzero"`
	Kid string   `json:"kid"`
	X5T string   `json:"x5t"`
	X5C []string `json:"x5c"`
	Alg string   `json:"alg,omitzero"`
}

// GeneratorConfig: Pool RSA keys wait ready (0 = none, no goroutine); RSAKeys replaces crypto/rsa where it is not nil (tests: fixed keys).
type GeneratorConfig struct {
	Pool    int
	RSAKeys func() (*rsa.PrivateKey, error)
}
type Generator struct{}

func NewGenerator(cfg GeneratorConfig) *Generator { panic("soon") }
func (g *Generator) Close()                       { panic("soon") }
func (g *Generator) NewKey(ctx context.Context, family tenant.KeyFamily, commonName string, state tenant.KeyState, now time.Time) (tenant.SigningKey, error) {
	panic("soon")
}

// NewFamily makes the current and the next key of a family.
func (g *Generator) NewFamily(ctx context.Context, family tenant.KeyFamily, commonName string, now time.Time) ([]tenant.SigningKey, error) {
	panic("soon")
}

// NewNext makes one next key of every family, for Rotate: call it before the transaction, an RSA key takes long.
func (g *Generator) NewNext(ctx context.Context, commonName string, now time.Time) (map[tenant.KeyFamily]tenant.SigningKey, error) {
	panic("soon")
}

func Rotate(set tenant.KeySet, fresh map[tenant.KeyFamily]tenant.SigningKey, now time.Time) (changed, inserted []tenant.SigningKey, err error) {
	panic("soon")
}
func Revoke(set tenant.KeySet, kid string, now time.Time) (changed []tenant.SigningKey, err error) {
	panic("soon")
}
func LegacyCertificate(commonName string, now time.Time) (pem string, err error) { panic("soon") }

// Certificate is an X.509 certificate in DER with its printed forms: signing.Certificate(key.Certificate).PEM().
type Certificate []byte

func ParseCertificatePEM(text string) (Certificate, error) { panic("soon") }
func (c Certificate) PEM() string                          { panic("soon") } // lines end with \r\n
func (c Certificate) PKCS7() (string, error)               { panic("soon") } // PEM of a degenerate SignedData
func (c Certificate) Fingerprint() string                  { panic("soon") } // SHA-1, AA:BB:...
func (c Certificate) Thumbprint() string                   { panic("soon") } // SHA-1, hex
func (c Certificate) X5T() string                          { panic("soon") } // SHA-1, base64url
