package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// An operator asks two hundred times at once and then ten times a second, and makes thirty tenants and then one a minute; the others are not
// slowed by it.
func TestPace(t *testing.T) {
	c, _, session := readOnly(t)
	now := c.Now()
	c.pace.now = func() time.Time { return now }
	ask := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, Prefix+path, strings.NewReader(body))
		r.AddCookie(&http.Cookie{Name: "__Host-" + sessionCookie, Value: session})
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(operatorHeader, operatorOf(t, c, session))
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		return w
	}
	many := func(most int, method, path string, body func(i int) string) {
		t.Helper()
		for i := range most {
			if w := ask(method, path, body(i)); w.Code >= 400 {
				t.Fatalf("number %d: %d %s", i+1, w.Code, w.Body)
			}
		}
		w := ask(method, path, body(most))
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Too many attempts. Try again in ") {
			t.Errorf("one more: %d %v %s", w.Code, w.Header(), w.Body)
		}
	}
	named := func(prefix string) func(int) string {
		return func(i int) string { return fmt.Sprintf(`{"name":"%s-%d","environment":"development"}`, prefix, i) }
	}
	many(30, http.MethodPost, "tenants", named("first"))
	now = now.Add(time.Minute)
	many(1, http.MethodPost, "tenants", named("second"))
	now = now.Add(time.Minute)
	many(200, http.MethodGet, "session", func(int) string { return "" })
	if err := c.pace.operation("op_somebody_else"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	now = now.Add(time.Second)
	many(10, http.MethodGet, "session", func(int) string { return "" })
}

// operatorOf is whose session it is.
func operatorOf(t *testing.T, c *Console, session string) string {
	t.Helper()
	s, err := c.Desk.Session(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return s.Operator.ID
}
