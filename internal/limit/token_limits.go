package limit

import (
	"context"
	"fmt"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Settings finds a tenant's settings, as an immutable snapshot. Errors: tenant.ErrNotFound, tenant.ErrUnavailable.
type Settings interface {
	Settings(ctx context.Context, tenantName string) (*tenant.Settings, error)
}

// Quotas counts tokens, exactly, for all nodes of an installation. Errors: tenant.ErrUnavailable.
type Quotas interface {
	// TakeQuota is durable when it returns.
	TakeQuota(ctx context.Context, take tenant.QuotaTake) (tenant.QuotaTaken, error)
	ReturnQuota(ctx context.Context, r tenant.QuotaReturn) error
	// QuotaLevels is what a take would find.
	QuotaLevels(ctx context.Context, take tenant.QuotaTake) (tenant.QuotaTaken, error)
}

// Recorder takes records for the tenant log. Errors: tenant.ErrUnavailable.
type Recorder interface {
	Append(ctx context.Context, event tenant.LogEvent) error
}

// TokenLimits is the room of step 4: what a token costs, and whether it can be paid. Safe for concurrent use.
type TokenLimits struct {
	settings Settings
	quotas   Quotas
	records  Recorder
}

// NewTokenLimits returns the room.
func NewTokenLimits(settings Settings, quotas Quotas, records Recorder) *TokenLimits {
	return &TokenLimits{settings: settings, quotas: quotas, records: records}
}

// Reserve takes what a token of auth costs. The caller keeps the hold or releases it; with an error nothing is held, and the hold tells only
// how much is left. Who has no quota pays nothing, not even a look at the store. Errors: *oauth.Error, or the stores'.
func (l *TokenLimits) Reserve(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error) {
	take, err := l.costOf(ctx, auth)
	if err != nil || len(take.Holders) == 0 {
		return oauth.Hold{}, err
	}
	return l.takeQuota(ctx, auth, take)
}

// Preview is Reserve that takes nothing.
func (l *TokenLimits) Preview(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error) {
	take, err := l.costOf(ctx, auth)
	if err != nil || len(take.Holders) == 0 {
		return oauth.Hold{}, err
	}
	found, err := l.quotas.QuotaLevels(ctx, take)
	if err != nil {
		return oauth.Hold{}, err
	}
	return holdOf(found, nil)
}

// costOf is what a token of auth takes from whose quotas.
func (l *TokenLimits) costOf(ctx context.Context, auth *oauth.Authorization) (tenant.QuotaTake, error) {
	settings, err := l.settings.Settings(ctx, auth.Call.Tenant)
	if err != nil {
		return tenant.QuotaTake{}, fmt.Errorf("read tenant settings: %w", err)
	}
	return tenant.QuotaTake{Tenant: auth.Call.Tenant, Holders: QuotaHolders(settings.DefaultTokenQuota, auth.Client, auth.Organization)}, nil
}
