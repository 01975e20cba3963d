package compat

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lestrrat-go/httprc/v3"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// TestJWX is jwx as APIs use it: a cache of the key set, and every dialect and algorithm verified with the key that kid names.
func TestJWX(t *testing.T) {
	cache, keys := jwxKeys(t)
	for _, api := range thisWorld.Signed {
		if api.SigningAlg == "PS256" {
			continue
		}
		t.Run(api.TokenDialect+", "+api.SigningAlg, func(t *testing.T) {
			tokenFor(t, &thisWorld.tenant, api.Audience) // EC and Ed25519 keys are made, and published, when they are first used
			if _, err := cache.Refresh(t.Context(), jwksURL()); err != nil {
				t.Fatal(err)
			}
			testJWXVerifies(t, api, jwxKey(keys, api))
		})
	}
	t.Run("PS256, for a tenant with the flag remove_alg_from_jwks", func(t *testing.T) { testJWXPS256(t, cache, keys) })
	t.Run("the cache survives a rotation", func(t *testing.T) { testJWXRotation(t, keys) })

	verify := func(ctx context.Context, audience, token string) error {
		_, err := jwt.Parse([]byte(token), jwt.WithKeySet(keys), jwt.WithIssuer(thisWorld.Issuer), jwt.WithAudience(audience))
		return err
	}
	testRefusals(t, thisWorld.Signed[0].Audience, verify, map[string]string{
		"wrong audience":    `"aud" not satisfied`,
		"of another tenant": "failed to find key with key ID",
		"changed payload":   "verification error",
		"changed signature": "verification error",
	})
	t.Run("expired", func(t *testing.T) {
		late := jwt.WithClock(jwt.ClockFunc(dayAfter))
		_, err := jwt.Parse([]byte(tokenFor(t, &thisWorld.tenant, timesheets)), jwt.WithKeySet(keys), late)
		if !errors.Is(err, jwt.TokenExpiredError()) {
			t.Errorf("error %v, want an expired token", err)
		}
	})
}

func jwksURL() string { return "https://" + thisWorld.Domain + "/.well-known/jwks.json" }

// jwxKeys is a cache that refreshes itself in the background, and the key set as it sees it.
func jwxKeys(t *testing.T) (*jwk.Cache, jwk.Set) {
	t.Helper()
	cache, err := jwk.NewCache(t.Context(), httprc.NewClient())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Shutdown(context.Background()) })
	if err := cache.Register(t.Context(), jwksURL()); err != nil {
		t.Fatal(err)
	}
	keys, err := cache.CachedSet(jwksURL())
	if err != nil {
		t.Fatal(err)
	}
	return cache, keys
}

// jwxKey verifies with the shared secret where there is one, else with the key set.
func jwxKey(keys jwk.Set, api signedAPI) jwt.ParseOption {
	if api.SigningSecret != "" {
		return jwt.WithKey(jwa.HS256(), []byte(api.SigningSecret))
	}
	return jwt.WithKeySet(keys)
}

func testJWXVerifies(t *testing.T, api signedAPI, key jwt.ParseOption) {
	t.Helper()
	raw := []byte(tokenFor(t, &thisWorld.tenant, api.Audience))
	token, err := jwt.Parse(raw, key, jwt.WithIssuer(thisWorld.Issuer), jwt.WithAudience(api.Audience), jwt.WithRequiredClaim("exp"),
		jwt.WithClaimValue("scope", "read:things"))
	if err != nil {
		t.Fatal(err)
	}
	message, err := jws.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	header := message.Signatures()[0].ProtectedHeaders()
	alg, _ := header.Algorithm()
	typ, _ := header.Type()
	got := object{"alg": alg.String(), "typ": typ, "jti": token.Has("jti"), "client_id": token.Has("client_id"), "permissions": token.Has("permissions")}
	rfc9068 := api.TokenDialect == "rfc9068_profile" || api.TokenDialect == "rfc9068_profile_authz"
	authz := api.TokenDialect == "access_token_authz" || api.TokenDialect == "rfc9068_profile_authz"
	want := object{"alg": api.SigningAlg, "typ": "JWT", "jti": rfc9068, "client_id": rfc9068, "permissions": authz}
	if rfc9068 {
		want["typ"] = "at+jwt"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("token (-want +got):\n%s", diff)
	}
}

func testJWXPS256(t *testing.T, cache *jwk.Cache, keys jwk.Set) {
	refresh := func() {
		if _, err := cache.Refresh(t.Context(), jwksURL()); err != nil {
			t.Fatal(err)
		}
	}
	for _, api := range thisWorld.Signed {
		if api.SigningAlg != "PS256" {
			continue
		}
		if _, err := jwt.Parse([]byte(tokenFor(t, &thisWorld.tenant, api.Audience)), jwt.WithKeySet(keys)); err == nil {
			t.Error("a PS256 token verifies with a key for RS256")
		}
		withoutAlgInJWKS(t, func() {
			refresh()
			testJWXVerifies(t, api, jwt.WithKeySet(keys, jws.WithInferAlgorithmFromKey(true)))
		})
		refresh()
	}
}

// testJWXRotation: the next key is published before it signs, so a set that was fetched before the rotation verifies after it.
func testJWXRotation(t *testing.T, keys jwk.Set) {
	if err := thisWorld.manage(t.Context(), http.MethodPost, "/api/v2/keys/signing/rotate", http.StatusCreated, nil, nil); err != nil {
		t.Fatal(err)
	}
	testJWXVerifies(t, thisWorld.Signed[0], jwt.WithKeySet(keys))
}
