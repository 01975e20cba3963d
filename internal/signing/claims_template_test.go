package signing

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv/race"
)

// plainClaims writes a payload as simply as can be: what the templates must come to.
func plainClaims(auth *oauth.Authorization, c *changing) string {
	quote := func(s string) string { return string(appendString(nil, s)) }
	out := fmt.Sprintf(`{"iss":%s,"sub":%s,"aud":%s,"iat":%d,"exp":%d`, quote(auth.Call.Issuer()),
		quote(auth.Client.ClientID+"@clients"), quote(auth.Audience), c.issuedAt, c.expiresAt)
	if len(auth.Scope) > 0 {
		out += `,"scope":` + quote(strings.Join(auth.Scope, " "))
	}
	if auth.Organization != nil {
		out += `,"org_id":` + quote(auth.Organization.ID)
	}
	if auth.OrganizationName != "" {
		out += `,"org_name":` + quote(auth.OrganizationName)
	}
	if auth.ResourceServer.RFC9068() {
		out += fmt.Sprintf(`,"jti":%s,"client_id":%s`, quote(c.jti), quote(auth.Client.ClientID))
	} else {
		out += `,"gty":"client-credentials","azp":` + quote(auth.Client.ClientID)
	}
	if auth.ResourceServer.Permissions() {
		var all []string
		for _, s := range auth.Scope {
			all = append(all, quote(s))
		}
		out += `,"permissions":[` + strings.Join(all, ",") + "]"
	}
	return out + "}"
}

// templated is the payload that the templates give.
func templated(t testing.TB, templates *claimsTemplates, auth *oauth.Authorization, c *changing) string {
	t.Helper()
	const before = "what was there before"
	out := string(templates.append([]byte(before), newClaimsSource(auth), c))
	encoded, ok := strings.CutPrefix(out, before)
	if !ok {
		t.Fatalf("the buffer was written over: %s", out)
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		t.Fatalf("%s: %v", encoded, err)
	}
	return string(payload)
}

// The gaps fall on every position within a group of base64, and on its end: names of all lengths, all dialects, twice each.
func TestTemplatesSayWhatPlainClaimsDo(t *testing.T) {
	templates, rbac := newClaimsTemplates(), true
	dialects := []string{"", tenant.DialectAccessTokenAuthz, tenant.DialectRFC9068, tenant.DialectRFC9068Authz}
	for length := range 7 {
		for _, dialect := range dialects {
			for _, scope := range [][]string{nil, {strings.Repeat("s", length)}, {"a\"b", "\u2028", strings.Repeat("é", length)}} {
				auth := authorization(func(a *oauth.Authorization) {
					a.Client.ClientID, a.Audience, a.Scope = strings.Repeat("c", length), strings.Repeat("a", length/2), scope
					a.ResourceServer.TokenDialect, a.ResourceServer.EnforcePolicies = dialect, &rbac
					if length%2 == 1 {
						a.Organization, a.OrganizationName = &tenant.Organization{ID: "org_" + strings.Repeat("o", length)}, strings.Repeat("n", length/2)
					}
				})
				for _, at := range []int64{0, 9, 1795435200, 1795435201, 9999999999, 10000000000} {
					c := &changing{issuedAt: at, expiresAt: at + 86400}
					if auth.ResourceServer.RFC9068() {
						c.jti = tenant.NewJTI()
					}
					if diff := cmp.Diff(plainClaims(auth, c), templated(t, templates, auth, c)); diff != "" {
						t.Fatalf("length %d, %q, %q, at %d (-want +got):\n%s", length, dialect, scope, at, diff)
					}
				}
			}
		}
	}
}

// Whatever changes in a client, an API or a grant changes the very next token, whether the snapshot is a new value or, which it
// never should be, the old one written to.
func TestAChangeNeverServesOldClaims(t *testing.T) {
	yes, no := true, false
	changes := map[string]func(a *oauth.Authorization){
		"client_id":                func(a *oauth.Authorization) { a.Client.ClientID = "client2" },
		"audience":                 func(a *oauth.Authorization) { a.Audience = "https://other.example/api" },
		"domain called":            func(a *oauth.Authorization) { a.Call.Domain = "other.acme.example" },
		"token_lifetime":           func(a *oauth.Authorization) { a.ResourceServer.TokenLifetime = 60 },
		"dialect, another profile": func(a *oauth.Authorization) { a.ResourceServer.TokenDialect = tenant.DialectRFC9068Authz },
		"dialect, no permissions":  func(a *oauth.Authorization) { a.ResourceServer.TokenDialect = tenant.DialectAccessToken },
		"RBAC off":                 func(a *oauth.Authorization) { a.ResourceServer.EnforcePolicies = &no },
		"for an organization":      func(a *oauth.Authorization) { a.Organization = &tenant.Organization{ID: "org_1"} },
		"with its name": func(a *oauth.Authorization) {
			a.Organization, a.OrganizationName = &tenant.Organization{ID: "org_1"}, "first"
		},
		"one scope more":            func(a *oauth.Authorization) { a.Scope = append(slices.Clone(a.Scope), "delete:timesheets") },
		"one scope less":            func(a *oauth.Authorization) { a.Scope = a.Scope[:1] },
		"no scope":                  func(a *oauth.Authorization) { a.Scope = nil },
		"scopes in another order":   func(a *oauth.Authorization) { a.Scope = []string{a.Scope[1], a.Scope[0]} },
		"a scope replaced in place": func(a *oauth.Authorization) { a.Scope[1] = "batch:delete" },
		"a scope split differently, in place": func(a *oauth.Authorization) {
			a.Scope[0], a.Scope[1] = a.Scope[0]+a.Scope[1][:1], a.Scope[1][1:]
		},
		"a scope split differently": func(a *oauth.Authorization) { a.Scope = []string{a.Scope[0] + a.Scope[1][:1], a.Scope[1][1:]} },
	}
	start := func() *oauth.Authorization {
		return authorization(func(a *oauth.Authorization) {
			a.ResourceServer.TokenDialect, a.ResourceServer.EnforcePolicies = tenant.DialectAccessTokenAuthz, &yes
			a.Scope = []string{"read:timesheets", "batch:upload"}
		})
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			f := newFixtureWith(t, instantEngine())
			claims := func(a *oauth.Authorization) string {
				token, err := f.AccessToken(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				seconds := int64(a.ResourceServer.TokenLifetime)
				want := plainClaims(a, &changing{testStart.Unix(), testStart.Unix() + seconds, token.JTI})
				if diff := cmp.Diff(want, decodedPart(t, token.Value.Reveal(), 1)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				return want
			}
			auth := start()
			before := claims(auth)
			change(auth)
			if after := claims(auth); after == before {
				t.Fatal("nothing changed: the test could not fail")
			}
			claims(start()) // and back
		})
	}
}

// A claim that is made from something new must be compared too: this fails when claimsSource gets a field that equal misses.
func TestEqualComparesEveryField(t *testing.T) {
	base := claimsSource{domain: "d", clientID: "c", audience: "a", scope: []string{"s"}}
	if same := base; !base.equal(&same) {
		t.Error("a source is not equal to itself")
	}
	others := map[string]claimsSource{}
	change := func(field string, edit func(*claimsSource)) { c := base; edit(&c); others[field] = c }
	change("domain", func(c *claimsSource) { c.domain = "" })
	change("clientID", func(c *claimsSource) { c.clientID = "" })
	change("audience", func(c *claimsSource) { c.audience = "" })
	change("orgID", func(c *claimsSource) { c.orgID = "o" })
	change("orgName", func(c *claimsSource) { c.orgName = "n" })
	change("rfc9068", func(c *claimsSource) { c.rfc9068 = true })
	change("permissions", func(c *claimsSource) { c.permissions = true })
	change("scope", func(c *claimsSource) { c.scope = []string{"t"} })
	for field := range reflect.TypeFor[claimsSource]().Fields() {
		other, ok := others[field.Name]
		if !ok {
			t.Errorf("the field %s is not tested", field.Name)
		} else if base.equal(&other) {
			t.Errorf("%s is not compared", field.Name)
		}
	}
}

// Two sources under one key: each gets its own claims, however they displace each other.
func TestACollisionIsHarmless(t *testing.T) {
	one := authorization(func(a *oauth.Authorization) { a.Scope = []string{"ab", "c"} })
	two := authorization(func(a *oauth.Authorization) { a.Scope = []string{"a", "bc"} })
	templates := newClaimsTemplates()
	sourceOne, sourceTwo := newClaimsSource(one), newClaimsSource(two)
	if templates.hash(&sourceOne) != templates.hash(&sourceTwo) {
		t.Fatal("no collision: the test could not fail")
	}
	c := &changing{issuedAt: 1795435200, expiresAt: 1795521600}
	for range 2 {
		for _, auth := range []*oauth.Authorization{one, two} {
			if diff := cmp.Diff(plainClaims(auth, c), templated(t, templates, auth, c)); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestTemplatesAreSharedSafely(t *testing.T) {
	templates := newClaimsTemplates()
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 200 {
				auth := authorization(func(a *oauth.Authorization) {
					a.ResourceServer.TokenDialect, a.Client.ClientID = tenant.DialectRFC9068, fmt.Sprint("client", i%5)
				})
				c := &changing{int64(1e9 + worker*1000 + i), int64(2e9 + i), tenant.NewJTI()}
				if diff := cmp.Diff(plainClaims(auth, c), templated(t, templates, auth, c)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	group.Wait()
}

func TestTheCacheOfTemplatesIsBounded(t *testing.T) {
	templates := newClaimsTemplates()
	scope := manyScopes(1000)
	for i := range 1000 { // 30 MB of templates
		auth := authorization(func(a *oauth.Authorization) { a.Scope, a.Client.ClientID = scope, fmt.Sprint(i) })
		templates.append(nil, newClaimsSource(auth), &changing{issuedAt: 1e9, expiresAt: 2e9})
	}
	templates.cache.CleanUp()
	if size := templates.cache.WeightedSize(); size > maxTemplateBytes || size == 0 {
		t.Errorf("%d bytes are kept, want at most %d", size, maxTemplateBytes)
	}
}

// What a token costs beyond its signature is a handful of allocations; each is named here, so that another one is noticed.
func TestAllocationsBeyondTheSignature(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector empties pools at random")
	}
	tests := []struct {
		name string
		edit func(*oauth.Authorization)
		most float64
	}{
		{"auth0 profile: keySignature, digest, the token", func(*oauth.Authorization) {}, 3},
		{"RFC 9068 profile: and the jti", func(a *oauth.Authorization) { a.ResourceServer.TokenDialect = tenant.DialectRFC9068 }, 4},
		{"all scopes cost no more", func(a *oauth.Authorization) { a.Scope = manyScopes(300) }, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, auth := newFixtureWith(t, instantEngine()), authorization(tt.edit)
			issue(t, f, tt.edit)
			got := testing.AllocsPerRun(200, func() {
				if _, err := f.AccessToken(t.Context(), auth); err != nil {
					t.Fatal(err)
				}
			})
			if got > tt.most {
				t.Errorf("%.0f allocations, want at most %.0f", got, tt.most)
			}
		})
	}
}

// A template made at one second serves the next; iat and exp are never the template's.
func TestTimesAreTheTokensOwn(t *testing.T) {
	f := newFixture(t)
	for range 3 {
		f.now = f.now.Add(time.Second)
		claims, err := f.Verify(t.Context(), testTenant, issue(t, f, nil).Value.Reveal())
		if err != nil || !claims.IssuedAt.Equal(f.now) || !claims.ExpiresAt.Equal(f.now.Add(24*time.Hour)) {
			t.Errorf("at %s: %+v, err %v", f.now, claims, err)
		}
	}
}
