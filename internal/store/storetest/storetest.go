package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// Run is the specification. newDatabase names an empty database of its own for each test; the suite opens it, often more than
// once, with the master key, clock and limits of the rule under test.
func Run(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	for _, chapter := range []struct {
		title string
		run   func(t *testing.T, newDatabase func(t *testing.T) store.Config)
	}{
		{"rows", testRows},
		{"constraints", testConstraints},
		{"updates", testUpdates},
		{"lists", testLists},
		{"tenants", testTenants},
		{"instance", testInstance},
		{"log", testLog},
		{"log search", testLogSearch},
		{"log counts", testLogCounts},
		{"quotas", testQuotas},
		{"usage", testUsage},
		{"outbox", testOutbox},
		{"retention", testRetention},
		{"snapshots", testSnapshots},
		{"processes", testProcesses},
		{"secrets", testSecrets},
		{"rekeying", testRekeying},
		{"people", testPeople},
		{"actions", testActions},
	} {
		t.Run(chapter.title, func(t *testing.T) { chapter.run(t, newDatabase) })
	}
}

// world is one database under test.
type world struct {
	cfg   store.Config
	db    *store.DB
	clock *clock
}

// start opens an empty database with two tenants, acme and other. Its background work sleeps: tests call Poll and Sweep.
func start(t *testing.T, newDatabase func(t *testing.T) store.Config, change ...func(*store.Config)) *world {
	t.Helper()
	w := &world{cfg: newDatabase(t), clock: newClock()}
	w.cfg.Master = newMaster(t)
	w.cfg.Now = w.clock.now
	w.cfg.PollInterval = time.Hour
	for _, f := range change {
		f(&w.cfg)
	}
	w.db = w.open(t)
	w.tx(t, func(tx *store.Tx) error {
		for _, name := range []string{"acme", "other"} {
			if err := tx.Tenants().Create(t.Context(), tenant.Tenant{Name: name, Environment: tenant.Development}); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// open is another handle on the same database, as another process would have.
func (w *world) open(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), w.cfg)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// tx runs fn in a transaction that must succeed.
func (w *world) tx(t *testing.T, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := w.db.InTx(t.Context(), fn); err != nil {
		t.Fatalf("transaction: %v", err)
	}
}

func newMaster(t *testing.T) *seal.Master {
	t.Helper()
	master, err := seal.NewMaster(seal.NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	return master
}

// clock stands still until it is advanced.
type clock struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// ids maps rows to what names them.
func ids[T any](rows []T, id func(T) string) []string {
	out := []string{}
	for _, row := range rows {
		out = append(out, id(row))
	}
	return out
}

func insert[T any](t *testing.T, w *world, tenantName string, table func(store.Scope) store.Rows[T], rows ...T) {
	t.Helper()
	w.tx(t, func(tx *store.Tx) error {
		for _, row := range rows {
			if err := table(tx.Tenant(tenantName)).Insert(t.Context(), row); err != nil {
				return err
			}
		}
		return nil
	})
}

// inTx is the error of one write.
func inTx(ctx context.Context, db *store.DB, tenantName string, fn func(s store.Scope) error) error {
	return db.InTx(ctx, func(tx *store.Tx) error { return fn(tx.Tenant(tenantName)) })
}
