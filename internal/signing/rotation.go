package signing

import (
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Rotate moves every family of set on at once: the next key becomes current, the current one previous, the fresh one next.
// It changes nothing itself: changed keys are to be updated, inserted ones added. A fresh key of a family that set lacks is
// left alone. Errors: a family without its current, next or fresh key; then nothing must be stored.
func Rotate(set tenant.KeySet, fresh map[tenant.KeyFamily]tenant.SigningKey, now time.Time) (changed, inserted []tenant.SigningKey, err error) {
	for _, family := range families() {
		if !hasFamily(set, family) {
			continue
		}
		current, hasCurrent := set.In(family, tenant.KeyCurrent)
		next, hasNext := set.In(family, tenant.KeyNext)
		following, hasFresh := fresh[family]
		if !hasCurrent || !hasNext || !hasFresh || following.Family != family || following.State != tenant.KeyNext {
			return nil, nil, fmt.Errorf("rotate: the family %s lacks its current, next or fresh key", family)
		}
		current.State, current.CurrentUntil = tenant.KeyPrevious, now
		next.State, next.CurrentSince = tenant.KeyCurrent, now
		changed = append(changed, current, next)
		inserted = append(inserted, following)
	}
	if len(changed) == 0 {
		return nil, nil, fmt.Errorf("rotate: signing keys: %w", tenant.ErrNotFound)
	}
	return changed, inserted, nil
}

// Revoke ends the previous key named kid and the keys of the other families that were current until the same rotation: their
// tokens stop verifying. It changes nothing itself: changed keys are to be updated, the named one first.
// Errors: tenant.ErrNotFound if kid is unknown or not a previous key.
func Revoke(set tenant.KeySet, kid string, now time.Time) (changed []tenant.SigningKey, err error) {
	named, ok := set.Find(kid)
	if !ok || named.State != tenant.KeyPrevious {
		return nil, fmt.Errorf("revoke %q: %w", kid, tenant.ErrNotFound)
	}
	changed = []tenant.SigningKey{revoked(named, now)}
	for _, key := range set {
		sameGeneration := key.State == tenant.KeyPrevious && key.CurrentUntil.Equal(named.CurrentUntil)
		if sameGeneration && key.Family != named.Family {
			changed = append(changed, revoked(key, now))
		}
	}
	return changed, nil
}

func revoked(key tenant.SigningKey, now time.Time) tenant.SigningKey {
	key.State, key.RevokedAt = tenant.KeyRevoked, now
	return key
}

func hasFamily(set tenant.KeySet, family tenant.KeyFamily) bool {
	for _, key := range set {
		if key.Family == family && key.State != tenant.KeyRevoked {
			return true
		}
	}
	return false
}
