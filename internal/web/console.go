package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// maxBody bounds a form and a JSON body, in bytes.
const maxBody = 64 << 10

// Tenants is what the console does with tenants themselves; what is in them the page gets from their Management APIs. Its methods may
// also fail with tenant.ErrUnavailable.
type Tenants interface {
	// Describe errors: tenant.ErrNotFound.
	Describe(ctx context.Context, name string) (TenantInfo, error)
	// Free reports why a name cannot be given: nil; what tenant.ValidateName says; tenant.ErrExists; tenant.ErrTombstoned.
	Free(ctx context.Context, name string) error
	// Delete removes a tenant with all that it owns; its name is never given again. Errors: tenant.ErrNotFound.
	Delete(ctx context.Context, name string) error
}

// TenantInfo is what the page shows of a tenant that somebody is a member of.
type TenantInfo struct {
	Environment tenant.Environment
	// Domain is the canonical one.
	Domain string
}

// Bearer is an access token for one tenant's Management API.
type Bearer struct {
	AccessToken tenant.Secret
	// ExpiresIn is in seconds.
	ExpiresIn int
	// Scopes are those of the operator's role.
	Scopes []string
}

// LocalCA is where on the server's machine the authority of its certificate is. Paths are absolute.
type LocalCA struct {
	// Certificate is a PEM file of the CA's certificate alone.
	Certificate string `json:"certificate"`
	// Bundle has the system's roots, too.
	Bundle string `json:"bundle"`
}

// ConsoleConfig is what the console stands on. All fields are needed, but for DefaultTenant and LocalCA.
type ConsoleConfig struct {
	Desk    *admin.Desk
	Tenants Tenants
	// Bearer makes an operator's bearer. Errors: admin.ErrNoMember.
	Bearer func(ctx context.Context, operator admin.Operator, tenantName string) (Bearer, error)
	// Origin tells who sent a request: behind trusted proxies the forwarded address.
	Origin func(r *http.Request) admin.Origin
	// Plain reports whether a request came over plain HTTP to localhost, the one place where a browser may keep a cookie that is not
	// marked Secure.
	Plain func(r *http.Request) bool
	// InvitationLink is the public address at which an invitation's code is taken.
	InvitationLink func(code string) tenant.Secret
	// DefaultTenant is the base domain's; empty = none.
	DefaultTenant string
	// Version is writ's, DocsURL the folder of these docs, for the page to show.
	Version, DocsURL string
	// LocalCA is told to who is signed in; nil = callers know the authority of the server's certificate.
	LocalCA *LocalCA
	Now     func() time.Time
	Log     *slog.Logger
}

// Console is everything under Prefix but the tenants' own interfaces: the pages without scripts, the JSON that the page lives on, and
// the page. Safe for concurrent use.
type Console struct {
	ConsoleConfig
	page   *pageHandler
	routes http.Handler
	// pace bounds what each operator asks of this node.
	pace *pace
}

// NewConsole makes the handler. It is to be reached at the base domain only: there its cookies are.
func NewConsole(cfg ConsoleConfig) *Console {
	c := &Console{ConsoleConfig: cfg, pace: newPace(cfg.Now)}
	c.page = newPageHandler(c.door, cfg.Log)
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeRefusal(w, refusal{Status: http.StatusForbidden, Message: "This request comes from another site."})
	}))
	c.routes = origins.Handler(c.mux())
	return c
}

func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	c.routes.ServeHTTP(w, r)
}

// mux is every route of the console. What is none of them is the page's business: it knows its own addresses.
func (c *Console) mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle(Prefix, c.page)
	for path, page := range c.forms() {
		mux.HandleFunc("GET "+Prefix+path, page.show)
		mux.HandleFunc("POST "+Prefix+path, page.submit)
	}
	mux.HandleFunc("POST "+Prefix+"setup/available", c.setUpAvailable)
	mux.HandleFunc("POST "+Prefix+"signout", c.signOut)
	for pattern, serve := range c.operations() {
		mux.Handle(underPrefix(pattern), c.signedIn(serve))
	}
	return mux
}

// form is a page without scripts.
type form struct{ show, submit http.HandlerFunc }

// forms are the pages for who is not signed in, by path.
func (c *Console) forms() map[string]form {
	return map[string]form{
		"setup":       {c.showSetUp, c.setUp},
		"signin":      {c.showSignIn, c.signIn},
		"signin/code": {c.showSignInCode, c.signInCode},
		"invitation":  {c.showInvitation, c.accept},
		"reset":       {c.showReset, c.reset},
	}
}

// operations are what the page asks for who is signed in. A GET changes nothing: other sites may lead a browser to it.
func (c *Console) operations() map[string]endpoint {
	return map[string]endpoint{
		"GET session":          c.session,
		"POST token":           c.token,
		"GET sessions":         c.sessions,
		"DELETE sessions/{id}": c.revokeSession,
		"POST password":        c.changePassword,
		"POST totp":            c.beginTOTP,
		"PUT totp":             c.confirmTOTP,
		"DELETE totp":          c.removeTOTP,

		"GET tenants/available":                    c.tenantAvailable,
		"POST tenants":                             c.createTenant,
		"DELETE tenants/{tenant}":                  c.deleteTenant,
		"GET tenants/{tenant}/members":             c.members,
		"PATCH tenants/{tenant}/members/{id}":      c.setRole,
		"DELETE tenants/{tenant}/members/{id}":     c.removeMember,
		"GET tenants/{tenant}/invitations":         c.invitations,
		"POST tenants/{tenant}/invitations":        c.invite,
		"DELETE tenants/{tenant}/invitations/{id}": c.withdraw,
		"GET tenants/{rest...}":                    nowhere,
		"GET sessions/{rest...}":                   nowhere,
	}
}

// door is where someone has to go before the page: nowhere with a session; to the sign-in, and from there back to this page; to the
// set-up while there is no owner.
func (c *Console) door(r *http.Request) (string, error) {
	_, err := c.operatorSession(r)
	if !errors.Is(err, admin.ErrNoSession) {
		return "", err
	}
	owned, err := c.Desk.HasOwner(r.Context())
	switch {
	case err != nil:
		return "", err
	case !owned:
		return setUpPath, nil
	case r.URL.Path == Prefix:
		return signInPath, nil
	}
	return signInPath + "?" + url.Values{"to": {r.URL.RequestURI()}}.Encode(), nil
}

// operatorSession is whose cookie came. Errors: admin.ErrNoSession; tenant.ErrUnavailable.
func (c *Console) operatorSession(r *http.Request) (*admin.Session, error) {
	token := c.cookie(r, sessionCookie)
	if token == "" {
		return nil, admin.ErrNoSession
	}
	return c.Desk.Session(r.Context(), token)
}
