package domains

import (
	"context"

	"github.com/writ-auth/writ/internal/tenant"
)

// Unproven is what looks at custom domains until this server looks into the DNS: it finds nothing out. A domain that is verified by it stays
// pending, and so never becomes ready.
type Unproven struct{}

// Verify returns the state as it was, with the verification pending.
func (Unproven) Verify(_ context.Context, d tenant.CustomDomain) (tenant.DomainState, error) {
	state := d.DomainState
	state.Verification = tenant.DomainVerificationPending
	return state, nil
}

// Test says why no custom domain leads here.
func (Unproven) Test(context.Context, tenant.CustomDomain) (problem string, err error) {
	return "This server does not answer on custom domains yet.", nil
}
