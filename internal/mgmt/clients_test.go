package mgmt

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/store"
)

// Terraform's plan after an apply is empty: what was sent comes back as it was sent, what was not sent is not there or has its
// recorded default, and null takes it back to that.
func TestClientComesBackAsSent(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	_, created := e.ask(acme, token, "POST", "/clients", `{"name":"plain"}`)
	id, plain := e.property(created, "client_id"), object(t, created)
	for property, value := range clientSamples() {
		t.Run(property, func(t *testing.T) {
			body := fmt.Sprintf(`{"name":"x",%q:%s}`, property, value)
			status, made := e.ask(acme, token, "POST", "/clients", body)
			if status != http.StatusCreated {
				t.Fatalf("POST %s: %d %s", body, status, made)
			}
			_, read := e.ask(acme, token, "GET", "/clients/"+e.property(made, "client_id"), "")
			sent, got := decoded(t, value), object(t, read)
			if diff := cmp.Diff(sent, got[property]); diff != "" {
				t.Errorf("GET after POST %s (-sent +got)\n%s", body, diff)
			}
			if surplus := unsaid(plain, got, property); len(surplus) > 0 {
				t.Errorf("POST %s: %v are there, and were not sent", body, surplus)
			}
			e.ask(acme, token, "DELETE", "/clients/"+e.property(made, "client_id"), "")
			change := fmt.Sprintf(`{%q:%s}`, property, value)
			if status, patched := e.ask(acme, token, "PATCH", "/clients/"+id, change); status != http.StatusOK ||
				!cmp.Equal(sent, object(t, patched)[property]) {
				t.Errorf("PATCH %s: %d %s", change, status, patched)
			}
			status, reset := e.ask(acme, token, "PATCH", "/clients/"+id, fmt.Sprintf(`{%q:null}`, property))
			if diff := cmp.Diff(plain[property], object(t, reset)[property]); status != http.StatusOK || diff != "" {
				t.Errorf("PATCH %s null: %d (-default +got)\n%s", property, status, diff)
			}
		})
	}
}

// unsaid are the properties of got that neither plain has nor were said.
func unsaid(plain, got map[string]any, said string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(got)), func(name string) bool {
		_, usual := plain[name]
		return usual || name == said
	})
}

// clientSamples is a value, other than the default, for each property that PATCH can set by itself.
func clientSamples() map[string]string {
	return map[string]string{
		"description": `"nightly"`, "logo_uri": `"https://a.example/logo.png"`, "callbacks": `["https://a.example/cb"]`, "allowed_origins": `[]`,
		"web_origins": `["https://a.example"]`, "client_aliases": `["urn:alias"]`, "allowed_clients": `["x"]`, "allowed_logout_urls": `["https://a.example"]`,
		"grant_types": `["client_credentials"]`, "token_endpoint_auth_method": `"client_secret_basic"`, "is_token_endpoint_ip_header_trusted": `true`,
		"app_type": `"non_interactive"`, "encryption_key": `{"pub":"a","cert":"b","subject":"/CN=c"}`, "sso": `false`, "cross_origin_authentication": `true`,
		"cross_origin_loc": `"https://a.example"`, "sso_disabled": `true`, "custom_login_page_on": `false`, "custom_login_page": `"<html></html>"`,
		"custom_login_page_preview": `"<b>"`, "form_template": `"<form>"`, "addons": `{"samlp":{"audience":"x","mappings":{}}}`,
		"client_metadata": `{"a":"1","ü":"<&>"}`, "mobile": `{"ios":{"team_id":"9JA89QQLNQ","app_bundle_identifier":"com.x"}}`,
		"initiate_login_uri": `"https://a.example/login"`, "native_social_login": `{"apple":{"enabled":true}}`,
		"organization_usage": `"allow"`, "organization_require_behavior": `"no_prompt"`, "organization_discovery_methods": `["organization_name"]`,
		"require_pushed_authorization_requests": `true`, "require_proof_of_possession": `false`, "compliance_level": `"none"`,
		"skip_non_verifiable_callback_uri_confirmation_prompt": `true`, "token_exchange": `{"allow_any_profile_of_type":["custom_authentication"]}`,
		"par_request_expiry": `600`, "token_quota": `{"client_credentials":{"per_hour":2147483647}}`,
		"async_approval_notification_channels": `["email"]`, "oidc_logout": `{"backchannel_logout_urls":["https://a.example"]}`,
		"session_transfer": `{"can_create_session_transfer_token":false}`, "fedcm_login": `{"google":{"is_enabled":true}}`, "oidc_conformant": `true`,
		"identity_assertion_authorization_grant": `{"active":false}`, "signed_request_object": `{"required":true}`,
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	o, ok := decoded(t, text).(map[string]any)
	if !ok {
		t.Fatalf("no object: %s", text)
	}
	return o
}

func TestShapeOfClientIDs(t *testing.T) {
	e := newEnv(t)
	for body, shape := range map[string]string{
		`{"name":"x"}`:                        `^[0-9A-Za-z]{32}$`,
		`{"name":"x","is_first_party":false}`: `^[0-9A-Za-z]{32}$`,
		`{"name":"x","is_first_party":false,"third_party_security_mode":"permissive"}`: `^[0-9A-Za-z]{32}$`,
		`{"name":"x","is_first_party":false,"third_party_security_mode":"strict"}`:     `^tpc_[0-9A-Za-z]{22}$`,
	} {
		_, made := e.ask(acme, e.token(acme), "POST", "/clients", body)
		if id := e.property(made, "client_id"); !regexp.MustCompile(shape).MatchString(id) {
			t.Errorf("%s: client_id %s, want %s", body, id, shape)
		}
	}
}

// together runs fn n times at once.
func together(n int, fn func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { fn(i) })
	}
	all.Wait()
}

// A change that meets a deletion is done before it, or finds no client; the client is gone in any case, and so are its credentials.
func TestChangesDuringDeletion(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	_, made := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`)
	path := "/clients/" + e.property(made, "client_id")
	key := `{"credential_type":"cert_subject_dn","subject_dn":"CN=x"}`
	together(12, func(i int) {
		requests := []struct {
			method, path, body string
			done               int
		}{{"PATCH", path, `{"description":"d"}`, 200}, {"POST", path + "/credentials", key, 201}, {"DELETE", path, "", 204}}
		r := requests[i%len(requests)]
		status, body := e.ask(acme, token, r.method, r.path, r.body)
		full := status == http.StatusBadRequest && strings.Contains(body, "maximum of 2 credentials")
		if status != r.done && !full && (status != http.StatusNotFound || e.property(body, "errorCode") != "inexistent_client") {
			t.Errorf("%s %s: %d %s", r.method, r.path, status, body)
		}
	})
	if status, body := e.ask(acme, token, "GET", path, ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, body)
	}
	if n, err := e.db.Tenant(acme).ClientCredentials().Count(t.Context(), store.Query{}); err != nil || n != 0 {
		t.Errorf("%d credentials are left, %v", n, err)
	}
}
