package admin_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// crew has one member of each role in dev: owner is the one who was set up.
func (w *world) crew(t *testing.T) map[tenant.Role]string {
	t.Helper()
	ids := map[tenant.Role]string{tenant.RoleOwner: w.setUp(t).Operator.ID}
	for _, role := range tenant.Roles()[1:] {
		ids[role] = w.join(t, "dev", string(role)+"@example.com", role, gracePassword).Operator.ID
	}
	return ids
}

func TestWhoMayChangeWhom(t *testing.T) {
	const owner, admins, keys, viewer = tenant.RoleOwner, tenant.RoleAdmin, tenant.RoleEditorKeyManagement, tenant.RoleViewerConfig
	w := newWorld(t)
	ids := w.crew(t)
	// A second of each kind, so that nobody is the last, and who acts is not who is changed.
	targets := map[tenant.Role]string{}
	for _, role := range tenant.Roles() {
		targets[role] = w.join(t, "dev", "second-"+string(role)+"@example.com", role, gracePassword).Operator.ID
	}
	for _, c := range []struct {
		by, of, to tenant.Role
		want       error
	}{
		{owner, viewer, owner, nil},
		{owner, owner, viewer, nil},
		{admins, viewer, admins, nil},
		{admins, admins, viewer, nil},
		{admins, viewer, owner, admin.ErrForbidden},
		{admins, owner, viewer, admin.ErrForbidden},
		{admins, owner, owner, admin.ErrForbidden},
		{keys, viewer, admins, admin.ErrForbidden},
		{viewer, viewer, admins, admin.ErrForbidden},
	} {
		t.Run(string(c.by)+" makes "+string(c.of)+" "+string(c.to), func(t *testing.T) {
			ctx := t.Context()
			id := targets[c.of]
			wantError(t, w.SetRole(ctx, ids[c.by], "dev", id, c.to), c.want)
			want := c.of
			if c.want == nil {
				want = c.to
			}
			if got := must(w.Role(ctx, id, "dev"))(t); got != want {
				t.Errorf("role %s, want %s", got, want)
			}
			w.put(t, "dev", id, c.of)
		})
	}
	ctx := t.Context()
	wantField(t, w.SetRole(ctx, ids[owner], "dev", targets[viewer], "emperor"), "role")
	wantError(t, w.SetRole(ctx, ids[owner], "dev", "op_nobody", viewer), admin.ErrNoMember)
	wantError(t, w.SetRole(ctx, ids[owner], "acme", targets[viewer], viewer), admin.ErrForbidden)
	wantError(t, w.SetRole(ctx, "", "dev", targets[viewer], admins), admin.ErrForbidden)
	wantError(t, w.RemoveMember(ctx, "", "dev", targets[viewer]), admin.ErrForbidden)
	wantError(t, w.RemoveMember(ctx, ids[admins], "dev", targets[owner]), admin.ErrForbidden)
	wantError(t, w.RemoveMember(ctx, ids[viewer], "dev", targets[viewer]), admin.ErrForbidden)
	wantError(t, w.RemoveMember(ctx, ids[owner], "dev", "op_nobody"), admin.ErrNoMember)
}

func TestTheLastOwnerStays(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	ids := w.crew(t)
	owner := ids[tenant.RoleOwner]
	wantError(t, w.SetRole(ctx, owner, "dev", owner, tenant.RoleAdmin), admin.ErrLastOwner)
	wantError(t, w.RemoveMember(ctx, owner, "dev", owner), admin.ErrLastOwner)
	wantError(t, w.SetRole(ctx, owner, "dev", owner, tenant.RoleOwner), nil)
	wantError(t, w.SetRole(ctx, owner, "dev", ids[tenant.RoleAdmin], tenant.RoleOwner), nil)
	wantError(t, w.RemoveMember(ctx, owner, "dev", owner), nil)
	wantError(t, w.RemoveMember(ctx, ids[tenant.RoleAdmin], "dev", ids[tenant.RoleAdmin]), admin.ErrLastOwner)
}

func TestRemovingAMember(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	owner := w.setUp(t)
	grace := w.join(t, "dev", "grace@example.com", tenant.RoleViewerConfig, gracePassword)
	id := grace.Operator.ID
	w.put(t, "acme", id, tenant.RoleAdmin)
	wantError(t, w.RemoveMember(ctx, owner.Operator.ID, "dev", id), nil)
	_, err := w.Role(ctx, id, "dev")
	wantError(t, err, admin.ErrNoMember)
	if role := must(w.Role(ctx, id, "acme"))(t); role != tenant.RoleAdmin {
		t.Errorf("role in acme %s, want admin", role)
	}
	token := must(w.SignIn(ctx, "grace@example.com", gracePassword, home))(t).Session
	wantError(t, w.RemoveMember(ctx, id, "acme", id), nil) // everybody may leave
	_, err = w.Session(ctx, token)
	wantError(t, err, admin.ErrNoSession)
	_, err = w.SignIn(ctx, "grace@example.com", gracePassword, home)
	wantError(t, err, admin.ErrWrongCredentials) // the account went with the last membership
}

func TestWhoMayCreateTenants(t *testing.T) {
	w := newWorld(t)
	for role, id := range w.crew(t) {
		want := role == tenant.RoleOwner || role == tenant.RoleAdmin
		if got := must(w.MayCreateTenants(t.Context(), id))(t); got != want {
			t.Errorf("%s may create tenants: %v, want %v", role, got, want)
		}
	}
}

func TestMembersAreListedByAddress(t *testing.T) {
	w := newWorld(t)
	ids := w.crew(t)
	want := []tenant.Member{
		{ID: ids[tenant.RoleOwner], Email: "ada@example.com", Name: "Ada", Role: tenant.RoleOwner},
		{ID: ids[tenant.RoleAdmin], Email: "admin@example.com", Name: "Somebody", Role: tenant.RoleAdmin},
		{ID: ids[tenant.RoleEditorKeyManagement], Email: "editor_key_management@example.com", Name: "Somebody", Role: tenant.RoleEditorKeyManagement},
		{ID: ids[tenant.RoleEditorOrganizations], Email: "editor_organizations@example.com", Name: "Somebody", Role: tenant.RoleEditorOrganizations},
		{ID: ids[tenant.RoleViewerConfig], Email: "viewer_config@example.com", Name: "Somebody", Role: tenant.RoleViewerConfig},
	}
	if diff := cmp.Diff(want, must(w.Members(t.Context(), "dev"))(t)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestInvitation(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	owner := w.setUp(t).Operator.ID
	code := must(w.Invite(ctx, owner, "dev", " Grace@Example.com", tenant.RoleAdmin))(t)
	in := must(w.Invitation(ctx, code))(t)
	want := admin.Invitation{
		ID: in.ID, Tenant: "dev", Email: "grace@example.com", Role: tenant.RoleAdmin, CreatedAt: w.clock(), ExpiresAt: w.clock().Add(7 * 24 * time.Hour),
	}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]admin.Invitation{want}, must(w.Invitations(ctx, owner, "dev"))(t)); diff != "" {
		t.Errorf("open (-want +got)\n%s", diff)
	}
	_, err := w.Accept(ctx, code, "", gracePassword, home)
	wantField(t, err, "name")
	_, err = w.Accept(ctx, code, "Grace", "short", home)
	wantField(t, err, "password")
	s := must(w.Session(ctx, must(w.Accept(ctx, code, "Grace", gracePassword, home))(t).Session))(t)
	if role := must(w.Role(ctx, s.Operator.ID, "dev"))(t); role != tenant.RoleAdmin || s.Operator.Name != "Grace" {
		t.Errorf("%+v with role %s", s.Operator, role)
	}
	_, err = w.Accept(ctx, code, "Eve", gracePassword, home)
	wantError(t, err, admin.ErrInvalidCode)
	if open := must(w.Invitations(ctx, owner, "dev"))(t); len(open) != 0 {
		t.Errorf("open %+v, want none", open)
	}
	_, err = w.Invite(ctx, owner, "dev", "grace@example.com", tenant.RoleViewerConfig)
	wantField(t, err, "email") // a member by now
}

func TestAnInvitationToAnAccountWantsItsPassword(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	ada := w.setUp(t)
	code := must(w.InviteByInstance(ctx, "acme", "ada@example.com", tenant.RoleViewerConfig))(t)
	if !must(w.Invitation(ctx, code))(t).HasAccount {
		t.Error("the invitation does not know the account")
	}
	_, err := w.Accept(ctx, code, "Eve", gracePassword, home)
	wantField(t, err, "password")
	w.enrol(t, ada)
	in := must(w.Accept(ctx, code, "Eve", adaPassword, home))(t)
	if in.Session != "" || in.Pending == "" {
		t.Error("the invitation went round the second factor")
	}
	m := must(w.Member(ctx, ada.Operator.ID, "acme"))(t)
	if m.Name != "Ada" || m.Role != tenant.RoleViewerConfig {
		t.Errorf("member %+v", m)
	}
}

func TestInvitationsEnd(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	ids := w.crew(t)
	owner, admins, viewer := ids[tenant.RoleOwner], ids[tenant.RoleAdmin], ids[tenant.RoleViewerConfig]
	invite := func(by string, role tenant.Role) string {
		return must(w.Invite(ctx, by, "dev", "new@example.com", role))(t)
	}
	over := func(code string) {
		t.Helper()
		_, err := w.Accept(ctx, code, "New", gracePassword, home)
		wantError(t, err, admin.ErrInvalidCode)
	}
	open := func() admin.Invitation { return must(w.Invitations(ctx, owner, "dev"))(t)[0] }

	first := invite(owner, tenant.RoleOwner)
	wantError(t, w.Withdraw(ctx, admins, "dev", open().ID), admin.ErrForbidden)
	_, err := w.Invite(ctx, admins, "dev", "new@example.com", tenant.RoleViewerConfig)
	wantError(t, err, admin.ErrForbidden) // it would end the first
	must(w.Invitation(ctx, first))(t)
	lesser := invite(owner, tenant.RoleViewerConfig) // to the same address: in place of the first
	over(first)
	second := invite(admins, tenant.RoleAdmin)
	over(lesser)
	wantError(t, w.Withdraw(ctx, viewer, "dev", open().ID), admin.ErrForbidden)
	wantError(t, w.Withdraw(ctx, owner, "dev", "oc_nobody"), tenant.ErrNotFound)
	wantError(t, w.Withdraw(ctx, owner, "dev", open().ID), nil)
	over(second)
	third := invite(owner, tenant.RoleViewerConfig)
	w.advance(7 * 24 * time.Hour)
	over(third)
	if list := must(w.Invitations(ctx, owner, "dev"))(t); len(list) != 0 {
		t.Errorf("open %+v, want none", list)
	}
	invite(owner, tenant.RoleOwner)
	w.advance(7 * 24 * time.Hour)
	invite(admins, tenant.RoleAdmin) // what is over already is in nobody's way
	fourth := must(w.InviteByInstance(ctx, "acme", "new@example.com", tenant.RoleOwner))(t)
	w.deleteTenant(t, "acme")
	over(fourth)
}

func TestWhoMayInvite(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	for by, id := range w.crew(t) {
		for _, role := range tenant.Roles() {
			want := admin.ErrForbidden
			if by == tenant.RoleOwner || by == tenant.RoleAdmin && role != tenant.RoleOwner {
				want = nil
			}
			_, err := w.Invite(ctx, id, "dev", "new@example.com", role)
			wantError(t, err, want)
		}
		_, err := w.Invitations(ctx, id, "dev")
		if slices.Contains([]tenant.Role{tenant.RoleOwner, tenant.RoleAdmin}, by) {
			wantError(t, err, nil)
		} else {
			wantError(t, err, admin.ErrForbidden)
		}
		_, err = w.Invite(ctx, id, "acme", "new@example.com", tenant.RoleViewerConfig)
		wantError(t, err, admin.ErrForbidden)
		_, err = w.Invite(ctx, id, "nobody", "new@example.com", tenant.RoleViewerConfig)
		wantError(t, err, admin.ErrForbidden)
	}
	_, err := w.InviteByInstance(ctx, "nobody", "new@example.com", tenant.RoleViewerConfig)
	wantError(t, err, tenant.ErrNotFound)
	_, err = w.InviteByInstance(ctx, "dev", "new@example.com", "emperor")
	wantField(t, err, "role")
	_, err = w.InviteByInstance(ctx, "dev", "nobody", tenant.RoleViewerConfig)
	wantField(t, err, "email")
}

func TestATenantHasAtMostAHundredOpenInvitations(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	for i := range 100 {
		must(w.InviteByInstance(ctx, "dev", "new"+string(rune('a'+i/10))+string(rune('a'+i%10))+"@example.com", tenant.RoleViewerConfig))(t)
	}
	_, err := w.InviteByInstance(ctx, "dev", "one-more@example.com", tenant.RoleViewerConfig)
	wantField(t, err, "email")
	must(w.InviteByInstance(ctx, "dev", "newaa@example.com", tenant.RoleViewerConfig))(t)
}

func TestAnInvitationLastsAsLongAsTheRightsOfWhoMadeIt(t *testing.T) {
	ctx := t.Context()
	// end is done to the admin ida of dev, who has another tenant, too, in the first case.
	for rule, c := range map[string]struct {
		end func(w *world, owner, ida string) error
		// over and open are roles that ida has invited to.
		over, open []tenant.Role
	}{
		"who made it was removed": {
			end: func(w *world, owner, ida string) error {
				w.put(t, "acme", ida, tenant.RoleOwner)
				return w.RemoveMember(ctx, owner, "dev", ida)
			},
			over: []tenant.Role{tenant.RoleAdmin, tenant.RoleViewerConfig},
		},
		"who made it left, and the account with that": {
			end:  func(w *world, _, ida string) error { return w.RemoveMember(ctx, ida, "dev", ida) },
			over: []tenant.Role{tenant.RoleAdmin, tenant.RoleViewerConfig},
		},
		"who made it manages no members now": {
			end: func(w *world, owner, ida string) error {
				return w.SetRole(ctx, owner, "dev", ida, tenant.RoleViewerConfig)
			},
			over: []tenant.Role{tenant.RoleAdmin, tenant.RoleViewerConfig},
		},
		"who made it may give the role still": {
			end:  func(w *world, owner, ida string) error { return w.SetRole(ctx, owner, "dev", ida, tenant.RoleOwner) },
			open: []tenant.Role{tenant.RoleAdmin, tenant.RoleViewerConfig},
		},
		"who made it was an owner and is an admin": {
			end: func(w *world, owner, ida string) error {
				if err := w.SetRole(ctx, owner, "dev", ida, tenant.RoleOwner); err != nil {
					return err
				}
				must(w.Invite(ctx, ida, "dev", "owner@example.com", tenant.RoleOwner))(t)
				return w.SetRole(ctx, owner, "dev", ida, tenant.RoleAdmin)
			},
			open: []tenant.Role{tenant.RoleAdmin, tenant.RoleViewerConfig}, // and none for an owner
		},
	} {
		t.Run(rule, func(t *testing.T) {
			w := newWorld(t)
			owner := w.setUp(t).Operator.ID
			ida := w.join(t, "dev", "ida@example.com", tenant.RoleAdmin, gracePassword).Operator.ID
			codes := map[tenant.Role]string{}
			for _, role := range append(c.over, c.open...) {
				codes[role] = must(w.Invite(ctx, ida, "dev", string(role)+"@new.example.com", role))(t)
			}
			wantError(t, c.end(w, owner, ida), nil)
			if open := must(w.Invitations(ctx, owner, "dev"))(t); len(open) != len(c.open) {
				t.Errorf("open %+v, want those for %v", open, c.open)
			}
			for _, role := range c.over {
				_, err := w.Invitation(ctx, codes[role])
				wantError(t, err, admin.ErrInvalidCode)
				_, err = w.Accept(ctx, codes[role], "New", gracePassword, home)
				wantError(t, err, admin.ErrInvalidCode)
			}
			for _, role := range c.open {
				must(w.Accept(ctx, codes[role], "New", gracePassword, home))(t)
			}
		})
	}
}

// The rows of an invitation may outlive the rights of who made it, by another path than those that end both: the code is judged again.
func TestAnInvitationIsJudgedAgainWhenItIsUsed(t *testing.T) {
	ctx := t.Context()
	for rule, end := range map[string]func(p admin.People, ida string) error{
		"removed": func(p admin.People, ida string) error { return p.DeleteMembership(ctx, "dev", ida) },
		"demoted": func(p admin.People, ida string) error {
			return p.PutMembership(ctx, tenant.Membership{Tenant: "dev", OperatorID: ida, Role: tenant.RoleEditorKeyManagement})
		},
		"deleted": func(p admin.People, ida string) error { return p.DeleteOperator(ctx, ida) },
	} {
		t.Run(rule, func(t *testing.T) {
			w := newWorld(t)
			w.setUp(t)
			ida := w.join(t, "dev", "ida@example.com", tenant.RoleAdmin, gracePassword).Operator.ID
			code := must(w.Invite(ctx, ida, "dev", "new@example.com", tenant.RoleViewerConfig))(t)
			cfg := w.cfg
			cfg.Store = overtaken{cfg.Store, func() {
				wantError(t, w.cfg.Store.WritePeople(ctx, func(p admin.People) error { return end(p, ida) }), nil)
			}}
			_, err := admin.NewCheap(cfg).Accept(ctx, code, "New", gracePassword, home) // begun while it was good
			wantError(t, err, admin.ErrInvalidCode)
			_, err = w.Invitation(ctx, code)
			wantError(t, err, admin.ErrInvalidCode)
		})
	}
}
