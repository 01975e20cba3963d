package compat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// deployTimeout bounds one run of a0deploy: an import spends 20 s of CPU on the tool's own schemas.
const deployTimeout = 8 * time.Minute

// TestDeployCLI carries a tenant's configuration to an empty one with auth0-deploy-cli in its default configuration, without exclusions.
// The steps share their runs, because each costs many seconds: one that fails ends the test.
func TestDeployCLI(t *testing.T) {
	needNode(t)
	source, dest, dir := thisWorld.Source, thisWorld.Copy, t.TempDir()
	if err := source.configure(); err != nil {
		t.Fatal(err)
	}
	yaml, folder, again := filepath.Join(dir, "yaml", "tenant.yaml"), filepath.Join(dir, "folder"), filepath.Join(dir, "again")
	mappings := dest.objectKeywords()
	mappings["HOME"], mappings["PEM"], mappings["KEY"] = dest.Domain, deployKey, actionSecret
	text, err := json.Marshal(mappings)
	if err != nil {
		t.Fatal(err)
	}
	keywords := "AUTH0_KEYWORD_REPLACE_MAPPINGS=" + string(text)
	steps := []struct {
		name string
		run  func(t *testing.T)
	}{
		{"export to YAML", func(t *testing.T) {
			source.mustDeploy(t, nil, "export", "--format=yaml", "--output_folder="+filepath.Dir(yaml))
			exportTellsNoSecret(t, filepath.Dir(yaml))
		}},
		{"export to a directory", func(t *testing.T) {
			source.mustDeploy(t, nil, "export", "--format=directory", "--output_folder="+folder)
			exportTellsNoSecret(t, folder)
		}},
		{"import into an empty tenant, with keywords", func(t *testing.T) {
			prepareImport(t, dir, source)
			dest.mustDeploy(t, []string{keywords}, "import", "--input_file="+yaml)
		}},
		{"the copy's export is the original's", func(t *testing.T) {
			dest.mustDeploy(t, nil, "export", "--format=yaml", "--output_folder="+again)
			want, got := dest.normalExport(t, yaml), dest.normalExport(t, filepath.Join(again, "tenant.yaml"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the copy differs (-original +copy):\n%s", diff)
			}
		}},
		{"organizations come with their client grants", testDeployedOrganizations},
		{"log streams come with their secrets", testDeployedSecrets},
		{"a second import, of the directory, changes nothing", func(t *testing.T) {
			before := dest.lastLogID(t)
			dest.mustDeploy(t, []string{keywords}, "import", "--input_file="+folder)
			dest.nothingChangedSince(t, before)
		}},
		{"without keywords for secrets, the secrets stay", func(t *testing.T) {
			delete(mappings, "LOGSTREAMS_HTTP_SECRET")
			delete(mappings, "LOGSTREAMS_MIXPANEL_SECRET")
			fewer, err := json.Marshal(mappings)
			if err != nil {
				t.Fatal(err)
			}
			before := dest.lastLogID(t)
			dest.mustDeploy(t, []string{"AUTH0_KEYWORD_REPLACE_MAPPINGS=" + string(fewer), `AUTH0_INCLUDED_ONLY=["logStreams"]`}, "import", "--input_file="+folder)
			dest.nothingChangedSince(t, before)
			testDeployedSecrets(t)
		}},
		{"AUTH0_ALLOW_DELETE empties the objects", testDeployEmptiesObjects},
		{"an import of the directory brings them back", func(t *testing.T) {
			dest.mustDeploy(t, []string{keywords}, "import", "--input_file="+folder)
			dest.mustDeploy(t, nil, "export", "--format=yaml", "--output_folder="+again)
			want, got := dest.normalExport(t, yaml), dest.normalExport(t, filepath.Join(again, "tenant.yaml"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the copy differs (-original +copy):\n%s", diff)
			}
		}},
		{"AUTH0_ALLOW_DELETE deletes what is left out, AUTH0_INCLUDED_ONLY leaves the rest alone", testDeployDeletes},
		{"a broken file", func(t *testing.T) {
			dest.failsToDeploy(t, writeFile(t, "clients:\n  - name: [\n"), "Problem loading")
		}},
	}
	for _, step := range steps {
		if !t.Run(step.name, step.run) {
			return
		}
	}
}

// configure makes something of each kind that writ has.
func (t *tenant) configure() error {
	const billing, reports = "https://billing.example.com", "https://reports.example.com/v1"
	apis := []object{
		{"identifier": billing, "name": "Billing API", "scopes": []object{{"value": "read:bills", "description": "See bills"}, {"value": "write:bills"}},
			"token_lifetime": 3600, "signing_alg": "PS256", "allow_offline_access": true, "skip_consent_for_verifiable_first_party_clients": true,
			"token_dialect": "rfc9068_profile_authz", "enforce_policies": true},
		{"identifier": reports, "name": "Reports API"},
	}
	for _, api := range apis {
		if err := t.create("resource-servers", api, nil); err != nil {
			return err
		}
	}
	ids := map[string]credentials{}
	for _, c := range t.deployedClients() {
		var made credentials
		if err := t.create("clients", c, &made); err != nil {
			return err
		}
		ids[c["name"].(string)] = made
	}
	if err := t.configureOrganizations(ids["Nightly billing"], billing); err != nil {
		return err
	}
	noScope := object{"client_id": ids["Signer"].ID, "audience": reports, "scope": []string{}}
	if err := t.create("client-grants", noScope, nil); err != nil {
		return err
	}
	if err := t.configureActions(); err != nil {
		return err
	}
	if err := t.configureLimits(); err != nil {
		return err
	}
	if err := t.configureObjects(); err != nil {
		return err
	}
	return t.manage(context.Background(), http.MethodPatch, "/api/v2/tenants/settings", http.StatusOK, object{
		"friendly_name": "Acme", "support_email": "help@example.com", "session_lifetime": 24, "idle_session_lifetime": 12,
		"flags": object{"enable_apis_section": true}, "default_audience": billing,
		"default_token_quota": object{
			"clients":       object{"client_credentials": object{"enforce": false, "per_hour": 1000, "per_day": 20000}},
			"organizations": object{"client_credentials": object{"enforce": true, "per_day": 5000}},
		},
		"change_password": object{"enabled": true, "html": "<p>Change it</p>"}, "guardian_mfa_page": object{"enabled": false, "html": "<p>Prove it</p>"},
	}, nil)
}

// configureLimits says who may ask, and how often.
func (t *tenant) configureLimits() error {
	acls := []object{
		{"description": "Not from there", "active": true, "priority": 1, "rule": object{
			"match": object{"ipv4_cidrs": []string{"203.0.113.0/24"}, "user_agents": []string{"badbot"}}, "scope": "tenant", "action": object{"block": true}}},
		{"description": "Elsewhere, one day", "active": false, "priority": 2, "rule": object{
			"not_match": object{"geo_country_codes": []string{"CH"}}, "scope": "authentication",
			"action": object{"redirect": true, "redirect_uri": "https://example.com/elsewhere"}}},
	}
	for _, acl := range acls {
		if err := t.create("network-acls", acl, nil); err != nil {
			return err
		}
	}
	return t.create("rate-limit-policies", object{"resource": "oauth_authentication_api", "consumer": "client",
		"consumer_selector": "third_party_clients", "configuration": object{"action": "block", "limit": 10}}, nil)
}

// deployedClients are one for each way to authenticate.
func (t *tenant) deployedClients() []object {
	return []object{
		{"name": "Nightly billing", "description": "Runs at night", "app_type": "non_interactive", "grant_types": []string{"client_credentials"},
			"client_metadata": object{"home": "https://" + t.Domain + "/jobs", "team": "payroll"}, "oidc_conformant": true,
			"jwt_configuration":          object{"alg": "RS256", "lifetime_in_seconds": 7200},
			"token_endpoint_auth_method": "client_secret_basic", "organization_usage": "allow",
			"token_quota": object{"client_credentials": object{"enforce": true, "per_hour": 10, "per_day": 100}}},
		{"name": "Console", "app_type": "spa", "callbacks": []string{"https://console.example.com/back"}, "token_endpoint_auth_method": "none"},
		{"name": "Signer", "app_type": "non_interactive", "grant_types": []string{"client_credentials"},
			"client_authentication_methods": object{"private_key_jwt": object{"credentials": []object{
				{"name": "release", "credential_type": "public_key", "pem": deployKey},
			}}}},
	}
}

// deployKey is a public key whose other half nobody has.
const deployKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4WO2TkVIw7FLAesjZ7ce
XpgshlwyI/F5KLJeW69aq88b/+iqknvl2LrvuGA2YFx803s8+LzdoRZkxZRUcm4c
DVaoLwSlcKPuhtUmEudqlhaTJiDmxmbagNU3ltZRMN7f6XhhPyfpFRbGqo5z1+9Q
Ix86Fz9sUF+gewMCAGyjVqTttnInsLzbaJSFxik+8bXTJf9VjOJh5npMSFwVrVio
lAbA9ZQDhNwsJ74tfXqPdO5s2BQBxlqATKhoFq6zahXaep8C7sBxRENPDugc3Dtr
E1A8Fnspp847FnKghx2sww/WdQO9C6RMjpHGrUgrSYQqkMbgSiaDdRGDBS754Xn3
/wIDAQAB
-----END PUBLIC KEY-----
`

// prepareImport does to exported files what their owner does before an import elsewhere: the domain becomes a keyword, and the credential
// and the secret of an Action get what no export tells. @@ is the tool's keyword for a value, ## for a text in one.
func prepareImport(t *testing.T, dir string, from tenant) {
	t.Helper()
	editFiles(t, dir, func(file, text string) string {
		text = strings.ReplaceAll(strings.ReplaceAll(text, from.loginOf(), "##LOGIN##"), from.Domain, "##HOME##")
		if filepath.Ext(file) == ".json" {
			text = strings.ReplaceAll(text, `"name": "apiKey"`, `"name": "apiKey", "value": "##KEY##"`)
			return strings.ReplaceAll(text, `"name": "release"`, `"name": "release", "pem": @@PEM@@`)
		}
		text = strings.ReplaceAll(text, "- name: apiKey\n", "- name: apiKey\n        value: '##KEY##'\n")
		return strings.ReplaceAll(text, "- name: release\n", "- name: release\n            pem: @@PEM@@\n")
	})
}

func editFiles(t *testing.T, dir string, edit func(file, text string) string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(file, []byte(edit(file, string(text))), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func exportTellsNoSecret(t *testing.T, dir string) {
	t.Helper()
	files := 0
	editFiles(t, dir, func(file, text string) string {
		files++
		for _, secret := range []string{thisWorld.Source.Management.Secret, "client_secret:", `"client_secret"`, "BEGIN PRIVATE", actionSecret, sinkSecret} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %q", file, secret)
			}
		}
		return text
	})
	if files == 0 {
		t.Errorf("nothing was exported to %s", dir)
	}
}

// normalExport is an export with what belongs to the place, not to the configuration, taken out.
func (t *tenant) normalExport(test *testing.T, file string) string {
	test.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		test.Fatal(err)
	}
	own := regexp.MustCompile(`(?m)((?:record|created_at|updated_at): ).*$`).ReplaceAllString(string(text), "${1}##OWN##")
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(own, t.loginOf(), "##LOGIN##"), t.Domain, "##HOME##"), "\n")
	return inOrder(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "pem: ") || strings.Contains(line, "##KEY##") }))
}

// inOrder sorts the items of each list at the top of an export: the tool makes several at a time, so that they come back in any order.
func inOrder(lines []string) string {
	var out, items []string
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "  - "):
			items = append(items, line)
		case strings.HasPrefix(line, " ") && len(items) > 0:
			items[len(items)-1] += "\n" + line
		default:
			slices.Sort(items)
			out, items = append(append(out, items...), line), nil
		}
	}
	slices.Sort(items)
	return strings.Join(append(out, items...), "\n")
}

// lastLogID is the newest record's.
func (t *tenant) lastLogID(test *testing.T) string {
	test.Helper()
	var newest []struct {
		LogID string `json:"log_id"`
	}
	if err := t.manage(test.Context(), http.MethodGet, "/api/v2/logs?per_page=1&sort=date:-1", http.StatusOK, nil, &newest); err != nil || len(newest) != 1 {
		test.Fatal(newest, err)
	}
	return newest[0].LogID
}

// nothingChangedSince reads the log: a write that changed something has a record with a difference.
func (t *tenant) nothingChangedSince(test *testing.T, id string) {
	test.Helper()
	token, err := t.requestToken(test.Context(), t.Management, t.Audience)
	if err != nil {
		test.Fatal(err)
	}
	writes := 0
	for {
		var page []struct {
			LogID       string `json:"log_id"`
			Type        string `json:"type"`
			Description string `json:"description"`
			Details     struct {
				Request struct {
					Method string `json:"method"`
					Path   string `json:"path"`
				} `json:"request"`
				Diff json.RawMessage `json:"diff"`
			} `json:"details"`
		}
		if err := t.call(test.Context(), token, http.MethodGet, "/api/v2/logs?take=100&from="+id, http.StatusOK, nil, &page); err != nil {
			test.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, record := range page {
			switch {
			case record.Type == "fapi":
				test.Errorf("refused: %s %s: %s", record.Details.Request.Method, record.Details.Request.Path, record.Description)
			case record.Type == "sapi":
				writes++
				if record.Details.Diff != nil {
					test.Errorf("%s %s changed %s", record.Details.Request.Method, record.Details.Request.Path, record.Details.Diff)
				}
			}
			id = record.LogID
		}
	}
	if writes == 0 {
		test.Error("the import wrote nothing at all")
	}
}

// testDeployDeletes imports a file that leaves out an API, renames the other by a keyword, and says nothing true about clients.
func testDeployDeletes(t *testing.T) {
	dest := thisWorld.Copy
	before, err := dest.names("clients?is_global=false")
	if err != nil {
		t.Fatal(err)
	}
	file := writeFile(t, "resourceServers:\n  - name: '##API##'\n    identifier: https://billing.example.com\nclients: []\n")
	dest.mustDeploy(t, []string{
		`AUTH0_INCLUDED_ONLY=["resourceServers"]`, "AUTH0_ALLOW_DELETE=true", `AUTH0_KEYWORD_REPLACE_MAPPINGS={"API":"Invoices API"}`,
	}, "import", "--input_file="+file)
	apis, err := dest.names("resource-servers")
	if want := []string{"Auth0 Management API", "Invoices API"}; err != nil || !slices.Equal(apis, want) {
		t.Errorf("APIs %v, %v, want %v", apis, err, want)
	}
	if after, err := dest.names("clients?is_global=false"); err != nil || !slices.Equal(after, before) {
		t.Errorf("clients %v, %v, want %v", after, err, before)
	}
}

// names are those of a list's items.
func (t *tenant) names(list string) ([]string, error) {
	var items []struct {
		Name string `json:"name"`
	}
	err := t.manage(context.Background(), http.MethodGet, "/api/v2/"+list, http.StatusOK, nil, &items)
	var names []string
	for _, item := range items {
		names = append(names, item.Name)
	}
	return names, err
}

func (t *tenant) mustDeploy(test *testing.T, environ []string, args ...string) {
	test.Helper()
	if out, err := t.a0deploy(test, environ, args...); err != nil {
		test.Fatalf("a0deploy %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (t *tenant) failsToDeploy(test *testing.T, file, want string) {
	test.Helper()
	out, err := t.a0deploy(test, nil, "import", "--input_file="+file)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(out, want) || strings.Contains(out, "    at ") {
		test.Errorf("%v, want %q and no stack\n%s", err, want, out)
	}
}

// a0deploy runs the tool with nothing configured but where the tenant is and who asks.
func (t *tenant) a0deploy(test *testing.T, environ []string, args ...string) (string, error) {
	test.Helper()
	program, err := filepath.Abs("node/node_modules/auth0-deploy-cli/lib/index.js")
	if err != nil {
		test.Fatal(err)
	}
	world, err := thisWorld.environ()
	if err != nil {
		test.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(test.Context(), deployTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{program}, args...)...)
	cmd.Dir = test.TempDir()
	cmd.Env = append(append(world, "NODE_EXTRA_CA_CERTS="+thisWorld.CA,
		"AUTH0_DOMAIN="+t.Domain, "AUTH0_CLIENT_ID="+t.Management.ID, "AUTH0_CLIENT_SECRET="+t.Management.Secret), environ...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tenant.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
