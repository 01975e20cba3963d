package mgmt

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// Each PATCH changes another property of one object; none is lost.
func TestNoUpdateIsLost(t *testing.T) {
	e := newEnv(t)
	ids, token := e.objectsOf(acme), e.token(acme)
	for path, changes := range map[string]map[string]string{
		"/clients/" + ids["clients"]: {
			"description": `{"description":"x"}`, "logo_uri": `{"logo_uri":"https://x.example"}`, "callbacks": `{"callbacks":["https://x.example"]}`,
			"jwt_configuration.alg": `{"jwt_configuration":{"alg":"PS256"}}`, "client_metadata.a": `{"client_metadata":{"a":"1"}}`,
			"jwt_configuration.lifetime_in_seconds": `{"jwt_configuration":{"lifetime_in_seconds":60}}`, "client_metadata.b": `{"client_metadata":{"b":"2"}}`,
		},
		"/tenants/settings": {
			"flags.enable_pipeline2": `{"flags":{"enable_pipeline2":true}}`, "flags.genai_trial": `{"flags":{"genai_trial":true}}`,
			"support_email": `{"support_email":"x@x.example"}`, "friendly_name": `{"friendly_name":"x"}`, "default_audience": `{"default_audience":"x"}`,
		},
		"/resource-servers/" + ids["resource-servers"]: {
			"token_lifetime_for_web": `{"token_lifetime_for_web":60}`, "signing_alg": `{"signing_alg":"PS256"}`, "enforce_policies": `{"enforce_policies":true}`,
			"token_dialect": `{"token_dialect":"rfc9068_profile"}`, "allow_offline_access": `{"allow_offline_access":true}`,
		},
	} {
		_, before := e.ask(acme, token, "GET", path, "")
		properties := slices.Sorted(maps.Keys(changes))
		together(len(properties), func(i int) {
			if status, text := e.ask(acme, token, "PATCH", path, changes[properties[i]]); status != http.StatusOK {
				t.Errorf("PATCH %s %s: %d %s", path, changes[properties[i]], status, text)
			}
		})
		_, after := e.ask(acme, token, "GET", path, "")
		for _, property := range properties {
			if e.property(before, property) == e.property(after, property) {
				t.Errorf("%s was lost: %s", changes[property], after)
			}
		}
	}
}

// A PATCH beside a DELETE is done, or finds nothing; it never brings anything back.
func TestPatchBesideDelete(t *testing.T) {
	e := newEnv(t)
	ids, token := e.objectsOf(acme), e.token(acme)
	for path, body := range map[string]string{
		"/client-grants/" + ids["client-grants"]:       `{"scope":[]}`,
		"/resource-servers/" + ids["resource-servers"]: `{"name":"x"}`,
		"/clients/" + ids["clients"]:                   `{"name":"x"}`,
	} {
		together(12, func(i int) {
			method, sent, want := "PATCH", body, []int{http.StatusOK, http.StatusNotFound}
			if i == 6 {
				method, sent, want = "DELETE", "", []int{http.StatusNoContent}
			}
			if status, text := e.ask(acme, token, method, path, sent); !slices.Contains(want, status) {
				t.Errorf("%s %s: %d %s", method, path, status, text)
			}
		})
		if status, text := e.ask(acme, token, "GET", path, ""); status != http.StatusNotFound {
			t.Errorf("%s after its DELETE: %d %s", path, status, text)
		}
	}
}

// Of requests that make the same, one does.
func TestOneOfManyCreations(t *testing.T) {
	e := newEnv(t)
	ids, token := e.objectsOf(acme), e.token(acme)
	for name, c := range map[string]struct {
		method, path, body string
		others             int
	}{
		"an API":          {"POST", "/resource-servers", `{"identifier":"urn:once"}`, 409},
		"a grant":         {"POST", "/client-grants", fmt.Sprintf(`{"client_id":%q,"audience":%q,"scope":[]}`, ids["clients"], callTo(acme).ManagementAudience()), 409},
		"an alias":        {"POST", "/clients", `{"name":"x","client_aliases":["urn:once"]}`, 409},
		"an import":       {"PUT", "/writ/clients/once", `{"name":"x","client_secret":"secret"}`, 200},
		"an imported API": {"PUT", "/writ/resource-servers/0123456789abcdef01234567", `{"identifier":"urn:once:imported"}`, 200},
		"two credentials": {"POST", "/clients/" + ids["clients"] + "/credentials", `{"credential_type":"cert_subject_dn","subject_dn":"CN=x"}`, 400},
	} {
		var mu sync.Mutex // guards statuses
		statuses := map[int]int{}
		together(8, func(int) {
			status, text := e.ask(acme, token, c.method, c.path, c.body)
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
			if status != http.StatusCreated && status != c.others {
				t.Errorf("%s: %d %s", name, status, text)
			}
		})
		if statuses[http.StatusCreated] != 1 {
			t.Errorf("%s was made %d times", name, statuses[http.StatusCreated])
		}
	}
}
