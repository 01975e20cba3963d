package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// /writ/tenant is writ's own: what Auth0 shows on its dashboard only.

func (a *API) getTenant(ctx context.Context, in struct{ rest.Caller }) (rest.Object, error) {
	t, err := a.store.Tenants().Get(ctx, in.Call.Tenant)
	if err != nil {
		return rest.Object{}, err
	}
	return rest.NewObject(t)
}

type tenantChange struct {
	rest.Caller
	Body rest.Patch[tenant.Tenant] `body:"true"`
}

// updateTenant changes the environment tag, and with it the limits, at once.
func (a *API) updateTenant(ctx context.Context, in tenantChange) (rest.Object, error) {
	var t tenant.Tenant
	err := a.transact(ctx, in.Caller, func(tx *store.Tx) (done change, err error) {
		done, err = changeTenant(ctx, tx, in.Call.Tenant, func(old tenant.Tenant) (tenant.Tenant, error) {
			t, err = in.Body.Apply(old, tenant.Tenant{Environment: tenant.Development})
			return t, err
		})
		return done, err
	})
	if err != nil {
		return rest.Object{}, err
	}
	return rest.NewObject(t)
}

// SetEnvironment changes a tenant's tag from the command line. The tenant's log tells of it. Errors: tenant.ErrNotFound.
func SetEnvironment(ctx context.Context, db *store.DB, tenantName string, tag tenant.Environment, now time.Time) error {
	return db.InTx(ctx, func(tx *store.Tx) error {
		done, err := changeTenant(ctx, tx, tenantName, func(old tenant.Tenant) (tenant.Tenant, error) {
			old.Environment = tag
			return old, nil
		})
		if err != nil {
			return err
		}
		return recordBootstrap(ctx, tx, tenantName, now, "Update the tenant", done)
	})
}

func changeTenant(ctx context.Context, tx *store.Tx, name string, fn func(old tenant.Tenant) (tenant.Tenant, error)) (change, error) {
	var before tenant.Tenant
	after, err := tx.Tenants().Update(ctx, name, func(old tenant.Tenant) (tenant.Tenant, error) {
		before = old
		return fn(old)
	})
	return change{old: before, new: after}, err
}
