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
