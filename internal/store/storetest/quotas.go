package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// take is of the client c-1 and, where there is a second holder, of the organization org_1. 0 = no limit.
func take(limits ...tenant.TokenQuotaLimits) tenant.QuotaTake {
	holders := []tenant.QuotaHolder{{Kind: tenant.QuotaOfClient, ID: "c-1"}, {Kind: tenant.QuotaOfOrganization, ID: "org_1"}}[:len(limits)]
	for i, l := range limits {
		holders[i].CreatedAt, holders[i].Limits = newClock().now(), l
	}
	return tenant.QuotaTake{Tenant: "acme", Holders: holders}
}

func limits(perHour, perDay int) tenant.TokenQuotaLimits {
	var l tenant.TokenQuotaLimits
	if perHour > 0 {
		l.PerHour = &perHour
	}
	if perDay > 0 {
		l.PerDay = &perDay
	}
	return l
}

func counting(l tenant.TokenQuotaLimits) tenant.TokenQuotaLimits {
	enforce := false
	l.Enforce = &enforce
	return l
}

// used are the levels as numbers; taken tells whether there was anything left.
func used(t tenant.QuotaTaken) (counts []int64) {
	for _, l := range t.Levels {
		counts = append(counts, l.Used)
	}
	return counts
}

func warned(t tenant.QuotaTaken) (descriptions []string) {
	for _, w := range t.Warnings {
		descriptions = append(descriptions, w.Description())
	}
	return descriptions
}

// testQuotas: exactly as many tokens as the quota, in each hour and each day of UTC, whoever takes them.
func testQuotas(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	takes := func(t *testing.T, db *store.DB, what tenant.QuotaTake) tenant.QuotaTaken {
		t.Helper()
		return must(db.TakeQuota(ctx, what))(t)
	}
	t.Run("a take tells of its windows, a refused one costs nothing", func(t *testing.T) {
		w := start(t, newDatabase)
		noon := w.clock.now()
		w.clock.advance(17 * time.Minute)
		what := take(limits(2, 5))
		got := takes(t, w.db, what)
		wantEqual(t, got, tenant.QuotaTaken{At: noon.Add(17 * time.Minute), Levels: []tenant.QuotaLevel{
			{Kind: "client", ID: "c-1", Bucket: "per_hour", Quota: 2, Used: 1, Enforced: true, Resets: noon.Add(time.Hour)},
			{Kind: "client", ID: "c-1", Bucket: "per_day", Quota: 5, Used: 1, Enforced: true, Resets: noon.Add(12 * time.Hour)},
		}, Windows: []tenant.QuotaWindows{{Hour: noon, Day: noon.Add(-12 * time.Hour)}}})
		wantEqual(t, takes(t, w.db, what).Exceeded, false)
		for range 3 {
			refused := takes(t, w.db, what)
			wantEqual(t, refused.Exceeded, true)
			wantEqual(t, used(refused), []int64{2, 2})
		}
	})
	t.Run("an hour and a day of UTC begin anew, by the clock of the store", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(2, 3))
		w.clock.advance(59*time.Minute + 59*time.Second + 999*time.Millisecond) // 12:59:59.999
		wantEqual(t, used(takes(t, w.db, what)), []int64{1, 1})
		w.clock.advance(time.Millisecond) // 13:00
		wantEqual(t, used(takes(t, w.db, what)), []int64{1, 2})
		wantEqual(t, used(takes(t, w.db, what)), []int64{2, 3})
		w.clock.advance(time.Hour)
		wantEqual(t, takes(t, w.db, what).Exceeded, true) // the day
		w.clock.advance(10*time.Hour - time.Millisecond)  // 23:59:59.999
		wantEqual(t, takes(t, w.db, what).Exceeded, true)
		w.clock.advance(time.Millisecond)
		wantEqual(t, used(takes(t, w.db, what)), []int64{1, 1})
	})
	t.Run("another process whose clock is a moment behind or ahead counts in the same window", func(t *testing.T) {
		w := start(t, newDatabase)
		w.clock.advance(time.Hour - time.Millisecond)
		late := w.cfg
		ahead := w.clock.now().Add(2 * time.Millisecond)
		late.Now = func() time.Time { return ahead }
		db := must(store.Open(ctx, late))(t)
		defer db.Close()
		what := take(limits(2, 0))
		wantEqual(t, used(takes(t, db, what)), []int64{1})
		behind := takes(t, w.db, what)
		wantEqual(t, used(behind), []int64{2})
		wantEqual(t, behind.Levels[0].Resets, newClock().now().Add(2*time.Hour))
		wantEqual(t, takes(t, db, what).Exceeded, true)
	})
	t.Run("a clock that was wrong by days locks nobody out", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(1, 1))
		w.clock.advance(100 * 24 * time.Hour)
		takes(t, w.db, what)
		w.clock.advance(-100 * 24 * time.Hour)
		wantEqual(t, takes(t, w.db, what).Exceeded, false)
		wantEqual(t, takes(t, w.db, what).Exceeded, true)
	})
	t.Run("a client and its organization pay together or not at all", func(t *testing.T) {
		w := start(t, newDatabase)
		for _, refuses := range []tenant.QuotaTake{take(limits(0, 9), limits(1, 0)), take(limits(1, 0), limits(0, 9))} {
			refuses.Tenant = map[bool]string{true: "acme", false: "other"}[refuses.Holders[0].Limits.PerHour == nil]
			takes(t, w.db, refuses)
			refused := takes(t, w.db, refuses)
			wantEqual(t, refused.Exceeded, true)
			wantEqual(t, used(refused), []int64{1, 1})
		}
	})
	t.Run("what is not enforced counts on", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(counting(limits(2, 0)))
		for range 4 {
			takes(t, w.db, what)
		}
		got := takes(t, w.db, what)
		wantEqual(t, got.Exceeded, false)
		wantEqual(t, used(got), []int64{5})
		wantEqual(t, got.Levels[0].Left(), int64(0))
	})
	t.Run("a limit that is changed finds what was used", func(t *testing.T) {
		w := start(t, newDatabase)
		takes(t, w.db, take(limits(9, 0)))
		takes(t, w.db, take(limits(9, 0)))
		wantEqual(t, takes(t, w.db, take(limits(2, 0))).Exceeded, true)
		wantEqual(t, used(takes(t, w.db, take(limits(0, 9)))), []int64{3})
	})
	t.Run("each threshold is warned of once in a window, whichever process reaches it", func(t *testing.T) {
		w := start(t, newDatabase)
		other := w.open(t)
		what := take(counting(limits(5, 0)), limits(0, 10))
		var got [][]string
		for i := range 8 {
			got = append(got, warned(takes(t, []*store.DB{w.db, other}[i%2], what)))
		}
		wantEqual(t, got, [][]string{nil, nil, {"60% of client per_hour quota consumed"}, {"80% of client per_hour quota consumed"},
			{"100% of client per_hour quota consumed"}, {"60% of organization per_day quota consumed"}, nil, {"80% of organization per_day quota consumed"}})
		w.clock.advance(time.Hour)
		wantEqual(t, warned(takes(t, w.db, what)), []string(nil))
		wantEqual(t, warned(takes(t, other, what)), []string{"100% of organization per_day quota consumed"})
	})
	t.Run("a limit that is changed is warned of anew: raised, at its new thresholds; lowered, at those that are passed", func(t *testing.T) {
		w := start(t, newDatabase)
		var got []string
		tell := func(limit, tokens int) {
			for range tokens {
				for _, warning := range takes(t, w.db, take(counting(limits(limit, 0)))).Warnings {
					got = append(got, fmt.Sprintf("%d of %d", warning.Percent, warning.Quota))
				}
			}
		}
		tell(5, 5)
		tell(6, 1) // 100 % again, as 80 % was told of at 5
		tell(20, 10)
		tell(5, 1)
		tell(20, 4)
		wantEqual(t, got, []string{"60 of 5", "80 of 5", "100 of 5", "100 of 6", "60 of 20", "80 of 20", "100 of 20"})
		w.clock.advance(time.Hour)
		got = nil
		tell(10, 7)
		tell(5, 1)
		tell(5, 1)
		wantEqual(t, got, []string{"60 of 10", "80 of 5", "100 of 5"})
	})
	t.Run("a quota of one is used up at once", func(t *testing.T) {
		w := start(t, newDatabase)
		got := takes(t, w.db, take(limits(1, 0)))
		wantEqual(t, warned(got), []string{"60% of client per_hour quota consumed", "80% of client per_hour quota consumed", "100% of client per_hour quota consumed"})
		wantEqual(t, string(got.Warnings[2].Details()),
			`{"bucket":"per_hour","entity_type":"client","entity_id":"c-1","quota":1,"quota_consumption_percentage":100,"quota_consumption":1}`)
	})
	t.Run("what is given back can be taken again, in its window only, and warns of nothing twice", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(1, 2))
		taken := takes(t, w.db, what)
		back := tenant.QuotaReturn{Take: what, Windows: taken.Windows}
		wantError(t, w.db.ReturnQuota(ctx, back), nil)
		again := takes(t, w.db, what)
		wantEqual(t, used(again), []int64{1, 1})
		wantEqual(t, warned(again), []string(nil))
		w.clock.advance(time.Hour)
		takes(t, w.db, what)
		wantError(t, w.db.ReturnQuota(ctx, back), nil) // of the hour that is over
		levels := must(w.db.QuotaLevels(ctx, what))(t)
		wantEqual(t, used(levels), []int64{1, 1})
		for range 3 { // more than was taken
			wantError(t, w.db.ReturnQuota(ctx, tenant.QuotaReturn{Take: what, Windows: levels.Windows}), nil)
		}
		wantEqual(t, used(must(w.db.QuotaLevels(ctx, what))(t)), []int64{0, 0})
	})
	t.Run("looking takes nothing", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(1, 0))
		for range 3 {
			got := must(w.db.QuotaLevels(ctx, what))(t)
			wantEqual(t, got.Exceeded, false)
			wantEqual(t, used(got), []int64{0})
		}
		takes(t, w.db, what)
		wantEqual(t, must(w.db.QuotaLevels(ctx, what))(t).Exceeded, true)
	})
	t.Run("tenants, kinds, ids and those who had an id before are apart", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(1, 0))
		takes(t, w.db, what)
		for name, change := range map[string]func(*tenant.QuotaTake){
			"another tenant": func(q *tenant.QuotaTake) { q.Tenant = "other" },
			"another kind":   func(q *tenant.QuotaTake) { q.Holders[0].Kind = tenant.QuotaOfOrganization },
			"another id":     func(q *tenant.QuotaTake) { q.Holders[0].ID = "c-2" },
			"made anew":      func(q *tenant.QuotaTake) { q.Holders[0].CreatedAt = q.Holders[0].CreatedAt.Add(time.Millisecond) },
		} {
			apart := take(limits(1, 0))
			change(&apart)
			if takes(t, w.db, apart).Exceeded {
				t.Errorf("%s: pays for what acme's client used", name)
			}
		}
	})
	t.Run("counters survive a restart, and go when their day is over", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(1, 0))
		takes(t, w.db, what)
		other := w.open(t)
		wantEqual(t, takes(t, other, what).Exceeded, true)
		w.clock.advance(24 * time.Hour)
		wantError(t, w.db.Sweep(ctx), nil)
		w.clock.advance(-24 * time.Hour)
		wantEqual(t, takes(t, w.db, what).Exceeded, true) // not yet
		w.clock.advance(3 * 24 * time.Hour)
		wantError(t, w.db.Sweep(ctx), nil)
		w.clock.advance(-3 * 24 * time.Hour)
		wantEqual(t, takes(t, w.db, what).Exceeded, false)
	})
	t.Run("a tenant that is deleted leaves none", func(t *testing.T) {
		w := start(t, newDatabase)
		what := take(limits(1, 0))
		takes(t, w.db, what)
		wantError(t, w.db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "acme") }), nil)
		wantError(t, w.db.Sweep(ctx), nil)
		wantEqual(t, used(must(w.db.QuotaLevels(ctx, what))(t)), []int64{0})
	})
	t.Run("a store that is gone takes nothing", func(t *testing.T) {
		w := start(t, newDatabase)
		db := w.open(t)
		wantError(t, db.Close(), nil)
		wantError(t, second(db.TakeQuota(ctx, take(limits(1, 0)))), tenant.ErrUnavailable)
		wantError(t, db.ReturnQuota(ctx, tenant.QuotaReturn{Take: take(limits(1, 0))}), tenant.ErrUnavailable)
		wantError(t, second(db.QuotaLevels(ctx, take(limits(1, 0)))), tenant.ErrUnavailable)
	})
	t.Run("many at once, of two processes, get exactly what there is", func(t *testing.T) { testQuotaRace(t, newDatabase) })
}

// testQuotaRace: many clients of one organization, on two handles at once; each client has a quota, and so has the organization, which is
// the less. Some give back what they took, so that the counters go up and down.
func testQuotaRace(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	const workers, each, clients, ofOrganization, ofClient = 64, 12, 4, 150, 60
	ctx := t.Context()
	w := start(t, newDatabase)
	other := w.open(t)
	var taken atomic.Int64
	var wg sync.WaitGroup
	for i := range workers {
		db := []*store.DB{w.db, other}[i%2]
		what := take(limits(0, ofClient), limits(ofOrganization, 0))
		what.Holders[0].ID = fmt.Sprintf("c-%d", i%clients)
		wg.Go(func() {
			for j := range each {
				got, err := db.TakeQuota(ctx, what)
				if err != nil {
					t.Error(err)
					return
				}
				switch {
				case got.Exceeded:
				case j%4 == 3:
					if err := db.ReturnQuota(ctx, tenant.QuotaReturn{Take: what, Windows: got.Windows}); err != nil {
						t.Error(err)
					}
				default:
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	for range ofOrganization { // what was given back late
		what := take(limits(0, ofClient), limits(ofOrganization, 0))
		what.Holders[0].ID = "late"
		what.Holders[0].Limits = limits(0, 10*ofOrganization)
		if !must(w.db.TakeQuota(ctx, what))(t).Exceeded {
			taken.Add(1)
		}
	}
	wantEqual(t, taken.Load(), int64(ofOrganization))
	var sum int64
	for i := range clients {
		what := take(limits(0, ofClient))
		what.Holders[0].ID = fmt.Sprintf("c-%d", i)
		sum += used(must(other.QuotaLevels(ctx, what))(t))[0]
	}
	what := take(limits(0, ofClient))
	what.Holders[0].ID = "late"
	sum += used(must(other.QuotaLevels(ctx, what))(t))[0]
	wantEqual(t, sum, int64(ofOrganization)) // the clients' counters agree with the organization's
}
