package middleware

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func newID() string { return "0123456789abcdef0123" }

func handler(f http.HandlerFunc) http.Handler { return f }

// call sends one request through h over a real connection and returns the answer with its body.
func call(t *testing.T, h http.Handler, method string, body io.Reader) (*http.Response, string, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/clients/x?secret=canary", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.Client().Do(r)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

func TestIdentify(t *testing.T) {
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "192.0.2.7:99"
	Identify(newID, nil, handler(func(_ http.ResponseWriter, r *http.Request) {
		if RequestID(r.Context()) != newID() || ClientIP(r.Context()).String() != "192.0.2.7" {
			t.Errorf("context has %q, %s", RequestID(r.Context()), ClientIP(r.Context()))
		}
	})).ServeHTTP(rec, r)
	//lint:ignore SA1008 the spelling of real tenants, which is not Go's canonical one
	if got := rec.Header()["X-Auth0-RequestId"]; len(got) != 1 || got[0] != newID() {
		t.Errorf("X-Auth0-RequestId, in that spelling: %v", rec.Header())
	}
	if RequestID(context.Background()) != "" || ClientIP(context.Background()).IsValid() {
		t.Error("outside of Identify there is no identity")
	}
}

// stack is the order that doc.go prescribes.
func stack(log *slog.Logger, mux http.Handler) http.Handler {
	fail := func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "internal", http.StatusInternalServerError)
	}
	now := time.Unix(0, 0)
	clock := func() time.Time { now = now.Add(1500 * time.Microsecond); return now }
	return Identify(newID, nil, AccessLog(log, clock, Recover(log, fail, SecurityHeaders(mux))))
}

func TestAccessLog(t *testing.T) {
	var out bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("POST /clients/{id}", func(w http.ResponseWriter, _ *http.Request) {
		SetTenant(w, "acme")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "hello")
	})
	resp, _, err := call(t, stack(slog.New(slog.NewJSONHandler(&out, nil)), mux), http.MethodPost, strings.NewReader("client_secret=canary"))
	if err != nil {
		t.Fatal(err)
	}
	if resp.Header.Get("X-Auth0-RequestId") != newID() {
		t.Errorf("headers %v", resp.Header)
	}
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("want exactly one line: %v\n%s", err, out.String())
	}
	for key, want := range map[string]any{
		"msg": "request", "level": "INFO", "method": "POST", "route": "POST /clients/{id}", "status": 201.0, "bytes": 5.0, "duration_ms": 1.5,
		"ip": "127.0.0.1", "request_id": newID(), "tenant": "acme",
	} {
		if line[key] != want {
			t.Errorf("%s = %v, want %v", key, line[key], want)
		}
	}
	if strings.Contains(out.String(), "canary") {
		t.Errorf("query or body in the log: %s", out.String())
	}
}

func TestAccessLogStatus(t *testing.T) {
	for rule, test := range map[string]struct {
		serve  http.HandlerFunc
		status string
		level  string
	}{
		"nothing written -> 200":          {func(http.ResponseWriter, *http.Request) {}, `"status":200`, "INFO"},
		"written without a header -> 200": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }, `"status":200`, "INFO"},
		"copied -> 200":                   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader("x")) }, `"status":200`, "INFO"},
		"1xx is not the answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusNotFound)
		}, `"status":404`, "INFO"},
		"server error is a warning":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, `"status":500`, "WARN"},
		"of an overload metrics tell": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, `"status":503`, "DEBUG"},
	} {
		var out bytes.Buffer
		if _, _, err := call(t, stack(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), test.serve), http.MethodGet, nil); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), test.status) || !strings.Contains(out.String(), test.level) {
			t.Errorf("%s: %s", rule, out.String())
		}
	}
	if method("BREW\n") != "OTHER" || method("GET") != "GET" {
		t.Error("a caller's own method name reaches the log")
	}
}

// Streaming endpoints need to flush and to move deadlines through the wrapper.
func TestResponseController(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	_, body, err := call(t, stack(log, handler(func(w http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(w)
		if err := errors.Join(control.Flush(), control.SetWriteDeadline(time.Time{}), control.EnableFullDuplex()); err != nil {
			t.Error(err)
		}
		if _, ok := w.(io.ReaderFrom); !ok {
			t.Error("the wrapper hides ReadFrom")
		}
		_, _ = io.WriteString(w, "ok")
	})), http.MethodGet, nil)
	if err != nil || body != "ok" {
		t.Errorf("%q, %v", body, err)
	}
}

func TestRecover(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	resp, body, err := call(t, stack(log, handler(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9999")
		w.Header().Set("ETag", `"x"`)
		panic("canary")
	})), http.MethodGet, nil)
	if err != nil || resp.StatusCode != http.StatusInternalServerError || body != "internal\n" || resp.Header.Get("ETag") != "" {
		t.Fatalf("%v, %q, %v: want the endpoint's 500", resp, body, err)
	}
	for _, want := range []string{`"panic":"canary"`, `"request_id":"` + newID(), "TestRecover", `"status":500`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not logged:\n%s", want, out.String())
		}
	}
}

func TestRecoverAfterPartOfAnAnswer(t *testing.T) {
	var out bytes.Buffer
	_, body, err := call(t, stack(slog.New(slog.NewJSONHandler(&out, nil)), handler(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic("canary")
	})), http.MethodGet, nil)
	if err == nil || strings.Contains(body, "internal") {
		t.Errorf("%q, %v: half an answer must not look whole", body, err)
	}
}

func TestRecoverAlone(t *testing.T) {
	fail := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	log := slog.New(slog.DiscardHandler)
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	Recover(log, fail, handler(func(http.ResponseWriter, *http.Request) { panic(1) })).ServeHTTP(rec, r)
	if rec.Code != http.StatusInternalServerError {
		t.Errorf("status %d without AccessLog around it", rec.Code)
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("http.ErrAbortHandler must reach the server")
		}
	}()
	Recover(log, fail, handler(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })).ServeHTTP(rec, r)
}

func TestBodyLimit(t *testing.T) {
	tooLarge := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusRequestEntityTooLarge) }
	reached := false
	h := BodyLimit(10, tooLarge, handler(func(w http.ResponseWriter, r *http.Request) {
		reached = true
		_, err := io.ReadAll(r.Body)
		if tooMuch := (*http.MaxBytesError)(nil); errors.As(err, &tooMuch) {
			tooLarge(w, r)
		}
	}))
	log := slog.New(slog.DiscardHandler)
	for _, test := range []struct {
		rule    string
		body    io.Reader
		status  int
		reached bool
	}{
		{"no body", nil, 200, true},
		{"at the limit", strings.NewReader("0123456789"), 200, true},
		{"declared too long is not read", strings.NewReader("0123456789x"), 413, false},
		{"longer than the limit, undeclared", io.MultiReader(strings.NewReader("0123456789x")), 413, true},
	} {
		reached = false
		resp, _, err := call(t, stack(log, h), http.MethodPost, test.body)
		if err != nil || resp.StatusCode != test.status || reached != test.reached {
			t.Errorf("%s: %v, %v, handler reached %v", test.rule, resp, err, reached)
			continue
		}
		if test.status == 413 && !resp.Close {
			t.Errorf("%s: the connection must be closed, or the rest of the body is read", test.rule)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	for _, test := range []struct {
		rule, host string
		https      bool
		hsts       string
	}{
		{"https", "acme.auth.example.com", true, "max-age=31536000"},
		{"https on another port", "auth.example.com:8443", true, "max-age=31536000"},
		{"plain http", "auth.example.com", false, ""},
		{"localhost would lose its other servers", "localhost:8443", true, ""},
		{"so would its subdomains", "ACME.Localhost:8443", true, ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://x/", nil)
		r.Host, r.RemoteAddr = test.host, "10.0.0.1:1"
		if test.https {
			r.Header.Set("X-Forwarded-Proto", "https")
		}
		rec := httptest.NewRecorder()
		h := SecurityHeaders(handler(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Vary", "Origin") }))
		Identify(newID, mustProxies(t, "10.0.0.0/8"), h).ServeHTTP(rec, r)
		for name, want := range map[string]string{
			"Strict-Transport-Security": test.hsts, "X-Content-Type-Options": "nosniff",
			"X-Robots-Tag": "noindex, nofollow, nosnippet, noarchive", "Vary": "Accept-Encoding",
		} {
			if got := rec.Header().Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", test.rule, name, got, want)
			}
		}
		if got := rec.Header()["Vary"]; len(got) != 2 { // and the next answer must not inherit it
			t.Errorf("%s: Vary %v", test.rule, got)
		}
	}
}

// The stack is on the token path: its allocations are a budget.
func TestStackAllocations(t *testing.T) {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	h := Identify(newID, nil, AccessLog(log, time.Now, Recover(log, nil, SecurityHeaders(handler(func(http.ResponseWriter, *http.Request) {})))))
	r := httptest.NewRequest(http.MethodPost, "/oauth/token", nil)
	w := &nullWriter{header: http.Header{}}
	if n := testing.AllocsPerRun(200, func() { h.ServeHTTP(w, r) }); n > 14 {
		t.Errorf("%v allocations per request, want at most 14", n)
	}
}

func BenchmarkStack(b *testing.B) {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	h := Identify(newID, nil, AccessLog(log, time.Now, Recover(log, nil, SecurityHeaders(handler(func(http.ResponseWriter, *http.Request) {})))))
	r := httptest.NewRequest(http.MethodPost, "/oauth/token", nil)
	w := &nullWriter{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

type nullWriter struct{ header http.Header }

func (w *nullWriter) Header() http.Header         { return w.header }
func (w *nullWriter) Write(b []byte) (int, error) { return len(b), nil }
func (w *nullWriter) WriteHeader(int)             {}
