package storetest

import (
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testProcesses: two handles on one database, as the CLI beside the server. w.db serves, other writes.
func testProcesses(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("what another process deletes or changes is refused after the next poll", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		other, s := w.open(t), w.db.Snapshots()
		must(s.Client(ctx, "acme", "c-1"))(t)
		must(s.ClientGrant(ctx, "acme", "c-1", "rs-1"))(t)
		must(s.ResourceServer(ctx, "acme", "https://timesheets"))(t)
		must(s.SigningKeys(ctx, "acme"))(t)

		wantError(t, inTx(ctx, other, "acme", func(s store.Scope) error { return s.Clients().Delete(ctx, "c-1") }), nil)
		wantError(t, inTx(ctx, other, "acme", func(s store.Scope) error { return s.ResourceServers().Delete(ctx, "rs-1") }), nil)
		wantError(t, inTx(ctx, other, "acme", func(s store.Scope) error { return s.SigningKeys().Delete(ctx, "kid-1") }), nil)
		must(s.Client(ctx, "acme", "c-1"))(t) // not yet

		wantError(t, w.db.Poll(ctx), nil)
		wantError(t, second(s.Client(ctx, "acme", "c-1")), tenant.ErrNotFound)
		wantError(t, second(s.ClientGrant(ctx, "acme", "c-1", "rs-1")), tenant.ErrNotFound)
		wantError(t, second(s.ResourceServer(ctx, "acme", "https://timesheets")), tenant.ErrNotFound)
		wantEqual(t, len(must(s.SigningKeys(ctx, "acme"))(t)), 0)
	})
	t.Run("a tenant that another process deletes is gone after the next poll", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		other, s := w.open(t), w.db.Snapshots()
		must(s.Tenant(ctx, "acme"))(t)
		must(s.Client(ctx, "acme", "c-1"))(t)
		err := other.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "acme") })
		wantError(t, err, nil)
		wantError(t, w.db.Poll(ctx), nil)
		wantError(t, second(s.Tenant(ctx, "acme")), tenant.ErrNotFound)
		wantError(t, second(s.Client(ctx, "acme", "c-1")), tenant.ErrNotFound)
	})
	t.Run("a tenant that another process makes answers at once, though it was just asked for", func(t *testing.T) {
		w := start(t, newDatabase)
		other, s := w.open(t), w.db.Snapshots()
		wantError(t, second(s.Tenant(ctx, "third")), tenant.ErrNotFound)
		wantError(t, second(s.Settings(ctx, "third")), tenant.ErrNotFound)
		wantEqual(t, len(must(s.SigningKeys(ctx, "third"))(t)), 0)
		err := other.InTx(ctx, func(tx *store.Tx) error {
			if err := tx.Tenants().Create(ctx, tenant.Tenant{Name: "third"}); err != nil {
				return err
			}
			if err := tx.Tenant("third").Settings().Insert(ctx, tenant.NewSettings("third")); err != nil {
				return err
			}
			return tx.Tenant("third").SigningKeys().Insert(ctx, signingKey("kid-1", tenant.FamilyRSA, tenant.KeyCurrent))
		})
		wantError(t, err, nil)
		must(s.Tenant(ctx, "third"))(t)
		must(s.Settings(ctx, "third"))(t)
		wantEqual(t, len(must(s.SigningKeys(ctx, "third"))(t)), 1)
	})
	t.Run("a negative answer lives a second, without any poll", func(t *testing.T) {
		w := start(t, newDatabase)
		other, s := w.open(t), w.db.Snapshots()
		wantError(t, second(s.Client(ctx, "acme", "c-1")), tenant.ErrNotFound)
		put := func(s store.Scope) error { return s.Clients().Insert(ctx, client("c-1")) }
		wantError(t, inTx(ctx, other, "acme", put), nil)

		w.clock.advance(time.Second - time.Millisecond)
		wantError(t, second(s.Client(ctx, "acme", "c-1")), tenant.ErrNotFound)
		w.clock.advance(time.Millisecond)
		must(s.Client(ctx, "acme", "c-1"))(t)
	})
}
