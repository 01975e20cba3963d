package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testRekeying: a tenant's data key is replaced under the feet of those who read and write.
func testRekeying(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	nothing := func(context.Context, *store.Tx) error { return nil }
	t.Run("every secret opens afterwards, in this process and in another", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		fill(t, w, "other")
		other := w.open(t)
		hs256 := api("rs-2", "https://hs256")
		hs256.SigningSecret = "signing-secret-of-rs-2"
		insert(t, w, "acme", store.Scope.ResourceServers, hs256)
		for range 3 { // the second retires the first key, the third the second
			wantSecrets(t, other)
			wantError(t, w.db.Rekey(ctx, "acme", nothing), nil)
			wantSecrets(t, w.db)
		}
		wantSecrets(t, other)
		wantSecrets(t, w.open(t))
		wantEqual(t, must(w.db.Tenant("other").Clients().Get(ctx, "c-1"))(t).ClientSecret, client("c-1").ClientSecret)
	})
	t.Run("more rows than one transaction takes, while another process writes", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		other := w.open(t)
		const rows = 1100
		w.tx(t, func(tx *store.Tx) error {
			for i := range rows {
				if err := tx.Tenant("acme").Clients().Insert(ctx, client(fmt.Sprintf("many-%04d", i))); err != nil {
					return err
				}
			}
			return nil
		})
		var writers sync.WaitGroup
		writers.Go(func() {
			for i := range 20 {
				put := func(s store.Scope) error { return s.Clients().Insert(ctx, client(fmt.Sprintf("new-%02d", i))) }
				if err := inTx(ctx, other, "acme", put); err != nil {
					t.Error(err)
				}
			}
		})
		for range 2 {
			wantError(t, w.db.Rekey(ctx, "acme", nothing), nil)
		}
		writers.Wait()
		wantError(t, w.db.Rekey(ctx, "acme", nothing), nil)
		for _, c := range must(w.open(t).Tenant("acme").Clients().List(ctx, store.Query{}))(t) {
			wantEqual(t, c.ClientSecret, client(c.ClientID).ClientSecret)
		}
	})
	t.Run("one that did not finish is finished by the next", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		stop := errors.New("stop")
		wantError(t, w.db.Rekey(ctx, "acme", func(context.Context, *store.Tx) error { return stop }), stop)
		wantEqual(t, must(w.open(t).Tenant("acme").Clients().Get(ctx, "c-1"))(t).ClientSecret, client("c-1").ClientSecret)
		for range 2 {
			wantError(t, w.db.Rekey(ctx, "acme", nothing), nil)
		}
		wantEqual(t, must(w.open(t).Tenant("acme").Clients().Get(ctx, "c-1"))(t).ClientSecret, client("c-1").ClientSecret)
	})
	t.Run("one whose caller goes away is finished", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		caller, leave := context.WithCancel(ctx)
		defer leave()
		wantError(t, w.db.Rekey(caller, "acme", func(ctx context.Context, tx *store.Tx) error {
			leave()
			return tx.Tenant("acme").EncryptionKeys().Insert(ctx, encryptionKey("fresh"))
		}), nil)
		wantEqual(t, must(w.db.Tenant("acme").EncryptionKeys().Get(ctx, "fresh"))(t).KID, "fresh")
	})
	t.Run("a tenant that is not there", func(t *testing.T) {
		w := start(t, newDatabase)
		wantError(t, w.db.Rekey(ctx, "nobody", nothing), tenant.ErrNotFound)
	})
}

// wantSecrets opens one secret of each table, and writes one under the key that a handle takes for the current one.
func wantSecrets(t *testing.T, db *store.DB) {
	t.Helper()
	ctx, acme := t.Context(), db.Tenant("acme")
	wantEqual(t, must(acme.Clients().Get(ctx, "c-1"))(t).ClientSecret, client("c-1").ClientSecret)
	wantEqual(t, must(acme.ResourceServers().Get(ctx, "rs-2"))(t).SigningSecret, tenant.Secret("signing-secret-of-rs-2"))
	wantEqual(t, must(acme.SigningKeys().List(ctx, store.Query{}))(t)[0].PrivateKey, signingKey("kid-1", tenant.FamilyRSA, tenant.KeyCurrent).PrivateKey)
	wantEqual(t, must(acme.Actions().Get(ctx, "action-1"))(t).SecretValues, action("action-1").SecretValues)
	wantEqual(t, must(acme.ActionVersions().Get(ctx, "version-1"))(t).SecretValues, actionVersion("version-1", "action-1", 1).SecretValues)
	wantEqual(t, must(acme.ActionBindings().Get(ctx, "binding-1"))(t).SecretValues, actionBinding("binding-1", "action-1", 0).SecretValues)
	wantEqual(t, must(acme.ActionModules().Get(ctx, "module-1"))(t).SecretValues, actionModule("module-1").SecretValues)
	wantEqual(t, must(acme.ActionModuleVersions().Get(ctx, "module-version-1"))(t).SecretValues, actionModuleVersion("module-version-1", "module-1", 1).SecretValues)
	wantEqual(t, must(acme.LogStreams().Get(ctx, "lst_1"))(t).Sink, logStream("lst_1").Sink)
	wantError(t, inTx(ctx, db, "acme", func(s store.Scope) error {
		_, err := s.Clients().Update(ctx, "c-1", func(old tenant.Client) (tenant.Client, error) { return old, nil })
		return err
	}), nil)
}
