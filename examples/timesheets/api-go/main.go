// The Timesheets API: it lets a request in whose bearer token was issued for it and carries the scope.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	jwtmiddleware "github.com/auth0/go-jwt-middleware/v2"
	"github.com/auth0/go-jwt-middleware/v2/jwks"
	"github.com/auth0/go-jwt-middleware/v2/validator"
)

// scopeClaim is the part of the token that is not standard to every JWT.
type scopeClaim struct {
	Scope string `json:"scope"`
}

// Validate is called by the middleware after the signature and the registered claims have been checked.
func (*scopeClaim) Validate(context.Context) error { return nil }

func (c *scopeClaim) has(scope string) bool {
	for s := range strings.SplitSeq(c.Scope, " ") {
		if s == scope {
			return true
		}
	}
	return false
}

func main() {
	issuer, err := url.Parse(os.Getenv("ISSUER")) // https://DOMAIN/ with the slash, as in the token
	if err != nil {
		log.Fatal(err)
	}
	// The keys are fetched when first needed and kept for five minutes; a rotation publishes the next key long before it signs.
	keys := jwks.NewCachingProvider(issuer, 5*time.Minute)
	tokens, err := validator.New(keys.KeyFunc, validator.RS256, issuer.String(), []string{os.Getenv("AUDIENCE")},
		validator.WithCustomClaims(func() validator.CustomClaims { return &scopeClaim{} }))
	if err != nil {
		log.Fatal(err)
	}
	middleware := jwtmiddleware.New(tokens.ValidateToken, jwtmiddleware.WithErrorHandler(
		func(w http.ResponseWriter, _ *http.Request, err error) {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			reply(w, http.StatusUnauthorized, "A valid token is required.")
		}))

	mux := http.NewServeMux()
	mux.Handle("GET /timesheets", middleware.CheckJWT(require("read:timesheets", list)))
	mux.Handle("POST /timesheets/upload", middleware.CheckJWT(require("batch:upload", upload)))
	server := &http.Server{Addr: os.Getenv("ADDRESS"), Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// require refuses valid tokens without the scope: 403, because another token of the same client will not help.
func require(scope string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := r.Context().Value(jwtmiddleware.ContextKey{}).(*validator.ValidatedClaims)
		custom, ok := claims.CustomClaims.(*scopeClaim)
		if !ok || !custom.has(scope) {
			w.Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+scope+`"`)
			reply(w, http.StatusForbidden, "The token does not carry the scope "+scope+".")
			return
		}
		next(w, r)
	})
}

func list(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, "Employee 007 has 14 timesheets.")
}

func upload(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusCreated, "Created timesheet 14 for employee 007.")
}

func reply(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"message": message})
}
