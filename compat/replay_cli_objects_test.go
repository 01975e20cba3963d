package compat

import (
	"net/http"
	"strings"
	"testing"
)

// `auth0 domains ...`, as its own integration tests call it.
func TestAuth0CLIDomains(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	domain := "cli-" + thisWorld.loginOf()
	sent := object{"domain": domain, "type": "auth0_managed_certs", "domain_metadata": object{"key1": "value1", "key2": "value2"}}
	path := "custom-domains/" + s.object(created, post, "custom-domains", sent)["custom_domain_id"].(string)
	s.refused(post, "custom-domains", without(sent, "domain_metadata"), "Conflict: The specified custom domain already exists")
	readsBack(t, sent, s.object(ok, get, path, nil), "")
	changed := s.object(ok, patch, path, object{"domain_metadata": object{"key1": "value1", "key2": nil}})
	readsBack(t, object{"domain": domain, "status": "pending_verification"}, changed, "")
	if metadata := changed["domain_metadata"].(map[string]any); len(metadata) != 1 {
		t.Errorf("null does not remove a key: %v", metadata)
	}
	readsBack(t, object{"tls_policy": "recommended"}, s.object(ok, patch, path, object{"tls_policy": "recommended"}), "")
	if verified := s.object(created, post, path+"/verify", nil); verified["status"] != "pending_verification" {
		t.Errorf("verified %v", verified)
	}
	s.must(ok, get, path, nil) // `domains delete` looks first
	s.must(noContent, del, path, nil)
	s.refused(get, path, nil, "Not Found: Custom domain not found.")

	// `--type self --policy recommended`: the policy comes with every domain that is made by hand, whatever its type.
	self := s.object(created, post, "custom-domains", object{"domain": domain, "type": "self_managed_certs", "tls_policy": "recommended", "verification_method": "txt"})
	readsBack(t, object{"type": "self_managed_certs", "status": "pending_verification"}, self, "tls_policy")
	if list, bare := s.must(ok, get, "custom-domains", nil).([]any); !bare || len(list) == 0 {
		t.Errorf("the list is %v", list)
	}
	if found := items(t, s.must(ok, get, "custom-domains?q="+pathEscape("domain:cli-* AND status:pending_verification")+"&take=100", nil), "custom_domains"); len(found) != 1 {
		t.Errorf("--filter finds %v", found)
	}
	s.must(noContent, del, "custom-domains/"+self["custom_domain_id"].(string), nil)
}

// `auth0 logs streams ...`: an update reads the stream and sends its whole sink again, but those to AWS and to Azure.
func TestAuth0CLILogStreams(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	for _, c := range []struct {
		kind         string
		sink, change object
	}{
		{"datadog", object{"datadogRegion": "eu", "datadogApiKey": "123233123455"}, object{"datadogRegion": "us", "datadogApiKey": "123123123123123"}},
		{"http", object{"httpEndpoint": "https://example.com/webhook/logs"},
			object{"httpEndpoint": "https://example.com/webhook/logs/v2", "httpContentFormat": "JSONOBJECT", "httpContentType": "application/xml", "httpAuthorization": "KHEWXXXXXXXXXXXXXXXX"}},
		{"splunk", object{"splunkDomain": "demo.splunk.com", "splunkToken": "12a34ab5-c6d7-8901-23ef-456b7c89d0c1", "splunkPort": "8088", "splunkSecure": false}, object{"splunkPort": "8000", "splunkSecure": true}},
		{"sumo", object{"sumoSourceAddress": "demo.sumo.com"}, object{"sumoSourceAddress": "https://collectors.sumologic.com/receiver/v1/http/update"}},
		{"eventbridge", object{"awsAccountId": "999999999999", "awsRegion": "eu-west-1"}, nil},
		{"eventgrid", object{"azureSubscriptionId": "b69a6835-57c7-4d53-b0d5-1c6ae580b6d5", "azureRegion": "northeurope", "azureResourceGroup": "azure-logs-rg"}, nil},
	} {
		t.Run(c.kind, func(t *testing.T) {
			s.t = t
			path := "log-streams/" + s.object(ok, post, "log-streams", object{"name": "cli-" + c.kind, "type": c.kind, "sink": c.sink})["id"].(string)
			read := s.object(ok, get, path, nil)
			readsBack(t, object{"name": "cli-" + c.kind, "type": c.kind, "status": "active", "sink": c.sink}, read, "filters pii_config")
			update := object{"name": "cli-updated-" + c.kind}
			if c.change != nil {
				whole := read["sink"].(map[string]any)
				for name, value := range c.change {
					whole[name] = value
				}
				update["sink"] = whole
			}
			readsBack(t, update, s.object(ok, patch, path, update), "")
			readsBack(t, update, s.object(ok, get, path, nil), "")
			filters := []object{{"type": "category", "name": "auth.login.fail"}, {"type": "category", "name": "auth.signup.fail"}}
			pii := object{"log_fields": []string{"first_name", "last_name"}, "method": "mask", "algorithm": "xxhash"}
			readsBack(t, object{"filters": filters, "pii_config": pii}, s.object(ok, patch, path, object{"filters": filters, "pii_config": pii}), "")
			if list, bare := s.must(ok, get, "log-streams?per_page=100", nil).([]any); !bare || len(list) == 0 {
				t.Errorf("the list is %v", list)
			}
			s.must(noContent, del, path, nil)
			s.refused(get, path, nil, "Not Found: The log stream does not exist.")
		})
	}
}

// `auth0 orgs ...`: an update sends the display name, the branding and the metadata that were there.
func TestAuth0CLIOrganizations(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{"name": "cli-org", "display_name": "CLI organization", "metadata": object{"KEY": "value"},
		"branding": object{"logo_url": "https://example.com/logo.png", "colors": object{"primary": "#FFFFFF", "page_background": "#FFFFFF"}}}
	path := "organizations/" + s.object(created, post, "organizations", sent)["id"].(string)
	s.refused(post, "organizations", object{"name": "cli-org", "display_name": "Again"}, "Conflict: An organization with this name already exists.")
	readsBack(t, sent, s.object(ok, get, path, nil), "")
	readsBack(t, sent, s.object(ok, patch, path, without(sent, "name")), "")
	changed := object{"display_name": "Updated", "metadata": object{"FOO": "bar"}, "branding": object{"logo_url": "https://example.com/logo.png", "colors": object{"primary": "#00FFAA", "page_background": "#AA1166"}}}
	readsBack(t, changed, s.object(ok, patch, path, changed), "")
	const totals = "include_totals=true&page=0&per_page=100"
	found := 0
	for _, o := range items(t, s.must(ok, get, "organizations?"+totals, nil), "organizations") {
		if o.(map[string]any)["name"] == "cli-org" {
			found++
		}
	}
	if found != 1 {
		t.Errorf("the list has it %d times", found)
	}
	for _, list := range []string{"members", "invitations"} { // `orgs members list`, `orgs roles list`, `orgs invs list`
		if nobody := items(t, s.must(ok, get, path+"/"+list+"?"+totals, nil), list); len(nobody) > 0 {
			t.Errorf("%s: %v", list, nobody)
		}
	}
	s.refused(get, "organizations/this-org-id-does-not-exist", nil, "Not Found: No organization found by that id or name")
	s.must(ok, get, path, nil) // `orgs delete` looks first
	s.must(noContent, del, path, nil)
	s.refused(get, path, nil, "Not Found: No organization found by that id or name")
}

// `auth0 actions ...`: without --runtime the runtime is an empty text, and the code of the CLI's own tests cannot be built.
func TestAuth0CLIActions(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	var version any
	for _, trigger := range items(t, s.must(ok, get, "actions/triggers", nil), "triggers") {
		if trigger := trigger.(map[string]any); trigger["id"] == "post-login" && trigger["status"] == "CURRENT" {
			version = trigger["version"]
		}
	}
	sent := object{"name": "cli-action", "supported_triggers": []object{{"id": "post-login", "version": version}}, "runtime": "", "code": "function() {}",
		"dependencies": []object{{"name": "lodash", "version": "4.0.0"}}, "secrets": []object{{"name": "SECRET", "value": "value"}}}
	made := s.object(created, post, "actions/actions", sent)
	readsBack(t, without(sent, "secrets", "runtime"), made, "")
	if made["status"] != "pending" || made["runtime"] != "node22" {
		t.Errorf("made %v", made)
	}
	path := "actions/actions/" + made["id"].(string)
	s.refused(post, path+"/deploy", nil, "Bad Request: A draft must be in the 'built' state before it can be deployed.")
	current := s.object(ok, get, path, nil)
	update := object{"name": "cli-action-updated", "supported_triggers": current["supported_triggers"], "code": "exports.onExecutePostLogin = async () => {};\n",
		"dependencies": []object{{"name": "uuid", "version": "9.0.0"}}, "secrets": []object{{"name": "SECRET2", "value": "newValue"}}}
	readsBack(t, without(update, "secrets"), s.object(ok, patch, path, update), "")
	for n := range 2 { // `actions deploy` is a deployment and a read
		s.must(ok, post, path+"/deploy", nil)
		if action := s.object(ok, get, path, nil); action["all_changes_deployed"] != true {
			t.Errorf("deployed %v", action)
		}
		s.must(ok, patch, path, object{"name": "cli-action-updated", "code": "exports.onExecutePostLogin = async () => {};\n" + strings.Repeat("//\n", n+1)})
	}
	for _, list := range []string{"per_page=100", "deployed=false", "deployed=true"} {
		items(t, s.must(ok, get, "actions/actions?"+list, nil), "actions")
	}
	versions := s.object(ok, get, path+"/versions?page=0&per_page=50", nil) // `actions diff`
	if all := items(t, versions, "versions"); versions["total"] != 2.0 || len(all) != 2 {
		t.Errorf("versions %v", versions)
	}
	s.must(noContent, del, path, nil)
	s.refused(get, path, nil, "Not Found: That action does not exist.")
}

// `auth0 actions modules ...`
func TestAuth0CLIActionModules(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{"name": "cli-module", "code": "module.exports = {}", "dependencies": []object{{"name": "lodash", "version": "4.0.0"}}, "secrets": []object{{"name": "SECRET", "value": "value"}}}
	made := s.object(created, post, "actions/modules", sent)
	readsBack(t, without(sent, "secrets"), made, "latest_version")
	path := "actions/modules/" + made["id"].(string)
	for _, change := range []object{{"code": "module.exports = {v:2}"}, {"dependencies": []object{{"name": "uuid", "version": "9.0.0"}}}} {
		changed := s.object(ok, patch, path, change)
		readsBack(t, change, changed, "")
		if secrets := items(t, changed, "secrets"); len(secrets) != 1 {
			t.Errorf("the secret is gone: %v", changed)
		}
	}
	version := s.object(ok, post, path+"/versions", nil)
	if module := s.object(ok, get, path, nil); module["all_changes_published"] != true { // after which the CLI asks for no further version
		t.Errorf("published %v", module)
	}
	items(t, s.must(ok, get, path+"/versions?page=0&per_page=50", nil), "versions")
	readsBack(t, object{"code": "module.exports = {v:2}", "version_number": 1.0}, s.object(ok, get, path+"/versions/"+version["id"].(string), nil), "")
	readsBack(t, object{"name": "cli-module"}, s.object(ok, post, path+"/rollback", object{"module_version_id": version["id"]}), "")
	items(t, s.must(ok, get, path+"/actions?page=0&per_page=50", nil), "actions")
	if published := s.object(created, post, "actions/modules", object{"name": "cli-module-2", "code": "module.exports = {}", "publish": true}); published["all_changes_published"] != true {
		t.Errorf("published at once: %v", published)
	} else {
		s.must(noContent, del, "actions/modules/"+published["id"].(string), nil)
	}
	s.must(noContent, del, path, nil)
	if a := s.send(get, path, nil); a.Status != http.StatusNotFound {
		t.Errorf("%d %s", a.Status, a.Text)
	}
}
