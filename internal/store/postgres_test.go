package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/writ-auth/writ/internal/store/pgtest"
	"github.com/writ-auth/writ/internal/tenant"
)

// postgresConfig is an empty database whose background work sleeps, but for notifications unless options turn them off.
func postgresConfig(t testing.TB, options ...string) Config {
	t.Helper()
	cfg := testConfig(t)
	cfg.Dir = ""
	cfg.Database = strings.Join(append([]string{pgtest.URL(t)}, options...), "&")
	return cfg
}

// eventually waits for what another process's notification or the server brings about.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("did not come about: %s", what)
		}
		time.Sleep(2 * time.Millisecond) // nothing tells
	}
}

func TestPostgresNewerSchemaIsRefused(t *testing.T) {
	for _, table := range []string{"config_schema", "events_schema", "postgres_schema"} {
		t.Run(table, func(t *testing.T) {
			cfg := postgresConfig(t)
			db := openTest(t, cfg)
			if _, err := db.config.writer.ExecContext(t.Context(), `INSERT INTO `+table+` (version_id, is_applied) VALUES (99, TRUE)`); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrNewerSchema) {
				t.Errorf("open: %v, want ErrNewerSchema", err)
			}
		})
	}
}

func TestPostgresNodesStartTogetherOnAnEmptyDatabase(t *testing.T) {
	cfg := postgresConfig(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			db, err := Open(t.Context(), cfg)
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// nextVersion is the tree of migrations as the next version of writ might have it.
func nextVersion(t *testing.T) fs.FS {
	t.Helper()
	next := fstest.MapFS{
		"migrations/config/99999_next.sql": {Data: []byte(`-- +goose Up
			ALTER TABLE clients ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';
			ALTER TABLE tenants ADD COLUMN region TEXT;
			CREATE TABLE gadgets (tenant TEXT NOT NULL REFERENCES tenants (name), id TEXT NOT NULL, PRIMARY KEY (tenant, id));`)},
		"migrations/events/99999_next.sql": {Data: []byte(`-- +goose Up
			ALTER TABLE logs ADD COLUMN weather TEXT;
			CREATE INDEX logs_weather ON logs (tenant, weather);`)},
	}
	err := fs.WalkDir(migrations, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := migrations.ReadFile(path)
		next[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// The upgrade rule: while nodes of the next version join, those of this one go on, though what they had prepared is older than
// the tables; but no new one of this version starts.
func TestPostgresNextVersionMigratesUnderneath(t *testing.T) {
	cfg := postgresConfig(t)
	db := openTest(t, cfg)
	createTenant(t, db, "acme")
	work := func(id string) {
		t.Helper()
		err := db.InTx(t.Context(), func(tx *Tx) error {
			clients := tx.Tenant("acme").Clients()
			if err := clients.Insert(t.Context(), tenant.Client{ClientID: id, ClientSecret: "secret"}); err != nil {
				return err
			}
			_, err := clients.Update(t.Context(), id, func(old tenant.Client) (tenant.Client, error) { old.Name = "job"; return old, nil })
			return errors.Join(err, tx.Record(t.Context(), testEvent(id)))
		})
		if err == nil {
			err = db.Append(t.Context(), testEvent(id))
		}
		if err == nil {
			_, err = db.snapshots.Client(t.Context(), "acme", id)
		}
		if err == nil {
			_, err = db.Tenant("acme").Logs().Query(t.Context(), tenant.LogQuery{})
		}
		if err == nil {
			_, err = db.Tenants().List(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 { // often enough for everything to be prepared
		work(fmt.Sprint("before-", i))
	}
	pool := sql.OpenDB(db.engine.(*postgresEngine).settings.unlimitedConnector())
	defer pool.Close()
	for _, folder := range []string{configFolder, eventsFolder} {
		if err := migrateFolder(t.Context(), goose.DialectPostgres, pool, nextVersion(t), folder); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		work(fmt.Sprint("after-", i))
	}
	if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("a new node of this version: %v, want ErrNewerSchema", err)
	}
}

func TestPostgresNotificationBringsAChange(t *testing.T) {
	cfg := postgresConfig(t) // which polls once an hour
	db, other := openTest(t, cfg), openTest(t, cfg)
	createTenant(t, other, "acme")
	eventually(t, "the listener listens", func() bool {
		var n int
		err := db.config.reader.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`).Scan(&n)
		return err == nil && n == 2
	})
	if _, err := db.snapshots.Tenant(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	if err := other.InTx(t.Context(), func(tx *Tx) error { return tx.Tenants().Delete(t.Context(), "acme") }); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the deleted tenant is forgotten", func() bool {
		_, err := db.snapshots.Tenant(t.Context(), "acme")
		return errors.Is(err, tenant.ErrNotFound)
	})
}

func TestPostgresLostListenerIsReplaced(t *testing.T) {
	cfg := postgresConfig(t)
	db := openTest(t, cfg)
	listener := func() (pid int) {
		const query = `SELECT COALESCE(MAX(pid), 0) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`
		db.config.reader.QueryRow(query).Scan(&pid)
		return pid
	}
	eventually(t, "the listener listens", func() bool { return listener() != 0 })
	first := listener()
	if _, err := db.config.reader.Exec(`SELECT pg_terminate_backend($1)`, first); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another listener takes its place", func() bool { pid := listener(); return pid != 0 && pid != first })
}

// A node that stops in the middle of a management write holds the writers' lock: not for longer than the database lets it, and
// no token waits for it.
func TestPostgresPausedWriterStopsNobody(t *testing.T) {
	cfg := postgresConfig(t, "idle_in_transaction_session_timeout=300")
	paused, other := openTest(t, cfg), openTest(t, cfg)
	createTenant(t, other, "acme")
	err := paused.InTx(t.Context(), func(tx *Tx) error {
		if err := other.Append(t.Context(), testEvent("token")); err != nil { // at once
			t.Errorf("a token's record: %v", err)
		}
		if err := other.InTx(t.Context(), func(tx *Tx) error { return tx.Tenants().Create(t.Context(), tenant.Tenant{Name: "other"}) }); err != nil {
			t.Errorf("a management write: %v", err)
		}
		return tx.Tenants().Create(t.Context(), tenant.Tenant{Name: "never"})
	})
	if !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("the paused write: %v, want ErrUnavailable", err)
	}
	list, err := other.Tenants().List(t.Context())
	if err != nil || len(list) != 2 {
		t.Errorf("tenants: %v, %v; want acme and other", list, err)
	}
}

func TestPostgresTextsThatNoRowHolds(t *testing.T) {
	db := openTest(t, postgresConfig(t))
	createTenant(t, db, "acme")
	for _, text := range []string{"a\x00b", "a\xffb"} {
		if _, err := db.snapshots.Client(t.Context(), "acme", text); !errors.Is(err, tenant.ErrNotFound) {
			t.Errorf("client %q: %v, want ErrNotFound", text, err)
		}
		if _, err := db.snapshots.ResourceServer(t.Context(), "acme", text); !errors.Is(err, tenant.ErrNotFound) {
			t.Errorf("API %q: %v, want ErrNotFound", text, err)
		}
		where := Query{Where: []Filter{In("app_type", text)}}
		clients := db.Tenant("acme").Clients()
		if rows, err := clients.List(t.Context(), where); err != nil || len(rows) != 0 {
			t.Errorf("clients of app_type %q: %d, %v", text, len(rows), err)
		}
		if n, err := clients.Count(t.Context(), where); err != nil || n != 0 {
			t.Errorf("clients of app_type %q: %d, %v", text, n, err)
		}
		search := tenant.LogQuery{Where: tenant.LogIs("user_agent", text)}
		if found, err := db.Tenant("acme").Logs().Query(t.Context(), search); err != nil || len(found) != 0 {
			t.Errorf("log records of %q: %d, %v", text, len(found), err)
		}
		event := testEvent("description " + text)
		event.UserAgent, event.Audience, event.ClientName = text, text, &text
		if err := db.Append(t.Context(), event); err != nil {
			t.Errorf("record of %q: %v", text, err)
		}
		if err := db.InTx(t.Context(), func(tx *Tx) error { return tx.Record(t.Context(), event) }); err != nil {
			t.Errorf("record of %q beside a write: %v", text, err)
		}
	}
	found, err := db.Tenant("acme").Logs().Query(t.Context(), tenant.LogQuery{})
	if err != nil || len(found) != 4 {
		t.Fatalf("%d records, %v; want 4", len(found), err)
	}
	for _, e := range found {
		if e.UserAgent != "ab" || e.Audience != "ab" || *e.ClientName != "ab" {
			t.Errorf("recorded %q, %q, %q; want the texts without what cannot be stored", e.UserAgent, e.Audience, *e.ClientName)
		}
	}
}

func TestPostgresGoneAndBack(t *testing.T) {
	server := pgtest.Start(t)
	cfg := testConfig(t)
	cfg.Database = server.URL(t)
	db := openTest(t, cfg)
	createTenant(t, db, "acme")
	if err := db.Append(t.Context(), testEvent("before")); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(){"stopped": server.Stop, "crashed": server.Crash} {
		end()
		for what, err := range map[string]error{
			"append":     db.Append(t.Context(), testEvent("never")),
			"write":      db.InTx(t.Context(), func(tx *Tx) error { return tx.Record(t.Context(), testEvent("never")) }),
			"read":       second(db.Tenant("acme").Clients().List(t.Context(), Query{})),
			"search":     second(db.Tenant("acme").Logs().Query(t.Context(), tenant.LogQuery{})),
			"settings":   second(db.Tenant("acme").Settings().Get(t.Context())),
			"tenants":    second(db.Tenants().List(t.Context())),
			"cache miss": second(db.snapshots.Client(t.Context(), "acme", "c-1")),
			"catch up":   db.CatchUp(t.Context()),
			"poll":       db.Poll(t.Context()),
			"sweep":      db.Sweep(t.Context()),
			"open":       second(Open(t.Context(), cfg)),
		} {
			if !errors.Is(err, tenant.ErrUnavailable) {
				t.Errorf("%s, %s: %v, want ErrUnavailable", name, what, err)
			}
		}
		if err := server.Run(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "records can be appended again", func() bool { return db.Append(t.Context(), testEvent("again")) == nil })
		eventually(t, "rows can be read again", func() bool { return second(db.Tenants().List(t.Context())) == nil })
		eventually(t, "rows can be written again", func() bool {
			return db.InTx(t.Context(), func(tx *Tx) error { return tx.Record(t.Context(), testEvent("again")) }) == nil
		})
	}
	found, err := db.Tenant("acme").Logs().Query(t.Context(), tenant.LogQuery{Where: tenant.LogIs("description", "never")})
	if err != nil || len(found) != 0 {
		t.Errorf("%d records of operations that failed, %v", len(found), err)
	}
}

func second[T any](_ T, err error) error { return err }

// Two transactions that lock two rows in opposite orders: PostgreSQL ends one, and its function runs again.
func TestPostgresDeadlockIsRunAgain(t *testing.T) {
	db := openTest(t, postgresConfig(t))
	createTenant(t, db, "acme")
	createTenant(t, db, "other")
	const lock = `UPDATE tenants SET doc = doc WHERE name = $1`
	outside, err := db.config.reader.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Rollback()
	if _, err := outside.Exec(`SET LOCAL deadlock_timeout = '1min'`); err != nil { // so that it is the other that ends
		t.Fatal(err)
	}
	if _, err := outside.Exec(lock, "acme"); err != nil {
		t.Fatal(err)
	}
	runs, released := 0, make(chan error, 1)
	err = db.InTx(t.Context(), func(tx *Tx) error {
		runs++
		if _, err := tx.q.ExecContext(t.Context(), lock, "other"); err != nil {
			return err
		}
		if runs == 1 {
			go func() { // waits for this transaction, which is about to wait for it
				_, err := outside.Exec(lock, "other")
				released <- errors.Join(err, outside.Commit())
			}()
		}
		_, err := tx.q.ExecContext(t.Context(), lock, "acme")
		return dbError(err)
	})
	if err != nil || runs < 2 {
		t.Errorf("%d runs, %v; want a second one to succeed", runs, err)
	}
	if err := <-released; err != nil {
		t.Errorf("the other transaction: %v", err)
	}
}

func TestPostgresClock(t *testing.T) {
	t.Run("a node whose clock is off is told, and may be asked", func(t *testing.T) {
		var log bytes.Buffer
		cfg := postgresConfig(t)
		cfg.Now = func() time.Time { return time.Now().Add(time.Minute) }
		cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
		db := openTest(t, cfg)
		if skew := db.ClockSkew(); (skew - time.Minute).Abs() > time.Second {
			t.Errorf("skew %s, want a minute", skew)
		}
		db.clock.measure(t.Context(), db.config.reader)
		if n := strings.Count(log.String(), "clock differs"); n != 1 {
			t.Errorf("%d warnings, want one:\n%s", n, &log)
		}
	})
	t.Run("what is stored has the database's time", func(t *testing.T) {
		db := openTest(t, postgresConfig(t))
		c := &clock{engine: db.engine, log: slog.New(slog.DiscardHandler), node: func() time.Time { return time.Now().Add(-time.Hour) }, follow: true}
		c.measure(t.Context(), db.config.reader)
		if off := time.Until(c.now()).Abs(); off > 5*time.Second {
			t.Errorf("time is off by %s although the database was asked", off)
		}
	})
}
