package store

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// A process that was paused, or cut off, for longer than two polls does not issue tokens by what it remembers.
func TestClientIsNeverStale(t *testing.T) {
	cfg := testConfig(t)
	db, other := openTest(t, cfg), openTest(t, cfg)
	createTenant(t, other, "acme")
	insert := func(tx *Tx) error {
		return tx.Tenant("acme").Clients().Insert(t.Context(), tenant.Client{ClientID: "c-1"})
	}
	if err := other.InTx(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
	if _, err := db.snapshots.Client(t.Context(), "acme", "c-1"); err != nil {
		t.Fatal(err)
	}
	remove := func(tx *Tx) error { return tx.Tenant("acme").Clients().Delete(t.Context(), "c-1") }
	if err := other.InTx(t.Context(), remove); err != nil {
		t.Fatal(err)
	}
	if _, err := db.snapshots.Client(t.Context(), "acme", "c-1"); err != nil {
		t.Fatalf("just compared with the database: %v", err)
	}
	db.fresh.began = db.fresh.began.Add(-3 * cfg.PollInterval) // so much time has passed
	if _, err := db.snapshots.Client(t.Context(), "acme", "c-1"); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("after the pause: %v, want ErrNotFound", err)
	}
}

func TestFreshness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, looks, outcome := newFreshness(), 0, error(nil)
		look := func(context.Context) error {
			looks++
			time.Sleep(100 * time.Millisecond)
			return outcome
		}
		wantLooks := func(want int, when string) {
			t.Helper()
			if looks != want {
				t.Errorf("%s: %d looks, want %d", when, looks, want)
			}
		}
		time.Sleep(time.Minute)
		for range 64 { // all at once
			go func() {
				if err := f.since(t.Context(), time.Now(), look); err != nil {
					t.Error(err)
				}
			}()
		}
		time.Sleep(time.Second)
		synctest.Wait() // all have returned, and what they wrote is seen
		wantLooks(1, "callers that come together")
		if err := f.since(t.Context(), time.Now().Add(-2*time.Second), look); err != nil {
			t.Error(err)
		}
		wantLooks(1, "a look that was recent enough")

		outcome = errors.New("the database is gone")
		for range 3 {
			if err := f.since(t.Context(), time.Now(), look); !errors.Is(err, tenant.ErrUnavailable) || !errors.Is(err, outcome) {
				t.Errorf("gone: %v", err)
			}
		}
		wantLooks(2, "callers after a failure")
		if err := f.look(t.Context(), time.Now(), look); !errors.Is(err, tenant.ErrUnavailable) {
			t.Errorf("the background: %v", err)
		}
		wantLooks(3, "the background after a failure")

		f.hear() // a token's record was written, say
		if err := f.since(t.Context(), time.Now(), look); !errors.Is(err, outcome) {
			t.Errorf("gone for looks only: %v", err)
		}
		wantLooks(4, "a caller after the database was heard")
		if err := f.since(t.Context(), time.Now(), look); !errors.Is(err, outcome) {
			t.Errorf("gone for looks only: %v", err)
		}
		wantLooks(4, "a caller after that failed, too")

		outcome = nil
		time.Sleep(lookAgain)
		if err := f.since(t.Context(), time.Now(), look); err != nil {
			t.Errorf("back again: %v", err)
		}
		wantLooks(5, "a caller when the failure is old")
	})
}
