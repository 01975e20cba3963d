package mgmt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// authenticate judges the bearer token (RFC 6750 section 2.1; the header only, never a cookie or a parameter). The token must
// be signed by this tenant, issued under the domain that is called, meant for this API, alive, and its client must still exist.
func (a *API) authenticate(ctx context.Context, call tenant.Call, header http.Header) (rest.Principal, error) {
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
	client, err := a.store.Snapshots().Client(ctx, call.Tenant, claims.ClientID)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		return rest.Principal{}, rest.InvalidToken(fmt.Errorf("client %q: %w", claims.ClientID, err))
	case err != nil:
		return rest.Principal{}, err
	}
	return rest.Principal{ClientID: client.ClientID, ClientName: client.Name, JTI: claims.JTI, Scopes: claims.Scope}, nil
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
