package main

import (
	"debug/elf"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// goal is one target, judged by a figure of this run.
type goal struct {
	what, figure, unit string
	limit              float64
	atLeast            bool // the figure must be at least limit, else at most
}

// goals are what writ holds itself to. Published figures of Hydra (same machine kind, measured elsewhere, its cheapest allowed
// setting on PostgreSQL and its defaults on SQLite) are constants here, because Hydra cannot be had through this build's registries.
func goals() []goal {
	var all []goal
	for _, name := range []string{"RS256, go, HTTP", "RS256, openssl, HTTP", "ES256, HTTP", "HS256, HTTP"} {
		all = append(all, goal{"CPU per token beyond the bare handler: " + name, name + " beyond us", "us", 60, false})
	}
	for _, name := range []string{"RS256, openssl, TLS", "ES256, TLS", "HS256, TLS"} {
		all = append(all, goal{"CPU per token beyond the bare handler: " + name, name + " beyond us", "us", 70, false})
	}
	return append(all,
		goal{"tokens/s of the bare handler's: RS256, go", "RS256, go, HTTP ratio", "", 0.85, true},
		goal{"tokens/s of the bare handler's: RS256, openssl", "RS256, openssl, HTTP ratio", "", 0.85, true},
		goal{"tokens/s of the bare handler's: ES256", "ES256, HTTP ratio", "", 0.5, true},
		goal{"tokens/s against node-oidc-provider in memory (openssl signer)", "peer ratio", "times", 2, true},
		goal{"tokens/s against Hydra, cheapest setting on PostgreSQL (published: 553)", "hydra cheapest", "times", 7, true},
		goal{"tokens/s against Hydra, its defaults (published: 68)", "hydra defaults", "times", 50, true},
		goal{"p99 at the usual connections, RS256 openssl", "RS256, openssl, HTTP p99 ms", "ms", 20, false},
		goal{"the same, of the bare handler's", "RS256, openssl, HTTP p99 ratio", "times", 1, false},
		goal{"overload: requests answered 503 rather than queued", "overload refused", "", 1, true},
		goal{"overload: p99 of the tokens that were issued", "overload p99 ms", "ms", 2000, false},
		goal{"heap objects per token beyond the bare handler, HS256", "HS256, HTTP allocations", "", 60, false},
		goal{"CPU per token, the many clients of the scenario below against ten thousand", "many clients", "times", 1.1, false},
		goal{"CPU per token, the many tenants of the scenario below against one", "many tenants", "times", 1.1, false},
		goal{"start to first token, the many tenants of the scenario below against one", "many tenants start", "times", 1.25, false},
		goal{"RSS idle, one tenant", "rss idle MB", "MB", 40, false},
		goal{"the same, without pages of files", "private idle MB", "MB", 40, false},
		goal{"RSS under full load, 1,000 clients", "rss loaded MB", "MB", 100, false},
		goal{"the same, without pages of files", "private loaded MB", "MB", 100, false},
		goal{"start to first token on an existing database", "cold start ms", "ms", 150, false},
		goal{"CPU of a Management API list of 100 among all clients", "list ms", "ms", 5, false},
	)
}

func (g goal) line(figures map[string]float64) string {
	sign := "<="
	if g.atLeast {
		sign = ">="
	}
	target := strings.TrimSpace(fmt.Sprintf("%s %g %s", sign, g.limit, g.unit))
	value, measured := figures[g.figure]
	if !measured {
		return fmt.Sprintf("| %s | %s | - | not measured |", g.what, target)
	}
	verdict := "met"
	if g.atLeast != (value >= g.limit) && value != g.limit {
		verdict = "**not met**"
	}
	return fmt.Sprintf("| %s | %s | %s | %s |", g.what, target, strings.TrimSpace(fmt.Sprintf("%.3g %s", value, g.unit)), verdict)
}

// reportText is docs/performance.md.
func (b *bench) reportText() string {
	if ours := b.figures["RS256, openssl, HTTP per second"]; ours > 0 {
		const hydraCheapest, hydraDefaults = 553, 68
		b.figures["hydra cheapest"], b.figures["hydra defaults"] = ours/hydraCheapest, ours/hydraDefaults
	}
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("# Performance\n")
	line("Written by `make bench`; do not edit. %s, %d cores (%s), %s, %s.\n",
		time.Now().UTC().Format(time.DateOnly), cores(), cpuModel(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	line("Servers are processes of their own; %d connections keep each busy over loopback for %s, from the same cores. Every token of writ's", b.connections, b.duration)
	line("has its record on disk before its answer. The bare handler is the denominator: parse the form, find the client in a map, compare a")
	line("digest, build the JWT by hand, sign it; no store, no log, no rules. It runs in turn with writ under the same load. CPU is the")
	line("kernel's accounting of the server process, in 10 ms ticks: the steady figure. Requests per second and latencies move with the machine.")
	line("Two that are compared take %d turns each; differences, ratios and latencies are medians over the turns.\n", turns)
	line("%s\n", b.signatures())
	line("## Targets\n")
	line("| what | target | this run | |\n|---|---|---|---|")
	for _, g := range goals() {
		line("%s", g.line(b.figures))
	}
	line("\n## Measurements\n")
	line("| what | tokens/s | CPU per token | p50 | p99 | RSS | heap objects per request | 503 |\n|---|---|---|---|---|---|---|---|")
	for _, r := range b.rows {
		line("| %s | %.0f | %.0f us | %.1f ms | %.1f ms | %.0f MB | %s | %d |", r.name, r.perSecond(), micros(r.cpuPerToken()),
			micros(r.p50)/1000, micros(r.p99)/1000, float64(r.memory.resident)/1e6, objects(r.mallocs), r.refused)
	}
	for _, note := range b.notes {
		line("\nNot measured: %s.", note)
	}
	line("\nRSS counts pages of files that are mapped, which are shared and which the kernel takes back when it needs them: the program itself")
	line("(%.0f MB) and libcrypto. How many of them are counted is the kernel's choice: one whose page cache holds large folios maps nearly all at once.", b.binaryMB())
	line("\nPublished figures of peers on the same kind of machine, measured elsewhere: Hydra with its cheapest allowed setting on PostgreSQL 553")
	line("tokens/s, with its defaults 68; dex on SQLite 773 (no log, secret in clear); casdoor 221.")
	return out.String()
}

// signatures says what one RSA signature takes of a core here, which bounds all that RS256 can do.
func (b *bench) signatures() string {
	text := "One RSA-2048 signature takes of a core here:"
	slowest := 0.0
	for _, signer := range []string{"go", "openssl"} {
		took, err := signatureTime(signer)
		if err != nil {
			text += fmt.Sprintf(" %s cannot (%v);", signer, err)
			continue
		}
		slowest = micros(took)
		text += fmt.Sprintf(" %s %.0f us;", signer, slowest)
	}
	text = strings.TrimSuffix(text, ";") + fmt.Sprintf(". So %d cores with nothing else to do make %.0f RS256 tokens a second by the last.", cores(), float64(cores())*1e6/slowest)
	if !cpuHas("avx512ifma") {
		text += "\nThis processor has no AVX-512 IFMA, with which OpenSSL signs in 270 us, and for which the targets in milliseconds, against Hydra's published\n" +
			"figures and against node-oidc-provider were set: here the signatures alone take more than they allow."
	}
	return text
}

// binaryMB is what is mapped of the program that was measured, without debugging information, as near as its file tells.
func (b *bench) binaryMB() float64 {
	file, err := elf.Open(b.binary)
	if err != nil {
		return 0
	}
	defer file.Close()
	var mapped uint64
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD {
			mapped += p.Filesz
		}
	}
	return float64(mapped) / 1e6
}

// cpuHas reports whether the processor has a feature by its name in /proc/cpuinfo.
func cpuHas(feature string) bool {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	return slices.Contains(strings.Fields(string(raw)), feature)
}

func objects(n float64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", n)
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
