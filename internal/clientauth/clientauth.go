package clientauth

import (
	"context"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Store finds clients.
type Store interface {
	// Client returns an immutable snapshot with its SecretDigest. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
	Client(ctx context.Context, tenantName, clientID string) (*tenant.Client, error)
}

// Authenticator authenticates clients. Safe for concurrent use.
type Authenticator struct {
	store Store
}

// New returns an Authenticator over store.
func New(store Store) *Authenticator { return &Authenticator{store: store} }

// maxClientID is the longest id that is looked up, in bytes. No client has a longer one: theirs have 32, imported ones at most this.
const maxClientID = 255

// Causes of a refusal, for the log. The caller only ever hears "Unauthorized".
var (
	errUnknownClient = errors.New("no client has this client_id")
	errGlobalClient  = errors.New("the global client stands for all applications and cannot authenticate")
	errNoSecret      = errors.New("no client_secret was presented")
	errWrongSecret   = errors.New("the client_secret does not match")
	errNoSecrets     = errors.New("the client authenticates by client_authentication_methods, not by a secret")
	errPublicSecret  = errors.New("the client's token_endpoint_auth_method is none, yet a client_secret was presented")
	errAssertion     = errors.New("client assertions are not supported yet")
)

// Authenticate returns the client that req proves to come from. With a refusal it still returns the client if there is one of
// that name, so that the log can tell whose secret was wrong. Errors: *oauth.Error, or the store's.
func (a *Authenticator) Authenticate(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	return a.judge(ctx, req, verify)
}

// Assume is Authenticate with whatever secret the client has: for explanations, where it is not at hand. What no secret could change is
// refused all the same. No token may ever come of it.
func (a *Authenticator) Assume(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	return a.judge(ctx, req, admit)
}

func (a *Authenticator) judge(
	ctx context.Context, req *oauth.TokenRequest, rule func(*tenant.Client, *oauth.TokenRequest) error,
) (*tenant.Client, error) {
	client, err := a.find(ctx, req)
	if errors.Is(err, tenant.ErrNotFound) {
		tenant.Digest{}.Matches(req.Secret) // an unknown client takes as long as a wrong secret
		return nil, oauth.Unauthorized(errUnknownClient)
	}
	if err != nil {
		return nil, fmt.Errorf("find client: %w", err)
	}
	switch err := rule(client, req); err {
	case nil:
		return client, nil
	case errWrongSecret:
		return client, oauth.WrongSecret(err)
	default:
		return client, oauth.Unauthorized(err)
	}
}

// find looks the client up. An id that can be none costs no lookup.
func (a *Authenticator) find(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	if len(req.ClientID) > maxClientID {
		return nil, tenant.ErrNotFound
	}
	return a.store.Client(ctx, req.Call.Tenant, req.ClientID)
}

// admit refuses who cannot authenticate here by any secret.
func admit(client *tenant.Client, req *oauth.TokenRequest) error {
	switch {
	case client.Global:
		return errGlobalClient
	case req.Assertion:
		return errAssertion
	case client.RefusesSecrets():
		return errNoSecrets
	}
	return nil
}

// verify checks the credentials. Where the secret arrives (body or Basic) is free, whatever token_endpoint_auth_method says:
// x/oauth2, and so auth0-cli and Terraform, try Basic first.
func verify(client *tenant.Client, req *oauth.TokenRequest) error {
	if err := admit(client, req); err != nil {
		return err
	}
	switch {
	case client.Public() && req.Secret != "":
		return errPublicSecret
	case client.Public():
		return nil // it names itself and no more; what a public client may do is not this room's question
	case req.Secret == "":
		return errNoSecret
	case !client.SecretDigest.Matches(req.Secret):
		return errWrongSecret
	}
	return nil
}
