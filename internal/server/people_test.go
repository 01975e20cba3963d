package server

import (
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// codeIn is the code of a link to a page of the console.
func codeIn(t *testing.T, link tenant.Secret, page string) string {
	t.Helper()
	address, code, ok := strings.Cut(link.Reveal(), "?code=")
	if !ok || address != "https://auth.example/manage/"+page {
		t.Fatalf("the link is %s", link.Reveal())
	}
	return code
}

// The command line makes members and new passwords of a directory that is not served; what it prints works at the desk.
func TestAdminMakesOperators(t *testing.T) {
	ctx := t.Context()
	cfg := Config{Data: filepath.Join(t.TempDir(), "data"), BaseDomain: "auth.example", HTTPS: ":443"}
	a, err := OpenAdmin(ctx, cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := a.CreateTenant(ctx, "acme", tenant.Development); err != nil {
		t.Fatal(err)
	}
	link, err := a.Invite(ctx, "acme", "Ada@example.com", "owner")
	if err != nil {
		t.Fatal(err)
	}
	home := admin.Origin{Address: netip.MustParseAddr("192.0.2.7")}
	const first, next = "analytical engine no. 1", "difference engine no. 2"
	if _, err := a.desk.Accept(ctx, codeIn(t, link, "invitation"), "Ada", first, home); err != nil {
		t.Fatal(err)
	}
	list, err := a.Operators(ctx)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	want := OperatorInfo{ID: list[0].ID, Email: "ada@example.com", Name: "Ada", CreatedAt: list[0].CreatedAt, Tenants: map[string]string{"acme": "owner"}}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if link, err = a.ResetPassword(ctx, "ada@example.com", true); err != nil {
		t.Fatal(err)
	}
	if err := a.desk.ResetPassword(ctx, codeIn(t, link, "reset"), next, home); err != nil {
		t.Fatal(err)
	}
	if _, err := a.desk.SignIn(ctx, "ada@example.com", next, home); err != nil {
		t.Error(err)
	}
}
