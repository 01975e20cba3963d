//go:build unix

package testenv_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/testenv"
)

// nextVersion builds a writ whose schema is one version further, as that of version N+1 would be: migrations that only add.
func nextVersion(t *testing.T) (path string) {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for folder, statement := range map[string]string{
		"config": "ALTER TABLE clients ADD COLUMN added_by_the_next_version TEXT NOT NULL DEFAULT 'none';\nCREATE TABLE added_by_the_next_version (id TEXT PRIMARY KEY);",
		"events": "ALTER TABLE logs ADD COLUMN added_by_the_next_version TEXT NOT NULL DEFAULT 'none';",
	} {
		file := filepath.Join(dir, folder+".sql")
		if err := os.WriteFile(file, []byte("-- +goose Up\n"+statement+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(root, "internal/store/migrations", folder, "99999_next_version.sql")] = file
	}
	encoded, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "writ")
	if out, err := exec.Command("go", "build", "-overlay", list, "-o", path, "github.com/writ-auth/writ/cmd/writ").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// TestNodesUpgrade: while nodes of version N serve, one of N+1 joins and changes the schema; no request fails, each version sees what the
// other writes, and a node of N that is started afterwards is refused and says why.
func TestNodesUpgrade(t *testing.T) {
	skipSlow(t)
	next := nextVersion(t)
	database := pgtest.URL(t)
	old := testenv.NewProcess(t, "--database", database)
	doomed := old.NewNode("--database", database)
	env := old.Env()
	j := newJob(t, env, "https://upgrade.example.com")
	newest := newestLogID(t, env)
	l, doomedLoad := startLoad(t, old, j), startLoad(t, doomed, j)
	l.more(t, 50)
	upgraded := old.NewNodeOn(testenv.Machine{Binary: next}, "--database", database)
	l2 := startLoad(t, upgraded, j)
	l.more(t, 50)
	l2.more(t, 50)
	byOld := newJob(t, env, "https://by-old.example.com")
	mustIssue(t, upgraded, byOld)
	newEnv := *env
	newEnv.HTTP = upgraded.HTTP
	byNew := newJob(t, &newEnv, "https://by-new.example.com")
	mustIssue(t, old, byNew)
	newEnv.API(http.MethodDelete, "clients/"+byOld.clientID, nil, 204)
	for _, l := range []*load{l, l2, doomedLoad} {
		if failed := l.end(); len(failed) > 0 {
			t.Errorf("%d requests failed: %s", len(failed), failed[0])
		}
	}
	wantRecords(t, env, newest, j.clientID, l, l2, doomedLoad)

	doomed.Kill()
	if said := doomed.MustNotStart(); !strings.Contains(said, "newer schema than this writ knows") {
		t.Errorf("a node of the version before was refused with:\n%s", said)
	}
	mustIssue(t, old, j)
}

// TestServeTwice: a directory can be served by two processes only if both are reached the same way; another is refused, whatever its
// flags, and has changed nothing.
func TestServeTwice(t *testing.T) {
	skipNodes(t)
	p := testenv.NewProcess(t)
	env := p.Env()
	j := newJob(t, env, "https://twice.example.com")
	p.Beside().Kill()
	other := testenv.Machine{Dir: p.Dir}.Refused(t)
	if said := other; !strings.Contains(said, "another writ serves "+p.Dir) || !strings.Contains(said, "public-port") {
		t.Errorf("another port was refused with:\n%s", said)
	}
	if got := p.Env().Tenant.Domain; got != env.Tenant.Domain {
		t.Errorf("commands say %s, the server is %s", got, env.Tenant.Domain)
	}
	mustIssue(t, p, j)
	p.Kill()
	moved := testenv.Machine{Dir: p.Dir}.NewProcess(t) // nobody serves it: it may move
	if got := moved.Env().Tenant.Domain; got != moved.Domain {
		t.Errorf("commands say %s, the server is %s", got, moved.Domain)
	}
}
