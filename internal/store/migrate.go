package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// ErrNewerSchema: the database was written by a newer writ than this one.
var ErrNewerSchema = errors.New("the database has a newer schema than this writ knows; upgrade writ, or restore the backup made before the upgrade")

// migrate brings both files to the schema of this binary, one process at a time: SQLite has no lock of its own that would
// span a whole migration. Each file counts its own versions, in a table of its own name, so that one database can hold both.
func (db *DB) migrate(ctx context.Context) error {
	lock := flock.New(filepath.Join(db.cfg.Dir, "store.lock"), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	defer lock.Close()
	if err := migrateFile(ctx, db.config, "config"); err != nil {
		return err
	}
	return migrateFile(ctx, db.events, "events")
}

func migrateFile(ctx context.Context, d *database, folder string) error {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, d.writer, files,
		goose.WithTableName(folder+"_schema"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", d.name, err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", d.name, dbError(err))
	}
	if current > target {
		return fmt.Errorf("%s: schema %d, known up to %d: %w", d.name, current, target, ErrNewerSchema)
	}
	if current == target {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", d.name, dbError(err))
	}
	return nil
}
