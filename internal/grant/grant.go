package grant

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Store finds what a decision needs, as immutable snapshots. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
type Store interface {
	Settings(ctx context.Context, tenantName string) (*tenant.Settings, error)
	// ResourceServer finds an API by its exact identifier; the system one, which has none of its own, is never found.
	ResourceServer(ctx context.Context, tenantName, identifier string) (*tenant.ResourceServer, error)
	SystemResourceServer(ctx context.Context, tenantName string) (*tenant.ResourceServer, error)
	// ClientGrant finds the grant with subject_type client. An empty clientID finds the one that is the default for third parties.
	ClientGrant(ctx context.Context, tenantName, clientID, resourceServerID string) (*tenant.ClientGrant, error)
	Organizations
}

// Authorizer makes the decision. Safe for concurrent use.
type Authorizer struct {
	store Store
}

// New returns an Authorizer over store.
func New(store Store) *Authorizer { return &Authorizer{store: store} }

// Authorize decides what client gets for req. With a refusal it still returns what was decided before, so that an explanation can
// name the API and the grant. Errors: *oauth.Error, or the store's.
func (a *Authorizer) Authorize(ctx context.Context, client *tenant.Client, req *oauth.TokenRequest) (*oauth.Authorization, error) {
	auth := &oauth.Authorization{Call: req.Call, Client: client}
	err := checkGrantType(client, req.GrantType)
	if err != nil {
		return auth, err
	}
	if auth.Audience, err = a.audience(ctx, req); err != nil {
		return auth, err
	}
	if auth.ResourceServer, err = a.resourceServer(ctx, req.Call, auth.Audience); err != nil {
		return auth, err
	}
	if auth.Grant, err = a.clientGrant(ctx, client, auth.ResourceServer, req.Call.Tenant, auth.Audience); err != nil {
		return auth, err
	}
	if auth.Scope, err = grantedScope(req.Scope, auth.Grant, auth.ResourceServer); err != nil {
		return auth, err
	}
	if err := a.organization(ctx, req, auth); err != nil {
		return auth, err
	}
	if err := checkProof(client, auth.ResourceServer, req.DPoP); err != nil {
		return auth, err
	}
	if auth.ResourceServer.IsSystem {
		auth.Audience = req.Call.ManagementAudience() // whichever of the tenant's domains the request named
	}
	return auth, nil
}

// Causes of refusals that Auth0's words do not tell, for the log and for explanations.
var (
	errPublic          = errors.New("the client is public: its token_endpoint_auth_method is none, so it cannot prove who it is")
	errGrantType       = errors.New("the grant type is not among the client's grant_types")
	errNoAudience      = errors.New("the request names no audience, and the tenant has no default_audience")
	errUnknownAudience = errors.New("the tenant has no API with this identifier, which is compared byte for byte")
	errNoClientGrant   = errors.New("the client has no grant for the API")
	errDenyAll         = errors.New("the API's access policy for clients is deny_all")
)

// checkGrantType: a public client never, whatever its grant_types say.
func checkGrantType(client *tenant.Client, grantType string) error {
	switch {
	case client.Public():
		return oauth.GrantTypeNotAllowed(grantType, errPublic)
	case !client.AllowsGrant(grantType):
		return oauth.GrantTypeNotAllowed(grantType, errGrantType)
	}
	return nil
}

// audience is the API asked for: audience, else resource (RFC 8707) under the compatibility profile, else the tenant's default.
func (a *Authorizer) audience(ctx context.Context, req *oauth.TokenRequest) (string, error) {
	if req.Audience != "" {
		return req.Audience, nil
	}
	settings, err := a.store.Settings(ctx, req.Call.Tenant)
	if err != nil {
		return "", fmt.Errorf("read tenant settings: %w", err)
	}
	if req.Resource != "" && settings.ResourceParameterProfile == tenant.ResourceProfileCompatibility {
		return req.Resource, nil
	}
	if settings.DefaultAudience != nil && *settings.DefaultAudience != "" {
		return *settings.DefaultAudience, nil
	}
	return "", oauth.NoAudience(errNoAudience)
}

// maxIdentifier is the longest identifier that is looked up, in bytes: 600 characters of up to four.
const maxIdentifier = 2400

// resourceServer finds the API of an audience. The Management API answers to its canonical identifier and, because SDKs build
// the audience from the domain they were given, to that of the domain called.
func (a *Authorizer) resourceServer(ctx context.Context, call tenant.Call, audience string) (*tenant.ResourceServer, error) {
	if len(audience) > maxIdentifier {
		return nil, oauth.UnknownAudience(audience, errUnknownAudience)
	}
	var rs *tenant.ResourceServer
	var err error
	if strings.HasSuffix(audience, "/api/v2/") && (audience == call.ManagementAudience() || audience == call.Issuer()+"api/v2/") {
		rs, err = a.store.SystemResourceServer(ctx, call.Tenant)
	} else {
		rs, err = a.store.ResourceServer(ctx, call.Tenant, audience)
	}
	if errors.Is(err, tenant.ErrNotFound) {
		return nil, oauth.UnknownAudience(audience, errUnknownAudience)
	}
	if err != nil {
		return nil, fmt.Errorf("find resource server: %w", err)
	}
	return rs, nil
}

// clientGrant finds the client's grant for an API that is open to clients; a third party without one has the default grant, if there
// is one. deny_all answers as if there were no grant.
func (a *Authorizer) clientGrant(
	ctx context.Context, client *tenant.Client, rs *tenant.ResourceServer, tenantName, audience string,
) (*tenant.ClientGrant, error) {
	if rs.SubjectTypeAuthorization.Client.Policy == tenant.PolicyDenyAll {
		return nil, oauth.ClosedToClients(client.ClientID, audience, errDenyAll)
	}
	g, err := a.store.ClientGrant(ctx, tenantName, client.ClientID, rs.ID)
	if errors.Is(err, tenant.ErrNotFound) && !client.IsFirstParty && !rs.IsSystem {
		g, err = a.store.ClientGrant(ctx, tenantName, "", rs.ID)
	}
	if errors.Is(err, tenant.ErrNotFound) {
		return nil, oauth.NoClientGrant(client.ClientID, audience, errNoClientGrant)
	}
	if err != nil {
		return nil, fmt.Errorf("find client grant: %w", err)
	}
	return g, nil
}

// checkProof refuses what must be bound to a key: writ binds no tokens yet, and an unbound one would break a promise. An API without
// proof_of_possession ignores a proof.
func checkProof(client *tenant.Client, rs *tenant.ResourceServer, proof bool) error {
	if client.RequiresProof() {
		return oauth.ProofRequired("client")
	}
	pop := rs.ProofOfPossession
	if pop != nil && proof {
		return oauth.ProofUnsupported()
	}
	if pop.RequiredOfMachines() {
		return oauth.ProofRequired("resource server")
	}
	return nil
}
