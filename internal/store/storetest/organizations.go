package storetest

import (
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testOrganizationSnapshots: an organization is found by its id and by its name, an association by its pair; what a commit takes away is gone
// at once, whichever way it goes.
func testOrganizationSnapshots(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("by id and by name, which are no matter of the other's", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		s := w.db.Snapshots()
		got, want := *must(s.Organization(ctx, "acme", "org_1"))(t), organization("org_1", "first")
		want.CreatedAt = got.CreatedAt
		wantEqual(t, got, want)
		wantEqual(t, *must(s.OrganizationByName(ctx, "acme", "first"))(t), want)
		for _, wrong := range []string{"first", "ORG_1", ""} {
			wantError(t, second(s.Organization(ctx, "acme", wrong)), tenant.ErrNotFound)
		}
		for _, wrong := range []string{"org_1", "First", ""} {
			wantError(t, second(s.OrganizationByName(ctx, "acme", wrong)), tenant.ErrNotFound)
		}
		wantError(t, second(s.Organization(ctx, "other", "org_1")), tenant.ErrNotFound)
		wantError(t, second(s.OrganizationByName(ctx, "other", "first")), tenant.ErrNotFound)
		wantError(t, second(s.OrganizationGrant(ctx, "other", "org_1", "cgr_1")), tenant.ErrNotFound)
		wantError(t, second(s.OrganizationGrant(ctx, "acme", "org_1", "cgr_2")), tenant.ErrNotFound)
	})
	t.Run("a new name is known at once, and the old one forgotten", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		s := w.db.Snapshots()
		must(s.OrganizationByName(ctx, "acme", "first"))(t)
		wantError(t, second(s.OrganizationByName(ctx, "acme", "renamed")), tenant.ErrNotFound)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error {
			_, err := s.Organizations().Update(ctx, "org_1", func(old tenant.Organization) (tenant.Organization, error) {
				old.Name = "renamed"
				return old, nil
			})
			return err
		}), nil)
		wantEqual(t, must(s.OrganizationByName(ctx, "acme", "renamed"))(t).ID, "org_1")
		wantEqual(t, must(s.Organization(ctx, "acme", "org_1"))(t).Name, "renamed")
		wantError(t, second(s.OrganizationByName(ctx, "acme", "first")), tenant.ErrNotFound)
	})
	for rule, remove := range map[string]func(store.Scope) error{
		"an association goes by itself":               func(s store.Scope) error { return s.OrganizationGrants().Delete(ctx, "org_1/cgr_1") },
		"an association goes with its grant":          func(s store.Scope) error { return s.ClientGrants().Delete(ctx, "cgr_1") },
		"an association goes with the grant's API":    func(s store.Scope) error { return s.ResourceServers().Delete(ctx, "rs-1") },
		"an association goes with the grant's client": func(s store.Scope) error { return s.Clients().Delete(ctx, "c-1") },
		"an association goes with its organization":   func(s store.Scope) error { return s.Organizations().Delete(ctx, "org_1") },
	} {
		t.Run(rule, func(t *testing.T) {
			w := startFilled(t, newDatabase)
			fill(t, w, "other")
			s := w.db.Snapshots()
			must(s.OrganizationGrant(ctx, "acme", "org_1", "cgr_1"))(t)
			wantError(t, inTx(ctx, w.db, "acme", remove), nil)
			wantError(t, second(s.OrganizationGrant(ctx, "acme", "org_1", "cgr_1")), tenant.ErrNotFound)
			wantEqual(t, must(w.db.Tenant("acme").OrganizationGrants().Count(ctx, store.Query{}))(t), 0)
			wantEqual(t, must(w.db.Tenant("other").OrganizationGrants().Count(ctx, store.Query{}))(t), 1)
		})
	}
	t.Run("an organization that goes is nobody's default any more", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		defaults := client("c-2")
		defaults.DefaultOrganization = &tenant.DefaultOrganization{OrganizationID: "org_1", Flows: []string{tenant.GrantClientCredentials}}
		insert(t, w, "acme", store.Scope.Clients, defaults)
		snapshot := must(w.db.Snapshots().Client(ctx, "acme", "c-2"))(t)
		wantEqual(t, snapshot.DefaultOrganizationID(), "org_1")
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.Organizations().Delete(ctx, "org_1") }), nil)
		wantError(t, second(w.db.Snapshots().Organization(ctx, "acme", "org_1")), tenant.ErrNotFound)
		wantEqual(t, must(w.db.Snapshots().Client(ctx, "acme", "c-2"))(t).DefaultOrganization, (*tenant.DefaultOrganization)(nil))
		wantEqual(t, must(w.db.Tenant("acme").Clients().Get(ctx, "c-2"))(t).ClientSecret, defaults.ClientSecret)
	})
}
