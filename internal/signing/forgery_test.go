package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

func swapCase(s string) string {
	if lower := strings.ToLower(s); lower != s {
		return lower
	}
	return strings.ToUpper(s)
}

func TestVerifyJudgesTheCompactForm(t *testing.T) {
	f := newFixture(t)
	good := issue(t, f, nil).Value.Reveal()
	parts := strings.Split(good, ".")
	tests := []struct {
		name, token string
		want        error
	}{
		{"empty", "", ErrMalformed},
		{"opaque", "opaque-token", ErrMalformed},
		{"two parts", parts[0] + "." + parts[1], ErrMalformed},
		{"no signature", parts[0] + "." + parts[1] + ".", ErrMalformed},
		{"no payload", parts[0] + ".." + parts[2], ErrMalformed},
		{"four parts", good + ".AAAA", ErrMalformed},
		{"five parts, a JWE", good + ".AAAA.AAAA", ErrMalformed},
		{"only dots", "..", ErrMalformed},
		{"padding", good + "=", ErrMalformed},
		{"line end inside, which Go's decoder skips", good[:len(good)-4] + "\n" + good[len(good)-4:], ErrMalformed},
		{"line end after", good + "\r\n", ErrMalformed},
		{"space before", " " + good, ErrMalformed},
		{"bits after the last byte, which Go's decoder ignores", good[:len(good)-1] + nextLetter(good[len(good)-1]), ErrMalformed},
		{"standard alphabet", parts[0] + "." + parts[1] + ".++++", ErrMalformed},
		{"too long", good + strings.Repeat("A", maxTokenSize), ErrMalformed},
		{"signature of another token", parts[0] + "." + parts[1] + "." + strings.Split(issue(t, f, func(a *oauth.Authorization) { a.Audience = "b" }).Value.Reveal(), ".")[2], ErrSignature},
		{"payload of another token", parts[0] + "." + b64(claimsJSON()) + "." + parts[2], ErrSignature},
		{"signature empty in base64 terms", parts[0] + "." + parts[1] + ".AA", ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := f.Verify(t.Context(), testTenant, tt.token)
			checkRefusal(t, claims, err, tt.want)
		})
	}
}

// nextLetter follows c in the base64url alphabet: in a last character it sets a bit that belongs to no byte.
func nextLetter(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, c)|1])
}

// A token is valid whole or not at all: no prefix, no flipped bit, no changed case.
func TestVerifyRefusesEveryMutation(t *testing.T) {
	f := newFixture(t)
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		good := issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg }).Value.Reveal()
		refused := func(what string, i int, token string) {
			if _, err := f.Verify(t.Context(), testTenant, token); !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrSignature) {
				t.Errorf("%s, %s at %d: err %v", alg, what, i, err)
			}
		}
		for i := range len(good) {
			refused("prefix", i, good[:i])
			refused("bit flipped", i, good[:i]+string(good[i]^1)+good[i+1:])
			if swapped := good[i] ^ 0x20; 'A' <= good[i]&^0x20 && good[i]&^0x20 <= 'Z' {
				refused("case", i, good[:i]+string(swapped)+good[i+1:])
			}
		}
	}
}

// The classic confusions: the public key as an HMAC secret, and a signature by somebody else's key under our kid.
func TestVerifyRefusesForeignKeys(t *testing.T) {
	f := newFixture(t)
	issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = tenant.ES256 }) // makes the EC family
	rsaKey, ecKey := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent), f.key(t, tenant.FamilyEC, tenant.KeyCurrent)
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(alg, kid string, sign func(input []byte) []byte) string {
		input := b64(`{"alg":"`+alg+`","kid":"`+kid+`"}`) + "." + b64(claimsJSON())
		return input + "." + b64(string(sign([]byte(input))))
	}
	withHMAC := func(secret []byte) func([]byte) []byte {
		return func(input []byte) []byte {
			mac := hmac.New(sha256.New, secret)
			mac.Write(input)
			return mac.Sum(nil)
		}
	}
	own := func(key tenant.SigningKey) crypto.Signer {
		parsed, err := newPrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return parsed.signer
	}
	cert, err := x509.ParseCertificate(rsaKey.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: cert.RawSubjectPublicKeyInfo})
	tests := map[string]string{
		"HS256 with the public key in PEM":       signed("HS256", rsaKey.KID, withHMAC(publicPEM)),
		"HS256 with the public key in DER":       signed("HS256", rsaKey.KID, withHMAC(cert.RawSubjectPublicKeyInfo)),
		"HS256 with the certificate in PEM":      signed("HS256", rsaKey.KID, withHMAC([]byte(Certificate(rsaKey.Certificate).PEM()))),
		"RS256 claimed for an HMAC":              signed("RS256", rsaKey.KID, withHMAC(publicPEM)),
		"RS256 under an EC key's kid":            forge(t, f, tenant.FamilyRSA, tenant.RS256, `{"alg":"RS256","kid":"`+ecKey.KID+`"}`, claimsJSON()),
		"ES256 under an RSA key's kid":           forge(t, f, tenant.FamilyEC, tenant.ES256, `{"alg":"ES256","kid":"`+rsaKey.KID+`"}`, claimsJSON()),
		"ES256 that calls itself RS256":          forge(t, f, tenant.FamilyEC, tenant.ES256, `{"alg":"RS256","kid":"`+ecKey.KID+`"}`, claimsJSON()),
		"ES256 that calls itself HS256":          forge(t, f, tenant.FamilyEC, tenant.ES256, `{"alg":"HS256","kid":"`+ecKey.KID+`"}`, claimsJSON()),
		"ES256 that calls itself none":           forge(t, f, tenant.FamilyEC, tenant.ES256, `{"alg":"none","kid":"`+ecKey.KID+`"}`, claimsJSON()),
		"ES256 of another key":                   signed("ES256", ecKey.KID, func(in []byte) []byte { return rawECDSA(t, foreign, in) }),
		"ES256 with r = s = 0 (CVE-2022-21449)":  signed("ES256", ecKey.KID, func([]byte) []byte { return make([]byte, 64) }),
		"ES256 in ASN.1 (RFC 7518 section 3.4)":  signed("ES256", ecKey.KID, func(in []byte) []byte { return asn1ECDSA(t, own(ecKey), in) }),
		"ES256 with a byte after r and s":        signed("ES256", ecKey.KID, func(in []byte) []byte { return append(rawECDSA(t, own(ecKey), in), 0) }),
		"PS256 with a salt of another length":    signed("PS256", rsaKey.KID, func(in []byte) []byte { return shortSalt(t, own(rsaKey), in) }),
		"ES256 with r and s of the curve's size": signed("ES256", ecKey.KID, func([]byte) []byte { return orderTwice() }),
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			claims, err := f.Verify(t.Context(), testTenant, token)
			checkRefusal(t, claims, err, ErrSignature)
		})
	}
}

func rawECDSA(t *testing.T, key crypto.Signer, input []byte) []byte {
	t.Helper()
	raw, err := sign(key, tenant.ES256, input)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// shortSalt is a PSS signature whose salt is not as long as the hash (RFC 7518 section 3.5).
func shortSalt(t *testing.T, key crypto.Signer, input []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(input)
	raw, err := key.Sign(rand.Reader, digest[:], &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func asn1ECDSA(t *testing.T, key crypto.Signer, input []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(input)
	der, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// orderTwice is r = s = the order of P-256, which is congruent to 0.
func orderTwice() []byte {
	order := new(big.Int).Set(elliptic.P256().Params().N).FillBytes(make([]byte, 32))
	return append(order, order...)
}

func FuzzVerify(f *testing.F) {
	fix := newFixture(f)
	good := issue(f, fix, nil).Value.Reveal()
	for _, seed := range []string{good, "", "..", "a.b.c", good + ".", strings.ToUpper(good),
		b64(`{"alg":"none","kid":"k"}`) + "." + b64(claimsJSON()) + ".AA"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := fix.Verify(t.Context(), testTenant, token)
		if err == nil && token != good {
			t.Fatalf("a forged token was accepted: %q", token)
		}
		if err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrSignature) {
			t.Fatalf("err %v", err)
		}
		if err != nil && claims.Subject != "" {
			t.Fatal("a refused token gave claims")
		}
	})
}
