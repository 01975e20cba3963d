package mgmt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// authenticate is who asks, if they may ask from where they are: the tenant's network ACLs hold for clients and for strangers. A person who
// administers the tenant is not bound by them: somebody has to be able to take back a rule that shuts everybody out. Errors: those of identify;
// rest.NetworkRefused.
func (a *API) authenticate(ctx context.Context, call tenant.Call, header http.Header) (rest.Principal, error) {
	who, err := a.identify(ctx, call, header)
	if who.User.ID != "" {
		return who, err
	}
	if refusal := a.admitNetwork(ctx, call); refusal != nil {
		return rest.Principal{}, refusal
	}
	return who, err
}

// admitNetwork applies the network ACLs for the Management API. Errors: rest.NetworkRefused, the store's.
func (a *API) admitNetwork(ctx context.Context, call tenant.Call) error {
	j, notices, err := a.network.Admit(ctx, tenant.ScopeManagement, &call)
	if err != nil {
		return err
	}
	for _, notice := range notices {
		a.recordNotice(context.WithoutCancel(ctx), rest.Caller{Call: call}, notice)
	}
	switch {
	case !j.Refuses():
		return nil
	case j.Decided.Rule.Action.Redirect:
		return rest.NetworkRedirected(oauth.NetworkRefusal, j.Decided.Rule.Action.RedirectURI)
	}
	return rest.NetworkRefused(oauth.NetworkRefusal)
}

// identify judges the bearer token (RFC 6750 section 2.1; the header only, never a cookie or a parameter). The token must
// be signed by this tenant, issued under the domain that is called, meant for this API and alive. What it may do then is up to who
// it was issued to: see clientPrincipal.
func (a *API) identify(ctx context.Context, call tenant.Call, header http.Header) (rest.Principal, error) {
	token, err := bearer(header)
	if err != nil {
		return rest.Principal{}, err
	}
	claims, err := a.signer.Verify(ctx, call.Tenant, token)
	if err != nil {
		return rest.Principal{}, tokenError(err)
	}
	switch {
	case claims.Issuer != call.Issuer():
		return rest.Principal{}, rest.InvalidToken(fmt.Errorf("issuer %q was called as %q", claims.Issuer, call.Issuer()))
	case !claims.HasAudience(call.ManagementAudience()):
		return rest.Principal{}, rest.BadAudience(call.ManagementAudience())
	}
	if claims.ClientID == tenant.ConsoleClientID {
		return a.operatorPrincipal(ctx, call.Tenant, claims)
	}
	return a.clientPrincipal(ctx, call.Tenant, claims)
}

// Operators knows who administers a tenant. It is asked with each request of an operator, and what it answers counts at once.
type Operators interface {
	// Member is an operator with the role in a tenant. Errors: tenant.ErrNotFound for who is no member, or is not there at all.
	Member(ctx context.Context, operatorID, tenantName string) (tenant.Member, error)
}

// operatorPrincipal is a person with as many of the bearer's scopes as the role has now. Errors: rest.InvalidToken for who is no member
// any more.
func (a *API) operatorPrincipal(ctx context.Context, tenantName string, claims signing.Claims) (rest.Principal, error) {
	id, ok := strings.CutPrefix(claims.Subject, tenant.OperatorSubject)
	if !ok || a.operators == nil {
		return rest.Principal{}, rest.InvalidToken(fmt.Errorf("a token of the console for the subject %q", claims.Subject))
	}
	member, err := a.operators.Member(ctx, id, tenantName)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		return rest.Principal{}, rest.InvalidToken(err)
	case err != nil:
		return rest.Principal{}, err
	}
	return rest.Principal{
		User: rest.User{ID: claims.Subject, Name: member.Name, Email: member.Email}, JTI: claims.JTI,
		Scopes: common(claims.Scope, member.Role.Scopes(scopeValues(a.scopes))),
	}, nil
}

// clientPrincipal is a client with as many of its token's scopes as it is granted now: who takes a client, its grant or a scope of it
// away takes them from tokens that are out already. Errors: rest.InvalidToken for a client that is not there, or has no grant for
// this API any more.
func (a *API) clientPrincipal(ctx context.Context, tenantName string, claims signing.Claims) (rest.Principal, error) {
	client, grant, err := a.granted(ctx, tenantName, claims.ClientID)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		return rest.Principal{}, rest.InvalidToken(err)
	case err != nil:
		return rest.Principal{}, err
	}
	return rest.Principal{
		ClientID: client.ClientID, ClientName: client.Name, JTI: claims.JTI, Scopes: common(claims.Scope, grant.Scope),
	}, nil
}

// common are those of scopes that are granted. A token mostly has all of them.
func common(scopes, granted []string) []string {
	if slices.Equal(scopes, granted) {
		return scopes
	}
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return !slices.Contains(granted, s) })
}

// granted is a client with its grant for this API. Errors: tenant.ErrNotFound if either is not there.
func (a *API) granted(ctx context.Context, tenantName, clientID string) (*tenant.Client, *tenant.ClientGrant, error) {
	snapshots := a.store.Snapshots()
	client, err := snapshots.Client(ctx, tenantName, clientID)
	if err != nil {
		return nil, nil, err
	}
	system, err := snapshots.SystemResourceServer(ctx, tenantName)
	if err != nil {
		return nil, nil, err
	}
	grant, err := snapshots.ClientGrant(ctx, tenantName, clientID, system.ID)
	return client, grant, err
}

// bearer takes the token out of the one Authorization header (RFC 6750 section 2.1).
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", rest.MissingAuthentication()
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	switch {
	case len(values) > 1:
		return "", rest.BadAuthorizationHeader()
	case !strings.EqualFold(scheme, "Bearer"):
		return "", rest.MissingAuthentication()
	case strings.Count(token, ".") != 2 || strings.ContainsAny(token, " ,\t"):
		return "", rest.BadAuthorizationHeader()
	}
	return token, nil
}

func tokenError(err error) error {
	switch {
	case errors.Is(err, signing.ErrExpired):
		return rest.ExpiredToken(err)
	case errors.Is(err, signing.ErrSignature):
		return rest.InvalidSignature(err)
	case errors.Is(err, signing.ErrMalformed), errors.Is(err, signing.ErrNotYetValid):
		return rest.InvalidToken(err)
	}
	return err
}
