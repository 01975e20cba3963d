package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/writ-auth/writ/internal/tenant"
)

// vector is one example of RFC 7515 appendix A, RFC 7520 section 4 or RFC 8037 appendix A.
type vector struct {
	Name string          `json:"name"`
	Alg  string          `json:"alg"`
	Key  json.RawMessage `json:"key"` // JWK with its private half
	JWS  string          `json:"jws"`
	// Deterministic: the same key and input always give this signature.
	Deterministic bool `json:"deterministic"`
	// Foreign: an alg that writ does not have.
	Foreign bool `json:"foreign"`
}

func (v vector) split(t *testing.T) (input, signature []byte) {
	t.Helper()
	i := strings.LastIndexByte(v.JWS, '.')
	raw, err := decodeSegment(v.JWS[i+1:])
	if err != nil {
		t.Fatal(err)
	}
	return []byte(v.JWS[:i]), raw
}

// key is the vector's as go-jose reads it.
func (v vector) key(t *testing.T) any {
	t.Helper()
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(v.Key); err != nil {
		t.Fatal(err)
	}
	return jwk.Key
}

func vectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "rfc_vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 9 {
		t.Fatalf("%d vectors, want 9", len(all))
	}
	return all
}

func TestTheVectorsOfTheRFCs(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			input, signature := v.split(t)
			switch key := v.key(t).(type) {
			case []byte:
				checkHMACVector(t, v, key, input, signature)
			case *rsa.PrivateKey:
				for _, engine := range engines(t) {
					signer, err := engine.ready(key)
					if err != nil {
						t.Fatal(engine.Name, err)
					}
					checkVector(t, v, signer, input, signature)
				}
			case *ecdsa.PrivateKey:
				checkVector(t, v, key, input, signature)
			case ed25519.PrivateKey:
				checkVector(t, v, key, input, signature)
			default:
				t.Fatalf("a %T", key)
			}
		})
	}
}

// checkHMACVector: an API verifies HS256 by itself, so there is only the writer to check.
func checkHMACVector(t *testing.T, v vector, key, input, want []byte) {
	t.Helper()
	got, err := hmacSignature(key).sign(t.Context(), input)
	if err != nil || string(got) != string(want) {
		t.Errorf("signature %x, err %v, want %x", got, err, want)
	}
	buf := &buffer{}
	header, payload, _ := strings.Cut(string(input), ".")
	buf.start(header)
	buf.b = append(buf.b, payload...)
	if compact, err := buf.finish(t.Context(), hmacSignature(key)); err != nil || compact != v.JWS {
		t.Errorf("compact form %s, err %v, want %s", compact, err, v.JWS)
	}
}

func checkVector(t *testing.T, v vector, signer crypto.Signer, input, want []byte) {
	t.Helper()
	if v.Foreign {
		for _, alg := range []string{v.Alg, tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
			if verify(signer.Public(), alg, input, want) {
				t.Errorf("accepted as %s", alg)
			}
		}
		if got, err := sign(signer, v.Alg, input); err == nil {
			t.Errorf("signed with %s: %x", v.Alg, got)
		}
		return
	}
	if !verify(signer.Public(), v.Alg, input, want) {
		t.Error("the RFC's signature is refused")
	}
	got, err := sign(signer, v.Alg, input)
	if err != nil {
		t.Fatal(err)
	}
	if v.Deterministic && string(got) != string(want) {
		t.Errorf("signature %x, want %x", got, want)
	}
	if !verify(signer.Public(), v.Alg, input, got) {
		t.Error("our own signature is refused")
	}
	for _, alg := range []string{"none", "", tenant.HS256, tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		if alg != v.Alg && verify(signer.Public(), alg, input, want) {
			t.Errorf("accepted as %s too", alg)
		}
	}
	flipped := slices.Clone(want)
	flipped[len(want)/2] ^= 1
	if verify(signer.Public(), v.Alg, input, flipped) {
		t.Error("accepted with a flipped bit")
	}
}

// The self-test signs with the key of RFC 7515 appendix A.2, which no tenant must ever have.
func TestTheSelfTestKeyIsThePublishedOne(t *testing.T) {
	key, err := selfTestKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors(t) {
		if v.Name == "RFC 7515 appendix A.2" {
			if !key.Equal(v.key(t).(*rsa.PrivateKey)) {
				t.Error("another key")
			}
			return
		}
	}
	t.Fatal("no such vector")
}
