package limit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Costs is what stands behind the rate limit policies in step 4: see TokenLimits.
type Costs interface {
	Reserve(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error)
	Preview(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error)
}

// Traffic is the room of who may ask for tokens, and how often: network ACLs at step 0, rate limit policies in step 4, ahead of what a
// token costs. It counts requests, so that what is refused later is not given back, and in this process only. Safe for concurrent use.
type Traffic struct {
	network *Network
	rules   Rules
	costs   Costs
	now     func() time.Time
	buckets *Limiter
	told    *tally
}

// NewTraffic returns the room.
func NewTraffic(rules Rules, costs Costs, now func() time.Time) *Traffic {
	return &Traffic{network: NewNetwork(rules, now), rules: rules, costs: costs, now: now, buckets: New(), told: newTally()}
}

// Admit is step 0. Errors: *oauth.Error NetworkBlocked or NetworkRedirected; the store's.
func (t *Traffic) Admit(ctx context.Context, call *tenant.Call) ([]tenant.LogNotice, error) {
	j, notices, err := t.network.Admit(ctx, tenant.ScopeAuthentication, call)
	if err != nil || !j.Refuses() {
		return notices, err
	}
	return notices, oauth.NetworkRefused(j.Decided)
}

// Judge is Admit that counts nothing and refuses nobody.
func (t *Traffic) Judge(ctx context.Context, call *tenant.Call) (tenant.Judgement, error) {
	return t.network.Judge(ctx, tenant.ScopeAuthentication, call)
}

// Reserve counts the request against the client's policy, and takes what a token costs. Errors: *oauth.Error RateLimited, those of Costs,
// the store's.
func (t *Traffic) Reserve(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error) {
	rules, err := t.rules.TrafficRules(ctx, auth.Call.Tenant)
	if err != nil {
		return oauth.Hold{}, err
	}
	policy, shared := rules.Policy(auth.Client)
	if policy == nil || policy.Configuration.Limit == nil {
		return t.costs.Reserve(ctx, auth)
	}
	header, notices, err := t.count(auth, policy, shared)
	if err != nil {
		return oauth.Hold{}, err
	}
	hold, err := t.costs.Reserve(ctx, auth)
	var refusal *oauth.Error
	if errors.As(err, &refusal) { // it tells of the policy, too
		refusal.Headers = append(refusal.Headers, header)
		refusal.Notices = append(refusal.Notices, notices...)
		return hold, err
	}
	hold.Headers, hold.Notices = append(hold.Headers, header), append(hold.Notices, notices...)
	return hold, err
}

// Preview is Reserve that takes and counts nothing: of a policy it knows only whether it lets anybody pass.
func (t *Traffic) Preview(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error) {
	rules, err := t.rules.TrafficRules(ctx, auth.Call.Tenant)
	if err != nil {
		return oauth.Hold{}, err
	}
	policy, shared := rules.Policy(auth.Client)
	auth.Policy, auth.PolicyShared = policy, shared
	if policy != nil && policy.Refuses() && *policy.Configuration.Limit == 0 {
		return oauth.Hold{}, rateLimited(policy, Verdict{})
	}
	return t.costs.Preview(ctx, auth)
}

// count takes one request from the policy's bucket of this second.
func (t *Traffic) count(auth *oauth.Authorization, policy *tenant.RateLimitPolicy, shared bool) (oauth.Header, []tenant.LogNotice, error) {
	now, limit := t.now(), *policy.Configuration.Limit
	var v Verdict // of a limit of 0: nothing is left
	if limit > 0 {
		bucket := policy.ID
		if !shared {
			bucket += " " + auth.Client.ClientID
		}
		v = t.buckets.Take(Key{auth.Call.Tenant, bucket}, Rate{Burst: limit, Refill: limit, Every: time.Second}, now)
	}
	if v.Allowed {
		return policyHeader(limit, v.Remaining), nil, nil
	}
	notices := t.tell(auth, policy, now)
	if !policy.Refuses() {
		return policyHeader(limit, 0), notices, nil
	}
	refusal := rateLimited(policy, v)
	refusal.Notices = notices
	return oauth.Header{}, nil, refusal
}

// policyHeader is Auth0's: the quota, in which time in seconds, and what is left of it.
func policyHeader(limit, remaining int) oauth.Header {
	return oauth.Header{Name: "Auth0-Ratelimit", Value: fmt.Sprintf("client;q=%d;t=1;r=%d", limit, remaining)}
}

// retryBlocked is what a client hears that may not come at all, in seconds: the next second would change nothing.
const retryBlocked = 60

func rateLimited(policy *tenant.RateLimitPolicy, v Verdict) *oauth.Error {
	limit, wait := *policy.Configuration.Limit, retryBlocked
	if limit > 0 {
		wait = v.RetryAfter()
	}
	return oauth.RateLimited(
		fmt.Errorf("the rate limit policy for %s allows %d requests a second", policy.ConsumerSelector, limit),
		[]oauth.Header{policyHeader(limit, 0), {Name: "Retry-After", Value: strconv.Itoa(wait)}})
}

// policyDetails are the details of an api_limit record, in Auth0's form, and what it says of policies.
type policyDetails struct {
	Limit struct {
		Bucket string `json:"bucket"`
		Global bool   `json:"global"`
		Size   int    `json:"size"`
	} `json:"limit"`
	Request struct {
		Method string `json:"method"`
		Path   string `json:"path"`
	} `json:"request"`
	Policy string                 `json:"policy"`
	Action tenant.RateLimitAction `json:"action"`
	// Requests is how many were beyond the limit since the record before.
	Requests int `json:"requests"`
}

// tell says that a client is beyond its limit, at most once a minute for each policy and client.
func (t *Traffic) tell(auth *oauth.Authorization, policy *tenant.RateLimitPolicy, now time.Time) []tenant.LogNotice {
	told, worth := t.told.add(Key{auth.Call.Tenant, policy.ID + " " + auth.Client.ClientID}, tallyEvery, now)
	if !worth {
		return nil
	}
	d := policyDetails{Policy: policy.ID, Action: policy.Configuration.Action, Requests: told.times}
	d.Limit.Bucket, d.Limit.Size = policy.ConsumerSelector, *policy.Configuration.Limit
	d.Request.Method, d.Request.Path = "POST", "/oauth/token"
	details, _ := json.Marshal(d) // texts and numbers always marshal
	return []tenant.LogNotice{{
		Type: tenant.LogAPILimit, Description: fmt.Sprintf("Beyond the rate limit policy for %s", policy.ConsumerSelector), Details: details,
	}}
}
