package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/writ-auth/writ/internal/tenant"
)

// querier is what a transaction, a connection and a pool of connections have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// database is one half of the store, configuration or log: the one connection of this process that writes, and the pool that
// reads beside it. On SQLite each half is a file; on PostgreSQL both are one database, read through one pool.
type database struct {
	name   string // for messages
	writer *sql.DB
	reader *sql.DB
}

func (d *database) close() error {
	return errors.Join(d.reader.Close(), d.writer.Close())
}

// engine is what differs between SQLite and PostgreSQL. All other SQL is in the intersection of both.
type engine interface {
	// open opens both halves, made if they are not there.
	open() (config, events *database, err error)
	// migrate brings both halves to the schema of this binary, one process at a time. Errors: ErrNewerSchema.
	migrate(ctx context.Context, config, events *database) error
	// lockWriters makes a transaction alone among writers of the configuration, of whatever process, until it ends.
	lockWriters(ctx context.Context, tx querier) error
	// appendLogs inserts records in their order, behind all that is committed. Their time is now, in epoch milliseconds, unless
	// the log was ahead of it. q is a transaction, or a pool where autocommits says so.
	appendLogs(ctx context.Context, q querier, now int64, records []*appendLog) error
	// autocommits reports whether appendLogs is a transaction by itself.
	autocommits() bool
	// stopsReading reports whether a statement that has given rows stops when its context ends, while it looks for the next.
	stopsReading() bool
	// like is the condition that a text is made of literals in this order, with any text between two of them.
	like(text string, literals []string, bind func(any) string) string
	// contains is the condition that a document holds a literal anywhere.
	contains(doc, literal string, bind func(any) string) string
	// bytewise is a text that is compared and sorted by its bytes.
	bytewise(text string) string
	// readQuotas finds counters; those that are not there are left out.
	readQuotas(ctx context.Context, q querier, keys []quotaKey) (map[quotaKey]quotaRow, error)
	// writeQuotas writes counters if none of them was changed since it was read, and reports whether it did. They come sorted by their
	// keys. q is as of appendLogs.
	writeQuotas(ctx context.Context, q querier, changes []quotaChange) (bool, error)
	// tryFold makes a transaction the only one that folds the journal of usage, until it ends; false if another process's is.
	tryFold(ctx context.Context, tx querier) (bool, error)
	// clock is the database's own, in epoch milliseconds; 0 = it has none but this machine's.
	clock(ctx context.Context, q querier) (int64, error)
	// announce tells other processes, when tx commits, that there are changes to poll for.
	announce(ctx context.Context, tx querier) error
	// listen calls changed whenever another process announced something, and once it could have missed it, until ctx ends.
	listen(ctx context.Context, changed func())
}

// newEngine is SQLite unless cfg names a PostgreSQL database.
func newEngine(cfg Config) (engine, error) {
	if cfg.Database == "" {
		return &sqliteEngine{dir: cfg.Dir, durability: cfg.Durability}, nil
	}
	return newPostgres(cfg)
}

// migrateFolder brings one half to the newest version among files. Each half counts its own versions, in a table of its own
// name, so that one database can hold both.
func migrateFolder(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, folder string, options ...goose.ProviderOption) error {
	files, err := fs.Sub(files, "migrations/"+folder)
	if err != nil {
		return err
	}
	options = append(options, goose.WithTableName(folder+"_schema"), goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", folder, err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", folder, dbError(err))
	}
	if current > target {
		return fmt.Errorf("%s: schema %d, known up to %d: %w", folder, current, target, ErrNewerSchema)
	}
	if current == target {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", folder, dbError(err))
	}
	return nil
}

// dbError gives a driver's error the sentinel that callers act on, the cause kept beside it: a taken unique value is
// tenant.ErrExists; a parent row that is not there, and a text that no row can hold, tenant.ErrNotFound; an engine that cannot
// read or write now tenant.ErrUnavailable. Everything else stays as it is.
func dbError(err error) error {
	if err == nil || errors.Is(err, tenant.ErrUnavailable) {
		return err
	}
	sentinel := sqliteSentinel(err)
	if sentinel == nil {
		sentinel = postgresSentinel(err)
	}
	// database/sql exports no value for a closed pool.
	if sentinel == nil && (errors.Is(err, sql.ErrConnDone) || strings.HasSuffix(err.Error(), "sql: database is closed")) {
		sentinel = tenant.ErrUnavailable
	}
	if sentinel == nil {
		return err
	}
	return fmt.Errorf("%w: %w", sentinel, err)
}
