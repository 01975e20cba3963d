//go:build unix

package testenv_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/testenv"
)

func masterKey(t *testing.T, p *testenv.Process) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.Dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// load asks one node for tokens until it is stopped, and remembers what it got.
type load struct {
	stop   context.CancelFunc
	done   sync.WaitGroup
	issued atomic.Int64

	mu         sync.Mutex // guards what follows
	failed     []string   // what else than a token
	tokens     []string   // request ids of the tokens
	turnedAway []string   // request ids of 503
}

const connections = 4

// startLoad keeps as many connections busy. A request that is under way when the load is stopped counts as neither.
func startLoad(t *testing.T, p *testenv.Process, j job) *load {
	return startLoadBy(t, p.HTTP, j, connections)
}

// startLoadBy is startLoad by that client, from so many callers.
func startLoadBy(t *testing.T, client *http.Client, j job, callers int) *load {
	ctx, stop := context.WithCancel(context.Background())
	l := &load{stop: stop}
	t.Cleanup(func() { l.end() }) // whatever becomes of the test: a load that nobody stops takes a core from all that follow
	for range callers {
		l.done.Go(func() {
			for ctx.Err() == nil {
				a, err := request(ctx, client, j, "go")
				if ctx.Err() == nil {
					l.note(a, err)
				}
			}
		})
	}
	return l
}

func (l *load) note(a answer, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		l.failed = append(l.failed, err.Error())
	case a.status == http.StatusServiceUnavailable:
		l.turnedAway = append(l.turnedAway, a.requestID)
		l.failed = append(l.failed, fmt.Sprint(a))
	case a.status != http.StatusOK:
		l.failed = append(l.failed, fmt.Sprint(a))
	default:
		l.tokens = append(l.tokens, a.requestID)
		l.issued.Add(1)
	}
}

// more waits until so many more tokens were issued.
func (l *load) more(t *testing.T, n int64) {
	t.Helper()
	want := l.issued.Load() + n
	for deadline := time.Now().Add(time.Minute); l.issued.Load() < want; {
		if time.Now().After(deadline) {
			t.Fatalf("no %d tokens within a minute; failures: %v", n, l.end())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// failures are those until now.
func (l *load) failures() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.failed)
}

// end stops the load and returns what failed.
func (l *load) end() []string {
	l.stop()
	l.done.Wait()
	return l.failed
}

// wantRecords fails unless each token has its record, once.
func wantRecords(t *testing.T, env *testenv.Env, newest, clientID string, loads ...*load) {
	t.Helper()
	recorded := recordsAfter(t, env, newest, clientID)
	for _, l := range loads {
		for _, id := range l.tokens {
			if recorded[id] != 1 {
				t.Fatalf("the token of request %s has %d records, want 1", id, recorded[id])
			}
		}
	}
}

// threeNodes share one database.
func threeNodes(t *testing.T) (a, b, c *testenv.Process, env *testenv.Env, j job) {
	skipNodes(t)
	url := pgtest.URL(t)
	a = testenv.NewProcess(t, "--database", url)
	b, c = a.NewNode("--database", url), a.NewNode("--database", url)
	env = a.Env()
	return a, b, c, env, newJob(t, env, "https://nodes.example.com")
}

// TestNodesOneIsKilled: no request fails but those that were in flight on it, and every token has its record.
func TestNodesOneIsKilled(t *testing.T) {
	a, b, c, env, j := threeNodes(t)
	newest := newestLogID(t, env)
	la, lb, lc := startLoad(t, a, j), startLoad(t, b, j), startLoad(t, c, j)
	for _, l := range []*load{la, lb, lc} {
		l.more(t, 50)
	}
	c.Kill()
	lc.end()
	la.more(t, 200)
	lb.more(t, 200)
	if failed := append(la.end(), lb.end()...); len(failed) > 0 {
		t.Errorf("%d requests to the other nodes failed: %v", len(failed), failed[0])
	}
	c.Start()
	mustIssue(t, c, j)
	wantRecords(t, env, newest, j.clientID, la, lb, lc)
}

// TestNodesOneIsPaused: the others go on; when it wakes, it first finds out what was revoked meanwhile.
func TestNodesOneIsPaused(t *testing.T) {
	a, b, c, env, j := threeNodes(t)
	gone := newJob(t, env, "https://gone.example.com")
	for range rounds(t, 2, 10) {
		mustIssue(t, c, gone)
		la, lb, lc := startLoad(t, a, j), startLoad(t, b, j), startLoad(t, c, j)
		lc.more(t, 50)
		c.Pause() // in the middle of whatever it does
		la.more(t, 200)
		lb.more(t, 200)
		env.API(http.MethodDelete, "clients/"+gone.clientID, nil, 204)
		time.Sleep(lag) // the pause is that long
		waiting := make(chan answer, 1)
		go func() { // sent to the node while it sleeps
			a, err := request(context.Background(), c.HTTP, gone, "go")
			if err != nil {
				t.Error(err)
			}
			waiting <- a
		}()
		time.Sleep(50 * time.Millisecond) // so that it lies there when the node wakes
		c.Resume()
		if got := <-waiting; got.status != http.StatusUnauthorized {
			t.Errorf("what waited for the node to wake: %+v, want a refusal of the deleted client", got)
		}
		lc.more(t, 50)
		if failed := append(la.end(), lb.end()...); len(failed) > 0 {
			t.Errorf("%d requests to the other nodes failed: %v", len(failed), failed[0])
		}
		lc.end()
		gone = newJob(t, env, "https://gone-again.example.com/"+gone.clientID)
	}
}

// TestNodesOneLosesTheDatabase: it answers 503 and publishes its keys, the others notice nothing, and it comes back by itself.
func TestNodesOneLosesTheDatabase(t *testing.T) {
	skipSlow(t)
	server := pgtest.Start(t)
	url := server.URL(t)
	proxy := testenv.NewProxy(t, server.Address())
	a := testenv.NewProcess(t, "--database", url)
	b := a.NewNode("--database", server.At(url, proxy.Port()))
	env := a.Env()
	j := newJob(t, env, "https://cut.example.com")
	for name, lose := range map[string]func(){"cut": proxy.Cut, "hanging": proxy.Hang} {
		t.Run(name, func(t *testing.T) {
			kid := kidOf(t, mustIssue(t, b, j))
			listed(t, b, kid)
			newest := newestLogID(t, env)
			la, lb := startLoad(t, a, j), startLoad(t, b, j)
			lb.more(t, 20)
			lose()
			first := waitUnavailable(t, b, j)
			if first.code != "temporarily_unavailable" {
				t.Errorf("without the database: %+v, want temporarily_unavailable", first)
			}
			if !listed(t, b, kid) {
				t.Error("the keys are not published while the database is gone")
			}
			wantProbe(t, b, "readyz", http.StatusServiceUnavailable)
			wantProbe(t, b, "healthz", http.StatusOK)
			la.more(t, 200)
			proxy.Heal()
			lb.more(t, 50)
			if failed := la.end(); len(failed) > 0 {
				t.Errorf("%d requests to the other node failed: %v", len(failed), failed[0])
			}
			lb.end()
			for _, failed := range lb.failed {
				if !strings.HasPrefix(failed, "{503 ") {
					t.Errorf("without the database: %s, want 503", failed)
				}
			}
			wantRecords(t, env, newest, j.clientID, la, lb)
		})
	}
}

// waitUnavailable asks for tokens until the answer is 503.
func waitUnavailable(t *testing.T, p *testenv.Process, j job) answer {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		a, err := request(t.Context(), p.HTTP, j, "go")
		if err != nil {
			t.Fatal(err)
		}
		if a.status == http.StatusServiceUnavailable {
			return a
		}
		if time.Now().After(deadline) {
			t.Fatalf("no 503 within a minute, but %+v", a)
		}
	}
}

// wantProbe waits until a probe answers so: a node remembers its readiness for a second.
func wantProbe(t *testing.T, p *testenv.Process, name string, want int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		res, err := http.Get("http://" + p.Plain + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %d, want %d", name, res.StatusCode, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestNodesDatabaseRestarts: 503 meanwhile on every node, no token without its record, and all goes on by itself; whether the
// database is stopped, crashes and recovers, or is taken over by another address (of the same server: this is about the nodes).
func TestNodesDatabaseRestarts(t *testing.T) {
	skipNodes(t)
	const other = "127.0.0.2"
	server := pgtest.Start(t, "listen_addresses=127.0.0.1,"+other, "fsync=on", "full_page_writes=on")
	proxy := testenv.NewProxy(t, server.Address())
	url := server.At(server.URL(t), proxy.Port())
	a := testenv.NewProcess(t, "--database", url)
	b := a.NewNode("--database", url)
	env := a.Env()
	j := newJob(t, env, "https://restart.example.com")
	run := func() {
		if err := server.Run(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name       string
		gone, back func()
	}{
		{"restart", server.Stop, run},
		{"crash", server.Crash, run},
		{"fail-over", proxy.Cut, func() { proxy.Switch(strings.Replace(server.Address(), "127.0.0.1", other, 1)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			newest := newestLogID(t, env)
			la, lb := startLoad(t, a, j), startLoad(t, b, j)
			la.more(t, 50)
			lb.more(t, 50)
			c.gone()
			waitUnavailable(t, a, j)
			waitUnavailable(t, b, j)
			c.back()
			la.more(t, 50)
			lb.more(t, 50)
			for _, failed := range append(la.end(), lb.end()...) {
				if !strings.HasPrefix(failed, "{503 ") {
					t.Errorf("without the database: %s, want 503", failed)
				}
			}
			wantRecords(t, env, newest, j.clientID, la, lb)
		})
	}
}
