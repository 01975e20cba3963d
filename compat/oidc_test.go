package compat

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
)

// TestOIDC is go-oidc as APIs use it for access tokens: discovery, then the ID token verifier with the API's audience as client ID.
// The algorithms it accepts are those that discovery lists.
func TestOIDC(t *testing.T) {
	provider, err := oidc.NewProvider(t.Context(), thisWorld.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := provider.Endpoint().TokenURL, thisWorld.Issuer+"oauth/token"; got != want {
		t.Errorf("token URL %s, want %s", got, want)
	}
	for _, api := range thisWorld.Signed {
		if api.SigningSecret != "" {
			continue // go-oidc verifies with published keys only
		}
		t.Run(api.TokenDialect+", "+api.SigningAlg, func(t *testing.T) { testOIDCVerifies(t, provider, api) })
	}
	verify := func(ctx context.Context, audience, token string) error {
		_, err := provider.Verifier(&oidc.Config{ClientID: audience}).Verify(ctx, token)
		return err
	}
	testRefusals(t, thisWorld.Signed[0].Audience, verify, map[string]string{
		"wrong audience":    "expected audience",
		"of another tenant": "failed to verify signature",
		"changed payload":   "failed to verify signature",
		"changed signature": "failed to verify signature",
	})
	var expired *oidc.TokenExpiredError
	late := provider.Verifier(&oidc.Config{ClientID: timesheets, Now: dayAfter})
	if _, err := late.Verify(t.Context(), tokenFor(t, &thisWorld.tenant, timesheets)); !errors.As(err, &expired) {
		t.Errorf("error %v, want an expired token", err)
	}
	// The other tenant's keys are not the only wall: with its token believed, its issuer is refused.
	config := &oidc.Config{ClientID: timesheets, InsecureSkipSignatureCheck: true}
	if _, err := provider.Verifier(config).Verify(t.Context(), tokenFor(t, &thisWorld.Other, timesheets)); err == nil ||
		!strings.Contains(err.Error(), "issued by a different provider") {
		t.Errorf("error %v, want another issuer", err)
	}
}

func testOIDCVerifies(t *testing.T, provider *oidc.Provider, api signedAPI) {
	token, err := provider.Verifier(&oidc.Config{ClientID: api.Audience}).Verify(t.Context(), tokenFor(t, &thisWorld.tenant, api.Audience))
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Scope string `json:"scope"`
	}
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	got := object{"iss": token.Issuer, "sub": token.Subject, "aud": token.Audience, "scope": claims.Scope, "lifetime": token.Expiry.Sub(token.IssuedAt).Seconds()}
	want := object{"iss": thisWorld.Issuer, "sub": thisWorld.Job.ID + "@clients", "aud": []string{api.Audience}, "scope": "read:things", "lifetime": 86400.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}
