package signing

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// forge makes a token of any header and payload, signed as alg says with the tenant's current key of a family.
func forge(t testing.TB, f *fixture, family tenant.KeyFamily, alg, header, payload string) string {
	t.Helper()
	parsed, err := newPrivateKey(f.key(t, family, tenant.KeyCurrent))
	if err != nil {
		t.Fatal(err)
	}
	input := b64(header) + "." + b64(payload)
	raw, err := sign(parsed.signer, alg, []byte(input))
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + b64(string(raw))
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// claimsJSON is a good payload at testStart; changes are `name` to drop it or `name:json` to set it.
func claimsJSON(changes ...string) string {
	iat := testStart.Unix()
	members := []string{`iss:"https://i/"`, `sub:"c@clients"`, `aud:"a"`, fmt.Sprintf("iat:%d", iat), fmt.Sprintf("exp:%d", iat+60)}
	for _, change := range changes {
		name, _, set := strings.Cut(change, ":")
		kept := members[:0:0]
		for _, m := range members {
			if !strings.HasPrefix(m, name+":") {
				kept = append(kept, m)
			}
		}
		if members = kept; set {
			members = append(members, change)
		}
	}
	for i, m := range members {
		name, value, _ := strings.Cut(m, ":")
		members[i] = `"` + name + `":` + value
	}
	return "{" + strings.Join(members, ",") + "}"
}

func TestVerifyReturnsWhatWasSigned(t *testing.T) {
	f := newFixture(t)
	rbac := true
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		for _, dialect := range []string{tenant.DialectAccessTokenAuthz, tenant.DialectRFC9068Authz} {
			t.Run(alg+" "+dialect, func(t *testing.T) {
				token := issue(t, f, func(a *oauth.Authorization) {
					a.ResourceServer.SigningAlg, a.ResourceServer.TokenDialect, a.ResourceServer.EnforcePolicies = alg, dialect, &rbac
				})
				got, err := f.Verify(t.Context(), testTenant, token.Value.Reveal())
				if err != nil {
					t.Fatal(err)
				}
				want := Claims{
					Issuer: "https://tokens.acme.example/", Subject: "client1@clients", Audience: []string{"https://timesheets.example/api"},
					IssuedAt: testStart, ExpiresAt: testStart.Add(24 * time.Hour), Scope: []string{"read:timesheets", "batch:upload"},
					Permissions: []string{"read:timesheets", "batch:upload"}, ClientID: "client1", JTI: token.JTI,
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestVerifyJudgesClaims(t *testing.T) {
	at := func(seconds int64) string { return fmt.Sprint(testStart.Unix() + seconds) }
	tests := []struct {
		name    string
		payload string
		want    error // nil: accepted
	}{
		{"good", claimsJSON(), nil},
		{"aud array (RFC 7519 section 4.1.3)", claimsJSON(`aud:["a","b"]`), nil},
		{"expires in a second", claimsJSON("exp:" + at(1)), nil},
		{"nbf now", claimsJSON("nbf:" + at(0)), nil},
		{"nbf and iat of a node whose clock is ahead", claimsJSON("nbf:"+at(60), "iat:"+at(60)), nil},
		{"unknown claims are ignored", claimsJSON(`x:{"a":[1,{"b":null}]}`), nil},
		{"deep nesting costs no more than its bytes", claimsJSON("x:" + strings.Repeat("[", 5000) + strings.Repeat("]", 5000)), nil},

		{"expires now (RFC 7519 section 4.1.4)", claimsJSON("exp:"+at(0), "iat:"+at(-60)), ErrExpired},
		{"expired", claimsJSON("exp:"+at(-1), "iat:"+at(-60)), ErrExpired},
		{"nbf ahead (RFC 7519 section 4.1.5)", claimsJSON("nbf:" + at(61)), ErrNotYetValid},
		{"iat ahead", claimsJSON("iat:"+at(61), "exp:"+at(120)), ErrNotYetValid},
		{"exp before iat", claimsJSON("iat:"+at(50), "exp:"+at(49)), ErrMalformed},

		{"no iss", claimsJSON("iss"), ErrMalformed},
		{"no sub", claimsJSON("sub"), ErrMalformed},
		{"no aud", claimsJSON("aud"), ErrMalformed},
		{"no iat", claimsJSON("iat"), ErrMalformed},
		{"no exp", claimsJSON("exp"), ErrMalformed},
		{"iss of another type", claimsJSON(`iss:["https://i/"]`), ErrMalformed},
		{"iss null", claimsJSON("iss:null"), ErrMalformed},
		{"iss empty", claimsJSON(`iss:""`), ErrMalformed},
		{"sub number", claimsJSON("sub:1"), ErrMalformed},
		{"aud object", claimsJSON(`aud:{"a":1}`), ErrMalformed},
		{"aud null", claimsJSON("aud:null"), ErrMalformed},
		{"aud empty array", claimsJSON("aud:[]"), ErrMalformed},
		{"aud array with an empty string", claimsJSON(`aud:["a",""]`), ErrMalformed},
		{"aud array with null", claimsJSON(`aud:["a",null]`), ErrMalformed},
		{"exp string", claimsJSON(`exp:"` + at(60) + `"`), ErrMalformed},
		{"exp null", claimsJSON("exp:null"), ErrMalformed},
		{"exp fraction", claimsJSON("exp:" + at(60) + ".5"), ErrMalformed},
		{"exp exponent", claimsJSON("exp:1e300"), ErrMalformed},
		{"exp beyond the year 9999", claimsJSON("exp:9223372036854775807"), ErrMalformed},
		{"exp negative", claimsJSON("exp:-1"), ErrMalformed},
		{"iat string", claimsJSON(`iat:"1"`), ErrMalformed},
		{"nbf string", claimsJSON(`nbf:"1"`), ErrMalformed},
		{"scope array", claimsJSON(`scope:["a"]`), ErrMalformed},
		{"permissions string", claimsJSON(`permissions:"a"`), ErrMalformed},
		{"azp number", claimsJSON("azp:1"), ErrMalformed},
		{"client_id null", claimsJSON("client_id:null"), ErrMalformed},
		{"names differ in case", strings.Replace(claimsJSON(), `"exp"`, `"EXP"`, 1), ErrMalformed},
		{"exp twice", strings.Replace(claimsJSON(), "{", `{"exp":99999999999,`, 1), ErrMalformed},
		{"exp twice, once escaped", strings.Replace(claimsJSON(), "{", `{"\u0065xp":99999999999,`, 1), ErrMalformed},
		{"a name twice deep inside", claimsJSON(`x:[{"a":{"b":1,"b":2}}]`), ErrMalformed},
		{"not UTF-8", claimsJSON("azp:\"\xff\""), ErrMalformed},
		{"trailing data", claimsJSON() + "{}", ErrMalformed},
		{"an array", "[" + claimsJSON() + "]", ErrMalformed},
		{"null", "null", ErrMalformed},
		{"empty object", "{}", ErrMalformed},
		{"not JSON", "iss=1", ErrMalformed},
	}
	f := newFixture(t)
	kid := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token := forge(t, f, tenant.FamilyRSA, tenant.RS256, `{"alg":"RS256","kid":"`+kid+`"}`, tt.payload)
			claims, err := f.Verify(t.Context(), testTenant, token)
			checkRefusal(t, claims, err, tt.want)
		})
	}
}

// checkRefusal wants err to be want, and no claims with it.
func checkRefusal(t testing.TB, claims Claims, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || (want == nil) != (err == nil) {
		t.Fatalf("err %v, want %v", err, want)
	}
	if err != nil && claims.Subject != "" {
		t.Errorf("a refused token gave claims: %+v", claims)
	}
}

func TestVerifyJudgesHeaders(t *testing.T) {
	f := newFixture(t)
	kid := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	tests := []struct {
		name   string
		header string
		want   error
	}{
		{"typ JWT", `{"alg":"RS256","typ":"JWT","kid":"KID"}`, nil},
		{"typ at+jwt (RFC 9068 section 2.1)", `{"alg":"RS256","typ":"at+jwt","kid":"KID"}`, nil},
		{"no typ", `{"alg":"RS256","kid":"KID"}`, nil},
		{"key material in the header is not looked at", `{"alg":"RS256","kid":"KID","jku":"https://evil/","x5c":["AA=="]}`, nil},

		{"typ of another kind of token", `{"alg":"RS256","typ":"dpop+jwt","kid":"KID"}`, ErrMalformed},
		{"typ null", `{"alg":"RS256","typ":null,"kid":"KID"}`, ErrMalformed},
		{"typ empty", `{"alg":"RS256","typ":"","kid":"KID"}`, ErrMalformed},
		{"no alg", `{"typ":"JWT","kid":"KID"}`, ErrMalformed},
		{"alg number", `{"alg":256,"kid":"KID"}`, ErrMalformed},
		{"alg only in capitals", `{"ALG":"RS256","kid":"KID"}`, ErrMalformed},
		{"alg twice", `{"alg":"none","alg":"RS256","kid":"KID"}`, ErrMalformed},
		{"no kid", `{"alg":"RS256","typ":"JWT"}`, ErrMalformed},
		{"kid empty", `{"alg":"RS256","kid":""}`, ErrMalformed},
		{"kid number", `{"alg":"RS256","kid":1}`, ErrMalformed},
		{"crit (RFC 7515 section 4.1.11)", `{"alg":"RS256","kid":"KID","crit":["exp"],"exp":1}`, ErrMalformed},
		{"crit empty", `{"alg":"RS256","kid":"KID","crit":[]}`, ErrMalformed},
		{"crit null", `{"alg":"RS256","kid":"KID","crit":null}`, ErrMalformed},
		{"b64 false (RFC 7797)", `{"alg":"RS256","kid":"KID","b64":false,"crit":["b64"]}`, ErrMalformed},
		{"header is no object", `"RS256"`, ErrMalformed},

		{"alg none", `{"alg":"none","kid":"KID"}`, ErrSignature},
		{"alg None", `{"alg":"None","kid":"KID"}`, ErrSignature},
		{"alg in another case", `{"alg":"rs256","kid":"KID"}`, ErrSignature},
		{"alg HS256", `{"alg":"HS256","kid":"KID"}`, ErrSignature},
		{"alg of the same family that was not offered", `{"alg":"RS512","kid":"KID"}`, ErrSignature},
		{"PS256 over an RS256 signature", `{"alg":"PS256","kid":"KID"}`, ErrSignature},
		{"alg of another family", `{"alg":"ES256","kid":"KID"}`, ErrSignature},
		{"unknown kid", `{"alg":"RS256","kid":"unknown"}`, ErrSignature},
		{"kid in another case", `{"alg":"RS256","kid":"` + swapCase(kid) + `"}`, ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := strings.ReplaceAll(tt.header, "KID", kid)
			claims, err := f.Verify(t.Context(), testTenant, forge(t, f, tenant.FamilyRSA, tenant.RS256, header, claimsJSON()))
			checkRefusal(t, claims, err, tt.want)
		})
	}
}

func TestVerifyFollowsTheLifeOfAKey(t *testing.T) {
	f := newFixture(t)
	token := issue(t, f, nil).Value.Reveal()
	kid := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	verified := func(want error) {
		t.Helper()
		claims, err := f.Verify(t.Context(), testTenant, token)
		checkRefusal(t, claims, err, want)
	}
	verified(nil)
	f.rotate(t)
	verified(nil)
	f.rotate(t)
	verified(nil)
	changed, err := Revoke(f.store.sets[testTenant], kid, f.now)
	if err != nil {
		t.Fatal(err)
	}
	f.store.apply(testTenant, changed, nil)
	verified(ErrSignature)
}

func TestVerifyKeepsTenantsApart(t *testing.T) {
	f := newFixture(t)
	f.addTenant(t, "other")
	token := issue(t, f, nil).Value.Reveal()
	claims, err := f.Verify(t.Context(), "other", token)
	checkRefusal(t, claims, err, ErrSignature)

	// The same kid in another tenant is another key, even though the first one's is in the cache.
	f.store.sets["other"][0].KID = f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	if cmp.Equal(publicKeyOf(t, f.store.sets["other"][0]), publicKeyOf(t, f.key(t, tenant.FamilyRSA, tenant.KeyCurrent))) {
		t.Fatal("both tenants have the same key: the test could not fail")
	}
	_, err = f.Verify(t.Context(), testTenant, token)
	checkRefusal(t, Claims{}, err, nil)
	claims, err = f.Verify(t.Context(), "other", token)
	checkRefusal(t, claims, err, ErrSignature)
}

// publicKeyOf is the SubjectPublicKeyInfo of a key's certificate.
func publicKeyOf(t *testing.T, key tenant.SigningKey) []byte {
	t.Helper()
	cert, err := x509.ParseCertificate(key.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	return cert.RawSubjectPublicKeyInfo
}

func TestVerifyPassesTheStoresErrorsOn(t *testing.T) {
	f := newFixture(t)
	token := issue(t, f, nil).Value.Reveal()
	_, err := f.Verify(t.Context(), "nobody", token)
	if !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("unknown tenant: err %v", err)
	}
	f.store.err = tenant.ErrUnavailable
	_, err = f.Verify(t.Context(), testTenant, token)
	if !errors.Is(err, tenant.ErrUnavailable) || errors.Is(err, ErrSignature) {
		t.Errorf("store gone: err %v", err)
	}
}

func TestScopeIsSplitAtSpacesOnly(t *testing.T) {
	f := newFixture(t)
	// A no-break space is white space to strings.Fields, which would turn one strange scope into two plain ones.
	strange := "read:own\u00a0delete:all"
	token := issue(t, f, func(a *oauth.Authorization) { a.Scope = []string{strange} }).Value.Reveal()
	claims, err := f.Verify(t.Context(), testTenant, token)
	if err != nil {
		t.Fatal(err)
	}
	if claims.HasScope("delete:all") || !claims.HasScope(strange) {
		t.Errorf("scope %q", claims.Scope)
	}
}

// FuzzClaims goes where FuzzVerify cannot: behind the signature.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{claimsJSON(), claimsJSON(`aud:["a","b"]`), claimsJSON("exp"), "null", "{}", `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		now := testStart.Unix()
		c, err := parseClaims(payload, now)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrExpired) && !errors.Is(err, ErrNotYetValid) {
				t.Fatalf("err %v", err)
			}
			return
		}
		if c.Issuer == "" || c.Subject == "" || len(c.Audience) == 0 || c.HasAudience("") || c.ExpiresAt.Unix() <= now || c.IssuedAt.Unix() > now+futureLeeway {
			t.Fatalf("accepted %s as %+v", payload, c)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	f := newFixture(b)
	token := issue(b, f, nil).Value.Reveal()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Verify(b.Context(), testTenant, token); err != nil {
			b.Fatal(err)
		}
	}
}
