//go:build linux

package testenv_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/testenv"
)

// smallDisk is a directory of so many megabytes. Who may not mount cannot run the test.
func smallDisk(t *testing.T, megabytes string) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+megabytes+"m")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skip("mounting a small disk needs root: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = io.Copy(f, zeros{})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the disk: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestFaultDiskFull: no token without its record, 503 everywhere, refusals keep their status, and all goes on when there is space.
func TestFaultDiskFull(t *testing.T) {
	skipNodes(t)
	p := testenv.Machine{Dir: smallDisk(t, "24")}.NewProcess(t)
	env := p.Env()
	j := newJob(t, env, "https://full.example.com")
	bearer := env.ManagementToken()
	newest := newestLogID(t, env)
	filler := filepath.Join(p.Dir, "filler")
	for range rounds(t, 1, 5) {
		l := startLoad(t, p, j)
		l.more(t, 50)
		fill(t, filler)
		first := waitUnavailable(t, p, j)
		if first.code != "temporarily_unavailable" || first.token != "" {
			t.Errorf("on a full disk: %+v, want temporarily_unavailable", first)
		}
		wantProbe(t, p, "readyz", http.StatusServiceUnavailable)
		wantProbe(t, p, "healthz", http.StatusOK)
		wantRefused(t, p, j)
		res := env.Do(http.MethodPost, "https://"+p.Domain+"/api/v2/clients", `{"name":"one too many"}`,
			"Authorization", "Bearer "+bearer, "Content-Type", "application/json")
		if res.Status != http.StatusServiceUnavailable {
			t.Errorf("a client is made on a full disk: %d %s, want 503", res.Status, res.Body)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		wantProbe(t, p, "readyz", http.StatusOK)
		l.more(t, 50)
		wantOnly(t, l, "{503 ")
		wantRecords(t, env, newest, j.clientID, l)
	}
	if strings.Contains(string(env.API(http.MethodGet, "clients?per_page=100", nil, 200).Body), "one too many") {
		t.Error("the client that was answered 503 is there")
	}
	p.Kill()
	wantIntact(t, p)
	p.Start()
	mustIssue(t, p, j)
}

// TestFaultSlowDisk: while writes take long everybody waits, for a bounded time; who waits too long gets a 503, and all goes on at
// once when the disk does. Nothing makes a disk slow on demand everywhere: here another process holds SQLite's lock, and PostgreSQL
// answers late.
func TestFaultSlowDisk(t *testing.T) {
	skipSlow(t)
	t.Run("SQLite, locked for less than anybody's patience", func(t *testing.T) {
		p := testenv.NewProcess(t)
		env := p.Env()
		j := newJob(t, env, "https://slow.example.com")
		l := startLoad(t, p, j)
		l.more(t, 20)
		release := lockFile(t, p, "events.db")
		time.Sleep(time.Second) // the fault lasts that long
		release()
		l.more(t, 20)
		if failed := l.end(); len(failed) > 0 {
			t.Errorf("%d requests failed: %s", len(failed), failed[0])
		}
	})
	t.Run("SQLite, locked", func(t *testing.T) {
		p := testenv.NewProcess(t)
		env := p.Env()
		j := newJob(t, env, "https://stuck.example.com")
		newest := newestLogID(t, env)
		l := startLoad(t, p, j)
		l.more(t, 20)
		release := lockFile(t, p, "events.db")
		waitUnavailable(t, p, j)
		wantProbe(t, p, "healthz", http.StatusOK)
		wantRefused(t, p, j)
		release()
		l.more(t, 20)
		wantProbe(t, p, "readyz", http.StatusOK)
		wantOnly(t, l, "{503 ")
		wantRecords(t, env, newest, j.clientID, l)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		server := pgtest.Start(t)
		proxy := testenv.NewProxy(t, server.Address())
		p := testenv.NewProcess(t, "--database", server.At(server.URL(t), proxy.Port()))
		env := p.Env()
		j := newJob(t, env, "https://slow.example.com")
		newest := newestLogID(t, env)
		l := startLoad(t, p, j)
		l.more(t, 20)
		proxy.Delay(150 * time.Millisecond) // each way
		l.more(t, 20)
		if n := len(l.failures()); n > 0 {
			t.Errorf("%d requests failed although the database only answers late: %s", n, l.failures()[0])
		}
		proxy.Delay(8 * time.Second) // later than a node waits for
		waitUnavailable(t, p, j)
		wantProbe(t, p, "readyz", http.StatusServiceUnavailable)
		proxy.Delay(0)
		l.more(t, 20)
		wantProbe(t, p, "readyz", http.StatusOK)
		wantOnly(t, l, "{503 ")
		wantRecords(t, env, newest, j.clientID, l)
	})
}

// lockFile begins to write to one of a process's databases, and does not end until it is told to.
func lockFile(t *testing.T, p *testenv.Process, name string) (release func()) {
	t.Helper()
	tx, err := openFile(t, p, name).Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback() })
	return func() { tx.Rollback() }
}
