package cli

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
)

// timesheetsAPI is the protected API of the demo, as small as one can be: it knows its audience, its issuer and nothing else.
type timesheetsAPI struct {
	verifier *verifier
	issuer   string
	audience string
}

// serve answers on a free port of loopback until ctx ends, and returns its URL.
func (api *timesheetsAPI) serve(ctx context.Context) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /timesheets/upload", api.require("batch:upload", api.upload))
	mux.HandleFunc("GET /timesheets", api.require("read:timesheets", api.list))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	go server.Serve(listener) // ends with ctx
	return "http://" + listener.Addr().String(), nil
}

// require lets a request in whose bearer token was issued for this API and carries scope (RFC 6750 section 3.1).
func (api *timesheetsAPI) require(scope string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		claims, err := api.authenticate(r)
		if err != nil {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			reply(w, http.StatusUnauthorized, err.Error())
			return
		}
		if !claims.hasScope(scope) {
			w.Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+scope+`"`)
			reply(w, http.StatusForbidden, "The token does not carry the scope "+scope+".")
			return
		}
		next(w, r)
	}
}

func (api *timesheetsAPI) authenticate(r *http.Request) (*accessClaims, error) {
	compact, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, errors.New("a bearer token is required")
	}
	claims, err := api.verifier.verify(r.Context(), compact, api.issuer, api.audience, time.Now())
	if err != nil {
		return nil, errors.New("the token is not valid for this API")
	}
	return claims, nil
}

func (api *timesheetsAPI) upload(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusCreated, "Created timesheet 14 for employee 007.")
}

func (api *timesheetsAPI) list(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, "Employee 007 has 14 timesheets.")
}

func reply(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"message": message})
}
