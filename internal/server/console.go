package server

import (
	"context"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"strconv"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/mgmt"
	"github.com/writ-auth/writ/internal/middleware"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/web"
)

// docsURL is where the console's help is.
const docsURL = "https://github.com/writ-auth/writ/blob/main/docs"

// newConsole is the dashboard over this server; signer signs bearers of operators.
func (s *Server) newConsole(signer *signing.Signer) *web.Console {
	return web.NewConsole(web.ConsoleConfig{
		Desk:    s.desk,
		Tenants: consoleTenants{s},
		Bearer: func(ctx context.Context, operator admin.Operator, tenantName string) (web.Bearer, error) {
			return s.operatorBearer(ctx, signer, operator, tenantName)
		},
		Origin: func(r *http.Request) admin.Origin {
			return admin.Origin{Address: middleware.ClientIP(r.Context()), UserAgent: r.UserAgent()}
		},
		Plain: func(r *http.Request) bool {
			return !middleware.HTTPS(r) && domains.IsLocal(r.Host, s.ports().http)
		},
		InvitationLink: func(code string) tenant.Secret { return consoleLink(s.instance, "invitation", code) },
		DefaultTenant:  s.instance.DefaultTenant,
		Version:        version(),
		DocsURL:        docsURL,
		LocalCA:        s.localCA(),
		Now:            s.now,
		Log:            s.log,
	})
}

// localCA is where the files of the local CA are, nil where the operator brought a certificate or has a proxy with one. Paths are
// absolute: a page names them.
func (s *Server) localCA() *web.LocalCA {
	if s.cfg.TLSCert != "" || len(s.cfg.TrustedProxies) > 0 {
		return nil
	}
	return &web.LocalCA{Certificate: absolute(s.cfg.CAFile()), Bundle: absolute(s.cfg.CABundleFile())}
}

// absolute leaves a path as it is where the working directory cannot be told.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// operatorBearer is an operator's for one tenant, with the scopes of the role. Errors: admin.ErrNoMember.
func (s *Server) operatorBearer(ctx context.Context, signer *signing.Signer, operator admin.Operator, tenantName string) (web.Bearer, error) {
	role, err := s.desk.Role(ctx, operator.ID, tenantName)
	if err != nil {
		return web.Bearer{}, err
	}
	var all []string
	for _, scope := range mgmt.Scopes() {
		all = append(all, scope.Value)
	}
	scopes := role.Scopes(all)
	token, err := signer.OperatorToken(ctx, domains.SiteOf(s.instance, tenantName), operator.ID, scopes)
	return web.Bearer{AccessToken: token.Value, ExpiresIn: token.ExpiresIn, Scopes: scopes}, err
}

// version is what the build says of itself, shortly.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}

// consoleRoutes are the dashboard's, at the base domain, and the interfaces of tenants that its page calls. A tenant's own domain leads there.
func (s *Server) consoleRoutes(mux *http.ServeMux, base func(http.Handler) http.Handler) {
	mux.Handle(web.Prefix, base(s.console))
	mux.Handle(tenantPrefix+"{tenant}/api/v2/", base(s.ofTenant(s.mgmt.Serve)))
	mux.Handle(tenantPrefix+"{tenant}/api/v2", base(s.ofTenant(notFound))) // without this line the mux would redirect
	mux.Handle(tenantPrefix+"{tenant}/oauth/token", base(s.ofTenant(s.token.Serve)))
	mux.Handle("/manage", base(http.RedirectHandler(web.Prefix, http.StatusSeeOther)))
}

// base serves at the base domain, whether or not it has a default tenant.
func (s *Server) base(next http.Handler) http.Handler {
	elsewhere := s.site(s.toConsole)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.resolver.IsBase(r.Host):
			elsewhere.ServeHTTP(w, r)
		case s.misdirected(r):
			writeMisdirected(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// localBase is base for the plain HTTP listener, where localhost is the base domain, too.
func (s *Server) localBase(next http.Handler) http.Handler {
	elsewhere := s.localSite(s.toConsole)
	port := s.ports().http
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.resolver.IsBase(r.Host) && !domains.IsLocal(r.Host, port):
			elsewhere.ServeHTTP(w, r)
		case !s.near(r):
			writeTooFar(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// toConsole leads from a tenant's own domain to the console.
func (s *Server) toConsole(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		notFound(call, w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // a code may be in the address
	http.Redirect(w, r, s.BaseURL()+r.URL.RequestURI(), http.StatusFound)
}

// BaseURL is where the console is, without a slash at the end.
func (s *Server) BaseURL() string { return "https://" + domains.BaseAuthority(s.instance) }

// SetUpLinks are where somebody becomes the first owner, once, within a day.
type SetUpLinks struct {
	// Public is at the base domain.
	Public tenant.Secret
	// Local is on the plain listener, for a browser on this machine; empty = there is no such listener.
	Local tenant.Secret
}

// SetUpLinks makes links with a code that is good at both places, unless there is an owner: then they are empty. Whoever opens one owns
// the installation.
func (s *Server) SetUpLinks(ctx context.Context) (SetUpLinks, error) {
	code, err := s.desk.NewSetupCode(ctx)
	if err != nil || code == "" {
		return SetUpLinks{}, err
	}
	links := SetUpLinks{Public: consoleLink(s.instance, "setup", code)}
	if port := s.PlainPort(); port != 0 {
		links.Local = tenant.Secret("http://" + localhost + ":" + strconv.Itoa(port) + consolePath("setup", code))
	}
	return links, nil
}

// announceSetUp tells who runs the server how to become its owner. A store that cannot write now stops no start by that.
func (s *Server) announceSetUp(ctx context.Context) {
	links, err := s.SetUpLinks(ctx)
	switch {
	case err != nil:
		s.log.WarnContext(ctx, "cannot make a link to set up the first owner", "cause", err)
	case links.Public != "":
		attrs := []any{"link", links.Public.Reveal()}
		if links.Local != "" { // no browser warns of the local CA's certificate there
			attrs = append(attrs, "on_this_machine", links.Local.Reveal())
		}
		s.log.InfoContext(ctx, "nobody administers this installation yet: whoever opens this link becomes its owner", attrs...)
	}
}

// consoleTenants is what the console does with tenants.
type consoleTenants struct{ *Server }

var _ web.Tenants = consoleTenants{}

// Describe implements web.Tenants.
func (c consoleTenants) Describe(ctx context.Context, name string) (web.TenantInfo, error) {
	t, err := c.db.Snapshots().Tenant(ctx, name)
	if err != nil {
		return web.TenantInfo{}, err
	}
	return web.TenantInfo{Environment: t.Environment, Domain: domains.Domain(c.instance, name)}, nil
}

// Free implements web.Tenants.
func (c consoleTenants) Free(ctx context.Context, name string) error {
	return free(ctx, c.db, name)
}

// Delete implements web.Tenants.
func (c consoleTenants) Delete(ctx context.Context, name string) error {
	return deleteTenant(ctx, c.db, name)
}
