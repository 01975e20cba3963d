package store

import (
	"embed"
	"errors"
)

// migrations hold portable DDL for both engines: config and events; and postgres, what only PostgreSQL has. Within one version of
// writ they only add (columns with a default, tables, indexes), because on PostgreSQL the version before goes on running beside it.
//
//go:embed migrations
var migrations embed.FS

// Folders of migrations, each counted by itself in a table FOLDER_schema.
const (
	configFolder   = "config"
	eventsFolder   = "events"
	postgresFolder = "postgres"
)

// ErrNewerSchema: the database was written by a newer writ than this one.
var ErrNewerSchema = errors.New("the database has a newer schema than this writ knows; upgrade writ, or restore the backup made before the upgrade")
