package mgmt

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/tenant"
)

// newLimitedEnv is newEnv with small limits: 3 requests at once in development, 1 a second; 5 in production, 2 a second.
func newLimitedEnv(t testing.TB) *env {
	e := newEnv(t)
	e.api.limits = map[tenant.Environment]limit.Rate{
		tenant.Development: {Burst: 3, Refill: 1, Every: time.Second},
		tenant.Production:  {Burst: 5, Refill: 2, Every: time.Second},
	}
	return e
}

// told are the limit, what remains, and the reset in seconds from the clock.
func (e *env) told(resp *http.Response) string {
	e.t.Helper()
	reset, err := strconv.ParseInt(resp.Header.Get("x-ratelimit-reset"), 10, 64)
	if err != nil {
		e.t.Fatalf("x-ratelimit-reset: %v in %v", err, resp.Header)
	}
	return fmt.Sprintf("%s of %s, %ds", resp.Header.Get("x-ratelimit-remaining"), resp.Header.Get("x-ratelimit-limit"), reset-e.clock().Unix())
}

// sends asks n times and returns the last answer.
func (e *env) sends(n int, name, token, method, path, body string) (resp *http.Response) {
	for range n {
		resp = e.do(name, token, method, path, body, nil)
	}
	return resp
}

// Every answer tells of the limit, whatever it is.
func TestEveryAnswerTellsOfItsLimit(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		stranger           bool
	}{
		"a list":                  {"GET", "/clients", "", 200, false},
		"a missing object":        {"GET", "/clients/nobody", "", 404, false},
		"a creation":              {"POST", "/clients", `{"name":"x"}`, 201, false},
		"a refused body":          {"POST", "/clients", `{}`, 400, false},
		"a deletion":              {"DELETE", "/client-grants/nobody", "", 204, false},
		"an unknown route":        {"GET", "/nothing", "", 404, false},
		"an unclean path":         {"GET", "/clients//x", "", 404, false},
		"a method that is not":    {"PUT", "/clients", "", 404, false},
		"a path that Auth0 has":   {"GET", "/users", "", 0, false},
		"the OpenAPI document":    {"GET", "/openapi.json", "", 200, true},
		"a request with no token": {"GET", "/clients", "", 401, true},
	} {
		t.Run(name, func(t *testing.T) {
			e := newLimitedEnv(t)
			token := ""
			if !c.stranger {
				token = e.token(acme)
			}
			resp := e.do(acme, token, c.method, c.path, c.body, nil)
			if got := e.told(resp); got != "2 of 3, 1s" {
				t.Errorf("%s", got)
			}
			if c.status != 0 && resp.StatusCode != c.status {
				t.Errorf("status %d, want %d", resp.StatusCode, c.status)
			}
			if after := resp.Header.Get("Retry-After"); after != "" {
				t.Errorf("Retry-After %s on an answer with status %d", after, resp.StatusCode)
			}
		})
	}
}

func TestALimitThatIsReached(t *testing.T) {
	e := newLimitedEnv(t)
	token := e.token(acme)
	e.advance(300 * time.Millisecond)
	if resp := e.sends(3, acme, token, "GET", "/clients", ""); resp.StatusCode != http.StatusOK || e.told(resp) != "0 of 3, 1s" {
		t.Errorf("%d %s", resp.StatusCode, e.told(resp))
	}
	resp := e.do(acme, token, "GET", "/clients", "", nil)
	if resp.StatusCode != http.StatusTooManyRequests || e.told(resp) != "0 of 3, 1s" || resp.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %s %v", resp.StatusCode, e.told(resp), resp.Header)
	}
	_, body := e.ask(acme, token, "GET", "/clients", "")
	if want := `{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
	e.advance(700 * time.Millisecond) // the next second begins
	if resp := e.sends(1, acme, token, "GET", "/clients", ""); resp.StatusCode != http.StatusOK {
		t.Errorf("after the reset: %d", resp.StatusCode)
	}
}

// One bucket for each tenant and family: what is used up in one leaves the others alone.
func TestLimitsAreApart(t *testing.T) {
	e := newLimitedEnv(t)
	token, foreign := e.token(acme), e.token(other)
	e.sends(4, acme, token, "GET", "/clients", "")
	if status, _ := e.ask(acme, token, "GET", "/clients/nobody", ""); status != http.StatusTooManyRequests {
		t.Errorf("another read of clients: %d", status)
	}
	if status, body := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`); status != http.StatusCreated {
		t.Errorf("a write of clients: %d %s", status, body)
	}
	if status, body := e.ask(acme, token, "GET", "/resource-servers", ""); status != http.StatusOK {
		t.Errorf("a read of resource servers: %d %s", status, body)
	}
	if status, body := e.ask(other, foreign, "GET", "/clients", ""); status != http.StatusOK {
		t.Errorf("another tenant: %d %s", status, body)
	}
}

// Strangers use up nobody's limit but theirs, and are not asked for a token beyond it.
func TestStrangersHaveALimitOfTheirOwn(t *testing.T) {
	e := newLimitedEnv(t)
	forged := e.token(other)
	if resp := e.sends(3, acme, forged, "GET", "/clients", ""); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a foreign token: %d", resp.StatusCode)
	}
	if resp := e.do(acme, "", "GET", "/resource-servers", "", nil); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one stranger too many: %d", resp.StatusCode)
	}
	if status, body := e.ask(acme, e.token(acme), "GET", "/clients", ""); status != http.StatusOK {
		t.Errorf("a client: %d %s", status, body)
	}
}

// Nor do they on paths that are not there.
func TestStrangersOnUnknownPaths(t *testing.T) {
	e := newLimitedEnv(t)
	for _, path := range []string{"/nothing", "/clients//x"} {
		e.advance(time.Minute)
		if resp := e.sends(3, acme, e.token(other), "GET", path, ""); resp.StatusCode != http.StatusNotFound {
			t.Errorf("a foreign token at %s: %d", path, resp.StatusCode)
		}
		if resp := e.do(acme, "", "GET", path, "", nil); resp.StatusCode != http.StatusTooManyRequests {
			t.Errorf("one stranger too many at %s: %d", path, resp.StatusCode)
		}
		if resp := e.do(acme, e.token(acme), "GET", path, "", nil); resp.StatusCode != http.StatusNotFound || e.told(resp) != "2 of 3, 1s" {
			t.Errorf("a client at %s: %d %s", path, resp.StatusCode, e.told(resp))
		}
	}
}

// A tag that is changed counts at once.
func TestRetaggingChangesTheLimit(t *testing.T) {
	e := newLimitedEnv(t)
	token := e.token(acme)
	e.sends(3, acme, token, "GET", "/clients", "")
	if status, body := e.ask(acme, token, "PATCH", "/writ/tenant", `{"environment":"production"}`); status != http.StatusOK {
		t.Fatal(status, body)
	}
	e.advance(time.Second)
	if got := e.told(e.do(acme, token, "GET", "/clients", "", nil)); got != "1 of 5, 1s" {
		t.Error(got)
	}
	if err := SetEnvironment(t.Context(), e.db, acme, tenant.Staging, e.clock()); err != nil {
		t.Fatal(err)
	}
	if resp := e.do(acme, token, "GET", "/clients", "", nil); resp.Header.Get("x-ratelimit-limit") != "" {
		t.Errorf("a tag without a limit: %v", resp.Header)
	}
}

// A flood leaves one record a minute and family, and nothing was done.
func TestAReachedLimitIsOnRecord(t *testing.T) {
	e := newLimitedEnv(t)
	token := e.token(acme)
	e.sends(50, acme, token, "POST", "/client-grants", `{"client_id":"x","audience":"urn:x"}`)
	e.advance(time.Minute)
	e.sends(50, acme, "", "POST", "/clients", `{"name":"x"}`)
	e.api.limits = nil
	_, body := e.ask(acme, token, "GET", "/logs?q=type:api_limit", "")
	for i, want := range []string{"strangers", "write client-grants"} {
		at := strconv.Itoa(i)
		if got := e.property(body, at+".details.family"); got != want {
			t.Errorf("record %d is of %s, want %s: %s", i, got, want, body)
		}
		if got := e.property(body, at+".description") + e.property(body, at+".details.limit") + e.property(body, at+".hostname"); got != "Global rate limit exceeded3"+domainOf(acme) {
			t.Errorf("record %d: %s", i, got)
		}
	}
	if got := e.property(body, "2"); got != "<nil>" {
		t.Errorf("more records than two: %s", body)
	}
	if client := e.property(body, "0.client_id"); client != "<nil>" {
		t.Errorf("a stranger is known as %s", client)
	}
	if client := e.property(body, "1.client_id"); client != e.bootstrap(acme).ClientID {
		t.Errorf("the record names %s", client)
	}
	if _, refused := e.ask(acme, token, "GET", "/logs?q=type:fapi&include_totals=true", ""); e.property(refused, "total") != "3" {
		t.Errorf("only what was let in is a refused write: %s", refused)
	}
}
