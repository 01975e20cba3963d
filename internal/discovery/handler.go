package discovery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// Keys are a tenant's published keys; *signing.Signer has them.
type Keys interface {
	// JWKS returns every published key. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
	JWKS(ctx context.Context, tenantName string) (signing.JWKSet, error)
	// Certificate returns that of the current RSA key. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
	Certificate(ctx context.Context, tenantName string) (signing.Certificate, error)
}

// Settings reads a tenant's settings; the store's snapshots have them.
type Settings interface {
	// Settings returns a snapshot that must not be written to. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
	Settings(ctx context.Context, tenantName string) (*tenant.Settings, error)
}

// Handler serves the public documents of a tenant. All fields are required. Safe for concurrent use.
//
// Every method answers GET and HEAD alone (NoHumanLogin says more) and 405 otherwise. Errors are JSON in the shape of the
// token endpoint: error, error_description.
type Handler struct {
	Keys     Keys
	Settings Settings
	Logger   *slog.Logger
}

// cacheControl is short, so that a rotation is seen soon, and forgiving, so that an outage does not stop who verifies tokens.
const cacheControl = "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400"

// contentTypeJSON is what Auth0 says, charset and all.
const contentTypeJSON = "application/json; charset=utf-8"

// publish answers with a document that may be cached; If-None-Match is answered with 304 (RFC 9110 section 13.1.2).
func publish(w http.ResponseWriter, r *http.Request, contentType string, document []byte) {
	sum := sha256.Sum256(document)
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", cacheControl)
	header.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(document))
}

func (h *Handler) publishJSON(w http.ResponseWriter, r *http.Request, value any) {
	document, err := json.Marshal(value)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	publish(w, r, contentTypeJSON, document)
}

// allowed refuses a method that is not among those given (RFC 9110 section 15.5.6).
func allowed(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	allow := strings.Join(methods, ", ")
	w.Header().Set("Allow", allow)
	writeError(w, http.StatusMethodNotAllowed, "invalid_request", "Method not allowed here: use "+allow)
	return false
}

// fail answers an error that is none of the caller's. Its cause is for the operator only.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		writeError(w, http.StatusNotFound, "not_found", "Not Found")
	case errors.Is(err, tenant.ErrUnavailable):
		w.Header().Set("Retry-After", "1")
		writeError(w, http.StatusServiceUnavailable, "temporarily_unavailable", "The server cannot reach its store right now; retry later.")
	case r.Context().Err() != nil: // the caller has gone: nobody reads this
		writeError(w, http.StatusServiceUnavailable, "temporarily_unavailable", "The request was cancelled.")
	default:
		h.Logger.ErrorContext(r.Context(), "cannot publish a discovery document", "path", r.URL.Path, "cause", err)
		writeError(w, http.StatusInternalServerError, "server_error", "Internal server error")
	}
}

// errorDocument is RFC 6749 section 5.2's.
type errorDocument struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func writeError(w http.ResponseWriter, status int, code, description string) {
	header := w.Header()
	header.Set("Content-Type", contentTypeJSON)
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The status is out: a connection that breaks now is the caller's loss.
	_ = json.NewEncoder(w).Encode(errorDocument{code, description})
}
