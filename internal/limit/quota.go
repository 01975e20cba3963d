package limit

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// QuotaHolders are those of client and organization that have a quota: their own as a whole, or else the tenant's default. organization may
// be nil, and so may client.
func QuotaHolders(defaults *tenant.DefaultTokenQuota, client *tenant.Client, organization *tenant.Organization) []tenant.QuotaHolder {
	var holders []tenant.QuotaHolder
	add := func(kind tenant.QuotaKind, id string, createdAt time.Time, own, byDefault *tenant.TokenQuota) {
		if own == nil {
			own = byDefault
		}
		if own != nil && !own.ClientCredentials.Unlimited() {
			holders = append(holders, tenant.QuotaHolder{Kind: kind, ID: id, CreatedAt: createdAt, Limits: own.ClientCredentials})
		}
	}
	if client != nil {
		add(tenant.QuotaOfClient, client.ClientID, client.CreatedAt, client.TokenQuota, defaults.OfClient())
	}
	if organization != nil {
		add(tenant.QuotaOfOrganization, organization.ID, organization.CreatedAt, organization.TokenQuota, defaults.OfOrganization())
	}
	return holders
}

// takeQuota takes one token, and has it recorded that a threshold was reached.
func (l *TokenLimits) takeQuota(ctx context.Context, auth *oauth.Authorization, take tenant.QuotaTake) (oauth.Hold, error) {
	taken, err := l.quotas.TakeQuota(ctx, take)
	if err != nil {
		return oauth.Hold{}, err
	}
	hold, err := holdOf(taken, func(ctx context.Context) error {
		return l.quotas.ReturnQuota(ctx, tenant.QuotaReturn{Take: take, Windows: taken.Windows})
	})
	if err != nil {
		return hold, err
	}
	for _, w := range taken.Warnings {
		if err := l.records.Append(ctx, warningEvent(auth, taken.At, w)); err != nil {
			_ = hold.Release(ctx) // the store is gone, and tells so below; what stays counted costs a token, not more
			return oauth.Hold{}, fmt.Errorf("record of %q: %w", w.Description(), err)
		}
	}
	return hold, nil
}

// warningEvent is Auth0's record that a threshold was reached, by the request that reached it.
func warningEvent(auth *oauth.Authorization, at time.Time, w tenant.QuotaWarning) tenant.LogEvent {
	e := auth.Call.Event(at, tenant.LogQuotaWarning, w.Description())
	e.ClientID, e.ClientName = &auth.Client.ClientID, &auth.Client.Name
	if o := auth.Organization; o != nil {
		e.OrganizationID, e.OrganizationName = o.ID, o.Name
	}
	e.Details = w.Details()
	return e
}

// holdOf turns what was taken into a hold, and a quota that is exceeded into its refusal.
func holdOf(taken tenant.QuotaTaken, giveBack func(context.Context) error) (oauth.Hold, error) {
	headers := quotaHeaders(taken)
	if taken.Exceeded {
		return oauth.Hold{Quotas: taken.Levels}, exceeded(taken, headers)
	}
	hold := oauth.NewHold(headers, giveBack)
	hold.Quotas = taken.Levels
	return hold, nil
}

// exceeded refuses by the limit that is in the way for longest: until that one resets, no other try helps.
func exceeded(taken tenant.QuotaTaken, headers []oauth.Header) error {
	var worst tenant.QuotaLevel
	for _, level := range taken.Levels {
		if level.Exceeds() && level.Resets.After(worst.Resets) {
			worst = level
		}
	}
	headers = append(headers,
		oauth.Header{Name: "X-Ratelimit-Limit", Value: strconv.FormatInt(worst.Quota, 10)},
		oauth.Header{Name: "X-Ratelimit-Remaining", Value: "0"},
		oauth.Header{Name: "X-Ratelimit-Reset", Value: strconv.FormatInt(worst.Resets.Unix(), 10)},
		oauth.Header{Name: "Retry-After", Value: strconv.FormatInt(secondsUntil(worst.Resets, taken.At), 10)},
	)
	cause := fmt.Errorf("the %s has had all %d tokens of its %s quota; it resets at %s",
		worst.Kind, worst.Quota, worst.Bucket, worst.Resets.Format(time.RFC3339))
	return oauth.QuotaExceeded(quotaOwner(worst.Kind), cause, headers)
}

func quotaOwner(kind tenant.QuotaKind) string {
	if kind == tenant.QuotaOfOrganization {
		return "Organization"
	}
	return "Client"
}

// quotaHeaders tell of all limits: Auth0-Client-Quota-Limit: b=per_hour;q=10;r=7;t=3540,b=per_day;q=50;r=47;t=43200
func quotaHeaders(taken tenant.QuotaTaken) []oauth.Header {
	const most = 6 // with those of a refusal
	headers := make([]oauth.Header, 0, most)
	for _, kind := range []tenant.QuotaKind{tenant.QuotaOfClient, tenant.QuotaOfOrganization} {
		var value []byte
		for _, level := range taken.Levels {
			if level.Kind == kind {
				value = appendBucket(value, level, taken.At)
			}
		}
		if value != nil {
			headers = append(headers, oauth.Header{Name: "Auth0-" + quotaOwner(kind) + "-Quota-Limit", Value: string(value)})
		}
	}
	return headers
}

func appendBucket(value []byte, level tenant.QuotaLevel, now time.Time) []byte {
	if value != nil {
		value = append(value, ',')
	}
	value = append(append(value, "b="...), level.Bucket...)
	value = strconv.AppendInt(append(value, ";q="...), level.Quota, 10)
	value = strconv.AppendInt(append(value, ";r="...), level.Left(), 10)
	return strconv.AppendInt(append(value, ";t="...), secondsUntil(level.Resets, now), 10)
}

// secondsUntil is rounded up: who waits for so long is not too early.
func secondsUntil(t, now time.Time) int64 {
	return int64((t.Sub(now) + time.Second - 1) / time.Second)
}
