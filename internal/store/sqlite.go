package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/writ-auth/writ/internal/tenant"
)

// This file is all that knows which engine is underneath: how it is opened, what its errors mean, how large it is.

// Names of the two files in Config.Dir.
const (
	configFile = "writ.db"
	eventsFile = "events.db"
)

// busyTimeout is how long a statement waits for another process's write lock, in milliseconds.
const busyTimeout = "5000"

// querier is what a transaction and a pool of connections have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// database is one file: the one connection that writes, and the pool that reads beside it (WAL: neither waits for the other).
type database struct {
	name   string
	writer *sql.DB
	reader *sql.DB
}

// openDatabase opens or creates a file, readable by its owner only; files beside it (WAL) inherit its mode.
func openDatabase(dir, name, durability string) (*database, error) {
	path, err := filepath.Abs(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	f.Close()

	synchronous := "FULL"
	if durability == DurabilityRelaxed {
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

func dsn(path string, params url.Values) string {
	params.Set("_busy_timeout", busyTimeout)
	params.Set("_journal_mode", "WAL")
	params.Set("_foreign_keys", "1")
	params.Set("_dqs", "0") // a misspelt column is an error, not a string
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + params.Encode()
}

func (d *database) close() error {
	return errors.Join(d.reader.Close(), d.writer.Close())
}

// bytes is the size of what the file holds; pages that removed rows left free do not count, because new rows reuse them.
func (d *database) bytes(ctx context.Context) (int64, error) {
	const query = `SELECT (p.page_count - f.freelist_count) * s.page_size
		FROM pragma_page_count AS p, pragma_freelist_count AS f, pragma_page_size AS s`
	var n int64
	if err := d.reader.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("size of %s: %w", d.name, dbError(err))
	}
	return n, nil
}

// dbError gives a driver's error the sentinel that callers act on, the cause kept beside it:
// a taken unique value is tenant.ErrExists, a parent row that is not there tenant.ErrNotFound, an engine that cannot read or
// write now tenant.ErrUnavailable. Everything else stays as it is.
func dbError(err error) error {
	if err == nil {
		return nil
	}
	var sqliteErr *sqlite.Error
	if errors.As(err, &sqliteErr) {
		if sentinel := sentinelOf(sqliteErr.Code()); sentinel != nil {
			return fmt.Errorf("%w: %w", sentinel, err)
		}
		return err
	}
	// database/sql exports no value for a closed pool.
	if errors.Is(err, sql.ErrConnDone) || err.Error() == "sql: database is closed" {
		return fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
	}
	return err
}

func sentinelOf(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return tenant.ErrExists
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return tenant.ErrNotFound
	}
	switch code & 0xff { // the primary code of an extended one
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM,
		sqlite3.SQLITE_PERM:
		return tenant.ErrUnavailable
	}
	return nil
}
