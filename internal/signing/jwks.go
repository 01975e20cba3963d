package signing

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"

	"github.com/writ-auth/writ/internal/tenant"
)

// JWKSet is a JWK Set (RFC 7517 section 5).
type JWKSet struct {
	Keys []JWK `json:"keys"`
}

// JWK is a public key (RFC 7517 section 4) in Auth0's order: kty use n e kid x5t x5c alg; an EC key has crv x y for n e,
// an OKP key crv x.
type JWK struct {
	Kty string `json:"kty"`
	Use string `json:"use"`
	// N and E are an RSA key's (RFC 7518 section 6.3.1).
	N string `json:"n,omitzero"`
	E string `json:"e,omitzero"`
	// Crv, X and Y are an EC key's (RFC 7518 section 6.2.1); Crv and X an OKP key's (RFC 8037 section 2).
	Crv string `json:"crv,omitzero"`
	X   string `json:"x,omitzero"`
	Y   string `json:"y,omitzero"`
	Kid string `json:"kid"`
	// X5T is the certificate's SHA-1, base64url.
	X5T string `json:"x5t"`
	// X5C is the certificate, base64 of the DER.
	X5C []string `json:"x5c"`
	// Alg is RS256, ES256 or EdDSA. An RSA key signs PS256 too, as at Auth0.
	Alg string `json:"alg,omitzero"`
}

// JWKS returns what the tenant publishes: of every family, RSA first, the current key, the next, and the previous ones until
// they are revoked. The result is the caller's, but for its X5C slices. Errors: what the store returns.
func (s *Signer) JWKS(ctx context.Context, tenantName string) (JWKSet, error) {
	set, err := s.store.SigningKeys(ctx, tenantName)
	if err != nil {
		return JWKSet{}, fmt.Errorf("signing keys: %w", err)
	}
	out := JWKSet{Keys: make([]JWK, 0, len(set))}
	for _, family := range families() {
		for _, state := range []tenant.KeyState{tenant.KeyCurrent, tenant.KeyNext, tenant.KeyPrevious} {
			for _, key := range set {
				if key.Family != family || key.State != state {
					continue
				}
				public, err := s.publicKey(tenantName, key)
				if err != nil {
					return JWKSet{}, err
				}
				out.Keys = append(out.Keys, public.jwk)
			}
		}
	}
	return out, nil
}

func newJWK(kid string, cert *x509.Certificate) (JWK, error) {
	jwk := JWK{
		Use: "sig",
		Kid: kid,
		X5T: Certificate(cert.Raw).X5T(),
		X5C: []string{base64.StdEncoding.EncodeToString(cert.Raw)},
	}
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		jwk.Kty, jwk.Alg = "RSA", tenant.RS256
		jwk.E, jwk.N = rsaMembers(key)
	case *ecdsa.PublicKey:
		point, err := key.Bytes() // 4, x, y
		if err != nil {
			return JWK{}, err
		}
		jwk.Kty, jwk.Crv, jwk.Alg = "EC", "P-256", tenant.ES256
		jwk.X = base64.RawURLEncoding.EncodeToString(point[1 : 1+coordinateSize])
		jwk.Y = base64.RawURLEncoding.EncodeToString(point[1+coordinateSize:])
	case ed25519.PublicKey:
		jwk.Kty, jwk.Crv, jwk.Alg = "OKP", "Ed25519", tenant.EdDSA
		jwk.X = base64.RawURLEncoding.EncodeToString(key)
	default:
		return JWK{}, fmt.Errorf("a %T has no JWK form here", cert.PublicKey)
	}
	return jwk, nil
}

// families lists every kind of key, in the order they are published.
func families() []tenant.KeyFamily {
	return []tenant.KeyFamily{tenant.FamilyRSA, tenant.FamilyEC, tenant.FamilyOKP}
}
