package mgmt

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// sinksWithSecrets are one of each type that has one; the secret is canary.
func sinksWithSecrets() map[string]string {
	return map[string]string{
		"http": `{"httpEndpoint":"https://siem.example/` + canary + `","httpAuthorization":"Bearer ` + canary + `",
			"httpCustomHeaders":[{"header":"X-Key","value":"` + canary + `"}],"httpContentFormat":"JSONLINES"}`,
		"datadog":  `{"datadogApiKey":"` + canary + `","datadogRegion":"us"}`,
		"splunk":   `{"splunkDomain":"siem.example","splunkPort":"8088","splunkToken":"` + canary + `","splunkSecure":true}`,
		"sumo":     `{"sumoSourceAddress":"https://sumo.example/receiver/` + canary + `"}`,
		"segment":  `{"segmentWriteKey":"` + canary + `"}`,
		"mixpanel": `{"mixpanelRegion":"eu","mixpanelProjectId":"7","mixpanelServiceAccountUsername":"u","mixpanelServiceAccountPassword":"` + canary + `"}`,
	}
}

// The secrets of sinks are in the answers to programs, and to the people who may set them, but for the password that nobody sees; and nowhere else: not in the
// tenant's log, not in the operator's, not in the files, not before a viewer's eyes, however the requests end.
func TestSecretsOfSinks(t *testing.T) {
	e := newEnv(t)
	program, owner := e.token(acme), e.roleToken(tenant.RoleOwner)
	for kind, sink := range sinksWithSecrets() {
		t.Run(kind, func(t *testing.T) {
			status, made := e.ask(acme, program, "POST", "/log-streams", fmt.Sprintf(`{"name":"to %s","type":%q,"sink":%s}`, kind, kind, sink))
			id := e.property(made, "id")
			_, read := e.ask(acme, program, "GET", "/log-streams/"+id, "")
			_, readByOwner := e.ask(acme, owner, "GET", "/log-streams/"+id, "")
			_, changed := e.ask(acme, program, "PATCH", "/log-streams/"+id, `{"sink":`+sink+`}`)
			for _, text := range []string{made, read, readByOwner, changed} {
				if strings.Contains(text, canary) != (kind != "mixpanel") {
					t.Errorf("%d %s", status, text)
				}
			}
			for _, role := range []tenant.Role{tenant.RoleViewerConfig, tenant.RoleEditorKeyManagement} {
				for _, path := range []string{"/log-streams", "/log-streams/" + id} {
					if status, text := e.ask(acme, e.roleToken(role), "GET", path, ""); status != http.StatusOK || strings.Contains(text, canary) || !strings.Contains(text, "to "+kind) {
						t.Errorf("%s: %d %s", role, status, text)
					}
				}
			}
			for _, body := range []string{
				`{"sink":` + sink + `,"nonsense":1}`, `{"sink":{"secret":` + sink + `}}`, `{"sink":"` + canary + `"}`, `{"sink":["` + canary + `"]}`,
				`{"sink":{"httpEndpoint":["` + canary + `"],"httpCustomHeaders":["` + canary + `"],"awsRegion":{"x":"` + canary + `"}}}`,
				`{"sink":{"httpEndpoint":"://` + canary + `","httpCustomHeaders":[{"value":"` + canary + `"}]}}`,
			} {
				for _, path := range []string{"/log-streams/" + id, "/log-streams/nobody"} {
					if status, text := e.ask(acme, program, "PATCH", path, body); status < 400 || status >= 500 {
						t.Errorf("%s: %d %s", body, status, text)
					}
				}
			}
			if status, _ := e.ask(acme, program, "DELETE", "/log-streams/"+id, ""); status != http.StatusNoContent {
				t.Error(status)
			}
		})
	}
	all := ""
	for page := 0; ; page++ {
		_, log := e.ask(acme, program, "GET", fmt.Sprintf("/logs?per_page=100&page=%d", page), "")
		if log == "[]" {
			break
		}
		all += log
	}
	if i := strings.Index(all, canary); i >= 0 {
		t.Errorf("a secret is in the tenant's log: ...%s", all[max(0, i-300):i])
	}
	for what, want := range map[string]string{"where a sink is": "https://siem.example/[REDACTED]", "a header's name": `"X-Key"`, "what was wrong": "does not match pattern"} {
		if !strings.Contains(all, want) {
			t.Errorf("the log does not tell %s: %s", what, want)
		}
	}
	if strings.Contains(e.log.String(), canary) {
		t.Error("a secret is in the operator's log")
	}
	e.grepFiles("the secret of a sink", canary)
}

// What a viewer sees of a sink tells where the log goes.
func TestWhatIsOpenOfASink(t *testing.T) {
	for _, c := range []struct{ rule, sink, want string }{
		{"names, forms and regions", `{"httpContentFormat":"JSONLINES","awsRegion":"us-west-2","splunkSecure":true}`, `{"awsRegion":"us-west-2","httpContentFormat":"JSONLINES","splunkSecure":true}`},
		{"of an address the host", `{"httpEndpoint":"https://u:p@siem.example:8443/a?b#c"}`, `{"httpEndpoint":"https://siem.example:8443/[REDACTED]"}`},
		{"an address that is nothing but a host", `{"httpEndpoint":"https://siem.example/"}`, `{"httpEndpoint":"https://siem.example/"}`},
		{"an address that is none", `{"sumoSourceAddress":"demo.sumo.com/x"}`, `{"sumoSourceAddress":"[REDACTED]"}`},
		{"of headers the names", `{"httpCustomHeaders":[{"header":"a","value":"b"},{"value":"c"},"d"]}`, `{"httpCustomHeaders":[{"header":"a","value":"[REDACTED]"},"[REDACTED]","[REDACTED]"]}`},
		{"what no type has is a secret", `{"kafkaPassword":"x","awsRegion":["x"]}`, `{"awsRegion":"[REDACTED]","kafkaPassword":"[REDACTED]"}`},
		{"what is no sink is one", `"x"`, `"[REDACTED]"`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := string(masked("sink", json.RawMessage(c.sink))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A read that shows a secret is on record, once; one that shows none is not.
func TestReadsOfSinksAreOnRecord(t *testing.T) {
	e := newEnv(t)
	program := e.token(acme)
	ids := map[string]string{}
	for kind, sink := range sinksWithSecrets() {
		_, made := e.ask(acme, program, "POST", "/log-streams", fmt.Sprintf(`{"type":%q,"sink":%s}`, kind, sink))
		ids[kind] = e.property(made, "id")
	}
	for _, c := range []struct{ rule, token, path, want string }{
		{"a list", program, "/log-streams", "Get log streams"},
		{"a stream with a secret", program, "/log-streams/" + ids["http"], "Get log stream by ID"},
		{"one whose address is a secret", program, "/log-streams/" + ids["sumo"], "Get log stream by ID"},
		{"one whose secret nobody sees", program, "/log-streams/" + ids["mixpanel"], ""},
		{"a viewer, who sees none", e.roleToken(tenant.RoleViewerConfig), "/log-streams", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			logs := e.db.Tenant(acme).Logs()
			before, err := logs.Count(t.Context(), tenant.LogQuery{})
			if err != nil {
				t.Fatal(err)
			}
			e.ask(acme, c.token, "GET", c.path, "")
			events, err := logs.Query(t.Context(), tenant.LogQuery{Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, event := range events[:len(events)-before] {
				got += event.Description
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A new secret is a change that the record tells of, without telling it.
func TestANewSecretOfASinkIsAChange(t *testing.T) {
	e := newEnv(t)
	program := e.token(acme)
	_, made := e.ask(acme, program, "POST", "/log-streams", `{"type":"segment","sink":{"segmentWriteKey":"first"}}`)
	e.ask(acme, program, "PATCH", "/log-streams/"+e.property(made, "id"), `{"sink":{"segmentWriteKey":"second"}}`)
	_, log := e.ask(acme, program, "GET", "/logs?per_page=1", "")
	if !strings.Contains(log, `"diff":{"sink":[{"segmentWriteKey":"[REDACTED]"},{"segmentWriteKey":"[REDACTED]"}]}`) {
		t.Error(log)
	}
}

func TestATenantHasTenLogStreams(t *testing.T) {
	e := newEnv(t)
	for i := range tenant.MaxLogStreams + 1 {
		status, text := e.ask(acme, e.token(acme), "POST", "/log-streams", `{"type":"segment","sink":{"segmentWriteKey":"k"}}`)
		if i < tenant.MaxLogStreams && status != http.StatusOK ||
			i == tenant.MaxLogStreams && (status != http.StatusConflict || e.property(text, "message") != "You have reached the maximum number of log streams for your account.") {
			t.Errorf("%d: %d %s", i, status, text)
		}
	}
}
