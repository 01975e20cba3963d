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

// privateKey is a key ready to sign. Its signer is the engine's for RSA, and any other crypto.Signer would do as well.
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
	id := keyID{tenantName, key.KID}
	if parsed, ok := s.private.GetIfPresent(id); ok {
		return parsed, nil
	}
	return parseOnce(s.private, id, key, s.engine.parse)
}

// publicKey returns the parsed public half of key.
func (s *Signer) publicKey(tenantName string, key tenant.SigningKey) (*publicKey, error) {
	id := keyID{tenantName, key.KID}
	if parsed, ok := s.public.GetIfPresent(id); ok {
		return parsed, nil
	}
	return parseOnce(s.public, id, key, newPublicKey)
}

// parseOnce fills a cache; concurrent misses of one key parse it once. Parsing depends on no request, so none can cancel it
// for the others that wait.
func parseOnce[T any](cache *otter.Cache[keyID, T], id keyID, key tenant.SigningKey, parse func(tenant.SigningKey) (T, error)) (T, error) {
	return cache.Get(context.Background(), id, otter.LoaderFunc[keyID, T](func(context.Context, keyID) (T, error) {
		return parse(key)
	}))
}

// parse makes a key ready to sign with the engine. What the engine does not need of it is garbage afterwards.
func (e *Engine) parse(key tenant.SigningKey) (*privateKey, error) {
	der, err := base64.StdEncoding.DecodeString(key.PrivateKey.Reveal())
	if err != nil {
		// The decoder's error is left out: it would quote the key.
		return nil, fmt.Errorf("signing key %s: the private key is not base64", key.KID)
	}
	defer clear(der)
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("signing key %s: %w", key.KID, err)
	}
	signer, err := e.ready(parsed)
	if err != nil {
		return nil, fmt.Errorf("signing key %s, a %T: %w", key.KID, parsed, err)
	}
	if err := checkFamily(signer.Public(), key.Family); err != nil {
		return nil, fmt.Errorf("signing key %s: %w", key.KID, err)
	}
	headers := make(map[headerID]string)
	for _, alg := range Algs(key.Family) {
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
