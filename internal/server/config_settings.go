package server

import (
	"fmt"
	"strings"

	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/middleware"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// setting is one row of the table behind flags, environment, file and reference page.
type setting struct {
	// name is the flag and the key of the file; the variable follows from it.
	name string
	// kind is the placeholder that help and reference show for a value.
	kind string
	// def is the default as text; many-valued settings have none.
	def string
	// defNote describes a default that depends on other settings; empty = def says it all.
	defNote string
	help    string
	// many marks settings that are lists: flags repeat, text is split at commas.
	many bool
	// envOnly marks secrets: neither arguments, which every user of the machine sees, nor the file.
	envOnly bool
	// set parses values (exactly one unless many) into c. Its errors say what is wrong and what is wanted.
	set func(c *Config, values []string) error
}

// env is the setting's environment variable.
func (s setting) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

const envPrefix = "WRIT_"

// settings is the table, in the order of the reference page.
func settings() []setting {
	return []setting{
		{name: "config", kind: "FILE", help: "YAML file with settings, keys as on this page", set: text(func(c *Config) *string { return &c.ConfigFile })},
		{name: "data", kind: "DIR", def: "./writ-data", help: "directory of the databases, the master key and the local CA; made if it is not there",
			set: one(func(c *Config, v string) error { return nonEmpty(&c.Data, v) })},
		{name: "database", kind: "URL", defNote: "SQLite in the data directory", help: "where the databases are: `sqlite`, `sqlite:DIR` for another directory, or `postgres://USER:PASSWORD@HOST/NAME`",
			set: one(setDatabase)},
		{name: "http", kind: "ADDR", def: "127.0.0.1:8080", help: "plain HTTP listener: health, metrics, and the APIs for trusted proxies and loopback; `off` = none",
			set: one(func(c *Config, v string) error { return setAddress(&c.HTTP, v) })},
		{name: "https", kind: "ADDR", def: "127.0.0.1:8443", help: "public HTTPS listener, HTTP/2 and 1.1; `off` = none",
			set: one(func(c *Config, v string) error { return setAddress(&c.HTTPS, v) })},
		{name: "base-domain", kind: "HOST", def: localhost, help: "host below which tenants live: NAME.HOST", set: one(setBaseDomain)},
		{name: "public-port", kind: "PORT", defNote: "the port of `https`", help: "port in domains and issuers, as callers see it; 443 is left out of them",
			set: one(setPublicPort)},
		{name: "tls-cert", kind: "FILE", defNote: "certificates of the local CA", help: "PEM certificate chain of the HTTPS listeners; read again when it changes",
			set: text(func(c *Config) *string { return &c.TLSCert })},
		{name: "tls-key", kind: "FILE", help: "PEM key of `tls-cert`", set: text(func(c *Config) *string { return &c.TLSKey })},
		{name: "trusted-proxies", kind: "NET", many: true, defNote: "none", help: "addresses or networks of reverse proxies whose X-Forwarded-For, -Host and -Proto count; they must overwrite X-Forwarded-Host with the Host they were called by, because it names the tenant",
			set: setTrustedProxies},
		{name: "default-tenant", kind: "NAME", defNote: "`dev` where `base-domain` is localhost, else none", help: "tenant that the base domain itself answers as", set: one(setDefaultTenant)},
		{name: "listen", kind: "ADDR=TENANT", many: true, defNote: "none", help: "one more HTTPS listener, on which that tenant's domain is localhost:PORT", set: setListen},
		{name: "durability", kind: "MODE", def: DurabilityFull, help: "`full`: every commit is on disk before the answer; `relaxed`: a power cut may lose the last moments",
			set: oneOf(func(c *Config) *string { return &c.Durability }, DurabilityFull, DurabilityRelaxed)},
		{name: "log-retention", kind: "DURATION", def: "30d", help: "how long tenant log records are kept; at least 1h", set: one(setLogRetention)},
		{name: "log-max-size", kind: "SIZE", def: "10GiB", help: "about what tenant logs may take; beyond it records go early, the oldest of the tenant that takes most first; 0 = no cap",
			set: one(func(c *Config, v string) (err error) { c.LogMaxSize, err = parseSize(v); return err })},
		{name: "master-key-file", kind: "FILE", defNote: "`master.key` in the data directory", help: "file with the master key that seals all secrets; must exist if given",
			set: text(func(c *Config) *string { return &c.MasterKeyFile })},
		{name: "master-key", kind: "BASE64", envOnly: true, help: "the master key itself",
			set: one(func(c *Config, v string) error { c.MasterKey = tenant.Secret(v); return nil })},
		{name: "master-key-command", kind: "COMMAND", help: "command of the shell that prints the master key, within 30 s",
			set: text(func(c *Config) *string { return &c.MasterKeyCommand })},
		{name: "cache-clients", kind: "N", def: "50000", help: "clients that the token path keeps in memory",
			set: one(func(c *Config, v string) (err error) { c.CacheClients, err = parseCount(v, 1, 10_000_000); return err })},
		apiLimit(tenant.Development, "200/s:2000"),
		apiLimit(tenant.Staging, "200/s:2000"),
		apiLimit(tenant.Production, "500/s:5000"),
		{name: "signer", kind: "NAME", def: signing.EngineAuto, help: "what signs with RSA keys: `go`, `openssl` (libcrypto.so.3 of this machine), or `auto`: the quickest of those that pass a self-test",
			set: oneOf(func(c *Config) *string { return &c.Signer }, signing.EngineAuto, signing.EngineGo, signing.EngineOpenSSL)},
		{name: "log-level", kind: "LEVEL", def: "info", help: "least level of the server's own log: debug, info, warn or error", set: one(setLogLevel)},
		{name: "log-format", kind: "FORMAT", def: LogFormatAuto, help: "`text`, `json`, or `auto`: text on a terminal, else json",
			set: oneOf(func(c *Config) *string { return &c.LogFormat }, LogFormatAuto, LogFormatText, LogFormatJSON)},
		{name: "drain-delay", kind: "DURATION", def: "1s", help: "how long a stopping server goes on taking requests, while `/readyz` says 503 and each answer ends its connection; behind a load balancer: longer than that takes to notice",
			set: one(func(c *Config, v string) (err error) { c.DrainDelay, err = parseDuration(v); return err })},
		{name: "drain-timeout", kind: "DURATION", def: "20s", help: "how long a stopping server waits for requests under way",
			set: one(func(c *Config, v string) (err error) { c.DrainTimeout, err = parseDuration(v); return err })},
	}
}

// apiLimit is the setting of one environment tag.
func apiLimit(tag tenant.Environment, def string) setting {
	return setting{
		name: "api-limit-" + string(tag), kind: "RATE", def: def,
		help: "Management API of a tenant tagged " + string(tag) + ": requests to each family of endpoints, on each node",
		set: one(func(c *Config, v string) error {
			rate, err := limit.ParseRate(v)
			if c.APILimits == nil {
				c.APILimits = map[tenant.Environment]limit.Rate{}
			}
			c.APILimits[tag] = rate
			return err
		}),
	}
}

// one adapts a setter of a single value.
func one(set func(c *Config, value string) error) func(*Config, []string) error {
	return func(c *Config, values []string) error { return set(c, values[0]) }
}

// text stores a value as it is.
func text(field func(c *Config) *string) func(*Config, []string) error {
	return one(func(c *Config, v string) error { *field(c) = v; return nil })
}

// oneOf stores a value that is among those allowed.
func oneOf(field func(c *Config) *string, allowed ...string) func(*Config, []string) error {
	return one(func(c *Config, v string) error {
		for _, a := range allowed {
			if v == a {
				*field(c) = v
				return nil
			}
		}
		return fmt.Errorf("%q: want %s", v, strings.Join(allowed, ", "))
	})
}

func nonEmpty(field *string, v string) error {
	if v == "" {
		return fmt.Errorf("is empty")
	}
	*field = v
	return nil
}

func setDatabase(c *Config, v string) error {
	dir, isDir := strings.CutPrefix(v, sqlitePrefix)
	switch {
	case v == "" || v == "sqlite":
		c.Database = ""
	case isDir && dir != "":
		c.Database = v
	case isPostgres(v):
		c.Database = v
		return store.ValidateDatabase(v)
	default:
		return fmt.Errorf("not a database: want sqlite, sqlite:DIR, or postgres://USER:PASSWORD@HOST/NAME")
	}
	return nil
}

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

func setAddress(field *string, v string) error {
	if v == "off" {
		*field = ""
		return nil
	}
	if err := checkAddress(v); err != nil {
		return err
	}
	*field = v
	return nil
}

func setBaseDomain(c *Config, v string) error {
	if err := domains.ValidateBaseDomain(v); err != nil {
		return err
	}
	c.BaseDomain = v
	return nil
}

func setPublicPort(c *Config, v string) (err error) {
	if v == "" {
		return nil
	}
	c.PublicPort, err = parseCount(v, 1, 65535)
	return err
}

func setTrustedProxies(c *Config, values []string) (err error) {
	_, err = middleware.ParseProxies(values)
	c.TrustedProxies = values
	return err
}

func setDefaultTenant(c *Config, v string) error {
	if v != "" {
		if err := tenant.ValidateName(v); err != nil {
			return err
		}
	}
	c.DefaultTenant = v
	return nil
}

func setListen(c *Config, values []string) error {
	var list []Listen
	for _, v := range values {
		address, name, ok := strings.Cut(v, "=")
		if !ok {
			return fmt.Errorf("%q: want ADDR=TENANT, such as 127.0.0.1:9443=acme", v)
		}
		if err := checkAddress(address); err != nil {
			return err
		}
		if err := tenant.ValidateName(name); err != nil {
			return err
		}
		list = append(list, Listen{Addr: address, Tenant: name})
	}
	c.Listen = list
	return nil
}

func setLogRetention(c *Config, v string) (err error) {
	c.LogRetention, err = parseDuration(v)
	if err == nil && c.LogRetention < minLogRetention {
		err = fmt.Errorf("%q is too short: want at least %s", v, minLogRetention)
	}
	return err
}

func setLogLevel(c *Config, v string) error {
	switch v {
	case "debug", "info", "warn", "error":
		return c.LogLevel.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("%q: want debug, info, warn or error", v)
}
