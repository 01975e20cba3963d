package limit

import (
	"sync"
	"time"
)

// Key names a bucket.
type Key struct {
	// Tenant is the name; empty = the installation's own. Family is what shares a bucket within it, a word of the caller's.
	Tenant, Family string
}

// Verdict is what became of one request.
type Verdict struct {
	Allowed bool
	// Limited reports whether there is a limit; without one, what follows says nothing.
	Limited bool
	// Limit is the bucket's burst, Remaining what is left in it.
	Limit, Remaining int
	// Reset is when the bucket is next refilled, Wait how long that is from now.
	Reset time.Time
	Wait  time.Duration
	// First marks a refusal that is worth a record: the first of its bucket, and then one a minute.
	First bool
}

// RetryAfter is Wait in whole seconds, at least 1 (RFC 9110 section 10.2.3).
func (v Verdict) RetryAfter() int { return max(1, int((v.Wait+time.Second-1)/time.Second)) }

// recordEvery is the least time between two refusals of one bucket that are First.
const recordEvery = time.Minute

// maxBuckets bounds what is kept. Beyond it the buckets that were not used lately are forgotten, which fills them.
const maxBuckets = 100_000

// Limiter keeps one bucket per key. It is safe for concurrent use. A bucket that has not been used for as long as it takes to
// fill is as good as a new one, and is forgotten: memory follows what is busy, not how many tenants there are.
type Limiter struct {
	mu     sync.Mutex // guards everything below
	recent map[Key]*bucket
	// older are the buckets that were not used since turned, when recent became older.
	older  map[Key]*bucket
	turned time.Time
	// keep is how long an unused bucket is kept at least: as long as the slowest takes to fill.
	keep time.Duration
	max  int
}

// New is a limiter whose buckets are full.
func New() *Limiter {
	return &Limiter{recent: map[Key]*bucket{}, keep: recordEvery, max: maxBuckets}
}

// Take counts one request against a rate. A refused request costs nothing. A bucket whose rate changed goes on under the new one.
func (l *Limiter) Take(key Key, rate Rate, now time.Time) Verdict {
	if rate.Unlimited() {
		return Verdict{Allowed: true}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep = max(l.keep, rate.fill())
	l.turn(now)
	return l.bucket(key, rate, now).take(rate, now)
}

// Return gives back what an allowed Take took, for a request that turned out to be none of those that are counted.
func (l *Limiter) Return(key Key, rate Rate, now time.Time) {
	if rate.Unlimited() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key, rate, now)
	b.tokens = min(b.tokens+1, rate.Burst)
}

// turn forgets what was not used since the turn before.
func (l *Limiter) turn(now time.Time) {
	if now.Before(l.turned) { // the clock was set back
		l.turned = now
	}
	if now.Sub(l.turned) < l.keep && len(l.recent) < l.max/2 {
		return
	}
	l.recent, l.older, l.turned = map[Key]*bucket{}, l.recent, now
}

func (l *Limiter) bucket(key Key, rate Rate, now time.Time) *bucket {
	if b := l.recent[key]; b != nil {
		return b
	}
	b := l.older[key]
	if b == nil {
		b = &bucket{tokens: rate.Burst, filled: now.Truncate(rate.Every)}
	}
	delete(l.older, key)
	l.recent[key] = b
	return b
}

// bucket is what is left of one limit.
type bucket struct {
	tokens int
	// filled is the beginning of the period that was last refilled for.
	filled time.Time
	// told is when a refusal was last First.
	told time.Time
}

func (b *bucket) take(rate Rate, now time.Time) Verdict {
	b.refill(rate, now)
	v := Verdict{Limited: true, Limit: rate.Burst, Reset: now.Truncate(rate.Every).Add(rate.Every)}
	v.Wait = v.Reset.Sub(now)
	if b.tokens > 0 {
		b.tokens--
		v.Allowed = true
	} else if b.told.IsZero() || now.Sub(b.told).Abs() >= recordEvery {
		b.told = now
		v.First = true
	}
	v.Remaining = b.tokens
	return v
}

// refill adds what came back since the last time, up to the burst. A clock that was set back adds nothing, and counts from there.
func (b *bucket) refill(rate Rate, now time.Time) {
	period := now.Truncate(rate.Every)
	passed := period.Sub(b.filled) / rate.Every
	b.filled = period
	switch enough := rate.fill() / rate.Every; {
	case passed >= enough:
		b.tokens = rate.Burst
	case passed > 0:
		b.tokens += int(passed) * rate.Refill
	}
	b.tokens = min(b.tokens, rate.Burst)
}
