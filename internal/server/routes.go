package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/middleware"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/token"
)

// cleanPath keeps the mux from redirecting paths with empty, . or .. segments: no client of an API wants to be sent elsewhere.
func cleanPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if escaped := r.URL.EscapedPath(); strings.Contains(escaped, "//") || strings.Contains(escaped, "/.") && !isWellKnown(escaped) {
			writeError(w, r, http.StatusNotFound, "Not Found")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isWellKnown tells the one path of ours with a segment that begins with a dot (RFC 8615).
func isWellKnown(escaped string) bool {
	rest, ok := strings.CutPrefix(escaped, "/.well-known/")
	return ok && !strings.Contains(rest, "/.")
}

// publicRoutes are those of the TLS listeners.
func (s *Server) publicRoutes() http.Handler {
	mux := http.NewServeMux()
	s.probes(mux)
	s.tenantRoutes(mux, s.site)
	s.consoleRoutes(mux, s.base)
	return mux
}

// privateRoutes are those of the plain HTTP listener: probes and metrics for everybody who can reach it, the tenants for trusted
// proxies and loopback only.
func (s *Server) privateRoutes() http.Handler {
	mux := http.NewServeMux()
	s.probes(mux)
	mux.Handle("GET /metrics", s.metrics.handler())
	s.tenantRoutes(mux, s.localSite)
	s.consoleRoutes(mux, s.localBase)
	return mux
}

// serveCall answers a request whose tenant is known.
type serveCall func(call tenant.Call, w http.ResponseWriter, r *http.Request)

// tenantRoutes are what a tenant's domain answers; everything else is a 404.
func (s *Server) tenantRoutes(mux *http.ServeMux, site func(serveCall) http.Handler) {
	for pattern, serve := range map[string]serveCall{
		"/oauth/token":                      s.token.Serve,
		"/oauth/token/{$}":                  s.token.Serve, // real tenants accept the slash
		"/api/v2/":                          s.mgmt.Serve,
		"/api/v2":                           notFound, // without this line the mux would redirect
		"/.well-known/openid-configuration": s.discovery.Metadata,
		"/.well-known/oauth-authorization-server": s.discovery.Metadata,
		"/.well-known/jwks.json":                  s.discovery.JWKS,
		"/pem":                                    s.discovery.PEM,
		"/cer":                                    s.discovery.CER,
		"/rawpem":                                 s.discovery.RawPEM,
		"/pb7":                                    s.discovery.PB7,
		"/fingerprint":                            s.discovery.Fingerprint,
		"/authorize":                              s.discovery.NoHumanLogin,
		"/userinfo":                               s.discovery.NoHumanLogin,
		"/oidc/logout":                            s.discovery.NoHumanLogin,
		"/oauth/device/code":                      s.discovery.NoHumanLogin,
		"/mfa/challenge":                          s.discovery.NoHumanLogin,
		"/oauth/revoke":                           s.discovery.NoHumanLogin,
		"/oidc/register":                          s.discovery.NoHumanLogin,
		"/":                                       notFound,
	} {
		mux.Handle(pattern, site(serve))
	}
}

func notFound(_ tenant.Call, w http.ResponseWriter, r *http.Request) {
	writeError(w, r, http.StatusNotFound, "Not Found")
}

// site finds the tenant by the authority that was called. A known one other than the TLS server name is misdirected (RFC 9110
// section 15.5.20): on this connection the caller has verified another host.
func (s *Server) site(serve serveCall) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site, err := s.resolver.Resolve(r.Context(), r.Host)
		if err == nil && s.misdirected(r) {
			writeMisdirected(w, r)
			return
		}
		s.serveSite(serve, site, err, w, r)
	})
}

func (s *Server) misdirected(r *http.Request) bool {
	return !domains.MatchesSNI(r.Host, r.TLS.ServerName) && !s.proxies.Trust(middleware.PeerIP(r))
}

func writeMisdirected(w http.ResponseWriter, r *http.Request) {
	writeError(w, r, http.StatusMisdirectedRequest, "This connection was made for another host")
}

// localSite is site for the plain HTTP listener.
func (s *Server) localSite(serve serveCall) http.Handler {
	port := s.ports().http
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.near(r) {
			writeTooFar(w, r)
			return
		}
		site, err := s.resolver.ResolveLocal(r.Context(), r.Host, port)
		s.serveSite(serve, site, err, w, r)
	})
}

// near reports whether a caller may use the plain HTTP listener.
func (s *Server) near(r *http.Request) bool {
	peer := middleware.PeerIP(r)
	return peer.IsLoopback() || s.proxies.Trust(peer)
}

func writeTooFar(w http.ResponseWriter, r *http.Request) {
	writeError(w, r, http.StatusForbidden, "Plain HTTP is served to trusted proxies and loopback only: use https")
}

func (s *Server) serveSite(serve serveCall, site tenant.Site, err error, w http.ResponseWriter, r *http.Request) {
	var unknown *domains.UnknownError
	switch {
	case errors.As(err, &unknown):
		writeError(w, r, http.StatusNotFound, unknown.Error())
	case err != nil:
		s.writeStoreGone(w, r, "cannot resolve the domain of a request", err)
	case site.Tenant == "":
		writeError(w, r, http.StatusNotFound, fmt.Sprintf(
			"%s is the base domain and has no default tenant: call TENANT.%s", site.Domain, site.Domain))
	default:
		middleware.SetTenant(w, site.Tenant)
		serve(newCall(site, r), w, r)
	}
}

// writeStoreGone answers who may try again; the log tells why.
func (s *Server) writeStoreGone(w http.ResponseWriter, r *http.Request, what string, cause error) {
	s.log.ErrorContext(r.Context(), what, "cause", cause)
	w.Header().Set("Retry-After", "1")
	writeError(w, r, http.StatusServiceUnavailable, "The server cannot reach its store right now; retry later.")
}

// newCall gathers what the edge knows of a request.
func newCall(site tenant.Site, r *http.Request) tenant.Call {
	return tenant.Call{
		Site:        site,
		RequestID:   middleware.RequestID(r.Context()),
		IP:          middleware.ClientIP(r.Context()),
		Peer:        middleware.PeerIP(r),
		UserAgent:   clip(r.UserAgent(), 512),
		Auth0Client: clip(r.Header.Get("Auth0-Client"), 1024),
	}
}

// clip bounds a header that goes into the log, in bytes, and makes it valid text.
func clip(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "")
}

// writeFault answers a panic in the endpoint's own format.
func (s *Server) writeFault(w http.ResponseWriter, r *http.Request) {
	if isTokenEndpoint(r) {
		token.WriteInternal(w)
		return
	}
	writeError(w, r, http.StatusInternalServerError, "An internal server error occurred")
}

// isTokenEndpoint also knows the one below the console's address.
func isTokenEndpoint(r *http.Request) bool {
	path := r.URL.Path
	return strings.HasPrefix(path, "/oauth/") || strings.HasPrefix(path, tenantPrefix) && strings.HasSuffix(path, "/oauth/token")
}

// writeError answers what no handler of a tenant gets to see, in the format of the endpoint that was called.
func writeError(w http.ResponseWriter, r *http.Request, status int, message string) {
	type oauthBody struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	type apiBody struct {
		StatusCode int    `json:"statusCode"`
		Error      string `json:"error"`
		Message    string `json:"message"`
	}
	var body any = apiBody{status, http.StatusText(status), message}
	if isTokenEndpoint(r) {
		code := "invalid_request"
		if status == http.StatusServiceUnavailable {
			code = "temporarily_unavailable"
		}
		body = oauthBody{code, message}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(body) // the caller may have gone
}
