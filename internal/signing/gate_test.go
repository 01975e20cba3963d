package signing

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// slowKey signs with a key that takes its time, behind a gate of two cores.
func slowKey(took, expected time.Duration) *keySignature {
	signer := &fakeSigner{sign: func([]byte, crypto.SignerOpts) ([]byte, error) {
		time.Sleep(took) // in the bubble
		return []byte("signature"), nil
	}}
	return &keySignature{gate: newGate(2), pace: newPace(expected), signed: func(string, time.Duration) {}, alg: tenant.RS256,
		key: &privateKey{signer: signer}}
}

func isOverloaded(err error) bool {
	var refusal *oauth.Error
	return errors.As(err, &refusal) && refusal.Reason == oauth.ReasonOverloaded
}

// Two cores at 100 ms a signature sign twenty in a second: two at once, twenty who wait, and everybody else is refused at once.
func TestTheGateRefusesWhoWouldWaitForMoreThanASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(100*time.Millisecond, 100*time.Millisecond)
		began := time.Now()
		var mu sync.Mutex // guards the rest
		var waits []time.Duration
		refused := 0
		var group sync.WaitGroup
		for range 1000 {
			group.Go(func() {
				_, err := with.sign(t.Context(), nil)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					waits = append(waits, time.Since(began))
				case isOverloaded(err) && time.Since(began) == 0:
					refused++
				default:
					t.Errorf("after %s: %v", time.Since(began), err)
				}
			})
		}
		synctest.Wait()
		if n := with.gate.waiting.Load(); n != 20 {
			t.Errorf("%d wait, want 20", n)
		}
		group.Wait()
		if len(waits) != 22 || refused != 978 {
			t.Errorf("%d were signed and %d refused, want 22 and 978", len(waits), refused)
		}
		if longest := slices.Max(waits); longest != 1100*time.Millisecond {
			t.Errorf("the last was signed after %s, want a second's wait and its own time", longest)
		}
		if n, backlog, taken := with.gate.waiting.Load(), with.gate.backlog.Load(), len(with.gate.slots); n != 0 || backlog != 0 || taken != 0 {
			t.Errorf("afterwards %d wait with %d ns to do, %d slots are taken", n, backlog, taken)
		}
	})
}

func TestTheGateIsFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(10*time.Millisecond, 10*time.Millisecond)
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

// However slow a signature is, two for each core may wait: a burst is no overload.
func TestTheGateLetsTwoPerCoreWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(10*time.Second, 10*time.Second)
		var group sync.WaitGroup
		var mu sync.Mutex // guards refused
		refused := 0
		for range 10 {
			group.Go(func() {
				if _, err := with.sign(t.Context(), nil); isOverloaded(err) {
					mu.Lock()
					defer mu.Unlock()
					refused++
				}
			})
		}
		group.Wait()
		if refused != 4 {
			t.Errorf("%d of 10 were refused, want 4: two sign and four wait", refused)
		}
	})
}

// The bound follows what signatures really take: a machine that has become ten times as slow lets fewer wait.
func TestTheGateLearnsWhatASignatureTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		with := slowKey(100*time.Millisecond, 10*time.Millisecond)
		for range 50 {
			if _, err := with.sign(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		if got := with.pace.expected().Round(time.Millisecond); got != 100*time.Millisecond {
			t.Errorf("after 50 signatures of 100 ms, %s are expected", got)
		}
	})
	p := newPace(8)
	if p.observe(16); p.expected() != 9 {
		t.Errorf("one signature of 16 ns moved the expectation from 8 to %d", p.expected())
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	g := newGate(1)
	if err := g.enter(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.enter(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v, want %v", err, context.Canceled)
	}
	g.leave()
	if n := g.waiting.Load(); n != 0 || len(g.slots) != 0 {
		t.Errorf("%d wait, %d slots are taken", n, len(g.slots))
	}
}

func TestAnOverloadedSignerRefusesTheToken(t *testing.T) {
	f := newFixture(t)
	for range runtime.GOMAXPROCS(0) {
		f.gate.slots <- struct{}{}
	}
	f.gate.waiting.Store(1000)
	f.gate.backlog.Store(int64(time.Hour))
	if f.Waiting() != 1000 {
		t.Errorf("%d are said to wait", f.Waiting())
	}
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		_, err := f.AccessToken(t.Context(), authorization(func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg }))
		if !isOverloaded(err) {
			t.Errorf("%s: err %v", alg, err)
		}
	}
	// HS256 costs next to nothing, so it takes no turn.
	issue(t, f, func(a *oauth.Authorization) {
		a.ResourceServer.SigningAlg, a.ResourceServer.SigningSecret = tenant.HS256, "sixteen characters"
	})
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
