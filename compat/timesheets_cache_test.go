package compat

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// countedAPI is an API behind a proxy that notes what it answered.
type countedAPI struct {
	url string

	mu       sync.Mutex
	statuses []int // guarded by mu
}

func countRequests(t *testing.T, addr string) *countedAPI {
	t.Helper()
	api := &countedAPI{}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
	proxy.ModifyResponse = func(resp *http.Response) error {
		api.mu.Lock()
		defer api.mu.Unlock()
		api.statuses = append(api.statuses, resp.StatusCode)
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	api.url = server.URL
	return api
}

// take returns what was answered since the last call.
func (a *countedAPI) take() []int {
	a.mu.Lock()
	defer a.mu.Unlock()
	taken := a.statuses
	a.statuses = nil
	return taken
}

// TestTimesheetsCache holds both jobs to what the lab's README promises of the token between runs.
func TestTimesheetsCache(t *testing.T) {
	startGo := labAPIs(t)["api-go"]
	for _, job := range labJobs(t) {
		t.Run(job.name, func(t *testing.T) {
			api := startGo(t)
			testTokenKept(t, job, api)
			testTokenReplaced(t, job, api)
			testCacheMended(t, job, api)
			testAnswersBelieved(t, job, api)
			// The last: the API that runs would not learn of the keys of two rotations within its five minutes.
			t.Run("a revoked key is believed after one 401", func(t *testing.T) {
				c := newLabRun(t, job, api)
				c.expect(t, 1, 201)
				revokeSigningKey(t)
				c.api = startGo(t) // the running one keeps the revoked key for as long
				c.expect(t, 2, 401, 201)
			})
		})
	}
}

func testTokenKept(t *testing.T, job labJob, api *countedAPI) {
	t.Run("two runs are one token", func(t *testing.T) {
		c := newLabRun(t, job, api)
		c.expect(t, 1, 201)
		c.expect(t, 1, 201)
		info, err := os.Stat(c.dir)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("the cache directory has mode %v, want 0700", info.Mode())
		}
	})
	t.Run("another client gets another file", func(t *testing.T) {
		first := newLabRun(t, job, api)
		first.expect(t, 1, 201)
		second := newLabRun(t, job, api)
		second.dir = first.dir
		second.expect(t, 1, 201)
		if files := cacheFiles(t, first.dir); len(files) != 2 {
			t.Errorf("%d files for two clients, want 2", len(files))
		}
		first.expect(t, 1, 201)
	})
}

func testTokenReplaced(t *testing.T, job labJob, api *countedAPI) {
	t.Run("a token near its end is replaced before it is used", func(t *testing.T) {
		c := newLabRun(t, job, api)
		c.expect(t, 1, 201)
		c.age(t, 30*time.Second)
		c.expect(t, 2, 201)
	})
	t.Run("a token that the API refuses is replaced after one 401", func(t *testing.T) {
		c := newLabRun(t, job, api)
		c.expect(t, 1, 201)
		c.replaceToken(t, tokenFor(t, &thisWorld.tenant, shortLived))
		c.expect(t, 2, 401, 201)
		c.expect(t, 2, 201)
	})
}

func testCacheMended(t *testing.T, job labJob, api *countedAPI) {
	for name, content := range map[string]string{
		"empty": "", "cut off": `{"access_token": "eyJ`, "no object": `[1]`, "a number": `7`, "null": `null`, "no token": `{}`, "not text": "\xff\xfe",
		"fields of other types": `{"access_token": 1, "expires_at": "tomorrow", "expiry": 1}`,
	} {
		t.Run("a cache file is mended: "+name, func(t *testing.T) {
			c := newLabRun(t, job, api)
			c.expect(t, 1, 201)
			if err := os.WriteFile(c.file(t), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			c.expect(t, 2, 201)
			c.expect(t, 2, 201)
		})
	}
}

func testAnswersBelieved(t *testing.T, job labJob, api *countedAPI) {
	for _, tt := range []struct {
		name   string
		status int
		tokens int
		want   []int
	}{
		{"an API that refuses every token is not asked a third time", http.StatusUnauthorized, 2, []int{401, 401}},
		{"a 403 is an answer", http.StatusForbidden, 1, []int{403}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			closed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tt.status) }))
			t.Cleanup(closed.Close)
			newLabRun(t, job, countRequests(t, closed.Listener.Addr().String())).expect(t, tt.tokens, tt.want...)
		})
	}
	t.Run("a client without the grant is told why", func(t *testing.T) {
		out, err := job.run(t, api.url, thisWorld.Auditor, t.TempDir())
		if err == nil || !strings.Contains(out, "Client has not been granted scopes: batch:upload") {
			t.Errorf("%v, output %q", err, out)
		}
	})
}

// labRun is a job with a client and a cache directory of its own.
type labRun struct {
	job    labJob
	api    *countedAPI
	client credentials
	dir    string
}

func newLabRun(t *testing.T, job labJob, api *countedAPI) *labRun {
	t.Helper()
	c, err := thisWorld.createClient(t.Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := thisWorld.grant(c, timesheets, "batch:upload"); err != nil {
		t.Fatal(err)
	}
	return &labRun{job: job, api: api, client: c, dir: filepath.Join(t.TempDir(), "cache")}
}

// expect runs the job: the API answers with these statuses, the last decides how the job ends, and the client has got so many
// tokens in all its runs.
func (r *labRun) expect(t *testing.T, tokens int, statuses ...int) {
	t.Helper()
	r.api.take()
	out, err := r.job.run(t, r.api.url, r.client, r.dir)
	if diff := cmp.Diff(statuses, r.api.take()); diff != "" {
		t.Fatalf("the API's answers (-want +got):\n%s%s", diff, out)
	}
	if uploaded := statuses[len(statuses)-1] == http.StatusCreated; uploaded != (err == nil) {
		t.Errorf("the job ended with %v: %s", err, out)
	}
	if n := tokensIssued(t, r.client); n != tokens {
		t.Errorf("%d seccft records, want %d", n, tokens)
	}
}

// file is the one file of the cache.
func (r *labRun) file(t *testing.T) string {
	t.Helper()
	files := cacheFiles(t, r.dir)
	if len(files) != 1 {
		t.Fatalf("%d files in the cache, want 1", len(files))
	}
	for path := range files {
		return path
	}
	return ""
}

// change rewrites the kept token's record.
func (r *labRun) change(t *testing.T, f func(kept object)) {
	t.Helper()
	path := r.file(t)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept object
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	f(kept)
	if raw, err = json.Marshal(kept); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (r *labRun) replaceToken(t *testing.T, token string) {
	t.Helper()
	r.change(t, func(kept object) { kept["access_token"] = token })
}

// age has the kept token end in so long. Each job writes that in its own way.
func (r *labRun) age(t *testing.T, left time.Duration) {
	t.Helper()
	end := time.Now().Add(left)
	r.change(t, func(kept object) {
		switch {
		case kept["expiry"] != nil:
			kept["expiry"] = end
		case kept["expires_at"] != nil:
			kept["expires_at"] = end.Unix()
		default:
			t.Fatalf("no known end in %v", kept)
		}
	})
}

// revokeSigningKey takes the current key out of service: no token that it signed verifies any more.
func revokeSigningKey(t *testing.T) {
	t.Helper()
	var keys []struct {
		KID     string `json:"kid"`
		Current bool   `json:"current"`
	}
	if err := thisWorld.manage(t.Context(), http.MethodGet, "/api/v2/keys/signing", http.StatusOK, nil, &keys); err != nil {
		t.Fatal(err)
	}
	if err := thisWorld.manage(t.Context(), http.MethodPost, "/api/v2/keys/signing/rotate", http.StatusCreated, nil, nil); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !key.Current {
			continue
		}
		path := "/api/v2/keys/signing/" + key.KID + "/revoke"
		if err := thisWorld.manage(t.Context(), http.MethodPut, path, http.StatusOK, nil, nil); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("no current key")
}
