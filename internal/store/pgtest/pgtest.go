package pgtest

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Main runs the tests of a package and ends the server that they shared. TestMain calls it: os.Exit(pgtest.Main(m)).
func Main(m *testing.M) int {
	defer shared.stop()
	shared.allowed = true
	return m.Run()
}

// shared is the one server of a test binary, started by the first test that needs it.
var shared sharedServer

type sharedServer struct {
	allowed bool       // Main is going to stop it
	mu      sync.Mutex // guards what follows
	server  *Server
	err     error
}

func (s *sharedServer) get() (*Server, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil && s.err == nil {
		s.server, s.err = start()
	}
	return s.server, s.err
}

func (s *sharedServer) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		s.server.remove()
	}
}

// URL names an empty database of its own on the server that the package's tests share. Without PostgreSQL on this machine the test
// is skipped; with CI=true it fails.
func URL(t testing.TB) string {
	t.Helper()
	if !shared.allowed {
		t.Fatal("pgtest: the package's TestMain does not call pgtest.Main")
	}
	requireBinaries(t)
	server, err := shared.get()
	if err != nil {
		t.Fatal(err)
	}
	return server.URL(t)
}

// Start runs a server of the test's own, for tests that stop it. extra are settings, name=value. The test's end ends it.
func Start(t testing.TB, extra ...string) *Server {
	t.Helper()
	requireBinaries(t)
	server, err := start(extra...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.remove)
	return server
}

func requireBinaries(t testing.TB) {
	t.Helper()
	if _, err := binaries(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// binaries is the directory of the newest installed server.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("PostgreSQL is not installed (apt-get install postgresql): no /usr/lib/postgresql/*/bin/initdb")
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4])
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(version(a), version(b)) })), nil
}

// Server is a running PostgreSQL, reached over a socket in its directory and over TCP on loopback.
type Server struct {
	bin, dir  string
	port      int
	extra     []string
	databases atomic.Int64

	mu      sync.Mutex // guards what follows
	process *process
}

// start makes a data directory and runs a server on it. Nothing is synced to disk unless extra says so: the machine will not
// crash, and what a killed process wrote is in the system's memory.
func start(extra ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, extra: extra}
	if s.dir, err = os.MkdirTemp("", "writ-pg-"); err != nil {
		return nil, err
	}
	if err := s.initialize(); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// initialize makes the data directory and runs the server.
func (s *Server) initialize() (err error) {
	if err := giveAway(s.dir); err != nil {
		return err
	}
	out, err := s.command("initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if s.port, err = freePort(); err != nil {
		return err
	}
	return s.Run()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Port is that of TCP, on 127.0.0.1.
func (s *Server) Port() int { return s.port }

// URL names an empty database of its own, over TCP.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	out, err := s.command("createdb", "-h", s.dir, "-p", strconv.Itoa(s.port), "-U", "postgres", name).CombinedOutput()
	if err != nil {
		t.Fatalf("createdb: %v\n%s", err, out)
	}
	return s.URLOf(name, s.port)
}

// URLOf names a database that is there already, over TCP through a port that may be a proxy's.
func (s *Server) URLOf(database string, port int) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", port, database)
}

// At is the URL of a database of this server, reached through another port, a proxy's.
func (s *Server) At(url string, port int) string {
	return strings.Replace(url, s.Address(), net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), 1)
}

// SQL runs statements in a database, named by its URL, and returns what psql prints: values alone, a row per line.
func (s *Server) SQL(t testing.TB, url, statements string) string {
	t.Helper()
	out, err := s.command("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statements).CombinedOutput()
	if err != nil {
		t.Fatalf("psql: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// command runs a program of PostgreSQL, which refuses to be root.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	asOwner(cmd)
	return cmd
}

func (s *Server) remove() {
	s.Stop()
	os.RemoveAll(s.dir)
}

// freePort lies below the ports that systems give to connections that go out: one of these, such as a client's that tries to connect
// while the server is down, would keep it from listening again.
func freePort() (int, error) {
	const lowest, ports = 5_500, 9_000
	for range 100 {
		n, err := rand.Int(rand.Reader, big.NewInt(ports))
		if err != nil {
			return 0, err
		}
		port := lowest + int(n.Int64())
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no free port on 127.0.0.1")
}
