package mgmt

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// Explainer runs the decisions of the token path for a request that nobody sent.
type Explainer interface {
	// Explain leaves no trace. Errors: tenant.ErrUnavailable, or a fault of ours.
	Explain(ctx context.Context, call tenant.Call, q oauth.Question) (oauth.Explanation, error)
}

type explainRequest struct {
	rest.Caller
	Body explainBody `body:"true"`
}

// explainBody is the question, by the names of the token endpoint's parameters.
type explainBody struct {
	ClientID     string        `json:"client_id"`
	ClientSecret tenant.Secret `json:"client_secret"`
	Audience     string        `json:"audience"`
	Resource     string        `json:"resource"`
	Scope        string        `json:"scope"`
	GrantType    string        `json:"grant_type"`
	Organization string        `json:"organization"`
	IP           string        `json:"ip"`
	UserAgent    string        `json:"user_agent"`
	LogID        string        `json:"log_id"`
}

// explain is writ's own: why a token request is refused, decision by decision, and what mends it. It is asked by POST because a secret may
// be part of the question; it changes nothing and leaves no record.
func (a *API) explain(ctx context.Context, in explainRequest) (explanationView, error) {
	if err := in.mayAsk(); err != nil {
		return explanationView{}, err
	}
	call := in.Call
	q, err := in.Body.question()
	if err != nil {
		return explanationView{}, err
	}
	if in.Body.LogID != "" {
		event, err := a.refusedRequest(ctx, in)
		if err != nil {
			return explanationView{}, err
		}
		if q, err = questionOf(event); err != nil {
			return explanationView{}, err
		}
		call.Domain = event.Hostname // the Management API answers to its name under the domain that was called
	}
	e, err := a.explainer.Explain(ctx, call, q)
	if err != nil {
		return explanationView{}, err
	}
	if err := in.mayHear(q, e); err != nil {
		return explanationView{}, err
	}
	similar, err := a.similarAPI(ctx, call, e)
	if err != nil {
		return explanationView{}, err
	}
	return a.viewExplanation(call, q, e, similar), nil
}

// mayAsk: an answer tells what a client, its grant and an API are, which ACL or policy decides, and whether a secret is right. What it tells, the token must be allowed to
// read. Errors: rest.InsufficientScope.
func (in explainRequest) mayAsk() error {
	needed := [][]string{
		{"read:clients", "read:client_keys"}, {"read:client_grants"}, {"read:resource_servers"}, {"read:network_acls"}, {"read:rate_limit_policies"},
	}
	if in.Body.ClientSecret != "" {
		needed = append(needed, []string{"read:client_keys"})
	}
	if in.Body.LogID != "" {
		needed = append(needed, []string{"read:logs", "read:logs_users"})
	}
	return in.holds(needed...)
}

// mayHear: what is told of an organization is for who may read organizations and what they are associated with, whether the question names it,
// the record that it comes from, or the client as its default. Errors: rest.InsufficientScope.
func (in explainRequest) mayHear(q oauth.Question, e oauth.Explanation) error {
	if q.Organization == "" && (e.Authorization == nil || e.Authorization.Organization == nil) {
		return nil
	}
	return in.holds([]string{"read:organizations"}, []string{"read:organization_client_grants"})
}

// holds asks for one scope of each list. Errors: rest.InsufficientScope.
func (in explainRequest) holds(needed ...[]string) error {
	for _, scopes := range needed {
		if !in.Principal.HasAny(scopes...) {
			return rest.InsufficientScope(scopes...)
		}
	}
	return nil
}

// question refuses an address that is none.
func (b explainBody) question() (oauth.Question, error) {
	var ip netip.Addr
	if b.IP != "" {
		var err error
		if ip, err = netip.ParseAddr(b.IP); err != nil || ip.Zone() != "" {
			return oauth.Question{}, rest.InvalidBody("ip must be an IPv4 or IPv6 address")
		}
	}
	if b.GrantType == "" {
		b.GrantType = tenant.GrantClientCredentials
	}
	return oauth.Question{
		GrantType: b.GrantType, ClientID: b.ClientID, Secret: b.ClientSecret, Audience: b.Audience, Resource: b.Resource, Scope: b.Scope,
		Organization: b.Organization, IP: ip.Unmap(), UserAgent: b.UserAgent,
	}, nil
}

// refusedRequest reads the record that the question names.
func (a *API) refusedRequest(ctx context.Context, in explainRequest) (tenant.LogEvent, error) {
	alone := explainBody{LogID: in.Body.LogID}
	if in.Body != alone {
		return tenant.LogEvent{}, rest.InvalidBody("log_id stands alone: the other parameters come from the record")
	}
	event, err := a.reader(in.Caller).Logs().Get(ctx, in.Body.LogID)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		return event, noLog()
	case err != nil:
		return event, err
	case event.Type != tenant.LogTokenRefused:
		return event, rest.InvalidBody("The record is of type %s. Only a refused token request (%s) can be explained.", event.Type, tenant.LogTokenRefused)
	}
	return event, nil
}

// similarAPI is the identifier of an API that differs from an unknown audience by the slash at the end alone; empty if there is none.
func (a *API) similarAPI(ctx context.Context, call tenant.Call, e oauth.Explanation) (string, error) {
	refusal := e.Answer.Refusal
	if refusal == nil || refusal.Reason != oauth.ReasonUnknownAudience {
		return "", nil
	}
	audience := e.Authorization.Audience
	candidate, cut := strings.CutSuffix(audience, "/")
	if !cut {
		candidate += "/"
	}
	if candidate == call.ManagementAudience() {
		return candidate, nil
	}
	_, err := a.store.Snapshots().ResourceServer(ctx, call.Tenant, candidate)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	}
	return candidate, nil
}
