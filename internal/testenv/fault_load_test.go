//go:build unix

package testenv_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/testenv"
)

// TestFaultOverload: from many more callers than one core can serve, some get tokens, each with its record, and the others a 503 without
// one; probes and the Management API answer all the while, and the log is not flooded.
func TestFaultOverload(t *testing.T) {
	skipSlow(t)
	p := testenv.Machine{Environ: []string{"GOMAXPROCS=1"}}.NewProcess(t, "--signer", "go")
	env := p.Env()
	j := newJob(t, env, "https://busy.example.com")
	env.API(http.MethodGet, "clients?per_page=1", nil, 200)
	bearer, newest := env.ManagementToken(), newestLogID(t, env)
	const callers = 800
	const turnedAway = `writ_token_requests_total{outcome="overloaded"}`
	if n := metric(t, p, turnedAway); n != 0 {
		t.Errorf("%g were turned away before there was a load", n)
	}
	l := startLoadBy(t, http1(p, callers), j.plain(p), callers)
	refused := waitUnavailable(t, p, j)
	if refused.code != "temporarily_unavailable" || refused.retryAfter != "1" {
		t.Errorf("one too many: %+v, want temporarily_unavailable and Retry-After: 1", refused)
	}
	for i := range 2 {
		wantProbe(t, p, "healthz", http.StatusOK)
		wantProbe(t, p, "readyz", http.StatusOK)
		auth := []string{"Authorization", "Bearer " + bearer, "Content-Type", "application/json"}
		if res := env.Do(http.MethodGet, "https://"+p.Domain+"/api/v2/clients", "", auth...); res.Status != http.StatusOK {
			t.Errorf("list of clients under load: %d %s", res.Status, res.Body)
		}
		res := env.Do(http.MethodPost, "https://"+p.Domain+"/api/v2/clients", `{"name":"made under load"}`, auth...)
		if res.Status != http.StatusCreated {
			t.Errorf("client %d made under load: %d %s", i, res.Status, res.Body)
		}
	}
	l.more(t, 100)
	wantOnly(t, l, "{503 ")
	waitIssued(t, p.HTTP, j) // the load has gone
	wantRecords(t, env, newest, j.clientID, l)
	recorded := recordsAfter(t, env, newest, j.clientID)
	for _, id := range l.turnedAway {
		if recorded[id] != 0 {
			t.Fatalf("request %s was turned away and has a record", id)
		}
	}
	if n := int(metric(t, p, turnedAway)); n < len(l.turnedAway) || n == 0 {
		t.Errorf("%d were turned away, the metric says %d", len(l.turnedAway), n)
	}
	wantQuiet(t, p, 20)
}

// TestFaultTooManyOpenFiles: connections that are one too many are closed at once, those that are there go on, and when some have gone
// there is room again.
func TestFaultTooManyOpenFiles(t *testing.T) {
	skipSlow(t)
	const files = 400
	p := testenv.Machine{OpenFiles: files}.NewProcess(t)
	env := p.Env()
	j := newJob(t, env, "https://files.example.com")
	newest := newestLogID(t, env)
	l := startLoad(t, p, j)
	l.more(t, 20)
	var held []net.Conn
	for range files {
		conn, err := net.Dial("tcp", p.Secure)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		held = append(held, conn)
	}
	last := held[len(held)-1]
	last.SetReadDeadline(time.Now().Add(10 * time.Second)) // one that was taken hears nothing before it speaks
	if _, err := last.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("one too many: %v, want it closed at once", err)
	}
	l.more(t, 50)
	env.API(http.MethodPost, "clients", map[string]any{"name": "made meanwhile"}, 201)
	for _, conn := range held {
		conn.Close()
	}
	waitIssued(t, http1(p, 1), j)
	if n := metric(t, p, "writ_connections_closed_total"); n == 0 {
		t.Error("the metric counts none")
	}
	if failed := l.end(); len(failed) > 0 {
		t.Errorf("%d requests on connections that were there failed: %s", len(failed), failed[0])
	}
	wantRecords(t, env, newest, j.clientID, l)
	if !strings.Contains(p.Log(), "too many connections") {
		t.Error("the log does not tell")
	}
	wantQuiet(t, p, 20)
}

// waitIssued asks for tokens until there is one.
func waitIssued(t *testing.T, client *http.Client, j job) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		a, err := request(t.Context(), client, j, "go")
		if err == nil && a.status == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no token within a minute: %+v, %v", a, err)
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// TestFaultStopUnderLoad: from SIGTERM on /readyz says 503 and every connection is ended by an answer; who then goes elsewhere, as a
// load balancer does, has lost no request. On plain HTTP, and over TLS in HTTP/1.1 and HTTP/2.
func TestFaultStopUnderLoad(t *testing.T) {
	skipNodes(t)
	p := testenv.NewProcess(t, "--drain-delay", "10s", "--drain-timeout", "1m")
	env := p.Env()
	j := newJob(t, env, "https://stop.example.com")
	newest := newestLogID(t, env)
	h1 := http1(p, connections)
	slow := startSlowRequest(t, p, j)
	loads := map[string]*load{
		"HTTP": startLoadBy(t, h1, j.plain(p), connections), "TLS, HTTP/1.1": startLoadBy(t, h1, j, connections), "TLS, HTTP/2": startLoad(t, p, j),
	}
	for _, l := range loads {
		l.more(t, 20)
	}
	ended := make(chan int)
	go func() { ended <- p.Stop() }()
	wantProbe(t, p, "readyz", http.StatusServiceUnavailable)
	res, err := h1.Get("https://" + p.Domain + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK || !res.Close {
		t.Fatalf("while stopping: %v, %v; want 200 and Connection: close", res, err)
	}
	res.Body.Close()
	for name, l := range loads {
		l.more(t, 20) // on new connections, each for one request
		if failed := l.end(); len(failed) > 0 {
			t.Errorf("%s: %d requests failed: %s", name, len(failed), failed[0])
		}
	}
	waitClosed(t, p.Secure)
	if status := slow.finish(t); status != http.StatusOK {
		t.Errorf("the request that was under way when the listeners closed: %d", status)
	}
	if code := <-ended; code != 0 {
		t.Errorf("the server ended with %d:\n%s", code, p.Log())
	}
	p.Start()
	for _, l := range loads {
		wantRecords(t, env, newest, j.clientID, l)
	}
}

// slowRequest is a token request that has been sent but for its last byte.
type slowRequest struct {
	conn net.Conn
	rest []byte
}

func startSlowRequest(t *testing.T, p *testenv.Process, j job) slowRequest {
	t.Helper()
	config := p.HTTP.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName, config.NextProtos = "localhost", nil
	conn, err := tls.Dial("tcp", p.Secure, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {j.clientID}, "client_secret": {j.secret}, "audience": {j.audience}}.Encode()
	whole := fmt.Appendf(nil, "POST /oauth/token HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		j.domain, len(form), form)
	if _, err := conn.Write(whole[:len(whole)-1]); err != nil {
		t.Fatal(err)
	}
	return slowRequest{conn, whole[len(whole)-1:]}
}

// finish sends the last byte and returns the status of the answer.
func (s slowRequest) finish(t *testing.T) int {
	t.Helper()
	if _, err := s.conn.Write(s.rest); err != nil {
		t.Fatal(err)
	}
	s.conn.SetReadDeadline(time.Now().Add(time.Minute))
	res, err := http.ReadResponse(bufio.NewReader(s.conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// waitClosed waits until nobody listens at an address.
func waitClosed(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatalf("%s is still listened at", address)
		}
	}
}
