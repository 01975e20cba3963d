package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Advisory locks of the database: "writ" and a number.
const (
	writersLock = 0x77726974_00000001 // of transactions on the configuration
	logLock     = 0x77726974_00000002 // of the place of the log
	foldLock    = 0x77726974_00000003 // of folding the journal of usage
)

// changesChannel is where commits are announced.
const changesChannel = "writ_changes"

// postgresEngine keeps both halves in one database.
type postgresEngine struct {
	settings *postgresSettings
	log      *slog.Logger
}

var _ engine = (*postgresEngine)(nil)

// newPostgres reads the URL of cfg.Database. Errors: what is wrong with it, its password left out.
func newPostgres(cfg Config) (*postgresEngine, error) {
	settings, err := parsePostgres(cfg.Database, cfg.Durability == DurabilityRelaxed)
	if err != nil {
		return nil, err
	}
	return &postgresEngine{settings: settings, log: cfg.Logger}, nil
}

// open makes pools and no connection yet. Each half has a connection of its own for writing, so that no import and no slow list
// stands between a token and its record; they share the pool for reading, and what is known about a database that is gone.
func (e *postgresEngine) open() (config, events *database, err error) {
	connect := e.settings.connector()
	pool := func(size int) *sql.DB {
		db := sql.OpenDB(connect)
		db.SetMaxOpenConns(size)
		db.SetMaxIdleConns(size)
		db.SetConnMaxLifetime(e.settings.maxLifetime)
		db.SetConnMaxIdleTime(e.settings.maxIdleTime)
		return db
	}
	reader := pool(e.settings.readers())
	return &database{name: "the configuration", writer: pool(1), reader: reader},
		&database{name: "the log", writer: pool(1), reader: reader}, nil
}

// migrate uses connections without time limits, and goose's session lock: one node migrates, the others wait.
func (e *postgresEngine) migrate(ctx context.Context, _, _ *database) (err error) {
	db := sql.OpenDB(e.settings.unlimitedConnector())
	defer func() { err = errors.Join(err, db.Close()) }()
	const everySecond, forFiveMinutes = 1, 300
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(everySecond, forFiveMinutes))
	if err != nil {
		return fmt.Errorf("lock of migrations: %w", err)
	}
	for _, folder := range []string{configFolder, eventsFolder, postgresFolder} {
		err := migrateFolder(ctx, goose.DialectPostgres, db, migrations, folder, goose.WithSessionLocker(locker))
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *postgresEngine) lockWriters(ctx context.Context, tx querier) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(writersLock))
	return err
}

func (e *postgresEngine) autocommits() bool { return true }

func (e *postgresEngine) stopsReading() bool { return true }

// appendRecords takes the place of the log and inserts a batch behind it, and what it adds to the usage, in one statement. So there is no moment at which a node
// holds the place and the database waits for that node: one that is paused or cut off never stops the others. Statements see the
// database as it was when they began, before they had the lock; sequences alone are always current, and a row, which would need
// no lock, would grow a chain of dead versions (see the migration). The lock is released after the commit, so that records become
// visible in the order of their ids.
const appendRecords = `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock($1)),
	place AS MATERIALIZED (
		SELECT setval('log_seq', (SELECT last_value FROM log_seq) + $2) - $2 AS seq,
			setval('log_ms', GREATEST((SELECT last_value FROM log_ms), $3)) AS ms
		FROM turn),
	journal AS (INSERT INTO usage_journal (seq, doc) SELECT place.seq + 1, $4 FROM place WHERE $4 <> '')
	INSERT INTO logs (seq, ms, tenant, date, type, client_id, outbox_id, doc)
	SELECT place.seq + r.n, place.ms, r.tenant, r.date, r.type, NULLIF(r.client_id, ''), NULLIF(r.outbox_id, ''),
		CAST(r.doc AS JSON)
	FROM place, UNNEST($5::TEXT[], $6::BIGINT[], $7::TEXT[], $8::TEXT[], $9::TEXT[], $10::TEXT[]) WITH ORDINALITY
		AS r (tenant, date, type, client_id, outbox_id, doc, n)
	ON CONFLICT (outbox_id) WHERE outbox_id IS NOT NULL DO NOTHING`

func (e *postgresEngine) appendLogs(ctx context.Context, q querier, now int64, records []*appendLog) error {
	_, err := q.ExecContext(ctx, appendRecords, append([]any{int64(logLock), int64(len(records)), now, journalOf(records)}, columnsOf(records)...)...)
	return err
}

func (e *postgresEngine) tryFold(ctx context.Context, tx querier) (mine bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock($1)`, int64(foldLock)).Scan(&mine)
	return mine, err
}

// columnsOf turns records into one array per column, from tenant to doc.
func columnsOf(records []*appendLog) []any {
	n := len(records)
	dates := make([]int64, n)
	tenants, kinds, clients, outboxIDs, docs := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, r := range records {
		tenants[i], dates[i], kinds[i], clients[i], outboxIDs[i], docs[i] = r.tenant, r.date, r.kind, r.clientID, r.outboxID, r.doc
	}
	return []any{tenants, dates, kinds, clients, outboxIDs, docs}
}

func (e *postgresEngine) clock(ctx context.Context, q querier) (int64, error) {
	var ms int64
	err := q.QueryRowContext(ctx, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`).Scan(&ms)
	return ms, err
}

// announce: the payload is empty, because a notification is only a hint to poll.
func (e *postgresEngine) announce(ctx context.Context, tx querier) error {
	_, err := tx.ExecContext(ctx, `NOTIFY `+changesChannel)
	return err
}
