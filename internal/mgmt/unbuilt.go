package mgmt

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// auth0Segments are the first path segments of Auth0's Management API, built here or not.
func auth0Segments() []string {
	return strings.Fields(`actions anomaly attack-protection blacklists branding client-grants clients connection-profiles
		connections connections-directory-provisionings custom-domains device-credentials email-templates emails event-streams flows
		forms grants groups guardian hooks jobs keys log-streams logs network-acls organizations prompts rate-limit-policies
		refresh-tokens resource-servers risk-assessments roles rules rules-configs self-service-profiles sessions stats
		supplemental-signals tenants tickets token-exchange-profiles user-attribute-profiles user-blocks users users-by-email`)
}

// fallback answers what no route matches. A path that Auth0 has and writ does not is a 403 insufficient_scope, whatever the token
// holds: the official clients skip what they may not read, and die of a 404 or a 501. Any other path is Auth0's 404.
func (a *API) fallback(ctx context.Context, call tenant.Call, r *http.Request) error {
	below, ok := strings.CutPrefix(r.URL.EscapedPath(), prefix+"/")
	segment, _, _ := strings.Cut(below, "/")
	if !ok || verbs()[r.Method] == "" || !slices.Contains(auth0Segments(), segment) {
		return rest.UnknownRoute()
	}
	if _, err := a.authenticate(ctx, call, r.Header); err != nil {
		return err
	}
	return rest.InsufficientScope(unbuiltScope(r.Method, "/"+below, a.scopes))
}

// The lists below are empty until their resources are built. They are here because a re-import by Auth0's own tool dies
// unless they answer 200.

type actionsQuery struct{ rest.Paging }

// listActions answers in the manner of Auth0's actions service, which leaves zeros out.
func (a *API) listActions(_ context.Context, in actionsQuery) (any, error) {
	perPage := 20
	if in.PerPage != nil {
		perPage = *in.PerPage
	}
	return struct {
		Actions []struct{} `json:"actions"`
		Page    int        `json:"page,omitzero"`
		PerPage int        `json:"per_page,omitzero"`
	}{Actions: []struct{}{}, Page: in.Page, PerPage: perPage}, nil
}

func (a *API) listTriggers(context.Context, struct{}) (rest.List, error) {
	return rest.CheckpointList("triggers", nil, ""), nil
}

func (a *API) listTokenExchangeProfiles(context.Context, struct{}) (rest.List, error) {
	return rest.CheckpointList("token_exchange_profiles", nil, ""), nil
}

// getOpenAPI needs no token: it says nothing of any tenant.
func (a *API) getOpenAPI(context.Context, struct{}) (json.RawMessage, error) { return a.openAPI, nil }
