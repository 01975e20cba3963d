package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// maxRekeys is how often a tenant may rekey within rekeyDay: each time every secret of the tenant is written anew.
const (
	maxRekeys = 5
	rekeyDay  = 24 * time.Hour
)

// rekey gives the tenant a new data key and seals all its secrets anew. Errors: rekeyUnderWay where this process is at it already,
// rest.TooManyRequests.
func (a *API) rekey(ctx context.Context, in struct{ rest.Caller }) (rest.Nothing, error) {
	name := in.Call.Tenant
	if _, busy := a.rekeying.LoadOrStore(name, nil); busy {
		return rest.Nothing{}, rekeyUnderWay()
	}
	defer a.rekeying.Delete(name)
	keys, err := masterKeys(ctx, a.reader(in.Caller))
	if err != nil {
		return rest.Nothing{}, err
	}
	now := a.now()
	if err := withinLimit(rekeys(keys, now), maxRekeys, rekeyDay, now); err != nil {
		return rest.Nothing{}, err
	}
	return rest.Nothing{}, a.store.Rekey(ctx, name, func(ctx context.Context, tx *store.Tx) error {
		done, err := a.succeedMasterKey(ctx, tx.Tenant(name))
		if err != nil {
			return err
		}
		event, err := a.event(in.Caller, tenant.LogManagementWritten, in.Operation.Status, done)
		if err != nil {
			return err
		}
		return tx.Record(ctx, event)
	})
}

// succeedMasterKey tells of a new master key. The one before it still opens, those before that are gone (store.Rekey); what is told of
// them stays for a day, to be counted.
func (a *API) succeedMasterKey(ctx context.Context, s store.Scope) (change, error) {
	now, rows := a.now(), s.EncryptionKeys()
	keys, err := masterKeys(ctx, s)
	if err != nil {
		return change{}, err
	}
	var before tenant.EncryptionKey
	for _, key := range keys {
		switch key.State {
		case tenant.EncryptionKeyActive:
			before = key
			err = enter(ctx, rows, key.KID, tenant.EncryptionKeyDeactivated, now)
		case tenant.EncryptionKeyDeactivated:
			err = enter(ctx, rows, key.KID, tenant.EncryptionKeyDestroyed, now)
		default:
			if !key.UpdatedAt.After(now.Add(-rekeyDay)) {
				err = rows.Delete(ctx, key.KID)
			}
		}
		if err != nil {
			return change{}, err
		}
	}
	fresh := tenant.NewTenantMasterKey(before.ParentKID, now)
	return change{old: before, new: fresh}, rows.Insert(ctx, fresh)
}

// enter moves an encryption key to a state.
func enter(ctx context.Context, rows store.Rows[tenant.EncryptionKey], kid string, state tenant.EncryptionKeyState, now time.Time) error {
	_, err := rows.Update(ctx, kid, func(old tenant.EncryptionKey) (tenant.EncryptionKey, error) {
		old.State, old.UpdatedAt = state, now
		return old, nil
	})
	return err
}

// masterKeys are a tenant's, oldest first.
func masterKeys(ctx context.Context, s store.Scope) ([]tenant.EncryptionKey, error) {
	return s.EncryptionKeys().List(ctx, store.Query{Where: []store.Filter{store.In("type", string(tenant.TenantMasterKey))}})
}

// rekeys are the times of those of the last day: each made one key, but the oldest that is told of. That one came with the tenant, or has had a
// successor for a day.
func rekeys(keys []tenant.EncryptionKey, now time.Time) []time.Time {
	var done []time.Time
	for _, key := range keys[min(1, len(keys)):] {
		if key.CreatedAt.After(now.Add(-rekeyDay)) {
			done = append(done, key.CreatedAt)
		}
	}
	return done
}
