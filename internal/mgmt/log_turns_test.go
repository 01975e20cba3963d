package mgmt

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// takeTurn takes a turn that must come.
func takeTurn(t *testing.T, s *searchTurns, tenantName string) (done func()) {
	t.Helper()
	done, err := s.take(t.Context(), tenantName)
	if err != nil {
		t.Fatal(tenantName, err)
	}
	return done
}

// wait asks for a turn in the background and tells of it.
func wait(t *testing.T, s *searchTurns, tenantName string) (turn chan func()) {
	turn = make(chan func(), 1)
	go func() {
		if done, err := s.take(t.Context(), tenantName); err == nil {
			turn <- done
		}
	}()
	synctest.Wait()
	return turn
}

func TestASearchingTenantLeavesPlacesToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSearchTurns()
		first := takeTurn(t, s, acme)
		var waiting []chan func()
		for range maxTenantSearches - 1 {
			waiting = append(waiting, wait(t, s, acme))
		}
		if len(waiting[0]) > 0 {
			t.Error("two searches of one tenant run at once")
		}
		if _, err := s.take(t.Context(), acme); err == nil { // at once: in the bubble, a wait would be a deadlock
			t.Error("one too many waits")
		}
		takeTurn(t, s, other)()

		first()
		for _, turn := range waiting {
			(<-turn)()
		}
		if len(s.lanes) > 0 || len(s.places) > 0 {
			t.Errorf("after all are done: %d lanes, %d places are taken", len(s.lanes), len(s.places))
		}
	})
}

// A tenant that has many searches waits for a place with one of them: that of a third tenant comes next.
func TestTenantsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSearchTurns()
		first, second := takeTurn(t, s, acme), takeTurn(t, s, other)
		again, third := wait(t, s, acme), wait(t, s, "third")
		first()
		synctest.Wait()
		if len(third) != 1 || len(again) != 0 {
			t.Errorf("the place went to the tenant that had it: %d, %d", len(third), len(again))
		}
		second()
		(<-third)()
		(<-again)()
	})
}

func TestWhoGivesUpWaitingLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSearchTurns()
		first, second := takeTurn(t, s, acme), takeTurn(t, s, other)
		for _, name := range []string{acme, "third"} { // for their own tenant's, for a place
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if _, err := s.take(ctx, name); err != context.DeadlineExceeded {
				t.Errorf("%s: %v", name, err)
			}
			cancel()
		}
		first()
		second()
		if len(s.lanes) > 0 || len(s.places) > 0 {
			t.Errorf("%d lanes, %d places are taken", len(s.lanes), len(s.places))
		}
	})
}

// A search whose turn does not come is a 503 that is no error of the server's. Lists go past all searches.
func TestLogSearchWithoutATurn(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	defer takeTurn(t, e.api.searches, acme)()
	e.api.searchTimeout = 50 * time.Millisecond
	for _, path := range []string{"/logs?q=user_agent:x", "/logs?sort=ip:1"} {
		resp := e.do(acme, token, "GET", path, "", nil)
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != "1" {
			t.Errorf("%s: %d, Retry-After %q", path, resp.StatusCode, resp.Header.Get("Retry-After"))
		}
		if log := e.log.String(); !strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
			t.Errorf("%s: the server's log has %s", path, log)
		}
		e.log.Reset()
	}
	e.api.searchTimeout = time.Minute
	for range maxTenantSearches - 1 { // the lane is full: who needs a turn is refused at once
		e.api.searches.enter(acme)
	}
	if status, body := e.ask(acme, token, "GET", "/logs?q=user_agent:x", ""); status != http.StatusServiceUnavailable {
		t.Errorf("one too many: %d %s", status, body)
	}
	for _, path := range []string{"/logs", "/logs?sort=date:1", "/logs?take=5", "/logs?per_page=0&q=user_agent:x"} {
		if status, body := e.ask(acme, token, "GET", path, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, body := e.ask(other, e.token(other), "GET", "/logs?q=user_agent:x", ""); status != http.StatusOK {
		t.Errorf("another tenant: %d %s", status, body)
	}
}
