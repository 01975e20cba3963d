package signing

import (
	"testing"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// unsigned stands in for the signature, to show what the rest of a token costs.
const unsigned = "unsigned"

func BenchmarkAccessToken(b *testing.B) {
	run := func(name, alg string, engine *Engine, edit func(*oauth.Authorization)) {
		b.Run(name, func(b *testing.B) {
			f := newFixtureWith(b, engine)
			auth := authorization(func(a *oauth.Authorization) {
				a.ResourceServer.SigningAlg, a.ResourceServer.SigningSecret = alg, "sixteen characters"
				edit(a)
			})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.AccessToken(b.Context(), auth); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	plain := func(*oauth.Authorization) {}
	rfc9068 := func(a *oauth.Authorization) { a.ResourceServer.TokenDialect = tenant.DialectRFC9068 }
	for _, alg := range []string{tenant.RS256, tenant.PS256} {
		for _, engine := range engines(b) {
			run(alg+"/"+engine.Name, alg, engine, plain)
		}
	}
	for _, alg := range []string{tenant.ES256, tenant.EdDSA, tenant.HS256} {
		run(alg, alg, nil, plain)
	}
	instant := instantEngine()
	run(unsigned, tenant.RS256, instant, plain)
	run(unsigned+"/rfc9068", tenant.RS256, instant, rfc9068)
	run(unsigned+"/273 scopes", tenant.RS256, instant, func(a *oauth.Authorization) { a.Scope = manyScopes(273) })
}
