package mgmt

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/rest"
)

// neverWas is an id of the same shape that no object has.
func neverWas(id string) string {
	digit, middle := "0", len(id)/2+1
	if id[middle] == '0' {
		digit = "1"
	}
	return id[:middle] + digit + id[middle+1:]
}

// Every route that takes an id answers an id of another tenant as it answers one that never was, and leaves the object alone.
func TestForeignIDsInPaths(t *testing.T) {
	e := newEnv(t)
	own, theirs, unknown := e.objectsOf(acme), e.objectsOf(other), map[string]string{}
	var hide []string
	for kind, id := range theirs {
		unknown[kind] = neverWas(id)
		hide = append(hide, id, "ID", unknown[kind], "ID")
	}
	nameless := strings.NewReplacer(hide...)
	before, token := e.state(other), e.token(acme)
	for _, op := range e.operations() {
		if !strings.Contains(op.path, "{") || strings.HasPrefix(op.path, "/writ/") && op.method == http.MethodPut {
			continue // those of /writ: see TestForeignIDsCanBeImported
		}
		if strings.HasPrefix(op.path, "/actions/triggers/") {
			continue // every tenant has the same triggers
		}
		body := ""
		if op.body != nil {
			body = encoded(t, op.body.smallest())
		}
		foreign, stranger := []map[string]string{theirs}, []map[string]string{unknown}
		if strings.Count(op.path, "{") > 1 { // an object of theirs below one of ours
			foreign = append(foreign, mixed(own, theirs))
			stranger = append(stranger, mixed(own, unknown))
		}
		for i := range foreign {
			path := op.at(t, foreign[i])
			status, text := e.ask(acme, token, op.method, path, body)
			wantStatus, want := e.ask(acme, token, op.method, op.at(t, stranger[i]), body)
			if status != wantStatus || nameless.Replace(text) != nameless.Replace(want) {
				t.Errorf("%s: %d %s, an id that never was: %d %s", path, status, text, wantStatus, want)
			}
			if status < 400 && status != http.StatusNoContent {
				t.Errorf("%s %s: %d %s", op.method, path, status, text)
			}
		}
	}
	if e.state(other) != before {
		t.Error("the other tenant has changed")
	}
}

// mixed takes the first object of a path from first, and what is below it from below.
func mixed(first, below map[string]string) map[string]string {
	ids := map[string]string{}
	for kind, id := range below {
		ids[kind] = id
	}
	for _, kind := range []string{"clients", "client-grants", "resource-servers", "organizations", "actions/actions", "actions/modules"} {
		ids[kind] = first[kind]
	}
	return ids
}

// Two tenants may have objects of the same id: an import makes its own.
func TestForeignIDsCanBeImported(t *testing.T) {
	e := newEnv(t)
	ids := e.objectsOf(other)
	e.objectsOf(acme)
	before := e.state(other)
	client := "/writ/clients/" + ids["clients"]
	if status, text := e.ask(acme, e.token(acme), "PUT", client, `{"name":"ours"}`); status != http.StatusCreated || strings.Contains(text, other+mark) {
		t.Errorf("%d %s", status, text)
	}
	if e.state(other) != before {
		t.Error("the other tenant has changed")
	}
}

// Whatever of another tenant stands in the query, the answer shows nothing of it.
func TestForeignValuesInQueries(t *testing.T) {
	e := newEnv(t)
	own, theirs := e.objectsOf(acme), e.objectsOf(other)
	values := append(foreignValues(theirs), other+mark)
	token, asked := e.token(acme), 0
	for _, op := range e.operations() {
		for _, p := range op.query() {
			if !p.Schema.is("string") && !p.Schema.is("array") || op.method != http.MethodGet {
				continue
			}
			for _, value := range values {
				asked++
				path := op.at(t, own) + "?" + url.Values{p.Name: {value}}.Encode()
				if status, text := e.ask(acme, token, "GET", path, ""); status >= 500 || status < 300 && leaks(text, value) {
					t.Errorf("GET %s: %d %s", path, status, text)
				}
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d questions", asked)
	}
}

// A cursor is its list's, and its tenant's.
func TestForeignCursors(t *testing.T) {
	e := newEnv(t)
	for _, name := range []string{acme, other} { // a second grant, so that there is a second page
		ids := e.objectsOf(name)
		body := `{"client_id":"` + ids["clients"] + `","audience":"` + callTo(name).ManagementAudience() + `","scope":[]}`
		if status, text := e.ask(name, e.token(name), "POST", "/client-grants", body); status != http.StatusCreated {
			t.Fatal(text)
		}
	}
	for path, key := range map[string]string{"/clients": "clients", "/client-grants": "client_grants"} {
		_, text := e.ask(other, e.token(other), "GET", path+"?take=1", "")
		cursor := e.property(text, "next")
		if status, text := e.ask(acme, e.token(acme), "GET", path+"?take=1&from="+cursor, ""); status != http.StatusBadRequest {
			t.Errorf("%s of another tenant: %d %s", key, status, text)
		}
		if status, text := e.ask(other, e.token(other), "GET", path+"?take=1&from="+cursor, ""); status != http.StatusOK {
			t.Errorf("%s of its own: %d %s", key, status, text)
		}
	}
}

// The lists that are short in these tests are told apart in the same way: a cursor, whoever wrote it, is for one list of one tenant.
func TestForeignCursorsOfShortLists(t *testing.T) {
	e := newEnv(t)
	ids := e.objectsOf(acme)
	for path, list := range map[string]string{
		"/organizations": "organizations", "/rate-limit-policies": "rate_limit_policies", "/token-exchange-profiles": "token_exchange_profiles",
		"/custom-domains": "custom_domains", "/organizations/" + ids["organizations"] + "/client-grants": "client_grants/" + ids["organizations"],
	} {
		for name, want := range map[string]int{acme: http.StatusOK, other: http.StatusBadRequest} {
			cursor := rest.EncodeCursor(name+"/"+list, "0.1.x")
			if status, text := e.ask(acme, e.token(acme), "GET", path+"?take=1&from="+cursor, ""); status != want {
				t.Errorf("%s with a cursor of %s: %d %s", path, name, status, text)
			}
		}
	}
}

// Whatever of another tenant stands in a body, it is text: nothing of the other tenant is shown, used or changed. What has to name an
// object names none.
func TestForeignValuesInBodies(t *testing.T) {
	notUnderRace(t)
	e := newEnv(t)
	own, theirs := e.objectsOf(acme), e.objectsOf(other)
	values := foreignValues(theirs)
	before, token, references := e.state(other), e.token(acme), 0
	for _, op := range e.operations() {
		if op.body == nil {
			continue
		}
		path := op.at(t, own)
		op.body.walk(func(at place, s schema) {
			if !s.is("string") || len(s.Enum) > 0 {
				return
			}
			for _, value := range values {
				body := encoded(t, op.body.with(at, value))
				status, text := e.ask(acme, token, op.method, path, body)
				reference := refers(at)
				found := status < 400 && !strings.HasPrefix(text, `{"refused":true`) // an explanation says that there is no such thing
				if status >= 500 || reference && found || leaks(text, "") {
					t.Errorf("%s %s %s: %d %s", op.method, path, body, status, text)
				}
				if reference {
					references++
				}
			}
		})
	}
	if e.state(other) != before {
		t.Error("the other tenant has changed")
	}
	if references < 30 {
		t.Errorf("only %d references were tried", references)
	}
}

// refers reports whether a place in a body names another object.
func refers(at place) bool {
	name := at.String()
	for _, reference := range []string{"client_id", "audience", "resource_server_identifier", ".credentials[0].id", "default_organization.organization_id", ".ref.value", "module_version_id", "grant_id", "action_id"} {
		if name == reference || strings.HasSuffix(name, reference) && reference[0] == '.' {
			return true
		}
	}
	return false
}

func foreignValues(theirs map[string]string) []string {
	values := []string{apiOf(other), callTo(other).ManagementAudience()}
	seen := map[string]bool{}
	for _, id := range theirs {
		if !seen[id] {
			seen[id] = true
			values = append(values, id)
		}
	}
	return values
}

// leaks reports whether an answer shows what an object of the other tenant holds, beyond the value that was asked for.
func leaks(text, value string) bool {
	return strings.Contains(strings.ReplaceAll(text, value, ""), other+mark)
}

func encoded(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
