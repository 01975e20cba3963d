package mgmt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// actionsEnv sends what the tests of Actions send.
type actionsEnv struct {
	*env
	bearer string
}

func newActionsEnv(t *testing.T) actionsEnv {
	e := newEnv(t)
	return actionsEnv{e, e.token(acme)}
}

func (e actionsEnv) send(want int, method, path, body string) string {
	e.t.Helper()
	status, text := e.ask(acme, e.bearer, method, path, body)
	if status != want {
		e.t.Fatalf("%s %s: %d %.300s, want %d", method, path, status, text, want)
	}
	return text
}

func (e actionsEnv) action(name string) string {
	e.t.Helper()
	return e.property(e.send(201, "POST", "/actions/actions", fmt.Sprintf(`{"name":%q,"supported_triggers":[{"id":"credentials-exchange"}]}`, name)), "id")
}

func TestActionLimits(t *testing.T) {
	t.Run("100 kB of code", func(t *testing.T) {
		e := newActionsEnv(t)
		id := e.action("a")
		fits := "//" + strings.Repeat("x", tenant.MaxActionCode-2)
		e.send(200, "PATCH", "/actions/actions/"+id, encoded(t, map[string]string{"code": fits}))
		e.send(400, "PATCH", "/actions/actions/"+id, encoded(t, map[string]string{"code": fits + "x"}))
		e.send(400, "PATCH", "/actions/actions/"+id, encoded(t, map[string]string{"code": "//" + strings.Repeat("é", tenant.MaxActionCode/2)})) // bytes count
		e.send(400, "POST", "/actions/modules", encoded(t, map[string]string{"name": "m", "code": "//" + strings.Repeat("é", tenant.MaxActionCode/2)}))
	})
	t.Run("what a schema bounds", func(t *testing.T) {
		e := newActionsEnv(t)
		id := e.action("a")
		list := func(n int, item string) string { return "[" + strings.Repeat(item+",", n-1) + item + "]" }
		secrets := func(n int, key, value string) string {
			all := make([]string, n)
			for i := range all {
				all[i] = fmt.Sprintf(`{"name":%q,"value":%q}`, fmt.Sprint(i, key)[:max(len(key), 2)], value)
			}
			return `{"secrets":[` + strings.Join(all, ",") + `]}`
		}
		for _, tt := range []struct {
			fits, beyond, why string
		}{
			{secrets(30, "key", "v"), secrets(31, "key", "v"), "'Array is too long (31), maximum 30'"},
			{secrets(1, strings.Repeat("k", 128), "v"), secrets(1, strings.Repeat("k", 129), "v"), "'String is too long (129 chars), maximum 128'"},
			{secrets(1, "key", strings.Repeat("v", 4096)), secrets(1, "key", strings.Repeat("v", 4097)), "'String is too long (4097 chars), maximum 4096'"},
			{`{"dependencies":` + list(10, `{"name":"x","version":"1"}`) + `}`, `{"dependencies":` + list(11, `{"name":"x","version":"1"}`) + `}`, "'Array is too long (11), maximum 10'"},
		} {
			for _, path := range []string{"/actions/actions/" + id, "/actions/modules/" + e.property(e.send(201, "POST", "/actions/modules", fmt.Sprintf(`{"name":%q,"code":""}`, tt.why)), "id")} {
				e.send(200, "PATCH", path, tt.fits)
				if text := e.property(e.send(400, "PATCH", path, tt.beyond), "message"); !strings.Contains(text, tt.why) {
					t.Errorf("%s: %s, want %s", path, text, tt.why)
				}
			}
		}
	})
	t.Run("100 Actions and 100 modules", func(t *testing.T) {
		e := newActionsEnv(t)
		for i := range tenant.MaxActions {
			e.action(fmt.Sprint("action ", i))
			e.send(201, "POST", "/actions/modules", fmt.Sprintf(`{"name":"module %d","code":""}`, i))
		}
		e.send(400, "POST", "/actions/actions", `{"name":"more","supported_triggers":[{"id":"post-login"}]}`)
		e.send(400, "POST", "/actions/modules", `{"name":"more","code":""}`)
	})
	t.Run("50 versions, the oldest that are not used go", func(t *testing.T) {
		e := newActionsEnv(t)
		id := e.action("a")
		module := e.property(e.send(201, "POST", "/actions/modules", `{"name":"m","code":"exports.n = 0","publish":true}`), "id")
		e.send(200, "PATCH", "/actions/actions/"+id, `{"modules":[{"module_name":"m","module_version_number":1}]}`)
		for i := range tenant.MaxActionVersions + 2 {
			body := fmt.Sprintf(`{"code":"exports.n = %d"}`, i+1)
			e.send(200, "PATCH", "/actions/actions/"+id, body)
			e.send(200, "POST", "/actions/actions/"+id+"/deploy", "")
			e.send(200, "PATCH", "/actions/modules/"+module, body)
			e.send(200, "POST", "/actions/modules/"+module+"/versions", "")
		}
		text := e.send(200, "GET", "/actions/actions/"+id+"/versions?per_page=100", "")
		if total, newest, oldest := e.property(text, "total"), e.property(text, "versions.0.number"), e.property(text, "versions.49.number"); total != "50" || newest != "52" || oldest != "3" {
			t.Errorf("%s versions, from %s to %s", total, oldest, newest)
		}
		text = e.send(200, "GET", "/actions/modules/"+module+"/versions?per_page=100", "")
		if total, oldest := e.property(text, "total"), e.property(text, "versions.50.version_number"); total != "51" || oldest != "1" {
			t.Errorf("%s versions of the module, the oldest is %s: one is in use", total, oldest)
		}
	})
	t.Run("20 bound per trigger", func(t *testing.T) {
		e := newActionsEnv(t)
		e.send(200, "POST", "/actions/actions/"+e.action("a")+"/deploy", "")
		bindings := func(n int) string {
			one := `{"ref":{"type":"action_name","value":"a"}}`
			return `{"bindings":[` + strings.Repeat(one+",", n-1) + one + `]}`
		}
		text := e.send(200, "PATCH", "/actions/triggers/credentials-exchange/bindings", bindings(20))
		if e.property(text, "bindings.0.id") == e.property(text, "bindings.19.id") {
			t.Error("two bindings have the same id")
		}
		e.send(400, "PATCH", "/actions/triggers/credentials-exchange/bindings", bindings(21))
	})
}

// No value of a secret is answered or stands in a record.
func TestActionSecretsStaySecret(t *testing.T) {
	e := newActionsEnv(t)
	const canary = "canary-4711"
	secrets := `"secrets":[{"name":"key","value":"` + canary + `"}]`
	var all bytes.Buffer
	all.WriteString(e.send(201, "POST", "/actions/modules", `{"name":"m","code":"",`+secrets+`,"publish":true}`))
	id := e.property(e.send(201, "POST", "/actions/actions", `{"name":"a","supported_triggers":[{"id":"post-login"}],`+secrets+`,"deploy":true}`), "id")
	all.WriteString(e.send(200, "PATCH", "/actions/actions/"+id, strings.ReplaceAll("{"+secrets+"}", canary, canary+"-2")))
	all.WriteString(e.send(200, "POST", "/actions/actions/"+id+"/deploy", ""))
	all.WriteString(e.send(200, "PATCH", "/actions/triggers/post-login/bindings", `{"bindings":[{"ref":{"type":"action_id","value":"`+id+`"},`+secrets+`}]}`))
	for _, path := range []string{"/actions/actions", "/actions/actions/" + id, "/actions/actions/" + id + "/versions", "/actions/modules", "/actions/triggers/post-login/bindings", "/logs?per_page=100"} {
		all.WriteString(e.send(200, "GET", path, ""))
	}
	all.Write(e.log.Bytes())
	if strings.Contains(all.String(), canary) {
		t.Errorf("the secret is out: %s", all.String())
	}
	if !strings.Contains(all.String(), redacted) || !strings.Contains(all.String(), `"name":"key"`) {
		t.Error("was anything looked at?")
	}
	e.send(200, "PATCH", "/actions/actions/"+id, `{"secrets":[{"name":"key"},{"name":"other","value":"x"}]}`) // without a value it keeps its own
	stored, err := e.db.Tenant(acme).Actions().Get(t.Context(), id)
	if err != nil || !strings.Contains(stored.SecretValues.Reveal(), canary+"-2") {
		t.Errorf("the value is not kept: %v", err)
	}
	versions, err := e.db.Tenant(acme).ActionVersions().List(t.Context(), store.Query{})
	if err != nil || len(versions) != 2 || strings.Contains(versions[1].SecretValues.Reveal(), canary+"-2") {
		t.Errorf("the first version has lost its own value: %v", err)
	}
}

// A write that changes nothing says so: its record has no difference.
func TestActionWritesOfNothing(t *testing.T) {
	e := newActionsEnv(t)
	id := e.action("a")
	module := e.property(e.send(201, "POST", "/actions/modules", `{"name":"m","code":"","publish":true}`), "id")
	bindings := `{"bindings":[{"ref":{"type":"action_name","value":"a"},"display_name":"a"}]}`
	e.send(200, "POST", "/actions/actions/"+id+"/deploy", "")
	e.send(200, "PATCH", "/actions/triggers/credentials-exchange/bindings", bindings)
	for _, again := range [][3]string{
		{"PATCH", "/actions/actions/" + id, `{"name":"a","code":"","runtime":"node22","dependencies":[],"secrets":[],"supported_triggers":[{"id":"credentials-exchange","version":"v2"}]}`},
		{"POST", "/actions/actions/" + id + "/deploy", ""},
		{"PATCH", "/actions/triggers/credentials-exchange/bindings", bindings},
		{"PATCH", "/actions/modules/" + module, `{"code":"","dependencies":[],"secrets":[]}`},
		{"POST", "/actions/modules/" + module + "/versions", ""},
	} {
		e.advance(1e9)
		e.send(http.StatusOK, again[0], again[1], again[2])
		var newest []struct {
			Details struct {
				Request struct{ Path string }
				Diff    json.RawMessage
			}
		}
		if err := json.Unmarshal([]byte(e.send(200, "GET", "/logs?per_page=1&sort=date:-1", "")), &newest); err != nil {
			t.Fatal(err)
		}
		if d := newest[0].Details; d.Diff != nil || !strings.HasSuffix(d.Request.Path, again[1]) {
			t.Errorf("%s %s: %s changed %s", again[0], again[1], d.Request.Path, d.Diff)
		}
	}
}

// Lists are read in several steps. What another has deleted between them is left out.
func TestActionVersionDeletedWhileRead(t *testing.T) {
	e := newActionsEnv(t)
	e.send(200, "POST", "/actions/actions/"+e.action("a")+"/deploy", "")
	e.send(201, "POST", "/actions/modules", `{"name":"m","code":"","publish":true}`)
	if err := e.db.InTx(t.Context(), func(tx *store.Tx) error {
		versions, err := tx.Tenant(acme).ActionVersions().List(t.Context(), store.Query{})
		if err != nil {
			return err
		}
		return tx.Tenant(acme).ActionVersions().Delete(t.Context(), versions[0].ID)
	}); err != nil {
		t.Fatal(err)
	}
	if uses := e.property(e.send(200, "GET", "/actions/modules", ""), "modules.0.actions_using_module_total"); uses != "0" {
		t.Errorf("%s uses", uses)
	}
}
