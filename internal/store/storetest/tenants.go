package storetest

import (
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testTenants: names are unique for ever, and a deleted tenant leaves nothing but its name.
func testTenants(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	create := func(db *store.DB, row tenant.Tenant) error {
		return db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Create(ctx, row) })
	}
	t.Run("what was created is read back and listed by name", func(t *testing.T) {
		w := start(t, newDatabase)
		want := tenant.Tenant{Name: "aardvark", Environment: tenant.Production, BootstrapClientID: "c-1", BootstrapScopes: 7,
			Certificate: "PEM", CreatedAt: w.clock.now()}
		given := want
		wantError(t, create(w.db, given), nil)
		wantEqual(t, must(w.db.Tenants().Get(ctx, "aardvark"))(t), want)
		names := ids(must(w.db.Tenants().List(ctx))(t), func(t tenant.Tenant) string { return t.Name })
		wantEqual(t, names, []string{"aardvark", "acme", "other"})
	})
	t.Run("an update changes all but name and age", func(t *testing.T) {
		w := start(t, newDatabase)
		before := must(w.db.Tenants().Get(ctx, "acme"))(t)
		w.tx(t, func(tx *store.Tx) error {
			_, err := tx.Tenants().Update(ctx, "acme", func(old tenant.Tenant) (tenant.Tenant, error) {
				return tenant.Tenant{Name: "renamed", Environment: tenant.Staging, BootstrapClientID: "c-2"}, nil
			})
			return err
		})
		want := tenant.Tenant{Name: "acme", Environment: tenant.Staging, BootstrapClientID: "c-2", CreatedAt: before.CreatedAt}
		wantEqual(t, must(w.db.Tenants().Get(ctx, "acme"))(t), want)
	})
	t.Run("refusals", func(t *testing.T) {
		w := start(t, newDatabase)
		wantError(t, create(w.db, tenant.Tenant{Name: "acme"}), tenant.ErrExists)
		if err := create(w.db, tenant.Tenant{Name: "Not A Name"}); err == nil {
			t.Error("a name that is none was accepted")
		}
		if err := w.db.Tenants().Create(ctx, tenant.Tenant{Name: "outside"}); err == nil {
			t.Error("a write outside a transaction was accepted")
		}
		_, err := w.db.Tenants().Get(ctx, "nobody")
		wantError(t, err, tenant.ErrNotFound)
		err = w.db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "nobody") })
		wantError(t, err, tenant.ErrNotFound)
	})
	t.Run("a creation that was rolled back can be tried again, with secrets", func(t *testing.T) {
		w := start(t, newDatabase)
		for _, outcome := range []error{tenant.ErrUnavailable, nil} {
			err := w.db.InTx(ctx, func(tx *store.Tx) error {
				if err := tx.Tenants().Create(ctx, tenant.Tenant{Name: "third"}); err != nil {
					return err
				}
				if err := tx.Tenant("third").Clients().Insert(ctx, client("c-1")); err != nil {
					return err
				}
				return outcome
			})
			wantError(t, err, outcome)
		}
		got := must(w.db.Tenant("third").Clients().Get(ctx, "c-1"))(t)
		wantEqual(t, got.ClientSecret, client("c-1").ClientSecret)
	})
	t.Run("deletion", func(t *testing.T) { testTenantDeletion(t, newDatabase) })
}

func testTenantDeletion(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startFilled(t, newDatabase)
	fill(t, w, "other")
	foreign := event(1)
	foreign.Tenant = "other"
	for _, e := range []tenant.LogEvent{event(1), event(2), foreign} {
		wantError(t, w.db.Append(ctx, e), nil)
	}
	must(w.db.Snapshots().Client(ctx, "acme", "c-1"))(t)
	w.tx(t, func(tx *store.Tx) error {
		if err := tx.Record(ctx, event(3)); err != nil {
			return err
		}
		return tx.Tenants().Delete(ctx, "acme")
	})

	gone := w.db.Tenant("acme")
	wantEqual(t, must(gone.Clients().Count(ctx, store.Query{}))(t), 0)
	wantEqual(t, must(gone.ResourceServers().Count(ctx, store.Query{}))(t), 0)
	wantEqual(t, must(gone.ClientGrants().Count(ctx, store.Query{}))(t), 0)
	wantEqual(t, must(gone.SigningKeys().Count(ctx, store.Query{}))(t), 0)
	for _, err := range []error{
		second(gone.Settings().Get(ctx)),
		second(w.db.Tenants().Get(ctx, "acme")),
		second(w.db.Snapshots().Tenant(ctx, "acme")),
		second(w.db.Snapshots().Client(ctx, "acme", "c-1")),
		second(w.db.Snapshots().Settings(ctx, "acme")),
	} {
		wantError(t, err, tenant.ErrNotFound)
	}
	err := w.db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Create(ctx, tenant.Tenant{Name: "acme"}) })
	wantError(t, err, tenant.ErrTombstoned)

	wantError(t, w.db.Sweep(ctx), nil)
	wantEqual(t, must(gone.Logs().Count(ctx, tenant.LogQuery{}))(t), 0)
	wantEqual(t, must(w.db.Tenant("other").Logs().Count(ctx, tenant.LogQuery{}))(t), 1)
	must(w.db.Snapshots().Client(ctx, "other", "c-1"))(t)
	wantEqual(t, must(w.db.Tenant("other").ClientGrants().Count(ctx, store.Query{}))(t), 1)
}

func second[T any](_ T, err error) error { return err }

// testInstance: one row, absent until it is written, the same for every handle.
func testInstance(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := start(t, newDatabase)
	wantError(t, second(w.db.Instance(ctx)), tenant.ErrNotFound)
	for _, want := range []tenant.Instance{
		{BaseDomain: "localhost", PublicPort: 8443, DefaultTenant: "dev", Listeners: map[int]string{9443: "acme"}},
		{BaseDomain: "auth.example", PublicPort: 443},
	} {
		wantError(t, w.db.SetInstance(ctx, want), nil)
		wantEqual(t, must(w.db.Instance(ctx))(t), want)
		wantEqual(t, must(w.open(t).Instance(ctx))(t), want)
	}
	wantError(t, w.db.Ready(ctx), nil)
}
