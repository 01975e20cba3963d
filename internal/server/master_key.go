package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/seal"
)

const (
	// masterKeyTimeout bounds --master-key-command.
	masterKeyTimeout = 30 * time.Second
	// masterKeyOutput bounds what is read of it: a key is 44 characters.
	masterKeyOutput = 4 << 10
)

// MasterKeyPath is the file of the master key, where it is in one.
func (c Config) MasterKeyPath() string {
	if c.MasterKeyFile != "" {
		return c.MasterKeyFile
	}
	return filepath.Join(c.Data, masterKeyName)
}

// masterKeySources are the settings that name a master key.
func (c Config) masterKeySources() []string {
	var sources []string
	for _, source := range []struct{ name, value string }{
		{"master-key-file", c.MasterKeyFile}, {"master-key", c.MasterKey.Reveal()}, {"master-key-command", c.MasterKeyCommand},
	} {
		if source.value != "" {
			sources = append(sources, source.name)
		}
	}
	return sources
}

// openMasterKey reads the master key from where c says, or makes one for a directory that has no database yet.
func openMasterKey(c Config, log *slog.Logger) ([]byte, error) {
	switch {
	case c.MasterKey != "":
		key, err := seal.ParseMasterKey(c.MasterKey.Reveal())
		if err != nil {
			return nil, fmt.Errorf("%sMASTER_KEY: %w", envPrefix, err)
		}
		return key, nil
	case c.MasterKeyCommand != "":
		return commandMasterKey(c.MasterKeyCommand)
	}
	path := c.MasterKeyPath()
	text, err := readSecret(path, log)
	if err == nil {
		key, err := seal.ParseMasterKey(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return key, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return makeMasterKey(c, path)
}

func makeMasterKey(c Config, path string) ([]byte, error) {
	if c.MasterKeyFile != "" {
		return nil, fmt.Errorf("master key file %s is not there: put the key there, or leave --master-key-file out to have one made", path)
	}
	database := filepath.Join(c.DatabaseDir(), databaseName)
	if _, err := os.Stat(database); c.PostgreSQL() == "" && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing but %s is there, whose secrets only that key can open: "+
			"restore the key from its backup or name it with --master-key-file; to start anew, move the *.db files away", path, database)
	}
	key := seal.NewMasterKey()
	if err := writeFile(path, []byte(seal.FormatMasterKey(key)+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return key, nil
}

// commandMasterKey runs a command of the shell. Errors tell what it said on standard error, never what it printed.
func commandMasterKey(command string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), masterKeyTimeout)
	defer cancel()
	shell := []string{"/bin/sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	cmd := exec.CommandContext(ctx, shell[0], append(shell[1:], command)...)
	cmd.WaitDelay = time.Second // a child of it may keep the pipes open
	printed, complained := &boundBuffer{limit: masterKeyOutput}, &boundBuffer{limit: masterKeyOutput}
	cmd.Stdout, cmd.Stderr = printed, complained
	err := cmd.Run()
	switch said := strings.TrimSpace(complained.String()); {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("--master-key-command did not end within %s", masterKeyTimeout)
	case err != nil && said != "":
		return nil, fmt.Errorf("--master-key-command: %w: %s", err, said)
	case err != nil:
		return nil, fmt.Errorf("--master-key-command: %w", err)
	}
	key, err := seal.ParseMasterKey(printed.String())
	if err != nil {
		return nil, fmt.Errorf("what --master-key-command printed: %w", err)
	}
	return key, nil
}

// boundBuffer keeps the beginning of what is written.
type boundBuffer struct {
	limit int
	bytes.Buffer
}

// Write implements io.Writer; it takes everything.
func (b *boundBuffer) Write(p []byte) (int, error) {
	b.Buffer.Write(p[:min(len(p), b.limit-b.Len())])
	return len(p), nil
}
