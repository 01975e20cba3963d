package limit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Rules are a tenant's, made ready. Errors: tenant.ErrUnavailable.
type Rules interface {
	TrafficRules(ctx context.Context, tenantName string) (*tenant.TrafficRules, error)
}

// Network applies network ACLs. It counts in this process only. Safe for concurrent use.
type Network struct {
	rules Rules
	now   func() time.Time
	told  *tally
}

// NewNetwork applies the ACLs among rules.
func NewNetwork(rules Rules, now func() time.Time) *Network {
	return &Network{rules: rules, now: now, told: newTally()}
}

// uncertainEvery is the least time between two records that say of an ACL that it could not be applied.
const uncertainEvery = time.Hour

// Judge says what the ACLs for requests of a kind (see tenant.NetworkRules) say of one, and counts nothing.
func (n *Network) Judge(ctx context.Context, kind tenant.NetworkACLScope, call *tenant.Call) (tenant.Judgement, error) {
	rules, err := n.rules.TrafficRules(ctx, call.Tenant)
	if err != nil {
		return tenant.Judgement{}, err
	}
	return rules.Network.Judge(kind, call), nil
}

// Admit is Judge that says, too, what of it is worth a record: of each ACL that refuses or logs the first request, and then one a minute
// with the number of those before; of each that could not be applied one an hour.
func (n *Network) Admit(ctx context.Context, kind tenant.NetworkACLScope, call *tenant.Call) (tenant.Judgement, []tenant.LogNotice, error) {
	j, err := n.Judge(ctx, kind, call)
	if err != nil || j.Decided == nil && len(j.Logged)+len(j.Uncertain) == 0 {
		return j, nil, err
	}
	var notices []tenant.LogNotice
	tell := func(acl *tenant.NetworkACL, every time.Duration, notice func(*tenant.NetworkACL, telling) tenant.LogNotice) {
		if told, worth := n.told.add(Key{call.Tenant, acl.ID}, every, n.now()); worth {
			notices = append(notices, notice(acl, told))
		}
	}
	for _, acl := range j.Uncertain {
		tell(acl, uncertainEvery, uncertain)
	}
	for _, acl := range j.Logged {
		tell(acl, tallyEvery, matched)
	}
	if j.Refuses() {
		tell(j.Decided, tallyEvery, matched)
	}
	return j, notices, nil
}

func matched(acl *tenant.NetworkACL, t telling) tenant.LogNotice {
	return networkNotice(acl, t, fmt.Sprintf("The network ACL %q matched: %s", acl.Description, acl.Rule.Action.Name()), nil)
}

func uncertain(acl *tenant.NetworkACL, t telling) tenant.LogNotice {
	return UncertainNotice(acl, t.till)
}

// UncertainNotice says of an ACL that it hangs on what is not evaluated: who runs the tenant must not believe that it keeps out, or lets in,
// whom it names.
func UncertainNotice(acl *tenant.NetworkACL, now time.Time) tenant.LogNotice {
	names := acl.Rule.NotEvaluated()
	return networkNotice(acl, telling{since: now, till: now}, fmt.Sprintf(
		"The network ACL %q hangs on %s, which this server does not evaluate: it does nothing where that would decide",
		acl.Description, strings.Join(names, ", ")), names)
}

// networkSummary are the details of an acls_summary record, in Auth0's form.
type networkSummary struct {
	Start time.Time     `json:"start_time"`
	End   time.Time     `json:"end_time"`
	Stats []networkStat `json:"stats"`
}

type networkStat struct {
	ID          string    `json:"acl_id"`
	Description string    `json:"description"`
	Priority    int       `json:"priority"`
	Action      string    `json:"action"`
	Match       successes `json:"match"`
	// NotEvaluated is writ's own.
	NotEvaluated []string `json:"not_evaluated,omitzero"`
}

type successes struct {
	Successes int `json:"successes"`
}

func networkNotice(acl *tenant.NetworkACL, t telling, description string, notEvaluated []string) tenant.LogNotice {
	details, _ := json.Marshal(networkSummary{ // texts, numbers and times always marshal
		Start: t.since.UTC().Truncate(time.Millisecond), End: t.till.UTC().Truncate(time.Millisecond),
		Stats: []networkStat{{
			ID: acl.ID, Description: acl.Description, Priority: acl.Priority, Action: acl.Rule.Action.Name(), Match: successes{t.times},
			NotEvaluated: notEvaluated,
		}},
	})
	return tenant.LogNotice{Type: tenant.LogNetworkACL, Description: description, Details: details}
}
