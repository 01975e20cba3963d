package storetest

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testTrafficSnapshots: the rules of a tenant hold what its rows hold, are its own, and follow each commit.
func testTrafficSnapshots(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	inside := &tenant.Call{IP: netip.MustParseAddr("192.0.2.7")}
	decided := func(t *testing.T, s *store.Snapshots, name string) string {
		t.Helper()
		if acl := must(s.TrafficRules(ctx, name))(t).Network.Judge(tenant.ScopeAuthentication, inside).Decided; acl != nil {
			return acl.ID
		}
		return ""
	}
	limit := func(t *testing.T, s *store.Snapshots, name string) int {
		t.Helper()
		if policy, _ := must(s.TrafficRules(ctx, name))(t).Policy(&tenant.Client{ClientID: "c-1"}); policy != nil {
			return *policy.Configuration.Limit
		}
		return -1
	}
	t.Run("they are the tenant's own", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		s := w.db.Snapshots()
		wantEqual(t, decided(t, s, "acme"), "acl_1")
		wantEqual(t, limit(t, s, "acme"), 5)
		for _, name := range []string{"other", "nobody"} {
			wantEqual(t, decided(t, s, name), "")
			wantEqual(t, limit(t, s, name), -1)
		}
	})
	t.Run("each change counts at once", func(t *testing.T) {
		w := start(t, newDatabase)
		s := w.db.Snapshots()
		wantEqual(t, decided(t, s, "acme"), "")
		wantEqual(t, limit(t, s, "acme"), -1)
		fill(t, w, "acme")
		wantEqual(t, decided(t, s, "acme"), "acl_1")
		wantEqual(t, limit(t, s, "acme"), 5)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error {
			_, aclErr := s.NetworkACLs().Update(ctx, "acl_1", func(old tenant.NetworkACL) (tenant.NetworkACL, error) {
				old.Active = false
				return old, nil
			})
			_, policyErr := s.RateLimitPolicies().Update(ctx, "rlp_1", func(old tenant.RateLimitPolicy) (tenant.RateLimitPolicy, error) {
				return rateLimitPolicy(old.ID, old.ConsumerSelector, 6), nil
			})
			return errors.Join(aclErr, policyErr)
		}), nil)
		wantEqual(t, decided(t, s, "acme"), "")
		wantEqual(t, limit(t, s, "acme"), 6)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.RateLimitPolicies().Delete(ctx, "rlp_1") }), nil)
		wantEqual(t, limit(t, s, "acme"), -1)
	})
	t.Run("what another process changes counts after the next poll", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		other, s := w.open(t), w.db.Snapshots()
		wantEqual(t, decided(t, s, "acme"), "acl_1")
		wantError(t, inTx(ctx, other, "acme", func(s store.Scope) error { return s.NetworkACLs().Delete(ctx, "acl_1") }), nil)
		wantEqual(t, decided(t, s, "acme"), "acl_1") // not yet
		wantError(t, w.db.Poll(ctx), nil)
		wantEqual(t, decided(t, s, "acme"), "")
	})
	t.Run("those of a tenant that is deleted are gone", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		s := w.db.Snapshots()
		wantEqual(t, decided(t, s, "acme"), "acl_1")
		wantError(t, w.db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "acme") }), nil)
		wantEqual(t, decided(t, s, "acme"), "")
	})
}
