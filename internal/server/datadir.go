package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/writ-auth/writ/internal/domains"
)

// Files of the data directory beside the databases. Copied elsewhere, they make a second node: same secrets, same CA.
const (
	masterKeyName = "master.key"
	caName        = "ca.pem"
	caKeyName     = "ca-key.pem"
	caBundleName  = "ca-bundle.pem"
	lockName      = "lock"
	serveLockName = "serve.lock"
	databaseName  = "writ.db"
	eventsName    = "events.db"
)

// lockTimeout is how long a command waits for another one that is making the directory, which takes milliseconds.
const lockTimeout = 30 * time.Second

// DataDir is an opened data directory.
type DataDir struct {
	Path string
	// MasterKey seals every secret. Never to be logged.
	MasterKey []byte
	CA        *domains.CA
}

// LogValue keeps the master key out of every log.
func (d *DataDir) LogValue() slog.Value { return slog.GroupValue(slog.String("path", d.Path)) }

// CAFile is the certificate of the local CA in the data directory of c.
func (c Config) CAFile() string { return filepath.Join(c.Data, caName) }

// CABundleFile is that certificate and the system's roots, for programs that take one trust file.
func (c Config) CABundleFile() string { return filepath.Join(c.Data, caBundleName) }

// OpenDataDir makes the data directory of c if it is not there, and in it the master key, the local CA and the bundle of it
// and the system's roots; what is there is used. Any number of processes may do so at once: a file lock orders them. What is
// only unwise is warned of on log. Errors: no directory, no permission, a key that is missing while its database is there, files that
// are damaged; each with its remedy.
func OpenDataDir(c Config, log *slog.Logger) (*DataDir, error) {
	for _, dir := range c.directories() {
		if err := makeDir(dir); err != nil {
			return nil, err
		}
	}
	lock := flock.New(filepath.Join(c.Data, lockName), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockTimeout)
	defer cancel()
	if locked, err := lock.TryLockContext(ctx, 20*time.Millisecond); !locked {
		return nil, fmt.Errorf("data directory %s: cannot lock it (another writ command holds it, or it is not writable): %w", c.Data, err)
	}
	defer lock.Close()
	for _, dir := range c.directories() {
		warnOfOthers(dir, log)
	}

	key, err := openMasterKey(c, log)
	if err != nil {
		return nil, err
	}
	ca, err := openCA(c.Data, log)
	if err != nil {
		return nil, err
	}
	return &DataDir{Path: c.Data, MasterKey: key, CA: ca}, nil
}

// directories are those that hold what c names.
func (c Config) directories() []string {
	if c.PostgreSQL() != "" {
		return []string{c.Data}
	}
	return []string{c.Data, c.DatabaseDir()}
}

func makeDir(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		return nil
	}
	if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
		return fmt.Errorf("data directory %s: it is a file: give --data a directory", dir)
	}
	return fmt.Errorf("data directory %s cannot be made: %w", dir, err)
}

// openCA reads the local CA or makes one, and brings the bundle up to date with the system's roots. The key is written
// first: a certificate without its key means that somebody took the key away.
func openCA(dir string, log *slog.Logger) (*domains.CA, error) {
	certPath, keyPath := filepath.Join(dir, caName), filepath.Join(dir, caKeyName)
	certPEM, err := os.ReadFile(certPath)
	var ca *domains.CA
	switch {
	case err == nil:
		ca, err = readCA(certPath, keyPath, certPEM, log)
	case errors.Is(err, fs.ErrNotExist):
		ca, err = makeCA(certPath, keyPath)
	}
	if err != nil {
		return nil, fmt.Errorf("local CA: %w", err)
	}
	bundlePath := filepath.Join(dir, caBundleName)
	bundle := ca.Bundle()
	if old, err := os.ReadFile(bundlePath); err == nil && string(old) == string(bundle) {
		return ca, nil
	}
	if err := writeFile(bundlePath, bundle, 0o644); err != nil {
		return nil, fmt.Errorf("local CA: %w", err)
	}
	return ca, nil
}

func readCA(certPath, keyPath string, certPEM []byte, log *slog.Logger) (*domains.CA, error) {
	keyPEM, err := readSecret(keyPath, log)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there but %s is not: restore the key, or remove the certificate to have a new CA made, "+
			"which every caller must then be given", certPath, keyPath)
	}
	if err != nil {
		return nil, err
	}
	ca, err := domains.ParseCA(certPEM, keyPEM, time.Now())
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w; restore them, or remove both to have a new CA made, which every caller must then be given",
			certPath, keyPath, err)
	}
	return ca, nil
}

func makeCA(certPath, keyPath string) (*domains.CA, error) {
	ca, err := domains.NewCA(time.Now())
	if err != nil {
		return nil, err
	}
	keyPEM, err := ca.KeyPEM()
	if err != nil {
		return nil, err
	}
	if err := writeFile(keyPath, keyPEM, 0o600); err != nil {
		return nil, err
	}
	return ca, writeFile(certPath, ca.PEM(), 0o644)
}

// warnOfOthers warns of what other users could change: whoever can put files into a data directory decides what writ believes.
func warnOfOthers(dir string, log *slog.Logger) {
	for _, name := range []string{"", masterKeyName, caName, caKeyName, caBundleName, databaseName, eventsName} {
		path := filepath.Join(dir, name)
		info, err := os.Lstat(path)
		switch {
		case err != nil || info.Mode().Type() == fs.ModeSymlink:
		case foreign(info):
			log.Warn("part of the data directory belongs to another user", "path", path, "fix", "chown it to the user that writ runs as")
		case writableByOthers(info):
			log.Warn("part of the data directory can be changed by other users", "path", path, "mode", info.Mode().Perm().String(), "fix", "chmod go-w "+path)
		}
	}
}

// readSecret reads a file that holds a secret. A symbolic link is followed only if this user, or root, has made it: another's could
// lead anywhere.
func readSecret(path string, log *slog.Logger) ([]byte, error) {
	link, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if link.Mode().Type() == fs.ModeSymlink && foreign(link) {
		return nil, fmt.Errorf("%s is a symbolic link that another user has made: remove it, or put the file itself there", path)
	}
	content, err := os.ReadFile(path)
	if err == nil {
		warnIfShared(path, log)
	}
	return content, err
}

// warnIfShared warns of a secret file that others than its owner may read. Windows keeps no such bits.
func warnIfShared(path string, log *slog.Logger) {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return
	}
	log.Warn("a secret file can be read by other users", "file", path, "mode", info.Mode().Perm().String(), "fix", "chmod 600 "+path)
}

// writeFile puts a whole file in place or none: readers and a crash see the old content or the new.
func writeFile(path string, content []byte, mode fs.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err = f.Chmod(mode); err != nil {
		return err
	}
	if _, err = f.Write(content); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return errors.Join(f.Close(), syncDir(filepath.Dir(path)))
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := d.Sync(); err != nil && runtime.GOOS != "windows" {
		return errors.Join(err, d.Close())
	}
	return d.Close()
}
