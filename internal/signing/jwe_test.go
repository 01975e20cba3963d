package signing

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// An API with token_encryption gets what it would get without, inside a JWE that it alone opens; a library of others opens it too.
func TestTokensAreEncryptedForTheirAPI(t *testing.T) {
	f, private := newFixture(t), testRSAKey(t, 4)
	for _, c := range []struct{ rule, alg, kid, header string }{
		{"RSA-OAEP-256", "RSA-OAEP-256", "", `{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}`},
		{"a kid is in the header", "RSA-OAEP-256", `a "kid"`, `{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT","kid":"a \"kid\""}`},
		{"RSA-OAEP-384", "RSA-OAEP-384", "k", `{"alg":"RSA-OAEP-384","enc":"A256GCM","cty":"JWT","kid":"k"}`},
		{"RSA-OAEP-512", "RSA-OAEP-512", "k", `{"alg":"RSA-OAEP-512","enc":"A256GCM","cty":"JWT","kid":"k"}`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			to := &tenant.TokenEncryption{EncryptionKey: tenant.TokenEncryptionKey{Alg: c.alg, KID: c.kid, PEM: publicPEM(t, &private.PublicKey)}}
			issued := func() string {
				return issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.TokenEncryption = to }).Value.Reveal()
			}
			token := issued()
			if got := decodedPart(t, token, 0); got != c.header {
				t.Errorf("header %s, want %s", got, c.header)
			}
			inner, contentKey := decrypt(t, private, c.alg, token)
			if _, other := decrypt(t, private, c.alg, issued()); bytes.Equal(contentKey, other) {
				t.Error("two tokens have one content key")
			}
			claims, err := f.Verify(t.Context(), testTenant, inner)
			if err != nil || claims.ClientID != "client1" {
				t.Errorf("inside is %s: %v", inner, err)
			}
		})
	}
	to := &tenant.TokenEncryption{EncryptionKey: tenant.TokenEncryptionKey{Alg: "RSA-OAEP-256", PEM: publicPEM(t, &private.PublicKey)}}
	token := issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.TokenEncryption = to }).Value.Reveal()
	parsed, err := jose.ParseEncryptedCompact(token, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		t.Fatal(err)
	}
	if inner, err := parsed.Decrypt(private); err != nil || bytes.Count(inner, []byte(".")) != 2 {
		t.Errorf("go-jose finds %q: %v", inner, err)
	}
	if _, err := parsed.Decrypt(testRSAKey(t, 3)); err == nil {
		t.Error("another key opens it")
	}
}

// decrypt opens a compact JWE by the letter of RFC 7516 section 5.2.
func decrypt(t *testing.T, private *rsa.PrivateKey, alg, token string) (inner string, contentKey []byte) {
	t.Helper()
	raw := strings.Split(token, ".")
	if len(raw) != 5 {
		t.Fatalf("%d parts", len(raw))
	}
	var parts [5][]byte
	for i := range raw {
		parts[i] = []byte(decodedPart(t, token, i))
	}
	newHash, err := oaepHash(alg)
	if err != nil {
		t.Fatal(err)
	}
	contentKey, err = rsa.DecryptOAEP(newHash(), rand.Reader, private, parts[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(contentKey)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plaintext, err := aead.Open(nil, parts[2], append(parts[3], parts[4]...), []byte(raw[0]))
	if err != nil {
		t.Fatal(err)
	}
	return string(plaintext), contentKey
}

func publicPEM(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func testRSAKey(t *testing.T, number int) *rsa.PrivateKey {
	t.Helper()
	return fixedRSAKeys(t)[number-1]
}

// The example of RFC 7638 section 3.1.
func TestJWKThumbprint(t *testing.T) {
	const n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
	raw, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		t.Fatal(err)
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(raw), E: 65537}
	if got, want := JWKThumbprint(key), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; got != want {
		t.Errorf("thumbprint %s, want %s", got, want)
	}
	parsed, err := ParseRSAPublicKey(publicPEM(t, key))
	if err != nil || !parsed.Equal(key) {
		t.Errorf("read back: %v, %v", parsed, err)
	}
}
