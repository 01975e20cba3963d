package testenv

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/server"
)

// binary builds cmd/writ once per test binary and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "writ-binary-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "writ")
	out, err := exec.Command("go", "build", "-o", path, "github.com/writ-auth/writ/cmd/writ").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: "go build: " + string(out), Err: err}
	}
	return path, nil
})

// Process is writ as a process of its own, for tests that kill it.
type Process struct {
	T    testing.TB
	Path string
	Dir  string
	// Domain is the default tenant's, Plain the address of the plain listener.
	Domain, Plain string
	// HTTP trusts the local CA and calls this process, whatever port an authority names.
	HTTP *http.Client
	// Secure is the address of the TLS listener.
	Secure string

	machine Machine
	args    []string // of serve
	cmd     *exec.Cmd
	ended   func() int // waits for the process, and returns its exit code; nil = it was never started
	log     Buffer
}

// Machine is where a process runs. The zero value is this machine as it is, and a temporary directory.
type Machine struct {
	// Dir is the data directory; empty = a temporary one.
	Dir string
	// Binary is the writ to run; empty = this tree's.
	Binary string
	// Environ is added to the environment.
	Environ []string
	// OpenFiles is the limit of open files; 0 = as here.
	OpenFiles int
}

// NewProcess builds writ and starts `serve` on free ports in a temporary directory.
func NewProcess(t testing.TB, args ...string) *Process {
	t.Helper()
	return Machine{}.NewProcess(t, args...)
}

// NewProcess is NewProcess on that machine.
func (m Machine) NewProcess(t testing.TB, args ...string) *Process {
	t.Helper()
	https := freeAddress(t)
	_, port, _ := net.SplitHostPort(https)
	return m.start(t, "localhost:"+port, https, args)
}

// Refused is NewProcess of one that must not start. It returns what that said.
func (m Machine) Refused(t testing.TB, args ...string) string {
	t.Helper()
	https := freeAddress(t)
	return m.prepare(t, "", https, args).MustNotStart()
}

func (m Machine) start(t testing.TB, domain, https string, args []string) *Process {
	t.Helper()
	p := m.prepare(t, domain, https, args)
	t.Cleanup(p.Kill)
	p.Start()
	p.HTTP = client(t, filepath.Join(p.Dir, "ca.pem"), https)
	return p
}

// prepare is a process that was not started yet.
func (m Machine) prepare(t testing.TB, domain, https string, args []string) *Process {
	t.Helper()
	if m.Binary == "" {
		built, err := binary()
		if err != nil {
			t.Fatal(err)
		}
		m.Binary = built
	}
	if m.Dir == "" {
		m.Dir = t.TempDir()
	}
	p := &Process{T: t, Path: m.Binary, Dir: m.Dir, Domain: domain, Plain: freeAddress(t), Secure: https, machine: m}
	p.args = append([]string{"serve", "--data", p.Dir, "--https", https, "--http", p.Plain, "--log-format", "json"}, args...)
	return p
}

// command is serve, as the machine has it.
func (p *Process) command() *exec.Cmd {
	cmd := exec.Command(p.Path, p.args...)
	if n := p.machine.OpenFiles; n > 0 {
		cmd = exec.Command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, n), p.Path}, p.args...)...)
	}
	cmd.Env = append(cmd.Environ(), p.machine.Environ...)
	cmd.Stderr = &p.log
	return cmd
}

// freeAddress is an address of loopback that is free now. Its port lies below those that systems give to connections that go out:
// one of these would keep a process that is restarted from listening again.
func freeAddress(t testing.TB) string {
	t.Helper()
	const lowest, ports = 15_000, 15_000
	for range 100 {
		n, err := rand.Int(rand.Reader, big.NewInt(ports))
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", lowest+n.Int64()))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no free port on 127.0.0.1")
	return ""
}

// Start runs the process and waits until it is ready.
func (p *Process) Start() {
	p.T.Helper()
	p.cmd = p.command()
	if err := p.cmd.Start(); err != nil {
		p.T.Fatal(err)
	}
	cmd := p.cmd
	p.ended = sync.OnceValue(func() int {
		cmd.Wait()
		return cmd.ProcessState.ExitCode()
	})
	ctx, cancel := context.WithTimeout(p.T.Context(), time.Minute)
	defer cancel()
	for {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Plain+"/readyz", nil)
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			p.T.Fatalf("writ did not become ready:\n%s", p.log.String())
		case <-time.After(5 * time.Millisecond): // nothing tells when a process listens
		}
	}
}

// MustNotStart runs the process, which must end by itself, and returns what it said.
func (p *Process) MustNotStart() string {
	p.T.Helper()
	before := len(p.log.String())
	cmd := p.command()
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Run()
	said := p.log.String()[before:]
	if err == nil || !timer.Stop() {
		p.T.Fatalf("writ started:\n%s", said)
	}
	return said
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill is kill -9. Safe to repeat.
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

// Stop is SIGTERM: it waits for the drain and returns the exit code.
func (p *Process) Stop() int { return p.end(syscall.SIGTERM) }

func (p *Process) end(sig syscall.Signal) int {
	if p.ended == nil {
		return 0
	}
	p.cmd.Process.Signal(sig)
	return p.ended()
}

// Env is the running process seen as an Env: its default tenant, its client, the same shortcuts.
func (p *Process) Env() *Env {
	p.T.Helper()
	e := &Env{T: p.T, HTTP: p.HTTP}
	if err := json.Unmarshal(p.CLI("tenant", "show", "dev", "--json"), &e.Tenant); err != nil {
		p.T.Fatal(err)
	}
	e.Config = server.DefaultConfig()
	e.Config.Data = p.Dir
	return e
}

// CLI runs another command on the process's data directory and database, and returns its standard output.
func (p *Process) CLI(args ...string) []byte {
	p.T.Helper()
	args = append(args, "--data", p.Dir)
	if i := slices.Index(p.args, "--database"); i >= 0 {
		args = append(args, p.args[i:i+2]...)
	}
	out, err := exec.Command(p.Path, args...).Output()
	if err != nil {
		var failed *exec.ExitError
		errors.As(err, &failed)
		p.T.Fatalf("writ %v: %v\n%s", args, err, failed.Stderr)
	}
	return out
}

// Log is what the process has written to standard error so far.
func (p *Process) Log() string { return p.log.String() }

// Port is a port of loopback that is free now.
func Port(t testing.TB) int {
	_, port, _ := net.SplitHostPort(freeAddress(t))
	n, _ := strconv.Atoi(port)
	return n
}
