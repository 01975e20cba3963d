package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// rawSignature is the denominator: one RSA-2048 PKCS #1 v1.5 signature by crypto/rsa on one core, in this run.
func rawSignature() (time.Duration, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return 0, err
	}
	digest := sha256.Sum256([]byte("writ"))
	const warmUp, counted = 100, 1000
	var started time.Time
	for i := range warmUp + counted {
		if i == warmUp {
			started = time.Now()
		}
		if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err != nil {
			return 0, err
		}
	}
	return time.Since(started) / counted, nil
}

// report is docs/performance.md.
func report(o options, raw time.Duration, results []result) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Performance\n")
	line("Written by `make bench`; do not edit. %s, %d cores (%s), %s, %s.\n",
		time.Now().UTC().Format(time.DateOnly), cores(), cpuModel(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	line("The server is a process of its own; %d connections keep it busy over loopback for %s a scenario, from the same cores. Every",
		o.connections, o.duration)
	line("token has its record on disk before its answer. CPU is the kernel's accounting of the server process: the steady figure, while")
	line("requests per second and latencies move with the machine.\n")
	line("One bare RSA-2048 signature (crypto/rsa) in the same run: **%s**.\n", micros(raw))
	line("| scenario | tokens/s | server CPU per token | of it beyond one RSA signature | p50 | p99 | RSS |")
	line("|---|---|---|---|---|---|---|")
	for _, r := range results {
		beyond := "-"
		if strings.HasPrefix(r.name, "RS256") {
			beyond = micros(r.cpuPerToken() - raw)
		}
		line("| %s | %.0f | %s | %s | %s | %s | %d MB |", r.name, r.perSecond(), micros(r.cpuPerToken()), beyond,
			micros(r.p50), micros(r.p99), r.rss>>20)
	}
	return b.String()
}

func micros(d time.Duration) string {
	if d >= 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%d us", d.Microseconds())
}

// cpuModel is the processor's name; "unknown" where the kernel does not tell.
func cpuModel() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for text := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(text, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
