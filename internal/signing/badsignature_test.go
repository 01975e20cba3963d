package signing

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// The cases of this file are those that Project Wycheproof and the history of JOSE libraries teach. Each is a whole token, with a
// header and claims that are in order, so that the signature alone can be the reason.

// badSignature makes something of a key and the signing input that must not pass for a signature.
type badSignature func(t *testing.T, key any, input []byte) []byte

// refuseAll signs with a key in each of the ways and wants every token refused, and a right one accepted.
func refuseAll(t *testing.T, alg string, cases map[string]badSignature) {
	t.Helper()
	f := newFixture(t)
	good := issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg }).Value.Reveal()
	if _, err := f.Verify(t.Context(), testTenant, good); err != nil {
		t.Fatalf("a right token is refused: %v", err)
	}
	family, _ := familyOf(alg)
	stored := f.key(t, family, tenant.KeyCurrent)
	key, err := newPrivateKey(stored)
	if err != nil {
		t.Fatal(err)
	}
	input := b64(`{"alg":"`+alg+`","kid":"`+stored.KID+`"}`) + "." + b64(claimsJSON())
	right, err := sign(key.signer, alg, []byte(input))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Verify(t.Context(), testTenant, input+"."+b64(string(right))); err != nil {
		t.Fatalf("the frame of the cases is wrong: %v", err)
	}
	for name, bad := range cases {
		t.Run(name, func(t *testing.T) {
			claims, err := f.Verify(t.Context(), testTenant, input+"."+b64(string(bad(t, key.signer, []byte(input)))))
			checkRefusal(t, claims, err, ErrSignature)
		})
	}
}

// ofRight changes a right signature.
func ofRight(alg string, change func(sig []byte) []byte) badSignature {
	return func(t *testing.T, key any, input []byte) []byte {
		t.Helper()
		sig, err := sign(key.(crypto.Signer), alg, input)
		if err != nil {
			t.Fatal(err)
		}
		return change(sig)
	}
}

// constant is the same whatever is signed.
func constant(sig []byte) badSignature { return func(*testing.T, any, []byte) []byte { return sig } }

func TestVerifyRefusesBadES256(t *testing.T) {
	n := elliptic.P256().Params().N
	one, size := big.NewInt(1), coordinateSize
	pair := func(r, s *big.Int) []byte {
		return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
	}
	edges := map[string]*big.Int{"0": new(big.Int), "1": one, "n-1": new(big.Int).Sub(n, one), "n": n, "n+1": new(big.Int).Add(n, one),
		"p": elliptic.P256().Params().P, "2^256-1": new(big.Int).Sub(new(big.Int).Lsh(one, 256), one)}
	cases := map[string]badSignature{
		"r alone":              ofRight(tenant.ES256, func(sig []byte) []byte { return sig[:size] }),
		"a byte missing":       ofRight(tenant.ES256, func(sig []byte) []byte { return sig[:2*size-1] }),
		"a zero before":        ofRight(tenant.ES256, func(sig []byte) []byte { return append([]byte{0}, sig...) }),
		"a zero after":         ofRight(tenant.ES256, func(sig []byte) []byte { return append(sig, 0) }),
		"twice":                ofRight(tenant.ES256, func(sig []byte) []byte { return append(sig, sig...) }),
		"r and s at 33 bytes":  ofRight(tenant.ES256, func(sig []byte) []byte { return slices.Concat([]byte{0}, sig[:size], []byte{0}, sig[size:]) }),
		"s at 33 bytes":        ofRight(tenant.ES256, func(sig []byte) []byte { return slices.Concat(sig[:size], []byte{0}, sig[size:]) }),
		"r at 31 bytes":        ofRight(tenant.ES256, func(sig []byte) []byte { return sig[1:] }),
		"s before r":           ofRight(tenant.ES256, func(sig []byte) []byte { return append(sig[size:], sig[:size]...) }),
		"little-endian":        ofRight(tenant.ES256, func(sig []byte) []byte { slices.Reverse(sig[:size]); slices.Reverse(sig[size:]); return sig }),
		"one byte":             constant([]byte{0}),
		"1,000 zeros":          constant(make([]byte, 1000)),
		"over SHA-512":         ecdsaOver(func(in []byte) []byte { d := sha512.Sum512(in); return d[:] }),
		"over the input as is": ecdsaOver(func(in []byte) []byte { return in }),
	}
	for rName, r := range edges {
		for sName, s := range edges {
			cases["r = "+rName+", s = "+sName] = constant(pair(r, s))
		}
		cases["the right r, s = "+rName] = ofRight(tenant.ES256, func(sig []byte) []byte { return slices.Concat(sig[:size], r.FillBytes(make([]byte, size))) })
		cases["the right s, r = "+rName] = ofRight(tenant.ES256, func(sig []byte) []byte { return slices.Concat(r.FillBytes(make([]byte, size)), sig[size:]) })
	}
	refuseAll(t, tenant.ES256, cases)
}

// ecdsaOver signs what hash makes of the input, in the right form.
func ecdsaOver(hash func([]byte) []byte) badSignature {
	return func(t *testing.T, key any, input []byte) []byte {
		t.Helper()
		der, err := ecdsa.SignASN1(rand.Reader, key.(*ecdsa.PrivateKey), hash(input))
		if err != nil {
			t.Fatal(err)
		}
		sig, err := fixedECDSA(der)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
}

func TestVerifyRefusesBadEdDSA(t *testing.T) {
	// The order of the base point, little-endian (RFC 8032 section 5.1): s + L is congruent to s, and must be refused.
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	plusOrder := func(sig []byte) []byte {
		s := slices.Clone(sig[32:])
		slices.Reverse(s)
		sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
		slices.Reverse(sum)
		return append(sig[:32:32], sum...)
	}
	identity := append([]byte{1}, make([]byte, 31)...) // the neutral element: of small order
	refuseAll(t, tenant.EdDSA, map[string]badSignature{
		"s + L (RFC 8032 section 5.1.7)":   ofRight(tenant.EdDSA, plusOrder),
		"R alone":                          ofRight(tenant.EdDSA, func(sig []byte) []byte { return sig[:32] }),
		"a byte missing":                   ofRight(tenant.EdDSA, func(sig []byte) []byte { return sig[:63] }),
		"a zero after":                     ofRight(tenant.EdDSA, func(sig []byte) []byte { return append(sig, 0) }),
		"a zero before":                    ofRight(tenant.EdDSA, func(sig []byte) []byte { return append([]byte{0}, sig...) }),
		"s = 0":                            ofRight(tenant.EdDSA, func(sig []byte) []byte { return append(sig[:32:32], make([]byte, 32)...) }),
		"R = 0":                            ofRight(tenant.EdDSA, func(sig []byte) []byte { return append(make([]byte, 32), sig[32:]...) }),
		"R of small order, s = 0":          constant(append(identity, make([]byte, 32)...)),
		"the sign bit of R flipped":        ofRight(tenant.EdDSA, func(sig []byte) []byte { sig[31] ^= 0x80; return sig }),
		"the highest bits of s set":        ofRight(tenant.EdDSA, func(sig []byte) []byte { sig[63] |= 0xE0; return sig }),
		"all zero":                         constant(make([]byte, 64)),
		"all ones":                         constant(bytes.Repeat([]byte{0xFF}, 64)),
		"one byte":                         constant([]byte{0}),
		"Ed25519ph (RFC 8032 section 5.1)": prehashed,
		"over the SHA-256 of the input": func(t *testing.T, key any, input []byte) []byte {
			d := sha256.Sum256(input)
			return ed25519.Sign(key.(ed25519.PrivateKey), d[:])
		},
	})
}

func prehashed(t *testing.T, key any, input []byte) []byte {
	t.Helper()
	digest := sha512.Sum512(input)
	sig, err := key.(ed25519.PrivateKey).Sign(nil, digest[:], crypto.SHA512)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// Every alg under every family's kid, signed with the right key of that alg: the key decides, not the header.
func TestVerifyRefusesEveryAlgUnderAForeignKid(t *testing.T) {
	f := newFixture(t)
	everyFamily(t, f)
	algs := []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA}
	for _, signedAs := range algs {
		from, _ := familyOf(signedAs)
		for _, claimed := range append([]string{"none", "NONE", "", "HS256", "RS384", "RS512", "PS384", "ES384", "ES256K", "Ed25519", "eddsa"}, algs...) {
			for _, family := range families() {
				if family == from && claimed == signedAs {
					continue
				}
				kid := f.key(t, family, tenant.KeyCurrent).KID
				token := forge(t, f, from, signedAs, `{"alg":"`+claimed+`","kid":"`+kid+`"}`, claimsJSON())
				want := ErrSignature
				if claimed == "" {
					want = ErrMalformed
				}
				claims, err := f.Verify(t.Context(), testTenant, token)
				if checkRefusal(t, claims, err, want); t.Failed() {
					t.Fatalf("signed as %s, claimed %q under the %s kid", signedAs, claimed, family)
				}
			}
		}
	}
}

// A key that was revoked verifies nothing, though it is still in the cache of parsed keys; that its token has expired too
// changes nothing about why.
func TestVerifyRefusesRevokedKeysOfEveryFamily(t *testing.T) {
	f := newFixture(t)
	everyFamily(t, f)
	tokens := map[string]string{}
	for _, alg := range []string{tenant.RS256, tenant.ES256, tenant.EdDSA} {
		tokens[alg] = issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg, a.ResourceServer.TokenLifetime = alg, 60 }).Value.Reveal()
	}
	kid := f.key(t, tenant.FamilyOKP, tenant.KeyCurrent).KID
	f.rotate(t)
	for alg, token := range tokens {
		if _, err := f.Verify(t.Context(), testTenant, token); err != nil {
			t.Errorf("%s after a rotation: %v", alg, err)
		}
	}
	changed, err := Revoke(f.store.sets[testTenant], kid, f.now)
	if err != nil {
		t.Fatal(err)
	}
	f.store.apply(testTenant, changed, nil)
	for range 2 {
		for _, token := range tokens {
			claims, err := f.Verify(t.Context(), testTenant, token)
			checkRefusal(t, claims, err, ErrSignature)
		}
		f.now = f.now.Add(time.Hour) // now they have expired as well
	}
}

// Keys brought along in the header, each with a signature by that key, are not looked at.
func TestVerifyIgnoresKeysInTheHeader(t *testing.T) {
	f := newFixture(t)
	_, own, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	everyFamily(t, f)
	kid := f.key(t, tenant.FamilyOKP, tenant.KeyCurrent).KID
	cert, err := selfSigned(own, "evil.example", testStart)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := newJWK(kid, parsed)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{`"jwk":{"kty":"OKP","crv":"Ed25519","x":"` + jwk.X + `"}`, `"x5c":["` + jwk.X5C[0] + `"]`,
		`"jku":"https://evil.example/jwks.json"`, `"x5u":"https://evil.example/cert.pem"`} {
		input := b64(`{"alg":"EdDSA",`+member+`,"kid":"`+kid+`"}`) + "." + b64(claimsJSON())
		claims, err := f.Verify(t.Context(), testTenant, input+"."+b64(string(ed25519.Sign(own, []byte(input)))))
		checkRefusal(t, claims, err, ErrSignature)
	}
}

// A header may be as long as a token may, and no work is done on a longer one.
func TestVerifyBoundsTheHeader(t *testing.T) {
	f := newFixture(t)
	kid := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	for name, header := range map[string]string{
		"a huge member":     `{"alg":"RS256","kid":"` + kid + `","x":"` + strings.Repeat("x", maxTokenSize) + `"}`,
		"a huge kid":        `{"alg":"RS256","kid":"` + strings.Repeat("k", maxTokenSize) + `"}`,
		"too deep for JSON": `{"alg":"RS256","kid":"` + kid + `","x":` + strings.Repeat("[", 11000) + strings.Repeat("]", 11000) + `}`,
		"many members":      `{` + strings.Repeat(`"a":1,`, 2000) + `"alg":"RS256","kid":"` + kid + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := f.Verify(t.Context(), testTenant, forge(t, f, tenant.FamilyRSA, tenant.RS256, header, claimsJSON()))
			checkRefusal(t, claims, err, ErrMalformed)
		})
	}
}
