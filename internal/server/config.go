package server

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/tenant"
)

// Config is all that an operator can set. LoadConfig fills it; whoever makes one by hand starts from DefaultConfig and calls
// Validate. Each field has a row in settings(), which drives flags, environment, file and docs/configuration.md.
type Config struct {
	// ConfigFile is a YAML file with settings. Default none. --config, WRIT_CONFIG.
	ConfigFile string
	// Data is the directory that holds the databases, the master key and the local CA. Default ./writ-data. --data, WRIT_DATA.
	Data string
	// Database is where the databases are: empty = SQLite in Data, sqlite:DIR, or the URL of a PostgreSQL database (it may hold a
	// password: never to be logged). Default empty. --database, WRIT_DATABASE.
	Database string
	// HTTP is the address of the plain listener (health, metrics, trusted proxies); empty = none. Default 127.0.0.1:8080.
	// --http, WRIT_HTTP.
	HTTP string
	// HTTPS is the address of the public listener; empty = none. Default 127.0.0.1:8443. --https, WRIT_HTTPS.
	HTTPS string
	// BaseDomain is the host below which tenants live. Default localhost. --base-domain, WRIT_BASE_DOMAIN.
	BaseDomain string
	// PublicPort is the port in every domain; 443 is left out of domains; 0 = that of HTTPS. Default 0.
	// --public-port, WRIT_PUBLIC_PORT.
	PublicPort int
	// TLSCert and TLSKey are PEM files, followed when they change; empty = certificates of the local CA. Default empty.
	// --tls-cert, WRIT_TLS_CERT; --tls-key, WRIT_TLS_KEY.
	TLSCert, TLSKey string
	// TrustedProxies are addresses and networks (middleware.ParseProxies) whose forwarded headers count. Default none. --trusted-proxies, WRIT_TRUSTED_PROXIES.
	TrustedProxies []string
	// DefaultTenant answers on the base domain itself; empty = none. Default dev where BaseDomain is localhost, else empty.
	// --default-tenant, WRIT_DEFAULT_TENANT.
	DefaultTenant string
	// Listen gives tenants a localhost:PORT of their own. Default none. --listen, WRIT_LISTEN.
	Listen []Listen
	// Durability is full (each commit synced to disk) or relaxed (the last moments before a power cut may be lost). Default full.
	// --durability, WRIT_DURABILITY.
	Durability string
	// LogRetention is how long tenant log records are kept. Default 30 days. --log-retention, WRIT_LOG_RETENTION.
	LogRetention time.Duration
	// LogMaxSize is about how many bytes tenant logs may take before records go early (store.Config.LogMaxBytes); 0 = no cap. Default 10 GiB.
	// --log-max-size, WRIT_LOG_MAX_SIZE.
	LogMaxSize int64
	// MasterKeyFile holds the master key; empty = master.key in Data. Default empty. --master-key-file, WRIT_MASTER_KEY_FILE.
	MasterKeyFile string
	// MasterKey is the master key itself, as base64. Default empty. WRIT_MASTER_KEY alone: arguments and files are no place for it.
	MasterKey tenant.Secret
	// MasterKeyCommand prints the master key. Default empty. --master-key-command, WRIT_MASTER_KEY_COMMAND.
	MasterKeyCommand string
	// CacheClients is how many clients the token path keeps in memory. Default 50,000. --cache-clients, WRIT_CACHE_CLIENTS.
	CacheClients int
	// APILimits bound the Management API, per tenant, family of endpoints and node, by the tenant's environment tag. Default 200 requests
	// a second and 2,000 at once, production 500 and 5,000. --api-limit-TAG, WRIT_API_LIMIT_TAG.
	APILimits map[tenant.Environment]limit.Rate
	// Signer makes RSA signatures: auto (the quickest that passes a self-test), go, or openssl (then it must be there). Default
	// auto. --signer, WRIT_SIGNER.
	Signer string
	// LogLevel is the least level that goes to standard error. Default info. --log-level, WRIT_LOG_LEVEL.
	LogLevel slog.Level
	// LogFormat is text, json, or auto (text on a terminal, else json). Default auto. --log-format, WRIT_LOG_FORMAT.
	LogFormat string
	// DrainDelay is how long a stopping server goes on taking requests, while it says that it stops. Default 1 s. --drain-delay,
	// WRIT_DRAIN_DELAY.
	DrainDelay time.Duration
	// DrainTimeout is how long a stopping server waits for requests under way. Default 20 s. --drain-timeout, WRIT_DRAIN_TIMEOUT.
	DrainTimeout time.Duration

	// Redefine names the settings that were given as flags: on PostgreSQL they may change what the nodes share. Not a setting.
	Redefine []string
	// RSAKeys replaces the generation of RSA keys; nil outside of tests. Not a setting.
	RSAKeys func() (*rsa.PrivateKey, error)
	// Now is the clock of tokens and records; nil outside of tests: this machine's, and the database's where it has one. Not a setting.
	Now func() time.Time
}

// Listen is one --listen ADDR=TENANT: on Addr, that tenant's domain is localhost:PORT.
type Listen struct {
	Addr   string
	Tenant string
}

// Values of Config.Durability and Config.LogFormat.
const (
	DurabilityFull    = "full"
	DurabilityRelaxed = "relaxed"

	LogFormatAuto = "auto"
	LogFormatText = "text"
	LogFormatJSON = "json"
)

// developmentTenant is the default tenant where the base domain is localhost.
const developmentTenant = "dev"

// PostgreSQL is the URL of the PostgreSQL database; empty = the databases are SQLite's.
func (c Config) PostgreSQL() string {
	if isPostgres(c.Database) {
		return c.Database
	}
	return ""
}

// DatabaseDir is the directory of writ.db and events.db, where the databases are SQLite's.
func (c Config) DatabaseDir() string {
	if dir, ok := strings.CutPrefix(c.Database, sqlitePrefix); ok {
		return dir
	}
	return c.Data
}

// configuredPorts are the ports as configured; those that the system is to choose are 0, or not listed.
func (c Config) configuredPorts() boundPorts {
	ports := boundPorts{https: portOf(c.HTTPS), http: portOf(c.HTTP), listen: map[int]string{}}
	for _, l := range c.Listen {
		if port := portOf(l.Addr); port != 0 {
			ports.listen[port] = l.Tenant
		}
	}
	return ports
}

// instance is how the installation is reached on these ports.
func (c Config) instance(ports boundPorts) tenant.Instance {
	in := tenant.Instance{
		BaseDomain: c.BaseDomain, PublicPort: c.PublicPort, DefaultTenant: c.DefaultTenant, Listeners: ports.listen,
	}
	if in.PublicPort == 0 {
		in.PublicPort = ports.https
	}
	return in
}

// Validate holds the rules across settings. Errors: all *Fault that there are, joined.
func (c Config) Validate() error {
	var faults []error
	fault := func(setting, format string, args ...any) {
		faults = append(faults, &Fault{Setting: setting, Problem: fmt.Sprintf(format, args...)})
	}
	if c.HTTP == "" && c.HTTPS == "" {
		fault("https", "both listeners are off: give --http or --https an address")
	}
	if c.HTTPS == "" && c.PublicPort == 0 {
		fault("public-port", "without an HTTPS listener the port that callers use must be given, mostly 443")
	}
	if c.TLSCert != "" && c.TLSKey == "" {
		fault("tls-key", "is missing: --tls-cert needs the key that belongs to it")
	}
	if c.TLSKey != "" && c.TLSCert == "" {
		fault("tls-cert", "is missing: --tls-key needs the certificate that belongs to it")
	}
	if sources := c.masterKeySources(); len(sources) > 1 {
		fault(sources[1], "the master key can come from one place only, and %s names one already", sources[0])
	}
	c.validateListen(fault)
	return errors.Join(faults...)
}

// validateListen refuses addresses that are taken and domains that would be two tenants'. Port 0 clashes with nothing.
func (c Config) validateListen(fault func(setting, format string, args ...any)) {
	used := map[string]string{c.HTTP: "--http"}
	if c.HTTPS != "" {
		if c.HTTPS == c.HTTP && portOf(c.HTTPS) != 0 {
			fault("https", "%s is the address of --http: they need different ports", c.HTTPS)
		}
		used[c.HTTPS] = "--https"
	}
	in, tenants := c.instance(c.configuredPorts()), map[int]string{}
	for _, l := range c.Listen {
		port := portOf(l.Addr)
		if port == 0 {
			continue
		}
		if by, taken := used[l.Addr]; taken {
			fault("listen", "%s=%s: the address is that of %s: choose another port", l.Addr, l.Tenant, by)
		}
		used[l.Addr] = "--listen " + l.Addr + "=" + l.Tenant
		if other, taken := tenants[port]; taken && other != l.Tenant {
			fault("listen", "port %d is given to %s and to %s: localhost:%d can be one tenant's only", port, other, l.Tenant, port)
		}
		tenants[port] = l.Tenant
		if port == in.PublicPort && c.BaseDomain == localhost {
			fault("listen", "%s=%s: localhost:%d is the base domain already: choose another port", l.Addr, l.Tenant, port)
		}
	}
}

// portOf is the port of an address that parseAddress accepted; 0 for none.
func portOf(address string) int {
	_, digits, err := net.SplitHostPort(address)
	if err != nil {
		return 0
	}
	port, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return port
}
