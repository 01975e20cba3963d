package grant

import (
	"fmt"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// customers is a tenant with two organizations, of which grant g1 is associated with the first.
func customers() *world {
	w := fresh()
	first, second := tenant.NewOrganization("org_First"), tenant.NewOrganization("org_Second")
	first.Name, second.Name = "first", "second"
	w.organizations = []*tenant.Organization{&first, &second}
	w.associations = []tenant.OrganizationGrant{{OrganizationID: "org_First", GrantID: "g1"}}
	return w
}

const (
	required = "parameter organization is required for this client"
	invalid  = "parameter organization is invalid: "
)

// The whole matrix: what the grant says, whether it allows any, what is sent, and what the client's default is.
func TestOrganizationMatrix(t *testing.T) {
	for _, usage := range []string{"", tenant.OrganizationDeny, tenant.OrganizationAllow, tenant.OrganizationRequire} {
		for _, anyOrganization := range []bool{false, true} {
			for _, sent := range []string{"", "org_First", "org_Second", "org_Unknown"} {
				for _, standard := range []string{"", "org_First", "org_Second"} {
					name := fmt.Sprintf("usage %q, any %t, sent %q, default %q", usage, anyOrganization, sent, standard)
					t.Run(name, func(t *testing.T) {
						w := customers()
						w.grant().OrganizationUsage = usage
						if anyOrganization {
							w.grant().AllowAnyOrganization = yes()
						}
						client := importer()
						if standard != "" {
							client.DefaultOrganization = defaultOrganization(standard)
						}
						want, refusal := expected(usage, anyOrganization, sent, standard)
						w.wantOrganization(t, client, sent, want, "", refusal)
					})
				}
			}
		}
	}
}

// expected is the rule in words that are not the code's: which organization the token is for, or the refusal.
func expected(usage string, anyOrganization bool, sent, standard string) (organization, refusal string) {
	effective := sent
	if sent == "" && usage == tenant.OrganizationRequire {
		if standard == "" {
			return "", required
		}
		effective = standard
	}
	allowed := map[string]bool{"org_First": true, "org_Second": anyOrganization}[effective]
	switch {
	case effective == "":
		return "", ""
	case !allowed || usage == "" || usage == tenant.OrganizationDeny:
		return "", invalid + effective
	}
	return effective, ""
}

func TestOrganizationRules(t *testing.T) {
	longest := strings.Repeat("x", tenant.MaxOrganizationName+1)
	for _, tt := range []struct {
		rule               string
		change             func(*world, *tenant.Client)
		sent               string
		organization, name string
		refusal            string
	}{
		{"a name is none where the tenant does not allow names", nil, "first", "", "", invalid + "first"},
		{"a name where the tenant allows names, which tokens then tell", allowNames, "first", "org_First", "first", ""},
		{"in whatever case", allowNames, "First", "org_First", "first", ""},
		{"an id tells the name, too", allowNames, "org_First", "org_First", "first", ""},
		{"an id is compared byte for byte", allowNames, "org_first", "", "", invalid + "org_first"},
		{"an unknown name", allowNames, "third", "", "", invalid + "third"},
		{"what is too long is none", allowNames, longest, "", "", invalid + longest},
		{"an id comes before a name that looks like it", func(w *world, c *tenant.Client) {
			allowNames(w, c)
			w.organizations[1].Name = "org_First"
		}, "org_First", "org_First", "first", ""},
		{"a third party's grant never allows any", func(w *world, c *tenant.Client) {
			w.grant().AllowAnyOrganization, c.IsFirstParty = yes(), false
		}, "org_Second", "", "", invalid + "org_Second"},
		{"but what it is associated with", func(w *world, c *tenant.Client) {
			w.grant().AllowAnyOrganization, c.IsFirstParty = yes(), false
		}, "org_First", "org_First", "", ""},
		{"a default of another flow is none", func(w *world, c *tenant.Client) {
			w.grant().OrganizationUsage = tenant.OrganizationRequire
			c.DefaultOrganization = &tenant.DefaultOrganization{OrganizationID: "org_First", Flows: []string{"device_code"}}
		}, "", "", "", required},
		{"what is sent beats the default", func(w *world, c *tenant.Client) {
			w.grant().OrganizationUsage, w.grant().AllowAnyOrganization = tenant.OrganizationRequire, yes()
			c.DefaultOrganization = defaultOrganization("org_First")
		}, "org_Second", "org_Second", "", ""},
		{"a default that is gone", func(w *world, c *tenant.Client) {
			w.grant().OrganizationUsage = tenant.OrganizationRequire
			c.DefaultOrganization = defaultOrganization("org_Gone")
		}, "", "", "", invalid + "org_Gone"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w, client := customers(), importer()
			w.grant().OrganizationUsage = tenant.OrganizationAllow
			if tt.change != nil {
				tt.change(w, client)
			}
			w.wantOrganization(t, client, tt.sent, tt.organization, tt.name, tt.refusal)
		})
	}
}

// A refusal says for the log, and for those who explain it, what was found and what was wrong with it.
func TestOrganizationRefusalsTellTheirCause(t *testing.T) {
	for _, tt := range []struct {
		usage, sent string
		cause       error
		found       string
	}{
		{tenant.OrganizationAllow, "org_Unknown", errNoOrganization, ""},
		{tenant.OrganizationDeny, "org_First", errOrganizationDenied, "org_First"},
		{tenant.OrganizationAllow, "org_Second", errOrganizationApart, "org_Second"},
	} {
		w := customers()
		w.grant().OrganizationUsage = tt.usage
		req := request(timesheets)
		req.Organization = tt.sent
		auth, err := New(w).Authorize(t.Context(), importer(), req)
		found := ""
		if auth.Organization != nil {
			found = auth.Organization.ID
		}
		if got := oauth.AsError(err); got.Cause != tt.cause || found != tt.found || auth.Associated != (found == "org_First") {
			t.Errorf("%s, %s: %v, found %q, associated %t", tt.usage, tt.sent, got.Cause, found, auth.Associated)
		}
	}
}

func (w *world) wantOrganization(t *testing.T, client *tenant.Client, sent, organization, name, refusal string) {
	t.Helper()
	req := request(timesheets)
	req.Organization = sent
	auth, err := New(w).Authorize(t.Context(), client, req)
	if refusal != "" {
		if err == nil || oauth.AsError(err).Description != refusal || oauth.AsError(err).Reason != oauth.ReasonOrganization {
			t.Fatalf("got %v, want %s", err, refusal)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	if auth.Organization != nil {
		got = auth.Organization.ID
	}
	if got != organization || auth.OrganizationName != name {
		t.Errorf("for %q, named %q; want %q, %q", got, auth.OrganizationName, organization, name)
	}
}

func importer() *tenant.Client {
	return &tenant.Client{ClientID: "import", IsFirstParty: true, GrantTypes: []string{tenant.GrantClientCredentials}}
}

func defaultOrganization(id string) *tenant.DefaultOrganization {
	return &tenant.DefaultOrganization{OrganizationID: id, Flows: []string{tenant.GrantClientCredentials}}
}

func allowNames(w *world, _ *tenant.Client) { w.settings.AllowOrganizationName = yes() }
