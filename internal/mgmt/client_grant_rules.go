package mgmt

import (
	"context"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// grantStands judges a grant against its API and settles its scope: absent where all scopes are granted, a list otherwise.
func grantStands(call tenant.Call, body rest.Patch[tenant.ClientGrant], g *tenant.ClientGrant, rs tenant.ResourceServer, system []tenant.Scope) error {
	if rs.IsSystem {
		rs.Identifier, rs.Scopes = call.ManagementAudience(), system
		switch {
		case body.Has("allow_all_scopes"):
			return allScopesOfSystemAPI()
		case g.DefaultFor != "":
			return rest.InvalidBody("`default_for` cannot be provided when `audience` is a system API")
		}
	}
	if g.SubjectType == tenant.SubjectTypeUser && (g.OrganizationUsage != "" || g.AllowAnyOrganization != nil) {
		return rest.InvalidBody("organization_usage and allow_any_organization cannot be used when subject_type is user")
	}
	if g.AllScopes() {
		if body.Has("scope") && (len(g.Scope) > 0 || !body.Has("allow_all_scopes")) {
			return scopeBesideAllScopes()
		}
		g.Scope = nil
		return nil
	}
	if g.Scope == nil {
		g.Scope = []string{}
	}
	if !body.Has("scope") {
		return nil // what was granted before may outlive its API's scope
	}
	for _, scope := range g.Scope {
		unlisted := rs.IsSystem && slices.Contains(unlistedScopes(), scope)
		if !unlisted && !rs.HasScope(scope) {
			return scopeNotOnAPI(scope, rs.Identifier)
		}
	}
	return nil
}

// holderStands judges a grant against who holds it: a client that is there and is not the global one, or all third parties at once.
// Third parties act for no organization but those that the grant is associated with.
func holderStands(ctx context.Context, s store.Scope, g tenant.ClientGrant) error {
	thirdParty := g.DefaultFor != ""
	if g.ClientID != "" {
		client, err := s.Clients().Get(ctx, g.ClientID)
		switch {
		case err != nil:
			return missing(err, grantWithoutClient())
		case client.Global:
			return grantForGlobalClient()
		}
		thirdParty = !client.IsFirstParty
	}
	if thirdParty && g.AllowAnyOrganization != nil && *g.AllowAnyOrganization {
		return anyOrganizationForThirdParty()
	}
	return nil
}
