//go:build unix

package testenv_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"database/sql"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/writ-auth/writ/internal/testenv"
)

// plainJob is j as the plain listener is asked for it: over HTTP/1.1, on a connection for each worker.
func (j job) plain(p *testenv.Process) job {
	_, port, _ := strings.Cut(p.Plain, ":")
	j.domain, j.scheme = "localhost:"+port, "http"
	return j
}

// http1 is a client that speaks HTTP/1.1 to a process and keeps as many connections as it is told to.
func http1(p *testenv.Process, most int) *http.Client {
	transport := p.HTTP.Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2, transport.TLSNextProto = false, map[string]func(string, *tls.Conn) http.RoundTripper{}
	transport.TLSClientConfig.NextProtos = nil
	transport.MaxIdleConnsPerHost, transport.MaxIdleConns = most, 0
	dialTLS := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, authority string) (net.Conn, error) {
		if strings.HasSuffix(p.Plain, authority[strings.LastIndexByte(authority, ':'):]) {
			return (&net.Dialer{}).DialContext(ctx, network, p.Plain)
		}
		return dialTLS(ctx, network, authority)
	}
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// metric reads one line of a process's /metrics.
func metric(t *testing.T, p *testenv.Process, line string) float64 {
	t.Helper()
	res, err := http.Get("http://" + p.Plain + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), line+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("/metrics lacks %s", line)
	return 0
}

// wantOnly fails if anything but tokens and such refusals was answered.
func wantOnly(t *testing.T, l *load, prefix string) {
	t.Helper()
	for _, failed := range l.end() {
		if !strings.HasPrefix(failed, prefix) {
			t.Errorf("answered %s, want a token or %s", failed, prefix)
		}
	}
}

// wantQuiet fails if a process has logged more warnings and errors than that: what goes wrong for many requests at once is said once.
func wantQuiet(t *testing.T, p *testenv.Process, most int) {
	t.Helper()
	log := p.Log()
	if n := strings.Count(log, `"level":"WARN"`) + strings.Count(log, `"level":"ERROR"`); n > most {
		t.Errorf("%d warnings and errors in the log, want at most %d; the first:\n%.2000s", n, most, log)
	}
}

// openFile opens a database of a process beside it.
func openFile(t *testing.T, p *testenv.Process, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.Dir, name)+"?_txlock=immediate&_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// wantIntact fails if SQLite finds a fault in a process's databases.
func wantIntact(t *testing.T, p *testenv.Process) {
	t.Helper()
	for _, name := range []string{"writ.db", "events.db"} {
		var found string
		if err := openFile(t, p, name).QueryRow(`PRAGMA integrity_check`).Scan(&found); err != nil || found != "ok" {
			t.Errorf("integrity of %s: %s, %v", name, found, err)
		}
	}
}

// wantRefused fails unless a request that needs no write to be judged keeps its status.
func wantRefused(t *testing.T, p *testenv.Process, j job) {
	t.Helper()
	j.secret = "wrong"
	if a, err := request(t.Context(), p.HTTP, j, "go"); err != nil || a.status != http.StatusUnauthorized {
		t.Errorf("a wrong secret: %+v, %v; want 401", a, err)
	}
}
