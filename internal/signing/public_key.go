package signing

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// The sizes of RSA keys that are taken from outside, in bits: Auth0's.
const (
	minRSABits = 2048
	maxRSABits = 4096
)

// ParseRSAPublicKey reads the key of the first PEM block of text: a certificate, or a public key alone (RFC 7468 sections 5 and 13;
// RFC 8017 appendix A.1.1). What it returns can encrypt and verify. Errors: it is none of them, no RSA key of 2048 to 4096 bits, or one
// that nothing can be done with (RFC 8017 section 3.1: the modulus is odd, the exponent odd and at least 3); the text says which.
func ParseRSAPublicKey(text string) (*rsa.PublicKey, error) {
	key, err := decodeRSAPublicKey(text)
	if err != nil {
		return nil, err
	}
	if bits := key.N.BitLen(); bits < minRSABits || bits > maxRSABits {
		return nil, fmt.Errorf("an RSA key of %d bits, want %d to %d", bits, minRSABits, maxRSABits)
	}
	if key.E < 3 || key.E%2 == 0 {
		return nil, fmt.Errorf("an RSA key with exponent %d, want an odd one of at least 3", key.E)
	}
	// What else the library refuses, it should refuse now, and not when a token is to be encrypted.
	if _, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, key, make([]byte, contentKeySize), nil); err != nil {
		return nil, fmt.Errorf("an RSA key that cannot encrypt: %w", err)
	}
	return key, nil
}

// decodeRSAPublicKey reads a key as ParseRSAPublicKey does, without judging it.
func decodeRSAPublicKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(strings.TrimSpace(text)))
	if block == nil {
		return nil, errors.New("not PEM")
	}
	public, err := publicKeyIn(block)
	if err != nil {
		return nil, err
	}
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a %T, want an RSA key", public)
	}
	return key, nil
}

func publicKeyIn(block *pem.Block) (crypto.PublicKey, error) {
	switch block.Type {
	case "CERTIFICATE":
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate: %w", err)
		}
		return cert.PublicKey, nil
	case "PUBLIC KEY":
		return x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		return x509.ParsePKCS1PublicKey(block.Bytes)
	}
	return nil, fmt.Errorf("a PEM block of type %q, want CERTIFICATE or PUBLIC KEY", block.Type)
}

// JWKThumbprint is the SHA-256 thumbprint of a key's JWK (RFC 7638 section 3), base64url.
func JWKThumbprint(key *rsa.PublicKey) string {
	e, n := rsaMembers(key)
	sum := sha256.Sum256([]byte(`{"e":"` + e + `","kty":"RSA","n":"` + n + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// rsaMembers are the e and n of a key's JWK (RFC 7518 section 6.3.1).
func rsaMembers(key *rsa.PublicKey) (e, n string) {
	return base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()), base64.RawURLEncoding.EncodeToString(key.N.Bytes())
}
