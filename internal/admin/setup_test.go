package admin_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

func ada(code string) admin.SetUp {
	return admin.SetUp{Code: code, Email: " Ada@Example.com ", Name: " Ada ", Password: adaPassword}
}

func TestTheFirstOwner(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	if must(w.HasOwner(ctx))(t) {
		t.Error("there is an owner before anybody was set up")
	}
	first, second := must(w.NewSetupCode(ctx))(t), must(w.NewSetupCode(ctx))(t)
	in := ada(second)
	in.Tenant = "analytical"
	token := must(w.SetUp(ctx, in, home))(t)
	s := must(w.Session(ctx, token))(t)
	want := admin.Operator{ID: s.Operator.ID, Email: "ada@example.com", Name: "Ada", CreatedAt: w.clock()}
	if diff := cmp.Diff(want, s.Operator); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	owns := func(name string) tenant.Membership {
		return tenant.Membership{Tenant: name, OperatorID: s.Operator.ID, Role: tenant.RoleOwner, CreatedAt: w.clock()}
	}
	if diff := cmp.Diff([]tenant.Membership{owns("analytical"), owns("dev")}, must(w.Memberships(ctx, s.Operator.ID))(t)); diff != "" {
		t.Errorf("memberships (-want +got)\n%s", diff)
	}
	if code := must(w.NewSetupCode(ctx))(t); code != "" {
		t.Error("there is an owner, and a new set-up code")
	}
	for _, code := range []string{first, second, ""} {
		_, err := w.SetUp(ctx, ada(code), home)
		wantError(t, err, admin.ErrInvalidCode)
	}
}

func TestWhatSetUpRefuses(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	w.deleteTenant(t, "acme")
	if err := w.makeTenant(ctx, "taken"); err != nil {
		t.Fatal(err)
	}
	code := must(w.NewSetupCode(ctx))(t)
	for rule, c := range map[string]struct {
		change func(*admin.SetUp)
		field  string
	}{
		"an address has a host":         {func(in *admin.SetUp) { in.Email = "ada" }, "email"},
		"an address is no list":         {func(in *admin.SetUp) { in.Email = "ada@example.com, b@example.com" }, "email"},
		"an address has no name":        {func(in *admin.SetUp) { in.Email = "Ada <ada@example.com>" }, "email"},
		"a name is there":               {func(in *admin.SetUp) { in.Name = " " }, "name"},
		"a name is one line":            {func(in *admin.SetUp) { in.Name = "Ada\nEvil" }, "name"},
		"a password is long enough":     {func(in *admin.SetUp) { in.Password = "short of 12" }, "password"},
		"a password counts characters":  {func(in *admin.SetUp) { in.Password = "äöüäöüß€" }, "password"},
		"a password is not endless":     {func(in *admin.SetUp) { in.Password = adaPassword + string(make([]byte, 512)) }, "password"},
		"a password is not common":      {func(in *admin.SetUp) { in.Password = "Password1234" }, "password"},
		"a password is not monotonous":  {func(in *admin.SetUp) { in.Password = "abababababababab" }, "password"},
		"a password is not the address": {func(in *admin.SetUp) { in.Password = "ADA@example.com" }, "password"},
		"a tenant's name is a label":    {func(in *admin.SetUp) { in.Tenant = "Ada's" }, "tenant"},
		"a tenant's name is free":       {func(in *admin.SetUp) { in.Tenant = "taken" }, "tenant"},
		"a tenant's name was never had": {func(in *admin.SetUp) { in.Tenant = "acme" }, "tenant"},
	} {
		t.Run(rule, func(t *testing.T) {
			in := ada(code)
			c.change(&in)
			_, err := w.SetUp(ctx, in, home)
			wantField(t, err, c.field)
			in.Code = "guessed"
			_, err = w.SetUp(ctx, in, home)
			wantError(t, err, admin.ErrInvalidCode)
		})
	}
	must(w.SetUp(ctx, ada(code), home))(t) // no refusal has used the code up
}

func TestASetUpCodeLivesADay(t *testing.T) {
	w := newWorld(t)
	code := must(w.NewSetupCode(t.Context()))(t)
	w.advance(24 * time.Hour)
	_, err := w.SetUp(t.Context(), ada(code), home)
	wantError(t, err, admin.ErrInvalidCode)
}

func TestAnOwnerWhoWasInvitedEndsSetUp(t *testing.T) {
	w := newWorld(t)
	code := must(w.NewSetupCode(t.Context()))(t)
	w.join(t, "acme", "grace@example.com", tenant.RoleOwner, gracePassword)
	_, err := w.SetUp(t.Context(), ada(code), home)
	wantError(t, err, admin.ErrInvalidCode)
}

func TestOfManySetUpsOneWins(t *testing.T) {
	w := newWorld(t)
	var (
		group sync.WaitGroup
		mu    sync.Mutex // guards won
		won   int
	)
	for range 4 {
		code := must(w.NewSetupCode(t.Context()))(t)
		group.Go(func() {
			if _, err := w.SetUp(t.Context(), ada(code), home); err == nil {
				mu.Lock()
				defer mu.Unlock()
				won++
			}
		})
	}
	group.Wait()
	if won != 1 {
		t.Errorf("%d of 4 became the first owner, want 1", won)
	}
}

// All tenants were deleted: there is no owner, and the account that is left is set up again with another password.
func TestSetUpAfterAllTenantsAreGone(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	old := w.setUp(t)
	w.enrol(t, old)
	w.deleteTenant(t, "dev")
	code := must(w.NewSetupCode(ctx))(t)
	in := ada(code)
	_, err := w.SetUp(ctx, in, home)
	wantField(t, err, "tenant") // the default one is gone for good
	in.Tenant, in.Password = "acme2", gracePassword
	s := must(w.Session(ctx, must(w.SetUp(ctx, in, home))(t)))(t)
	if s.Operator.ID != old.Operator.ID || s.Operator.TOTP {
		t.Errorf("operator %+v, want the old one without its second factor", s.Operator)
	}
	if all := must(w.Sessions(ctx, s.Operator.ID))(t); len(all) != 1 {
		t.Errorf("%d sessions, want the new one alone", len(all))
	}
	_, err = w.SignIn(ctx, "ada@example.com", adaPassword, home)
	wantError(t, err, admin.ErrWrongCredentials)
}
