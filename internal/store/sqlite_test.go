package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

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
			const newer = ` (version_id, is_applied) VALUES (99, 1)`
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
