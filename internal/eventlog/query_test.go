package eventlog

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestParseQuery(t *testing.T) {
	tests := []struct {
		rule, q string
		want    []tenant.LogTerm
		wrong   string // part of the error; empty = none
	}{
		{"nothing", "  ", nil, ""},
		{"one term", "type:seccft", []tenant.LogTerm{{Field: "type", Value: "seccft"}}, ""},
		{"terms joined by AND", `type:sapi AND client_id:abc  AND  ip:192.0.2.7`,
			[]tenant.LogTerm{{Field: "type", Value: "sapi"}, {Field: "client_id", Value: "abc"}, {Field: "ip", Value: "192.0.2.7"}}, ""},
		{"a quoted value", `description:"Create a client" AND type:sapi`,
			[]tenant.LogTerm{{Field: "description", Value: "Create a client"}, {Field: "type", Value: "sapi"}}, ""},
		{"an escaped quote", `client_name:"a \"b\" \\ c"`, []tenant.LogTerm{{Field: "client_name", Value: `a "b" \ c`}}, ""},
		{"quoted special characters", `client_name:"a*"`, []tenant.LogTerm{{Field: "client_name", Value: "a*"}}, ""},
		{"a value with colons", `date:2026-11-23T12:00:00.000Z`, []tenant.LogTerm{{Field: "date", Value: "2026-11-23T12:00:00.000Z"}}, ""},
		{"an empty quoted value", `user_id:""`, []tenant.LogTerm{{Field: "user_id", Value: ""}}, ""},
		{"an unknown field", "colour:red", nil, `"colour" cannot be searched`},
		{"a bare word", "hello", nil, "expected field:value"},
		{"OR", "type:a OR type:b", nil, "expected AND"},
		{"and in lower case", "type:a and type:b", nil, "expected AND"},
		{"nothing after AND", "type:a AND  ", nil, "q: expected field:value after AND"},
		{"AND glued", "type:a ANDtype:b", nil, `expected AND before "ANDtype:b"`},
		{"a range", "log_id:[1 TO *]", nil, "special character"},
		{"a wildcard", "client_name:a*", nil, "special character"},
		{"no value", "type:", nil, "value is missing"},
		{"an open quote", `type:"a`, nil, "closing quote is missing"},
		{"text behind a quote", `type:"a"b`, nil, "expected a space"},
		{"too long", "type:" + strings.Repeat("x", 2048), nil, "longer than"},
		{"too many terms", strings.TrimSuffix(strings.Repeat("type:a AND ", 17), " AND "), nil, "more than 16"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := ParseQuery(tt.q)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("%v, want %q", err, tt.wrong)
				}
				return
			}
			if d := cmp.Diff(tt.want, got); d != "" || err != nil {
				t.Error(d, err)
			}
		})
	}
}

// What is read can be written, quoted, and read again; no term names a field that cannot be searched.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"", "type:a", `type:"a \" b" AND ip:1`, "type:a AND", `:`, `"`, `type:"\`, "a:b AND c:d"} {
		f.Add(seed)
	}
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	f.Fuzz(func(t *testing.T, q string) {
		terms, err := ParseQuery(q)
		if err != nil {
			return
		}
		var written []string
		for _, term := range terms {
			if !slices.Contains(SearchFields(), term.Field) {
				t.Fatalf("field %q", term.Field)
			}
			written = append(written, term.Field+`:"`+quote.Replace(term.Value)+`"`)
		}
		again, err := ParseQuery(strings.Join(written, " AND "))
		if len(strings.Join(written, " AND ")) > maxQuery {
			return
		}
		if d := cmp.Diff(terms, again); d != "" || err != nil {
			t.Fatal(d, err)
		}
	})
}

func TestItem(t *testing.T) {
	id, name := "c1", "Job"
	item := NewItem(tenant.LogEvent{
		Tenant: "acme", Date: time.Date(2026, 7, 1, 14, 29, 31, 850_000_000, time.FixedZone("", 7200)), Type: "seccft",
		Description: "d", ClientID: &id, ClientName: &name, IP: "192.0.2.7", UserAgent: "ua", Hostname: "h", Audience: "aud", Scope: "a b",
		Details: json.RawMessage(`{}`), References: &tenant.LogReferences{TraceID: "t"}, LogID: "900",
	})
	got, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"date":"2026-07-01T12:29:31.850Z","type":"seccft","description":"d","connection_id":"","client_id":"c1","client_name":"Job",` +
		`"ip":"192.0.2.7","user_agent":"ua","hostname":"h","user_id":"","user_name":"","audience":"aud","scope":"a b","details":{},` +
		`"references":{"trace_id":"t"},"$event_schema":{"version":"1.0.0"},"log_id":"900","tenant_name":"acme","_id":"900","isMobile":false,"id":"900"}`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	unknown, err := json.Marshal(NewItem(tenant.LogEvent{}))
	if err != nil || !strings.Contains(string(unknown), `"client_id":null,"client_name":null`) {
		t.Errorf("an unknown client is null: %s", unknown)
	}
}

// Every key of an item may be selected, and every field of a stored record has its key.
func TestItemIsComplete(t *testing.T) {
	keys := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Item]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys[name] = true
		if !slices.Contains(ItemFields(), name) {
			t.Errorf("%s cannot be selected", name)
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[tenant.LogEvent]()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" && !keys[name] {
			t.Errorf("%s of a record is not on the wire", name)
		}
	}
}
