package compat

import (
	"context"
	"net/http"
	"testing"
	"time"
)

// actionSecret is what no export tells.
const actionSecret = "canary-of-an-action"

// configureActions makes a module that is published, an Action that uses it and is deployed and bound, and one that is a draft.
func (t *tenant) configureActions() error {
	ctx := context.Background()
	module := object{"name": "shared", "code": "exports.greet = (name) => 'Hello, ' + name;\n", "dependencies": []object{{"name": "lodash", "version": "4.17.21"}}, "publish": true}
	if err := t.create("actions/modules", module, nil); err != nil {
		return err
	}
	var made struct {
		ID string `json:"id"`
	}
	action := object{
		"name": "Check the caller", "supported_triggers": []object{{"id": "post-login", "version": "v3"}},
		"code":         "const { greet } = require('actions:shared');\nexports.onExecutePostLogin = async (event, api) => { greet(event.secrets.apiKey) };\n",
		"dependencies": []object{{"name": "axios", "version": "1.7.2"}}, "secrets": []object{{"name": "apiKey", "value": actionSecret}},
		"modules": []object{{"module_name": "shared", "module_version_number": 1}},
	}
	if err := t.create("actions/actions", action, &made); err != nil {
		return err
	}
	if err := t.manage(ctx, http.MethodPost, "/api/v2/actions/actions/"+made.ID+"/deploy", http.StatusOK, nil, nil); err != nil {
		return err
	}
	bindings := object{"bindings": []object{{"ref": object{"type": "action_id", "value": made.ID}, "display_name": "Check"}}}
	if err := t.manage(ctx, http.MethodPatch, "/api/v2/actions/triggers/post-login/bindings", http.StatusOK, bindings, nil); err != nil {
		return err
	}
	return t.create("actions/actions", object{
		"name": "Not yet", "supported_triggers": []object{{"id": "credentials-exchange", "version": "v2"}}, "runtime": "node18-actions",
		"code": "exports.onExecuteCredentialsExchange = async (event, api) => {};\n",
	}, nil)
}

// auth0_action and auth0_trigger_actions: create, wait until built, deploy, wait until deployed, bind, apply again, destroy.
func TestTerraformAction(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{
		"name": "TF action", "supported_triggers": []object{{"id": "credentials-exchange", "version": "v2"}},
		"code":         "exports.onExecuteCredentialsExchange = async (event, api) => {\n\tconsole.log(event)\n};\n",
		"dependencies": []object{{"name": "auth0", "version": "2.41.0"}}, "runtime": "node22", "secrets": []object{{"name": "foo", "value": "111111"}},
	}
	made := s.object(created, post, "actions/actions", sent)
	if made["status"] != "pending" || made["all_changes_deployed"] != false {
		t.Errorf("made %v", made)
	}
	action := "actions/actions/" + made["id"].(string)
	built := s.object(ok, get, action, nil)
	readsBack(t, without(sent, "secrets"), built, "deployed_version")
	if built["status"] != "built" {
		t.Errorf("status %v", built["status"])
	}
	if version := s.object(ok, post, action+"/deploy", nil); version["deployed"] != false || version["number"] != 1.0 {
		t.Errorf("deployed %v", version)
	}
	deployed := s.object(ok, get, action, nil)
	if version, _ := deployed["deployed_version"].(map[string]any); version["deployed"] != true || deployed["all_changes_deployed"] != true {
		t.Errorf("deployed %v", deployed)
	}
	if at, err := time.Parse(time.RFC3339Nano, deployed["created_at"].(string)); err != nil || at.IsZero() {
		t.Errorf("created_at %v: %v", deployed["created_at"], err)
	}
	bindings := "actions/triggers/credentials-exchange/bindings"
	bound := s.object(ok, patch, bindings, object{"bindings": []object{{"ref": object{"type": "action_id", "value": made["id"]}, "display_name": "TF action"}}})
	defer s.must(ok, patch, bindings, object{"bindings": []object{}}) // else no other test gets a token
	if list := items(t, s.must(ok, get, bindings+"?per_page=50", nil), "bindings"); len(list) != 1 || len(items(t, bound, "bindings")) != 1 {
		t.Errorf("bound %v", list)
	}
	s.refused(del, action, nil, "Conflict: Unable to delete an action bound to a trigger.")
	s.must(ok, patch, bindings, object{"bindings": []object{}})
	s.must(ok, patch, action, without(sent, "name"))
	if again := s.object(ok, get, action, nil); again["updated_at"] != deployed["updated_at"] || again["all_changes_deployed"] != true {
		t.Errorf("a second apply changes something: %v", again)
	}
	s.must(noContent, del, action, nil)
	s.refused(get, action, nil, "Not Found: That action does not exist.")
}

// auth0_action_module: create, publish, read all pages of versions, destroy.
func TestTerraformActionModule(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{"name": "TF module", "code": "module.exports = {};\n", "dependencies": []object{{"name": "lodash", "version": "4.17.21"}}}
	id := s.object(created, post, "actions/modules", sent)["id"].(string)
	readsBack(t, sent, s.object(ok, get, "actions/modules/"+id, nil), "secrets latest_version")
	if version := s.object(ok, post, "actions/modules/"+id+"/versions", nil); version["version_number"] != 1.0 {
		t.Errorf("published %v", version)
	}
	for page, want := range []int{1, 0} {
		path := "actions/modules/" + id + "/versions?page=" + []string{"0", "1"}[page] + "&per_page=50"
		if versions := items(t, s.must(ok, get, path, nil), "versions"); len(versions) != want {
			t.Errorf("page %d has %d versions", page, len(versions))
		}
	}
	s.must(noContent, del, "actions/modules/"+id, nil)
}
