package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestNewerSchemaIsRefused(t *testing.T) {
	for _, file := range []struct{ name, table string }{{configFile, "config_schema"}, {eventsFile, "events_schema"}} {
		t.Run(file.name, func(t *testing.T) {
			cfg := testConfig(t)
			db := openTest(t, cfg)
			d := db.config
			if file.name == eventsFile {
				d = db.events
			}
			const newer = ` (version_id, is_applied) VALUES (99, TRUE)`
			if _, err := d.writer.ExecContext(t.Context(), `INSERT INTO `+file.table+newer); err != nil {
				t.Fatal(err)
			}
			db.Close()
			if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrNewerSchema) {
				t.Errorf("open: %v, want ErrNewerSchema", err)
			}
		})
	}
}

func TestDirectoryNameNeedsNoEscaping(t *testing.T) {
	cfg := testConfig(t)
	cfg.Dir = filepath.Join(cfg.Dir, "50% of #1 (a?b=c&d) ü")
	openTest(t, cfg).Close()
	if _, err := os.Stat(filepath.Join(cfg.Dir, configFile)); err != nil {
		t.Error(err)
	}
}

// A file that was made with another mode is its owner's only before SQLite makes files beside it.
func TestFilesAreTightened(t *testing.T) {
	cfg := testConfig(t)
	for _, name := range []string{configFile, eventsFile} {
		path := filepath.Join(cfg.Dir, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	openTest(t, cfg)
	entries, err := os.ReadDir(cfg.Dir)
	if err != nil || len(entries) < 6 { // with their WAL files
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", entry.Name(), info.Mode(), err)
		}
	}
}

// A wrong master key is found out before the schema is changed.
func TestWrongMasterKeyBeforeMigrations(t *testing.T) {
	cfg := testConfig(t)
	db := openTest(t, cfg)
	if _, err := db.config.writer.ExecContext(t.Context(), `DELETE FROM config_schema WHERE version_id > 0`); err != nil {
		t.Fatal(err) // now there is something to migrate
	}
	db.Close()
	cfg.Master = testConfig(t).Master
	if _, err := Open(t.Context(), cfg); !errors.Is(err, seal.ErrWrongMasterKey) {
		t.Errorf("open: %v, want ErrWrongMasterKey", err)
	}
}

func TestUnusableFilesAreUnavailable(t *testing.T) {
	cfg := testConfig(t)
	openTest(t, cfg).Close()
	garbage := []byte("this is no database, and long enough to be looked at as one................................................")
	if err := os.WriteFile(filepath.Join(cfg.Dir, configFile), garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), cfg); !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("open: %v, want ErrUnavailable", err)
	}
}

// Ready asks for progress, not for the lock: a long transaction is no reason to send requests elsewhere.
func TestReadyBesideALongTransaction(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	cfg := testConfig(t)
	cfg.Now = func() time.Time { return now }
	db := openTest(t, cfg)
	createTenant(t, db, "acme")
	err := db.InTx(t.Context(), func(tx *Tx) error {
		if err := db.Ready(t.Context()); err != nil {
			t.Errorf("while a transaction is open: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Unless the last write that came to an end failed.
	if _, err := db.config.writer.ExecContext(t.Context(), `PRAGMA query_only = 1`); err != nil {
		t.Fatal(err)
	}
	write := func(tx *Tx) error { return tx.Tenants().Delete(t.Context(), "acme") }
	if err := db.InTx(t.Context(), write); !errors.Is(err, tenant.ErrUnavailable) {
		t.Fatalf("not writable: %v", err)
	}
	busy, err := db.config.writer.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	now = now.Add(time.Second)
	if err := db.Ready(t.Context()); !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("not writable, and a writer is busy: %v, want ErrUnavailable", err)
	}
}

// Ready writes for real, and remembers its answer for a second.
func TestReady(t *testing.T) {
	for name, file := range map[string]func(db *DB) *database{
		configFile: func(db *DB) *database { return db.config },
		eventsFile: func(db *DB) *database { return db.events },
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
			cfg := testConfig(t)
			cfg.Now = func() time.Time { return now }
			db := openTest(t, cfg)
			if err := db.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			setWritable := func(pragma string) {
				if _, err := file(db).writer.ExecContext(t.Context(), pragma); err != nil {
					t.Fatal(err)
				}
			}
			setWritable(`PRAGMA query_only = 1`)
			if err := db.Ready(t.Context()); err != nil {
				t.Errorf("within a second: %v, want the remembered answer", err)
			}
			now = now.Add(time.Second)
			if err := db.Ready(t.Context()); !errors.Is(err, tenant.ErrUnavailable) {
				t.Errorf("not writable: %v, want ErrUnavailable", err)
			}
			setWritable(`PRAGMA query_only = 0`)
			now = now.Add(time.Second)
			if err := db.Ready(t.Context()); err != nil {
				t.Errorf("writable again: %v", err)
			}
		})
	}
}
