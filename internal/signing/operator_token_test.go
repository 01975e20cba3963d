package signing

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/writ-auth/writ/internal/tenant"
)

// An operator's bearer is for the tenant's Management API under its canonical domain, whatever was called, for five minutes; its azp is no
// client's.
func TestOperatorToken(t *testing.T) {
	f := newFixture(t)
	site := tenant.Site{Tenant: testTenant, Domain: "login.acme.example", Canonical: "acme.localhost:8443"}
	token, err := f.OperatorToken(t.Context(), site, `op_"1`, []string{"read:clients", "read:logs"})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := f.Verify(t.Context(), testTenant, token.Value.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	want := Claims{
		Issuer: "https://acme.localhost:8443/", Subject: `operator|op_"1`, Audience: []string{"https://acme.localhost:8443/api/v2/"},
		IssuedAt: testStart, ExpiresAt: testStart.Add(300 * time.Second), Scope: []string{"read:clients", "read:logs"},
		ClientID: "writ-console", JTI: token.JTI,
	}
	if diff := cmp.Diff(want, claims); diff != "" || token.ExpiresIn != 300 || token.JTI == "" {
		t.Errorf("expires in %d; claims (-want +got):\n%s", token.ExpiresIn, diff)
	}
	f.now = f.now.Add(300 * time.Second)
	if _, err := f.Verify(t.Context(), testTenant, token.Value.Reveal()); !errors.Is(err, ErrExpired) {
		t.Errorf("after five minutes: %v", err)
	}
	site.Tenant = "nobody"
	if _, err := f.OperatorToken(t.Context(), site, "op_1", nil); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("a tenant without keys: %v", err)
	}
}
