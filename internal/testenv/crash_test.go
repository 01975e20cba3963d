package testenv_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/testenv"
	"github.com/writ-auth/writ/internal/testenv/race"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const requestIDHeader = "X-Auth0-RequestId"

// rounds is how often a volume test repeats: few in every run, many where WRIT_VOLUME asks for them.
func rounds(t *testing.T, few, many int) int {
	if race.Enabled {
		t.Skip("volume: left out under the race detector")
	}
	if os.Getenv("WRIT_VOLUME") != "" {
		return many
	}
	return few
}

// TestVolumeNoAnswerWithoutItsRecord kills the server under load, again and again. After each restart the record of every
// request that was answered is in the log exactly once, and what is there beyond them is at most what was in flight.
func TestVolumeNoAnswerWithoutItsRecord(t *testing.T) {
	n := rounds(t, 3, 100)
	t.Run("SQLite", func(t *testing.T) { testNoAnswerWithoutItsRecord(t, n, testenv.NewProcess(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		testNoAnswerWithoutItsRecord(t, n, testenv.NewProcess(t, "--database", pgtest.URL(t)))
	})
}

func testNoAnswerWithoutItsRecord(t *testing.T, n int, p *testenv.Process) {
	env := p.Env()
	job := newJob(t, env, "https://crash.example.com")
	const inFlight = 8
	for round := range n {
		newest := newestLogID(t, env)
		answered := loadUntilKilled(p, job, inFlight, 40*time.Millisecond+rand.N(120*time.Millisecond))
		p.Start()
		recorded := recordsAfter(t, env, newest, job.clientID)
		for id := range answered {
			if recorded[id] != 1 {
				t.Fatalf("round %d: the answered request %s has %d records, want 1", round, id, recorded[id])
			}
		}
		if surplus := len(recorded) - len(answered); surplus > inFlight {
			t.Fatalf("round %d: %d records of requests that were not answered, at most %d were in flight", round, surplus, inFlight)
		}
		if len(answered) == 0 {
			t.Fatalf("round %d: nothing was answered, so nothing was tested", round)
		}
	}
}

// job is a client that may ask for tokens of an API.
type job struct{ scheme, domain, clientID, secret, audience string }

func newJob(t *testing.T, env *testenv.Env, audience string) job {
	t.Helper()
	env.API(http.MethodPost, "resource-servers", map[string]any{"identifier": audience, "scopes": []map[string]string{{"value": "go"}}}, 201)
	created := env.API(http.MethodPost, "clients", map[string]any{"name": "job"}, 201).JSON(t)
	j := job{"https", env.Tenant.Domain, created["client_id"].(string), created["client_secret"].(string), audience}
	env.API(http.MethodPost, "client-grants", map[string]any{"client_id": j.clientID, "audience": audience, "scope": []string{"go"}}, 201)
	return j
}

// loadUntilKilled asks for tokens from many connections, right and refused ones in turn, kills the server in the middle and
// returns the ids of all requests that were answered in full.
func loadUntilKilled(p *testenv.Process, j job, connections int, after time.Duration) map[string]bool {
	var mu sync.Mutex // guards answered
	answered := map[string]bool{}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				scope := "go"
				if (c+i)%5 == 0 {
					scope = "stop" // not granted: a refusal has its record, too
				}
				if id, ok := ask(ctx, p.HTTP, j, scope); ok {
					mu.Lock()
					answered[id] = true
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(after) // the moment of the kill is the point of the test
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		mu.Lock()
		some := len(answered) > 0 // on a busy machine the first answer may take longer
		mu.Unlock()
		if some {
			break
		}
	}
	p.Kill()
	stop()
	wg.Wait()
	p.HTTP.CloseIdleConnections()
	return answered
}

// ask makes one token request; ok means that the whole answer came, and was no 503.
func ask(ctx context.Context, client *http.Client, j job, scope string) (requestID string, ok bool) {
	a, err := request(ctx, client, j, scope)
	return a.requestID, err == nil && a.status != http.StatusServiceUnavailable
}

// answer is what a token request got.
type answer struct {
	status    int
	requestID string
	token     string
	code      string // error
	// retryAfter is the header.
	retryAfter string
}

// request makes one token request. An error means that no whole answer came.
func request(ctx context.Context, client *http.Client, j job, scope string) (answer, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {j.clientID}, "client_secret": {j.secret},
		"audience": {j.audience}, "scope": {scope}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, j.scheme+"://"+j.domain+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	var body struct {
		Token string `json:"access_token"`
		Error string `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil {
		return answer{}, err
	}
	return answer{res.StatusCode, res.Header.Get(requestIDHeader), body.Token, body.Error, res.Header.Get("Retry-After")}, nil
}

func newestLogID(t *testing.T, env *testenv.Env) string {
	t.Helper()
	var items []map[string]any
	body := env.API(http.MethodGet, "logs?per_page=1&sort=date:-1", nil, 200).Body
	if err := json.Unmarshal(body, &items); err != nil || len(items) != 1 {
		t.Fatalf("newest log record: %v %s", err, body)
	}
	return items[0]["log_id"].(string)
}

// recordsAfter walks the log by checkpoint and counts the records of one client by the request they belong to.
func recordsAfter(t *testing.T, env *testenv.Env, from, clientID string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	token := env.ManagementToken()
	for {
		res := env.Do(http.MethodGet, fmt.Sprintf("https://%s/api/v2/logs?from=%s&take=100", env.Tenant.Domain, from), "",
			"Authorization", "Bearer "+token)
		var items []struct {
			LogID      string  `json:"log_id"`
			ClientID   *string `json:"client_id"`
			References struct {
				TraceID string `json:"trace_id"`
			} `json:"references"`
		}
		if err := json.Unmarshal(res.Body, &items); err != nil {
			t.Fatalf("%d %s", res.Status, res.Body)
		}
		if len(items) == 0 {
			return counts
		}
		for _, item := range items {
			if item.LogID <= from {
				t.Fatalf("log id %s after %s: the log runs back", item.LogID, from)
			}
			from = item.LogID
			if item.ClientID != nil && *item.ClientID == clientID {
				counts[item.References.TraceID]++
			}
		}
	}
}
