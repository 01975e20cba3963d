package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/writ-auth/writ/"

// laws says which packages of this module each package may import, outside its tests. The tree is a design: a line here is a
// decision, and its reason stands beside it.
var laws = []struct {
	pkg    string
	may    []string
	reason string
}{
	{"internal/tenant", nil, "the nouns depend on nothing, so that everything may depend on them"},
	{"internal/oauth", []string{"internal/tenant"}, "the protocol's words speak of the nouns only"},
	{"internal/seal", nil, "sealing knows keys and bytes, not what they protect"},
	{"internal/admission", []string{"internal/oauth"}, "who is let in depends on how busy the server is, and on nothing else"},
	{"internal/clientauth", room, "rooms know neither each other nor where objects are stored: each is read and tested alone"},
	{"internal/grant", room, "as above"},
	{"internal/signing", append(slices.Clone(room), "internal/signing/openssl"), "as above; the shim is a part of it"},
	{"internal/signing/openssl", nil, "bytes and keys in, signatures out: all of C stands here"},
	{"internal/action", room, "as above"},
	{"internal/eventlog", []string{"internal/tenant"}, "the log's values and queries; the store runs them"},
	{"internal/token", room, "the pipeline names its rooms by interfaces of its own"},
	{"internal/discovery", []string{"internal/oauth", "internal/signing", "internal/tenant"}, "public metadata of the keys"},
	{"internal/limit", room, "the room of limits, and rates that others count by, too"},
	{"internal/admin", []string{"internal/limit", "internal/tenant"}, "people: pages, bearers and rows are other packages' business"},
	{"internal/rest", []string{"internal/limit", "internal/tenant"}, "the manners of the Management API, without its resources"},
	{"internal/mgmt", []string{"internal/action", "internal/eventlog", "internal/limit", "internal/oauth", "internal/rest", "internal/signing", "internal/store", "internal/tenant"},
		"one file per resource over the store; no token path"},
	{"internal/web", []string{"internal/admin", "internal/limit", "internal/tenant"}, "pages: data only through the Management API and the operators, never the store"},
	{"internal/domains", []string{"internal/tenant"}, "authorities and certificates"},
	{"internal/store", []string{"internal/seal", "internal/tenant"}, "SQL lives here and knows only the nouns"},
	{"internal/store/storetest", []string{"internal/seal", "internal/store", "internal/tenant"}, "the store's specification"},
	{"internal/store/pgtest", nil, "starts PostgreSQL for tests; knows nothing of the store"},
	{"internal/middleware", nil, "HTTP manners that know nothing of writ"},
	{"internal/server", anything, "the composition root: every dependency is visible in it and nowhere else"},
	{"internal/cli", []string{"internal/server", "internal/tenant"},
		"commands speak HTTP like everybody else, or call server"},
	{"internal/httpscript", nil, "a form of test, used by several suites"},
	{"internal/testenv", []string{"internal/server", "internal/signing", "internal/tenant"}, "boots a real server for tests"},
	{"internal/testenv/race", nil, "what tests of any package ask before they take minutes"},
	{"cmd/writ", []string{"internal/cli"}, "main is a door, not a room"},
}

var (
	room     = []string{"internal/oauth", "internal/tenant"}
	anything = []string{"*"}
)

// reserved are imports that only the named packages may have.
var reserved = []struct {
	prefix string
	only   []string
	reason string
}{
	{"database/sql", []string{"internal/store"}, "SQL is in one package, so that tenant isolation is checked in one place"},
	{"modernc.org/sqlite", []string{"internal/store"}, "the engine is the store's secret"},
	{"github.com/jackc/pgx", []string{"internal/store"}, "the engine is the store's secret"},
	{"github.com/caddyserver/certmagic", []string{"internal/domains", "internal/server", "internal/store"}, "certificates have one owner"},
	{"github.com/tink-crypto", []string{"internal/seal"}, "sealing has one owner"},
	{"C", []string{"internal/signing/openssl"}, "memory that Go does not look after has one owner, of 150 lines"},
	{"math/rand", nil, "every identifier and secret is drawn from crypto/rand"},
	{"github.com/stretchr", nil, "tests use the standard library and go-cmp"},
}

// noHTTP are the rooms: they see values, never a request.
var noHTTP = []string{"internal/tenant", "internal/admin", "internal/oauth", "internal/admission", "internal/clientauth", "internal/grant", "internal/signing", "internal/eventlog", "internal/limit", "internal/action", "internal/seal", "internal/store"}

type goFile struct {
	dir, name string
	ast       *ast.File
}

func (f goFile) test() bool { return strings.HasSuffix(f.name, "_test.go") }

func (f goFile) imports() []string {
	var paths []string
	for _, spec := range f.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	root := os.DirFS("..")
	for _, top := range []string{"internal", "cmd"} {
		err := fs.WalkDir(root, top, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".go" {
				return err
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", name), nil, parser.ParseComments)
			if err == nil {
				files = append(files, goFile{path.Dir(name), path.Base(name), parsed})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestImportLaws(t *testing.T) {
	may := map[string][]string{"internal": nil}
	for _, law := range laws {
		may[law.pkg] = law.may
	}
	for _, f := range goFiles(t) {
		allowed, known := may[f.dir]
		if !known {
			t.Errorf("%s has no line in the table of laws", f.dir)
			may[f.dir] = anything
			continue
		}
		if f.test() {
			continue
		}
		for _, p := range f.imports() {
			inside, ours := strings.CutPrefix(p, module)
			if ours && !slices.Contains(allowed, inside) && !slices.Contains(allowed, "*") {
				t.Errorf("%s/%s imports %s: not allowed (may: %v)", f.dir, f.name, inside, allowed)
			}
			if p == "net/http" && slices.Contains(noHTTP, f.dir) {
				t.Errorf("%s/%s imports net/http: rooms see values, never a request", f.dir, f.name)
			}
		}
	}
}

func TestReservedImports(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, p := range f.imports() {
			for _, r := range reserved {
				if strings.HasPrefix(p, r.prefix) && !slices.Contains(r.only, f.dir) && !f.test() {
					t.Errorf("%s/%s imports %s: %s", f.dir, f.name, p, r.reason)
				}
			}
		}
	}
}

// Every package says what it owns, what it does not and what it may import, in at most 15 lines of doc.go.
func TestPackageDocs(t *testing.T) {
	docs := map[string]string{}
	for _, f := range goFiles(t) {
		if _, seen := docs[f.dir]; !seen {
			docs[f.dir] = ""
		}
		if f.name == "doc.go" {
			docs[f.dir] = f.ast.Doc.Text()
		}
	}
	for dir, doc := range docs {
		if strings.HasPrefix(dir, "cmd/") || dir == "internal" {
			continue
		}
		lines := strings.Count(doc, "\n")
		for _, must := range []string{"Package " + path.Base(dir), "Owns: ", "Does not own: ", "May import: "} {
			if !strings.Contains(doc, must) {
				t.Errorf("%s/doc.go does not say %q", dir, must)
			}
		}
		if lines > 15 {
			t.Errorf("%s/doc.go has %d lines, more than 15", dir, lines)
		}
	}
}

// No globals with behaviour: init functions hide order.
func TestNoInit(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s/%s has an init function", f.dir, f.name)
			}
		}
	}
}
