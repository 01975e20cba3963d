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
	"slices"
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
		part{"shapes", b.shapes}, part{"overload", b.overload}, part{"postgres", b.postgres}, part{"memory", b.memory},
		part{"clients", b.manyClients}, part{"tenants", b.manyTenants}, part{"cold start", b.coldStart}, part{"peer", b.peer})
}

// pair is writ beside the bare handler: same algorithm, same signer, same transport.
type pair struct {
	name, alg, signer string
	tls               bool
}

// pair measures the two in turn, twice, so that a slow moment of the machine hits both.
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
	var sums [2]result
	for round := range 3 {
		for i, side := range []struct {
			process *process
			target  *target
		}{{bare, bareTarget}, {w.process, writTarget}} {
			duration := b.duration / 2
			if round == 0 {
				duration = time.Second // warm up: caches, connections, the heap
			}
			r, err := plan{connections: b.connections, duration: duration}.run(ctx, side.process, side.target)
			if err != nil {
				return err
			}
			if round > 0 {
				sums[i] = sums[i].plus(r)
			}
		}
	}
	b.add("bare handler: "+p.name, sums[0])
	b.add("writ: "+p.name, sums[1])
	b.figures[p.name+" beyond us"] = micros(sums[1].cpuPerToken() - sums[0].cpuPerToken())
	b.figures[p.name+" ratio"] = sums[1].perSecond() / sums[0].perSecond()
	b.figures[p.name+" p99 ms"] = micros(sums[1].p99) / 1000
	b.figures[p.name+" allocations"] = sums[1].mallocs - sums[0].mallocs
	b.figures[p.name+" per second"] = sums[1].perSecond()
	return nil
}

// plus adds up two measurements of the same thing; of the percentiles the worse one stands.
func (r result) plus(other result) result {
	if r.tokens == 0 {
		return other
	}
	r.mallocs = (r.mallocs*float64(r.tokens) + other.mallocs*float64(other.tokens)) / float64(r.tokens+other.tokens)
	r.tokens, r.refused, r.elapsed, r.cpu = r.tokens+other.tokens, r.refused+other.refused, r.elapsed+other.elapsed, r.cpu+other.cpu
	r.p50, r.p99, r.rss = max(r.p50, other.p50), max(r.p99, other.p99), max(r.rss, other.rss)
	return r
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

// memory is what one process holds: idle, and under full load of 1,000 clients.
func (b *bench) memory(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return err
	}
	defer w.stop()
	idle, err := residentBytes(w.cmd.Process.Pid)
	if err != nil {
		return err
	}
	b.figures["rss idle MB"] = float64(idle) / 1e6
	t, err := w.api(ctx, 1000, false, nil)
	if err != nil {
		return err
	}
	r, err := b.measure(ctx, w, "writ: RS256, openssl, HTTP, 1,000 clients in turn", t, plan{connections: b.connections, duration: b.duration})
	b.figures["rss loaded MB"] = float64(r.rss) / 1e6
	return err
}

// manyClients compares a hot set of 1,000 clients among ten thousand and among a million.
func (b *bench) manyClients(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return err
	}
	defer w.stop()
	hot, err := w.api(ctx, 1000, false, map[string]any{"signing_alg": "HS256"})
	if err != nil {
		return err
	}
	few, many := 10_000, b.clients
	if err := seedClients(ctx, w.dir, few-1000); err != nil {
		return err
	}
	load := plan{connections: b.connections, duration: b.duration}
	before, err := b.measure(ctx, w, fmt.Sprintf("writ: HS256, HTTP, 1,000 hot of %d clients", few), hot, load)
	if err != nil {
		return err
	}
	if err := seedClients(ctx, w.dir, many-few); err != nil {
		return err
	}
	after, err := b.measure(ctx, w, fmt.Sprintf("writ: HS256, HTTP, 1,000 hot of %d clients", many), hot, load)
	if err != nil {
		return err
	}
	b.figures["many clients"] = after.cpuPerToken().Seconds() / before.cpuPerToken().Seconds()
	return b.managementList(ctx, w)
}

// managementList is the CPU of listing a page of 100 among all those clients.
func (b *bench) managementList(ctx context.Context, w *writ) error {
	before, err := w.usage(ctx)
	if err != nil {
		return err
	}
	const pages = 100
	for page := range pages {
		var clients []struct{}
		if err := w.call(ctx, "GET", fmt.Sprintf("/api/v2/clients?per_page=100&page=%d", page), "", nil, &clients); err != nil {
			return err
		}
		if len(clients) != 100 {
			return fmt.Errorf("page %d has %d clients", page, len(clients))
		}
	}
	after, err := w.usage(ctx)
	b.figures["list ms"] = micros(after.cpu-before.cpu) / 1000 / pages
	return err
}

// manyTenants compares one tenant with thousands: a token's CPU, and the time to start.
func (b *bench) manyTenants(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return err
	}
	defer func() { w.stop() }()
	t, err := w.api(ctx, 1, false, map[string]any{"signing_alg": "HS256"})
	if err != nil {
		return err
	}
	load := plan{connections: b.connections, duration: b.duration}
	before, err := b.measure(ctx, w, "writ: HS256, HTTP, 1 tenant", t, load)
	if err != nil {
		return err
	}
	w.stop()
	one, err := b.medianColdStart(ctx, w, t)
	if err != nil {
		return err
	}
	if err := seedTenants(ctx, w.dir, b.tenants-1); err != nil {
		return err
	}
	many, err := b.medianColdStart(ctx, w, t)
	if err != nil {
		return err
	}
	b.figures["many tenants start"] = many.Seconds() / one.Seconds()
	if w, err = startWrit(ctx, b.binary, w.dir, "--signer", "openssl"); err != nil {
		return err
	}
	if t, err = w.api(ctx, 1, false, map[string]any{"signing_alg": "HS256"}); err != nil {
		return err
	}
	after, err := b.measure(ctx, w, fmt.Sprintf("writ: HS256, HTTP, %d tenants", b.tenants), t, load)
	b.figures["many tenants"] = after.cpuPerToken().Seconds() / before.cpuPerToken().Seconds()
	return err
}

func (b *bench) coldStart(ctx context.Context) error {
	w, err := b.newWrit(ctx)
	if err != nil {
		return err
	}
	t, err := w.api(ctx, 1, false, nil)
	w.stop()
	if err != nil {
		return err
	}
	took, err := b.medianColdStart(ctx, w, t)
	b.figures["cold start ms"] = micros(took) / 1000
	return err
}

func (b *bench) medianColdStart(ctx context.Context, w *writ, t *target) (time.Duration, error) {
	var all []time.Duration
	for range 5 {
		took, err := coldStart(ctx, b.binary, w.dir, w.https, w.plain, t)
		if err != nil {
			return 0, err
		}
		all = append(all, took)
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}
