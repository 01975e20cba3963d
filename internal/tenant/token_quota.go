package tenant

import (
	"encoding/json"
	"fmt"
	"time"
)

// QuotaKind is what a quota belongs to. Auth0: entity_type.
type QuotaKind string

// Values of QuotaKind.
const (
	QuotaOfClient       QuotaKind = "client"
	QuotaOfOrganization QuotaKind = "organization"
)

// QuotaBucket is the window that a limit counts in, an hour or a day of UTC. Auth0: bucket.
type QuotaBucket string

// Values of QuotaBucket.
const (
	QuotaPerHour QuotaBucket = "per_hour"
	QuotaPerDay  QuotaBucket = "per_day"
)

// QuotaHolder is a client or an organization, with the limits that count for its tokens.
type QuotaHolder struct {
	Kind QuotaKind
	ID   string
	// CreatedAt tells it from one that had the ID before: who is made anew has used nothing.
	CreatedAt time.Time
	Limits    TokenQuotaLimits
}

// QuotaTake takes one token from the quotas of all holders, or from none of them. Each holder is there once.
type QuotaTake struct {
	Tenant  string
	Holders []QuotaHolder
}

// QuotaReturn gives back what a take took, in the windows in which it was taken; what is over is not opened again.
type QuotaReturn struct {
	Take QuotaTake
	// Windows are QuotaTaken.Windows of that take.
	Windows []QuotaWindows
}

// QuotaWindows are the beginnings of the hour and of the day that a holder's token was counted in.
type QuotaWindows struct{ Hour, Day time.Time }

// QuotaTaken is what became of a take.
type QuotaTaken struct {
	// Exceeded: a limit that is enforced was reached, so that nothing was taken.
	Exceeded bool
	// At is when, by the database's clock.
	At time.Time
	// Levels are those of all limits of all holders afterwards; of each holder the hour first.
	Levels []QuotaLevel
	// Warnings are the thresholds that were reached by this take, by none before it in the window.
	Warnings []QuotaWarning
	// Windows are those of the holders, in their order.
	Windows []QuotaWindows
}

// QuotaLevel is how much of one limit is used.
type QuotaLevel struct {
	Kind   QuotaKind
	ID     string
	Bucket QuotaBucket
	// Quota is the limit, Used what is counted against it; more than Quota where it is not, or was not always, enforced.
	Quota, Used int64
	Enforced    bool
	// Resets is when the window ends.
	Resets time.Time
}

// Left is how many tokens remain.
func (l QuotaLevel) Left() int64 { return max(0, l.Quota-l.Used) }

// Exceeds reports whether the limit refuses a further token.
func (l QuotaLevel) Exceeds() bool { return l.Enforced && l.Used >= l.Quota }

// QuotaThresholds are the shares of a quota, in percent, that are warned of.
func QuotaThresholds() []int64 { return []int64{60, 80, 100} }

// QuotaWarning says that a share of a quota was used.
type QuotaWarning struct {
	QuotaLevel
	// Percent is one of QuotaThresholds.
	Percent int64
}

// Description is Auth0's.
func (w QuotaWarning) Description() string {
	return fmt.Sprintf("%d%% of %s %s quota consumed", w.Percent, w.Kind, w.Bucket)
}

// Details are Auth0's, for the log record.
func (w QuotaWarning) Details() json.RawMessage {
	details, _ := json.Marshal(struct { // of our own types: always marshals
		Bucket  QuotaBucket `json:"bucket"`
		Kind    QuotaKind   `json:"entity_type"`
		ID      string      `json:"entity_id"`
		Quota   int64       `json:"quota"`
		Percent int64       `json:"quota_consumption_percentage"`
		Used    int64       `json:"quota_consumption"`
	}{w.Bucket, w.Kind, w.ID, w.Quota, w.Percent, w.Used})
	return details
}

// Enforced: default true.
func (l TokenQuotaLimits) Enforced() bool { return l.Enforce == nil || *l.Enforce }

// Unlimited reports whether there is neither limit: nothing is then counted.
func (l TokenQuotaLimits) Unlimited() bool { return l.PerHour == nil && l.PerDay == nil }

// OfClient is the quota of a client without one of its own, nil = none. d may be nil.
func (d *DefaultTokenQuota) OfClient() *TokenQuota {
	if d == nil {
		return nil
	}
	return d.Clients
}

// OfOrganization is the quota of an organization without one of its own, nil = none. d may be nil.
func (d *DefaultTokenQuota) OfOrganization() *TokenQuota {
	if d == nil {
		return nil
	}
	return d.Organizations
}
