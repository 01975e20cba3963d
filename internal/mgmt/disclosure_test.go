package mgmt

import (
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// A read that shows a secret leaves one record, without it, and a read that shows none leaves none.
func TestReadsThatShowSecretsAreOnRecord(t *testing.T) {
	e := newEnv(t)
	token, weak := e.token(acme), e.token(acme, "read:clients")
	_, created := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`)
	id, secret := e.property(created, "client_id"), e.property(created, "client_secret")
	if status, body := e.ask(acme, token, "POST", "/resource-servers", `{"identifier":"urn:hs","signing_alg":"HS256","signing_secret":"`+canary+`"}`); status != http.StatusCreated {
		t.Fatal(status, body)
	}
	for _, r := range []struct {
		rule, token, path, want string
	}{
		{"one client", token, "/clients/" + id, "Get a client"},
		{"a list of clients, once", token, "/clients", "Get clients"},
		{"a list by position", token, "/clients?take=1", "Get clients"},
		{"a list that selects the secret", token, "/clients?fields=client_id,client_secret", "Get clients"},
		{"a selection without the secret", token, "/clients?fields=client_id,name", ""},
		{"everything but the secret", token, "/clients/" + id + "?fields=client_secret&include_fields=false", ""},
		{"an empty page", token, "/clients?page=50", ""},
		{"a token that may not see secrets", weak, "/clients", ""},
		{"a client that is not there", token, "/clients/nobody", ""},
		{"an API with a secret", token, "/resource-servers/urn:hs", "Get a resource server"},
		{"a list of APIs", token, "/resource-servers", "Get resource servers"},
		{"APIs without a secret", token, "/resource-servers?fields=identifier", ""},
	} {
		t.Run(r.rule, func(t *testing.T) {
			logs := e.db.Tenant(acme).Logs()
			before, err := logs.Count(t.Context(), tenant.LogQuery{})
			if err != nil {
				t.Fatal(err)
			}
			e.ask(acme, r.token, "GET", r.path, "")
			events, err := logs.Query(t.Context(), tenant.LogQuery{Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, event := range events[:len(events)-before] {
				got += event.Description
				if event.Type != tenant.LogManagementKeysRead || !strings.Contains(string(event.Details), `"statusCode":200`) {
					t.Errorf("%s %s", event.Type, event.Details)
				}
				if text := string(event.Details); strings.Contains(text, secret) || strings.Contains(text, canary) {
					t.Error("the record holds the secret")
				}
			}
			if got != r.want {
				t.Errorf("got %q, want %q", got, r.want)
			}
		})
	}
}
