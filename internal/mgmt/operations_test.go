package mgmt

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/httpscript"
	"github.com/writ-auth/writ/internal/tenant"
)

// The tests that are generated walk the operations of the OpenAPI document, so that a new route is under them by being there.

// operation is one of them. path is below /api/v2; body is nil where none is read.
type operation struct {
	method, path string
	params       []parameter
	schema       string
	body         *schema
}

func (o operation) name() string { return o.method + " " + o.path }

// parameter is one of the path or of the query.
type parameter struct {
	In, Name string
	Schema   schema
}

func (e *env) operations() []operation {
	e.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters  []parameter
			RequestBody struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					}
				}
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(must(e.api.openAPI()), &doc); err != nil {
		e.t.Fatal(err)
	}
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			found := doc.Paths[path][method]
			op := operation{method: strings.ToUpper(method), path: strings.TrimPrefix(path, prefix), params: found.Parameters}
			if ref := found.RequestBody.Content["application/json"].Schema.Ref; ref != "" {
				op.schema = strings.TrimPrefix(ref, "#/components/schemas/")
				body := doc.Components.Schemas[op.schema]
				op.body = &body
			}
			all = append(all, op)
		}
	}
	if len(all) < 40 {
		e.t.Fatalf("only %d operations: is the document understood?", len(all))
	}
	return all
}

// query are the parameters of the query.
func (o operation) query() []parameter {
	return slices.DeleteFunc(slices.Clone(o.params), func(p parameter) bool { return p.In != "query" })
}

// at fills the path: each parameter with the id of the object that the path before it leads to.
func (o operation) at(t testing.TB, ids map[string]string) string {
	t.Helper()
	var kind []string
	segments := strings.Split(o.path, "/")
	for i, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			kind = append(kind, segment)
			continue
		}
		id, ok := ids[strings.TrimPrefix(strings.Join(kind, "/"), "/")]
		if !ok {
			t.Fatalf("%s: objectsOf makes nothing for %s", o.name(), segment)
		}
		segments[i] = url.PathEscape(id)
	}
	return strings.Join(segments, "/")
}

// mark is in whatever the objects of objectsOf hold, after the tenant's name; no id and no identifier has it.
const mark = "-mark"

// apiOf is the identifier of the tenant's API.
func apiOf(name string) string { return "urn:api:" + name }

// objectsOf makes one object of each kind and returns the ids by the path of their collection.
func (e *env) objectsOf(name string) map[string]string {
	e.t.Helper()
	token := e.token(name)
	made := func(path, body, id string) string {
		e.t.Helper()
		status, text := e.ask(name, token, "POST", path, strings.NewReplacer("MARK", name+mark, "API", apiOf(name)).Replace(body))
		if status != http.StatusCreated && status != http.StatusOK {
			e.t.Fatalf("POST %s: %d %s", path, status, text)
		}
		return e.property(text, id)
	}
	read := func(path, id string) string {
		e.t.Helper()
		_, text := e.ask(name, token, "GET", path, "")
		return e.property(text, id)
	}
	client := made("/clients", `{"name":"MARK","client_metadata":{"owner":"MARK"}}`, "client_id")
	api := made("/resource-servers", `{"identifier":"API","name":"MARK","scopes":[{"value":"read:MARK"}]}`, "id")
	grant := made("/client-grants", fmt.Sprintf(`{"client_id":%q,"audience":"API","scope":["read:MARK"]}`, client), "id")
	organization := made("/organizations", fmt.Sprintf(`{"name":"of-%s","display_name":"MARK","metadata":{"owner":"MARK"}}`, name), "id")
	made("/organizations/"+organization+"/client-grants", fmt.Sprintf(`{"grant_id":%q}`, grant), "grant_id")
	acl := made("/network-acls", `{"description":"MARK","active":true,"priority":7,
		"rule":{"match":{"user_agents":["MARK"]},"scope":"tenant","action":{"block":true}}}`, "id")
	policy := made("/rate-limit-policies", `{"resource":"oauth_authentication_api","consumer":"client","consumer_selector":"client_id:MARK",
		"configuration":{"action":"block","limit":7}}`, "id")
	actions := e.actionsOf(name)
	return map[string]string{
		"actions/actions": actions["action"], "actions/actions/versions": actions["version"], "actions/triggers": actionsTrigger,
		"actions/modules": actions["module"], "actions/modules/versions": actions["module version"], "actions/executions": tenant.NewActionID(),
		"network-acls": acl, "rate-limit-policies": policy,
		"organizations": organization, "writ/organizations": organization, "organizations/name": "of-" + name, "organizations/client-grants": grant,
		"clients": client, "writ/clients": client,
		"clients/credentials": made("/clients/"+client+"/credentials", `{"credential_type":"cert_subject_dn","subject_dn":"CN=MARK"}`, "id"),
		"resource-servers":    api, "writ/resource-servers": api,
		"client-grants": grant, "writ/client-grants": grant,
		"keys/signing":            read("/keys/signing", "0.kid"),
		"keys/encryption":         read("/keys/encryption", "0.kid"),
		"logs":                    read("/logs?per_page=1", "0.log_id"),
		"token-exchange-profiles": e.exchangeOf(name),
		"log-streams":             made("/log-streams", `{"name":"MARK","type":"http","sink":{"httpEndpoint":"https://MARK.example/x","httpAuthorization":"MARK"}}`, "id"),
		"custom-domains":          made("/custom-domains", `{"domain":"`+name+`.login.example","type":"self_managed_certs","domain_metadata":{"owner":"MARK"}}`, "custom_domain_id"),
	}
}

// actionsTrigger is where actionsOf binds: tokens do not ask for it.
const actionsTrigger = "post-login"

// actionsOf makes an Action with a secret, which uses a module, is deployed and bound.
func (e *env) actionsOf(name string) map[string]string {
	e.t.Helper()
	token := e.token(name)
	send := func(want int, method, path, body, id string) string {
		e.t.Helper()
		status, text := e.ask(name, token, method, path, strings.ReplaceAll(body, "MARK", name+mark))
		if status != want {
			e.t.Fatalf("%s %s: %d %s", method, path, status, text)
		}
		return e.property(text, id)
	}
	module := send(201, "POST", "/actions/modules", `{"name":"MARK","code":"exports.owner = 'MARK'","secrets":[{"name":"s","value":"MARK"}],"publish":true}`, "id")
	action := send(201, "POST", "/actions/actions", `{"name":"MARK","supported_triggers":[{"id":"`+actionsTrigger+`"}],"code":"exports.owner = 'MARK'",
		"secrets":[{"name":"s","value":"MARK"}],"modules":[{"module_name":"MARK","module_version_number":1}],"deploy":true}`, "id")
	send(200, "PATCH", "/actions/triggers/"+actionsTrigger+"/bindings", `{"bindings":[{"ref":{"type":"action_name","value":"MARK"}}]}`, "bindings.0.id")
	send(200, "PATCH", "/actions/modules/"+module, `{"code":"exports.draft = 'MARK'"}`, "id")
	return map[string]string{
		"action": action, "version": send(200, "GET", "/actions/actions/"+action, "", "deployed_version.id"),
		"module": module, "module version": send(200, "GET", "/actions/modules/"+module, "", "latest_version.id"),
	}
}

// exchangeOf makes a token exchange profile, and the Action that it needs.
func (e *env) exchangeOf(name string) string {
	e.t.Helper()
	token := e.token(name)
	_, action := e.ask(name, token, "POST", "/actions/actions", `{"name":"exchange","supported_triggers":[{"id":"custom-token-exchange"}],"code":"","deploy":true}`)
	status, text := e.ask(name, token, "POST", "/token-exchange-profiles", fmt.Sprintf(
		`{"name":%q,"subject_token_type":"urn:%s:token","action_id":%q,"type":"custom_authentication"}`, name+mark, name, e.property(action, "id")))
	if status != http.StatusCreated {
		e.t.Fatal(status, text)
	}
	return e.property(text, "id")
}

// state is everything that a tenant shows of its configuration.
func (e *env) state(name string) string {
	e.t.Helper()
	var all strings.Builder
	token := e.token(name)
	_, clients := e.ask(name, token, "GET", "/clients?per_page=100&fields=client_id", "")
	var ids []struct {
		ClientID string `json:"client_id"`
	}
	if err := json.Unmarshal([]byte(clients), &ids); err != nil {
		e.t.Fatal(err)
	}
	paths := strings.Fields(`/clients?per_page=100 /resource-servers?per_page=100 /client-grants?per_page=100 /tenants/settings /keys/signing
		/keys/encryption /keys/custom-signing /writ/tenant /organizations /network-acls /rate-limit-policies /actions/actions?per_page=100 /actions/modules?per_page=100
		/actions/triggers/` + actionsTrigger + `/bindings /custom-domains /custom-domains/default /log-streams /token-exchange-profiles`)
	for _, c := range ids {
		paths = append(paths, "/clients/"+c.ClientID+"/credentials")
	}
	_, grants := e.ask(name, token, "GET", "/client-grants?per_page=100", "")
	for i := 0; ; i++ {
		id := e.property(grants, fmt.Sprint(i, ".id"))
		if id == "<nil>" {
			break
		}
		paths = append(paths, "/client-grants/"+id+"/organizations")
	}
	for _, path := range paths {
		_, text := e.ask(name, token, "GET", path, "")
		fmt.Fprintln(&all, path, text)
	}
	return all.String()
}

func (e *env) property(text, path string) string {
	e.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		e.t.Fatalf("%v in %s", err, text)
	}
	return httpscript.Lookup(v, path)
}
