//go:build unix

package testenv_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/testenv"
)

// withinADay leaves a test out that counts tokens of one day, when that is about to end.
func withinADay(t *testing.T) {
	now := time.Now().UTC()
	if left := now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now); left < 3*time.Minute {
		t.Skipf("the day of UTC ends in %s", left)
	}
}

// setQuota gives a client, or an organization, so many tokens a day.
func setQuota(env *testenv.Env, path string, perDay int) {
	env.API(http.MethodPatch, path, map[string]any{"token_quota": map[string]any{"client_credentials": map[string]any{"per_day": perDay}}}, 200)
}

// TestQuotaIsExact: 64 callers at once, on one node and on two, get exactly as many tokens as the quota, and not one more. The log and the
// usage agree, and each threshold is warned of once.
func TestQuotaIsExact(t *testing.T) {
	t.Run("SQLite, one node", func(t *testing.T) {
		skipNodes(t)
		testQuotaIsExact(t, testenv.NewProcess(t))
	})
	twoNodes(t, func(t *testing.T, a, b *testenv.Process) { testQuotaIsExact(t, a, b) })
}

func testQuotaIsExact(t *testing.T, nodes ...*testenv.Process) {
	withinADay(t)
	const callers, each, quota = 64, 8, 300
	env := nodes[0].Env()
	j := newJob(t, env, "https://quota.example.com")
	setQuota(env, "clients/"+j.clientID, quota)
	time.Sleep(lag) // until every node knows of it
	var issued, refused atomic.Int64
	var wg sync.WaitGroup
	for c := range callers {
		p := nodes[c%len(nodes)]
		wg.Go(func() {
			for n := 0; n < each; {
				a, err := request(t.Context(), p.HTTP, j, "go")
				switch {
				case err != nil:
					t.Error(err)
					return
				case a.status == http.StatusOK:
					issued.Add(1)
				case a.status == http.StatusTooManyRequests:
					refused.Add(1)
				case a.status == http.StatusServiceUnavailable: // turned away: whatever it had taken was given back
					continue
				default:
					t.Errorf("%+v", a)
					return
				}
				n++
			}
		})
	}
	wg.Wait()
	for range quota { // what was given back by those that were turned away is there for the next
		a, err := request(t.Context(), nodes[0].HTTP, j, "go")
		if err != nil || a.status == http.StatusTooManyRequests {
			break
		}
		if a.status == http.StatusOK {
			issued.Add(1)
		}
	}
	if issued.Load() != quota || refused.Load() == 0 {
		t.Errorf("%d tokens, %d refusals; want %d tokens", issued.Load(), refused.Load(), quota)
	}
	if usage, recorded := usageOf(t, env, j.clientID), recordedOf(t, env, j.clientID); usage != quota || recorded != quota {
		t.Errorf("usage tells of %d tokens, the log of %d; want %d", usage, recorded, quota)
	}
	var warnings []struct{ Description string }
	if err := json.Unmarshal(env.API(http.MethodGet, "logs?q=type:token_quota_consumption_warning&sort=date:1", nil, 200).Body, &warnings); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, w := range warnings {
		seen[w.Description]++
	}
	for _, percent := range []int{60, 80, 100} {
		if n := seen[fmt.Sprintf("%d%% of client per_day quota consumed", percent)]; n != 1 || len(warnings) != 3 {
			t.Errorf("%d warnings at %d %%, want one: %v", n, percent, seen)
		}
	}
}

// usageOf is how many tokens a client was issued, as the Management API tells.
func usageOf(t *testing.T, env *testenv.Env, clientID string) int {
	t.Helper()
	var answer struct{ Tokens int }
	if err := json.Unmarshal(env.API(http.MethodGet, "writ/usage?group_by=none&client_id="+clientID, nil, 200).Body, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Tokens
}

// recordedOf is how many tokens of a client the log tells of.
func recordedOf(t *testing.T, env *testenv.Env, clientID string) int {
	t.Helper()
	var answer struct {
		Applications []struct {
			ClientID string `json:"client_id"`
			Issued   int
		}
	}
	if err := json.Unmarshal(env.API(http.MethodGet, "writ/activity", nil, 200).Body, &answer); err != nil {
		t.Fatal(err)
	}
	for _, a := range answer.Applications {
		if a.ClientID == clientID {
			return a.Issued
		}
	}
	return 0
}

// TestVolumeQuotaOverCrashes kills the server under load, again and again. There is never a token too many, a crash costs at most what was in
// flight, and usage counts each token that has a record, and no other.
func TestVolumeQuotaOverCrashes(t *testing.T) {
	n := rounds(t, 3, 30)
	t.Run("SQLite", func(t *testing.T) { testQuotaOverCrashes(t, n, testenv.NewProcess(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		testQuotaOverCrashes(t, n, testenv.NewProcess(t, "--database", pgtest.URL(t)))
	})
}

func testQuotaOverCrashes(t *testing.T, n int, p *testenv.Process) {
	withinADay(t)
	const inFlight = 8
	env := p.Env()
	j := newJob(t, env, "https://crashing-quota.example.com")
	quota := 100 * n
	setQuota(env, "clients/"+j.clientID, quota)
	for range n {
		loadUntilKilled(p, j, inFlight, 20*time.Millisecond+rand.N(40*time.Millisecond))
		p.Start()
	}
	for { // what is left
		a, err := request(t.Context(), p.HTTP, j, "go")
		if err != nil {
			t.Fatal(err)
		}
		if a.status == http.StatusTooManyRequests {
			break
		}
	}
	recorded := recordedOf(t, env, j.clientID)
	if recorded > quota || recorded < quota-n*inFlight {
		t.Errorf("%d tokens have records: want at most %d, and at least %d", recorded, quota, quota-n*inFlight)
	}
	if got := usageOf(t, env, j.clientID); got != recorded {
		t.Errorf("usage tells of %d tokens, the log of %d", got, recorded)
	}
}

// TestQuotaWithoutTheDatabase: while a node cannot reach the database, a client with a quota and one without get the same answer, 503 and when
// to try again: no token is given out that is not counted. Afterwards the counts are exact. A connection that is cut has counted nothing; what
// hangs may arrive later, and then costs its client a token, never gives it one.
func TestQuotaWithoutTheDatabase(t *testing.T) {
	skipNodes(t)
	withinADay(t)
	server := pgtest.Start(t)
	url := server.URL(t)
	proxy := testenv.NewProxy(t, server.Address())
	a := testenv.NewProcess(t, "--database", url)
	b := a.NewNode("--database", server.At(url, proxy.Port()))
	env := a.Env()
	for _, c := range []struct {
		name  string
		lose  func()
		tries int
		// lost is how many tokens the fault may cost.
		lost int
	}{{"cut", proxy.Cut, 5, 0}, {"hanging", proxy.Hang, 2, 2}} {
		t.Run(c.name, func(t *testing.T) {
			if c.lost > 0 {
				skipSlow(t)
			}
			const quota, before = 20, 5
			limited := newJob(t, env, "https://"+c.name+".example.com")
			free := newJob(t, env, "https://free-"+c.name+".example.com")
			setQuota(env, "clients/"+limited.clientID, quota)
			time.Sleep(lag) // until the other node knows of it
			for range before {
				mustIssue(t, b, limited)
				mustIssue(t, b, free)
			}
			defer proxy.Heal()
			c.lose()
			for range c.tries {
				for name, j := range map[string]job{"with a quota": limited, "without one": free} {
					got, err := request(t.Context(), b.HTTP, j, "go")
					if err != nil || got.status != http.StatusServiceUnavailable || got.code != "temporarily_unavailable" || got.retryAfter == "" {
						t.Errorf("%s: %+v, %v; want 503 with Retry-After", name, got, err)
					}
				}
			}
			if used := usedOf(t, env, limited.clientID); used != before {
				t.Errorf("%d tokens are counted while the database is gone, want %d", used, before)
			}
			proxy.Heal()
			issued := before
			for deadline := time.Now().Add(time.Minute); ; {
				got, err := request(t.Context(), b.HTTP, limited, "go")
				if err != nil || time.Now().After(deadline) {
					t.Fatal(got, err)
				}
				if got.status == http.StatusTooManyRequests {
					break
				}
				if got.status == http.StatusOK {
					issued++
				} else if got.status != http.StatusServiceUnavailable {
					t.Fatalf("%+v", got)
				}
			}
			if issued > quota || issued < quota-c.lost {
				t.Errorf("%d tokens were issued, want at most %d, and at least %d", issued, quota, quota-c.lost)
			}
			if used := usedOf(t, env, limited.clientID); used != quota {
				t.Errorf("%d tokens are counted, want %d", used, quota)
			}
			if usage, recorded := usageOf(t, env, limited.clientID), recordedOf(t, env, limited.clientID); usage < issued || usage != recorded || usage > issued+c.lost {
				t.Errorf("usage tells of %d tokens, the log of %d; %d were issued", usage, recorded, issued)
			}
			mustIssue(t, b, free)
		})
	}
}

// usedOf is how many tokens are counted against a client's quota of the day.
func usedOf(t *testing.T, env *testenv.Env, clientID string) int {
	t.Helper()
	var answer struct {
		Buckets []struct{ Used int }
	}
	body := env.API(http.MethodGet, "writ/clients/"+clientID+"/token-quota", nil, 200).Body
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Buckets) != 1 {
		t.Fatalf("%v: %s", err, body)
	}
	return answer.Buckets[0].Used
}
