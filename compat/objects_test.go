package compat

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sinkSecret is what no export tells: a0deploy puts a keyword in its place.
const sinkSecret = "canary-of-a-sink"

// loginOf is the tenant's custom domain. A domain is one tenant's, so that an import has to say which.
func (t *tenant) loginOf() string {
	name, _, _ := strings.Cut(strings.ReplaceAll(t.Domain, ":", "-"), ".")
	return "login." + name + ".example.com"
}

// objectKeywords are what an import needs for what configureObjects has made elsewhere.
func (t *tenant) objectKeywords() map[string]string {
	return map[string]string{
		"LOGIN": t.loginOf(), "LOGSTREAMS_HTTP_SECRET": sinkSecret, "LOGSTREAMS_DATADOG_SECRET": sinkSecret, "LOGSTREAMS_SPLUNK_SECRET": sinkSecret,
		"LOGSTREAMS_SEGMENT_SECRET": sinkSecret, "LOGSTREAMS_MIXPANEL_SECRET": sinkSecret,
	}
}

// configureObjects makes custom domains, log streams and a token exchange profile.
func (t *tenant) configureObjects() error {
	for _, domain := range []object{
		{"domain": t.loginOf(), "type": "auth0_managed_certs", "domain_metadata": object{"team": "payroll"}, "relying_party_identifier": "example.com"},
		{"domain": "edge." + t.loginOf(), "type": "self_managed_certs", "custom_client_ip_header": "x-forwarded-for"},
	} {
		if err := t.create("custom-domains", domain, nil); err != nil {
			return err
		}
	}
	if err := t.configureLogStreams(); err != nil {
		return err
	}
	return t.configureTokenExchange()
}

// configureLogStreams makes one for each way in which a sink is exported.
func (t *tenant) configureLogStreams() error {
	for _, stream := range []object{
		{"name": "to a webhook", "type": "http", "isPriority": true, "filters": []object{{"type": "category", "name": "auth.token_exchange.fail"}},
			"pii_config": object{"log_fields": []string{"email"}}, "sink": object{"httpEndpoint": "https://siem.example.com/logs", "httpAuthorization": sinkSecret,
				"httpContentFormat": "JSONLINES", "httpContentType": "application/json", "httpCustomHeaders": []object{{"header": "X-Source", "value": "writ"}}}},
		{"name": "to Datadog", "type": "datadog", "sink": object{"datadogApiKey": sinkSecret, "datadogRegion": "eu"}},
		{"name": "to Splunk", "type": "splunk", "sink": object{"splunkDomain": "siem.example.com", "splunkPort": "8088", "splunkToken": sinkSecret, "splunkSecure": true}},
		{"name": "to Sumo", "type": "sumo", "sink": object{"sumoSourceAddress": "sumo.example.com"}},
		{"name": "to Segment", "type": "segment", "sink": object{"segmentWriteKey": sinkSecret}},
		{"name": "to Mixpanel", "type": "mixpanel", "sink": object{"mixpanelRegion": "eu", "mixpanelProjectId": "7",
			"mixpanelServiceAccountUsername": "robot", "mixpanelServiceAccountPassword": sinkSecret}},
		{"name": "to AWS", "type": "eventbridge", "sink": object{"awsAccountId": "123456789012", "awsRegion": "eu-west-1"}},
		{"name": "to Azure", "type": "eventgrid", "sink": object{"azureSubscriptionId": "b69a6835-57c7-4d53-b0d5-1c6ae580b6d5", "azureRegion": "northeurope", "azureResourceGroup": "logs"}},
	} {
		if err := t.manage(context.Background(), http.MethodPost, "/api/v2/log-streams", http.StatusOK, stream, nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *tenant) configureTokenExchange() error {
	var action struct {
		ID string `json:"id"`
	}
	err := t.create("actions/actions", object{
		"name": "Judge a token", "supported_triggers": []object{{"id": "custom-token-exchange", "version": "v1"}},
		"code": "exports.onExecuteCustomTokenExchange = async (event, api) => {};\n", "deploy": true,
	}, &action)
	if err != nil {
		return err
	}
	return t.create("token-exchange-profiles", object{
		"name": "Tokens of Acme", "subject_token_type": "urn:acme:legacy-token", "action_id": action.ID, "type": "custom_authentication",
	}, nil)
}

// testDeployedSecrets looks at what no export compares: that the secrets of the sinks have arrived.
func testDeployedSecrets(t *testing.T) {
	s := newGoSDK(t, &thisWorld.Copy)
	told := 0
	for _, stream := range s.must(ok, get, "log-streams", nil).([]any) {
		for name, value := range stream.(map[string]any)["sink"].(map[string]any) {
			if value == sinkSecret {
				told++
			}
			if text, _ := value.(string); strings.Contains(text, "##") {
				t.Errorf("%s is %s", name, text)
			}
		}
	}
	if told != 4 {
		t.Errorf("%d sinks have their secret, want 4: that of Mixpanel is never shown", told)
	}
}

// testDeployEmptiesObjects imports empty lists of all that configureObjects makes, and of organizations and Actions.
func testDeployEmptiesObjects(t *testing.T) {
	dest := thisWorld.Copy
	file := writeFile(t, "customDomains: []\nlogStreams: []\nrateLimitPolicies: []\nnetworkACLs: []\ntokenExchangeProfiles: []\norganizations: []\n"+
		"triggers:\n  post-login: []\nactions: []\n")
	dest.mustDeploy(t, []string{
		`AUTH0_INCLUDED_ONLY=["customDomains","logStreams","rateLimitPolicies","networkACLs","tokenExchangeProfiles","organizations","triggers","actions"]`, "AUTH0_ALLOW_DELETE=true",
	}, "import", "--input_file="+file)
	s := newGoSDK(t, &dest)
	for _, path := range []string{"custom-domains", "log-streams", "network-acls", "organizations"} {
		if list, bare := s.must(ok, get, path, nil).([]any); !bare || len(list) > 0 {
			t.Errorf("%s: %v", path, list)
		}
	}
	for path, key := range map[string]string{
		"rate-limit-policies?take=50": "rate_limit_policies", "token-exchange-profiles?take=50": "token_exchange_profiles", "actions/actions": "actions",
	} {
		if list := items(t, s.must(ok, get, path, nil), key); len(list) > 0 {
			t.Errorf("%s: %v", path, list)
		}
	}
}

// auth0_custom_domain and auth0_custom_domain_verification, auth0_custom_domain_default and the data source that searches.
func TestTerraformCustomDomain(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	self := s.object(created, post, "custom-domains", object{"domain": "tf-self.example.com", "type": "self_managed_certs"})
	path := "custom-domains/" + self["custom_domain_id"].(string)
	readsBack(t, object{"domain": "tf-self.example.com", "type": "self_managed_certs", "primary": false, "status": "pending_verification"},
		s.object(ok, get, path, nil), "tls_policy custom_client_ip_header domain_metadata relying_party_identifier certificate")
	s.must(ok, patch, path, object{"custom_client_ip_header": "true-client-ip"})
	readsBack(t, object{"custom_client_ip_header": "true-client-ip"}, s.object(ok, get, path, nil), "")

	sent := object{"domain": "tf-managed.example.com", "type": "auth0_managed_certs", "domain_metadata": object{"key1": "value1", "key2": "value2"}, "relying_party_identifier": "example.com"}
	managed := "custom-domains/" + s.object(created, post, "custom-domains", sent)["custom_domain_id"].(string)
	read := s.object(ok, get, managed, nil)
	readsBack(t, sent, read, "custom_client_ip_header")
	s.must(ok, patch, managed, without(sent, "domain", "type"))
	if diff := cmp.Diff(read, s.object(ok, get, managed, nil)); diff != "" {
		t.Errorf("a second apply changes something:\n%s", diff)
	}
	s.must(ok, patch, managed, object{"relying_party_identifier": nil, "domain_metadata": object{"key1": nil}})
	readsBack(t, object{"domain_metadata": object{"key2": "value2"}}, s.object(ok, get, managed, nil), "relying_party_identifier")

	if found := items(t, s.must(ok, get, "custom-domains?q=domain%3Atf-m%2A&take=100", nil), "custom_domains"); len(found) != 1 {
		t.Errorf("q finds %v", found)
	}
	if verified := s.object(created, post, managed+"/verify", nil); verified["status"] != "pending_verification" {
		t.Errorf("verified %v", verified)
	}
	s.refused(patch, "custom-domains/default", object{"domain": "tf-managed.example.com"}, "Bad Request: The domain must be verified before it can be set as default.")
	if def := s.object(ok, get, "custom-domains/default", nil); def["domain"] != thisWorld.Domain {
		t.Errorf("the default is %v, want %s", def, thisWorld.Domain)
	}
	s.refused(post, "custom-domains", without(sent, "domain_metadata"), "Conflict: The specified custom domain already exists") // as auth0-cli expects
	for _, p := range []string{path, managed, managed} {
		s.must(noContent, del, p, nil)
	}
	s.refused(get, managed, nil, "Not Found: Custom domain not found.")
}

// auth0_log_stream: the status comes with an update, the sink of each type comes back as it was sent.
func TestTerraformLogStream(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	for kind, sink := range map[string]object{
		"http":        {"httpContentFormat": "JSONLINES", "httpContentType": "application/json", "httpEndpoint": "https://example.com/webhook/logs", "httpAuthorization": "AKIAXXXXXXXXXXXXXXXX", "httpCustomHeaders": []object{}},
		"datadog":     {"datadogRegion": "us", "datadogApiKey": "121233123455"},
		"splunk":      {"splunkDomain": "demo.splunk.com", "splunkToken": "12a34ab5-c6d7-8901-23ef-456b7c89d0c1", "splunkPort": "8088", "splunkSecure": true},
		"sumo":        {"sumoSourceAddress": "demo.sumo.com"},
		"segment":     {"segmentWriteKey": "121233123455"},
		"eventbridge": {"awsAccountId": "999999999999", "awsRegion": "us-west-2"},
		"eventgrid":   {"azureSubscriptionId": "b69a6835-57c7-4d53-b0d5-1c6ae580b6d5", "azureRegion": "northeurope", "azureResourceGroup": "azure-logs-rg"},
	} {
		t.Run(kind, func(t *testing.T) {
			s.t = t
			path := "log-streams/" + s.object(ok, post, "log-streams", object{"name": "TF " + kind, "type": kind, "sink": sink})["id"].(string)
			read := s.object(ok, get, path, nil)
			readsBack(t, object{"name": "TF " + kind, "type": kind, "status": "active", "isPriority": false, "sink": sink}, read, "filters pii_config")
			update := object{"name": "TF " + kind, "status": "active", "sink": sink}
			if kind == "eventbridge" || kind == "eventgrid" { // whose sink is not sent again
				update = without(update, "sink")
			}
			s.must(ok, patch, path, update)
			if diff := cmp.Diff(read, s.object(ok, get, path, nil)); diff != "" {
				t.Errorf("a second apply changes something:\n%s", diff)
			}
			filters := []object{{"type": "category", "name": "auth.login.fail"}, {"type": "category", "name": "auth.signup.fail"}}
			s.must(ok, patch, path, object{"status": "paused", "filters": filters, "pii_config": object{"log_fields": []string{"email"}}})
			readsBack(t, object{"status": "paused", "filters": filters, "pii_config": object{"log_fields": []string{"email"}, "method": "hash", "algorithm": "xxhash"}}, s.object(ok, get, path, nil), "")
			s.must(ok, patch, path, object{"filters": []object{}})
			readsBack(t, object{"status": "paused"}, s.object(ok, get, path, nil), "filters")
			s.must(noContent, del, path, nil)
			s.refused(get, path, nil, "Not Found: The log stream does not exist.")
		})
	}
}

// auth0_network_acl: the answer to a deletion has a body.
func TestTerraformNetworkACL(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{"description": "TF ACL", "active": true, "priority": 91,
		"rule": object{"action": object{"block": true}, "match": object{"ipv4_cidrs": []string{"192.0.2.0/24"}}, "scope": "authentication"}}
	path := "network-acls/" + s.object(created, post, "network-acls", sent)["id"].(string)
	read := s.object(ok, get, path, nil)
	readsBack(t, sent, read, "")
	s.must(ok, patch, path, sent)
	again := s.object(ok, get, path, nil)
	if diff := cmp.Diff(without(read, "updated_at"), without(again, "updated_at")); diff != "" {
		t.Errorf("a second apply changes something:\n%s", diff)
	}
	if list := items(t, s.must(ok, get, "network-acls?include_totals=true&page=0&per_page=50", nil), "network_acls"); len(list) == 0 {
		t.Error("the list is empty")
	}
	s.must(ok, del, path, nil)
	if a := s.send(get, path, nil); a.Status != http.StatusNotFound {
		t.Errorf("%d %s", a.Status, a.Text)
	}
}

// auth0_token_exchange_profile: the answer to an update is the profile.
func TestTerraformTokenExchangeProfile(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	action := s.object(created, post, "actions/actions", object{"name": "TF exchange", "supported_triggers": []object{{"id": "custom-token-exchange", "version": "v1"}},
		"code": "exports.onExecuteCustomTokenExchange = async (event, api) => {};\n", "deploy": true})["id"].(string)
	sent := object{"name": "TF profile", "subject_token_type": "https://acme.example.com/cis-token", "action_id": action, "type": "custom_authentication"}
	path := "token-exchange-profiles/" + s.object(created, post, "token-exchange-profiles", sent)["id"].(string)
	read := s.object(ok, get, path, nil)
	readsBack(t, sent, read, "")
	if diff := cmp.Diff(read, s.object(ok, patch, path, without(sent, "action_id", "type"))); diff != "" {
		t.Errorf("a second apply changes something:\n%s", diff)
	}
	changed := object{"name": "TF profile updated", "subject_token_type": "https://acme.example.com/cis-token-updated"}
	readsBack(t, changed, s.object(ok, patch, path, changed), "")
	s.refused(del, "actions/actions/"+action, nil, "Conflict: Unable to delete an action bound to a trigger.")
	s.must(noContent, del, path, nil)
	s.refused(get, path, nil, "Not Found: Token exchange profile not found.")
	s.must(noContent, del, "actions/actions/"+action, nil)
}
