package limit

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// desk plays the stores: it answers what it is told, and notes what it was asked.
type desk struct {
	settings tenant.Settings
	taken    tenant.QuotaTaken
	err      error // of takes and looks
	full     error // of records

	takes, looks []tenant.QuotaTake
	returns      []tenant.QuotaReturn
	records      []tenant.LogEvent
}

func (d *desk) Settings(context.Context, string) (*tenant.Settings, error) { return &d.settings, nil }

func (d *desk) TakeQuota(_ context.Context, take tenant.QuotaTake) (tenant.QuotaTaken, error) {
	d.takes = append(d.takes, take)
	return d.taken, d.err
}

func (d *desk) ReturnQuota(_ context.Context, r tenant.QuotaReturn) error {
	d.returns = append(d.returns, r)
	return nil
}

func (d *desk) QuotaLevels(_ context.Context, take tenant.QuotaTake) (tenant.QuotaTaken, error) {
	d.looks = append(d.looks, take)
	return d.taken, d.err
}

func (d *desk) Append(_ context.Context, e tenant.LogEvent) error {
	d.records = append(d.records, e)
	return d.full
}

func (d *desk) room() *TokenLimits { return NewTokenLimits(d, d, d) }

func quota(perHour, perDay int) *tenant.TokenQuota {
	q := &tenant.TokenQuota{}
	if perHour > 0 {
		q.ClientCredentials.PerHour = &perHour
	}
	if perDay > 0 {
		q.ClientCredentials.PerDay = &perDay
	}
	return q
}

func level(kind tenant.QuotaKind, bucket tenant.QuotaBucket, quota, used int64) tenant.QuotaLevel {
	resets := noon.Add(time.Hour)
	if bucket == tenant.QuotaPerDay {
		resets = noon.Add(12 * time.Hour)
	}
	return tenant.QuotaLevel{Kind: kind, ID: "id of " + string(kind), Bucket: bucket, Quota: quota, Used: used, Enforced: true, Resets: resets}
}

func authorization(client *tenant.TokenQuota, organization *tenant.Organization) *oauth.Authorization {
	call := tenant.Call{Site: tenant.Site{Tenant: "acme", Domain: "acme.test"}, RequestID: "trace", IP: netip.MustParseAddr("203.0.113.7")}
	return &oauth.Authorization{Call: call, Client: &tenant.Client{ClientID: "c-1", Name: "job", TokenQuota: client, CreatedAt: noon}, Organization: organization}
}

// What is the client's or the organization's own counts as a whole; else the tenant's default does.
func TestWhoseQuotaCounts(t *testing.T) {
	own, lax := quota(1, 0), &tenant.TokenQuota{} // lax says something, but no limit
	defaults := &tenant.DefaultTokenQuota{Clients: quota(5, 50), Organizations: quota(7, 0)}
	for name, c := range map[string]struct {
		defaults     *tenant.DefaultTokenQuota
		client       *tenant.TokenQuota
		organization *tenant.Organization
		want         []tenant.TokenQuotaLimits
	}{
		"none":                                {},
		"none for an organization either":     {nil, nil, &tenant.Organization{}, nil},
		"its own":                             {nil, own, nil, []tenant.TokenQuotaLimits{own.ClientCredentials}},
		"the default of clients":              {defaults, nil, nil, []tenant.TokenQuotaLimits{defaults.Clients.ClientCredentials}},
		"its own before the default, whole":   {defaults, own, nil, []tenant.TokenQuotaLimits{own.ClientCredentials}},
		"one without limits before it, too":   {defaults, lax, nil, nil},
		"the organization's default":          {defaults, lax, &tenant.Organization{}, []tenant.TokenQuotaLimits{defaults.Organizations.ClientCredentials}},
		"the organization's own":              {defaults, lax, &tenant.Organization{TokenQuota: own}, []tenant.TokenQuotaLimits{own.ClientCredentials}},
		"both":                                {defaults, nil, &tenant.Organization{TokenQuota: own}, []tenant.TokenQuotaLimits{defaults.Clients.ClientCredentials, own.ClientCredentials}},
		"a default for one kind, not another": {&tenant.DefaultTokenQuota{Organizations: own}, nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{settings: tenant.Settings{DefaultTokenQuota: c.defaults}}
			if _, err := d.room().Reserve(t.Context(), authorization(c.client, c.organization)); err != nil {
				t.Fatal(err)
			}
			var got []tenant.TokenQuotaLimits
			for _, take := range d.takes {
				for _, h := range take.Holders {
					got = append(got, h.Limits)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if len(d.takes) > 1 || len(c.want) == 0 && len(d.takes) > 0 {
				t.Errorf("%d takes", len(d.takes))
			}
		})
	}
}

// A token that costs nothing asks no store, allocates nothing and tells of nothing.
func TestWithoutAQuotaNothingIsPaid(t *testing.T) {
	d := &desk{}
	room, auth, ctx := d.room(), authorization(nil, nil), t.Context()
	allocated := testing.AllocsPerRun(100, func() {
		hold, err := room.Reserve(ctx, auth)
		if err != nil || hold.Headers != nil || hold.Release(ctx) != nil {
			t.Error(hold, err)
		}
	})
	if allocated > 0 || len(d.takes)+len(d.looks)+len(d.returns)+len(d.records) > 0 {
		t.Errorf("%v allocations; %+v", allocated, d)
	}
}

func TestAHoldTellsOfItsQuotasAndGivesBackOnce(t *testing.T) {
	windows := []tenant.QuotaWindows{{Hour: noon, Day: noon.Add(-12 * time.Hour)}}
	d := &desk{taken: tenant.QuotaTaken{At: noon.Add(time.Minute + time.Millisecond), Windows: windows, Levels: []tenant.QuotaLevel{
		level(tenant.QuotaOfClient, tenant.QuotaPerHour, 10, 3), level(tenant.QuotaOfClient, tenant.QuotaPerDay, 50, 3),
		level(tenant.QuotaOfOrganization, tenant.QuotaPerDay, 2, 5),
	}}}
	hold, err := d.room().Reserve(t.Context(), authorization(quota(10, 50), &tenant.Organization{ID: "org_1", TokenQuota: quota(0, 2)}))
	if err != nil {
		t.Fatal(err)
	}
	want := []oauth.Header{
		{Name: "Auth0-Client-Quota-Limit", Value: "b=per_hour;q=10;r=7;t=3540,b=per_day;q=50;r=47;t=43140"},
		{Name: "Auth0-Organization-Quota-Limit", Value: "b=per_day;q=2;r=0;t=43140"},
	}
	if diff := cmp.Diff(want, hold.Headers); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		if err := hold.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]tenant.QuotaReturn{{Take: d.takes[0], Windows: windows}}, d.returns); diff != "" {
		t.Error(diff)
	}
}

// Whoever has to wait is told for how long: until the last of the limits resets that are in the way.
func TestRefusals(t *testing.T) {
	client, organization := tenant.QuotaOfClient, tenant.QuotaOfOrganization
	counted := level(client, tenant.QuotaPerDay, 1, 7)
	counted.Enforced = false
	for name, c := range map[string]struct {
		levels      []tenant.QuotaLevel
		description string
		headers     [4]string
	}{
		"the hour": {[]tenant.QuotaLevel{level(client, tenant.QuotaPerHour, 3, 3), level(client, tenant.QuotaPerDay, 9, 3)},
			"Client quota exceeded", [4]string{"3", "0", "1795438800", "3600"}},
		"the day, though the hour is used up, too": {[]tenant.QuotaLevel{level(client, tenant.QuotaPerHour, 3, 3), level(client, tenant.QuotaPerDay, 9, 9)},
			"Client quota exceeded", [4]string{"9", "0", "1795478400", "43200"}},
		"the client's before the organization's that resets with it": {[]tenant.QuotaLevel{level(client, tenant.QuotaPerHour, 3, 3), level(organization, tenant.QuotaPerHour, 4, 4)},
			"Client quota exceeded", [4]string{"3", "0", "1795438800", "3600"}},
		"the organization's": {[]tenant.QuotaLevel{level(client, tenant.QuotaPerHour, 3, 2), level(organization, tenant.QuotaPerHour, 4, 4)},
			"Organization quota exceeded", [4]string{"4", "0", "1795438800", "3600"}},
		"not what is counted only": {[]tenant.QuotaLevel{counted, level(organization, tenant.QuotaPerHour, 4, 4)},
			"Organization quota exceeded", [4]string{"4", "0", "1795438800", "3600"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{taken: tenant.QuotaTaken{Exceeded: true, At: noon, Levels: c.levels}}
			for dry, ask := range map[bool]func(context.Context, *oauth.Authorization) (oauth.Hold, error){false: d.room().Reserve, true: d.room().Preview} {
				hold, err := ask(t.Context(), authorization(quota(3, 9), nil))
				refusal := oauth.AsError(err)
				if refusal.Reason != oauth.ReasonQuota || refusal.Code != "too_many_requests" || refusal.Description != c.description {
					t.Fatalf("dry %v: %+v", dry, refusal)
				}
				got := map[string]string{}
				for _, h := range refusal.Headers {
					got[h.Name] = h.Value
				}
				for i, name := range []string{"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "Retry-After"} {
					if got[name] != c.headers[i] {
						t.Errorf("dry %v: %s: %q, want %q", dry, name, got[name], c.headers[i])
					}
				}
				if len(got) < 5 || hold.Headers != nil || len(hold.Quotas) != len(c.levels) {
					t.Errorf("dry %v: %v, %+v", dry, got, hold)
				}
				if err := hold.Release(t.Context()); err != nil || len(d.returns) > 0 {
					t.Errorf("what was refused is given back: %v", d.returns)
				}
			}
			if len(d.takes) != 1 || len(d.looks) != 1 {
				t.Errorf("%d takes, %d looks", len(d.takes), len(d.looks))
			}
		})
	}
}

func TestThresholdsAreRecorded(t *testing.T) {
	reached := level(tenant.QuotaOfOrganization, tenant.QuotaPerDay, 15, 9)
	d := &desk{taken: tenant.QuotaTaken{At: noon, Levels: []tenant.QuotaLevel{reached}, Warnings: []tenant.QuotaWarning{{QuotaLevel: reached, Percent: 60}}}}
	auth := authorization(quota(9, 0), &tenant.Organization{ID: "org_1", Name: "first"})
	if _, err := d.room().Reserve(t.Context(), auth); err != nil {
		t.Fatal(err)
	}
	if len(d.records) != 1 {
		t.Fatalf("%d records", len(d.records))
	}
	e := d.records[0]
	if e.Type != "token_quota_consumption_warning" || e.Description != "60% of organization per_day quota consumed" || e.Tenant != "acme" || !e.Date.Equal(noon) ||
		*e.ClientID != "c-1" || *e.ClientName != "job" || e.OrganizationID != "org_1" || e.OrganizationName != "first" || e.IP != "203.0.113.7" ||
		string(e.Details) != `{"bucket":"per_day","entity_type":"organization","entity_id":"id of organization","quota":15,"quota_consumption_percentage":60,"quota_consumption":9}` {
		t.Errorf("%+v %s", e, e.Details)
	}
	if _, err := d.room().Preview(t.Context(), auth); err != nil || len(d.records) > 1 {
		t.Errorf("looking was recorded: %v", err)
	}
}

// A store that is gone issues nothing, and what was taken is given back.
func TestStoresThatAreGone(t *testing.T) {
	for name, d := range map[string]*desk{
		"of the counters": {err: tenant.ErrUnavailable},
		"of the log":      {full: tenant.ErrUnavailable, taken: tenant.QuotaTaken{Warnings: []tenant.QuotaWarning{{}}}},
	} {
		hold, err := d.room().Reserve(t.Context(), authorization(quota(1, 0), nil))
		if !errors.Is(err, tenant.ErrUnavailable) || hold.Release(t.Context()) != nil || len(d.returns) != len(d.records) {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
}
