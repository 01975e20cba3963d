package mgmt

import (
	"context"

	"github.com/writ-auth/writ/internal/rest"
)

// Custom signing keys are public keys of others that a tenant would publish among its own. Nothing here issues or checks tokens with
// them, so none are taken, and there are never any.

func (a *API) getCustomSigningKeys(context.Context, struct{}) (rest.Object, error) {
	return rest.Object{}, noCustomSigningKeys()
}

func (a *API) setCustomSigningKeys(context.Context, struct{}) (rest.Object, error) {
	return rest.Object{}, noForeignSigningKeys()
}

func (a *API) deleteCustomSigningKeys(context.Context, struct{}) (rest.Nothing, error) {
	return rest.Nothing{}, nil
}
