package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/middleware"
)

// connections bounds the open connections of all listeners, so that files are left for the databases: without one a server that
// cannot take another caller would not answer those that it has. Strangers, who come to the TLS listeners, never have them all: some are
// left for the plain one, where probes and proxies ask, and one address has a part of them only.
type connections struct {
	most    int64              // 0 = unbounded
	proxies middleware.Proxies // stand for many callers, and are not bounded by their address
	open    atomic.Int64
	warned  atomic.Int64 // when the log was last told that there are too many, in Unix seconds
	log     *slog.Logger
	closed  func() // is told of each connection that was one too many

	mu   sync.Mutex // guards from
	from map[netip.Prefix]int64
}

const (
	// warnEvery is the least time between two warnings.
	warnEvery = 10 * time.Second
	// mostReserved is how many connections the plain listener has for itself; a quarter where that is less.
	mostReserved = 32
	// addressShare is the part of the connections, as a divisor, that one address may have on the TLS listeners.
	addressShare = 4
)

func newConnections(log *slog.Logger, proxies middleware.Proxies, closed func()) *connections {
	return &connections{
		most: mostConnections(openFiles()), proxies: proxies, log: log, closed: closed, from: map[netip.Prefix]int64{},
	}
}

// mostConnections leaves of the files that the system allows what the databases and their connections need: a SQLite connection has
// three, each core one for reading in each half.
func mostConnections(files int64) int64 {
	if files == 0 {
		return 0
	}
	return max(files/2, files-100-int64(8*runtime.GOMAXPROCS(0)))
}

// fullFor reports whether another connection from this address would be one too many. Public = on a TLS listener.
func (c *connections) fullFor(conn net.Conn, public bool) bool {
	switch open := c.open.Load(); {
	case c.most == 0:
		return false
	case !public:
		return open >= c.most
	case open >= c.most-min(mostReserved, c.most/4):
		return true
	}
	source, bounded := c.source(conn)
	if !bounded {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.from[source] >= max(1, c.most/addressShare)
}

// source is what counts as one address: of IPv6 the network that one customer is given (RFC 6177). False = not bounded.
func (c *connections) source(conn net.Conn) (netip.Prefix, bool) {
	peer, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	addr := peer.AddrPort().Addr().Unmap().WithZone("")
	if !addr.IsValid() || c.proxies.Trust(addr) {
		return netip.Prefix{}, false
	}
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(addr, bits).Masked(), true
}

// count adds n, 1 or -1, for a connection.
func (c *connections) count(conn net.Conn, public bool, n int64) {
	c.open.Add(n)
	if !public {
		return
	}
	source, bounded := c.source(conn)
	if !bounded {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[source] += n; c.from[source] == 0 {
		delete(c.from, source)
	}
}

// warn tells the operator, now and then.
func (c *connections) warn(message string, args ...any) {
	now, last := time.Now().Unix(), c.warned.Load()
	if apart := time.Duration(now-last) * time.Second; apart.Abs() >= warnEvery && c.warned.CompareAndSwap(last, now) {
		c.log.Warn(message, args...)
	}
}

// boundedListener closes a connection that is one too many at once: its caller learns now, not after a time-out, that it should try
// elsewhere or later.
type boundedListener struct {
	net.Listener
	all    *connections
	public bool // a TLS listener, which strangers reach
}

// note is an http.Server's ConnState.
func (l boundedListener) note(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		l.all.count(conn, l.public, 1)
	case http.StateClosed, http.StateHijacked:
		l.all.count(conn, l.public, -1)
	}
}

// Accept returns the next connection that is not one too many. An error, such as no file left because other parts of the process have
// taken them, is for net/http to wait out.
func (l boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			if temporary, ok := err.(interface{ Temporary() bool }); ok && temporary.Temporary() {
				l.all.warn("cannot take a connection", "cause", err)
			}
			return nil, err
		}
		if !l.all.fullFor(conn, l.public) {
			return conn, nil
		}
		peer := conn.RemoteAddr()
		conn.Close()
		l.all.closed()
		l.all.warn("too many connections: new ones are closed", "limit", l.all.most, "peer", peer,
			"fix", "raise the limit of open files (ulimit -n, LimitNOFILE=)")
	}
}
