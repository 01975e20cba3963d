package web_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/writ-auth/writ/internal/testenv"
)

// TestBrowser runs the journeys of browser/ in Chromium: each file over a writ of its own, as many at a time as there are cores, because
// a page waits more than it works. `make browser` sets WRIT_BROWSER; with WRIT_BROWSER=paint it measures how long pages take to be of use
// (`make paint`), with WRIT_BROWSER=hold the page only stays up, to be looked at, until the test is interrupted.
func TestBrowser(t *testing.T) {
	switch os.Getenv("WRIT_BROWSER") {
	case "":
		t.Skip("needs Node and Chromium: `make browser` runs it")
	case "hold":
		c := filled(t)
		fmt.Printf("the console is at https://%s/manage/ (ada@example.com, %q)\njourneys: %s\n", c.env.Tenant.Domain, password,
			strings.Join(c.journeyEnv(t), " "))
		select {}
	case "paint":
		node(t, "paint.mjs", "--report")
	default:
		files, err := filepath.Glob(filepath.Join(browserDir, "journeys", "*.test.mjs"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no journeys: %v", err)
		}
		for _, file := range files {
			name := filepath.Base(file)
			t.Run(strings.TrimSuffix(name, ".test.mjs"), func(t *testing.T) {
				t.Parallel()
				node(t, "--test", "--test-reporter=spec", path.Join("journeys", name))
			})
		}
	}
}

const browserDir = "../../browser"

// failures is what journeys said of their failures.
var failures struct {
	sync.Mutex
	said []string
}

// TestMain says at the very end what failed in which journey: it stands far above among what the others print, and who keeps only the last
// lines of a long run, as a CI may, would not have it.
func TestMain(m *testing.M) {
	code := m.Run()
	for _, said := range failures.said {
		fmt.Println(said)
	}
	os.Exit(code)
}

// filled is a console over what a small company has.
func filled(t *testing.T) *console {
	c := newConsole(t)
	seed(c.env)
	return c
}

// journeyEnv tells a journey where the console is, its files, and who helps outside of the browser.
func (c *console) journeyEnv(t *testing.T) []string {
	return []string{"WRIT_URL=https://" + c.env.Tenant.Domain, "WRIT_DATA=" + c.env.Config.Data, "WRIT_HELPER=" + c.helper(t).URL}
}

// node runs a script of browser/ over a console of its own. What it prints stays together.
func node(t *testing.T, args ...string) {
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Dir = browserDir
	cmd.Env = append(os.Environ(), filled(t).journeyEnv(t)...)
	said, err := cmd.CombinedOutput()
	fmt.Printf("%s\n", said)
	if err != nil {
		t.Error(err)
		_, failed, _ := strings.Cut(string(said), "failing tests:")
		failures.Lock()
		defer failures.Unlock()
		failures.said = append(failures.said, t.Name()+": "+strings.TrimSpace(failed))
	}
}

// seed fills the default tenant with what a small company has, through the public interfaces; a long name and states of each kind are for
// the pictures.
func seed(e *testenv.Env) {
	type object = map[string]any
	scopes := func(values ...string) []object {
		list := make([]object, len(values))
		for i, v := range values {
			list[i] = object{"value": v, "description": "May " + v}
		}
		return list
	}
	const timesheets = "https://timesheets.example.com"
	e.API(http.MethodPost, "resource-servers", object{"name": "Timesheets", "identifier": timesheets, "token_lifetime": 3600,
		"scopes": scopes("read:timesheets", "create:timesheets", "delete:timesheets", "approve:timesheets", "batch:upload")}, 201)
	e.API(http.MethodPost, "resource-servers", object{"name": "Invoices", "identifier": "https://invoices.example.com", "signing_alg": "PS256",
		"token_dialect": "rfc9068_profile", "scopes": scopes("read:invoices", "send:invoices")}, 201)
	e.API(http.MethodPost, "resource-servers", object{"name": "Warehouse", "identifier": "urn:warehouse"}, 201)

	var job object
	for i, name := range []string{"Timesheets Import Job", "Nightly Report", "Warehouse Gateway", "Thermostat Fleet", `O'Brien & "Sons"`} {
		client := e.API(http.MethodPost, "clients", object{"name": name, "app_type": "non_interactive", "description": "<img src=x onerror=alert(1)>"}, 201).JSON(e.T)
		if i == 0 {
			job = client
		}
	}
	e.API(http.MethodPost, "clients", object{"name": "Customer Portal", "app_type": "spa", "token_endpoint_auth_method": "none"}, 201)
	for i := range 24 {
		e.API(http.MethodPost, "clients", object{"name": fmt.Sprintf("Sensor %02d", i+1), "app_type": "non_interactive"}, 201)
	}
	id, secret := job["client_id"].(string), job["client_secret"].(string)
	grant := e.API(http.MethodPost, "client-grants", object{"client_id": id, "audience": timesheets, "scope": []string{"batch:upload"}, "organization_usage": "allow"}, 201).JSON(e.T)
	acme := e.API(http.MethodPost, "organizations", object{"name": "acme", "display_name": "Acme Inc.", "metadata": object{"plan": "gold", "region": "eu"}}, 201).JSON(e.T)
	e.API(http.MethodPost, "organizations", object{"name": "globex", "display_name": "Globex Corporation"}, 201)
	e.API(http.MethodPost, "organizations", object{"name": "initech"}, 201)
	e.API(http.MethodPost, "organizations", object{"name": "sirius-cybernetics", "display_name": "Sirius Cybernetics Corporation, Complaints Division, Ursa Minor Beta"}, 201)
	e.API(http.MethodPost, "organizations/"+acme["id"].(string)+"/client-grants", object{"grant_id": grant["id"]}, 201)
	for selector, limit := range map[string]int{"default": 50, "third_party_clients": 20, "client_id:" + id: 200} {
		e.API(http.MethodPost, "rate-limit-policies", object{"resource": "oauth_authentication_api", "consumer": "client", "consumer_selector": selector,
			"configuration": object{"action": "block", "limit": limit}}, 201)
	}
	e.API(http.MethodPost, "network-acls", object{"description": "Scrapers", "active": true, "priority": 1, "rule": object{"scope": "authentication",
		"action": object{"block": true}, "match": object{"ipv4_cidrs": []string{"192.0.2.0/24"}, "user_agents": []string{"scrapy*"}}}}, 201)
	e.API(http.MethodPost, "network-acls", object{"description": "Elsewhere", "active": false, "priority": 2, "rule": object{"scope": "tenant",
		"action": object{"log": true}, "not_match": object{"geo_country_codes": []string{"CH", "DE"}}}}, 201)
	action := e.API(http.MethodPost, "actions/actions", object{"name": "Add team to tokens", "supported_triggers": []object{{"id": "credentials-exchange"}},
		"code":    "exports.onExecuteCredentialsExchange = async (event, api) => {\n  api.accessToken.setCustomClaim('https://example.com/team', event.secrets.TEAM);\n};\n",
		"secrets": []object{{"name": "TEAM", "value": "payroll"}}}, 201).JSON(e.T)
	e.API(http.MethodPost, "actions/actions/"+action["id"].(string)+"/deploy", nil, 200)
	e.API(http.MethodPost, "actions/actions", object{"name": "Half done", "supported_triggers": []object{{"id": "credentials-exchange"}}, "code": "exports.a = \""}, 201)
	e.API(http.MethodPost, "custom-domains", object{"domain": "auth.example.com", "type": "auth0_managed_certs"}, 201)
	e.API(http.MethodPost, "custom-domains", object{"domain": "login.example.com", "type": "self_managed_certs"}, 201)
	e.API(http.MethodPost, "log-streams", object{"name": "Security team", "type": "http", "sink": object{"httpEndpoint": "https://siem.example.com/writ",
		"httpAuthorization": "Bearer canary-stream-secret"}, "filters": []object{{"type": "category", "name": "auth.token_exchange.fail"}}}, 200)
	datadog := e.API(http.MethodPost, "log-streams", object{"name": "Datadog", "type": "datadog", "sink": object{"datadogApiKey": "key", "datadogRegion": "eu"}}, 200).JSON(e.T)
	e.API(http.MethodPatch, "log-streams/"+datadog["id"].(string), object{"status": "paused"}, 200)
	quota := func(enforce bool, hour, day int) object {
		return object{"client_credentials": object{"enforce": enforce, "per_hour": hour, "per_day": day}}
	}
	e.API(http.MethodPatch, "clients/"+id, object{"token_quota": quota(true, 120, 1000)}, 200)
	e.API(http.MethodPatch, "organizations/"+acme["id"].(string), object{"token_quota": quota(false, 2, 5000)}, 200)
	e.API(http.MethodPatch, "tenants/settings", object{"default_token_quota": object{"organizations": quota(true, 1000, 20000)}}, 200)
	for range 3 {
		e.Token(e.Tenant.Domain, id, secret, timesheets)
	}
	for range 2 {
		e.Token(e.Tenant.Domain, id, secret, timesheets, "organization", acme["id"].(string))
	}
	e.Token(e.Tenant.Domain, id, "wrong", timesheets)
	e.Token(e.Tenant.Domain, id, secret, "urn:warehouse")
	e.Token(e.Tenant.Domain, id, secret, timesheets, "scope", "delete:timesheets")
}
