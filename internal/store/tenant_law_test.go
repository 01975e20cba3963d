package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The law: every statement on a table that holds tenants' rows names the tenant, or is listed here with its reason.

// tenantless are the statements that may look at all tenants at once, by a distinctive part.
var tenantless = map[string]string{
	"SELECT MAX(seq) FROM (SELECT seq, ms FROM logs": "retention removes the oldest records, of whatever tenant",
	"SELECT MIN(tenant) FROM logs":                   "the size cap asks which tenants have records",
	"AVG(pg_column_size(recent.*))":                  "retention by size measures the log as a whole",

	"quota_counters AS q ":                                      "a batch counts for many tenants, each row by its whole key",
	"SELECT tenant, kind, id, born, 0, 0, 0":                    "as above",
	"FROM quota_counters WHERE day < $1":                        "counters go with their day, of whatever tenant",
	"FROM token_usage WHERE day < $1":                           "retention of usage, of whatever tenant",
	"usage_journal":                                             "a row of the journal has what one batch issued, for whatever tenants; each line names its own",
	"FROM memberships WHERE role = $1 LIMIT 1":                  "whether anybody owns anything: the first run",
	"FROM memberships WHERE operator_id = $1":                   "an operator's tenants, and what goes with an operator",
	"FROM operator_codes WHERE operator_id = $1":                "what goes with an operator",
	"FROM operator_codes WHERE kind = $1":                       "the first owner ends all set-up codes",
	"FROM operator_codes WHERE id = $1":                         "a code that was found, by its digest or in its tenant's list",
	"FROM operator_codes WHERE expires_at <= $1":                "expired codes go, of whatever tenant",
	"COALESCE(operator_id, ''), expires_at FROM operator_codes": "the beginning of two queries: by digest, which tells the tenant, and by tenant",
}

var (
	tenantTable  = regexp.MustCompile(`(?i)\b(FROM|INTO|UPDATE|JOIN)\s+(settings|clients|client_aliases|client_credentials|resource_servers|client_grants|organizations|organization_grants|network_acls|rate_limit_policies|signing_keys|encryption_keys|actions|action_versions|action_bindings|action_modules|action_module_versions|custom_domains|log_streams|token_exchange_profiles|memberships|operator_codes|logs|quota_counters|token_usage|usage_journal)\b`)
	dynamicTable = regexp.MustCompile(`(?i)\b(FROM|INTO|UPDATE|JOIN)\s+(%s|$)`)
	namesTenant  = regexp.MustCompile(`(?i)\b(t\.|rs\.)?tenant = (\$1|t\.tenant)|INTO \w+ \((seq, ms, )?tenant,`)
)

func TestGeneratedStatementsNameTheTenant(t *testing.T) {
	tables := newTables()
	statements := append(statementsOf(t, tables.clients), statementsOf(t, tables.resourceServers)...)
	statements = append(statements, statementsOf(t, tables.clientGrants)...)
	statements = append(statements, statementsOf(t, tables.credentials)...)
	statements = append(statements, statementsOf(t, tables.signingKeys)...)
	statements = append(statements, statementsOf(t, tables.encryptionKeys)...)
	statements = append(statements, statementsOf(t, tables.organizations)...)
	statements = append(statements, statementsOf(t, tables.organizationGrants)...)
	statements = append(statements, statementsOf(t, tables.networkACLs)...)
	statements = append(statements, statementsOf(t, tables.rateLimitPolicies)...)
	statements = append(statements, statementsOf(t, tables.actions)...)
	statements = append(statements, statementsOf(t, tables.actionVersions)...)
	statements = append(statements, statementsOf(t, tables.actionBindings)...)
	statements = append(statements, statementsOf(t, tables.actionModules)...)
	statements = append(statements, statementsOf(t, tables.actionModuleVersions)...)
	statements = append(statements, statementsOf(t, tables.customDomains)...)
	statements = append(statements, statementsOf(t, tables.logStreams)...)
	statements = append(statements, statementsOf(t, tables.tokenExchangeProfiles)...)
	for _, s := range statements {
		if !namesTenant.MatchString(s) {
			t.Errorf("does not name the tenant: %s", s)
		}
	}
}

// statementsOf are all statements that a table's Rows can run.
func statementsOf[T any](t *testing.T, table *table[T]) []string {
	t.Helper()
	where, args, err := table.where("acme", Query{Where: []Filter{In(table.filters[0], "x")}, After: Cursor{ID: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	if args[0] != "acme" {
		t.Errorf("%s: $1 is %v, want the tenant", table.name, args[0])
	}
	if !strings.HasPrefix(where, "t.tenant = $1") {
		t.Errorf("%s: a query begins with %q", table.name, where)
	}
	statements := []string{table.insertSQL, table.updateSQL, table.deleteSQL, table.selectSQL + where, table.countSQL + where}
	if table.secret != nil {
		statements = append(statements, table.sealedSQL, table.resealSQL)
	}
	return statements
}

// A table with a secret that a change of the data key passes over would be lost with the old key.
func TestEveryTableWithASecretIsSealedAnew(t *testing.T) {
	all := newTables()
	listed := all.sealed()
	fields := reflect.ValueOf(all)
	for i := range fields.NumField() {
		table, name := fields.Field(i), fields.Type().Field(i).Name
		hasSecret := !table.Elem().FieldByName("secret").IsNil()
		isListed := slices.ContainsFunc(listed, func(r resealer) bool { return reflect.ValueOf(r).Pointer() == table.Pointer() })
		if hasSecret != isListed {
			t.Errorf("%s: has a secret %v, is sealed anew %v", name, hasSecret, isListed)
		}
	}
}

func TestWrittenStatementsNameTheTenant(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		for _, text := range literals(t, entry.Name()) {
			if tenantTable.MatchString(text) {
				seen++
				checkLaw(t, entry.Name(), text)
			}
			// Statements whose table is put in later: table.go's are checked above, tenants.go adds its WHERE to every table.
			if dynamicTable.MatchString(text) && entry.Name() != "table.go" && text != "DELETE FROM " {
				t.Errorf("%s: a table that is put in later escapes this test: %s", entry.Name(), text)
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d statements were found: does the test still look at them?", seen)
	}
}

func checkLaw(t *testing.T, file, statement string) {
	t.Helper()
	for part := range tenantless {
		if strings.Contains(statement, part) {
			return
		}
	}
	if !namesTenant.MatchString(statement) {
		t.Errorf("%s: does not name the tenant: %s", file, statement)
	}
}

func literals(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				all = append(all, text)
			}
		}
		return true
	})
	return all
}
