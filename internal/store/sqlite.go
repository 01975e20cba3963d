package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/writ-auth/writ/internal/tenant"
)

// Names of the two files in Config.Dir.
const (
	configFile = "writ.db"
	eventsFile = "events.db"
)

// busyTimeout is how long a statement waits for another process's write lock, in milliseconds.
const busyTimeout = "5000"

// sqliteEngine keeps the halves in two files, so that an import never stops issuance.
type sqliteEngine struct {
	dir, durability string
	log             logStatements
}

var _ engine = (*sqliteEngine)(nil)

func (e *sqliteEngine) open() (config, events *database, err error) {
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("store: %w", err)
	}
	if config, err = e.openFile(configFile); err != nil {
		return nil, nil, err
	}
	if events, err = e.openFile(eventsFile); err != nil {
		return nil, nil, errors.Join(err, config.close())
	}
	return config, events, nil
}

// openFile opens or creates a file, and makes it its owner's only, before there are files beside it (WAL), which inherit its mode. WAL: neither its
// readers nor its one writer wait for the other.
func (e *sqliteEngine) openFile(name string) (*database, error) {
	path, err := filepath.Abs(filepath.Join(e.dir, name))
	if err != nil {
		return nil, err
	}
	if err := makePrivate(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}

	synchronous := "FULL"
	if e.durability == DurabilityRelaxed {
		synchronous = "NORMAL"
	}
	writer, err := sql.Open("sqlite", dsn(path, url.Values{"_synchronous": {synchronous}, "_txlock": {"immediate"}}))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	writer.SetMaxOpenConns(1)
	writer.SetMaxIdleConns(1)

	reader, err := sql.Open("sqlite", dsn(path, url.Values{"_query_only": {"1"}}))
	if err != nil {
		writer.Close()
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	readers := max(4, runtime.GOMAXPROCS(0))
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return &database{name: name, writer: writer, reader: reader}, nil
}

// makePrivate creates a file if it is not there, and takes it, and what an earlier process left beside it, from everybody else.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	f.Close()
	for _, file := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.Chmod(file, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func dsn(path string, params url.Values) string {
	params.Set("_busy_timeout", busyTimeout)
	params.Set("_journal_mode", "WAL")
	params.Set("_foreign_keys", "1")
	params.Set("_dqs", "0") // a misspelt column is an error, not a string
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + params.Encode()
}

// migrate holds a file lock meanwhile: SQLite has no lock of its own that would span a whole migration.
func (e *sqliteEngine) migrate(ctx context.Context, config, events *database) error {
	lock := flock.New(filepath.Join(e.dir, "store.lock"), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	defer lock.Close()
	if err := migrateFolder(ctx, goose.DialectSQLite3, config.writer, migrations, configFolder); err != nil {
		return fmt.Errorf("%s: %w", config.name, err)
	}
	if err := migrateFolder(ctx, goose.DialectSQLite3, events.writer, migrations, eventsFolder); err != nil {
		return fmt.Errorf("%s: %w", events.name, err)
	}
	if err := e.log.prepare(ctx, events.writer); err != nil {
		return fmt.Errorf("%s: %w", events.name, err)
	}
	return nil
}

// lockWriters: a writing transaction began with the file's lock (_txlock=immediate).
func (e *sqliteEngine) lockWriters(context.Context, querier) error { return nil }

func (e *sqliteEngine) autocommits() bool { return false }

// tryFold: the transaction has the file's lock.
func (e *sqliteEngine) tryFold(context.Context, querier) (bool, error) { return true, nil }

// stopsReading: the driver watches the context until the first row is there, and no longer.
func (e *sqliteEngine) stopsReading() bool { return false }

func (e *sqliteEngine) clock(context.Context, querier) (int64, error) { return 0, nil }

// announce and listen: SQLite tells nobody. Other processes poll.
func (e *sqliteEngine) announce(context.Context, querier) error { return nil }
func (e *sqliteEngine) listen(context.Context, func())          {}

func sqliteBusy(err error) bool {
	var sqliteErr *sqlite.Error
	return errors.As(err, &sqliteErr) && sqliteErr.Code()&0xff == sqlite3.SQLITE_BUSY
}

func sqliteSentinel(err error) error {
	var sqliteErr *sqlite.Error
	if !errors.As(err, &sqliteErr) {
		return nil
	}
	switch code := sqliteErr.Code(); code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return tenant.ErrExists
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return tenant.ErrNotFound
	default:
		switch code & 0xff { // the primary code of an extended one
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN,
			sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM,
			sqlite3.SQLITE_PERM:
			return tenant.ErrUnavailable
		}
	}
	return nil
}
