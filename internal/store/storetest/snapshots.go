package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testSnapshots: the token path's view holds what the rows hold, and no more secrets than it needs; local commits are seen at
// once.
func testSnapshots(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("a client has its digest and no secret", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		want := withAliases("c-1", "urn:alias-of-c-1")
		want.SecretDigest, want.ClientSecret = want.ClientSecret.Digest(), ""
		got := *must(w.db.Snapshots().Client(ctx, "acme", "c-1"))(t)
		want.CreatedAt = got.CreatedAt
		wantEqual(t, got, want)
	})
	t.Run("a client and an organization know when they were made: who is made anew is another", func(t *testing.T) {
		w := start(t, newDatabase)
		made := func() [2]time.Time {
			insert(t, w, "acme", store.Scope.Clients, client("c-1"))
			insert(t, w, "acme", store.Scope.Organizations, organization("org_1", "first"))
			o := must(w.db.Snapshots().Organization(ctx, "acme", "org_1"))(t)
			wantEqual(t, must(w.db.Snapshots().OrganizationByName(ctx, "acme", "first"))(t).CreatedAt, o.CreatedAt)
			return [2]time.Time{must(w.db.Snapshots().Client(ctx, "acme", "c-1"))(t).CreatedAt, o.CreatedAt}
		}
		first := made()
		w.tx(t, func(tx *store.Tx) error {
			return errors.Join(tx.Tenant("acme").Clients().Delete(ctx, "c-1"), tx.Tenant("acme").Organizations().Delete(ctx, "org_1"))
		})
		for i, again := range made() {
			if age := w.clock.now().Sub(first[i]).Abs(); age > time.Second || again.Equal(first[i]) {
				t.Errorf("made at %s, then at %s", first[i], again)
			}
		}
	})
	t.Run("a client without a secret has the digest that matches nothing", func(t *testing.T) {
		w := start(t, newDatabase)
		row := client("c-1")
		row.ClientSecret = ""
		insert(t, w, "acme", store.Scope.Clients, row)
		if must(w.db.Snapshots().Client(ctx, "acme", "c-1"))(t).SecretDigest.Matches("") {
			t.Error("the empty secret matches")
		}
	})
	t.Run("an API is found by its identifier, byte for byte, with its signing secret", func(t *testing.T) {
		w := start(t, newDatabase)
		want := api("rs-1", "https://timesheets")
		want.SigningAlg, want.SigningSecret = tenant.HS256, "sixteen characters"
		insert(t, w, "acme", store.Scope.ResourceServers, want)
		wantEqual(t, *must(w.db.Snapshots().ResourceServer(ctx, "acme", "https://timesheets"))(t), want)
		for _, identifier := range []string{"https://timesheets/", "https://Timesheets", "rs-1", ""} {
			wantError(t, second(w.db.Snapshots().ResourceServer(ctx, "acme", identifier)), tenant.ErrNotFound)
		}
	})
	t.Run("the system resource server is found without an identifier, and only so", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		wantEqual(t, must(w.db.Snapshots().SystemResourceServer(ctx, "acme"))(t).ID, "rs-system")
		wantError(t, second(w.db.Snapshots().ResourceServer(ctx, "acme", "")), tenant.ErrNotFound)
		wantError(t, second(w.db.Snapshots().SystemResourceServer(ctx, "other")), tenant.ErrNotFound)
	})
	t.Run("a grant is that of subject type client", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		users := grant("cgr_2", "c-1", "rs-system")
		users.SubjectType = tenant.SubjectTypeUser
		insert(t, w, "acme", store.Scope.ClientGrants, users)
		wantEqual(t, *must(w.db.Snapshots().ClientGrant(ctx, "acme", "c-1", "rs-1"))(t), grant("cgr_1", "c-1", "rs-1"))
		wantError(t, second(w.db.Snapshots().ClientGrant(ctx, "acme", "c-1", "rs-system")), tenant.ErrNotFound)
	})
	t.Run("the default grant for third parties is found without a client", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		wantError(t, second(w.db.Snapshots().ClientGrant(ctx, "acme", "", "rs-1")), tenant.ErrNotFound)
		everybody := grant("cgr_2", "", "rs-1")
		everybody.DefaultFor = tenant.DefaultForThirdParty
		users := everybody
		users.ID, users.SubjectType = "cgr_3", tenant.SubjectTypeUser
		insert(t, w, "acme", store.Scope.ClientGrants, users, everybody)
		wantEqual(t, must(w.db.Snapshots().ClientGrant(ctx, "acme", "", "rs-1"))(t).ID, "cgr_2")
		wantError(t, second(w.db.Snapshots().ClientGrant(ctx, "acme", "", "rs-system")), tenant.ErrNotFound)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.ResourceServers().Delete(ctx, "rs-1") }), nil)
		wantError(t, second(w.db.Snapshots().ClientGrant(ctx, "acme", "", "rs-1")), tenant.ErrNotFound)
	})
	t.Run("signing keys come newest first with their private halves", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		wantEqual(t, len(must(w.db.Snapshots().SigningKeys(ctx, "acme"))(t)), 1)
		next := signingKey("kid-2", tenant.FamilyRSA, tenant.KeyNext)
		insert(t, w, "acme", store.Scope.SigningKeys, next)
		want := tenant.KeySet{next, signingKey("kid-1", tenant.FamilyRSA, tenant.KeyCurrent)}
		wantEqual(t, must(w.db.Snapshots().SigningKeys(ctx, "acme"))(t), want)
		wantEqual(t, len(must(w.db.Snapshots().SigningKeys(ctx, "other"))(t)), 0)
	})
	t.Run("nothing of one tenant is another's", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		s := w.db.Snapshots()
		wantError(t, second(s.Client(ctx, "other", "c-1")), tenant.ErrNotFound)
		wantError(t, second(s.ResourceServer(ctx, "other", "https://timesheets")), tenant.ErrNotFound)
		wantError(t, second(s.ClientGrant(ctx, "other", "c-1", "rs-1")), tenant.ErrNotFound)
		wantError(t, second(s.Settings(ctx, "other")), tenant.ErrNotFound)
	})
	t.Run("organizations", func(t *testing.T) { testOrganizationSnapshots(t, newDatabase) })
	t.Run("traffic rules", func(t *testing.T) { testTrafficSnapshots(t, newDatabase) })
	t.Run("a commit is seen at once", func(t *testing.T) { testSeenAtOnce(t, newDatabase) })
	t.Run("first keys are made once", func(t *testing.T) { testAddSigningKeys(t, newDatabase) })
}

func testSeenAtOnce(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := start(t, newDatabase)
	s := w.db.Snapshots()
	// Asked for before they exist, so that the negative answers are remembered.
	wantError(t, second(s.Client(ctx, "acme", "c-1")), tenant.ErrNotFound)
	wantError(t, second(s.ResourceServer(ctx, "acme", "https://timesheets")), tenant.ErrNotFound)
	wantError(t, second(s.ClientGrant(ctx, "acme", "c-1", "rs-1")), tenant.ErrNotFound)
	fill(t, w, "acme")
	must(s.Client(ctx, "acme", "c-1"))(t)
	must(s.ResourceServer(ctx, "acme", "https://timesheets"))(t)
	must(s.ClientGrant(ctx, "acme", "c-1", "rs-1"))(t)
	must(s.Settings(ctx, "acme"))(t)

	lifetime, name := 600, "Renamed"
	w.tx(t, func(tx *store.Tx) error {
		scope := tx.Tenant("acme")
		_, clientErr := scope.Clients().Update(ctx, "c-1", func(old tenant.Client) (tenant.Client, error) {
			old.ClientSecret = "rotated"
			return old, nil
		})
		_, apiErr := scope.ResourceServers().Update(ctx, "rs-1", func(old tenant.ResourceServer) (tenant.ResourceServer, error) {
			old.TokenLifetime = lifetime
			return old, nil
		})
		_, grantErr := scope.ClientGrants().Update(ctx, "cgr_1", func(old tenant.ClientGrant) (tenant.ClientGrant, error) {
			old.Scope = []string{}
			return old, nil
		})
		_, settingsErr := scope.Settings().Update(ctx, func(old tenant.Settings) (tenant.Settings, error) {
			old.FriendlyName = &name
			return old, nil
		})
		_, keyErr := scope.SigningKeys().Update(ctx, "kid-1", func(old tenant.SigningKey) (tenant.SigningKey, error) {
			old.State = tenant.KeyRevoked
			return old, nil
		})
		return errors.Join(clientErr, apiErr, grantErr, settingsErr, keyErr)
	})
	if !must(s.Client(ctx, "acme", "c-1"))(t).SecretDigest.Matches("rotated") {
		t.Error("the rotated secret is refused")
	}
	wantEqual(t, must(s.ResourceServer(ctx, "acme", "https://timesheets"))(t).TokenLifetime, lifetime)
	wantEqual(t, must(s.ClientGrant(ctx, "acme", "c-1", "rs-1"))(t).Scope, []string{})
	wantEqual(t, *must(s.Settings(ctx, "acme"))(t).FriendlyName, name)
	wantEqual(t, must(s.SigningKeys(ctx, "acme"))(t)[0].State, tenant.KeyRevoked)
}

func testAddSigningKeys(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startFilled(t, newDatabase) // with an RSA key
	made := 0
	add := func(kid string) func() ([]tenant.SigningKey, error) {
		return func() ([]tenant.SigningKey, error) {
			made++
			return []tenant.SigningKey{signingKey(kid, tenant.FamilyEC, tenant.KeyCurrent)}, nil
		}
	}
	wantError(t, w.db.AddSigningKeys(ctx, "acme", tenant.FamilyEC, func() ([]tenant.SigningKey, error) {
		// Another node is quicker while this one makes its key.
		if err := w.open(t).AddSigningKeys(ctx, "acme", tenant.FamilyEC, add("ec-quick")); err != nil {
			return nil, err
		}
		return add("ec-slow")()
	}), nil)
	wantError(t, w.db.AddSigningKeys(ctx, "acme", tenant.FamilyEC, add("ec-late")), nil)
	wantEqual(t, made, 2)
	key, ok := must(w.db.Snapshots().SigningKeys(ctx, "acme"))(t).In(tenant.FamilyEC, tenant.KeyCurrent)
	wantEqual(t, ok, true)
	wantEqual(t, key.KID, "ec-quick")
	wantEqual(t, must(w.db.Tenant("acme").SigningKeys().Count(ctx, store.Query{}))(t), 2)
}
