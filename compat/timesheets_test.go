package compat

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The lab of examples/timesheets: both APIs with both jobs, as its README has them started.

const lab = "../examples/timesheets"

func TestTimesheetsAPIs(t *testing.T) {
	jobs := labJobs(t)
	for name, start := range labAPIs(t) {
		t.Run(name, func(t *testing.T) {
			api := start(t)
			auditor, err := thisWorld.requestToken(t.Context(), thisWorld.Auditor, timesheets)
			if err != nil {
				t.Fatal(err)
			}
			for _, tt := range []struct {
				name, method, path, token string
				want                      int
			}{
				{"list without a token", http.MethodGet, "/timesheets", "", 401},
				{"list with the scope", http.MethodGet, "/timesheets", auditor, 200},
				{"list without the scope", http.MethodGet, "/timesheets", tokenFor(t, &thisWorld.tenant, timesheets), 403},
				{"upload without a token", http.MethodPost, "/timesheets/upload", "", 401},
				{"upload without the scope", http.MethodPost, "/timesheets/upload", auditor, 403},
				{"upload with a token for another API", http.MethodPost, "/timesheets/upload", tokenFor(t, &thisWorld.tenant, shortLived), 401},
				{"upload with another tenant's token", http.MethodPost, "/timesheets/upload", tokenFor(t, &thisWorld.Other, timesheets), 401},
			} {
				t.Run(tt.name, func(t *testing.T) { expectLabStatus(t, api, tt.method, tt.path, tt.token, tt.want) })
			}
			for _, job := range jobs {
				t.Run(job.name, func(t *testing.T) {
					out, err := job.run(t, api.url, thisWorld.Job, t.TempDir())
					if want := "201 Created timesheet 14 for employee 007.\n"; err != nil || out != want {
						t.Errorf("%v, output %q, want %q", err, out, want)
					}
				})
			}
			if n := len(api.take()); n == 0 {
				t.Error("no request went through the counter")
			}
		})
	}
}

func expectLabStatus(t *testing.T, api *countedAPI, method, path, token string, want int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, api.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != want {
		t.Errorf("%s, want %d", resp.Status, want)
	}
	challenge := resp.Header.Get("WWW-Authenticate")
	if want == http.StatusForbidden && !strings.Contains(challenge, "insufficient_scope") ||
		want == http.StatusUnauthorized && !strings.HasPrefix(challenge, "Bearer") {
		t.Errorf("%d with WWW-Authenticate %q (RFC 6750 section 3)", want, challenge)
	}
}

// labAPIs are the lab's APIs by name, each started by a function that waits until it answers. One that needs what this machine
// has not is left out aloud.
func labAPIs(t *testing.T) map[string]func(t *testing.T) *countedAPI {
	t.Helper()
	return map[string]func(t *testing.T) *countedAPI{
		"api-go": func(t *testing.T) *countedAPI { return startAPI(t, lab, buildLab(t, "api-go")) },
		"api-node": func(t *testing.T) *countedAPI {
			need(t, "node")
			if _, err := os.Stat(lab + "/api-node/node_modules/.package-lock.json"); err != nil {
				absent(t, "the npm packages are not installed: run `npm ci` in examples/timesheets/api-node")
			}
			return startAPI(t, lab+"/api-node", "node", "server.mjs")
		},
	}
}

// buildLab builds one of the lab's Go programs and returns its path.
func buildLab(t *testing.T, name string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "-C", lab, "build", "-buildvcs=false", "-o", binary, "./"+name).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// startAPI starts an API on a free port and puts a counter before it.
func startAPI(t *testing.T, dir, program string, args ...string) *countedAPI {
	t.Helper()
	addrs, err := freeAddrs(1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.Env = append(labEnviron(), "ADDRESS="+addrs[0], "NODE_EXTRA_CA_CERTS="+thisWorld.CA)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s wrote:\n%s", program, &out)
		}
	})
	deadline := time.Now().Add(30 * time.Second)
	for tick := time.Tick(20 * time.Millisecond); ; <-tick {
		resp, err := http.Get("http://" + addrs[0] + "/timesheets")
		if err == nil {
			resp.Body.Close()
			return countRequests(t, addrs[0])
		}
		if time.Now().After(deadline) {
			t.Fatalf("the API does not answer: %v", err)
		}
	}
}

// labEnviron is what the README has a user export.
func labEnviron() []string {
	return append(environWithout("WRIT_", "AUTH0_", "SSL_CERT_", "NODE_", "COMPAT_"),
		"SSL_CERT_FILE="+filepath.Join(filepath.Dir(thisWorld.CA), "ca-bundle.pem"), "ISSUER="+thisWorld.Issuer, "AUDIENCE="+timesheets)
}

// labJob is one of the lab's jobs.
type labJob struct {
	name    string
	program []string
}

func labJobs(t *testing.T) []labJob {
	t.Helper()
	jobs := []labJob{{"job-go", []string{buildLab(t, "job-go")}}}
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is not installed")
		}
		t.Log("python3 is not installed: no job-python")
		return jobs
	}
	return append(jobs, labJob{"job-python", []string{"python3", lab + "/job-python/job.py"}})
}

// run runs the job once, as cron would, and returns what it wrote. The secret must not be in it, nor in the cache.
func (j labJob) run(t *testing.T, api string, c credentials, cache string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, j.program[0], j.program[1:]...)
	cmd.Env = append(labEnviron(), "API="+api, "CLIENT_ID="+c.ID, "CLIENT_SECRET="+c.Secret, "TOKEN_CACHE="+cache)
	out, err := cmd.CombinedOutput()
	if bytes.Contains(out, []byte(c.Secret)) {
		t.Errorf("the job tells its secret:\n%s", out)
	}
	for name, content := range cacheFiles(t, cache) {
		if strings.Contains(content, c.Secret) {
			t.Errorf("the secret is in the cache, in %s", name)
		}
	}
	return string(out), err
}

// cacheFiles are the contents of a job's cache by path. Each must be readable by its owner only.
func cacheFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", path, info.Mode())
		}
		content, err := os.ReadFile(path)
		files[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// tokensIssued counts the client's seccft records in the tenant's log.
func tokensIssued(t *testing.T, c credentials) int {
	t.Helper()
	var records []json.RawMessage
	err := thisWorld.manage(t.Context(), http.MethodGet, "/api/v2/logs?per_page=100&q=type:seccft%20AND%20client_id:"+c.ID, http.StatusOK, nil, &records)
	if err != nil {
		t.Fatal(err)
	}
	return len(records)
}
