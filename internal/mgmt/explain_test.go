package mgmt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// explanationOf asks, and fails the test where there is no answer.
func (e *env) explanationOf(body map[string]any) explanationView {
	e.t.Helper()
	status, text := e.ask(acme, e.token(acme), "POST", "/writ/explain", encoded(e.t, body))
	var view explanationView
	if err := json.Unmarshal([]byte(text), &view); err != nil || status != 200 {
		e.t.Fatalf("%d %s", status, text)
	}
	return view
}

func (v explanationView) failed() *decisionView {
	for i := range v.Decisions {
		if v.Decisions[i].Outcome == "failed" {
			return &v.Decisions[i]
		}
	}
	return nil
}

// Each decision fails for its own reason; what mends it mends it, sent as it stands with a token of the scopes that it names. What comes
// after it is then judged.
func TestExplanationsMend(t *testing.T) {
	const patchClient, patchAPI, patchGrant = "PATCH /clients/$client", "PATCH /resource-servers/$api", "PATCH /client-grants/$grant"
	tests := []struct {
		rule     string
		before   []string // calls that break it
		ask      map[string]any
		failed   string
		mend     []string // methods and paths
		then     string   // the decision that fails after the mend; empty = none
		contains string   // what the mend's first body holds
	}{
		{rule: "wrong secret: rotated", ask: map[string]any{"client_secret": "wrong"}, failed: "authentication",
			mend: []string{"POST /clients/$client/rotate-secret"}, then: "authentication"},
		{rule: "a public client: given a secret and the grant type", before: []string{patchClient, `{"token_endpoint_auth_method":"none","grant_types":["refresh_token"]}`},
			failed: "grant_type", mend: []string{patchClient}, contains: "client_secret_post"},
		{rule: "a public client with a secret", before: []string{patchClient, `{"token_endpoint_auth_method":"none","grant_types":[]}`},
			ask: map[string]any{"client_secret": "$secret"}, failed: "authentication", mend: []string{patchClient}},
		{rule: "grant type: added to those that are there", before: []string{patchClient, `{"grant_types":["refresh_token"]}`},
			failed: "grant_type", mend: []string{patchClient}, contains: `["refresh_token","client_credentials"]`},
		{rule: "no audience: the request has to name one", ask: map[string]any{"audience": ""}, failed: "api"},
		{rule: "unknown audience", ask: map[string]any{"audience": "urn:nothing"}, failed: "api"},
		{rule: "policy", before: []string{patchAPI, `{"subject_type_authorization":{"client":{"policy":"deny_all"}}}`}, failed: "policy", mend: []string{patchAPI}},
		{rule: "grant: with what is asked for", before: []string{"DELETE /client-grants/$grant", ""}, ask: map[string]any{"scope": "read:a"},
			failed: "grant", mend: []string{"POST /client-grants"}, contains: `["read:a"]`},
		{rule: "grant for the Management API", ask: map[string]any{"audience": callTo(acme).ManagementAudience(), "scope": "read:clients"},
			failed: "grant", mend: []string{"POST /client-grants"}, contains: `["read:clients"]`},
		{rule: "grant that was asked for with a scope that there is not: the scope is the next to fail", before: []string{"DELETE /client-grants/$grant", ""},
			ask: map[string]any{"scope": "read:x"}, failed: "grant", mend: []string{"POST /client-grants"}, then: "scope"},
		{rule: "scope: added to those that are granted", ask: map[string]any{"scope": "read:b"}, failed: "scope", mend: []string{patchGrant}, contains: `["read:a","read:b"]`},
		{rule: "a scope that the API does not define: defined, then granted", ask: map[string]any{"scope": "read:x read:b"}, failed: "scope",
			mend: []string{patchAPI, patchGrant}, contains: `{"value":"read:x"}`},
		{rule: "a scope that the API does not define, though all are granted", before: []string{patchGrant, `{"allow_all_scopes":true}`},
			ask: map[string]any{"scope": "read:x"}, failed: "scope", mend: []string{patchAPI}},
		{rule: "a granted scope that the API has lost is not granted anew", before: []string{patchAPI, `{"scopes":[{"value":"read:b"}]}`},
			ask: map[string]any{"scope": "read:b"}, failed: "scope", mend: []string{patchGrant}, contains: `{"scope":["read:b"]}`},
		{rule: "an organization that is named must go from the request", ask: map[string]any{"organization": "org_1"}, failed: "organization"},
		{rule: "an organization that the grant requires", before: []string{patchGrant, `{"organization_usage":"require"}`}, failed: "organization", mend: []string{patchGrant}},
		{rule: "proof of possession that the client requires", before: []string{patchClient, `{"require_proof_of_possession":true}`}, failed: "proof_of_possession", mend: []string{patchClient}},
		{rule: "proof of possession that the API requires", before: []string{patchAPI, `{"proof_of_possession":{"mechanism":"dpop","required":true}}`},
			failed: "proof_of_possession", mend: []string{patchAPI}},
		{rule: "a bound Action", before: []string{"PATCH /actions/triggers/credentials-exchange/bindings", `{"bindings":[{"ref":{"type":"action_name","value":"check"}}]}`},
			failed: "actions", mend: []string{"PATCH /actions/triggers/credentials-exchange/bindings"}, contains: `{"bindings":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			w := newMended(t)
			if tt.before != nil {
				w.send(w.env.token(acme), tt.before[0], tt.before[1])
			}
			ask := map[string]any{"client_id": w.ids["$client"], "audience": "urn:api"}
			for name, value := range tt.ask {
				if ask[name] = w.filled(value.(string)); value == "" {
					delete(ask, name)
				}
			}
			failed := w.env.explanationOf(ask).failed()
			if failed == nil || string(failed.Name) != tt.failed || failed.Message == "" {
				t.Fatalf("failed %+v, want %s", failed, tt.failed)
			}
			w.mend(failed.Mend, tt.mend, tt.contains)
			if tt.mend == nil {
				return
			}
			if next := w.env.explanationOf(ask).failed(); next == nil && tt.then != "" || next != nil && string(next.Name) != tt.then {
				t.Errorf("after the mend %+v fails, want %q", next, tt.then)
			}
		})
	}
}

// mended is a client with a grant of read:a for an API that has read:a and read:b.
type mended struct {
	t   *testing.T
	env *env
	ids map[string]string
}

func newMended(t *testing.T) *mended {
	w := &mended{t: t, env: newEnv(t), ids: map[string]string{}}
	token := w.env.token(acme)
	api := w.send(token, "POST /resource-servers", `{"identifier":"urn:api","scopes":[{"value":"read:a"},{"value":"read:b"}]}`)
	client := w.send(token, "POST /clients", `{"name":"job","app_type":"non_interactive"}`)
	w.ids["$api"], w.ids["$client"], w.ids["$secret"] = w.env.property(api, "id"), w.env.property(client, "client_id"), w.env.property(client, "client_secret")
	grant := w.send(token, "POST /client-grants", `{"client_id":"$client","audience":"urn:api","scope":["read:a"]}`)
	w.ids["$grant"] = w.env.property(grant, "id")
	w.send(token, "POST /actions/actions", `{"name":"check","supported_triggers":[{"id":"credentials-exchange"}],"deploy":true}`)
	return w
}

func (w *mended) filled(text string) string {
	for name, value := range w.ids {
		text = strings.ReplaceAll(text, name, value)
	}
	return text
}

// send makes one call that must succeed.
func (w *mended) send(token, call, body string) string {
	w.t.Helper()
	method, path, _ := strings.Cut(w.filled(call), " ")
	status, text := w.env.ask(acme, token, method, path, w.filled(body))
	if status >= 300 {
		w.t.Fatalf("%s %s %s: %d %s", method, path, body, status, text)
	}
	return text
}

// mend sends the calls of a mend, each with a token that has one of its scopes and no other.
func (w *mended) mend(m *mend, want []string, contains string) {
	w.t.Helper()
	var calls []string
	if m != nil {
		for i, c := range m.Calls {
			call, body := c.Method+" "+strings.TrimPrefix(c.Path, prefix), ""
			if c.Body != nil {
				body = encoded(w.t, c.Body)
			}
			if i == 0 && !strings.Contains(body, contains) {
				w.t.Errorf("the mend sends %s, want %s in it", body, contains)
			}
			w.send(w.env.token(acme, c.Scopes[0]), call, body)
			calls = append(calls, call)
		}
	}
	for i := range want {
		want[i] = w.filled(want[i])
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		w.t.Errorf("the mend's calls (-want +got):\n%s", diff)
	}
}

// A third party that lacks a scope of the default grant gets a grant of its own: the other third parties keep what they have.
func TestMendOfAThirdParty(t *testing.T) {
	w := newMended(t)
	token := w.env.token(acme)
	w.send(token, "DELETE /client-grants/$grant", "")
	w.send(token, "PATCH /clients/$client", `{"is_first_party":false}`)
	w.send(token, "POST /client-grants", `{"default_for":"third_party_clients","audience":"urn:api","scope":["read:a"]}`)
	ask := map[string]any{"client_id": w.ids["$client"], "audience": "urn:api", "scope": "read:b"}
	w.mend(w.env.explanationOf(ask).failed().Mend, []string{"POST /client-grants"}, `"scope":["read:a","read:b"]`)
	if view := w.env.explanationOf(ask); view.Refused {
		t.Errorf("%+v", view.failed())
	}
}

// Quotas that are used up are left as they are, but for that they refuse nothing: the client's, and the organization's. One that comes from
// the tenant's default becomes the client's own.
func TestMendOfAQuota(t *testing.T) {
	w := newMended(t)
	token := w.env.token(acme)
	w.send(token, "PATCH /tenants/settings", `{"default_token_quota":{"clients":{"client_credentials":{"per_hour":1,"per_day":5}}}}`)
	w.ids["$org"] = w.env.property(w.send(token, "POST /organizations", `{"name":"first","token_quota":{"client_credentials":{"per_day":1}}}`), "id")
	w.send(token, "PATCH /client-grants/$grant", `{"organization_usage":"allow","allow_any_organization":true}`)
	ask := map[string]any{"client_id": w.ids["$client"], "audience": "urn:api", "organization": w.ids["$org"]}
	if view := w.env.explanationOf(ask); view.Refused {
		t.Fatalf("before the first token: %+v", view.failed())
	}
	s, ctx := w.env.db.Snapshots(), t.Context()
	client, err := s.Client(ctx, acme, w.ids["$client"])
	if err != nil {
		t.Fatal(err)
	}
	organization, err := s.Organization(ctx, acme, w.ids["$org"])
	if err != nil {
		t.Fatal(err)
	}
	auth := &oauth.Authorization{Call: callTo(acme), Client: client, Organization: organization}
	if _, err := limit.NewTokenLimits(s, w.env.db, w.env.db).Reserve(ctx, auth); err != nil {
		t.Fatal(err)
	}
	failed := w.env.explanationOf(ask).failed()
	if failed == nil || failed.Name != oauth.DecisionQuota {
		t.Fatalf("failed: %+v", failed)
	}
	w.mend(failed.Mend, []string{"PATCH /clients/$client", "PATCH /organizations/$org"}, `{"client_credentials":{"enforce":false,"per_day":5,"per_hour":1}}`)
	if view := w.env.explanationOf(ask); view.Refused {
		t.Errorf("after the mend: %+v", view.failed())
	}
}

// A secret that the question holds is nowhere in the log, whatever becomes of the question.
func TestExplainKeepsNoSecret(t *testing.T) {
	w := newMended(t)
	for _, body := range []string{
		`{"client_id":"$client","client_secret":"canary-secret","audience":"urn:api"}`,
		`{"client_id":"$client","client_secret":"canary-secret","audience":7}`,
		`{"client_secret":"canary-secret","log_id":"x"}`,
	} {
		if status, text := w.env.ask(acme, w.env.token(acme), "POST", "/writ/explain", w.filled(body)); strings.Contains(text, "canary") || status >= 500 {
			t.Errorf("%d %s", status, text)
		}
	}
	_, records := w.env.ask(acme, w.env.token(acme), "GET", "/logs?per_page=100", "")
	if strings.Contains(records+w.env.log.String(), "canary") {
		t.Error("the secret is in a log")
	}
}

// What an explanation tells of an organization is for who may read organizations, wherever the organization comes from: the question, a record
// of the log, or the client's default.
func TestOrganizationsAreExplainedToWhoMayReadThem(t *testing.T) {
	w := newMended(t)
	e := w.env
	w.ids["$org"] = e.property(w.send(e.token(acme), "POST /organizations", `{"name":"first"}`), "id")
	w.send(e.token(acme), "PATCH /client-grants/$grant", `{"organization_usage":"require","allow_any_organization":true}`)
	w.send(e.token(acme), "PATCH /clients/$client", `{"default_organization":{"organization_id":"$org","flows":["client_credentials"]}}`)
	clientID := w.ids["$client"]
	err := e.db.Append(t.Context(), tenant.LogEvent{
		Tenant: acme, Date: e.clock(), Type: tenant.LogTokenRefused, ClientID: &clientID, Audience: "urn:api", Hostname: domainOf(acme),
		Details: json.RawMessage(w.filled(`{"error":{"oauthError":"invalid_request","reason":"organization"},"request":{"organization":"$org"}}`)),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, log := e.ask(acme, e.token(acme), "GET", "/logs?q=type:feccft", "")
	w.ids["$log"] = e.property(strings.Trim(log, "[]"), "log_id")
	few := []string{"create:writ_explanations", "read:clients", "read:client_grants", "read:resource_servers", "read:network_acls", "read:rate_limit_policies", "read:logs"}
	for rule, question := range map[string]string{
		"the question":         `{"client_id":"$client","audience":"urn:api","organization":"$org"}`,
		"a record":             `{"log_id":"$log"}`,
		"the client's default": `{"client_id":"$client","audience":"urn:api"}`,
	} {
		t.Run(rule, func(t *testing.T) {
			for _, missing := range []string{"read:organizations", "read:organization_client_grants"} {
				status, text := e.ask(acme, e.token(acme, few...), "POST", "/writ/explain", w.filled(question))
				if status != 403 || !strings.Contains(text, "expected any of: "+missing) {
					t.Errorf("without %s: %d %s", missing, status, text)
				}
				few = append(few, missing)
			}
			defer func() { few = few[:len(few)-2] }()
			if status, text := e.ask(acme, e.token(acme, few...), "POST", "/writ/explain", w.filled(question)); status != 200 || !strings.Contains(text, `"name":"first"`) {
				t.Errorf("%d %s", status, text)
			}
		})
	}
}
