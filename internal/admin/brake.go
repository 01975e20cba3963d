package admin

import (
	"net/netip"
	"time"

	"github.com/writ-auth/writ/internal/limit"
)

// brake slows guessing. It counts in this process's memory, which is bounded: each node counts for itself, and a restart forgets.
//
// Passwords are counted per account and address group, and per address group over all accounts. No count spans all addresses, so that
// a stranger who guesses wrongly on purpose keeps nobody out but whoever shares the stranger's address. Codes of the second factor are
// counted per account wherever they come from: only who knows the password gets that far.
//
// An attempt is counted before it is looked at, so that many at once are as slow as one after the other, and given back if it was right;
// only perAccountTotal counts right ones, too.
//
// Each kind has a limiter of its own, for a limiter forgets when there are too many keys: strangers choose addresses and the accounts that
// they try, but the keys of codes are operators that are there.
type brake struct {
	addresses, accounts, codes *limit.Limiter
	now                        func() time.Time
}

func newBrake(now func() time.Time) *brake {
	return &brake{addresses: limit.New(), accounts: limit.New(), codes: limit.New(), now: now}
}

// The counts: a few at once, then one a minute, and not for hours on end.
func perAccountMinute() limit.Rate { return limit.Rate{Burst: 5, Refill: 1, Every: time.Minute} }
func perAccountHour() limit.Rate   { return limit.Rate{Burst: 30, Refill: 30, Every: time.Hour} }
func perAccountTotal() limit.Rate  { return limit.Rate{Burst: 20, Refill: 20, Every: time.Minute} }
func perGroup() limit.Rate         { return limit.Rate{Burst: 30, Refill: 10, Every: time.Minute} }

// password counts one attempt at an account's password. Errors: *SlowDownError.
func (b *brake) password(email, group string) (*attempt, error) {
	account := digest(group + " " + email)[:32] // of one length, whatever was typed
	return b.take(
		counted{b.addresses, limit.Key{Family: group}, perGroup(), false}, // first: who is refused here fills no memory with accounts
		counted{b.accounts, limit.Key{Family: "by minute " + account}, perAccountMinute(), false},
		counted{b.accounts, limit.Key{Family: "by hour " + account}, perAccountHour(), false},
		counted{b.accounts, limit.Key{Family: "in total " + account}, perAccountTotal(), true},
	)
}

// code counts one attempt at an operator's second factor. Errors: *SlowDownError.
func (b *brake) code(operatorID string) (*attempt, error) {
	return b.take(
		counted{b.codes, limit.Key{Family: "by minute " + operatorID}, perAccountMinute(), false},
		counted{b.codes, limit.Key{Family: "by hour " + operatorID}, perAccountHour(), false},
	)
}

// addressGroup is what one caller has many addresses of: a single IPv4 address, or the /64 that an IPv6 host is given (RFC 4291
// section 2.5.4).
func addressGroup(from netip.Addr) string {
	from = from.Unmap().WithZone("")
	if from.Is6() {
		if prefix, err := from.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return from.String()
}

// counted is one bucket and its rate.
type counted struct {
	in   *limit.Limiter
	key  limit.Key
	rate limit.Rate
	// keeps: right attempts are counted, too.
	keeps bool
}

// attempt is one that was counted.
type attempt struct {
	brake *brake
	taken []counted
}

// take counts in all buckets, or in none. Errors: *SlowDownError.
func (b *brake) take(buckets ...counted) (*attempt, error) {
	a := &attempt{brake: b}
	for _, c := range buckets {
		verdict := c.in.Take(c.key, c.rate, b.now())
		if !verdict.Allowed {
			a.giveBack(true)
			return nil, &SlowDownError{RetryAfter: time.Duration(verdict.RetryAfter()) * time.Second}
		}
		a.taken = append(a.taken, c)
	}
	return a, nil
}

// succeeded gives the attempt back, where right ones are not counted.
func (a *attempt) succeeded() { a.giveBack(false) }

func (a *attempt) giveBack(all bool) {
	for _, c := range a.taken {
		if all || !c.keeps {
			c.in.Return(c.key, c.rate, a.brake.now())
		}
	}
}
