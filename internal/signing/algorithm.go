package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
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
	}
	return "", false
}

// algsOf lists the algs that a family of keys may be used with.
func algsOf(family tenant.KeyFamily) []string {
	switch family {
	case tenant.FamilyRSA:
		return []string{tenant.RS256, tenant.PS256}
	case tenant.FamilyEC:
		return []string{tenant.ES256}
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
	}
	return fmt.Errorf("a %T does not belong to the family %s", public, family)
}

// sign makes a JWS signature (RFC 7515 appendix A) over input.
func sign(key crypto.Signer, alg string, input []byte) ([]byte, error) {
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

// fixedECDSA turns the ASN.1 that a crypto.Signer returns into r and s at fixed length (RFC 7518 section 3.4).
func fixedECDSA(der []byte) ([]byte, error) {
	var sig struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &sig)
	if err != nil || len(rest) > 0 {
		return nil, errors.New("the signer returned a malformed ECDSA signature")
	}
	if sig.R.Sign() <= 0 || sig.S.Sign() <= 0 || sig.R.BitLen() > coordinateSize*8 || sig.S.BitLen() > coordinateSize*8 {
		return nil, errors.New("the signer returned an ECDSA signature out of range")
	}
	out := make([]byte, 2*coordinateSize)
	sig.R.FillBytes(out[:coordinateSize])
	sig.S.FillBytes(out[coordinateSize:])
	return out, nil
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
	}
	return false
}
