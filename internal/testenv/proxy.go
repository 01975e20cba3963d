package testenv

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy stands between a process and what it talks to over TCP, so that a test can take that away.
type Proxy struct {
	listener net.Listener

	mu     sync.Mutex // guards what follows
	target string
	state  proxyState
	delay  time.Duration // of all that passes
	open   map[net.Conn]bool
	change *sync.Cond // state
}

type proxyState int

const (
	passing proxyState = iota
	cut                // connections are closed, new ones at once
	hanging            // connections stay and nothing passes, as if cables were pulled
	closed
)

// NewProxy forwards to target until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, target: target, open: map[net.Conn]bool{}}
	p.change = sync.NewCond(&p.mu)
	t.Cleanup(func() {
		l.Close()
		p.set(closed, "")
	})
	go p.accept()
	return p
}

// Port is where the proxy listens, on 127.0.0.1.
func (p *Proxy) Port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// Cut closes every connection and refuses new ones.
func (p *Proxy) Cut() { p.set(cut, "") }

// Hang lets nothing pass.
func (p *Proxy) Hang() { p.set(hanging, "") }

// Delay makes all that passes, in either direction, so late.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
	p.change.Broadcast()
}

// Heal lets everything pass again; what hung goes on.
func (p *Proxy) Heal() { p.set(passing, "") }

// Switch cuts every connection and leads new ones to another address.
func (p *Proxy) Switch(target string) {
	p.set(cut, target)
	p.Heal()
}

func (p *Proxy) set(state proxyState, target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = state
	if target != "" {
		p.target = target
	}
	if state == cut || state == closed {
		for conn := range p.open {
			conn.Close()
		}
		clear(p.open)
	}
	p.change.Broadcast()
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.forward(conn)
	}
}

func (p *Proxy) forward(client net.Conn) {
	target := p.admit(client)
	if target == "" {
		client.Close()
		return
	}
	server, err := net.Dial("tcp", target)
	if err != nil || p.admit(server) == "" {
		client.Close()
		return
	}
	go p.pump(server, client)
	p.pump(client, server)
}

// admit waits while nothing passes, and takes note of a connection; empty = it is refused.
func (p *Proxy) admit(conn net.Conn) (target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.state == hanging {
		p.change.Wait()
	}
	if p.state != passing {
		conn.Close()
		return ""
	}
	p.open[conn] = true
	return p.target
}

// pump copies one direction, and ends both when it ends.
func (p *Proxy) pump(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && p.pass() {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass waits while nothing passes, and for the delay; one that is ended lets go what it has held.
func (p *Proxy) pass() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	arrived := time.Now()
	for p.state == hanging || p.state == passing && time.Since(arrived) < p.delay {
		if rest := p.delay - time.Since(arrived); rest > 0 {
			time.AfterFunc(rest, p.change.Broadcast)
		}
		p.change.Wait()
	}
	return p.state == passing
}
