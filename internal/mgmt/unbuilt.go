package mgmt

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// unbuilt are the routes of paths that Auth0 has and writ has not, in the order in which they match.
type unbuilt []unbuiltRoute

// unbuiltRoute is a line of unbuiltPaths with its route for each method.
type unbuiltRoute struct {
	segments []string
	deeper   bool
	byMethod map[string]*rest.Route
}

// anyBody names the schema of writes to a standing value: whatever JSON it is, the value itself is the judge. So a record shows
// the names of its properties and nothing of their values, which may be anything.
const anyBody = "unbuilt"

// newUnbuilt makes the routes of a table. A read answers as its line says. A write is refused, and so leaves a record: a change or a deletion
// of one thing as the read of it is, where that is a 404. Only one that
// asks of a standing value what is so already is answered with it. Nothing is accepted and then lost.
func newUnbuilt(paths []unbuiltPath, catalogue []tenant.Scope) unbuilt {
	routes := make(unbuilt, len(paths))
	for i, line := range paths {
		path, deeper := strings.CutSuffix(line.path, "/...")
		routes[i] = unbuiltRoute{segments: strings.Split(path, "/"), deeper: deeper, byMethod: map[string]*rest.Route{}}
		for method := range verbs() {
			scope := unbuiltScope(method, line.about, catalogue)
			route := &rest.Route{
				Method: method, Pattern: line.path, Scopes: []string{scope}, Summary: method + " " + line.path, Status: http.StatusOK,
			}
			switch {
			case method == http.MethodGet:
				route.Handler = line.read.handler(line.path, scope)
			case line.read.kind == readStanding && (method == http.MethodPut || method == http.MethodPatch):
				route.Schema = anyBody
				route.Handler = standingWrite(line.path, scope)
			case line.missesOne() && (method == http.MethodPatch || method == http.MethodDelete):
				route.Handler = line.read.handler(line.path, scope)
			default:
				route.Handler = refusedWrite(scope)
			}
			routes[i].byMethod[method] = route
		}
	}
	return routes
}

// missesOne reports whether the path names one of many things, none of which is there: so there is none to change or to delete either.
func (p unbuiltPath) missesOne() bool {
	return p.read.kind == readMissing && strings.Contains(p.path, "{")
}

// find returns the route of a path below the prefix; nil = Auth0 has no such path either.
func (u unbuilt) find(method, path string) *rest.Route {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	segments := strings.Split(path, "/")
	for _, route := range u {
		if route.matches(segments) {
			return route.byMethod[method]
		}
	}
	return nil
}

func (r unbuiltRoute) matches(path []string) bool {
	if len(path) < len(r.segments) || len(path) > len(r.segments) && !r.deeper {
		return false
	}
	return slices.EqualFunc(path[:len(r.segments)], r.segments, func(got, want string) bool {
		return got == want || strings.HasPrefix(want, "{")
	})
}

// unbuiltScope is the scope that Auth0 would ask for: the method's verb and what the path is about. Where the catalogue lacks that
// verb, it is another that the catalogue has.
func unbuiltScope(method, about string, catalogue []tenant.Scope) string {
	if strings.Contains(about, ":") {
		return about
	}
	wanted := verbs()[method] + ":" + about
	for _, scope := range []string{wanted, "update:" + about, "create:" + about, "read:" + about} {
		if slices.ContainsFunc(catalogue, func(s tenant.Scope) bool { return s.Value == scope }) {
			return scope
		}
	}
	return wanted
}

func verbs() map[string]string {
	return map[string]string{
		http.MethodGet: "read", http.MethodPost: "create", http.MethodPatch: "update", http.MethodPut: "update", http.MethodDelete: "delete",
	}
}

func refusedWrite(scope string) rest.Handler {
	return rest.Do(func(context.Context, struct{}) (rest.Nothing, error) { return rest.Nothing{}, unbuiltWrite(scope) })
}

type standingChange struct {
	Body json.RawMessage `body:"true"`
}

// standingWrite takes a write that changes nothing, because Auth0's tools send back what they have read.
func standingWrite(path, scope string) rest.Handler {
	value := unbuiltDefault(path)
	return rest.Do(func(_ context.Context, in standingChange) (json.RawMessage, error) {
		if !changesNothing(value, in.Body) {
			return nil, unbuiltWrite(scope)
		}
		return value, nil
	})
}

// changesNothing reports whether body is value, or an object whose members all are in value.
func changesNothing(value, body json.RawMessage) bool {
	var have, sent map[string]json.RawMessage
	if json.Unmarshal(value, &have) != nil || json.Unmarshal(body, &sent) != nil || sent == nil {
		return sameJSON(value, body)
	}
	for name, text := range sent {
		if !sameJSON(have[name], text) {
			return false
		}
	}
	return true
}

// sameJSON compares two JSON texts by their values; the order of members does not count.
func sameJSON(a, b json.RawMessage) bool {
	x, okX := canonicalJSON(a)
	y, okY := canonicalJSON(b)
	return okX && okY && bytes.Equal(x, y)
}

func canonicalJSON(text json.RawMessage) ([]byte, bool) {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return nil, false
	}
	sorted, err := json.Marshal(v)
	return sorted, err == nil
}

//go:embed unbuilt_defaults.json
var unbuiltDefaults []byte

// unbuiltDefault is the value that stands at a path of the table: as a new Auth0 tenant answers.
func unbuiltDefault(path string) json.RawMessage {
	all := must(decodeDefaults())
	if all[path] == nil {
		panic("mgmt: no value stands at " + path) // compiled in
	}
	return all[path]
}

func decodeDefaults() (all map[string]json.RawMessage, err error) {
	err = json.Unmarshal(unbuiltDefaults, &all)
	return all, err
}

// getOpenAPI needs no token: it says nothing of any tenant.
func (a *API) getOpenAPI(context.Context, struct{}) (json.RawMessage, error) { return a.openAPI() }
