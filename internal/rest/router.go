package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/tenant"
)

// Config is what a Router is made of. All fields are needed.
type Config struct {
	// Prefix stands before every pattern: "/api/v2".
	Prefix  string
	Routes  []Route
	Schemas Schemas
	// Authenticate judges the Authorization header. Errors: *Error.
	Authenticate func(ctx context.Context, call tenant.Call, header http.Header) (Principal, error)
	// Admit counts a request against the limit of its family: a Route's, or one of those below. nil = there are no limits.
	Admit func(ctx context.Context, caller Caller, family string) limit.Verdict
	// Fallback finds the route of a request whose path, here without Prefix and as it was escaped, is no pattern's of Routes;
	// nil = an unknown route.
	Fallback func(method, path string) *Route
	// Refused is told of a refused write (4xx) of an authenticated caller before the answer is sent.
	Refused func(ctx context.Context, caller Caller, refusal *Error)
	Logger  *slog.Logger
}

// Families of requests that are no route's.
const (
	// FamilyStrangers are the requests without a valid token: whoever sends them uses up no client's limit.
	FamilyStrangers = "strangers"
	// FamilyUnknown are the requests with a valid token that no route matches.
	FamilyUnknown = "unknown"
)

// Router serves a route table. It is safe for concurrent use.
type Router struct {
	cfg Config
	// ahead has the routes that are Ahead, others the others.
	ahead, others patterns
}

// patterns are routes that do not conflict.
type patterns struct {
	mux *http.ServeMux
	// paths knows every pattern without its method: a path that is there under another method is an unknown route.
	paths *http.ServeMux
}

func newPatterns() patterns { return patterns{mux: http.NewServeMux(), paths: http.NewServeMux()} }

// list reports whether a route, of whatever method, has the path of the request.
func (p patterns) list(r *http.Request) bool {
	_, pattern := p.paths.Handler(r)
	return pattern != ""
}

// NewRouter checks the table and builds the router. Errors: a route whose schema does not exist.
func NewRouter(cfg Config) (*Router, error) {
	rt := &Router{cfg: cfg, ahead: newPatterns(), others: newPatterns()}
	seen := map[string]bool{}
	for i := range cfg.Routes {
		route := &cfg.Routes[i]
		if route.Schema != "" && cfg.Schemas[route.Schema] == nil {
			return nil, fmt.Errorf("route %s %s: no schema %s", route.Method, route.Pattern, route.Schema)
		}
		among := rt.others
		if route.Ahead {
			among = rt.ahead
		}
		among.mux.HandleFunc(route.pattern(cfg.Prefix), func(w http.ResponseWriter, r *http.Request) {
			rt.serve(route, w.(*exchange), r)
		})
		if !seen[route.Pattern] {
			seen[route.Pattern] = true
			among.paths.Handle(cfg.Prefix+route.Pattern, http.NotFoundHandler())
		}
	}
	for _, p := range []patterns{rt.ahead, rt.others} {
		p.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { rt.fallback(w.(*exchange), r) })
	}
	return rt, nil
}

// exchange carries the call beside the answer through the mux, so that nothing needs to hide in a context.
type exchange struct {
	http.ResponseWriter
	call  tenant.Call
	wrote bool
}

func (x *exchange) WriteHeader(status int) {
	x.wrote = true
	x.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// Serve answers one request to the tenant of call. The mux sees the escaped path: an identifier may stand in one segment.
func (rt *Router) Serve(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	x := &exchange{ResponseWriter: w, call: call}
	defer func() {
		if cause := recover(); cause != nil {
			rt.crashed(x, r, cause)
		}
	}()
	if escaped := r.URL.EscapedPath(); escaped != path.Clean(escaped) {
		rt.fallback(x, r) // the mux would redirect, which turns a POST into a GET
		return
	}
	if rt.ahead.list(r) {
		rt.ahead.mux.ServeHTTP(x, r)
		return
	}
	rt.others.mux.ServeHTTP(x, r)
}

func (rt *Router) crashed(x *exchange, r *http.Request, cause any) {
	if cause == http.ErrAbortHandler || x.wrote {
		panic(cause) // the answer has begun; only cutting the connection tells the caller
	}
	rt.cfg.Logger.ErrorContext(r.Context(), "panic in a Management API handler",
		"request_id", x.call.RequestID, "method", r.Method, "path", r.URL.Path, "panic", cause, "stack", string(debug.Stack()))
	WriteError(x, Internal(nil))
}

func (rt *Router) fallback(x *exchange, r *http.Request) {
	if route := rt.unlisted(r); route != nil {
		rt.serve(route, x, r)
		return
	}
	caller, family, err := Caller{Call: x.call}, FamilyUnknown, error(nil)
	if caller.Principal, err = rt.cfg.Authenticate(r.Context(), x.call, r.Header); err != nil {
		family = FamilyStrangers
	}
	if rt.admitted(x, r, caller, family) {
		rt.refuse(r, x, caller, nil, UnknownRoute())
	}
}

// unlisted is the fallback's route for a request that no pattern matches; nil = none. A path that stands in the table under
// another method is an unknown route, and so is one that is unclean.
func (rt *Router) unlisted(r *http.Request) *Route {
	escaped := r.URL.EscapedPath()
	below, ok := strings.CutPrefix(escaped, rt.cfg.Prefix)
	if !ok || rt.ahead.list(r) || rt.others.list(r) || escaped != path.Clean(escaped) {
		return nil
	}
	return rt.cfg.Fallback(r.Method, below)
}

// admitted counts the request and tells in the answer's headers what is left (Auth0: x-ratelimit-*). Where nothing is left, it has
// answered. Nothing else was done then, and no record of a refused write is made: the one who counts keeps a record of its own.
func (rt *Router) admitted(x *exchange, r *http.Request, caller Caller, family string) bool {
	if rt.cfg.Admit == nil {
		return true
	}
	v := rt.cfg.Admit(r.Context(), caller, family)
	if v.Limited {
		tellLimit(x.Header(), v)
	}
	if !v.Allowed {
		WriteError(x, TooManyRequests(v))
	}
	return v.Allowed
}

func (rt *Router) serve(route *Route, x *exchange, r *http.Request) {
	caller := Caller{Call: x.call, Operation: Operation{
		Summary: route.Summary, Method: route.Method, Path: r.URL.EscapedPath(), Status: route.Status,
	}}
	family, err := route.family(), error(nil)
	if len(route.Scopes) > 0 { // 1 who
		caller.Principal, err = rt.cfg.Authenticate(r.Context(), x.call, r.Header)
	}
	if err != nil || len(route.Scopes) == 0 {
		family = FamilyStrangers
	}
	if !rt.admitted(x, r, caller, family) { // 2 not too often
		return
	}
	var out any
	if err == nil {
		out, err = rt.run(route, &caller, x, r)
	}
	if err != nil {
		rt.refuse(r, x, caller, route, err)
		return
	}
	if route.Status == http.StatusNoContent {
		writeJSON(x, route.Status, nil)
		return
	}
	mediaType, text, err := encode(out)
	if err != nil {
		rt.refuse(r, x, caller, route, err)
		return
	}
	if headered, ok := out.(Headered); ok {
		headered.SetHeader(x.Header())
	}
	status := route.Status
	if created, ok := out.(Created); ok && created.Created() {
		status = http.StatusCreated
	}
	write(x, status, mediaType, text)
}

// run takes an admitted request of a known caller through its stages. It fills caller as it learns, so that a refusal can be told
// with what was known.
func (rt *Router) run(route *Route, caller *Caller, x *exchange, r *http.Request) (any, error) {
	ctx := r.Context()
	if len(route.Scopes) > 0 && !caller.Principal.HasAny(route.Scopes...) { // 3 may they
		return nil, InsufficientScope(route.Scopes...)
	}
	var err error
	if caller.Operation.Query, err = url.ParseQuery(r.URL.RawQuery); err != nil { // 4 the query can be read
		return nil, InvalidQuery("The query string is malformed")
	}
	if route.Schema != "" { // 5 the body can be read and keeps to its schema
		schema := rt.cfg.Schemas[route.Schema]
		doc, err := readBody(x.ResponseWriter, r, schema)
		if err != nil {
			return nil, err
		}
		if err := schema.validate(doc.tree); err != nil {
			return nil, err // and Body stays empty: an unknown property may be a misspelt secret, which no log should keep
		}
		caller.Operation.Body, caller.Operation.Schema = doc.text, route.Schema
	}
	return route.Handler.serve(ctx, route.Handler.binding, *caller, r.PathValue) // 6 the parameters, then the deed
}

// refuse answers with an error, after it was put on record: a 4xx write in the tenant's log, a fault in the operator's.
func (rt *Router) refuse(r *http.Request, x *exchange, caller Caller, route *Route, err error) {
	refusal := AsError(err)
	ctx := context.WithoutCancel(r.Context())
	switch {
	case r.Context().Err() != nil && refusal.Status == http.StatusInternalServerError: // the caller went away
	case refusal.Status >= http.StatusInternalServerError:
		level := slog.LevelError
		if refusal.overload {
			level = slog.LevelWarn
		}
		rt.cfg.Logger.Log(ctx, level, "Management API request failed",
			"request_id", x.call.RequestID, "tenant", x.call.Tenant, "method", r.Method, "path", r.URL.Path, "error", err.Error())
	case route != nil && route.writes() && caller.Principal.Known():
		rt.cfg.Refused(ctx, caller, refusal)
	}
	WriteError(x, refusal)
}
