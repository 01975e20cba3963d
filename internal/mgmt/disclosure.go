package mgmt

import (
	"context"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// noticing is view, and sets shown where an object of the answer holds the property called secret.
func noticing[T any](shown *bool, secret string, view func(T) (rest.Object, error)) func(T) (rest.Object, error) {
	return func(row T) (rest.Object, error) {
		o, err := view(row)
		if o.Get(secret) != nil {
			*shown = true
		}
		return o, err
	}
}

// recordDisclosure writes the mgmt_api_read record of a read that shows a secret, without the secret. It is durable before the answer:
// whoever hands its error on hands no secret out.
func (a *API) recordDisclosure(ctx context.Context, caller rest.Caller, shown bool) error {
	if !shown {
		return nil
	}
	event, err := a.event(caller, tenant.LogManagementKeysRead, caller.Operation.Status, change{})
	if err != nil {
		return err
	}
	return a.store.Append(ctx, event)
}
