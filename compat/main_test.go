package compat

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	readyWithin = time.Minute      // a new tenant needs two RSA keys, on a machine that may be busy
	stopWithin  = 30 * time.Second // longer than writ's own drain time-out

	defaultTenant = "dev"    // at the HTTPS listener's domain
	otherTenant   = "other"  // at a listener of its own, as are those below
	sourceTenant  = "source" // whose configuration is carried
	copyTenant    = "copy"   // to this one
)

// thisWorld is the world, made once by TestMain and only read afterwards.
var thisWorld *world

func TestMain(m *testing.M) {
	code, err := runAgainstServer(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compat:", err)
		code = 1
	}
	os.Exit(code)
}

// runAgainstServer builds writ, serves a new data directory, fills the world and runs the tests in it.
func runAgainstServer(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "writ-compat-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	s, err := startServer(dir)
	if err != nil {
		return 0, err
	}
	defer func() {
		err = errors.Join(err, s.stop())
		if code != 0 || err != nil {
			s.printLog()
		}
	}()
	if err := s.waitReady(); err != nil {
		return 0, err
	}
	// Go programs find the local CA as a user's do. crypto/x509 reads this once, at the first handshake: before that is now.
	if err := os.Setenv("SSL_CERT_FILE", filepath.Join(s.data, "ca-bundle.pem")); err != nil {
		return 0, err
	}
	if thisWorld, err = newWorld(s); err != nil {
		return 0, fmt.Errorf("make the world: %w", err)
	}
	return m.Run(), nil
}

// writServer is one running `writ serve`.
type writServer struct {
	binary  string
	data    string
	http    string
	logFile string
	cmd     *exec.Cmd
	// ended is closed once the process is gone; exit, its result, may be read then.
	ended chan struct{}
	exit  error
}

func startServer(dir string) (*writServer, error) {
	s := &writServer{
		binary:  filepath.Join(dir, "writ"),
		data:    filepath.Join(dir, "data"),
		logFile: filepath.Join(dir, "serve.log"),
		ended:   make(chan struct{}),
	}
	// Whatever the checkout's owner, the build needs no version stamp.
	build := exec.Command("go", "build", "-buildvcs=false", "-o", s.binary, "./cmd/writ")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build writ: %w\n%s", err, out)
	}
	addrs, err := freeAddrs(5)
	if err != nil {
		return nil, err
	}
	s.http = addrs[0]
	log, err := os.Create(s.logFile)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the child has its own handle
	s.cmd = exec.Command(s.binary, "serve", "--data", s.data, "--http", s.http, "--https", addrs[1],
		"--default-tenant", defaultTenant, "--listen", addrs[2]+"="+otherTenant,
		"--listen", addrs[3]+"="+sourceTenant, "--listen", addrs[4]+"="+copyTenant)
	s.cmd.Env = environWithout("WRIT_")
	s.cmd.Stderr = log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		s.exit = s.cmd.Wait()
		close(s.ended)
	}()
	return s, nil
}

// waitReady polls /readyz, the only sign that a process of its own can give.
func (s *writServer) waitReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return fmt.Errorf("writ serve ended before it was ready: %v", s.exit)
		case <-ctx.Done():
			return fmt.Errorf("writ serve was not ready within %s", readyWithin)
		case <-tick.C:
		}
		resp, err := http.Get("http://" + s.http + "/readyz")
		if err != nil {
			continue
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return nil
		}
	}
}

// stop ends the server as an init system would. A server that does not leave with 0 by itself is an error.
func (s *writServer) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(stopWithin):
		err := s.cmd.Process.Kill()
		<-s.ended
		return errors.Join(fmt.Errorf("writ serve did not stop within %s of SIGTERM", stopWithin), err)
	}
	if s.exit != nil {
		return fmt.Errorf("writ serve: %w", s.exit)
	}
	return nil
}

// printLog shows the end of the server's log, for whoever has to find out what went wrong.
func (s *writServer) printLog() {
	const tail = 16 << 10
	log, err := os.ReadFile(s.logFile)
	if err != nil {
		log = []byte(err.Error())
	}
	fmt.Fprintf(os.Stderr, "--- the end of the server's log ---\n%s\n", log[max(0, len(log)-tail):])
}

// freeAddrs returns n loopback addresses that were free a moment ago.
func freeAddrs(n int) ([]string, error) {
	var addrs []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // all held until the last is chosen, so that no two are the same
		addrs = append(addrs, l.Addr().String())
	}
	return addrs, nil
}

// environWithout is the environment without variables of these prefixes.
func environWithout(prefixes ...string) []string {
	var environ []string
next:
	for _, variable := range os.Environ() {
		for _, prefix := range prefixes {
			if strings.HasPrefix(variable, prefix) {
				continue next
			}
		}
		environ = append(environ, variable)
	}
	return environ
}
