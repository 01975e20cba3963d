package pgtest

import (
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// process is a postmaster, the parent of all of a server's processes.
type process struct {
	cmd   *exec.Cmd
	log   lockedBuffer
	ended chan struct{}
}

// readyWithin bounds a start; a recovery after a crash is part of it.
const readyWithin = 60 * time.Second

// Run starts the server if it does not run, and returns when it takes connections.
func (s *Server) Run() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		return nil
	}
	args := []string{"-D", s.data(), "-p", strconv.Itoa(s.port), "-k", s.dir}
	settings := []string{"listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB"}
	for _, setting := range append(settings, s.extra...) {
		args = append(args, "-c", setting)
	}
	p, err := run(s.command("postgres", args...))
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(readyWithin); ; {
		if s.command("psql", "-X", "-q", "-h", s.dir, "-p", strconv.Itoa(s.port), "-U", "postgres", "-c", "SELECT 1", "postgres").Run() == nil {
			s.process = p
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("postgres ended at once:\n%s", p.log.String())
		case <-time.After(20 * time.Millisecond): // nothing tells when it is ready
		}
		if time.Now().After(deadline) {
			p.end(syscall.SIGQUIT)
			return fmt.Errorf("postgres did not become ready:\n%s", p.log.String())
		}
	}
}

// run starts a postmaster that ends with this process, however this process ends. The system watches the thread that started it, so
// that one is kept.
func run(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	endWithParent(cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
			close(p.ended)
		}
	}()
	return p, <-started
}

func (p *process) end(sig syscall.Signal) {
	p.cmd.Process.Signal(sig)
	<-p.ended
}

// Stop is a fast shutdown: transactions are rolled back, connections closed. Safe to repeat.
func (s *Server) Stop() { s.end(syscall.SIGINT) }

// Crash is an immediate one: nothing is written, connections are cut. The next Run recovers.
func (s *Server) Crash() { s.end(syscall.SIGQUIT) }

func (s *Server) end(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		s.process.end(sig)
		s.process = nil
	}
}

// Socket is the path of the Unix socket.
func (s *Server) Socket() string { return filepath.Join(s.dir, ".s.PGSQL."+strconv.Itoa(s.port)) }

// Address is that of TCP.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// lockedBuffer is written by a process's output and read by a test.
type lockedBuffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
