package mgmt

import (
	"context"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// admit counts one request against what the tenant's environment tag allows. A tag that was just changed counts at once.
func (a *API) admit(ctx context.Context, caller rest.Caller, family string) limit.Verdict {
	t, err := a.store.Snapshots().Tenant(ctx, caller.Call.Tenant)
	if err != nil { // the request is about to find out itself
		return limit.Verdict{Allowed: true}
	}
	v := a.limiter.Take(limit.Key{Tenant: t.Name, Family: family}, a.limits[t.Environment], a.now())
	if v.First {
		a.recordLimit(context.WithoutCancel(ctx), caller, limitDetails{
			Family: family, Environment: t.Environment, Limit: v.Limit, Reset: v.Reset.UTC(),
		})
	}
	return v
}

// withinLimit refuses one more where most were done in the window that ends now; past are the times of those. There is room again when
// the oldest that counts has left the window. Errors: rest.TooManyRequests.
func withinLimit(past []time.Time, most int, window time.Duration, now time.Time) error {
	if len(past) < most {
		return nil
	}
	slices.SortFunc(past, time.Time.Compare)
	reset := past[len(past)-most].Add(window)
	return rest.TooManyRequests(limit.Verdict{Limited: true, Limit: most, Reset: reset, Wait: reset.Sub(now)})
}

// limitDetails tell which limit was reached.
type limitDetails struct {
	Family string `json:"family"`
	// Environment is empty where the limit is the same for all.
	Environment tenant.Environment `json:"environment,omitzero"`
	Limit       int                `json:"limit"`
	// Reset is when there is room again.
	Reset time.Time `json:"reset"`
}

// recordLimit writes the api_limit record, in Auth0's words. Without it the caller gets the same refusal.
func (a *API) recordLimit(ctx context.Context, caller rest.Caller, d limitDetails) {
	event, err := a.eventWith(caller, tenant.LogAPILimit, d)
	if err == nil {
		event.Description = "Global rate limit exceeded"
		err = a.store.Append(ctx, event)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "a limit that was reached has no record", "request_id", caller.Call.RequestID, "error", err.Error())
	}
}
