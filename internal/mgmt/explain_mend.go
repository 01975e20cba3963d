package mgmt

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// mend is what an operator can do about a refusal: calls of this API, in order, as they can be sent.
type mend struct {
	// Label is a button's: "Grant batch:upload to Import Job".
	Label string `json:"label"`
	// Warning is what else comes of it; empty = nothing that the label does not say.
	Warning string     `json:"warning,omitempty"`
	Calls   []mendCall `json:"calls"`
}

type mendCall struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	Body   map[string]any `json:"body,omitempty"`
	// Scopes: the token that makes the call needs one of them.
	Scopes []string `json:"scopes"`
}

// call is one by a pattern of the route table, with what stands for {id} in it.
func (a *API) call(method, pattern, id string, body map[string]any) mendCall {
	i := slices.IndexFunc(a.table, func(r rest.Route) bool { return r.Method == method && r.Pattern == pattern })
	return mendCall{
		Method: method, Path: prefix + strings.ReplaceAll(pattern, "{id}", url.PathEscape(id)), Body: body, Scopes: a.table[i].Scopes,
	}
}

// mendOf is what lets a request pass the decision that refused it. nil = the request itself is wrong, or what it wants is not for this
// server to give.
func (a *API) mendOf(call tenant.Call, q oauth.Question, failed oauth.DecisionName, e oauth.Explanation) *mend {
	switch failed {
	case oauth.DecisionNetwork:
		return a.mendNetwork(e.Network)
	case oauth.DecisionAuthentication:
		return a.mendAuthentication(e.Client, e.Answer.Refusal)
	case oauth.DecisionGrantType:
		return a.mendGrantType(e.Client)
	case oauth.DecisionPolicy:
		return a.mendPolicy(e.Authorization.ResourceServer)
	case oauth.DecisionGrant:
		return a.mendGrant(call, e)
	case oauth.DecisionScope:
		return a.mendScope(call, e)
	case oauth.DecisionOrganization:
		return a.mendOrganization(q, e)
	case oauth.DecisionProofOfPossession:
		return a.mendProof(e.Client, e.Authorization.ResourceServer)
	case oauth.DecisionRateLimit:
		return a.mendRateLimit(e.Authorization.Policy)
	case oauth.DecisionQuota:
		return a.mendQuota(e)
	case oauth.DecisionActions:
		return a.mendActions()
	}
	return nil
}

// mendAuthentication: a secret that does not match can only be replaced. Who authenticates otherwise, or presents nothing, must change the
// request.
func (a *API) mendAuthentication(client *tenant.Client, refusal *oauth.Error) *mend {
	switch {
	case client.Public():
		return a.mendGrantType(client)
	case refusal.Reason != oauth.ReasonSecret:
		return nil
	}
	return &mend{
		Label:   fmt.Sprintf(`Rotate the secret of "%s"`, client.Name),
		Warning: "The present secret stops working at once, wherever it is used. First look whether the caller sends the secret that is shown for the application.",
		Calls:   []mendCall{a.call(http.MethodPost, "/clients/{id}/rotate-secret", client.ClientID, nil)},
	}
}

func (a *API) mendGrantType(client *tenant.Client) *mend {
	m, body := &mend{Label: fmt.Sprintf(`Allow "%s" the client credentials grant`, client.Name)}, map[string]any{}
	if !client.AllowsGrant(tenant.GrantClientCredentials) {
		body["grant_types"] = append(slices.Clone(client.GrantTypes), tenant.GrantClientCredentials)
	}
	if client.Public() {
		body["token_endpoint_auth_method"] = tenant.AuthMethodClientSecretPost
		m.Warning = "The application is public, as those in browsers and on phones are. It must then send a client_secret, which such a program cannot keep."
	}
	m.Calls = []mendCall{a.call(http.MethodPatch, "/clients/{id}", client.ClientID, body)}
	return m
}

func (a *API) mendPolicy(rs *tenant.ResourceServer) *mend {
	return &mend{
		Label:   fmt.Sprintf(`Open "%s" to applications with a grant`, rs.Title()),
		Warning: "All applications that have a grant for the API get tokens again.",
		Calls: []mendCall{a.call(http.MethodPatch, "/resource-servers/{id}", rs.ID, map[string]any{
			"subject_type_authorization": map[string]any{"client": map[string]any{"policy": tenant.PolicyRequireClientGrant}},
		})},
	}
}

// mendGrant grants what was asked for, as far as the API defines it; nothing else.
func (a *API) mendGrant(call tenant.Call, e oauth.Explanation) *mend {
	rs := e.Authorization.ResourceServer
	scope := slices.DeleteFunc(slices.Clone(e.Asked), func(s string) bool { return !a.defines(rs, s) })
	m := &mend{
		Label: fmt.Sprintf(`Authorize "%s" for "%s"`, e.Client.Name, rs.Title()),
		Calls: []mendCall{a.newGrant(call, e.Client, rs, scope)},
	}
	if len(scope) > 0 {
		m.Label += " with " + few(rs, scope)
	}
	return m.warnOf(rs)
}

// warnOf says what the system API is: who asked for a token chose the permissions, and nobody should give those away by a click.
func (m *mend) warnOf(rs *tenant.ResourceServer) *mend {
	if rs.IsSystem {
		m.Warning = "This is the Management API: with it the application can read or change this tenant, and with some of its permissions give itself more."
	}
	return m
}

func (a *API) newGrant(call tenant.Call, client *tenant.Client, rs *tenant.ResourceServer, scope []string) mendCall {
	if scope == nil {
		scope = []string{}
	}
	return a.call(http.MethodPost, "/client-grants", "", map[string]any{
		"client_id": client.ClientID, "audience": audienceOf(call, rs), "scope": scope,
	})
}

// mendScope grants what is missing; first the API has to define it. Where the default grant of third parties counts, the client gets one
// of its own: the others keep what they have.
func (a *API) mendScope(call tenant.Call, e oauth.Explanation) *mend {
	rs, g, missing := e.Authorization.ResourceServer, e.Authorization.Grant, e.Answer.Refusal.Missing
	m := &mend{Label: fmt.Sprintf(`Grant %s of "%s" to "%s"`, few(rs, missing), rs.Title(), e.Client.Name)}
	undefined := slices.DeleteFunc(slices.Clone(missing), func(s string) bool { return a.defines(rs, s) })
	switch {
	case len(undefined) > 0 && rs.IsSystem:
		return nil
	case len(undefined) > 0:
		granted := "it"
		if len(missing) > 1 {
			granted = few(rs, missing) // beside them what it defines already
		}
		m.Label = fmt.Sprintf(`Add %s to "%s", and grant %s to "%s"`, few(rs, undefined), rs.Title(), granted, e.Client.Name)
		m.Warning = "The API does not define this yet. Look whether it is spelt right: the API has to know what it allows."
		scopes := slices.Clone(rs.Scopes)
		for _, s := range undefined {
			scopes = append(scopes, tenant.Scope{Value: s})
		}
		m.Calls = append(m.Calls, a.call(http.MethodPatch, "/resource-servers/{id}", rs.ID, map[string]any{"scopes": scopes}))
	}
	if g.AllScopes() {
		return m
	}
	scope := slices.DeleteFunc(slices.Clone(g.Scope), func(s string) bool { return !a.defines(rs, s) || slices.Contains(missing, s) })
	scope = append(scope, missing...)
	if g.ClientID == "" {
		m.Calls = append(m.Calls, a.newGrant(call, e.Client, rs, scope))
		return m.warnOf(rs)
	}
	m.Calls = append(m.Calls, a.call(http.MethodPatch, "/client-grants/{id}", g.ID, map[string]any{"scope": scope}))
	return m.warnOf(rs)
}

// mendOrganization lets the grant be used for the organization that was named. Where none was, the grant must not require one; an unknown
// one is the request's fault.
func (a *API) mendOrganization(q oauth.Question, e oauth.Explanation) *mend {
	g, o := e.Authorization.Grant, e.Authorization.Organization
	usage := func(usage string) mendCall {
		return a.call(http.MethodPatch, "/client-grants/{id}", g.ID, map[string]any{"organization_usage": usage})
	}
	switch {
	case o == nil && q.Organization != "":
		return nil
	case o == nil:
		return &mend{Label: "Require no organization", Calls: []mendCall{usage(tenant.OrganizationDeny)}}
	}
	m := &mend{Label: fmt.Sprintf(`Let "%s" act for the organization "%s"`, e.Client.Name, o.Name)}
	if g.OrganizationUsage != tenant.OrganizationAllow && g.OrganizationUsage != tenant.OrganizationRequire {
		m.Calls = append(m.Calls, usage(tenant.OrganizationAllow))
	}
	if !e.Authorization.Associated {
		m.Calls = append(m.Calls, a.call(http.MethodPost, "/organizations/{id}/client-grants", o.ID, map[string]any{"grant_id": g.ID}))
	}
	return m
}

// mendProof: this server binds no tokens, so what requires it must not. A compliance level requires it by its name.
func (a *API) mendProof(client *tenant.Client, rs *tenant.ResourceServer) *mend {
	const warning = "Tokens are then bearer tokens: whoever has one can use it."
	switch {
	case client.RequireProofOfPossession != nil && *client.RequireProofOfPossession:
		return &mend{
			Label: fmt.Sprintf(`Require no proof of possession of "%s"`, client.Name), Warning: warning,
			Calls: []mendCall{a.call(http.MethodPatch, "/clients/{id}", client.ClientID, map[string]any{"require_proof_of_possession": false})},
		}
	case client.RequiresProof() || !rs.ProofOfPossession.RequiredOfMachines():
		return nil
	}
	return &mend{
		Label: fmt.Sprintf(`Require no proof of possession for "%s"`, rs.Title()), Warning: warning,
		Calls: []mendCall{a.call(http.MethodPatch, "/resource-servers/{id}", rs.ID, map[string]any{"proof_of_possession": nil})},
	}
}

// defines reports whether a scope of the API can be granted.
func (a *API) defines(rs *tenant.ResourceServer, scope string) bool {
	if rs.IsSystem {
		return slices.Contains(scopeValues(a.scopes), scope) || slices.Contains(unlistedScopes(), scope)
	}
	return rs.HasScope(scope)
}

// audienceOf is the API's identifier; that of the system API is not stored.
func audienceOf(call tenant.Call, rs *tenant.ResourceServer) string {
	if rs.IsSystem {
		return call.ManagementAudience()
	}
	return rs.Identifier
}

// few names up to three permissions; of the system API all.
func few(rs *tenant.ResourceServer, values []string) string {
	if len(values) > 3 && !rs.IsSystem {
		return fmt.Sprintf("%d permissions", len(values))
	}
	return strings.Join(values, ", ")
}

// mendNetwork takes the ACL out of the way, for all whom it concerns.
func (a *API) mendNetwork(acl *tenant.NetworkACL) *mend {
	return &mend{
		Label:   fmt.Sprintf("Deactivate the network ACL %q", acl.Description),
		Warning: "It then shuts out nobody any more.",
		Calls:   []mendCall{a.call(http.MethodPatch, "/network-acls/{id}", acl.ID, map[string]any{"active": false})},
	}
}

// mendRateLimit lets the requests pass, and goes on telling of them.
func (a *API) mendRateLimit(p *tenant.RateLimitPolicy) *mend {
	return &mend{
		Label:   fmt.Sprintf("Only log what the rate limit policy for %s refuses", p.ConsumerSelector),
		Warning: "It then holds back none of the applications that it is for.",
		Calls: []mendCall{a.call(http.MethodPatch, "/rate-limit-policies/{id}", p.ID, map[string]any{
			"configuration": map[string]any{"action": tenant.RateLimitLog, "limit": *p.Configuration.Limit},
		})},
	}
}

// mendQuota has those that are in the way counted only, with the limits that they have. Else the window has to end.
func (a *API) mendQuota(e oauth.Explanation) *mend {
	m := &mend{Warning: "However many tokens are asked for, they are issued; they are counted and warned of as before. By itself the quota resets at the time above."}
	var of []string
	stop := func(kind tenant.QuotaKind, pattern, id, name string) {
		limits, exceeded := map[string]any{"enforce": false}, false
		for _, level := range e.Quotas {
			if level.Kind == kind {
				limits[string(level.Bucket)] = level.Quota
				exceeded = exceeded || level.Exceeds()
			}
		}
		if exceeded {
			of = append(of, fmt.Sprintf("%q", name))
			m.Calls = append(m.Calls, a.call(http.MethodPatch, pattern, id, map[string]any{"token_quota": map[string]any{"client_credentials": limits}}))
		}
	}
	stop(tenant.QuotaOfClient, "/clients/{id}", e.Client.ClientID, e.Client.Name)
	if o := e.Authorization.Organization; o != nil {
		stop(tenant.QuotaOfOrganization, "/organizations/{id}", o.ID, o.Name)
	}
	m.Label = "Count the tokens of " + strings.Join(of, " and ") + " without refusing any"
	return m
}

// mendActions takes the Actions out of the way. That they checked something is the reason to warn.
func (a *API) mendActions() *mend {
	call := a.call(http.MethodPatch, "/actions/triggers/{triggerId}/bindings", "", map[string]any{"bindings": []any{}})
	call.Path = strings.ReplaceAll(call.Path, "{triggerId}", tenant.TriggerCredentialsExchange)
	return &mend{
		Label:   "Remove all Actions from " + tenant.TriggerCredentialsExchange,
		Warning: "Tokens are then issued without what the Actions would have checked or added.",
		Calls:   []mendCall{call},
	}
}
