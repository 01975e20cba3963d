package server

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// Keys cost a core for a while: none are made for a name that cannot be given. What belongs to the making of a tenant is there with it, or
// neither is.
func TestMakingATenant(t *testing.T) {
	ctx := t.Context()
	made := 0
	cfg := Config{Data: filepath.Join(t.TempDir(), "data"), BaseDomain: "auth.example", HTTPS: ":443"}
	cfg.RSAKeys = func() (*rsa.PrivateKey, error) {
		made++
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	a, err := OpenAdmin(ctx, cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"acme", "buried"} {
		if _, err := a.CreateTenant(ctx, name, tenant.Development); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.DeleteTenant(ctx, "buried"); err != nil {
		t.Fatal(err)
	}
	before := made
	for name, want := range map[string]error{"acme": tenant.ErrExists, "buried": tenant.ErrTombstoned, "Not a name": tenant.ValidateName("Not a name")} {
		if _, err := a.CreateTenant(ctx, name, tenant.Development); !errors.Is(err, want) && err.Error() != want.Error() {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if made != before {
		t.Errorf("%d keys for names that cannot be given", made-before)
	}

	s := peopleStore{a.db, a.instance}
	settle := func(fail error) error {
		return createTenant(ctx, a.db, a.keys, a.instance, admin.NewTenant{Name: "second"}, time.Now(), func(tx *store.Tx) error {
			record := tenant.LogEvent{Tenant: "second", Date: time.Now(), Type: tenant.LogManagementWritten, Description: "Made for a test"}
			return errors.Join(s.people(tx).Record(ctx, record), fail)
		})
	}
	if err := settle(errors.New("no owner")); err == nil {
		t.Error("a tenant that was not settled")
	}
	if there, err := a.Tenants(ctx); err != nil || len(there) != 1 {
		t.Errorf("%v, %v: want acme alone", there, err)
	}
	if err := settle(nil); err != nil {
		t.Fatal(err)
	}
	events, err := a.db.Tenant("second").Logs().Query(ctx, tenant.LogQuery{SortBy: "date", Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range events {
		told = append(told, e.Description)
	}
	if !slices.Equal(told, []string{"Made for a test"}) {
		t.Errorf("the log begins with %q", told)
	}
}
