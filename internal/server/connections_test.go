package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/middleware"
)

func TestMostConnectionsLeaveFilesForTheDatabases(t *testing.T) {
	for files, want := range map[int64]int64{0: 0, 64: 32} {
		if got := mostConnections(files); got != want {
			t.Errorf("of %d files %d are for connections, want %d", files, got, want)
		}
	}
	if got := mostConnections(20_000); got < 10_000 || got > 19_900 {
		t.Errorf("of 20,000 files %d are for connections", got)
	}
}

// line is a listener whose next connections, or errors, are known.
type line struct {
	net.Listener
	next []any
}

func (l *line) Accept() (net.Conn, error) {
	if len(l.next) == 0 {
		return nil, net.ErrClosed
	}
	next := l.next[0]
	l.next = l.next[1:]
	if err, ok := next.(error); ok {
		return nil, err
	}
	return next.(net.Conn), nil
}

// noFile is what accept says when no file is left.
type noFile struct{ error }

func (noFile) Temporary() bool { return true }

func TestConnectionsThatAreOneTooManyAreClosed(t *testing.T) {
	var log strings.Builder
	closed := 0
	all := &connections{most: 2, log: slog.New(slog.NewTextHandler(&log, nil)), closed: func() { closed++ }}
	l := boundedListener{Listener: &line{}, all: all}
	accept := func(next ...any) (net.Conn, error) {
		l.Listener.(*line).next = next
		conn, err := l.Accept()
		if err == nil {
			l.note(conn, http.StateNew)
		}
		return conn, err
	}
	var conns, callers [5]net.Conn
	for i := range conns {
		conns[i], callers[i] = net.Pipe()
	}
	for i := range 2 {
		if got, err := accept(conns[i]); err != nil || got != conns[i] {
			t.Fatalf("connection %d: %v", i, err)
		}
	}
	if _, err := accept(conns[2], conns[3]); !errors.Is(err, net.ErrClosed) || closed != 2 {
		t.Errorf("%v; %d were closed, want both", err, closed)
	}
	if _, err := callers[3].Read(make([]byte, 1)); err == nil {
		t.Error("one too many was not closed")
	}
	l.note(conns[0], http.StateActive)
	l.note(conns[0], http.StateClosed)
	if got, err := accept(conns[4]); err != nil || got != conns[4] {
		t.Errorf("when one has gone: %v", err)
	}
	for range 3 {
		if _, err := accept(noFile{errors.New("too many open files")}); err == nil {
			t.Error("an error of the system is lost")
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("%d lines in the log, want one for all:\n%s", n, log.String())
	}
}

// from is a connection from an address.
type from struct {
	net.Conn
	addr string
}

func (f from) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(f.addr)) }
func (f from) Close() error         { return nil }

// bounded is one listener of each kind over the same bound.
func bounded(most int64, proxies ...string) (public, plain boundedListener) {
	trusted, err := middleware.ParseProxies(proxies)
	if err != nil {
		panic(err)
	}
	all := &connections{most: most, proxies: trusted, log: slog.New(slog.DiscardHandler), closed: func() {}, from: map[netip.Prefix]int64{}}
	return boundedListener{&line{}, all, true}, boundedListener{&line{}, all, false}
}

// take offers connections, the n-th from address(n), and returns how many are taken.
func take(l boundedListener, n int, address func(n int) string) int {
	for i := range n {
		l.Listener.(*line).next = []any{from{addr: address(i)}}
		conn, err := l.Accept()
		if err != nil {
			return i
		}
		l.note(conn, http.StateNew)
	}
	return n
}

func apart(n int) string { return fmt.Sprintf("192.0.%d.%d:443", n/250, n%250) }

func TestStrangersLeaveConnectionsForThePlainListener(t *testing.T) {
	for most, want := range map[int64]int{1000: mostReserved, 40: 10, 2: 0} {
		public, plain := bounded(most)
		if got := take(public, 1000, apart); got != int(most)-want {
			t.Errorf("of %d the TLS listeners take %d, want to leave %d", most, got, want)
		}
		if got := take(plain, 1000, apart); got != want {
			t.Errorf("of %d the plain listener then has %d, want %d", most, got, want)
		}
	}
	public, plain := bounded(100)
	if got := take(plain, 1000, func(int) string { return "127.0.0.1:80" }); got != 100 {
		t.Errorf("alone, the plain listener takes %d of 100 from one address", got)
	}
	if got := take(public, 1, apart); got != 0 {
		t.Error("more than all are taken")
	}
}

func TestOneAddressHasAPartOfTheConnections(t *testing.T) {
	public, _ := bounded(100, "198.51.100.7")
	same := func(addr string) func(int) string { return func(int) string { return addr } }
	for _, tt := range []struct {
		rule string
		addr func(int) string
		want int
	}{
		{"one IPv4 address", same("192.0.2.1:443"), 25},
		{"the same in IPv6 form", same("[::ffff:192.0.2.1]:443"), 0},
		{"one IPv6 network", func(n int) string { return fmt.Sprintf("[2001:db8::%x]:443", n+1) }, 25},
		{"a trusted proxy has what is left", same("198.51.100.7:443"), 100 - 25 - 25 - 25},
	} {
		if got := take(public, 100, tt.addr); got != tt.want {
			t.Errorf("%s: %d connections, want %d", tt.rule, got, tt.want)
		}
	}
	public.note(from{addr: "192.0.2.1:1"}, http.StateClosed)
	if got := take(public, 100, same("192.0.2.1:443")); got != 1 {
		t.Errorf("when one has gone: %d, want its place", got)
	}
	for range 25 {
		public.note(from{addr: "192.0.2.1:1"}, http.StateClosed)
	}
	if n := len(public.all.from); n != 1 {
		t.Errorf("%d addresses are remembered, want the one that has connections", n)
	}
}
