package server

import (
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"
)

// connections bounds the open connections of all listeners, so that files are left for the databases: without one a server that
// cannot take another caller would not answer those that it has.
type connections struct {
	most   int64 // 0 = unbounded
	open   atomic.Int64
	warned atomic.Int64 // when the log was last told that there are too many, in Unix seconds
	log    *slog.Logger
	closed func() // is told of each connection that was one too many
}

// warnEvery is the least time between two warnings.
const warnEvery = 10 * time.Second

func newConnections(log *slog.Logger, closed func()) *connections {
	return &connections{most: mostConnections(openFiles()), log: log, closed: closed}
}

// mostConnections leaves of the files that the system allows what the databases and their connections need: a SQLite connection has
// three, each core one for reading in each half.
func mostConnections(files int64) int64 {
	if files == 0 {
		return 0
	}
	return max(files/2, files-100-int64(8*runtime.GOMAXPROCS(0)))
}

// note is an http.Server's ConnState.
func (c *connections) note(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}

// full reports whether another connection would be one too many.
func (c *connections) full() bool { return c.most > 0 && c.open.Load() >= c.most }

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
	all *connections
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
		if !l.all.full() {
			return conn, nil
		}
		conn.Close()
		l.all.closed()
		l.all.warn("too many connections: new ones are closed", "limit", l.all.most, "fix", "raise the limit of open files (ulimit -n, LimitNOFILE=)")
	}
}
