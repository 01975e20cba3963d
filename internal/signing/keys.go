package signing

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"fmt"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/tenant"
)

// keyID is a kid with its tenant: a kid alone is unique in one tenant only.
type keyID struct{ tenant, kid string }

// privateKey is a key ready to sign. Its signer is any crypto.Signer, so that another implementation of RSA, or one that
// signs in batches, takes the place of Go's in newPrivateKey and nowhere else.
type privateKey struct {
	signer  crypto.Signer
	headers map[headerID]string
}

// headerID is what a protected header depends on beside the kid.
type headerID struct{ alg, typ string }

// publicKey is a key ready to verify, and as it is published.
type publicKey struct {
	key crypto.PublicKey
	jwk JWK
}

// privateKey returns the parsed private half of key.
func (s *Signer) privateKey(tenantName string, key tenant.SigningKey) (*privateKey, error) {
	return cached(s.private, keyID{tenantName, key.KID}, key, newPrivateKey)
}

// publicKey returns the parsed public half of key.
func (s *Signer) publicKey(tenantName string, key tenant.SigningKey) (*publicKey, error) {
	return cached(s.public, keyID{tenantName, key.KID}, key, newPublicKey)
}

// cached looks an entry up; concurrent misses of one key parse it once. Parsing depends on no request, so none can cancel it
// for the others that wait.
func cached[T any](cache *otter.Cache[keyID, T], id keyID, key tenant.SigningKey, parse func(tenant.SigningKey) (T, error)) (T, error) {
	if parsed, ok := cache.GetIfPresent(id); ok {
		return parsed, nil
	}
	return cache.Get(context.Background(), id, otter.LoaderFunc[keyID, T](func(context.Context, keyID) (T, error) {
		return parse(key)
	}))
}

func newPrivateKey(key tenant.SigningKey) (*privateKey, error) {
	der, err := base64.StdEncoding.DecodeString(key.PrivateKey.Reveal())
	if err != nil {
		// The decoder's error is left out: it would quote the key.
		return nil, fmt.Errorf("signing key %s: the private key is not base64", key.KID)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("signing key %s: %w", key.KID, err)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("signing key %s: a %T cannot sign", key.KID, parsed)
	}
	if err := checkFamily(signer.Public(), key.Family); err != nil {
		return nil, fmt.Errorf("signing key %s: %w", key.KID, err)
	}
	headers := make(map[headerID]string)
	for _, alg := range algsOf(key.Family) {
		for _, typ := range []string{typJWT, typAccessToken} {
			headers[headerID{alg, typ}] = encodeHeader(alg, typ, key.KID)
		}
	}
	return &privateKey{signer: signer, headers: headers}, nil
}

func newPublicKey(key tenant.SigningKey) (*publicKey, error) {
	cert, err := x509.ParseCertificate(key.Certificate)
	if err != nil {
		return nil, fmt.Errorf("certificate of signing key %s: %w", key.KID, err)
	}
	if err := checkFamily(cert.PublicKey, key.Family); err != nil {
		return nil, fmt.Errorf("certificate of signing key %s: %w", key.KID, err)
	}
	jwk, err := newJWK(key.KID, cert)
	if err != nil {
		return nil, fmt.Errorf("certificate of signing key %s: %w", key.KID, err)
	}
	return &publicKey{key: cert.PublicKey, jwk: jwk}, nil
}
