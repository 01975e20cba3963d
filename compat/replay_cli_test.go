package compat

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// `auth0 terraform generate` asks for a list of each resource type. It skips what is 403 Forbidden, and ends at any other refusal but the 404
// of an e-mail provider, template or theme. Then it writes imports of single values, which the provider reads.
func TestTerraformGenerate(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	const totals = "include_totals=true&per_page=50"
	for _, list := range []struct{ path, key string }{
		{"actions/actions?page=0&per_page=50", "actions"},
		{"branding/phone/providers", "providers"},
		{"branding/phone/templates", "templates"},
		{"clients?fields=client_id%2Cname%2Cexternal_metadata_type&include_fields=true&is_global=false&page=0&" + totals, "clients"},
		{"client-grants?take=50", "client_grants"},
		{"connections?fields=id%2Cname&include_fields=true&page=0&" + totals, "connections"},
		{"custom-domains", ""},
		{"flows?" + totals, "flows"},
		{"flows/vault/connections?" + totals, "connections"},
		{"forms?include_totals=true&page=0&per_page=50", "forms"},
		{"log-streams", ""},
		{"network-acls", ""},
		{"organizations?page=0&include_totals=true&per_page=100", "organizations"},
		{"prompts/rendering?" + totals, "configs"},
		{"resource-servers?fields=id%2Cname%2Cscopes&include_fields=true&include_totals=true&page=0&per_page=100", "resource_servers"},
		{"roles?fields=id%2Cname&include_fields=true&page=0&" + totals, "roles"},
		{"self-service-profiles?page=0&" + totals, "self_service_profiles"},
		{"user-attribute-profiles?from=&take=50", "user_attribute_profiles"},
		{"actions/triggers/post-login/bindings?" + "per_page=50", "bindings"},
		{"actions/triggers/credentials-exchange/bindings?" + "per_page=50", "bindings"},
		{"token-exchange-profiles?take=50", "token_exchange_profiles"},
		{"rate-limit-policies?take=50", "rate_limit_policies"},
	} {
		switch v := s.must(ok, get, list.path, nil).(type) {
		case []any:
			if list.key != "" {
				t.Errorf("%s: an array, want an object with %s", list.path, list.key)
			}
		default:
			if list.key == "" {
				t.Errorf("%s: want an array", list.path)
				continue
			}
			items(t, v, list.key)
			if next, has := v.(map[string]any)["next"]; has && next == "" {
				t.Errorf("%s: next is empty, a pager never ends", list.path)
			}
		}
	}
	for _, path := range []string{"branding/themes/default", "emails/provider", "email-templates/verify_email", "email-templates/async_approval"} {
		if a := s.send(get, path, nil); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.Status, a.Text)
		}
	}
	for _, path := range []string{ // what the provider reads for the imports that no list stands behind
		"attack-protection/breached-password-detection", "attack-protection/brute-force-protection", "attack-protection/suspicious-ip-throttling",
		"attack-protection/bot-detection", "attack-protection/captcha", "branding", "guardian/factors", "guardian/policies", "prompts",
		"prompts/login/custom-text/en", "prompts/login/partials", "tenants/settings",
		"clients?is_global=true&fields=client_id%2Cclient_secret%2Ccustom_login_page%2Ccustom_login_page_on&include_fields=true&" + totals,
	} {
		s.must(ok, get, path, nil)
	}
}

// `auth0 apps create --type m2m` and what follows it.
func TestAuth0CLIApps(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{
		"name": "CLI app", "description": "", "app_type": "non_interactive", "oidc_conformant": true, "jwt_configuration": object{"alg": "RS256"},
		"grant_types": []string{"client_credentials"}, "token_endpoint_auth_method": "client_secret_post", "client_metadata": object{},
	}
	id := s.object(created, post, "clients", sent)["client_id"].(string)
	s.must(ok, get, "clients/"+id, nil)
	s.must(ok, patch, "clients/"+id, object{"name": "CLI app 2", "client_metadata": object{"a": "b"}})
	before := s.object(ok, get, "clients/"+id, nil)["client_secret"]
	if after := s.object(ok, post, "clients/"+id+"/rotate-secret", nil)["client_secret"]; after == before {
		t.Error("the secret is the old one")
	}
	list := items(t, s.must(ok, get, "clients?include_totals=true&is_global=false&page=0&per_page=100", nil), "clients")
	for _, c := range list {
		if c.(map[string]any)["global"] == true {
			t.Error("is_global=false finds the global client")
		}
	}
	a := s.send(patch, "clients/"+id, object{"token_endpoint_auth_method": "none"})
	if a.Status != http.StatusBadRequest || !strings.Contains(string(a.Text), "client_credentials") {
		t.Errorf("a machine without a secret: %d %s", a.Status, a.Text)
	}
	s.must(noContent, del, "clients/"+id, nil)
	s.refused(get, "clients/"+id, nil, "Not Found: The client does not exist")
}

// `auth0 apis ...`: identifiers in paths are escaped twice.
func TestAuth0CLIAPIs(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	identifier := "http://cli.example.com/orders v1"
	id := s.object(created, post, "resource-servers", object{
		"name": "CLI API", "identifier": identifier, "allow_offline_access": false, "token_lifetime": 86400, "signing_alg": "RS256",
		"scopes": []object{{"value": "read:orders"}},
	})["id"].(string)
	for _, path := range []string{id, pathEscape(url.PathEscape(identifier)), pathEscape(identifier)} {
		if got := s.object(ok, get, "resource-servers/"+path, nil)["id"]; got != id {
			t.Errorf("%s is %v", path, got)
		}
	}
	first := items(t, s.must(ok, get, "resource-servers?include_totals=true&page=0&per_page=100", nil), "resource_servers")[0]
	if name := first.(map[string]any)["name"]; name != "Auth0 Management API" {
		t.Errorf("the first API is %v", name)
	}
	a := s.send(patch, "resource-servers/"+id, object{"subject_type_authorization": object{"client": object{"policy": "invalid_policy"}}})
	if a.Status != http.StatusBadRequest || !strings.Contains(string(a.Text), "invalid_policy") {
		t.Errorf("%d %s, want a 400 that repeats the value", a.Status, a.Text)
	}
	s.must(noContent, del, "resource-servers/"+pathEscape(url.PathEscape(identifier)), nil)
}

// `auth0 test token CLIENT --audience API`: find the client and its grant, then ask for a token with a form.
func TestAuth0CLITestToken(t *testing.T) {
	s, job := newGoSDK(t, &thisWorld.tenant), thisWorld.Job
	client := s.object(ok, get, "clients/"+job.ID, nil)
	query := url.Values{"audience": {timesheets}, "client_id": {job.ID}, "take": {"50"}}
	if found := items(t, s.must(ok, get, "client-grants?"+query.Encode(), nil), "client_grants"); len(found) != 1 {
		t.Fatalf("grants %v", found)
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {job.ID}, "client_secret": {client["client_secret"].(string)}, "audience": {timesheets}}
	resp, err := http.PostForm("https://"+thisWorld.Domain+"/oauth/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("%s", resp.Status)
	}
}

// `auth0 logs list`, and `auth0 logs tail`, which asks for the last known record again and takes more than one for news.
func TestAuth0CLILogs(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	newest := func(query string) []any {
		list, bare := s.must(ok, get, "logs?"+query, nil).([]any)
		if !bare {
			t.Fatalf("logs?%s is no array", query)
		}
		return list
	}
	last := newest("page=0&per_page=1&sort=date%3A-1")[0].(map[string]any)["log_id"].(string)
	tail := "page=0&per_page=100&q=" + url.QueryEscape("log_id:["+last+" TO *]") + "&sort=date%3A-1"
	if found := newest(tail); len(found) == 0 || found[len(found)-1].(map[string]any)["log_id"] != last {
		t.Errorf("the known record is not the last of the tail: %v", found)
	}
	if totals := items(t, s.must(ok, get, "logs?include_totals=true&page=0&per_page=5", nil), "logs"); len(totals) != 5 {
		t.Errorf("%d records", len(totals))
	}
	for _, stats := range []string{"stats/daily?from=20000317&to=20000318"} {
		if days, bare := s.must(ok, get, stats, nil).([]any); !bare || len(days) != 0 {
			t.Errorf("%s: %v", stats, days)
		}
	}
}

// `auth0 api` passes a path through, and takes the text of a 403 apart at its colon and its commas.
func TestAuth0CLIPassThrough(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	if got := s.object(ok, get, "tenants/settings?fields=idle_session_lifetime&include_fields=true", nil); len(got) != 1 {
		t.Errorf("fields select %v", got)
	}
	a := s.send(post, "rules", object{"name": "r", "script": "function f() {}"})
	_, scopes, found := strings.Cut(string(a.Text), "Insufficient scope, expected any of: ")
	if scope, _, _ := strings.Cut(scopes, ","); a.Status != http.StatusForbidden || !found || scope != "create:rules" {
		t.Errorf("%d %s", a.Status, a.Text)
	}
}

// x/oauth2 tries HTTP Basic first, whatever the client's token_endpoint_auth_method says, and auth0-cli repeats client_id in the body.
func TestGoClientsSendBasicFirst(t *testing.T) {
	for method := range strings.FieldsSeq("client_secret_post client_secret_basic") {
		s := newGoSDK(t, &thisWorld.tenant)
		made := s.object(created, post, "clients", object{"name": method, "grant_types": []string{"client_credentials"}, "token_endpoint_auth_method": method})
		id, secret := made["client_id"].(string), made["client_secret"].(string)
		s.must(created, post, "client-grants", object{"client_id": id, "audience": timesheets, "scope": []string{"read:timesheets"}})
		for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleAutoDetect, oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
			cfg := clientcredentials.Config{
				ClientID: id, ClientSecret: secret, TokenURL: "https://" + thisWorld.Domain + "/oauth/token", AuthStyle: style,
				EndpointParams: url.Values{"audience": {timesheets}, "client_id": {id}},
			}
			if _, err := cfg.Token(context.Background()); err != nil {
				t.Errorf("%s, style %v: %v", method, style, err)
			}
		}
		s.must(noContent, del, "clients/"+id, nil)
	}
}
