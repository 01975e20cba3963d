package mgmt

import (
	"cmp"
	"context"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// rateLimitPolicyView is the wire form, in recorded order.
type rateLimitPolicyView struct {
	ID               string                        `json:"id"`
	Resource         string                        `json:"resource"`
	Consumer         string                        `json:"consumer"`
	ConsumerSelector string                        `json:"consumer_selector"`
	Configuration    tenant.RateLimitConfiguration `json:"configuration"`
	CreatedAt        time.Time                     `json:"created_at"`
	UpdatedAt        time.Time                     `json:"updated_at"`
}

func viewRateLimitPolicy(p tenant.RateLimitPolicy) (rest.Object, error) {
	return rest.NewObject(rateLimitPolicyView(p))
}

type rateLimitPoliciesQuery struct {
	rest.Caller
	rest.Checkpoint
	Resource         string `query:"resource" enum:"oauth_authentication_api" doc:"The API protected by the Rate Limit Policy."`
	Consumer         string `query:"consumer" enum:"client" doc:"The consumer to which the rate limit policy applies."`
	ConsumerSelector string `query:"consumer_selector" doc:"Identifier or category within the consumer to which the policy applies."`
}

// listRateLimitPolicies pages by position alone. There is one resource and one consumer: all policies are of them.
func (a *API) listRateLimitPolicies(ctx context.Context, in rateLimitPoliciesQuery) (rest.List, error) {
	l := listing[tenant.RateLimitPolicy]{
		rows: a.reader(in.Caller).RateLimitPolicies(), key: "rate_limit_policies", tenant: in.Call.Tenant, view: viewRateLimitPolicy,
	}
	if in.ConsumerSelector != "" {
		l.where = []store.Filter{store.In("consumer_selector", in.ConsumerSelector)}
	}
	return l.positioned(ctx, in.Checkpoint)
}

type rateLimitPolicyID struct {
	rest.Caller
	ID string `path:"id" doc:"Unique identifier for the Rate Limit Policy."`
}

func (a *API) getRateLimitPolicy(ctx context.Context, in rateLimitPolicyID) (rest.Object, error) {
	p, err := a.reader(in.Caller).RateLimitPolicies().Get(ctx, in.ID)
	if err != nil {
		return rest.Object{}, missing(err, noRateLimitPolicy())
	}
	return viewRateLimitPolicy(p)
}

type rateLimitPolicyCreation struct {
	rest.Caller
	Body rest.Patch[tenant.RateLimitPolicy] `body:"true"`
}

func (a *API) createRateLimitPolicy(ctx context.Context, in rateLimitPolicyCreation) (rest.Object, error) {
	now := a.now().UTC().Truncate(time.Microsecond)
	p, err := in.Body.Apply(tenant.RateLimitPolicy{ID: tenant.NewRateLimitPolicyID(), CreatedAt: now, UpdatedAt: now}, tenant.RateLimitPolicy{})
	if err != nil {
		return rest.Object{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		if n, err := s.RateLimitPolicies().Count(ctx, store.Query{}); err != nil || n >= tenant.MaxRateLimitPolicies {
			return change{}, cmp.Or(err, tooManyRateLimitPolicies())
		}
		return change{new: p}, taken(s.RateLimitPolicies().Insert(ctx, p), rateLimitPolicyTaken())
	})
	if err != nil {
		return rest.Object{}, err
	}
	return viewRateLimitPolicy(p)
}

type rateLimitPolicyChange struct {
	rest.Caller
	ID   string                             `path:"id" doc:"Unique identifier for the Rate Limit Policy."`
	Body rest.Patch[tenant.RateLimitPolicy] `body:"true"`
}

func (a *API) updateRateLimitPolicy(ctx context.Context, in rateLimitPolicyChange) (rest.Object, error) {
	var before, after tenant.RateLimitPolicy
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		var err error
		after, err = s.RateLimitPolicies().Update(ctx, in.ID, func(old tenant.RateLimitPolicy) (tenant.RateLimitPolicy, error) {
			before = old
			next, err := in.Body.Apply(old, tenant.RateLimitPolicy{ID: old.ID})
			if !next.Same(&old) { // tools send everything with every import
				next.UpdatedAt = a.now().UTC().Truncate(time.Microsecond)
			}
			return next, err
		})
		return change{old: before, new: after}, missing(err, noRateLimitPolicy())
	})
	if err != nil {
		return rest.Object{}, err
	}
	return viewRateLimitPolicy(after)
}

func (a *API) deleteRateLimitPolicy(ctx context.Context, in rateLimitPolicyID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		p, err := s.RateLimitPolicies().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noRateLimitPolicy())
		}
		return change{old: p}, s.RateLimitPolicies().Delete(ctx, in.ID)
	})
}
