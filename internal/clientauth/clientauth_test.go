package clientauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

type clients map[string]*tenant.Client

func (c clients) Client(_ context.Context, tenantName, id string) (*tenant.Client, error) {
	if id == "broken" {
		return nil, fmt.Errorf("disk: %w", tenant.ErrUnavailable)
	}
	if client, ok := c[tenantName+"/"+id]; ok {
		return client, nil
	}
	return nil, tenant.ErrNotFound
}

const right = tenant.Secret("correct-horse-battery-staple")

func fixture() *Authenticator {
	secret := func(method string) *tenant.Client {
		return &tenant.Client{ClientID: "id", TokenEndpointAuthMethod: method, SecretDigest: right.Digest()}
	}
	return New(clients{
		"acme/never-set": secret(""),
		"acme/post":      secret(tenant.AuthMethodClientSecretPost),
		"acme/basic":     secret(tenant.AuthMethodClientSecretBasic),
		"acme/public":    secret(tenant.AuthMethodNone),
		"acme/global":    {Global: true, SecretDigest: right.Digest()},
		"acme/no-digest": {},
		"acme/key":       {ClientAuthenticationMethods: &tenant.ClientAuthenticationMethods{}, SecretDigest: right.Digest()},
		"acme/fapi":      {ComplianceLevel: new("fapi2_sp_pkj_mtls"), SecretDigest: right.Digest()},
		"acme/no-fapi":   {ComplianceLevel: new("none"), SecretDigest: right.Digest()},
	})
}

func TestAuthenticate(t *testing.T) {
	tests := []struct {
		rule           string
		tenant, client string
		secret         tenant.Secret
		method         oauth.AuthMethod
		cause          error // nil = authenticated
	}{
		{"right secret, method never set", "acme", "never-set", right, oauth.AuthClientSecretPost, nil},
		{"right secret in the body (RFC 6749 section 2.3.1)", "acme", "post", right, oauth.AuthClientSecretPost, nil},
		{"Basic for a client_secret_post client: x/oauth2 tries it first", "acme", "post", right, oauth.AuthClientSecretBasic, nil},
		{"body for a client_secret_basic client", "acme", "basic", right, oauth.AuthClientSecretPost, nil},
		{"wrong secret", "acme", "post", "wrong", oauth.AuthClientSecretPost, errWrongSecret},
		{"a prefix of the secret", "acme", "post", right[:len(right)-1], oauth.AuthClientSecretPost, errWrongSecret},
		{"the secret in another case", "acme", "post", "Correct-horse-battery-staple", oauth.AuthClientSecretPost, errWrongSecret},
		{"no secret", "acme", "post", "", oauth.AuthNone, errNoSecret},
		{"unknown client", "acme", "nobody", right, oauth.AuthClientSecretPost, errUnknownClient},
		{"a client of another tenant is unknown", "other", "post", right, oauth.AuthClientSecretPost, errUnknownClient},
		{"public client names itself and nothing more", "acme", "public", "", oauth.AuthNone, nil},
		{"public client with a secret", "acme", "public", right, oauth.AuthClientSecretPost, errPublicSecret},
		{"the global client, though its secret is right", "acme", "global", right, oauth.AuthClientSecretPost, errGlobalClient},
		{"a client with client_authentication_methods, though its secret is right", "acme", "key", right, oauth.AuthClientSecretPost, errNoSecrets},
		{"such a client without a secret", "acme", "key", "", oauth.AuthNone, errNoSecrets},
		{"a FAPI compliance level forbids shared secrets", "acme", "fapi", right, oauth.AuthClientSecretBasic, errNoSecrets},
		{"no compliance level forbids nothing", "acme", "no-fapi", right, oauth.AuthClientSecretBasic, nil},
		{"a client without a digest matches nothing", "acme", "no-digest", "x", oauth.AuthClientSecretPost, errWrongSecret},
	}
	a := fixture()
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			req := &oauth.TokenRequest{ClientID: tt.client, Secret: tt.secret, Method: tt.method}
			req.Call.Tenant = tt.tenant
			client, err := a.Authenticate(t.Context(), req)
			if !errors.Is(err, tt.cause) {
				t.Fatalf("error %v, want cause %v", err, tt.cause)
			}
			if tt.cause == nil {
				if client == nil {
					t.Fatal("authenticated, but no client")
				}
				return
			}
			want, refusal := oauth.Unauthorized(tt.cause), oauth.AsError(err)
			if tt.cause == errWrongSecret { // which the log and metrics tell apart, and the caller cannot
				want = oauth.WrongSecret(tt.cause)
			}
			if refusal.Reason != want.Reason || refusal.Code != want.Code || refusal.Description != "Unauthorized" {
				t.Errorf("refusal %+v: every failed authentication must read the same", refusal)
			}
			if known := tt.cause != errUnknownClient; known != (client != nil) {
				t.Errorf("client %v with the refusal, want it only where there is one", client)
			}
		})
	}
}

// A client_assertion is refused whatever else is right: ignoring it would let a weaker method pass for it.
func TestAssertionIsRefused(t *testing.T) {
	req := &oauth.TokenRequest{ClientID: "post", Assertion: true}
	req.Call.Tenant = "acme"
	if _, err := fixture().Authenticate(t.Context(), req); !errors.Is(err, errAssertion) {
		t.Fatal(err)
	}
}

// An id longer than any is unknown without a lookup.
func TestLongClientIDIsNotLookedUp(t *testing.T) {
	req := &oauth.TokenRequest{ClientID: strings.Repeat("x", maxClientID+1), Secret: right}
	if _, err := New(nil).Authenticate(t.Context(), req); !errors.Is(err, errUnknownClient) {
		t.Fatal(err)
	}
}

func TestStoreGoneIsNoRefusalOfCredentials(t *testing.T) {
	_, err := fixture().Authenticate(t.Context(), &oauth.TokenRequest{ClientID: "broken", Secret: right})
	if got := oauth.AsError(err).Reason; got != oauth.ReasonUnavailable {
		t.Fatalf("reason %v, want unavailable", got)
	}
}

// Without a secret at hand, only what no secret could change is refused.
func TestAssume(t *testing.T) {
	a := fixture()
	for client, cause := range map[string]error{
		"never-set": nil, "post": nil, "public": nil, "no-digest": nil,
		"nobody": errUnknownClient, "global": errGlobalClient, "key": errNoSecrets, "fapi": errNoSecrets,
	} {
		req := &oauth.TokenRequest{ClientID: client, Method: oauth.AuthNone}
		req.Call.Tenant = "acme"
		found, err := a.Assume(t.Context(), req)
		if !errors.Is(err, cause) || (found == nil) != (client == "nobody") {
			t.Errorf("%s: %v, %v; want cause %v", client, found, err, cause)
		}
	}
}
