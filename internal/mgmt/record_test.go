package mgmt

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// canary is a secret that must be nowhere but in answers to who may see it.
const canary = "canary-0123456789-abcdef-SECRET"

// addonCanary stands in a property of browser flows: no secret of writ's own, kept unsealed, but not for the logs either.
const addonCanary = "canary-of-an-addon-9876"

// Secrets that pass through the API in every way stay out of the tenant's log, the operator's log and the files.
func TestSecretsStayOutOfLogsAndFiles(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	_, created := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`)
	id, generated := e.property(created, "client_id"), e.property(created, "client_secret")
	_, rotated := e.ask(acme, token, "POST", "/clients/"+id+"/rotate-secret", "")
	requests := []struct{ method, path, body string }{
		{"PATCH", "/clients/" + id, `{"client_secret":"` + canary + `"}`},
		{"PATCH", "/clients/" + id, `{"client_secret":"` + canary + `","name":""}`},
		{"PATCH", "/clients/" + id, `{"client_secret":["` + canary + `"]}`},
		{"PATCH", "/clients/" + id, `{"client_secrets":"` + canary + `"}`},
		{"PATCH", "/clients/" + id, `{"pwd":"` + canary + `"}`},
		{"PATCH", "/clients/nobody", `{"client_secret":"` + canary + `"}`},
		{"POST", "/clients", `{"name":"x","client_secret":"` + canary + `"}`},
		{"POST", "/clients", `{"name":"x","addons":{"azure_sb":{"sasKey":"` + addonCanary + `"}}}`},
		{"POST", "/resource-servers?signing_secret=" + canary, `{"identifier":"urn:a","signing_alg":"HS256","signing_secret":"` + canary + `"}`},
		{"PATCH", "/resource-servers/urn:a", `{"signing_secret":"` + canary + `-2"}`},
		{"DELETE", "/resource-servers/urn:a", ""},
		{"POST", "/keys/encryption/nobody", `{"wrapped_key":"` + canary + `"}`},
		{"PUT", "/guardian/policies", `["` + canary + `"]`},
		{"PATCH", "/attack-protection/brute-force-protection", `{"mail":{"pass":"` + canary + `"},"host":"` + canary + `","mode":["` + canary + `"]}`},
		{"DELETE", "/clients/" + id, ""},
	}
	for _, r := range requests {
		if status, body := e.ask(acme, token, r.method, r.path, r.body); status >= 500 {
			t.Fatalf("%s %s: %d %s", r.method, r.path, status, body)
		}
	}
	secrets := map[string]string{"a chosen secret": canary, "an addon's secret": addonCanary, "a generated secret": generated,
		"a rotated secret": e.property(rotated, "client_secret"), "the bearer token": token}
	_, log := e.ask(acme, token, "GET", "/logs?per_page=100", "")
	for what, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("%s is in the tenant's log", what)
		}
		if strings.Contains(e.log.String(), secret) {
			t.Errorf("%s is in the operator's log", what)
		}
		e.grepFiles(what, secret)
	}
	if n := strings.Count(log, redacted); n < 5 {
		t.Errorf("%d redactions: was anything logged at all?\n%s", n, log)
	}
}

func (e *env) grepFiles(what, secret string) {
	e.t.Helper()
	files, err := filepath.Glob(filepath.Join(e.dir, "*"))
	if err != nil || len(files) == 0 {
		e.t.Fatal(err, files)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			e.t.Fatal(err)
		}
		if secret != addonCanary && strings.Contains(string(content), secret) {
			e.t.Errorf("%s is in %s", what, filepath.Base(file))
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct{ rule, name, value, want string }{
		{"a secret by name", "client_secret", `"x"`, `"[REDACTED]"`},
		{"a longer name", "signing_secret_old", `"x"`, `"[REDACTED]"`},
		{"inside an object", "a", `{"b":{"client_secret":"x","name":"n"}}`, `{"b":{"client_secret":"[REDACTED]","name":"n"}}`},
		{"inside an array", "a", `[{"pem":"x"}]`, `[{"pem":"[REDACTED]"}]`},
		{"a whole object", "encryption_key", `{"pub":"x"}`, `"[REDACTED]"`},
		{"names of credentials are no secret, credentials are", "x", `{"private_key_jwt":{"credentials":[{"id":"cred_1","pem":"x"}]}}`,
			`{"private_key_jwt":{"credentials":[{"id":"cred_1","pem":"[REDACTED]"}]}}`},
		{"a flag is no secret", "secret_encoded", `false`, `false`},
		{"absence is no secret", "client_secret", `null`, `null`},
		{"what is no secret", "token_endpoint_auth_method", `"none"`, `"none"`},
		{"no JSON", "x", `{`, `"[REDACTED]"`},
		{"a token", "bot_token", `"x"`, `"[REDACTED]"`},
		{"keys of other services", "x", `{"api_key":"x","verify_key":"x","aws_access_key_id":"x","wrapped_key":"x"}`,
			`{"api_key":"[REDACTED]","aws_access_key_id":"[REDACTED]","verify_key":"[REDACTED]","wrapped_key":"[REDACTED]"}`},
		{"what is said of tokens is no token", "refresh_token", `{"token_lifetime":5}`, `{"token_lifetime":5}`},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			if got := string(masked(tt.name, json.RawMessage(tt.value))); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// The properties of this API that are about tokens are open.
func TestNoSchemaHasATokenThatIsMasked(t *testing.T) {
	files, err := filepath.Glob("schemas/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var schema any
		if err := json.Unmarshal(text, &schema); err != nil {
			t.Fatal(file, err)
		}
		eachProperty(schema, func(name string, kind any) {
			if !strings.Contains(name, "token") || strings.Contains(fmt.Sprint(kind), "boolean") {
				return
			}
			seen++
			if isSecret(name) {
				t.Errorf("%s: %s is masked", file, name)
			}
		})
	}
	if seen < 10 {
		t.Errorf("only %d properties were found", seen)
	}
}

// eachProperty calls fn with each property of a schema, at any depth, and its type.
func eachProperty(schema any, fn func(name string, kind any)) {
	switch s := schema.(type) {
	case []any:
		for _, item := range s {
			eachProperty(item, fn)
		}
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		for name, p := range properties {
			if p, ok := p.(map[string]any); ok {
				fn(name, p["type"])
			}
		}
		for _, item := range s {
			eachProperty(item, fn)
		}
	}
}

// Of a body that no schema knows, the record has the names.
func TestAnUnknownBodyIsRecordedByItsNames(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	e.ask(acme, token, "PATCH", "/attack-protection/brute-force-protection", `{"host":"x","mail":{"pass":"y"}}`)
	_, log := e.ask(acme, token, "GET", "/logs?q=type:fapi", "")
	if want := `"body":{"host":"[REDACTED]","mail":"[REDACTED]"}`; !strings.Contains(log, want) {
		t.Errorf("no %s in %s", want, log)
	}
}

// A record is small whatever was sent: of what is long it has the length.
func TestLongValuesAreRecordedByTheirLength(t *testing.T) {
	e := newEnv(t)
	token, long := e.token(acme), `"`+strings.Repeat("x", maxLogged)+`"`
	e.ask(acme, token, "PATCH", "/tenants/settings", `{"error_page":{"html":`+long+`}}`)
	e.ask(acme, token, "PATCH", "/attack-protection/brute-force-protection?x="+strings.Trim(long, `"`)+"y", `{`+long+`:1}`)
	e.ask(acme, token, "POST", "/clients", `{"name":"short"}`)
	_, log := e.ask(acme, token, "GET", "/logs?per_page=3", "")
	if len(log) > 3*maxLogged {
		t.Errorf("three records take %d bytes", len(log))
	}
	size := fmt.Sprintf(`[%d bytes]`, len(`{"error_page":{"html":}}`)+len(long))
	for _, want := range []string{`"body":"` + size + `"`, `"error_page":[null,"[`, `"x":"[16385 bytes]"`, `"body":{"name":"short"}`} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s in %.3000s", want, log)
		}
	}
}

// Reads leave no record, but for those that show secrets, and strangers none; every write and every refused write leaves exactly one.
func TestWhatIsRecorded(t *testing.T) {
	e := newEnv(t)
	all, weak := e.token(acme), e.token(acme, "read:clients")
	requests := []struct {
		rule                      string
		token, method, path, body string
		want                      string
	}{
		{"a read", all, "GET", "/client-grants", "", ""},
		{"a read of secrets", all, "GET", "/clients", "", "mgmt_api_read Get clients 200"},
		{"a refused read", all, "GET", "/clients/x", "", ""},
		{"a write", all, "POST", "/clients", `{"name":"x"}`, "sapi Create a client 201"},
		{"a schema fault", all, "POST", "/clients", `{}`, "fapi Payload validation error: 'Missing required property: name'. 400"},
		{"a body that cannot be read", all, "POST", "/clients", `{`, "fapi Invalid request payload JSON format 400"},
		{"a lack of scope", weak, "POST", "/clients", `{"name":"x"}`, "fapi Insufficient scope, expected any of: create:clients 403"},
		{"no token", "", "POST", "/clients", `{"name":"x"}`, ""},
		{"a path that is not built", all, "POST", "/rules", `{}`,
			"fapi Insufficient scope, expected any of: create:rules, and here none is enough: writ does not have this part of Auth0. Nothing was changed. 403"},
		{"a fixed value as it is already", all, "PUT", "/guardian/policies", `[]`, ""},
		{"an unknown route", all, "POST", "/nonsense", `{}`, ""},
		{"a deletion of nothing", all, "DELETE", "/clients/x", ``, "sapi Delete a client 204"},
	}
	logs := e.db.Tenant(acme).Logs()
	for _, r := range requests {
		t.Run(r.rule, func(t *testing.T) {
			before, err := logs.Count(t.Context(), tenant.LogQuery{})
			if err != nil {
				t.Fatal(err)
			}
			e.ask(acme, r.token, r.method, r.path, r.body)
			events, err := logs.Query(t.Context(), tenant.LogQuery{Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, event := range events[:len(events)-before] {
				var d struct{ Response struct{ StatusCode int } }
				if err := json.Unmarshal(event.Details, &d); err != nil {
					t.Fatal(err)
				}
				got += fmt.Sprintf("%s %s %d", event.Type, event.Description, d.Response.StatusCode)
			}
			if got != r.want {
				t.Errorf("got %q, want %q", got, r.want)
			}
		})
	}
}

// The record carries the answer's request id and the caller.
func TestRecordNamesCallerAndRequest(t *testing.T) {
	e := newEnv(t)
	if status, body := e.ask(acme, e.token(acme), "PATCH", "/tenants/settings", `{"flags":{"enable_sso":false}}`); status != http.StatusOK {
		t.Fatal(body)
	}
	events, err := e.db.Tenant(acme).Logs().Query(t.Context(), tenant.LogQuery{Limit: 1})
	if err != nil || len(events) != 1 {
		t.Fatal(err, len(events))
	}
	event, client := events[0], e.bootstrap(acme)
	if event.ClientID == nil || *event.ClientID != client.ClientID || *event.ClientName != "writ CLI" ||
		event.References == nil || len(event.References.TraceID) != 20 || event.Tenant != acme {
		t.Errorf("%+v", event)
	}
	if !strings.Contains(string(event.Details), `"diff":{"flags":[{`) {
		t.Errorf("no diff of flags: %s", event.Details)
	}
}
