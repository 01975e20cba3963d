package mgmt

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// maxRotations is how often a tenant may rotate within rotationDay.
const (
	maxRotations = 5
	rotationDay  = 24 * time.Hour
)

// signingKeyView is a key's wire form. Its private half never leaves the store.
type signingKeyView struct {
	KID          string `json:"kid"`
	Cert         string `json:"cert"`
	PKCS7        string `json:"pkcs7"`
	Current      bool   `json:"current"`
	Next         bool   `json:"next"`
	Previous     bool   `json:"previous"`
	CurrentSince string `json:"current_since,omitzero"`
	CurrentUntil string `json:"current_until,omitzero"`
	Fingerprint  string `json:"fingerprint"`
	Thumbprint   string `json:"thumbprint"`
	Revoked      bool   `json:"revoked"`
	RevokedAt    string `json:"revoked_at,omitzero"`
}

// keyAnswer is what rotate and revoke answer.
type keyAnswer struct {
	Cert string `json:"cert"`
	KID  string `json:"kid"`
}

// listSigningKeys shows the RSA keys, in the order of their lives: current, next, previous, revoked.
func (a *API) listSigningKeys(ctx context.Context, in struct{ rest.Caller }) ([]signingKeyView, error) {
	keys, err := keySet(ctx, a.reader(in.Caller), store.In("family", string(tenant.FamilyRSA)))
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(keys, byLife)
	views := make([]signingKeyView, len(keys))
	for i, key := range keys {
		if views[i], err = viewSigningKey(key); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// byLife orders keys: current, next, previous, revoked.
func byLife(x, y tenant.SigningKey) int {
	order := []tenant.KeyState{tenant.KeyCurrent, tenant.KeyNext, tenant.KeyPrevious, tenant.KeyRevoked}
	return slices.Index(order, x.State) - slices.Index(order, y.State)
}

type signingKeyID struct {
	rest.Caller
	KID string `path:"kid" doc:"Key id of the key."`
}

func (a *API) getSigningKey(ctx context.Context, in signingKeyID) (signingKeyView, error) {
	key, err := a.reader(in.Caller).SigningKeys().Get(ctx, in.KID)
	if err != nil {
		return signingKeyView{}, missing(err, noSigningKey())
	}
	if key.Family != tenant.FamilyRSA {
		return signingKeyView{}, noSigningKey()
	}
	return viewSigningKey(key)
}

// rotateSigningKeys makes the next keys current and new ones next, in every family at once. It answers the new next RSA key.
func (a *API) rotateSigningKeys(ctx context.Context, in struct{ rest.Caller }) (keyAnswer, error) {
	now := a.now()
	keys, err := keySet(ctx, a.reader(in.Caller))
	if err != nil {
		return keyAnswer{}, err
	}
	if err := mayRotate(keys, now); err != nil { // and once more inside the transaction; a refusal should cost no key
		return keyAnswer{}, err
	}
	fresh, err := a.keys.NewNext(ctx, in.Call.Canonical, now) // before the transaction: an RSA key takes long
	if err != nil {
		return keyAnswer{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		keys, err := keySet(ctx, s)
		if err != nil {
			return change{}, err
		}
		if err := mayRotate(keys, now); err != nil {
			return change{}, err
		}
		changed, inserted, err := signing.Rotate(keys, fresh, now)
		if err != nil {
			return change{}, err
		}
		if err := replaceKeys(ctx, s, changed); err != nil {
			return change{}, err
		}
		for _, key := range inserted {
			if err := s.SigningKeys().Insert(ctx, key); err != nil {
				return change{}, err
			}
		}
		return change{old: kids(keys), new: kids(changed, inserted)}, nil
	})
	if err != nil {
		return keyAnswer{}, err
	}
	return answerKey(fresh[tenant.FamilyRSA]), nil
}

// revokeSigningKey withdraws a previous key, and the same generation of the other families with it.
func (a *API) revokeSigningKey(ctx context.Context, in signingKeyID) (keyAnswer, error) {
	var answer keyAnswer
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		keys, err := keySet(ctx, s)
		if err != nil {
			return change{}, err
		}
		key, ok := keys.Find(in.KID)
		if !ok || key.Family != tenant.FamilyRSA {
			return change{}, noSigningKey()
		}
		changed, err := signing.Revoke(keys, in.KID, a.now())
		if errors.Is(err, tenant.ErrNotFound) {
			return change{}, noSigningKey()
		}
		if err != nil {
			return change{}, err
		}
		answer = answerKey(key)
		return change{old: kids(keys), new: kids(changed)}, replaceKeys(ctx, s, changed)
	})
	return answer, err
}

// keySet reads a tenant's keys, newest first as signing wants them.
func keySet(ctx context.Context, s store.Scope, where ...store.Filter) (tenant.KeySet, error) {
	keys, err := s.SigningKeys().List(ctx, store.Query{Where: where})
	slices.Reverse(keys)
	return keys, err
}

func replaceKeys(ctx context.Context, s store.Scope, keys []tenant.SigningKey) error {
	for _, key := range keys {
		_, err := s.SigningKeys().Update(ctx, key.KID, func(tenant.SigningKey) (tenant.SigningKey, error) { return key, nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// mayRotate counts the rotations of the last rotationDay: each ended the time of one RSA key. Errors: rest.TooManyRequests.
func mayRotate(keys tenant.KeySet, now time.Time) error {
	var ends []time.Time
	for _, key := range keys {
		if key.Family == tenant.FamilyRSA && key.CurrentUntil.After(now.Add(-rotationDay)) {
			ends = append(ends, key.CurrentUntil)
		}
	}
	return withinLimit(ends, maxRotations, rotationDay, now)
}

// kids tells the log which key is in which state, and nothing else of it.
func kids(sets ...[]tenant.SigningKey) map[string]tenant.KeyState {
	states := map[string]tenant.KeyState{}
	for _, set := range sets {
		for _, key := range set {
			states[key.KID] = key.State
		}
	}
	return states
}

func answerKey(key tenant.SigningKey) keyAnswer {
	return keyAnswer{Cert: signing.Certificate(key.Certificate).PEM(), KID: key.KID}
}

func viewSigningKey(key tenant.SigningKey) (signingKeyView, error) {
	certificate := signing.Certificate(key.Certificate)
	pkcs7, err := certificate.PKCS7()
	if err != nil {
		return signingKeyView{}, err
	}
	return signingKeyView{
		KID: key.KID, Cert: certificate.PEM(), PKCS7: pkcs7,
		Current: key.State == tenant.KeyCurrent, Next: key.State == tenant.KeyNext, Previous: key.State == tenant.KeyPrevious,
		CurrentSince: timestamp(key.CurrentSince), CurrentUntil: timestamp(key.CurrentUntil),
		Fingerprint: certificate.Fingerprint(), Thumbprint: certificate.Thumbprint(),
		Revoked: key.State == tenant.KeyRevoked, RevokedAt: timestamp(key.RevokedAt),
	}, nil
}

// timestamp is RFC 3339 in UTC to the millisecond; empty for the zero time.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
