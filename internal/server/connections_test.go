package server

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
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
	l := boundedListener{&line{}, all}
	accept := func(next ...any) (net.Conn, error) {
		l.Listener.(*line).next = next
		conn, err := l.Accept()
		if err == nil {
			all.note(conn, http.StateNew)
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
	all.note(conns[0], http.StateActive)
	all.note(conns[0], http.StateClosed)
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
