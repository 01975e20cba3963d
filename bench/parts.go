package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bench is one run: what it was told, and what it has found out.
type bench struct {
	options
	self, dir string
	rows      []row
	// figures are what the targets are judged by; a target whose figure is missing was not measured.
	figures map[string]float64
	notes   []string
}

// row is a line of the report's table.
type row struct {
	name string
	result
}

type part struct {
	name string
	run  func(context.Context) error
}

func contains(name, wanted string) bool { return strings.Contains(name, wanted) }

func (b *bench) parts() []part {
	var parts []part
	for _, p := range []pair{
		{"RS256, go, HTTP", "RS256", "go", false},
		{"RS256, openssl, HTTP", "RS256", "openssl", false},
		{"RS256, openssl, TLS", "RS256", "openssl", true},
		{"ES256, HTTP", "ES256", "go", false},
		{"ES256, TLS", "ES256", "go", true},
		{"HS256, HTTP", "HS256", "go", false},
		{"HS256, TLS", "HS256", "go", true},
	} {
		parts = append(parts, part{p.name, func(ctx context.Context) error { return b.pair(ctx, p) }})
	}
	return append(parts,
		part{"shapes", b.shapes}, part{"overload", b.overload}, part{"quotas", b.quotas}, part{"postgres", b.postgres}, part{"memory", b.memory},
		part{"clients", b.manyClients}, part{"tenants", b.manyTenants}, part{"cold start", b.coldStart}, part{"peer", b.peer})
}

// pair is writ beside the bare handler: same algorithm, same signer, same transport.
type pair struct {
	name, alg, signer string
	tls               bool
}

// pair measures the two in turn, so that a slow moment of the machine hits both.
func (b *bench) pair(ctx context.Context, p pair) error {
	bare, bareTarget, err := b.startBare(ctx, p)
	if err != nil {
		return err
	}
	defer bare.stop()
	w, err := b.newWrit(ctx, "--signer", p.signer)
	if err != nil {
		return err
	}
	defer w.stop()
	writTarget, err := w.api(ctx, 1, p.tls, map[string]any{"signing_alg": p.alg})
	if err != nil {
		return err
	}
	m, err := b.inTurn(ctx, side{"bare handler: " + p.name, bare, bareTarget}, side{"writ: " + p.name, w.process, writTarget})
	if err != nil {
		return err
	}
	b.figures[p.name+" beyond us"] = m.median(func(bare, writ result) float64 { return micros(writ.cpuPerToken() - bare.cpuPerToken()) })
	b.figures[p.name+" ratio"] = m.median(func(bare, writ result) float64 { return writ.perSecond() / bare.perSecond() })
	b.figures[p.name+" p99 ms"] = m.median(func(_, writ result) float64 { return micros(writ.p99) / 1000 })
	b.figures[p.name+" p99 ratio"] = m.median(func(bare, writ result) float64 { return writ.p99.Seconds() / bare.p99.Seconds() })
	b.figures[p.name+" allocations"] = m.median(func(bare, writ result) float64 { return writ.mallocs - bare.mallocs })
	b.figures[p.name+" per second"] = m.median(func(_, writ result) float64 { return writ.perSecond() })
	return nil
}

func (b *bench) add(name string, r result) { b.rows = append(b.rows, row{name, r}) }

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// newWrit starts writ on an empty directory.
func (b *bench) newWrit(ctx context.Context, flags ...string) (*writ, error) {
	dir, err := os.MkdirTemp(b.dir, "data-")
	if err != nil {
		return nil, err
	}
	return startWrit(ctx, b.binary, dir, flags...)
}

func (b *bench) startBare(ctx context.Context, p pair) (*process, *target, error) {
	plain, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	secure, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	roots, err := selfSigned(b.dir)
	if err != nil {
		return nil, nil, err
	}
	proc, err := startProcess(ctx, "http://"+plain+"/healthz", b.self, "bare", plain, secure, b.dir, p.alg, p.signer)
	if err != nil {
		return nil, nil, err
	}
	proc.metrics = "http://" + plain + "/metrics"
	t := &target{address: plain, host: "localhost:1", requests: [][]byte{tokenRequest("localhost:1", bareClient, bareSecret, bareAudience)}}
	if p.tls {
		t.address, t.tls, t.roots = secure, true, roots
	}
	return proc, t, nil
}

// selfSigned writes a P-256 certificate for localhost, like those of writ's local CA.
func selfSigned(dir string) (*x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(filepath.Join(dir, "bare.pem"), certPEM, 0o600); err != nil {
		return nil, err
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	if err := os.WriteFile(filepath.Join(dir, "bare-key.pem"), keyPEM, 0o600); err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return pool, nil
}

// shapes are loads of other forms on one writ with the OpenSSL signer.
func (b *bench) shapes(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return err
	}
	defer w.stop()
	http, err := w.api(ctx, 1, false, nil)
	if err != nil {
		return err
	}
	secure, err := w.api(ctx, 1, true, nil)
	if err != nil {
		return err
	}
	rfc9068, err := w.api(ctx, 1, false, map[string]any{"token_dialect": "rfc9068_profile"})
	if err != nil {
		return err
	}
	full, err := b.measure(ctx, w, "writ: RS256, openssl, HTTP, rfc9068_profile", rfc9068, plan{connections: b.connections, duration: b.duration})
	if err != nil {
		return err
	}
	if _, err := b.measure(ctx, w, "writ: RS256, openssl, a new TLS connection per call", secure,
		plan{connections: b.connections, duration: b.duration, reconnect: true}); err != nil {
		return err
	}
	for _, percent := range []float64{30, 70, 95} {
		name := fmt.Sprintf("writ: RS256, openssl, HTTP, open loop at %.0f %%", percent)
		if _, err := b.measure(ctx, w, name, http, plan{connections: 4 * b.connections, duration: b.duration, rate: full.perSecond() * percent / 100}); err != nil {
			return err
		}
	}
	return nil
}

// measure runs a plan after a short warm-up and adds its row.
func (b *bench) measure(ctx context.Context, w *writ, name string, t *target, p plan) (result, error) {
	warm := p
	warm.duration, warm.rate = time.Second, 0
	if _, err := warm.run(ctx, w.process, t); err != nil {
		return result{}, fmt.Errorf("%s: %w", name, err)
	}
	r, err := p.run(ctx, w.process, t)
	if err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	b.add(name, r)
	return r, nil
}

// overload sends several times what the slower signer can do.
func (b *bench) overload(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "go")
	if err != nil {
		return err
	}
	defer w.stop()
	t, err := w.api(ctx, 1, false, nil)
	if err != nil {
		return err
	}
	r, err := b.measure(ctx, w, "writ: RS256, go, HTTP, overload with 4,000 connections", t, plan{connections: 4000, duration: b.duration, overload: true})
	b.figures["overload refused"] = float64(r.refused)
	b.figures["overload p99 ms"] = micros(r.p99) / 1000
	return err
}
