package server

import (
	"bytes"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// readFiles maps the names in a directory to their contents, but for the lock.
func readFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		if e.Name() == lockName {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(content)
	}
	return files
}

func TestOpenDataDirMakesEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "data")
	opened, err := OpenDataDir(Config{Data: dir}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if len(opened.MasterKey) != 32 || opened.CA == nil {
		t.Errorf("key of %d bytes, CA %v", len(opened.MasterKey), opened.CA)
	}
	for name, want := range map[string]fs.FileMode{".": 0o700, masterKeyName: 0o600, caKeyName: 0o600, caName: 0o644, caBundleName: 0o644} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	files := readFiles(t, dir)
	if len(files) != 4 {
		t.Errorf("left-overs in the directory: %d files", len(files))
	}
	if !strings.HasPrefix(files[caBundleName], files[caName]) {
		t.Error("the bundle does not begin with the CA")
	}
	if out := opened.LogValue().String(); strings.Contains(out, strings.TrimSpace(files[masterKeyName])) {
		t.Errorf("the log value shows the key: %s", out)
	}
}

func TestOpenDataDirIsIdempotent(t *testing.T) {
	c := Config{Data: t.TempDir()}
	first, err := OpenDataDir(c, quiet())
	if err != nil {
		t.Fatal(err)
	}
	before := readFiles(t, c.Data)
	second, err := OpenDataDir(c, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.MasterKey, second.MasterKey) || !first.CA.Certificate().Equal(second.CA.Certificate()) {
		t.Error("the second opening has another key or CA")
	}
	for name, content := range readFiles(t, c.Data) {
		if before[name] != content {
			t.Errorf("%s changed", name)
		}
	}
	if err := os.WriteFile(filepath.Join(c.Data, caBundleName), []byte("old roots"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDataDir(c, quiet()); err != nil || readFiles(t, c.Data)[caBundleName] != before[caBundleName] {
		t.Errorf("a stale bundle was not renewed: %v", err)
	}
}

// A directory without its databases, copied elsewhere, is a second node of the same installation.
func TestOpenDataDirSecondNode(t *testing.T) {
	c, copied := Config{Data: t.TempDir()}, Config{Data: t.TempDir()}
	first, err := OpenDataDir(c, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Data, databaseName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, content := range readFiles(t, c.Data) {
		if filepath.Ext(name) == ".db" {
			continue
		}
		if err := os.WriteFile(filepath.Join(copied.Data, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second, err := OpenDataDir(copied, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.MasterKey, second.MasterKey) || !first.CA.Certificate().Equal(second.CA.Certificate()) {
		t.Error("the second node has another key or CA")
	}
}

func TestOpenDataDirRefusals(t *testing.T) {
	remove := func(name string) func(t *testing.T, c *Config) {
		return func(t *testing.T, c *Config) {
			if err := os.Remove(filepath.Join(c.Data, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	write := func(name, content string) func(t *testing.T, c *Config) {
		return func(t *testing.T, c *Config) {
			if err := os.WriteFile(filepath.Join(c.Data, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for rule, test := range map[string]struct {
		damage   []func(t *testing.T, c *Config)
		fragment string
	}{
		"master key gone, database there": {list(remove(masterKeyName), write(databaseName, "")), "restore the key from its backup"},
		"master key damaged":              {list(write(masterKeyName, "canary-secret!")), masterKeyName + ": "},
		"named master key file not there": {list(func(_ *testing.T, c *Config) { c.MasterKeyFile = filepath.Join(c.Data, "other") }), "put the key there"},
		"CA key gone":                     {list(remove(caKeyName)), "restore the key, or remove the certificate"},
		"CA key damaged":                  {list(write(caKeyName, "x")), "remove both to have a new CA made"},
		"CA certificate damaged":          {list(write(caName, "x")), "remove both to have a new CA made"},
		"data directory is a file":        {list(func(_ *testing.T, c *Config) { c.Data = filepath.Join(c.Data, caName) }), "it is a file"},
		"data directory below a file":     {list(func(_ *testing.T, c *Config) { c.Data = filepath.Join(c.Data, caName, "x") }), "cannot be made"},
		"database elsewhere, master key gone": {list(remove(masterKeyName), func(t *testing.T, c *Config) {
			dir := t.TempDir()
			c.Database = "sqlite:" + dir
			write("x", "")(t, c)
			if err := os.WriteFile(filepath.Join(dir, databaseName), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}), "restore the key from its backup"},
	} {
		t.Run(rule, func(t *testing.T) {
			c := Config{Data: t.TempDir()}
			if _, err := OpenDataDir(c, quiet()); err != nil {
				t.Fatal(err)
			}
			for _, damage := range test.damage {
				damage(t, &c)
			}
			_, err := OpenDataDir(c, quiet())
			if err == nil || !strings.Contains(err.Error(), test.fragment) {
				t.Errorf("%v; want %q", err, test.fragment)
			}
			if err != nil && strings.Contains(err.Error(), "canary-secret") {
				t.Errorf("the message repeats the key: %v", err)
			}
		})
	}
}

func list[T any](items ...T) []T { return items }

func TestOpenDataDirOwnMasterKeyFile(t *testing.T) {
	made := Config{Data: t.TempDir()}
	first, err := OpenDataDir(made, quiet())
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Data: t.TempDir(), MasterKeyFile: filepath.Join(made.Data, masterKeyName)}
	second, err := OpenDataDir(c, quiet())
	if err != nil || !bytes.Equal(first.MasterKey, second.MasterKey) {
		t.Errorf("the named key is not used: %v", err)
	}
	if _, err := os.Stat(filepath.Join(c.Data, masterKeyName)); err == nil {
		t.Error("a second master key was made beside the named one")
	}
}

func TestOpenDataDirWarnsOfSharedSecrets(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits on Windows")
	}
	c := Config{Data: t.TempDir()}
	if _, err := OpenDataDir(c, quiet()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{masterKeyName, caKeyName} {
		var out bytes.Buffer
		path := filepath.Join(c.Data, name)
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenDataDir(c, slog.New(slog.NewTextHandler(&out, nil))); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "chmod 600 "+path) {
			t.Errorf("no warning with its fix for %s: %q", name, out.String())
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// What others could change, or have made, is said.
func TestOpenDataDirWarnsOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	c := DefaultConfig()
	c.Data = filepath.Join(t.TempDir(), "data")
	var log bytes.Buffer
	open := func() string {
		t.Helper()
		log.Reset()
		if _, err := OpenDataDir(c, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
		return log.String()
	}
	if said := open(); said != "" {
		t.Errorf("a new directory: %s", said)
	}
	for _, name := range []string{"", caName, masterKeyName} {
		path := filepath.Join(c.Data, name)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, info.Mode().Perm()|0o020); err != nil {
			t.Fatal(err)
		}
		if said := open(); !strings.Contains(said, "can be changed by other users") || !strings.Contains(said, "path="+path+" ") {
			t.Errorf("%s writable by its group: %q", path, said)
		}
		if err := os.Chmod(path, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	ca := filepath.Join(c.Data, caName)
	if err := os.Chown(ca, 12345, -1); err != nil {
		t.Fatal(err)
	}
	if said := open(); !strings.Contains(said, "belongs to another user") {
		t.Errorf("a file of another user: %q", said)
	}
	key := filepath.Join(c.Data, masterKeyName)
	for _, err := range []error{os.Rename(key, key+".kept"), os.Symlink(key+".kept", key)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	open() // a link of one's own is followed: secrets are mounted so
	if err := os.Lchown(key, 12345, -1); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDataDir(c, quiet()); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("a link of another user: %v", err)
	}
}

// A crash between the CA's two files leaves a key alone; the next start makes a new pair.
func TestOpenDataDirAfterCrash(t *testing.T) {
	c := Config{Data: t.TempDir()}
	if err := os.WriteFile(filepath.Join(c.Data, caKeyName), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDataDir(c, quiet()); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDataDir(c, quiet()); err != nil {
		t.Errorf("the new pair does not open: %v", err)
	}
}

// dataDirVariable makes a run of this test binary one of the processes of TestOpenDataDirProcesses.
const dataDirVariable = "WRIT_TEST_OPEN_DATA_DIR"

func TestOpenDataDirProcesses(t *testing.T) {
	if dir := os.Getenv(dataDirVariable); dir != "" {
		opened, err := OpenDataDir(Config{Data: dir}, quiet())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("fingerprint %x %x", opened.MasterKey, opened.CA.Certificate().SerialNumber)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	const processes = 4
	var group sync.WaitGroup
	outputs := make([]string, processes)
	for i := range outputs {
		group.Go(func() {
			cmd := exec.Command(exe, "-test.run=^TestOpenDataDirProcesses$", "-test.v")
			cmd.Env = append(os.Environ(), dataDirVariable+"="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("process %d: %v\n%s", i, err, out)
			}
			_, rest, _ := strings.Cut(string(out), "fingerprint ")
			outputs[i], _, _ = strings.Cut(rest, "\n")
		})
	}
	group.Wait()
	for i, out := range outputs {
		if out == "" || out != outputs[0] {
			t.Errorf("process %d has another key or CA: %q, not %q", i, out, outputs[0])
		}
	}
}
