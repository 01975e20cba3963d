package grant

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// world is a Store of one tenant, acme.
type world struct {
	settings tenant.Settings
	apis     []*tenant.ResourceServer
	grants   []*tenant.ClientGrant

	organizations []*tenant.Organization
	associations  []tenant.OrganizationGrant
}

func (w *world) Organization(_ context.Context, tenantName, id string) (*tenant.Organization, error) {
	return w.organization(tenantName, func(o *tenant.Organization) bool { return o.ID == id })
}

func (w *world) OrganizationByName(_ context.Context, tenantName, name string) (*tenant.Organization, error) {
	return w.organization(tenantName, func(o *tenant.Organization) bool { return o.Name == name })
}

func (w *world) organization(tenantName string, match func(*tenant.Organization) bool) (*tenant.Organization, error) {
	i := slices.IndexFunc(w.organizations, match)
	if i < 0 || tenantName != "acme" {
		return nil, fmt.Errorf("organization: %w", tenant.ErrNotFound)
	}
	return w.organizations[i], nil
}

func (w *world) OrganizationGrant(_ context.Context, tenantName, organizationID, grantID string) (*tenant.OrganizationGrant, error) {
	for i, g := range w.associations {
		if tenantName == "acme" && g.OrganizationID == organizationID && g.GrantID == grantID {
			return &w.associations[i], nil
		}
	}
	return nil, fmt.Errorf("organization grant: %w", tenant.ErrNotFound)
}

func (w *world) Settings(context.Context, string) (*tenant.Settings, error) { return &w.settings, nil }

func (w *world) ResourceServer(_ context.Context, tenantName, identifier string) (*tenant.ResourceServer, error) {
	return w.find(tenantName, func(rs *tenant.ResourceServer) bool { return rs.Identifier == identifier && !rs.IsSystem })
}

func (w *world) SystemResourceServer(_ context.Context, tenantName string) (*tenant.ResourceServer, error) {
	return w.find(tenantName, func(rs *tenant.ResourceServer) bool { return rs.IsSystem })
}

func (w *world) find(tenantName string, match func(*tenant.ResourceServer) bool) (*tenant.ResourceServer, error) {
	i := slices.IndexFunc(w.apis, match)
	if i < 0 || tenantName != "acme" {
		return nil, fmt.Errorf("resource server: %w", tenant.ErrNotFound)
	}
	return w.apis[i], nil
}

func (w *world) ClientGrant(_ context.Context, tenantName, clientID, rsID string) (*tenant.ClientGrant, error) {
	for _, g := range w.grants {
		if tenantName == "acme" && g.ClientID == clientID && (clientID != "" || g.DefaultFor == tenant.DefaultForThirdParty) && g.ResourceServerID == rsID {
			return g, nil
		}
	}
	return nil, fmt.Errorf("client grant: %w", tenant.ErrNotFound)
}

const timesheets = "https://timesheets.example.com"

// fresh is a tenant where client "import" may read and upload at the Timesheets API and read clients at the Management API.
func fresh() *world {
	api := tenant.NewResourceServer("rs1", timesheets)
	for _, s := range []string{"read:timesheets", "delete:timesheets", "batch:upload"} {
		api.Scopes = append(api.Scopes, tenant.Scope{Value: s})
	}
	system := tenant.NewResourceServer("rs0", "")
	system.IsSystem = true
	return &world{
		settings: tenant.NewSettings("acme"),
		apis:     []*tenant.ResourceServer{&system, &api},
		grants: []*tenant.ClientGrant{
			{ID: "g0", ClientID: "import", ResourceServerID: "rs0", Scope: []string{"read:clients"}},
			{ID: "g1", ClientID: "import", ResourceServerID: "rs1", Scope: []string{"read:timesheets", "batch:upload"}},
		},
	}
}

func (w *world) api() *tenant.ResourceServer { return w.apis[1] }
func (w *world) grant() *tenant.ClientGrant  { return w.grants[1] }

// defaultGrant is an API's grant for third parties.
func defaultGrant(rsID string) *tenant.ClientGrant {
	return &tenant.ClientGrant{ID: "g9", DefaultFor: tenant.DefaultForThirdParty, ResourceServerID: rsID, Scope: []string{"read:timesheets"}}
}

func yes() *bool { b := true; return &b }

func TestAuthorize(t *testing.T) {
	const noGrant = `Client "import" is not authorized to access resource server "https://timesheets.example.com". ` +
		`You need to create a "client-grant" associated to this API.`
	tests := []struct {
		rule    string
		change  func(*world, *tenant.Client, *oauth.TokenRequest)
		scope   []string // granted
		refusal string
	}{
		{"no scope asked: all that is granted", nil, []string{"read:timesheets", "batch:upload"}, ""},
		{"a granted subset", func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.Scope = []string{"batch:upload"} }, []string{"batch:upload"}, ""},
		{"an ungranted scope refuses the whole request and names only itself",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) {
				r.Scope = []string{"batch:upload", "delete:timesheets", "openid"}
			}, nil, "Client has not been granted scopes: delete:timesheets, openid"},
		{"allow_all_scopes covers every scope of the API",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) {
				w.grant().AllowAllScopes, w.grant().Scope = yes(), nil
			}, []string{"read:timesheets", "delete:timesheets", "batch:upload"}, ""},
		{"a scope that the API no longer defines is not granted",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) { w.api().Scopes = w.api().Scopes[:1] }, []string{"read:timesheets"}, ""},
		{"nor can it be asked for",
			func(w *world, _ *tenant.Client, r *oauth.TokenRequest) {
				w.api().Scopes, r.Scope = w.api().Scopes[:1], []string{"batch:upload"}
			}, nil, "Client has not been granted scopes: batch:upload"},
		{"a grant without scopes gives a token without scopes",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) { w.grant().Scope = []string{} }, []string{}, ""},
		{"grant type not among the client's",
			func(_ *world, c *tenant.Client, _ *oauth.TokenRequest) { c.GrantTypes = []string{"refresh_token"} },
			nil, "Grant type 'client_credentials' not allowed for the client."},
		{"a public client never, whatever its grant_types",
			func(_ *world, c *tenant.Client, _ *oauth.TokenRequest) {
				c.TokenEndpointAuthMethod = tenant.AuthMethodNone
			},
			nil, "Grant type 'client_credentials' not allowed for the client."},
		{"no audience and no default",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.Audience = "" },
			nil, "Non-global clients are not allowed access to APIv1"},
		{"default_audience stands in",
			func(w *world, _ *tenant.Client, r *oauth.TokenRequest) {
				id := timesheets
				r.Audience, w.settings.DefaultAudience = "", &id
			}, []string{"read:timesheets", "batch:upload"}, ""},
		{"resource is not read under the audience profile",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.Audience, r.Resource = "", timesheets },
			nil, "Non-global clients are not allowed access to APIv1"},
		{"resource stands in under the compatibility profile (RFC 8707)",
			func(w *world, _ *tenant.Client, r *oauth.TokenRequest) {
				r.Audience, r.Resource = "", timesheets
				w.settings.ResourceParameterProfile = tenant.ResourceProfileCompatibility
			}, []string{"read:timesheets", "batch:upload"}, ""},
		{"audience beats resource",
			func(w *world, _ *tenant.Client, r *oauth.TokenRequest) {
				r.Resource = "https://other"
				w.settings.ResourceParameterProfile = tenant.ResourceProfileCompatibility
			}, []string{"read:timesheets", "batch:upload"}, ""},
		{"a slash matters in an audience",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.Audience += "/" },
			nil, "Service not enabled within domain: https://timesheets.example.com/"},
		{"an API of another tenant is unknown",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.Call.Tenant = "other" },
			nil, "Service not enabled within domain: https://timesheets.example.com"},
		{"a third party without a grant of its own has the default grant",
			func(w *world, c *tenant.Client, _ *oauth.TokenRequest) {
				c.IsFirstParty = false
				w.grants = append(w.grants[:1], defaultGrant("rs1"))
			}, []string{"read:timesheets"}, ""},
		{"its own grant comes first, even if it gives less",
			func(w *world, c *tenant.Client, _ *oauth.TokenRequest) {
				c.IsFirstParty = false
				w.grant().Scope = []string{"batch:upload"}
				w.grants = append(w.grants, defaultGrant("rs1"))
			}, []string{"batch:upload"}, ""},
		{"the default grant is not for one's own clients",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) {
				w.grants = append(w.grants[:1], defaultGrant("rs1"))
			}, nil, noGrant},
		{"nor for another API",
			func(w *world, c *tenant.Client, _ *oauth.TokenRequest) {
				c.IsFirstParty = false
				w.grants = append(w.grants[:1], defaultGrant("rs2"))
			}, nil, noGrant},
		{"nor against deny_all",
			func(w *world, c *tenant.Client, _ *oauth.TokenRequest) {
				c.IsFirstParty = false
				w.grants = append(w.grants[:1], defaultGrant("rs1"))
				w.api().SubjectTypeAuthorization.Client.Policy = tenant.PolicyDenyAll
			}, nil, noGrant},
		{"no client grant", func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) { w.grants = nil }, nil, noGrant},
		{"policy deny_all answers as if there were no grant",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) {
				w.api().SubjectTypeAuthorization.Client.Policy = tenant.PolicyDenyAll
			}, nil, noGrant},
		{"an organization is never ignored",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.Organization = "org_1" }, nil, "parameter organization is invalid: org_1"},
		{"a grant that requires an organization",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) {
				w.grant().OrganizationUsage = tenant.OrganizationRequire
			}, nil, "parameter organization is required for this client"},
		{"the client requires proof of possession",
			func(_ *world, c *tenant.Client, _ *oauth.TokenRequest) { c.RequireProofOfPossession = yes() },
			nil, "Proof of possession is required by the client"},
		{"the client's compliance level requires proof of possession (FAPI 2.0 section 5.3.2.1)",
			func(_ *world, c *tenant.Client, _ *oauth.TokenRequest) { c.ComplianceLevel = new("fapi2_sp_mtls_mtls") },
			nil, "Proof of possession is required by the client"},
		{"the API requires proof of possession",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) {
				w.api().ProofOfPossession = &tenant.ProofOfPossession{Mechanism: "dpop", Required: true}
			}, nil, "Proof of possession is required by the resource server"},
		{"a proof for an API that would bind to it is not ignored",
			func(w *world, _ *tenant.Client, r *oauth.TokenRequest) {
				w.api().ProofOfPossession, r.DPoP = &tenant.ProofOfPossession{Mechanism: "dpop"}, true
			}, nil, "This server does not bind tokens to keys yet: send no DPoP header"},
		{"a proof for an API that binds nothing is ignored",
			func(_ *world, _ *tenant.Client, r *oauth.TokenRequest) { r.DPoP = true }, []string{"read:timesheets", "batch:upload"}, ""},
		{"the API requires proof of public clients only",
			func(w *world, _ *tenant.Client, _ *oauth.TokenRequest) {
				who := "public_clients"
				w.api().ProofOfPossession = &tenant.ProofOfPossession{Mechanism: "dpop", Required: true, RequiredFor: &who}
			}, []string{"read:timesheets", "batch:upload"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			w := fresh()
			client := &tenant.Client{ClientID: "import", IsFirstParty: true, GrantTypes: []string{tenant.GrantClientCredentials}}
			req := request(timesheets)
			if tt.change != nil {
				tt.change(w, client, req)
			}
			auth, err := New(w).Authorize(t.Context(), client, req)
			if tt.refusal != "" {
				if err == nil || oauth.AsError(err).Description != tt.refusal {
					t.Fatalf("got %v\nwant %s", err, tt.refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.scope, auth.Scope); diff != "" {
				t.Errorf("scope (-want +got):\n%s", diff)
			}
			if auth.Audience != timesheets {
				t.Errorf("audience %q", auth.Audience)
			}
		})
	}
}

// The Management API's audience is always the canonical one, whichever of the tenant's domains was called.
func TestManagementAudience(t *testing.T) {
	client := &tenant.Client{ClientID: "import", GrantTypes: []string{tenant.GrantClientCredentials}}
	for audience, want := range map[string]string{
		"https://acme.example.com/api/v2/":      "https://acme.example.com/api/v2/",
		"https://login.acme.test/api/v2/":       "https://acme.example.com/api/v2/",
		"https://acme.example.com/api/v2":       "",
		"https://other.example.com/api/v2/":     "",
		"https://acme.example.com/api/v2/x/../": "",
	} {
		auth, err := New(fresh()).Authorize(t.Context(), client, request(audience))
		switch {
		case want == "" && (err == nil || oauth.AsError(err).Reason != oauth.ReasonUnknownAudience):
			t.Errorf("%s: got %v, want it unknown", audience, err)
		case want != "" && err != nil:
			t.Errorf("%s: %v", audience, err)
		case want != "" && auth.Audience != want:
			t.Errorf("%s: aud %s, want %s", audience, auth.Audience, want)
		}
	}
}

func TestManyScopesCostTheirLength(t *testing.T) {
	w := fresh()
	req := request(timesheets)
	for i := range 20_000 {
		req.Scope = append(req.Scope, fmt.Sprint("s", i))
	}
	w.grant().Scope = req.Scope[:10_000]
	for _, s := range w.grant().Scope {
		w.api().Scopes = append(w.api().Scopes, tenant.Scope{Value: s})
	}
	client := &tenant.Client{ClientID: "import", GrantTypes: []string{tenant.GrantClientCredentials}}
	_, err := New(w).Authorize(t.Context(), client, req)
	if got := oauth.AsError(err); got.Reason != oauth.ReasonScope || len(got.Description) > 1000 {
		t.Fatalf("%v, description of %d bytes", got.Reason, len(got.Description))
	}
}

// The system API has no default grant, whatever the store says.
func TestThirdPartiesNeedAGrantForTheManagementAPI(t *testing.T) {
	w := fresh()
	w.grants = []*tenant.ClientGrant{defaultGrant("rs0")}
	client := &tenant.Client{ClientID: "theirs", GrantTypes: []string{tenant.GrantClientCredentials}}
	_, err := New(w).Authorize(t.Context(), client, request("https://acme.example.com/api/v2/"))
	if err == nil || oauth.AsError(err).Reason != oauth.ReasonNoClientGrant {
		t.Errorf("got %v, want no client grant", err)
	}
}

func request(audience string) *oauth.TokenRequest {
	req := &oauth.TokenRequest{GrantType: tenant.GrantClientCredentials, Audience: audience}
	req.Call.Site = tenant.Site{Tenant: "acme", Domain: "login.acme.test", Canonical: "acme.example.com"}
	return req
}
