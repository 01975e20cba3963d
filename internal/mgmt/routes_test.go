package mgmt

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/httpscript"
	"github.com/writ-auth/writ/internal/rest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A change of the API shows as a change of this file; go test ./internal/mgmt -update writes it anew.
func TestOpenAPIIsTheGoldenFile(t *testing.T) {
	e := newEnv(t)
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, append(slices.Clone(e.api.openAPI), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := append(slices.Clone(e.api.openAPI), '\n'); !bytes.Equal(got, want) {
		t.Error("the OpenAPI document differs from its golden file: if that is meant, run go test ./internal/mgmt -update")
	}
}

func TestEveryRouteHasScopesAndSchemaAndScript(t *testing.T) {
	e := newEnv(t)
	scripts := readScripts(t)
	known := append(scopeValues(Scopes()), unlistedScopes()...)
	for _, route := range e.api.routes() {
		name := route.Method + " " + route.Pattern
		if len(route.Scopes) == 0 && route.Pattern != "/openapi.json" {
			t.Errorf("%s asks for no scope", name)
		}
		for _, scope := range route.Scopes {
			if !slices.Contains(known, scope) {
				t.Errorf("%s asks for %s, which nobody can be granted", name, scope)
			}
		}
		takesBody := route.Method == http.MethodPost && !strings.Contains(route.Pattern, "rotate") || route.Method == http.MethodPatch
		if takesBody != (route.Schema != "") {
			t.Errorf("%s: schema %q", name, route.Schema)
		}
		if route.Summary == "" {
			t.Errorf("%s has no summary", name)
		}
		if !mentions(scripts, route) {
			t.Errorf("%s is in no script", name)
		}
	}
}

func readScripts(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".txt") {
			continue
		}
		text, err := os.ReadFile("testdata/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func mentions(scripts string, route rest.Route) bool {
	wanted := strings.Split(route.Pattern, "/")
	for line := range strings.SplitSeq(scripts, "\n") {
		request, ok := strings.CutPrefix(line, ">>> "+route.Method+" ")
		path, _, _ := strings.Cut(request, "?")
		got := strings.Split(path, "/")
		if ok && slices.EqualFunc(wanted, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") }) {
			return true
		}
	}
	return false
}

// Every route is refused without a token and with a token that lacks its scopes.
func TestEveryRouteRefusesStrangers(t *testing.T) {
	e := newEnv(t)
	weak := e.token(acme, "read:stats")
	for _, route := range e.api.routes() {
		if len(route.Scopes) == 0 {
			continue
		}
		path := filled(route.Pattern, "x")
		if status, body := e.ask(acme, "", route.Method, path, "{}"); status != http.StatusUnauthorized {
			t.Errorf("%s %s without a token: %d %s", route.Method, path, status, body)
		}
		status, body := e.ask(acme, weak, route.Method, path, "{}")
		want := "Insufficient scope, expected any of: " + strings.Join(route.Scopes, ", ")
		if status != http.StatusForbidden || !strings.Contains(body, want) {
			t.Errorf("%s %s with a weak token: %d %s", route.Method, path, status, body)
		}
	}
}

func filled(pattern, id string) string {
	open := strings.Index(pattern, "{")
	if open < 0 {
		return pattern
	}
	return pattern[:open] + id + pattern[strings.Index(pattern, "}")+1:]
}

// Every route that takes an id answers an id of another tenant as it answers one that never was, and leaves the object alone.
func TestForeignIDsAreUnknown(t *testing.T) {
	e := newEnv(t)
	ids := e.objectsOf(other)
	bodies := map[string]string{"clients.patch": `{"name":"stolen"}`, "resource_servers.patch": `{"name":"stolen"}`, "client_grants.patch": `{"scope":[]}`}
	token, foreign := e.token(acme), e.token(other)
	for _, route := range e.api.routes() {
		if !strings.Contains(route.Pattern, "{") {
			continue
		}
		family := strings.Split(route.Pattern, "/")[1]
		for _, id := range ids[family] {
			path := filled(route.Pattern, id)
			status, body := e.ask(acme, token, route.Method, path, bodies[route.Schema])
			unknown, unknownBody := e.ask(acme, token, route.Method, filled(route.Pattern, "never-was"), bodies[route.Schema])
			if status != unknown || body != unknownBody || (status != http.StatusNotFound && status != http.StatusNoContent) {
				t.Errorf("%s %s: %d %s, an id that never was: %d %s", route.Method, path, status, body, unknown, unknownBody)
			}
		}
	}
	for family, all := range ids {
		collection := map[string]string{"keys": "/keys/signing/"}[family]
		if collection == "" {
			collection = "/" + family + "/"
		}
		for _, id := range all {
			if status, body := e.ask(other, foreign, "GET", collection+id, ""); status != http.StatusOK || strings.Contains(body, "stolen") {
				t.Errorf("%s%s of its own tenant afterwards: %d %s", collection, id, status, body)
			}
		}
	}
}

// objectsOf makes one object of each kind and returns the ids by the first segment of their routes.
func (e *env) objectsOf(name string) map[string][]string {
	e.t.Helper()
	token := e.token(name)
	made := func(path, body, id string) string {
		status, text := e.ask(name, token, "POST", path, body)
		if status != http.StatusCreated {
			e.t.Fatalf("POST %s: %d %s", path, status, text)
		}
		return e.property(text, id)
	}
	client := made("/clients", `{"name":"theirs"}`, "client_id")
	api := made("/resource-servers", `{"identifier":"urn:theirs"}`, "id")
	grant := made("/client-grants", fmt.Sprintf(`{"client_id":%q,"audience":"urn:theirs","scope":[]}`, client), "id")
	_, logs := e.ask(name, token, "GET", "/logs?per_page=1", "")
	_, keys := e.ask(name, token, "GET", "/keys/signing", "")
	return map[string][]string{
		"clients": {client}, "resource-servers": {api, "urn:theirs"}, "client-grants": {grant},
		"logs": {e.property(logs, "0.log_id")}, "keys": {e.property(keys, "0.kid")},
	}
}

func (e *env) property(text, path string) string {
	e.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		e.t.Fatalf("%v in %s", err, text)
	}
	return httpscript.Lookup(v, path)
}

// Ids of another tenant in a body are refused like ids that never were.
func TestForeignIDsInBodies(t *testing.T) {
	e := newEnv(t)
	ids := e.objectsOf(other)
	token := e.token(acme)
	if status, body := e.ask(acme, token, "POST", "/resource-servers", `{"identifier":"urn:mine"}`); status != http.StatusCreated {
		t.Fatal(body)
	}
	for _, body := range []string{
		fmt.Sprintf(`{"client_id":%q,"audience":"urn:mine","scope":[]}`, ids["clients"][0]),
		fmt.Sprintf(`{"client_id":%q,"audience":"urn:theirs","scope":[]}`, e.bootstrap(acme).ClientID),
		fmt.Sprintf(`{"client_id":%q,"audience":%q,"scope":[]}`, e.bootstrap(acme).ClientID, callTo(other).ManagementAudience()),
	} {
		if status, text := e.ask(acme, token, "POST", "/client-grants", body); status != http.StatusNotFound {
			t.Errorf("%s: %d %s", body, status, text)
		}
	}
}
