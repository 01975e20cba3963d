package admin

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// RFC 4226 appendix D, and RFC 6238 appendix B in six digits.
func TestHOTPVectors(t *testing.T) {
	key := []byte("12345678901234567890")
	for counter, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := hotp(key, int64(counter)); got != want {
			t.Errorf("counter %d: %s, want %s", counter, got, want)
		}
	}
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} {
		if step, ok := matchTOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", want, time.Unix(at, 0), 0); !ok || step != at/30 {
			t.Errorf("at %d: %s is of step %d, %v", at, want, step, ok)
		}
	}
	if _, ok := matchTOTP("", "000000", time.Unix(59, 0), 0); ok {
		t.Error("an empty secret has a code")
	}
}

func TestPasswordHashes(t *testing.T) {
	ctx := t.Context()
	h, err := newHasher(defaultCost()).enter("192.0.2.7")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := h.hash(ctx, "a good long password")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored.Reveal(), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored as %s", stored.Reveal())
	}
	again, err := h.hash(ctx, "a good long password")
	if err != nil || again == stored {
		t.Errorf("two hashes of a password are the same (%v)", err)
	}
	// The test vector of RFC 9106 has a secret and associated data, which the format has not: one of the reference implementation instead.
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for _, c := range []struct {
		stored, password string
		want             bool
	}{
		{stored.Reveal(), "a good long password", true}, {stored.Reveal(), "a good long passwore", false}, {stored.Reveal(), "", false},
		{"", "a good long password", false}, {"", "", false}, {reference, "password", true}, {reference, "Password", false},
	} {
		if got, err := h.matches(ctx, tenant.Secret(c.stored), c.password); err != nil || got != c.want {
			t.Errorf("%q against %q: %v, %v; want %v", c.password, c.stored, got, err, c.want)
		}
	}
	for _, damaged := range []string{"x", "$argon2i$v=19$m=1,t=1,p=1$c2E$c2E", "$argon2id$v=16$m=1,t=1,p=1$c2E$c2E", "$argon2id$v=19$m=1,t=0,p=1$c2E$c2E",
		"$argon2id$v=19$m=1,t=1,p=0$c2E$c2E", "$argon2id$v=19$m=1,t=1,p=1$!$c2E", "$argon2id$v=19$m=1,t=1,p=1$c2E$"} {
		if ok, err := h.matches(ctx, tenant.Secret(damaged), "x"); ok || err == nil {
			t.Errorf("%q: %v, %v; want an error", damaged, ok, err)
		}
	}
}

// The memory of hashing is bounded: two work, sixteen wait, the next are told to come back.
func TestHashingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(defaultCost())
		release := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var group sync.WaitGroup
		for i := range hashesAtOnce + hashesQueued {
			place, err := h.enter(strconv.Itoa(i))
			if err != nil {
				t.Fatal(err)
			}
			group.Go(func() {
				defer place.leave()
				done, err := place.work(ctx)
				if err != nil {
					return
				}
				<-release
				done()
			})
		}
		synctest.Wait()
		if working, inside := len(h.working), h.places; working != 2 || inside != 18 {
			t.Errorf("%d at work of %d, want 2 of 18", working, inside)
		}
		wantNoPlace(t, h, "fresh")
		cancel() // who waits gives up
		synctest.Wait()
		if h.places != 2 {
			t.Errorf("%d are inside, want the two at work", h.places)
		}
		close(release)
		group.Wait()
		if h.places != 0 || len(h.working) != 0 || len(h.groups) != 0 {
			t.Error("places were not given back")
		}
	})
}

func wantNoPlace(t *testing.T, h *hasher, group string) {
	t.Helper()
	var slow *SlowDownError
	if _, err := h.enter(group); !errors.As(err, &slow) || slow.RetryAfter != time.Second {
		t.Errorf("error %v, want to be told to come back", err)
	}
}

func TestAnAddressGroupHasTwoPlacesOfTheHasher(t *testing.T) {
	h := newHasher(defaultCost())
	first, err := h.enter("192.0.2.7")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.enter("192.0.2.7"); err != nil {
		t.Fatal(err)
	}
	wantNoPlace(t, h, "192.0.2.7")
	if _, err := h.enter("192.0.2.8"); err != nil {
		t.Errorf("a neighbour was kept out: %v", err)
	}
	first.leave()
	if _, err := h.enter("192.0.2.7"); err != nil {
		t.Errorf("the place that was given back is not there: %v", err)
	}
}
