package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/seal"
)

// Each place that a master key can come from, and nothing made where one was named.
func TestMasterKeySources(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of a Unix shell")
	}
	key := seal.NewMasterKey()
	text := seal.FormatMasterKey(key)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ args, environ []string }{
		"--master-key-file":           {args: []string{"--master-key-file=" + file}},
		"WRIT_MASTER_KEY_FILE":        {environ: []string{"WRIT_MASTER_KEY_FILE=" + file}},
		"WRIT_MASTER_KEY":             {environ: []string{"WRIT_MASTER_KEY=" + text}},
		"--master-key-command":        {args: []string{"--master-key-command=cat '" + file + "'"}},
		"WRIT_MASTER_KEY_COMMAND":     {environ: []string{"WRIT_MASTER_KEY_COMMAND=cat '" + file + "' | tr -d '\\n'"}},
		"a command with much to say":  {args: []string{"--master-key-command=cat '" + file + "'; head -c 100000 /dev/zero | tr '\\0' x >&2"}},
		"a command that leaves a job": {args: []string{"--master-key-command=cat '" + file + "'; sleep 60 >/dev/null 2>&1 &"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, warnings, err := load(t, append(c.args, "--data="+t.TempDir()), c.environ, "")
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			dir, err := OpenDataDir(cfg, quiet())
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(dir.MasterKey, key) {
				t.Error("another key")
			}
			if _, err := os.Stat(filepath.Join(cfg.Data, masterKeyName)); err == nil {
				t.Error("a key was made beside the one that was named")
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", fmt.Sprintf("%+v", cfg), "data", dir)
			if strings.Contains(log.String(), text) {
				t.Error("the key can be printed")
			}
		})
	}
}

func TestMasterKeyFaults(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of a Unix shell")
	}
	text := seal.FormatMasterKey(seal.NewMasterKey())
	for rule, c := range map[string]struct {
		args, environ []string
		yaml, want    string
	}{
		"a file and the variable":      {args: []string{"--master-key-file=/k"}, environ: []string{"WRIT_MASTER_KEY=" + text}, want: "one place only, and master-key-file names one already"},
		"a file and a command":         {environ: []string{"WRIT_MASTER_KEY_FILE=/k", "WRIT_MASTER_KEY_COMMAND=pass"}, want: "one place only"},
		"the variable and a command":   {args: []string{"--master-key-command=pass"}, environ: []string{"WRIT_MASTER_KEY=" + text}, want: "one place only"},
		"the secret in the file":       {yaml: "master-key: " + text + "\n", want: "cannot be set in the file: give it as WRIT_MASTER_KEY"},
		"a variable that is no key":    {environ: []string{"WRIT_MASTER_KEY=hunter2 "}, want: "WRIT_MASTER_KEY: master key: want 32 bytes"},
		"a command that fails":         {args: []string{"--master-key-command=echo hunter2; echo the vault is sealed >&2; exit 3"}, want: "exit status 3: the vault is sealed"},
		"a command that is not there":  {args: []string{"--master-key-command=/no/such/command"}, want: "/no/such/command"},
		"a command that prints no key": {args: []string{"--master-key-command=echo hunter2"}, want: "what --master-key-command printed: master key: want 32 bytes"},
	} {
		t.Run(rule, func(t *testing.T) {
			cfg, _, err := load(t, append(c.args, "--data="+t.TempDir()), c.environ, c.yaml)
			if err == nil {
				_, err = OpenDataDir(cfg, quiet())
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), text) {
				t.Errorf("the message repeats what may be a key: %v", err)
			}
		})
	}
}
