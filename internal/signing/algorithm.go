package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"

	"github.com/writ-auth/writ/internal/tenant"
)

// coordinateSize is the length of r, of s, and of a coordinate on P-256 (RFC 7518 sections 3.4, 6.2.1.2).
const coordinateSize = 32

// pssOptions are PS256's: the salt is as long as the hash (RFC 7518 section 3.5).
func pssOptions() *rsa.PSSOptions {
	return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
}

// familyOf names the kind of key that an asymmetric alg needs.
func familyOf(alg string) (tenant.KeyFamily, bool) {
	switch alg {
	case tenant.RS256, tenant.PS256:
		return tenant.FamilyRSA, true
	case tenant.ES256:
		return tenant.FamilyEC, true
	case tenant.EdDSA:
		return tenant.FamilyOKP, true
	}
	return "", false
}

// Algs lists the algs that a family of keys may be used with.
func Algs(family tenant.KeyFamily) []string {
	switch family {
	case tenant.FamilyRSA:
		return []string{tenant.RS256, tenant.PS256}
	case tenant.FamilyEC:
		return []string{tenant.ES256}
	case tenant.FamilyOKP:
		return []string{tenant.EdDSA}
	}
	return nil
}

// checkFamily refuses a public key that is not of the family it is stored under, so that no alg ever meets a foreign key.
func checkFamily(public crypto.PublicKey, family tenant.KeyFamily) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if family == tenant.FamilyRSA && key.Size() >= rsaBits/8 {
			return nil
		}
	case *ecdsa.PublicKey:
		if family == tenant.FamilyEC && key.Curve == elliptic.P256() {
			return nil
		}
	case ed25519.PublicKey:
		if family == tenant.FamilyOKP {
			return nil
		}
	}
	return fmt.Errorf("a %T does not belong to the family %s", public, family)
}

// sign makes a JWS signature (RFC 7515 appendix A, RFC 8037 section 3.1) over input.
func sign(key crypto.Signer, alg string, input []byte) ([]byte, error) {
	if alg == tenant.EdDSA {
		return key.Sign(rand.Reader, input, crypto.Hash(0)) // Ed25519 hashes by itself
	}
	digest := sha256.Sum256(input)
	switch alg {
	case tenant.RS256:
		return key.Sign(rand.Reader, digest[:], crypto.SHA256)
	case tenant.PS256:
		return key.Sign(rand.Reader, digest[:], pssOptions())
	case tenant.ES256:
		der, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		if err != nil {
			return nil, err
		}
		return fixedECDSA(der)
	}
	return nil, fmt.Errorf("alg %q is not supported", alg)
}

// Tags of ASN.1.
const (
	tagInteger  = 0x02
	tagSequence = 0x30
)

// fixedECDSA turns the ASN.1 that a crypto.Signer returns into r and s at fixed length (RFC 7518 section 3.4). It reads DER
// by hand, in what a signature on P-256 needs of it, because encoding/asn1 and math/big would cost thirty allocations.
func fixedECDSA(der []byte) ([]byte, error) {
	sequence, rest, ok := derValue(der, tagSequence)
	r, afterR, okR := derValue(sequence, tagInteger)
	s, afterS, okS := derValue(afterR, tagInteger)
	if !ok || !okR || !okS || len(rest) > 0 || len(afterS) > 0 {
		return nil, errors.New("the signer returned a malformed ECDSA signature")
	}
	out := make([]byte, 2*coordinateSize)
	if !fixedInteger(out[:coordinateSize], r) || !fixedInteger(out[coordinateSize:], s) {
		return nil, errors.New("the signer returned an ECDSA signature out of range")
	}
	return out, nil
}

// derValue splits b behind its first value, which must have the tag and a length in one byte.
func derValue(b []byte, tag byte) (value, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag || b[1] >= 0x80 || int(b[1]) > len(b)-2 {
		return nil, nil, false
	}
	end := 2 + int(b[1])
	return b[2:end], b[end:], true
}

// fixedInteger right-aligns a DER integer in out, which is all zero. It reports false if the integer is not in its shortest form,
// not positive, or too large.
func fixedInteger(out, integer []byte) bool {
	if len(integer) == 0 || integer[0] >= 0x80 {
		return false
	}
	if integer[0] == 0 {
		if integer = integer[1:]; len(integer) == 0 || integer[0] < 0x80 {
			return false
		}
	}
	if len(integer) > len(out) {
		return false
	}
	copy(out[len(out)-len(integer):], integer)
	return true
}

// verify reports whether signature is alg's over input. The alg must be one of the key's own; anything else is false.
func verify(public crypto.PublicKey, alg string, input, signature []byte) bool {
	digest := sha256.Sum256(input)
	switch key := public.(type) {
	case *rsa.PublicKey:
		switch alg {
		case tenant.RS256:
			return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
		case tenant.PS256:
			return rsa.VerifyPSS(key, crypto.SHA256, digest[:], signature, pssOptions()) == nil
		}
	case *ecdsa.PublicKey:
		if alg != tenant.ES256 || len(signature) != 2*coordinateSize {
			return false
		}
		r := new(big.Int).SetBytes(signature[:coordinateSize])
		s := new(big.Int).SetBytes(signature[coordinateSize:])
		return ecdsa.Verify(key, digest[:], r, s)
	case ed25519.PublicKey:
		return alg == tenant.EdDSA && ed25519.Verify(key, input, signature)
	}
	return false
}
