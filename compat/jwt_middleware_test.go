package compat

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	jwtmiddleware "github.com/auth0/go-jwt-middleware/v2"
	"github.com/auth0/go-jwt-middleware/v2/jwks"
	"github.com/auth0/go-jwt-middleware/v2/validator"
)

// TestJWTMiddleware protects a handler with go-jwt-middleware, for an API of each asymmetric algorithm and dialect.
func TestJWTMiddleware(t *testing.T) {
	for _, api := range thisWorld.Signed {
		if api.SigningSecret != "" {
			continue
		}
		t.Run(api.TokenDialect+", "+api.SigningAlg, func(t *testing.T) {
			server := protectedAPI(t, api.Audience, validator.SignatureAlgorithm(api.SigningAlg), "read:things")
			expectStatus(t, server, "", http.StatusBadRequest) // the middleware's answer to no token at all
			expectStatus(t, server, tokenFor(t, &thisWorld.tenant, api.Audience), http.StatusCreated)
		})
	}
	t.Run("without the scope", func(t *testing.T) {
		server := protectedAPI(t, timesheets, validator.RS256, "approve:timesheets")
		expectStatus(t, server, tokenFor(t, &thisWorld.tenant, timesheets), http.StatusForbidden)
	})
	t.Run("another algorithm than the API's", func(t *testing.T) {
		server := protectedAPI(t, timesheets, validator.ES256, "batch:upload")
		expectStatus(t, server, tokenFor(t, &thisWorld.tenant, timesheets), http.StatusUnauthorized)
	})
	expired := badToken{"expired", shortLived, expiredToken(t)}
	for _, bad := range append(badTokens(t, thisWorld.Signed[0].Audience), expired) {
		t.Run(bad.name, func(t *testing.T) {
			expectStatus(t, protectedAPI(t, bad.audience, validator.RS256, "read:things"), bad.token, http.StatusUnauthorized)
		})
	}
}

type scopeClaims struct {
	Scope string `json:"scope"`
}

func (*scopeClaims) Validate(context.Context) error { return nil }

// protectedAPI answers 201 to a token for the audience with the scope, 403 without the scope, and as the middleware does else.
func protectedAPI(t *testing.T, audience string, alg validator.SignatureAlgorithm, scope string) *httptest.Server {
	t.Helper()
	issuer, err := url.Parse(thisWorld.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	keys := jwks.NewCachingProvider(issuer, 5*time.Minute)
	tokens, err := validator.New(keys.KeyFunc, alg, issuer.String(), []string{audience},
		validator.WithCustomClaims(func() validator.CustomClaims { return &scopeClaims{} }))
	if err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims := r.Context().Value(jwtmiddleware.ContextKey{}).(*validator.ValidatedClaims)
		if !slices.Contains(strings.Fields(claims.CustomClaims.(*scopeClaims).Scope), scope) {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	server := httptest.NewServer(jwtmiddleware.New(tokens.ValidateToken).CheckJWT(handler))
	t.Cleanup(server.Close)
	return server
}

// expectStatus calls the API with the token, if there is one.
func expectStatus(t *testing.T, server *httptest.Server, token string, want int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != want {
		t.Errorf("%s, want %d", resp.Status, want)
	}
}
