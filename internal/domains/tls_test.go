package domains

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// handshake connects client to server over an in-memory pipe and returns what the client saw.
func handshake(server, client *tls.Config) (tls.ConnectionState, error) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	go func() {
		conn := tls.Server(a, server)
		if conn.Handshake() == nil {
			_, _ = io.Copy(io.Discard, conn)
		}
	}()
	conn := tls.Client(b, client)
	err := conn.Handshake()
	return conn.ConnectionState(), err
}

func TestLeavesByHost(t *testing.T) {
	ca := newTestCA(t)
	server := TLSConfig(NewLeaves(ca, NewResolver(tenants("dev", "acme"), laptop()), time.Now))
	for _, host := range []string{"localhost", "acme.localhost", "dev.localhost"} {
		state, err := handshake(server, &tls.Config{RootCAs: ca.Pool(), ServerName: host, NextProtos: []string{"h2"}})
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		if state.NegotiatedProtocol != "h2" || len(state.PeerCertificates[0].DNSNames) != 1 {
			t.Errorf("%s: protocol %q, names %v", host, state.NegotiatedProtocol, state.PeerCertificates[0].DNSNames)
		}
	}
	_, err := handshake(server, &tls.Config{RootCAs: ca.Pool(), ServerName: "nobody.localhost"})
	if err == nil || !strings.Contains(err.Error(), "unrecognized name") {
		t.Errorf("unknown host: %v; want the alert unrecognized_name (RFC 6066 section 3)", err)
	}
	state, err := handshake(server, &tls.Config{InsecureSkipVerify: true}) // no SNI
	if err != nil || state.PeerCertificates[0].VerifyHostname("127.0.0.1") != nil {
		t.Errorf("no SNI: %v; want the leaf of localhost with 127.0.0.1", err)
	}
}

// addrConn is a connection of which only the local address matters.
type addrConn struct {
	net.Conn
	local string
}

func (c addrConn) LocalAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.local))
}

func TestLeavesWithoutSNI(t *testing.T) {
	leaves := NewLeaves(newTestCA(t), NewResolver(tenants(), company()), time.Now)
	for local, want := range map[string]string{"10.0.0.1:443": "auth.example.com", "127.0.0.1:443": "localhost", "[::1]:443": "localhost"} {
		cert, err := leaves.GetCertificate(&tls.ClientHelloInfo{Conn: addrConn{local: local}})
		if err != nil || cert.Leaf.DNSNames[0] != want {
			t.Errorf("on %s: %v, %v; want a leaf of %s", local, cert.Leaf.DNSNames, err, want)
		}
	}
}

func TestLeavesAreCachedAndRenewed(t *testing.T) {
	now := time.Now()
	leaves := NewLeaves(newTestCA(t), NewResolver(tenants(), laptop()), func() time.Time { return now })
	get := func() *tls.Certificate {
		t.Helper()
		c, err := leaves.GetCertificate(&tls.ClientHelloInfo{ServerName: "localhost"})
		if err != nil || c == nil {
			t.Fatalf("%v, %v", c, err)
		}
		return c
	}
	first := get()
	if now = now.Add(59 * 24 * time.Hour); get() != first {
		t.Error("with 31 days left a new leaf was issued")
	}
	if now = now.Add(2 * 24 * time.Hour); get() == first {
		t.Error("with 29 days left the old leaf was served")
	}
	if second := get(); second != get() {
		t.Error("the renewed leaf is not cached")
	}
}

func TestLeavesAreBounded(t *testing.T) {
	leaves := NewLeaves(newTestCA(t), NewResolver(tenants(), laptop()), time.Now)
	filler := &tls.Certificate{}
	for i := range maxLeaves {
		leaves.byHost[string(rune('a'+i))] = filler
	}
	if _, err := leaves.leaf("localhost"); err != nil || len(leaves.byHost) != maxLeaves || leaves.byHost["localhost"] == nil {
		t.Errorf("%v: %d leaves", err, len(leaves.byHost))
	}
}

func TestLeavesWhileTheStoreIsGone(t *testing.T) {
	known := tenants("acme")
	leaves := NewLeaves(newTestCA(t), NewResolver(known, laptop()), time.Now)
	hello := &tls.ClientHelloInfo{ServerName: "acme.localhost"}
	before, err := leaves.GetCertificate(hello)
	if err != nil {
		t.Fatal(err)
	}
	known.err = tenant.ErrUnavailable
	if after, err := leaves.GetCertificate(hello); err != nil || after != before {
		t.Errorf("%v, %v: a caller must get as far as the 503", after, err)
	}
	known.err = nil
	delete(known.names, "acme")
	if after, err := leaves.GetCertificate(hello); err != nil || after != nil {
		t.Errorf("%v, %v: a deleted tenant has no certificate", after, err)
	}
}

func TestTLSVersions(t *testing.T) {
	ca := newTestCA(t)
	server := TLSConfig(NewLeaves(ca, NewResolver(tenants(), laptop()), time.Now))
	for version, refusal := range map[uint16]string{tls.VersionTLS11: "protocol version not supported", tls.VersionTLS12: "", tls.VersionTLS13: ""} {
		_, err := handshake(server, &tls.Config{RootCAs: ca.Pool(), ServerName: "localhost", MinVersion: version, MaxVersion: version})
		if refusal == "" && err != nil || refusal != "" && (err == nil || !strings.Contains(err.Error(), refusal)) {
			t.Errorf("%s: %v, want %q", tls.VersionName(version), err, refusal)
		}
	}
	cbc := &tls.Config{RootCAs: ca.Pool(), ServerName: "localhost", MaxVersion: tls.VersionTLS12,
		CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}
	if _, err := handshake(server, cbc); err == nil {
		t.Error("a CBC suite was accepted")
	}
}

// pair writes a self-signed certificate for localhost and its key.
func pair(t *testing.T, certFile, keyFile, organization string, notAfter time.Time) {
	t.Helper()
	ca, err := NewCA(notAfter.Add(-caLifetime))
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: newSerial(), Subject: leafSubject(organization), NotBefore: notAfter.Add(-caLifetime),
		NotAfter: notAfter, DNSNames: []string{"localhost"}}
	leaf, err := sign(template, ca.certificate, &key.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: leaf.Raw}, keyFile: {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenFilesRefuses(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	pair(t, path("good.pem"), path("good-key.pem"), "good", time.Now().Add(time.Hour))
	pair(t, path("old.pem"), path("old-key.pem"), "old", time.Now().Add(-time.Hour))
	for rule, test := range map[string]struct{ cert, key, fragment string }{
		"certificate not there": {"none.pem", "good-key.pem", "TLS certificate: "},
		"key not there":         {"good.pem", "none.pem", "TLS key: "},
		"key of another":        {"good.pem", "old-key.pem", "private key does not match"},
		"files exchanged":       {"good-key.pem", "good.pem", "TLS certificate "},
		"expired":               {"old.pem", "old-key.pem", "expired on"},
	} {
		if _, err := OpenFiles(path(test.cert), path(test.key), slog.Default(), time.Now); err == nil || !strings.Contains(err.Error(), test.fragment) {
			t.Errorf("%s: %v; want %q", rule, err, test.fragment)
		}
	}
}

// lockedBuffer is read while another goroutine may write to it.
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

// The certificate changes under a listener; what else the listener promises must not.
func TestFilesReload(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	synctest.Test(t, func(t *testing.T) {
		pair(t, certFile, keyFile, "first", time.Now().Add(24*time.Hour))
		var log lockedBuffer
		files, err := OpenFiles(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go files.Watch(ctx)
		server := TLSConfig(files)
		check := func(step, want string) {
			t.Helper()
			state, err := handshake(server, &tls.Config{InsecureSkipVerify: true, ServerName: "localhost", NextProtos: []string{"h2"}})
			if err != nil || state.PeerCertificates[0].Subject.CommonName != want || state.NegotiatedProtocol != "h2" {
				t.Errorf("%s: %v, %v over %q; want %s over h2", step, state.PeerCertificates[0].Subject, err, state.NegotiatedProtocol, want)
			}
			_, err = handshake(server, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
			if err == nil {
				t.Errorf("%s: TLS 1.1 was accepted", step)
			}
		}
		later := func() { time.Sleep(2 * pollEvery); synctest.Wait() } // the bubble's clock, not the wall's
		check("at the start", "first")
		pair(t, certFile, keyFile, "second", time.Now().Add(24*time.Hour))
		later()
		check("after a change", "second")
		if err := os.WriteFile(keyFile, []byte("broken"), 0o600); err != nil {
			t.Fatal(err)
		}
		later()
		later()
		check("after a broken change", "second")
		if n := strings.Count(log.String(), "refused"); n != 1 {
			t.Errorf("a broken pair was reported %d times, want once:\n%s", n, log.String())
		}
		if err := os.Remove(certFile); err != nil {
			t.Fatal(err)
		}
		later()
		later()
		check("after a removal", "second")
		if n := strings.Count(log.String(), "cannot be read"); n != 1 {
			t.Errorf("missing files were reported %d times, want once:\n%s", n, log.String())
		}
		pair(t, certFile, keyFile, "third", time.Now().Add(24*time.Hour))
		later()
		check("after the repair", "third")
		cancel()
		synctest.Wait()
	})
}
