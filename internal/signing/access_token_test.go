package signing

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// decodedPart is part i of a compact JWS as its exact bytes.
func decodedPart(t testing.TB, compact string, i int) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(compact, ".")[i])
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func issue(t testing.TB, f *fixture, edit func(*oauth.Authorization)) oauth.Token {
	t.Helper()
	token, err := f.AccessToken(t.Context(), authorization(edit))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestClaimsHaveTheRecordedOrder(t *testing.T) {
	yes, no := true, false
	const (
		head   = `{"iss":"https://tokens.acme.example/","sub":"client1@clients","aud":"https://timesheets.example/api","iat":1795435200,"exp":1795521600`
		scope  = `,"scope":"read:timesheets batch:upload"`
		auth0  = `,"gty":"client-credentials","azp":"client1"`
		rfc    = `,"jti":"JTI","client_id":"client1"`
		perms  = `,"permissions":["read:timesheets","batch:upload"]`
		noneOf = `,"permissions":[]`
	)
	tests := []struct {
		name    string
		dialect string
		rbac    *bool
		scope   []string
		typ     string
		want    string
	}{
		{"no dialect is access_token", "", &yes, []string{"read:timesheets", "batch:upload"}, "JWT", head + scope + auth0 + "}"},
		{"access_token", tenant.DialectAccessToken, &yes, []string{"read:timesheets", "batch:upload"}, "JWT", head + scope + auth0 + "}"},
		{"access_token without scope", tenant.DialectAccessToken, nil, nil, "JWT", head + auth0 + "}"},
		{"access_token_authz", tenant.DialectAccessTokenAuthz, &yes, []string{"read:timesheets", "batch:upload"}, "JWT", head + scope + auth0 + perms + "}"},
		{"access_token_authz without RBAC", tenant.DialectAccessTokenAuthz, &no, []string{"read:timesheets", "batch:upload"}, "JWT", head + scope + auth0 + "}"},
		{"access_token_authz without scope", tenant.DialectAccessTokenAuthz, &yes, nil, "JWT", head + auth0 + noneOf + "}"},
		{"rfc9068_profile", tenant.DialectRFC9068, &yes, []string{"read:timesheets", "batch:upload"}, "at+jwt", head + scope + rfc + "}"},
		{"rfc9068_profile_authz", tenant.DialectRFC9068Authz, &yes, []string{"read:timesheets", "batch:upload"}, "at+jwt", head + scope + rfc + perms + "}"},
		{"rfc9068_profile_authz without scope", tenant.DialectRFC9068Authz, &yes, nil, "at+jwt", head + rfc + noneOf + "}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			token := issue(t, f, func(a *oauth.Authorization) {
				a.ResourceServer.TokenDialect, a.ResourceServer.EnforcePolicies, a.Scope = tt.dialect, tt.rbac, tt.scope
			})
			want := tt.want
			if tt.typ == "at+jwt" {
				if !regexp.MustCompile(`^[0-9A-Za-z]{22}$`).MatchString(token.JTI) {
					t.Errorf("jti %q: want 22 letters and digits", token.JTI)
				}
				want = strings.Replace(want, "JTI", token.JTI, 1)
			} else if token.JTI != "" {
				t.Errorf("jti %q in a profile without one", token.JTI)
			}
			if diff := cmp.Diff(want, decodedPart(t, token.Value.Reveal(), 1)); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			kid := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
			wantHeader := `{"alg":"RS256","typ":"` + tt.typ + `","kid":"` + kid + `"}`
			if diff := cmp.Diff(wantHeader, decodedPart(t, token.Value.Reveal(), 0)); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if token.ExpiresIn != tenant.DefaultTokenLifetime {
				t.Errorf("expires_in %d", token.ExpiresIn)
			}
		})
	}
}

// Every alg in every dialect verifies with another implementation of JOSE, which takes the keys from the published set.
func TestTokensVerifyWithGoJose(t *testing.T) {
	const secret = "at least 32 bytes, or go-jose refuses it, and é" // RFC 7518 section 3.2; Auth0 takes 16
	f := newFixture(t)
	dialects := []string{tenant.DialectAccessToken, tenant.DialectAccessTokenAuthz, tenant.DialectRFC9068, tenant.DialectRFC9068Authz}
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.HS256, tenant.ES256, tenant.EdDSA} {
		for _, dialect := range dialects {
			t.Run(alg+" "+dialect, func(t *testing.T) {
				token := issue(t, f, func(a *oauth.Authorization) {
					a.ResourceServer.SigningAlg, a.ResourceServer.TokenDialect = alg, dialect
					a.ResourceServer.SigningSecret = secret
				})
				jws, err := jose.ParseSignedCompact(token.Value.Reveal(), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
				if err != nil {
					t.Fatal(err)
				}
				header := jws.Signatures[0].Protected
				var key any = []byte(secret)
				if alg == tenant.HS256 {
					if header.KeyID != "" {
						t.Errorf("HS256 has the kid %q: the API knows its own secret", header.KeyID)
					}
				} else {
					key = joseKey(t, f, header.KeyID)
				}
				payload, err := jws.Verify(key)
				if err != nil {
					t.Fatalf("go-jose refuses the signature: %v", err)
				}
				if !json.Valid(payload) {
					t.Errorf("payload is not JSON: %s", payload)
				}
			})
		}
	}
}

// joseKey finds a kid in the published set as go-jose reads it.
func joseKey(t testing.TB, f *fixture, kid string) any {
	t.Helper()
	set, err := f.JWKS(t.Context(), testTenant)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	var parsed jose.JSONWebKeySet
	if err := json.Unmarshal(text, &parsed); err != nil {
		t.Fatalf("go-jose cannot read the JWK set: %v", err)
	}
	keys := parsed.Key(kid)
	if len(keys) != 1 {
		t.Fatalf("%d keys are named %q", len(keys), kid)
	}
	return keys[0].Key
}

func TestExpIsIatPlusTokenLifetime(t *testing.T) {
	f := newFixture(t)
	token := issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.TokenLifetime = 61 })
	claims, err := f.Verify(t.Context(), testTenant, token.Value.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if got := claims.ExpiresAt.Sub(claims.IssuedAt); got != 61*time.Second || token.ExpiresIn != 61 {
		t.Errorf("exp is %s after iat, expires_in %d: want 61 s both", got, token.ExpiresIn)
	}
}

func TestIatNeverRunsBackwards(t *testing.T) {
	f := newFixture(t)
	last := int64(0)
	for _, step := range []time.Duration{0, time.Hour, -2 * time.Hour, time.Second, 3 * time.Hour} {
		f.now = f.now.Add(step)
		claims, err := f.Verify(t.Context(), testTenant, issue(t, f, nil).Value.Reveal())
		if err != nil {
			t.Fatalf("after a step of %s: %v", step, err)
		}
		if iat := claims.IssuedAt.Unix(); iat < last {
			t.Errorf("after a step of %s iat went from %d to %d", step, last, iat)
		} else {
			last = iat
		}
	}
	if want := testStart.Add(2*time.Hour + time.Second).Unix(); last != want {
		t.Errorf("iat %d once the clock is ahead again, want %d", last, want)
	}
}

func TestClaimsSurviveHostileText(t *testing.T) {
	f := newFixture(t)
	const nasty = "a\"b\\c\n\r\t\x00\x1f</script>\u2028é😀"
	token := issue(t, f, func(a *oauth.Authorization) { a.Audience, a.Scope = nasty, []string{nasty, `","admin":"`} })
	claims, err := f.Verify(t.Context(), testTenant, token.Value.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{nasty}, claims.Audience); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{nasty, `","admin":"`}, claims.Scope); diff != "" {
		t.Error(diff)
	}
}

func TestEachTokenHasItsOwnBytes(t *testing.T) {
	f := newFixture(t)
	first := issue(t, f, func(a *oauth.Authorization) { a.Client.ClientID = "first" }).Value.Reveal()
	copied := strings.Clone(first)
	issue(t, f, func(a *oauth.Authorization) { a.Client.ClientID = "other" })
	if first != copied {
		t.Error("a later token was written over an earlier one")
	}
}

func TestOtherKeysThanRSAAreMadeOnceAtFirstUse(t *testing.T) {
	f := newFixture(t)
	for made, alg := range []string{tenant.ES256, tenant.EdDSA} {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				_, err := f.AccessToken(t.Context(), authorization(func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg }))
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if f.store.adds != made+1 {
			t.Errorf("%s: keys were made %d times, want %d", alg, f.store.adds, made+1)
		}
		family, _ := familyOf(alg)
		f.key(t, family, tenant.KeyCurrent)
		f.key(t, family, tenant.KeyNext)
	}
}

func TestAccessTokenRefuses(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(*fixture, *oauth.Authorization)
		want    error // nil: any
	}{
		{"HS256 with an empty secret", func(_ *fixture, a *oauth.Authorization) { a.ResourceServer.SigningAlg = tenant.HS256 }, nil},
		{"an alg that no key has", func(_ *fixture, a *oauth.Authorization) { a.ResourceServer.SigningAlg = "RS512" }, nil},
		{"an alg in another case", func(_ *fixture, a *oauth.Authorization) { a.ResourceServer.SigningAlg = "EDDSA" }, nil},
		{"alg none", func(_ *fixture, a *oauth.Authorization) { a.ResourceServer.SigningAlg = "none" }, nil},
		{"a tenant without RSA keys, which only a tenant's creation makes",
			func(f *fixture, _ *oauth.Authorization) { f.store.sets[testTenant] = nil }, nil},
		{"a store that is gone", func(f *fixture, _ *oauth.Authorization) { f.store.err = tenant.ErrUnavailable }, tenant.ErrUnavailable},
		{"a key stored under the wrong family", func(f *fixture, a *oauth.Authorization) {
			for i := range f.store.sets[testTenant] {
				f.store.sets[testTenant][i].Family = tenant.FamilyEC
			}
			a.ResourceServer.SigningAlg = tenant.ES256
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, auth := newFixture(t), authorization(nil)
			tt.prepare(f, auth)
			token, err := f.AccessToken(t.Context(), auth)
			if err == nil || token.Value != "" {
				t.Fatalf("a token was signed, err %v", err)
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("err %v, want %v", err, tt.want)
			}
		})
	}
}

func TestErrorsKeepThePrivateKey(t *testing.T) {
	f := newFixture(t)
	const canary = "canary!canary!canary!"
	f.store.sets[testTenant][0].PrivateKey = canary
	_, err := f.AccessToken(t.Context(), authorization(nil))
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("err %v", err)
	}
}

func TestRotationChangesTheSigningKey(t *testing.T) {
	f := newFixture(t)
	next := f.key(t, tenant.FamilyRSA, tenant.KeyNext).KID
	f.rotate(t)
	token := issue(t, f, nil).Value.Reveal()
	if header := decodedPart(t, token, 0); !strings.Contains(header, next) {
		t.Errorf("header %s after rotation, want the kid %s", header, next)
	}
}
