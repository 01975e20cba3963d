package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// Prover looks at custom domains from outside.
type Prover interface {
	// Verify looks for the DNS record that proves the domain, and for its certificate, and returns what is known of the domain then. Errors:
	// only what kept it from looking.
	Verify(ctx context.Context, d tenant.CustomDomain) (tenant.DomainState, error)
	// Test asks a domain that is ready whether it leads here. A problem is a text for its owner; empty = there is none. Errors: as Verify's.
	Test(ctx context.Context, d tenant.CustomDomain) (problem string, err error)
}

// verificationRate is how often a tenant may have its domains verified, as Auth0 has it.
func verificationRate() limit.Rate { return limit.Rate{Burst: 5, Refill: 5, Every: time.Minute} }

// verifyCustomDomain keeps what was found, also where that is less than was known.
func (a *API) verifyCustomDomain(ctx context.Context, in customDomainID) (customDomainView, error) {
	none := customDomainView{}
	d, err := a.reader(in.Caller).CustomDomains().Get(ctx, in.ID)
	if err != nil {
		return none, missing(err, noCustomDomain())
	}
	if d.Ready() {
		return none, customDomainVerified()
	}
	if v := a.limiter.Take(limit.Key{Tenant: in.Call.Tenant, Family: "verify custom-domains"}, verificationRate(), a.now()); !v.Allowed {
		return none, rest.TooManyRequests(v)
	}
	state, err := a.prover.Verify(ctx, d)
	if err != nil {
		return none, err
	}
	return a.changeCustomDomain(ctx, in.Caller, in.ID, func(old tenant.CustomDomain) (tenant.CustomDomain, error) {
		if old.Ready() { // somebody else was quicker
			return old, nil
		}
		old.DomainState = state
		return old, nil
	})
}

type domainTest struct {
	Success bool   `json:"success"`
	Message string `json:"message,omitzero"`
}

func (a *API) testCustomDomain(ctx context.Context, in customDomainID) (domainTest, error) {
	d, err := a.reader(in.Caller).CustomDomains().Get(ctx, in.ID)
	if err != nil {
		return domainTest{}, missing(err, noCustomDomain())
	}
	if !d.Ready() {
		return domainTest{}, customDomainNotReady()
	}
	problem, err := a.prover.Test(ctx, d)
	return domainTest{Success: problem == "", Message: problem}, err
}
