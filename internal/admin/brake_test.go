package admin

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// strangers is more than a limiter keeps, twice over.
const strangers = 120_000

func standing() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func TestStrangersFlushNoCount(t *testing.T) {
	t.Run("of the second factor", func(t *testing.T) {
		b := newBrake(standing)
		for range 5 {
			if _, err := b.code("op_ada"); err != nil {
				t.Fatal(err)
			}
		}
		for i := range strangers {
			_, _ = b.password("nobody@example.com", fmt.Sprint("stranger ", i))
		}
		if _, err := b.code("op_ada"); err == nil {
			t.Error("the count was forgotten")
		}
	})
	t.Run("of an address, by trying many accounts", func(t *testing.T) {
		b := newBrake(standing)
		try := func(group string, n int) (err error) {
			for i := range n {
				_, err = b.password(fmt.Sprint(i, "@example.com"), group)
			}
			return err
		}
		if err := try("192.0.2.7", 31); err == nil {
			t.Fatal("the address is not slowed")
		}
		for i := range strangers / 30 {
			if err := try(fmt.Sprint("stranger ", i), 30); err != nil {
				t.Fatal(err)
			}
		}
		if err := try("192.0.2.7", 1); err == nil {
			t.Error("the count was forgotten")
		}
	})
}

// unread is a store that nobody may ask.
type unread struct {
	Store
	t *testing.T
}

func (s unread) ReadPeople() People {
	s.t.Error("the store was asked")
	return s.Store.ReadPeople()
}

func TestAnAttemptThatFindsNoPlaceLeavesNoTrace(t *testing.T) {
	d := New(Config{Store: unread{nil, t}, Now: standing, Logger: slog.New(slog.DiscardHandler)})
	from := Origin{Address: netip.MustParseAddr("192.0.2.7")}
	for range hashesPerGroup {
		if _, err := d.passwords.enter("192.0.2.7"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		if _, _, err := d.tryPassword(t.Context(), fmt.Sprint(i, "@example.com"), "x", from); err == nil {
			t.Fatal("there was a place")
		}
	}
	for i := range perGroup().Burst {
		if _, err := d.brake.password(fmt.Sprint(i, "@example.com"), "192.0.2.7"); err != nil {
			t.Fatalf("attempt %d: %v: those without a place were counted", i, err)
		}
	}
	d.passwords = newHasher(defaultCost()) // there are places, but no attempts left
	if _, _, err := d.tryPassword(t.Context(), "ada@example.com", "x", from); err == nil {
		t.Error("the address is not slowed")
	}
}

// gone is a store whose only account nobody can wait for.
type gone struct {
	Store
	People
}

func (s gone) ReadPeople() People { return s.People }

type onlyAda struct{ People }

func (onlyAda) OperatorByEmail(context.Context, string) (tenant.Operator, error) {
	return tenant.Operator{ID: "op_ada"}, nil
}

// Who goes away before the answer has tried all the same: else an address that never waits would fill the memory of accounts.
func TestAnAttemptThatNobodyWaitsForIsCounted(t *testing.T) {
	d := New(Config{Store: gone{nil, onlyAda{}}, Now: standing, Logger: slog.New(slog.DiscardHandler)})
	for range hashesAtOnce {
		d.passwords.working <- struct{}{} // others are at work
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 5 {
		if _, _, err := d.tryPassword(ctx, "ada@example.com", "x", Origin{}); err != context.Canceled {
			t.Fatal(err)
		}
	}
	if _, err := d.brake.password("ada@example.com", addressGroup(netip.Addr{})); err == nil {
		t.Error("they were not counted")
	}
}
