package signing

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// slowKey signs with a key that takes its time, behind a gate of two cores.
func slowKey(took time.Duration) *keySignature {
	signer := &fakeSigner{sign: func([]byte, crypto.SignerOpts) ([]byte, error) {
		time.Sleep(took) // in the bubble
		return []byte("signature"), nil
	}}
	return &keySignature{gate: newGate(2), signed: func(string, time.Duration) {}, alg: tenant.RS256,
		key: &privateKey{signer: signer}}
}

// Two cores: two sign, everybody else waits for a turn.
func TestTheGateLetsOnePerCoreSign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(50 * time.Millisecond)
		began := time.Now()
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, err := with.sign(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if waiting, signing := with.gate.waiting.Load(), len(with.gate.slots); waiting != 18 || signing != 2 {
			t.Errorf("%d wait and %d sign, want 18 and 2", waiting, signing)
		}
		group.Wait()
		if took := time.Since(began); took != time.Second/2 {
			t.Errorf("20 signatures took %s, want half a second", took)
		}
		if waiting, signing := with.gate.waiting.Load(), len(with.gate.slots); waiting != 0 || signing != 0 {
			t.Errorf("afterwards %d wait and %d sign", waiting, signing)
		}
	})
}

// Who was let in although the machine has become slower waits for a second, and no longer.
func TestNobodyWaitsAtTheGateForMoreThanASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(300 * time.Millisecond)
		began := time.Now()
		var signed, refused atomic.Int64
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				_, err := with.sign(t.Context(), nil)
				var refusal *oauth.Error
				switch {
				case err == nil:
					signed.Add(1)
				case errors.As(err, &refusal) && refusal.Reason == oauth.ReasonOverloaded && time.Since(began) == time.Second:
					refused.Add(1)
				default:
					t.Errorf("after %s: %v", time.Since(began), err)
				}
			})
		}
		group.Wait()
		if signed.Load() != 8 || refused.Load() != 12 {
			t.Errorf("%d were signed and %d refused, want 8 and 12", signed.Load(), refused.Load())
		}
		if waiting, signing := with.gate.waiting.Load(), len(with.gate.slots); waiting != 0 || signing != 0 {
			t.Errorf("afterwards %d wait and %d sign", waiting, signing)
		}
	})
}

func TestTheGateIsFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(10 * time.Millisecond)
		with.gate = newGate(1)
		var mu sync.Mutex // guards order
		var want, order []int
		var group sync.WaitGroup
		for i := range 50 {
			want = append(want, i)
			group.Go(func() {
				if _, err := with.sign(t.Context(), nil); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			synctest.Wait()
		}
		group.Wait()
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("the order of the signatures (-want +got):\n%s", diff)
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	g := newGate(1)
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.enter(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v, want %v", err, context.Canceled)
	}
	g.leave()
	if n := g.waiting.Load(); n != 0 || len(g.slots) != 0 {
		t.Errorf("%d wait, %d slots are taken", n, len(g.slots))
	}
}

// HS256 costs next to nothing, so it takes no turn.
func TestHMACTakesNoTurn(t *testing.T) {
	f := newFixture(t)
	for range runtime.GOMAXPROCS(0) {
		f.gate.slots <- struct{}{}
	}
	issue(t, f, func(a *oauth.Authorization) {
		a.ResourceServer.SigningAlg, a.ResourceServer.SigningSecret = tenant.HS256, "sixteen characters"
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		_, err := f.AccessToken(ctx, authorization(func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg }))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want to wait for its turn", alg, err)
		}
	}
}

func TestSignaturesAreReported(t *testing.T) {
	f := newFixtureWith(t, fakeEngine(func(key *rsa.PrivateKey, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
		return key.Sign(rand.Reader, digest, opts)
	}))
	reported := map[string]int{}
	f.signed = func(alg string, took time.Duration) {
		if took < 0 {
			t.Errorf("%s took %s", alg, took)
		}
		reported[alg]++
	}
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg })
	}
	if diff := cmp.Diff(map[string]int{tenant.RS256: 1, tenant.PS256: 1, tenant.ES256: 1, tenant.EdDSA: 1}, reported); diff != "" {
		t.Error(diff)
	}
}
