package rest

import (
	"context"
	"reflect"
	"strings"
)

// Route is one line of a route table.
type Route struct {
	// Method and Pattern are a net/http ServeMux pattern, below the router's prefix: "/clients/{id}".
	Method, Pattern string
	// Scopes: the token must hold one of them. Empty = no token is asked for.
	Scopes []string
	// Summary is the operation's name in the log and in the OpenAPI document.
	Summary string
	// Schema names the body's schema; empty = no body is read.
	Schema string
	// Status is the answer's on success.
	Status int
	// Creates: what the handler made anew is answered with 201 in place of Status (RFC 9110 section 9.3.4); its answer is Created.
	Creates bool
	// Ahead: the pattern is tried before the others. It is for one with a literal segment where another, which may match the same path, has a
	// parameter, and the other way round: /organizations/name/{name} and /organizations/{id}/client-grants. A ServeMux takes no two such.
	Ahead bool
	// Also is another media type than JSON that the answer may have; empty = none. The answer is then Encoded.
	Also    string
	Handler Handler
}

// family is what shares a limit: the requests to one collection that read, and those that write.
func (r *Route) family() string {
	collection, _, _ := strings.Cut(strings.TrimPrefix(r.Pattern, "/"), "/")
	if r.writes() {
		return "write " + collection
	}
	return "read " + collection
}

// writes reports whether the route changes something, so that a refusal is worth a record.
func (r *Route) writes() bool { return r.Method != "GET" }

// pattern is what the mux matches below prefix.
func (r *Route) pattern(prefix string) string { return r.Method + " " + prefix + r.Pattern }

// operationID is unique and reads like the SDKs' method names: get_clients_id.
func (r *Route) operationID() string {
	words := strings.FieldsFunc(strings.ToLower(r.Method)+r.Pattern, func(c rune) bool { return strings.ContainsRune("/{}-.", c) })
	return strings.Join(words, "_")
}

// Handler is a typed function made ready for the router: see Do.
type Handler struct {
	binding binding
	serve   func(ctx context.Context, b binding, caller Caller, path func(string) string) (any, error)
}

// Do makes a handler of a function of values. In is a struct whose fields are filled from the path (`path:"id"`), the query
// (`query:"page"`), the body (`body:"true"`, decoded after the schema judged it) and the Caller. Out is marshalled as the answer; it may
// be Headered. An error that is no *Error is read by AsError.
func Do[In, Out any](fn func(context.Context, In) (Out, error)) Handler {
	return Handler{
		binding: bindingOf(reflect.TypeFor[In]()),
		serve: func(ctx context.Context, b binding, caller Caller, path func(string) string) (any, error) {
			var in In
			if err := b.fill(reflect.ValueOf(&in), caller, path); err != nil {
				return nil, err
			}
			return fn(ctx, in)
		},
	}
}

// Nothing is the Out of a handler that answers 204.
type Nothing struct{}
