package server

import (
	"fmt"
	"strings"
)

// referenceIntro is the text above the table of docs/configuration.md.
const referenceIntro = `# Configuration

<!-- Generated from internal/server/config_settings.go by go test ./internal/server -run TestReferencePage -update. Do not edit. -->

Every setting of ` + "`writ serve`" + ` is a flag, an environment variable and a key of the configuration file, under one name:
` + "`--base-domain`, `WRIT_BASE_DOMAIN`, `base-domain:`" + `. A flag beats a variable, which beats the file, which beats the default.
An empty variable counts as not set. Nothing has to be set: ` + "`writ serve`" + ` alone is a working server on localhost.

All faults are reported at once, each with the place it came from. An unknown key in the file is a fault; an unknown
` + "`WRIT_*`" + ` variable is a warning.

`

// referenceUnits is the text below the table.
const referenceUnits = `## Values

- **ADDR** is ` + "`HOST:PORT`, or `:PORT`" + ` for all interfaces. Port 0 lets the system choose.
- **DURATION** is a number with a unit: ` + "`90s`, `15m`, `12h`, `30d`, `1d12h`" + `.
- **SIZE** is a number of bytes, with or without a unit: ` + "`kB`, `MB`, `GB`, `TB` (1000), `KiB`, `MiB`, `GiB`, `TiB` (1024)" + `.
- **RATE** is what comes back at the top of each second, minute or hour, and what there is at most: ` + "`200/s:2000`, `600/m:600`, `600/m`; `off`" + ` sets
  no limit. Each tenant has one bucket for each family of endpoints (reads of clients, writes of clients, and so on), and one for requests
  without a valid token. Answers tell of theirs in ` + "`x-ratelimit-limit`, `-remaining` and `-reset`" + `; an empty one answers 429 with ` + "`Retry-After`" + `
  and leaves an ` + "`api_limit`" + ` record in the tenant's log, at most one a minute. Every node counts for itself.
- **The master key** comes from one place: ` + "`master.key`" + ` in the data directory, which is made if there is none, ` + "`master-key-file`," + `
  ` + "`WRIT_MASTER_KEY`, or `master-key-command`" + `. Two of the last three at once are a fault. It is 32 bytes as one line of base64:
  ` + "`openssl rand -base64 32`" + `.
- **URL** of PostgreSQL: libpq's parameters, and those that [operations.md](operations.md) lists.
- **Lists** (marked "repeatable") are flags given many times, values separated by commas, or YAML lists.

## The file

` + "```yaml" + `
# writ serve --config writ.yaml
base-domain: auth.example.com
https: :8443
public-port: 443
tls-cert: /etc/writ/tls.pem
tls-key: /etc/writ/tls-key.pem
trusted-proxies: [10.0.0.0/8]
log-retention: 90d
` + "```" + `

## The data directory

| file | mode | content |
|---|---|---|
| ` + "`writ.db`, `events.db`" + ` | | SQLite databases (` + "`database`" + ` may place them elsewhere) |
| ` + "`master.key`" + ` | 0600 | seals every secret in the databases: back it up, apart from them |
| ` + "`ca.pem`, `ca-key.pem`" + ` | 0644, 0600 | the local CA, which signs the HTTPS certificates unless ` + "`tls-cert`" + ` is set |
| ` + "`ca-bundle.pem`" + ` | 0644 | ` + "`ca.pem`" + ` and the system's roots, for programs that take one trust file |

It is made by whichever command comes first. Copied elsewhere without ` + "`*.db`" + `, it makes a second node with the same secrets and the same CA:
with PostgreSQL that is how nodes share them.
`

// ReferencePage is docs/configuration.md.
func ReferencePage() []byte {
	var b strings.Builder
	b.WriteString(referenceIntro)
	b.WriteString("| setting | variable | value | default | |\n|---|---|---|---|---|\n")
	for _, s := range settings() {
		def := s.defNote
		switch {
		case s.def != "":
			def = "`" + s.def + "`"
		case def == "":
			def = "none"
		}
		help := s.help
		if s.many {
			help += " (repeatable)"
		}
		name := "`" + s.name + "`"
		if s.envOnly {
			name, help = "", help+" (variable only)"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", name, s.env(), s.kind, def, help)
	}
	b.WriteString("\n" + referenceUnits)
	return []byte(b.String())
}
