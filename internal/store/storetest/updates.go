package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testUpdates: transactions are all or nothing and one at a time; an update is a function of the value it replaces.
func testUpdates(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	t.Run("an error rolls everything back", func(t *testing.T) {
		w := start(t, newDatabase)
		refusal := errors.New("refused")
		err := w.db.InTx(t.Context(), func(tx *store.Tx) error {
			if err := tx.Tenant("acme").Clients().Insert(t.Context(), client("c-1")); err != nil {
				return err
			}
			if err := tx.Record(t.Context(), event(1)); err != nil {
				return err
			}
			return refusal
		})
		wantError(t, err, refusal)
		wantNothingWritten(t, w)
	})
	t.Run("a panic rolls everything back", func(t *testing.T) {
		w := start(t, newDatabase)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			w.db.InTx(t.Context(), func(tx *store.Tx) error {
				if err := tx.Tenant("acme").Clients().Insert(t.Context(), client("c-1")); err != nil {
					return err
				}
				panic("a fault")
			})
		}()
		wantNothingWritten(t, w)
	})
	t.Run("a transaction sees its own writes and others do not", func(t *testing.T) {
		w := start(t, newDatabase)
		w.tx(t, func(tx *store.Tx) error {
			clients := tx.Tenant("acme").Clients()
			if err := clients.Insert(t.Context(), client("c-1")); err != nil {
				return err
			}
			must(clients.Get(t.Context(), "c-1"))(t)
			_, err := w.db.Tenant("acme").Clients().Get(t.Context(), "c-1")
			wantError(t, err, tenant.ErrNotFound)
			return nil
		})
	})
	t.Run("an update that fails changes nothing", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		refusal := errors.New("refused")
		err := inTx(t.Context(), w.db, "acme", func(s store.Scope) error {
			_, err := s.Clients().Update(t.Context(), "c-1", func(old tenant.Client) (tenant.Client, error) {
				old.Name = "Renamed"
				return old, refusal
			})
			return err
		})
		wantError(t, err, refusal)
		wantEqual(t, must(w.db.Tenant("acme").Clients().Get(t.Context(), "c-1"))(t).Name, client("c-1").Name)
	})
	t.Run("an update may not change the id", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		err := inTx(t.Context(), w.db, "acme", func(s store.Scope) error {
			_, err := s.Clients().Update(t.Context(), "c-1", func(tenant.Client) (tenant.Client, error) { return client("c-2"), nil })
			return err
		})
		if err == nil {
			t.Error("no error")
		}
		must(w.db.Tenant("acme").Clients().Get(t.Context(), "c-1"))(t)
	})
	t.Run("no update is lost, from however many handles", func(t *testing.T) { testLostUpdates(t, newDatabase) })
}

func wantNothingWritten(t *testing.T, w *world) {
	t.Helper()
	wantEqual(t, must(w.db.Tenant("acme").Clients().Count(t.Context(), store.Query{}))(t), 0)
	wantEqual(t, must(w.db.Tenant("acme").Logs().Count(t.Context(), tenant.LogQuery{}))(t), 0)
}

func testLostUpdates(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	const writers, each = 4, 10
	w := start(t, newDatabase)
	row := client("c-1")
	row.ClientMetadata = map[string]string{"count": "0"}
	insert(t, w, "acme", store.Scope.Clients, row)
	second := w.open(t)
	var wg sync.WaitGroup
	for i := range writers {
		db := []*store.DB{w.db, second}[i%2]
		wg.Go(func() {
			for range each {
				if err := increment(t, db); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := must(w.db.Tenant("acme").Clients().Get(t.Context(), "c-1"))(t)
	wantEqual(t, got.ClientMetadata["count"], strconv.Itoa(writers*each))
}

func increment(t *testing.T, db *store.DB) error {
	return inTx(t.Context(), db, "acme", func(s store.Scope) error {
		_, err := s.Clients().Update(t.Context(), "c-1", func(old tenant.Client) (tenant.Client, error) {
			n, err := strconv.Atoi(old.ClientMetadata["count"])
			old.ClientMetadata = map[string]string{"count": strconv.Itoa(n + 1)}
			return old, err
		})
		return err
	})
}
