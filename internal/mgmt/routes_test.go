package mgmt

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/rest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A change of the API shows as a change of this file; go test ./internal/mgmt -update writes it anew.
func TestOpenAPIIsTheGoldenFile(t *testing.T) {
	e := newEnv(t)
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, append(slices.Clone(must(e.api.openAPI())), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := append(slices.Clone(must(e.api.openAPI())), '\n'); !bytes.Equal(got, want) {
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
		writes := route.Method != http.MethodGet && route.Method != http.MethodDelete
		if takesBody := writes && !slices.Contains(bodiless(), name); takesBody != (route.Schema != "") {
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

// bodiless are the writes that are told nothing but which object.
func bodiless() []string {
	return []string{
		"POST /clients/{id}/rotate-secret", "POST /keys/signing/rotate", "PUT /keys/signing/{kid}/revoke", "POST /keys/encryption/rekey",
		"POST /keys/encryption/{kid}/wrapping-key", "POST /actions/actions/{id}/deploy", "POST /actions/modules/{id}/versions",
		"POST /custom-domains/{id}/verify", "POST /custom-domains/{id}/test",
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
	weak := e.token(acme, "read:entitlements") // which no route asks for
	for _, route := range e.api.routes() {
		if len(route.Scopes) == 0 {
			continue
		}
		path := filled(route.Pattern)
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

// filled puts x in the place of every parameter of a path.
func filled(pattern string) string { return filledWith(pattern, "x") }

func filledWith(pattern, value string) string {
	return regexp.MustCompile(`{[^}]*}`).ReplaceAllLiteralString(pattern, value)
}

// A schema is compiled when it is first needed: one that no script needs would be found broken by a user.
func TestSchemasCompile(t *testing.T) {
	for name, schema := range newEnv(t).api.schemas {
		if err := schema.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
