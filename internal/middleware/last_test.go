package middleware

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// While it ends, an answer in HTTP/1.1 says so and is the last of its connection; before that a connection goes on.
func TestLastAnswers(t *testing.T) {
	var ending atomic.Bool
	server := httptest.NewServer(LastAnswers(ending.Load, handler(func(http.ResponseWriter, *http.Request) {})))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, last := range []bool{false, false, true} {
		ending.Store(last)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.Close != last {
			t.Fatalf("ending %t: %+v, %v", last, res, err)
		}
		res.Body.Close()
	}
	if _, err := in.ReadByte(); err != io.EOF {
		t.Errorf("after the last answer: %v, want the end", err)
	}
}

// In HTTP/2 it is a GOAWAY: the next request goes by another connection, and none fails.
func TestLastAnswersInHTTP2(t *testing.T) {
	var ending atomic.Bool
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(LastAnswers(ending.Load, handler(func(http.ResponseWriter, *http.Request) {})))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	for i, last := range []bool{false, false, true, true} {
		ending.Store(last)
		res, err := server.Client().Get(server.URL)
		if err != nil || res.ProtoMajor != 2 {
			t.Fatalf("request %d: %+v, %v", i, res, err)
		}
		res.Body.Close()
	}
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}
