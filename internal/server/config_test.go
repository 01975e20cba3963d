package server

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/tenant"
)

var update = flag.Bool("update", false, "write golden files")

// load runs LoadConfig with command-line arguments, variables, and a configuration file unless that is empty.
func load(t *testing.T, args, environ []string, yaml string) (Config, []string, error) {
	t.Helper()
	if yaml != "" {
		path := filepath.Join(t.TempDir(), "writ.yaml")
		if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		environ = append(environ, "WRIT_CONFIG="+path)
	}
	fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	AddFlags(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return LoadConfig(fs, environ)
}

func TestDefaults(t *testing.T) {
	want := Config{
		Data: "./writ-data", HTTP: "127.0.0.1:8080", HTTPS: "127.0.0.1:8443", BaseDomain: "localhost", DefaultTenant: "dev",
		Durability: "full", LogRetention: 30 * 24 * time.Hour, LogMaxSize: 10 << 30, CacheClients: 50_000, Signer: "auto",
		APILimits: map[tenant.Environment]limit.Rate{
			tenant.Development: {Burst: 2000, Refill: 200, Every: time.Second}, tenant.Staging: {Burst: 2000, Refill: 200, Every: time.Second},
			tenant.Production: {Burst: 5000, Refill: 500, Every: time.Second},
		},
		LogFormat: "auto", DrainDelay: time.Second, DrainTimeout: 20 * time.Second,
	}
	if diff := cmp.Diff(want, DefaultConfig()); diff != "" {
		t.Error(diff)
	}
}

// Every setting must reach its field from each of its three places.
func TestEverySettingFromEveryPlace(t *testing.T) {
	values := map[string]string{
		"data": "/d", "database": "sqlite:/db", "http": "off", "https": ":443", "base-domain": "auth.example.com",
		"public-port": "444", "tls-cert": "/c", "tls-key": "/k", "trusted-proxies": "10.0.0.0/8,::1", "default-tenant": "acme",
		"listen": ":9443=acme,127.0.0.1:9444=beta", "durability": "relaxed", "log-retention": "7d", "log-max-size": "5MB",
		"master-key-file": "/m", "cache-clients": "7", "api-limit-development": "off", "api-limit-staging": "1/m:3", "api-limit-production": "2/h", "signer": "go", "log-level": "debug", "log-format": "json", "drain-delay": "7s", "drain-timeout": "1m",
	}
	want := Config{
		Data: "/d", Database: "sqlite:/db", HTTPS: ":443", BaseDomain: "auth.example.com", PublicPort: 444, TLSCert: "/c", TLSKey: "/k",
		TrustedProxies: []string{"10.0.0.0/8", "::1"}, DefaultTenant: "acme",
		Listen:     []Listen{{":9443", "acme"}, {"127.0.0.1:9444", "beta"}},
		Durability: "relaxed", LogRetention: 7 * 24 * time.Hour, LogMaxSize: 5_000_000, MasterKeyFile: "/m", CacheClients: 7, Signer: "go",
		LogLevel: -4, LogFormat: "json", DrainDelay: 7 * time.Second, DrainTimeout: time.Minute,
		APILimits: map[tenant.Environment]limit.Rate{
			tenant.Development: {}, tenant.Staging: {Burst: 3, Refill: 1, Every: time.Minute}, tenant.Production: {Burst: 2, Refill: 2, Every: time.Hour},
		},
	}
	var args, environ []string
	var yaml strings.Builder
	for _, s := range settings() {
		v, ok := values[s.name]
		if s.name == "config" || s.name == "master-key" || s.name == "master-key-command" {
			continue // see TestMasterKeySources
		}
		if !ok {
			t.Fatalf("setting %s is not tested", s.name)
		}
		args = append(args, "--"+s.name+"="+v)
		environ = append(environ, s.env()+"="+v)
		yaml.WriteString(s.name + ": '" + v + "'\n")
	}
	for place, run := range map[string]func() (Config, []string, error){
		"flags":       func() (Config, []string, error) { return load(t, args, nil, "") },
		"environment": func() (Config, []string, error) { return load(t, nil, environ, "") },
		"file":        func() (Config, []string, error) { return load(t, nil, nil, yaml.String()) },
	} {
		got, warnings, err := run()
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v, warnings %v", place, err, warnings)
		}
		if (len(got.Redefine) > 0) != (place == "flags") {
			t.Errorf("%s: settings given as flags are said to be %v", place, got.Redefine)
		}
		got.ConfigFile, got.Redefine = "", nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", place, diff)
		}
	}
}

func TestPrecedence(t *testing.T) {
	yaml := "cache-clients: 3\nlog-level: error\ndurability: relaxed\nlog-format:\nlisten: [':9443=file-a', ':9444=file-b']\n"
	environ := []string{"WRIT_CACHE_CLIENTS=2", "WRIT_LOG_LEVEL=warn", "WRIT_DURABILITY=", "PATH=/bin"}
	c, warnings, err := load(t, []string{"--cache-clients=9", "--cache-clients=1", "--listen=:9445=flag"}, environ, yaml)
	if err != nil || len(warnings) > 0 {
		t.Fatalf("%v, warnings %v", err, warnings)
	}
	if c.CacheClients != 1 {
		t.Errorf("cache-clients = %d: a flag beats the environment, and the last flag counts", c.CacheClients)
	}
	if c.LogLevel.String() != "WARN" {
		t.Errorf("log-level = %s: the environment beats the file", c.LogLevel)
	}
	if c.Durability != "relaxed" {
		t.Errorf("durability = %s: an empty variable is not set, so the file counts", c.Durability)
	}
	if c.LogFormat != "auto" {
		t.Errorf("log-format = %s: null in the file is not set", c.LogFormat)
	}
	if diff := cmp.Diff([]Listen{{":9445", "flag"}}, c.Listen); diff != "" {
		t.Errorf("a list of a higher place replaces that of a lower one:\n%s", diff)
	}
}

func TestDefaultTenant(t *testing.T) {
	for rule, test := range map[string]struct {
		args []string
		want string
	}{
		"dev where the base domain is localhost": {nil, "dev"},
		"none elsewhere":                         {[]string{"--base-domain=auth.example.com"}, ""},
		"given elsewhere":                        {[]string{"--base-domain=auth.example.com", "--default-tenant=acme"}, "acme"},
		"none on localhost if set to nothing":    {[]string{"--default-tenant="}, ""},
	} {
		c, _, err := load(t, test.args, nil, "")
		if err != nil || c.DefaultTenant != test.want {
			t.Errorf("%s: got %q, %v; want %q", rule, c.DefaultTenant, err, test.want)
		}
	}
}

// Each value is wrong; the message must name the setting, its source and the fix, which the fragment stands for.
func TestFaults(t *testing.T) {
	for _, test := range []struct{ arg, fragment string }{
		{"--data=", "data (from --data): is empty"},
		{"--database=postgres://u:hunter2@db:port/writ", "database (from --database): "},
		{"--database=postgres://u:hunter2@db/writ?pool_max_conns=1", "pool_max_conns=1: want at least 4"},
		{"--database=mysql://x", "want sqlite, sqlite:DIR, or postgres://"},
		{"--http=8080", "want HOST:PORT"},
		{"--https=:70000", "want a whole number from 0 to 65535"},
		{"--base-domain=127.0.0.1", "is an address: use a DNS name"},
		{"--base-domain=a.example:8443", "the port is --public-port"},
		{"--base-domain=a.example.", "leave it out"},
		{"--base-domain=Auth.example", `write "auth.example"`},
		{"--base-domain=a b", "is not a DNS name"},
		{"--public-port=0", "want a whole number from 1 to 65535"},
		{"--trusted-proxies=10.0.0.1/8", "did you mean 10.0.0.0/8?"},
		{"--trusted-proxies=lb.internal", "neither an address nor a network"},
		{"--default-tenant=-x-", "must not begin or end with a hyphen"},
		{"--listen=:9443", "want ADDR=TENANT"},
		{"--listen=9443=acme", "want HOST:PORT"},
		{"--listen=:9443=A", "want 3 to 63"},
		{"--durability=fast", "want full, relaxed"},
		{"--log-retention=30", "want for example 30d"},
		{"--log-retention=5m", "want at least 1h"},
		{"--log-max-size=ten", "want for example 500MB"},
		{"--cache-clients=0", "want a whole number from 1"},
		{"--signer=boringssl", "want auto, go, openssl"},
		{"--log-level=loud", "want debug, info, warn or error"},
		{"--log-format=xml", "want auto, text, json"},
		{"--drain-timeout=-1s", "want for example 30d"},
		{"--tls-cert=/c", "tls-key: is missing"},
		{"--tls-key=/k", "tls-cert: is missing"},
		{"--https=off", "public-port: without an HTTPS listener"},
		{"--https=127.0.0.1:8080", "they need different ports"},
		{"--listen=127.0.0.1:8443=acme", "the address is that of --https"},
		{"--listen=127.0.0.2:8443=acme", "localhost:8443 is the base domain already"},
		{"--listen=127.0.0.1:9443=acme,127.0.0.2:9443=beta", "localhost:9443 can be one tenant's only"},
		{"--config=/does/not/exist.yaml", "/does/not/exist.yaml: "},
	} {
		_, _, err := load(t, []string{test.arg}, nil, "")
		if err == nil || !strings.Contains(err.Error(), test.fragment) {
			t.Errorf("%s: %v; want %q", test.arg, err, test.fragment)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the message repeats a password: %v", test.arg, err)
		}
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, warnings, err := load(t, []string{"--log-level=loud", "--https=off", "--http=off"},
		[]string{"WRIT_CACHE_CLIENTS=many", "WRIT_BASEDOMAIN=x", "WRIT_SECRET=canary"},
		"durability: fast\nbase_domain: x\nhttp.addr: y\nconfig: z\nlisten: {a: b}\nlog-format: [text, json]\n")
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{
		"log-level (from --log-level):", "cache-clients (from WRIT_CACHE_CLIENTS):", "writ.yaml): \"fast\"",
		`writ.yaml: unknown setting "base_domain"; did you mean "base-domain"?`, `unknown setting "http.addr"`,
		"config cannot be set in the file itself", "listen: want a value or a list of values", "log-format (from ", "is a list: want one value",
		"https (from --https): both listeners are off", "public-port: without",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among the faults:\n%v", want, err)
		}
	}
	wantWarnings := []string{
		"WRIT_BASEDOMAIN is no setting of writ and is ignored; did you mean WRIT_BASE_DOMAIN?",
		"WRIT_SECRET is no setting of writ and is ignored",
	}
	if diff := cmp.Diff(wantWarnings, warnings); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenFiles(t *testing.T) {
	for _, yaml := range []string{"just text", "a: [", "durability: full\ndurability: relaxed\n", "- a\n- b\n"} {
		if _, _, err := load(t, nil, nil, yaml); err == nil || !strings.Contains(err.Error(), "writ.yaml: ") {
			t.Errorf("%q: %v; want a fault that names the file", yaml, err)
		}
	}
}

func TestSomeFlags(t *testing.T) {
	fs := pflag.NewFlagSet("tenant create", pflag.ContinueOnError)
	AddFlags(fs, "data", "database")
	if fs.Lookup("data") == nil || fs.Lookup("https") != nil {
		t.Fatal("a command has the flags it names and no others")
	}
	if err := fs.Parse([]string{"--data=/x"}); err != nil {
		t.Fatal(err)
	}
	c, _, err := LoadConfig(fs, []string{"WRIT_BASE_DOMAIN=auth.example.com"})
	if err != nil || c.Data != "/x" || c.BaseDomain != "auth.example.com" {
		t.Errorf("%+v, %v: settings without a flag still come from the environment", c, err)
	}
}

func TestInstance(t *testing.T) {
	c, _, err := load(t, []string{"--listen=:9443=acme", "--listen=127.0.0.1:0=beta"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	in := c.instance(c.configuredPorts())
	if in.PublicPort != 8443 || in.DefaultTenant != "dev" || in.BaseDomain != "localhost" {
		t.Errorf("%+v: the public port is that of --https by default", in)
	}
	if diff := cmp.Diff(map[int]string{9443: "acme"}, in.Listeners); diff != "" {
		t.Error(diff)
	}
	if c, _, _ = load(t, []string{"--public-port=443"}, nil, ""); c.instance(c.configuredPorts()).PublicPort != 443 {
		t.Error("--public-port is not the public port")
	}
}

func TestReferencePage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "configuration.md")
	if *update {
		if err := os.WriteFile(path, ReferencePage(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, ReferencePage()) {
		t.Error("docs/configuration.md is stale: go test ./internal/server -run TestReferencePage -update")
	}
}

// The example of the reference page must be a configuration that loads.
func TestReferenceExample(t *testing.T) {
	_, rest, _ := strings.Cut(referenceUnits, "```yaml")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("no example on the reference page")
	}
	c, _, err := load(t, nil, nil, example)
	if err != nil || c.PublicPort != 443 || c.LogRetention != 90*24*time.Hour {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "0s": 0, "30d": 720 * time.Hour, "1d12h": 36 * time.Hour, "1h30m": 90 * time.Minute, "0d": 0,
		"": -1, "d": -1, "-1d": -1, "1.5d": -1, "1d-1h": -1, "30": -1, "1d2d": -1, "99999999d": -1,
	} {
		got, err := parseDuration(s)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("parseDuration(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
}

func TestParseSize(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "17": 17, "17B": 17, "5MB": 5e6, "5 MiB": 5 << 20, "10GiB": 10 << 30, "1kb": 1000, "2TB": 2e12, "3KiB": 3072, "1TiB": 1 << 40,
		"": -1, "GB": -1, "-1": -1, "1.5GB": -1, "9223372036854775807kB": -1, "5 apples": -1,
	} {
		got, err := parseSize(s)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("parseSize(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
}
