package mgmt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// Of another tenant's domain nobody learns more than that the name is taken.
func TestADomainOfAnotherTenantIsTakenAndNothingMore(t *testing.T) {
	e := newEnv(t)
	body := `{"domain":"login.example.com","type":"self_managed_certs"}`
	_, theirs := e.ask(other, e.token(other), "POST", "/custom-domains", body)
	e.proven["login.example.com"] = provenState(e.clock())
	token := e.token(acme)
	own := e.objectsOf(acme)
	_, twice := e.ask(acme, token, "POST", "/custom-domains", `{"domain":"acme.login.example","type":"self_managed_certs"}`)
	status, text := e.ask(acme, token, "POST", "/custom-domains", body)
	if status != http.StatusConflict || text != twice {
		t.Errorf("%d %s, an own domain: %s", status, text, twice)
	}
	unknown := strings.ReplaceAll(body, "login", "nobody")
	_, want := e.ask(acme, token, "PATCH", "/custom-domains/default", `{"domain":"nobody.example.com"}`)
	if _, text := e.ask(acme, token, "PATCH", "/custom-domains/default", `{"domain":"login.example.com"}`); text != want {
		t.Errorf("as the default: %s, want %s", text, want)
	}
	if _, text := e.ask(acme, token, "GET", "/custom-domains", ""); strings.Contains(text, "login.example.com") || !strings.Contains(text, own["custom-domains"]) {
		t.Error(text)
	}
	if status, _ := e.ask(other, e.token(other), "DELETE", "/custom-domains/"+e.property(theirs, "custom_domain_id"), ""); status != http.StatusNoContent {
		t.Error(status)
	}
	for _, body := range []string{body, unknown} {
		if status, text := e.ask(acme, token, "POST", "/custom-domains", body); status != http.StatusCreated {
			t.Errorf("%d %s", status, text)
		}
	}
}

func TestATenantHasTwentyCustomDomains(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for i := range tenant.MaxCustomDomains + 1 {
		status, text := e.ask(acme, token, "POST", "/custom-domains", fmt.Sprintf(`{"domain":"d%d.example.com","type":"self_managed_certs"}`, i))
		want := http.StatusCreated
		if i == tenant.MaxCustomDomains {
			want = http.StatusConflict
		}
		if status != want {
			t.Errorf("%d: %d %s", i, status, text)
		}
		if want == http.StatusConflict && e.property(text, "message") != "You reached the maximum number of custom domains for your account: 20." {
			t.Error(text)
		}
	}
}

// Whose records are the same could prove each other's domains.
func TestNoTwoDomainsAreProvenByOneRecord(t *testing.T) {
	e := newEnv(t)
	seen := map[string]bool{}
	for i, name := range []string{acme, other, acme, other} {
		for _, kind := range []string{tenant.DomainManagedCerts, tenant.DomainSelfManagedCerts} {
			body := fmt.Sprintf(`{"domain":"d%d-%.4s.example.com","type":%q}`, i, kind, kind)
			_, text := e.ask(name, e.token(name), "POST", "/custom-domains", body)
			record := e.property(text, "verification.methods.0.record")
			if seen[record] || len(record) < 36 {
				t.Errorf("%q in %s", record, text)
			}
			seen[record] = true
		}
	}
}

func TestTheTargetOfAManagedDomain(t *testing.T) {
	long := strings.Repeat("x", 63)
	for _, c := range []struct{ tenant, want string }{
		{"acme", "acme-cd-filgqvv2pu5o7u0o.edge.auth.example"},
		{long, "cd-filgqvv2pu5o7u0o.edge.auth.example"},
		{long[:43], long[:43] + "-cd-filgqvv2pu5o7u0o.edge.auth.example"},
		{long[:44], "cd-filgqvv2pu5o7u0o.edge.auth.example"},
	} {
		d := tenant.NewCustomDomain("cd_filGQVv2PU5O7u0O", tenant.DomainManagedCerts)
		if got := domainMethod(c.tenant, "auth.example", d).Record; got != c.want {
			t.Errorf("%s: %s, want %s", c.tenant, got, c.want)
		}
	}
}
