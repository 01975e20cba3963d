package mgmt

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/eventlog"
	"github.com/writ-auth/writ/internal/tenant"
)

// What is counted is what the log has: of this tenant, of token requests, in this time.
func TestActivityIsThatOfTheLog(t *testing.T) {
	e := newEnv(t)
	add := func(name, kind string, ago time.Duration) {
		t.Helper()
		err := e.db.Append(t.Context(), tenant.LogEvent{Tenant: name, Date: e.clock().Add(-ago), Type: kind, Description: "why", Audience: "urn:x"})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 30 {
		add(acme, tenant.LogTokenIssued, time.Duration(i)*time.Hour)
	}
	add(acme, tenant.LogTokenRefused, time.Minute)
	add(acme, tenant.LogManagementWritten, time.Minute)
	add(other, tenant.LogTokenIssued, time.Minute)
	e.advance(time.Second)

	read := func(query string) (a eventlog.Activity) {
		t.Helper()
		status, body := e.ask(acme, e.token(acme, "read:logs"), "GET", "/writ/activity"+query, "")
		if status != 200 {
			t.Fatalf("%s: %d %s", query, status, body)
		}
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	for query, want := range map[string]eventlog.Tally{
		"":                           {Issued: 24, Refused: 1},
		"?from=2026-11-23T11:59:00Z": {Issued: 1, Refused: 1},
		"?from=2026-11-22T00:00:00Z&to=2026-11-23T12:00:00Z":                   {Issued: 29, Refused: 1},
		"?from=2026-11-22T00:00:00%2B01:00&to=2026-11-22T12:00:00.001%2B00:00": {Issued: 6},
		"?from=2026-11-23T12:00:00.001Z":                                       {},
	} {
		if got := read(query); got.Tally != want {
			t.Errorf("%s: %+v, want %+v", query, got.Tally, want)
		}
	}
	hours := read("?from=2026-11-23T10:30:00Z").Hours
	if len(hours) != 2 || hours[0].Start.Format("15:04") != "10:30" || hours[0].Issued != 1 || hours[1].Issued != 1 || hours[1].Refused != 1 {
		t.Errorf("hours begin with the time: %+v", hours)
	}
}

func TestActivityTakesItsTurnAndEnds(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	e.api.searchTimeout = time.Nanosecond
	if status, body := e.ask(acme, token, "GET", "/writ/activity", ""); status != 503 || !strings.Contains(body, "Narrow it") && !strings.Contains(body, "searches") {
		t.Errorf("%d %s", status, body)
	}
	e.api.searchTimeout = time.Minute
	for i := range 2 * maxTenantSearches { // each gives its turn back
		if status, body := e.ask(acme, token, "GET", fmt.Sprintf("/writ/activity?from=2026-11-23T0%d:00:00Z", i), ""); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
}
