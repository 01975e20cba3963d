//go:build unix

package testenv

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// NewNode starts another node of the same installation: its data directory is a copy without databases (same master key, same CA),
// its domains are the same, as behind a load balancer. args name the database.
func (p *Process) NewNode(args ...string) *Process {
	p.T.Helper()
	return p.NewNodeOn(Machine{}, args...)
}

// NewNodeOn is NewNode on a machine of its own, whose directory is a temporary one.
func (p *Process) NewNodeOn(m Machine, args ...string) *Process {
	p.T.Helper()
	m.Dir = p.T.TempDir()
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		p.T.Fatal(err)
	}
	for _, entry := range entries {
		if strings.Contains(entry.Name(), ".db") || entry.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(p.Dir, entry.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(m.Dir, entry.Name()), content, 0o600)
		}
		if err != nil {
			p.T.Fatal(err)
		}
	}
	return p.node(m, args)
}

// Beside starts another process on the same data directory.
func (p *Process) Beside(args ...string) *Process {
	p.T.Helper()
	return p.node(Machine{Dir: p.Dir}, args)
}

func (p *Process) node(m Machine, args []string) *Process {
	p.T.Helper()
	_, port, _ := strings.Cut(p.Domain, ":")
	return m.start(p.T, p.Domain, freeAddress(p.T), append([]string{"--public-port", port}, args...))
}

// Pause is SIGSTOP: the process stays, and does nothing.
func (p *Process) Pause() { p.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume is SIGCONT.
func (p *Process) Resume() { p.cmd.Process.Signal(syscall.SIGCONT) }
