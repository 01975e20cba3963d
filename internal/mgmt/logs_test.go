package mgmt

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// A search that takes too long ends.
func TestLogSearchEnds(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	ends := func(path string) {
		t.Helper()
		if status, body := e.ask(acme, token, "GET", path, ""); status != 503 || !strings.Contains(body, "Narrow it") {
			t.Errorf("%s: %d %s", path, status, body)
		}
		if !strings.Contains(e.log.String(), "took longer than") {
			t.Error("the operator is not told why")
		}
		if strings.Contains(e.log.String(), "ERROR") {
			t.Errorf("a caller's search is no fault of ours: %s", e.log.String())
		}
		e.log.Reset()
	}
	e.api.searchTimeout = time.Nanosecond
	ends("/logs")
	ends("/logs?from=")
	e.api.searchTimeout = time.Minute
	for range 2 * maxTenantSearches { // each gives its turn back
		if status, body := e.ask(acme, token, "GET", "/logs?q=user_agent:x", ""); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
}

func TestLogSearchThatIsTooLong(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for n, want := range map[int]int{4096 - len("type:"): 200, 4097 - len("type:"): 414} {
		if status, body := e.ask(acme, token, "GET", "/logs?q=type:"+strings.Repeat("a", n), ""); status != want {
			t.Errorf("%d characters: %d, want %d: %s", n, status, want, body)
		}
	}
}

// Who may not read people finds nothing about them: not in a record, not by its id, not by guessing.
func TestLogHidesUsers(t *testing.T) {
	e := newEnv(t)
	for _, user := range []string{"jane@example.com", "zoe@example.com"} {
		err := e.db.Append(t.Context(), tenant.LogEvent{
			Tenant: acme, Date: e.clock(), Type: "sapi", Description: "by " + strings.ToUpper(user[:1]), UserID: "operator|" + user, UserName: user,
			Details: json.RawMessage(`{"request":{"auth":{"user":{"email":"` + user + `"}}}}`),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	reads, blind := e.token(acme, "read:logs", "read:logs_users"), e.token(acme, "read:logs")
	for _, q := range []string{"user_name:jane*", "user_id:*jane*", "jane@example.com", "user_name:[j TO k]", "NOT NOT user_name:*", `user_id:"operator|jane@example.com"`} {
		path := "/logs?q=" + url.QueryEscape(q)
		if _, body := e.ask(acme, reads, "GET", path, ""); !strings.Contains(body, "jane@example.com") {
			t.Errorf("%s: not found by who may read people: %s", q, body)
		}
		if status, body := e.ask(acme, blind, "GET", path, ""); status != 200 || body != "[]" {
			t.Errorf("%s: %d %s", q, status, body)
		}
	}
	var records []struct {
		LogID       string `json:"log_id"`
		Description string
	}
	for _, path := range []string{"/logs", "/logs?take=100", "/logs?q=type:sapi", "/logs?sort=user_name:1&q=description:by*"} {
		_, body := e.ask(acme, blind, "GET", path, "")
		if strings.Contains(body, "example.com") || !strings.Contains(body, `"user":{}`) || !strings.Contains(body, "by J") {
			t.Errorf("%s: %s", path, body)
		}
		if err := json.Unmarshal([]byte(body), &records); err != nil {
			t.Fatal(err)
		}
	}
	if records[0].Description != "by J" { // oldest first, as where no record has a user_name
		t.Errorf("sorted by what is hidden: %v", records)
	}
	if status, body := e.ask(acme, blind, "GET", "/logs/"+records[0].LogID, ""); status != 200 || strings.Contains(body, "example.com") {
		t.Errorf("%d %s", status, body)
	}
	if status, body := e.ask(acme, reads, "GET", "/logs/"+records[0].LogID, ""); status != 200 || !strings.Contains(body, `"user_name":"jane@example.com"`) {
		t.Errorf("%d %s", status, body)
	}
}
