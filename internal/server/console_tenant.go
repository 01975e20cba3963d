package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/middleware"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/web"
)

// tenantPrefix stands before a tenant's name where the console reaches the tenant's own interfaces.
const tenantPrefix = web.Prefix + "t/"

// ofTenant serves {tenant}'s own interface below the console's address: the same handler, as if it had been called at the tenant's
// canonical domain. No cookie gets through, so that nobody's browser can be made to act here: only a bearer, or a client's credentials,
// opens anything. A tenant that is not there is a 404; that it is not there its domain tells as well.
func (s *Server) ofTenant(serve serveCall) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("tenant")
		inner, ok := withoutPrefix(r, tenantPrefix+name)
		if !ok || tenant.ValidateName(name) != nil {
			writeError(w, r, http.StatusNotFound, "Not Found")
			return
		}
		_, err := s.db.Snapshots().Tenant(r.Context(), name)
		switch {
		case errors.Is(err, tenant.ErrNotFound):
			writeError(w, r, http.StatusNotFound, "Not Found")
		case err != nil:
			s.writeStoreGone(w, r, "cannot find the tenant of a request", err)
		default:
			inner.Header.Del("Cookie")
			middleware.SetTenant(w, name)
			serve(newCall(domains.SiteOf(s.instance, name), inner), w, inner)
		}
	})
}

// withoutPrefix is the request below prefix, with headers of its own. It reports false if the prefix is spelt otherwise (%64ev for dev):
// what is behind it would not be where it is looked for.
func withoutPrefix(r *http.Request, prefix string) (*http.Request, bool) {
	below, ok := strings.CutPrefix(r.URL.Path, prefix)
	raw, rawOK := strings.CutPrefix(r.URL.RawPath, prefix)
	if !ok || r.URL.RawPath != "" && !rawOK {
		return nil, false
	}
	inner := r.Clone(r.Context())
	inner.URL = &url.URL{Path: below, RawPath: raw, RawQuery: r.URL.RawQuery}
	return inner, true
}
