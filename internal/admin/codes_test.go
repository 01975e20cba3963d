package admin_test

import (
	"testing"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestACodeOpensOnlyWhatItIsFor(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	codes := map[string]string{
		"set-up":     must(w.NewSetupCode(ctx))(t),
		"invitation": must(w.InviteByInstance(ctx, "dev", "grace@example.com", tenant.RoleViewerConfig))(t),
	}
	ada := w.join(t, "acme", "ada@example.com", tenant.RoleAdmin, adaPassword) // no owner: the set-up code goes on
	secret, _ := w.enrol(t, ada)
	codes["reset"] = must(w.NewResetCode(ctx, "ada@example.com", true))(t)
	codes["pending"] = must(w.SignIn(ctx, "ada@example.com", adaPassword, home))(t).Pending
	doors := map[string]func(code string) error{
		"set-up": func(code string) error {
			_, err := w.SetUp(ctx, admin.SetUp{Code: code, Email: "eve@example.com", Name: "Eve", Password: gracePassword}, home)
			return err
		},
		"invitation": func(code string) error {
			_, err := w.Accept(ctx, code, "Eve", gracePassword, home)
			return err
		},
		"reset":   func(code string) error { return w.ResetPassword(ctx, code, gracePassword, home) },
		"pending": func(code string) error { _, err := w.SignInCode(ctx, code, w.codeOf(t, secret), home); return err },
	}
	for door, open := range doors {
		for kind, code := range codes {
			if kind != door {
				t.Run("a code of "+kind+" for "+door, func(t *testing.T) { wantError(t, open(code), admin.ErrInvalidCode) })
			}
		}
	}
	for _, door := range []string{"pending", "set-up", "invitation", "reset"} {
		t.Run("and that it does: "+door, func(t *testing.T) { wantError(t, doors[door](codes[door]), nil) })
	}
}
