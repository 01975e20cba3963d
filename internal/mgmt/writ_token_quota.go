package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// quotaView is the quota that counts for a client or an organization, and what is used of it now.
type quotaView struct {
	// Source is whose setting it is: client or organization, its own; tenant, the default; none, there is no limit and nothing is counted.
	Source string `json:"source"`
	// Limits are absent where there are none.
	Limits  *tenant.TokenQuotaLimits `json:"client_credentials,omitzero"`
	Buckets []quotaBucketView        `json:"buckets"`
}

type quotaBucketView struct {
	Bucket    tenant.QuotaBucket `json:"bucket"`
	Quota     int64              `json:"quota"`
	Used      int64              `json:"used"`
	Remaining int64              `json:"remaining"`
	ResetsAt  time.Time          `json:"resets_at"`
}

type quotaOfClient struct {
	rest.Caller
	ID string `path:"id" doc:"ID of the client."`
}

func (a *API) getClientQuota(ctx context.Context, in quotaOfClient) (quotaView, error) {
	client, err := a.store.Snapshots().Client(ctx, in.Call.Tenant, in.ID)
	if err != nil {
		return quotaView{}, missing(err, noClient())
	}
	return a.quotaView(ctx, in.Caller, client.TokenQuota, client, nil)
}

func (a *API) getOrganizationQuota(ctx context.Context, in organizationID) (quotaView, error) {
	o, err := a.store.Snapshots().Organization(ctx, in.Call.Tenant, in.ID)
	if err != nil {
		return quotaView{}, missing(err, noOrganization())
	}
	return a.quotaView(ctx, in.Caller, o.TokenQuota, nil, o)
}

// quotaView is that of either a client or an organization; own is its own quota, nil = it has none.
func (a *API) quotaView(ctx context.Context, caller rest.Caller, own *tenant.TokenQuota, client *tenant.Client, o *tenant.Organization) (quotaView, error) {
	view := quotaView{Source: "none", Buckets: []quotaBucketView{}}
	settings, err := a.store.Snapshots().Settings(ctx, caller.Call.Tenant)
	if err != nil {
		return view, err
	}
	holders := limit.QuotaHolders(settings.DefaultTokenQuota, client, o)
	if own != nil {
		view.Source = quotaSource(client)
	} else if len(holders) > 0 {
		view.Source = "tenant"
	}
	if len(holders) == 0 {
		return view, nil
	}
	view.Limits = &holders[0].Limits
	found, err := a.store.QuotaLevels(ctx, tenant.QuotaTake{Tenant: caller.Call.Tenant, Holders: holders})
	if err != nil {
		return view, err
	}
	for _, l := range found.Levels {
		view.Buckets = append(view.Buckets, quotaBucketView{l.Bucket, l.Quota, l.Used, l.Left(), l.Resets})
	}
	return view, nil
}

func quotaSource(client *tenant.Client) string {
	if client != nil {
		return string(tenant.QuotaOfClient)
	}
	return string(tenant.QuotaOfOrganization)
}
