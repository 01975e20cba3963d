package limit

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// rulesOf are the rules by tenant; one that is not there has none.
type rulesOf map[string]*tenant.TrafficRules

func (r rulesOf) TrafficRules(_ context.Context, name string) (*tenant.TrafficRules, error) {
	if rules := r[name]; rules != nil {
		return rules, nil
	}
	return &tenant.TrafficRules{}, nil
}

// costs play what stands behind the policies.
type costs struct {
	err   error
	asked atomic.Int64
}

func (c *costs) Reserve(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	c.asked.Add(1)
	return oauth.NewHold([]oauth.Header{{Name: "Auth0-Client-Quota-Limit", Value: "b"}}, nil), c.err
}

func (c *costs) Preview(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, c.err
}

func policyFor(selector string, action tenant.RateLimitAction, limit int) tenant.RateLimitPolicy {
	return tenant.RateLimitPolicy{ID: "rlp " + selector, ConsumerSelector: selector, Configuration: tenant.RateLimitConfiguration{Action: action, Limit: &limit}}
}

func trafficOf(now *time.Time, behind Costs, policies ...tenant.RateLimitPolicy) *Traffic {
	rules := tenant.NewTrafficRules(nil, policies)
	return NewTraffic(rulesOf{"acme": &rules}, behind, func() time.Time { return *now })
}

func authOf(tenantName, clientID string) *oauth.Authorization {
	return &oauth.Authorization{Call: tenant.Call{Site: tenant.Site{Tenant: tenantName}}, Client: &tenant.Client{ClientID: clientID, IsFirstParty: true}}
}

// reserve asks once and says what came of it: the header of the policy, or the refusal's code.
func reserve(t *testing.T, l *Traffic, auth *oauth.Authorization) string {
	t.Helper()
	hold, err := l.Reserve(t.Context(), auth)
	headers, outcome := hold.Headers, "passed"
	var refusal *oauth.Error
	if errors.As(err, &refusal) {
		headers, outcome = refusal.Headers, refusal.Code
	}
	for _, h := range headers {
		if h.Name == "Auth0-Ratelimit" {
			outcome += " " + strings.TrimPrefix(h.Value, "client;")
		}
	}
	return outcome
}

func TestPoliciesCountInEachSecond(t *testing.T) {
	now := noon
	l := trafficOf(&now, &costs{}, policyFor(tenant.SelectDefault, tenant.RateLimitBlock, 2))
	var got []string
	ask := func(auth *oauth.Authorization) { got = append(got, reserve(t, l, auth)) }
	ask(authOf("acme", "a"))
	ask(authOf("acme", "a"))
	ask(authOf("acme", "a"))
	ask(authOf("acme", "b"))  // has a limit of its own
	ask(authOf("other", "a")) // a tenant without policies
	now = now.Add(time.Second)
	ask(authOf("acme", "a"))
	want := []string{
		"passed q=2;t=1;r=1", "passed q=2;t=1;r=0", "too_many_requests q=2;t=1;r=0", "passed q=2;t=1;r=1", "passed", "passed q=2;t=1;r=1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What a policy refuses costs nothing of the quota; what the quota refuses has counted as a request, and tells of both.
func TestPoliciesComeBeforeWhatATokenCosts(t *testing.T) {
	now := noon
	behind := &costs{err: oauth.QuotaExceeded("Client", nil, []oauth.Header{{Name: "Retry-After", Value: "60"}})}
	l := trafficOf(&now, behind, policyFor(tenant.SelectDefault, tenant.RateLimitBlock, 1))
	_, err := l.Reserve(t.Context(), authOf("acme", "a"))
	var refusal *oauth.Error
	if !errors.As(err, &refusal) || refusal.Reason != oauth.ReasonQuota {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]oauth.Header{{Name: "Retry-After", Value: "60"}, {Name: "Auth0-Ratelimit", Value: "client;q=1;t=1;r=0"}}, refusal.Headers); diff != "" {
		t.Error(diff)
	}
	if got := reserve(t, l, authOf("acme", "a")); got != "too_many_requests q=1;t=1;r=0" || behind.asked.Load() != 1 {
		t.Errorf("%s, asked %d times", got, behind.asked.Load())
	}
	behind.err = tenant.ErrUnavailable
	if got, err := l.Reserve(t.Context(), authOf("acme", "b")); !errors.Is(err, tenant.ErrUnavailable) {
		t.Error(got, err)
	}
}

// A notice is told once: by the hold of what passes, by the refusal of what does not.
func TestANoticeIsToldOnce(t *testing.T) {
	now := noon
	for _, refuses := range []error{nil, oauth.QuotaExceeded("Client", nil, nil)} {
		l := trafficOf(&now, &costs{err: refuses}, policyFor(tenant.SelectDefault, tenant.RateLimitLog, 0))
		hold, err := l.Reserve(t.Context(), authOf("acme", "a"))
		told := len(hold.Notices)
		var refusal *oauth.Error
		if errors.As(err, &refusal) {
			told += len(refusal.Notices)
		}
		if told != 1 || (refusal != nil) != (refuses != nil) {
			t.Errorf("told %d times, %v", told, err)
		}
	}
}

// Sixteen callers at once get as many tokens as the policy allows, and one of them is worth a record.
func TestPoliciesCountEach(t *testing.T) {
	now := noon
	l := trafficOf(&now, &costs{}, policyFor(tenant.SelectThirdParty, tenant.RateLimitBlock, 70))
	var passed, notices atomic.Int64
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			auth := authOf("acme", string(rune('a'+i)))
			auth.Client.IsFirstParty = false // they share one limit
			for range 20 {
				_, err := l.Reserve(context.Background(), auth)
				var refusal *oauth.Error
				if errors.As(err, &refusal) {
					notices.Add(int64(len(refusal.Notices)))
				} else {
					passed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if passed.Load() != 70 || notices.Load() > 16 || notices.Load() == 0 {
		t.Errorf("%d passed, %d notices: want 70, and at most one for each client", passed.Load(), notices.Load())
	}
}

func TestNetworkNotices(t *testing.T) {
	now := noon
	rule := func(id, action string, m *tenant.NetworkACLMatch, priority int) tenant.NetworkACL {
		return tenant.NetworkACL{ID: id, Description: id, Active: true, Priority: priority, Rule: tenant.NetworkACLRule{Match: m, Scope: tenant.ScopeAuthentication,
			Action: tenant.NetworkACLAction{Block: action == "block", Log: action == "log", Allow: action == "allow"}}}
	}
	everybody := &tenant.NetworkACLMatch{UserAgents: []string{"*"}}
	rules := tenant.NewTrafficRules([]tenant.NetworkACL{
		rule("pole", "block", &tenant.NetworkACLMatch{GeoCountryCodes: []string{"AQ"}}, 1), rule("seen", "log", everybody, 2), rule("wall", "block", everybody, 3),
	}, nil)
	l := NewTraffic(rulesOf{"acme": &rules}, &costs{}, func() time.Time { return now })
	call := &tenant.Call{Site: tenant.Site{Tenant: "acme"}, IP: netip.MustParseAddr("192.0.2.7")}
	for _, step := range []struct {
		after   time.Duration
		notices int
	}{{0, 3}, {time.Second, 0}, {time.Minute, 2}, {time.Hour, 3}} {
		now = now.Add(step.after)
		notices, err := l.Admit(t.Context(), call)
		var refusal *oauth.Error
		if !errors.As(err, &refusal) || refusal.Reason != oauth.ReasonNetwork || len(notices) != step.notices {
			t.Errorf("after %s: %d notices, %v", step.after, len(notices), err)
		}
	}
	if notices, err := l.Admit(t.Context(), &tenant.Call{Site: tenant.Site{Tenant: "other"}}); err != nil || notices != nil {
		t.Errorf("another tenant: %v, %v", notices, err)
	}
}

// A tenant without rules pays for nothing.
func TestWithoutRulesNothingIsAllocated(t *testing.T) {
	now := noon
	none, call, auth := &tenant.TrafficRules{}, &tenant.Call{Site: tenant.Site{Tenant: "acme"}}, authOf("acme", "a")
	l := NewTraffic(rulesOf{"acme": none}, free{}, func() time.Time { return now })
	if n := testing.AllocsPerRun(100, func() {
		if _, err := l.Admit(context.Background(), call); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Reserve(context.Background(), auth); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type free struct{}

func (free) Reserve(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, nil
}
func (free) Preview(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, nil
}
