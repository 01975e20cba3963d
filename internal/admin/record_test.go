package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// told is a tenant's log since the last time, a line for each record: who did what to whom, and what changed by it.
func (w *world) told(t *testing.T, tenantName string) []string {
	t.Helper()
	events := must(w.db.Tenant(tenantName).Logs().Query(t.Context(), tenant.LogQuery{SortBy: "date", Limit: 100}))(t)
	var lines []string
	for _, e := range events {
		if !e.Date.After(w.read) {
			continue
		}
		var d struct {
			Request struct {
				Auth struct{ User struct{ Email string } }
			}
			Member struct{ Email string }
			Diff   json.RawMessage
		}
		if err := json.Unmarshal(e.Details, &d); err != nil {
			t.Fatal(err)
		}
		by := d.Request.Auth.User.Email
		if e.ClientName != nil {
			by += "(" + *e.ClientName + ")"
		}
		line := strings.TrimSpace(fmt.Sprintf("%s: %s: %s %s", by, e.Description, d.Member.Email, d.Diff))
		if e.Type == tenant.LogManagementRefused {
			line = "refused: " + line
		} else if e.Type != tenant.LogManagementWritten {
			t.Errorf("%s: type %s", line, e.Type)
		}
		if (e.UserID == "") != (e.ClientName != nil) || (e.UserName == "") != (e.UserID == "") {
			t.Errorf("%s: user_id %q, user_name %q", line, e.UserID, e.UserName)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines) // those of one moment stand in any order
	return lines
}

// Whoever changes who may administer a tenant, or how one of them signs in, is told in the tenant's log.
func TestChangesOfPeopleAreOnRecord(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	var ada, grace *admin.Session
	step := func(what string, do func(), want ...string) {
		t.Helper()
		w.read = w.clock()
		w.advance(time.Minute)
		do()
		if d := cmp.Diff(want, w.told(t, "dev")); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	code := ""
	step("the first owner", func() { ada = w.setUp(t) }, `ada@example.com: Become the first owner: ada@example.com {"role":[null,"owner"]}`)
	step("an invitation", func() {
		code = must(w.Invite(ctx, ada.Operator.ID, "dev", "grace@example.com", tenant.RoleAdmin))(t)
	}, `ada@example.com: Invite a member: grace@example.com {"role":[null,"admin"]}`)
	step("another in place of it", func() {
		code = must(w.InviteByInstance(ctx, "dev", "grace@example.com", tenant.RoleOwner))(t)
	}, `(writ CLI): Invite a member: grace@example.com {"role":[null,"owner"]}`, `(writ CLI): Withdraw an invitation: grace@example.com {"role":["admin",null]}`)
	step("its acceptance", func() {
		in := must(w.Accept(ctx, code, "Grace", gracePassword, home))(t)
		grace = must(w.Session(ctx, in.Session))(t)
	}, `grace@example.com: Accept an invitation: grace@example.com {"role":[null,"owner"]}`)
	step("a role, and what the member has invited to", func() {
		must(w.Invite(ctx, grace.Operator.ID, "dev", "ida@example.com", tenant.RoleOwner))(t)
		wantError(t, w.SetRole(ctx, ada.Operator.ID, "dev", grace.Operator.ID, tenant.RoleAdmin), nil)
	}, `ada@example.com: Change a member's role: grace@example.com {"role":["owner","admin"]}`,
		`ada@example.com: Withdraw an invitation: ida@example.com {"role":["owner",null]}`,
		`grace@example.com: Invite a member: ida@example.com {"role":[null,"owner"]}`)
	step("a role that may not be given", func() {
		wantError(t, w.SetRole(ctx, grace.Operator.ID, "dev", ada.Operator.ID, tenant.RoleAdmin), admin.ErrForbidden)
	}, `refused: grace@example.com: Change a member's role: the role does not include this: ada@example.com`)
	step("the last owner's end", func() {
		wantError(t, w.RemoveMember(ctx, ada.Operator.ID, "dev", ada.Operator.ID), admin.ErrLastOwner)
	}, `refused: ada@example.com: Leave a tenant: `+admin.ErrLastOwner.Error()+`: ada@example.com`)
	step("what only an owner may", func() {
		wantError(t, second(w.Invite(ctx, grace.Operator.ID, "dev", "eve@example.com", tenant.RoleOwner)), admin.ErrForbidden)
		wantError(t, w.MayDeleteTenant(ctx, grace.Operator.ID, "dev"), admin.ErrForbidden)
	}, `refused: grace@example.com: Delete a tenant: the role does not include this:`,
		`refused: grace@example.com: Invite a member: the role does not include this: eve@example.com`)
	step("the withdrawal of what only an owner may give", func() {
		must(w.Invite(ctx, ada.Operator.ID, "dev", "eve@example.com", tenant.RoleOwner))(t)
		open := must(w.Invitations(ctx, ada.Operator.ID, "dev"))(t)
		wantError(t, w.Withdraw(ctx, grace.Operator.ID, "dev", open[0].ID), admin.ErrForbidden)
		wantError(t, w.Withdraw(ctx, ada.Operator.ID, "dev", open[0].ID), nil)
	}, `ada@example.com: Invite a member: eve@example.com {"role":[null,"owner"]}`,
		`ada@example.com: Withdraw an invitation: eve@example.com {"role":["owner",null]}`,
		`refused: grace@example.com: Withdraw an invitation: the role does not include this: eve@example.com`)
	step("what strangers try", func() {
		stranger := w.join(t, "acme", "eve@example.com", tenant.RoleOwner, gracePassword)
		wantError(t, w.RemoveMember(ctx, stranger.Operator.ID, "dev", ada.Operator.ID), admin.ErrForbidden)
	})
	step("a withdrawal", func() {
		must(w.Invite(ctx, grace.Operator.ID, "dev", "ida@example.com", tenant.RoleAdmin))(t)
		open := must(w.Invitations(ctx, grace.Operator.ID, "dev"))(t)
		wantError(t, w.Withdraw(ctx, ada.Operator.ID, "dev", open[0].ID), nil)
	}, `ada@example.com: Withdraw an invitation: ida@example.com {"role":["admin",null]}`,
		`grace@example.com: Invite a member: ida@example.com {"role":[null,"admin"]}`)
	step("a password", func() {
		wantError(t, w.ChangePassword(ctx, ada, adaPassword, "a new sentence of ada's", home), nil)
	}, `ada@example.com: Change one's password: ada@example.com`)
	step("the second factor", func() { w.enrol(t, grace) }, `grace@example.com: Turn one's second factor on: grace@example.com {"totp":[false,true]}`)
	step("without it", func() {
		wantError(t, w.RemoveTOTP(ctx, grace, gracePassword, home), nil)
		wantError(t, w.RemoveTOTP(ctx, grace, gracePassword, home), nil) // there is none any more
	}, `grace@example.com: Turn one's second factor off: grace@example.com {"totp":[true,false]}`)
	w.enrol(t, grace)
	step("a reset", func() {
		reset := must(w.NewResetCode(ctx, "grace@example.com", true))(t)
		wantError(t, w.ResetPassword(ctx, reset, "a new sentence of grace's", home), nil)
	}, `(writ CLI): Make a link for a new password: grace@example.com`, `grace@example.com: Reset one's password: grace@example.com {"totp":[true,false]}`)
	step("leaving", func() { wantError(t, w.RemoveMember(ctx, grace.Operator.ID, "dev", grace.Operator.ID), nil) },
		`grace@example.com: Leave a tenant: grace@example.com {"role":["admin",null]}`)
	ida := w.join(t, "dev", "ida@example.com", tenant.RoleViewerConfig, gracePassword)
	step("a removal", func() { wantError(t, w.RemoveMember(ctx, ada.Operator.ID, "dev", ida.Operator.ID), nil) },
		`ada@example.com: Remove a member: ida@example.com {"role":["viewer_config",null]}`)
}

// What concerns an account stands in the logs of all tenants that its operator administers, and of no other.
func TestChangesOfAnAccountAreOnRecordInEachTenant(t *testing.T) {
	w := newWorld(t)
	ada := w.setUp(t)
	if err := w.makeTenant(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	w.put(t, "acme", ada.Operator.ID, tenant.RoleViewerConfig)
	w.read = w.clock()
	w.advance(time.Minute)
	w.enrol(t, ada)
	want := []string{`ada@example.com: Turn one's second factor on: ada@example.com {"totp":[false,true]}`}
	for name, want := range map[string][]string{"dev": want, "acme": want, "other": nil} {
		if d := cmp.Diff(want, w.told(t, name)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// forgetful is a store that takes no records.
type forgetful struct{ peopleStore }

type withoutRecords struct{ admin.People }

var errNoRecord = errors.New("no record")

func (withoutRecords) Record(context.Context, tenant.LogEvent) error { return errNoRecord }

func (s forgetful) WritePeople(ctx context.Context, fn func(admin.People) error) error {
	return s.peopleStore.WritePeople(ctx, func(p admin.People) error { return fn(withoutRecords{p}) })
}

// No change of people is there without its record.
func TestNoChangeWithoutItsRecord(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	ada := w.setUp(t)
	grace := w.join(t, "dev", "grace@example.com", tenant.RoleViewerConfig, gracePassword)
	secret, _, err := w.BeginTOTP(ctx, grace, gracePassword, home)
	wantError(t, err, nil)
	open := must(w.InviteByInstance(ctx, "acme", "ada@example.com", tenant.RoleOwner))(t)
	reset := must(w.NewResetCode(ctx, "grace@example.com", false))(t)
	cfg := w.cfg
	cfg.Store = forgetful{peopleStore{w.db}}
	desk := admin.NewCheap(cfg)
	id := grace.Operator.ID
	for what, err := range map[string]error{
		"a role":            desk.SetRole(ctx, ada.Operator.ID, "dev", id, tenant.RoleAdmin),
		"a removal":         desk.RemoveMember(ctx, ada.Operator.ID, "dev", id),
		"leaving":           desk.RemoveMember(ctx, id, "dev", id),
		"a password":        desk.ChangePassword(ctx, grace, gracePassword, "a new sentence of grace's", home),
		"a reset":           desk.ResetPassword(ctx, reset, "a new sentence of grace's", home),
		"an invitation":     second(desk.Invite(ctx, ada.Operator.ID, "dev", "new@example.com", tenant.RoleAdmin)),
		"a reset's link":    second(desk.NewResetCode(ctx, "ada@example.com", false)),
		"an acceptance":     second(desk.Accept(ctx, open, "", adaPassword, home)),
		"the second factor": second(desk.ConfirmTOTP(ctx, grace, w.codeOf(t, secret))),
	} {
		if !errors.Is(err, errNoRecord) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if role := must(w.Role(ctx, id, "dev"))(t); role != tenant.RoleViewerConfig {
		t.Errorf("role %s", role)
	}
	if invitations := must(w.Invitations(ctx, ada.Operator.ID, "dev"))(t); len(invitations) != 0 {
		t.Errorf("%v", invitations)
	}
	if s := w.signIn(t, "grace@example.com", gracePassword); s.Operator.TOTP {
		t.Error("the second factor is on")
	}
	_, err = w.Role(ctx, ada.Operator.ID, "acme")
	wantError(t, err, admin.ErrNoMember)
}

func second[T any](_ T, err error) error { return err }
