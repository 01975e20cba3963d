package token

import (
	"fmt"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// passed says of a decision what spoke for the request.
func passed(name oauth.DecisionName, x *exchange, assumed bool) string {
	switch name {
	case oauth.DecisionNetwork:
		return networkAdmits(x)
	case oauth.DecisionRequest:
		return "The request is well-formed."
	case oauth.DecisionClient:
		return fmt.Sprintf(`The client is "%s".`, x.client.Name)
	case oauth.DecisionAuthentication:
		return authenticated(x.client, assumed)
	case oauth.DecisionGrantType:
		return fmt.Sprintf("The client may use %s.", x.req.GrantType)
	case oauth.DecisionAPI:
		return fmt.Sprintf(`The audience is the API "%s".`, x.auth.ResourceServer.Title())
	case oauth.DecisionPolicy:
		return "The API is open to clients that have a grant."
	case oauth.DecisionGrant:
		if x.auth.Grant.DefaultFor != "" {
			return "The client has no grant of its own; the API's default grant for third parties counts."
		}
		return "The client has a grant for the API."
	case oauth.DecisionScope:
		return scopesGranted(x)
	case oauth.DecisionOrganization:
		return organizationAllowed(x)
	case oauth.DecisionProofOfPossession:
		return "The token need not be bound to a key."
	case oauth.DecisionRateLimit:
		return policyAllows(x.auth)
	case oauth.DecisionQuota:
		return quotaLeft(x)
	case oauth.DecisionActions:
		return "No Action is bound to credentials-exchange."
	}
	return ""
}

// networkAdmits: without an address nothing is said of ACLs that would decide by it.
func networkAdmits(x *exchange) string {
	j := x.network
	switch {
	case !x.ip.IsValid() && j.Decided == nil && len(j.Uncertain) == 0:
		return "No network ACL shuts anybody out."
	case !x.ip.IsValid():
		return "Taken for granted: whether the network ACLs let it pass hangs on the caller's address, which is not known here."
	case j.Decided != nil:
		return fmt.Sprintf("The network ACL %q allows %s.", j.Decided.Description, x.ip)
	case len(j.Uncertain) > 0:
		return fmt.Sprintf("No network ACL shuts out %s. One (%q) hangs on what is not known here, and does nothing.", x.ip, j.Uncertain[0].Description)
	}
	return fmt.Sprintf("No network ACL shuts out %s.", x.ip)
}

func networkFacts(x *exchange) map[string]any {
	f := map[string]any{}
	if x.ip.IsValid() {
		f["ip"] = x.ip.String()
	}
	if acl := x.network.Decided; acl != nil && x.ip.IsValid() {
		f["acl_id"], f["description"], f["action"] = acl.ID, acl.Description, acl.Rule.Action.Name()
	}
	return f
}

func policyAllows(auth *oauth.Authorization) string {
	p := auth.Policy
	if p == nil {
		return "No rate limit policy is for the client."
	}
	limit, whose := p.Configuration.Limit, "the client"
	if auth.PolicyShared {
		whose = "all third-party clients together"
	}
	switch {
	case limit == nil:
		return fmt.Sprintf("The rate limit policy for %s sets no limit.", p.ConsumerSelector)
	case p.Refuses():
		return fmt.Sprintf("The rate limit policy for %s allows %s %d requests in each second.", p.ConsumerSelector, whose, *limit)
	}
	return fmt.Sprintf("The rate limit policy for %s lets all requests pass, and logs what is beyond %d in each second of %s.", p.ConsumerSelector, *limit, whose)
}

func policyFacts(auth *oauth.Authorization) map[string]any {
	p := auth.Policy
	if p == nil {
		return map[string]any{}
	}
	f := map[string]any{"id": p.ID, "consumer_selector": p.ConsumerSelector, "action": p.Configuration.Action}
	if p.Configuration.Limit != nil {
		f["limit"] = *p.Configuration.Limit
	}
	return f
}

func organizationAllowed(x *exchange) string {
	switch o := x.auth.Organization; {
	case o == nil:
		return "No organization is named, and none is required."
	case x.req.Organization == "":
		return fmt.Sprintf(`The grant requires an organization, and the client's default is "%s".`, o.Name)
	case x.auth.Grant.AnyOrganization() && x.client.IsFirstParty:
		return fmt.Sprintf(`The organization is "%s", and the grant allows any.`, o.Name)
	default:
		return fmt.Sprintf(`The organization is "%s", and the grant is associated with it.`, o.Name)
	}
}

func authenticated(client *tenant.Client, assumed bool) string {
	switch {
	case client.Public():
		return "The client is public: it names itself and proves nothing."
	case assumed:
		return "Taken for granted: the secret is not known here."
	}
	return "The secret is right."
}

func scopesGranted(x *exchange) string {
	switch {
	case len(x.auth.Scope) == 0:
		return "Nothing was asked for, and the grant holds no scope: the token is without scopes."
	case x.req.Scope == nil:
		return "Nothing was asked for, so all that is granted is in the token: " + briefly(x.auth.Scope) + "."
	}
	return "All that was asked for is granted: " + briefly(x.auth.Scope) + "."
}

// briefly is a list of which at most five are named.
func briefly(list []string) string {
	const most = 5
	if len(list) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
	}
	return strings.Join(list, ", ")
}

// facts are what a decision that was reached was made of. A refusal may leave client, API or grant unknown.
func facts(name oauth.DecisionName, x *exchange, e *oauth.Explanation) map[string]any {
	if name == oauth.DecisionNetwork {
		return networkFacts(x)
	}
	if x.req == nil {
		return nil
	}
	switch name {
	case oauth.DecisionRequest:
		return map[string]any{"grant_type": x.req.GrantType}
	case oauth.DecisionClient:
		return clientFacts(x)
	case oauth.DecisionAuthentication:
		return map[string]any{"token_endpoint_auth_method": x.client.TokenEndpointAuthMethod, "assumed": e.Assumed}
	case oauth.DecisionGrantType:
		return map[string]any{"grant_type": x.req.GrantType, "grant_types": list(x.client.GrantTypes)}
	case oauth.DecisionAPI:
		return apiFacts(x)
	case oauth.DecisionPolicy:
		return map[string]any{"policy": x.auth.ResourceServer.SubjectTypeAuthorization.Client.Policy}
	case oauth.DecisionGrant:
		return grantFacts(x)
	case oauth.DecisionScope:
		return scopeFacts(x, e.Answer.Refusal)
	case oauth.DecisionOrganization:
		return organizationFacts(x)
	case oauth.DecisionQuota:
		return quotaFacts(x)
	case oauth.DecisionProofOfPossession:
		return map[string]any{
			"required_by_client": x.client.RequiresProof(), "required_by_api": x.auth.ResourceServer.ProofOfPossession.RequiredOfMachines(),
		}
	case oauth.DecisionRateLimit:
		return policyFacts(x.auth)
	}
	return nil
}

// quotaLeft says what is left before this token.
func quotaLeft(x *exchange) string {
	var left []string
	for _, q := range x.hold.Quotas {
		say := fmt.Sprintf("%d of %d %s for the %s", q.Left(), q.Quota, q.Bucket, q.Kind)
		if !q.Enforced {
			say += " (only counted)"
		}
		left = append(left, say)
	}
	if left == nil {
		return "No quota limits how many tokens are issued."
	}
	return "Tokens are left: " + strings.Join(left, ", ") + "."
}

// quotaFacts has client_per_hour and the like, of the quotas that count.
func quotaFacts(x *exchange) map[string]any {
	f := map[string]any{}
	for _, q := range x.hold.Quotas {
		f[fmt.Sprintf("%s_%s", q.Kind, q.Bucket)] = map[string]any{
			"entity_id": q.ID, "quota": q.Quota, "used": q.Used, "remaining": q.Left(), "enforce": q.Enforced, "resets_at": q.Resets,
		}
	}
	return f
}

func clientFacts(x *exchange) map[string]any {
	f := map[string]any{"client_id": x.req.ClientID}
	if x.client != nil {
		f["name"], f["app_type"] = x.client.Name, x.client.AppType
	}
	return f
}

func organizationFacts(x *exchange) map[string]any {
	f := map[string]any{"organization": x.req.Organization, "organization_usage": x.auth.Grant.OrganizationUsage}
	if o := x.auth.Organization; o != nil {
		f["id"], f["name"] = o.ID, o.Name
	}
	return f
}

// apiFacts tell which audience was looked for, and which parameter it came from.
func apiFacts(x *exchange) map[string]any {
	f := map[string]any{"audience": x.auth.Audience}
	switch {
	case x.req.Audience != "":
		f["from"] = "audience"
	case x.auth.Audience != "" && x.auth.Audience == x.req.Resource:
		f["from"] = "resource"
	case x.auth.Audience != "":
		f["from"] = "default_audience"
	}
	if rs := x.auth.ResourceServer; rs != nil {
		f["id"], f["name"] = rs.ID, rs.Title()
	}
	return f
}

func grantFacts(x *exchange) map[string]any {
	g := x.auth.Grant
	if g == nil {
		return map[string]any{"client_id": x.client.ClientID, "audience": x.auth.Audience}
	}
	f := map[string]any{"id": g.ID, "scope": list(g.Scope), "allow_all_scopes": g.AllScopes()}
	if g.DefaultFor != "" {
		f["default_for"] = g.DefaultFor
	}
	return f
}

func scopeFacts(x *exchange, refusal *oauth.Error) map[string]any {
	f := map[string]any{"asked": list(x.req.Scope)}
	if refusal != nil && refusal.Reason == oauth.ReasonScope {
		f["missing"] = refusal.Missing
	} else {
		f["granted"] = list(x.auth.Scope)
	}
	return f
}

// list is never null in JSON.
func list(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
