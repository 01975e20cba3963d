package compat

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Claims by which the dialects differ are checked where the dialects are (jose, jwx); here, what every verifier must refuse.

// badToken is a token that must not verify for the audience.
type badToken struct {
	name     string
	audience string
	token    string
}

// badTokens are made anew for each verifier: others revoke keys meanwhile. audience is an API whose tokens are signed with RS256.
// An expired one is not among them: most verifiers let their clock be set.
func badTokens(t *testing.T, audience string) []badToken {
	t.Helper()
	good := tokenFor(t, &thisWorld.tenant, audience)
	return []badToken{
		{"wrong audience", audience + "/", good},
		{"of another tenant", audience, tokenFor(t, &thisWorld.Other, audience)},
		{"changed payload", audience, widen(t, good)},
		{"changed signature", audience, otherSignature(good, tokenFor(t, &thisWorld.tenant, shortLived))},
	}
}

// testRefusals has verify refuse every badToken, with an error that contains the text listed for it: a verifier that
// refuses everything, or for another reason, does not pass.
func testRefusals(t *testing.T, audience string, verify func(ctx context.Context, audience, token string) error, want map[string]string) {
	t.Helper()
	if err := verify(t.Context(), audience, tokenFor(t, &thisWorld.tenant, audience)); err != nil {
		t.Fatalf("a good token: %v", err)
	}
	for _, bad := range badTokens(t, audience) {
		t.Run(bad.name, func(t *testing.T) {
			err := verify(t.Context(), bad.audience, bad.token)
			if err == nil {
				t.Fatal("the token verifies")
			}
			if text, listed := want[bad.name]; !listed || !strings.Contains(err.Error(), text) {
				t.Errorf("error %q, want one with %q", err, text)
			}
		})
	}
}

// tokenFor is a token of the tenant's job client.
func tokenFor(t *testing.T, of *tenant, audience string) string {
	t.Helper()
	token, err := of.requestToken(t.Context(), of.Job, audience)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// expiredToken gets a token for shortLived and waits until it is no longer valid, for verifiers whose clock cannot be set.
func expiredToken(t *testing.T) string {
	t.Helper()
	token := tokenFor(t, &thisWorld.tenant, shortLived)
	time.Sleep(2100 * time.Millisecond) // its second, and one that some libraries round away
	return token
}

// dayAfter is a clock that is as far ahead as makes tokens with the default lifetime expire.
func dayAfter() time.Time { return time.Now().Add(25 * time.Hour) }

// widen adds a scope to the token and leaves its signature as it was.
func widen(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims object
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	claims["scope"] = "delete:things"
	if payload, err = json.Marshal(claims); err != nil {
		t.Fatal(err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(payload)
	return strings.Join(parts, ".")
}

// otherSignature is token with the signature of another one.
func otherSignature(token, other string) string {
	return token[:strings.LastIndex(token, ".")] + other[strings.LastIndex(other, "."):]
}

// withoutAlgInJWKS runs f while the tenant publishes its keys without alg. As in Auth0, RSA keys have alg RS256 by default, and
// libraries that take a JWK's alg at its word refuse a PS256 token until the flag is set.
func withoutAlgInJWKS(t *testing.T, f func()) {
	t.Helper()
	setFlag := func(value bool) error {
		return thisWorld.manage(context.Background(), http.MethodPatch, "/api/v2/tenants/settings", http.StatusOK,
			object{"flags": object{"remove_alg_from_jwks": value}}, nil)
	}
	if err := setFlag(true); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := setFlag(false); err != nil {
			t.Error(err)
		}
	}()
	f()
}
