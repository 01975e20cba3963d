package limit

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is the top of a second, a minute and an hour.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var perSecond = Rate{Burst: 5, Refill: 2, Every: time.Second}

// takes asks n times at once and returns what was left after each; -1 = refused.
func takes(l *Limiter, rate Rate, now time.Time, n int) []int {
	var left []int
	for range n {
		v := l.Take(Key{"acme", "read clients"}, rate, now)
		if !v.Allowed {
			v.Remaining = -1
		}
		left = append(left, v.Remaining)
	}
	return left
}

func TestBucketsRefillAtTheTopOfEachPeriod(t *testing.T) {
	type ask struct {
		at   time.Duration
		n    int
		want []int
	}
	for name, c := range map[string]struct {
		rate Rate
		asks []ask
	}{
		"the burst, then nothing until the next second begins": {perSecond, []ask{
			{300 * time.Millisecond, 6, []int{4, 3, 2, 1, 0, -1}}, {999 * time.Millisecond, 1, []int{-1}}, {time.Second, 3, []int{1, 0, -1}},
		}},
		"what comes back adds up":    {perSecond, []ask{{0, 5, []int{4, 3, 2, 1, 0}}, {2 * time.Second, 5, []int{3, 2, 1, 0, -1}}}},
		"but never beyond the burst": {perSecond, []ask{{0, 5, []int{4, 3, 2, 1, 0}}, {time.Hour, 6, []int{4, 3, 2, 1, 0, -1}}}},
		"a minute is a fixed window too": {Rate{Burst: 2, Refill: 1, Every: time.Minute}, []ask{
			{59 * time.Second, 3, []int{1, 0, -1}}, {60 * time.Second, 2, []int{0, -1}}, {119 * time.Second, 1, []int{-1}}, {120 * time.Second, 1, []int{0}},
		}},
		"a refill larger than the burst": {Rate{Burst: 1, Refill: 100, Every: time.Second}, []ask{{0, 2, []int{0, -1}}, {time.Second, 2, []int{0, -1}}}},
		"a clock that was set back gives nothing back": {perSecond, []ask{
			{time.Hour, 6, []int{4, 3, 2, 1, 0, -1}}, {0, 1, []int{-1}}, {time.Second, 3, []int{1, 0, -1}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			l := New()
			for _, a := range c.asks {
				if diff := cmp.Diff(a.want, takes(l, c.rate, noon.Add(a.at), a.n)); diff != "" {
					t.Errorf("at %s: %s", a.at, diff)
				}
			}
		})
	}
}

func TestVerdictTellsOfTheBucket(t *testing.T) {
	got := New().Take(Key{"acme", "read clients"}, Rate{Burst: 10, Refill: 150, Every: time.Minute}, noon.Add(17*time.Second))
	want := Verdict{Allowed: true, Limited: true, Limit: 10, Remaining: 9, Reset: noon.Add(time.Minute), Wait: 43 * time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRetryAfterIsWholeSecondsAndNeverNone(t *testing.T) {
	for wait, want := range map[time.Duration]int{0: 1, time.Millisecond: 1, time.Second: 1, 1001 * time.Millisecond: 2, time.Minute: 60} {
		if got := (Verdict{Wait: wait}).RetryAfter(); got != want {
			t.Errorf("%s: %d, want %d", wait, got, want)
		}
	}
}

func TestTheZeroRateIsNoLimit(t *testing.T) {
	l := New()
	for range 1000 {
		if v := l.Take(Key{"acme", "read clients"}, Rate{}, noon); !v.Allowed || v.Limited {
			t.Fatal(v)
		}
	}
	if len(l.recent) != 0 {
		t.Error("a bucket was kept for nothing")
	}
}

func TestBucketsAreApart(t *testing.T) {
	l := New()
	takes(l, perSecond, noon, 6)
	for _, key := range []Key{{"acme", "write clients"}, {"other", "read clients"}} {
		if v := l.Take(key, perSecond, noon); v.Remaining != perSecond.Burst-1 {
			t.Errorf("%v: %v", key, v)
		}
	}
}

func TestWhatIsGivenBackCanBeTakenAgain(t *testing.T) {
	l, key := New(), Key{"acme", "read clients"}
	takes(l, perSecond, noon, 5)
	l.Return(key, perSecond, noon)
	if diff := cmp.Diff([]int{0, -1}, takes(l, perSecond, noon, 2)); diff != "" {
		t.Error(diff)
	}
	for range 7 { // more than was taken
		l.Return(key, perSecond, noon)
	}
	if diff := cmp.Diff([]int{4, 3, 2, 1, 0, -1}, takes(l, perSecond, noon, 6)); diff != "" {
		t.Error(diff)
	}
	l.Return(key, Rate{}, noon)
}

func TestARateThatChanges(t *testing.T) {
	l, larger := New(), Rate{Burst: 50, Refill: 20, Every: time.Second}
	takes(l, perSecond, noon, 5)
	if diff := cmp.Diff([]int{-1}, takes(l, larger, noon, 1)); diff != "" {
		t.Error("a larger rate filled the bucket at once:", diff)
	}
	if diff := cmp.Diff([]int{19}, takes(l, larger, noon.Add(time.Second), 1)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{4}, takes(l, perSecond, noon.Add(time.Second), 1)); diff != "" {
		t.Error("a smaller burst did not bound what was there:", diff)
	}
}

// A flood of refusals is one record a minute.
func TestFirstRefusals(t *testing.T) {
	l, first := New(), 0
	key, rate := Key{"acme", "read clients"}, Rate{Burst: 1, Refill: 1, Every: time.Second}
	for i := range 150 * 4 { // four times a second, for 150 seconds
		if l.Take(key, rate, noon.Add(time.Duration(i)*time.Second/4)).First {
			first++
		}
	}
	if first != 3 {
		t.Errorf("%d refusals are worth a record, want 3", first)
	}
}

// What is idle is forgotten, and nobody gains by it.
func TestMemoryFollowsWhatIsBusy(t *testing.T) {
	l, rate := New(), Rate{Burst: 3, Refill: 1, Every: time.Minute}
	kept := func() int { return len(l.recent) + len(l.older) }
	for i := range 1000 {
		l.Take(Key{fmt.Sprint("idle", i), "read clients"}, rate, noon)
	}
	for minute := range 10 {
		for range 3 { // of which one comes back
			l.Take(Key{"busy", "read clients"}, rate, noon.Add(time.Duration(minute)*time.Minute))
		}
	}
	if kept() != 1 {
		t.Errorf("%d buckets are kept, want 1", kept())
	}
	if v := l.Take(Key{"busy", "read clients"}, rate, noon.Add(9*time.Minute)); v.Allowed {
		t.Error("the busy bucket was forgotten")
	}
}

// A bucket that fills slowly is kept for as long.
func TestASlowBucketIsNotForgotten(t *testing.T) {
	l, slow := New(), Rate{Burst: 100, Refill: 1, Every: time.Minute}
	takes(l, slow, noon, 100)
	for minute := range 10 {
		l.Take(Key{"other", "read clients"}, slow, noon.Add(time.Duration(minute)*time.Minute))
	}
	if diff := cmp.Diff([]int{9}, takes(l, slow, noon.Add(10*time.Minute), 1)); diff != "" {
		t.Error(diff)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	l := New()
	l.max = 100
	for i := range 10_000 {
		l.Take(Key{fmt.Sprint(i), "read clients"}, perSecond, noon)
		if kept := len(l.recent) + len(l.older); kept > l.max {
			t.Fatalf("%d buckets are kept, want at most %d", kept, l.max)
		}
	}
}

func TestConcurrentTakesCountEach(t *testing.T) {
	l, allowed := New(), atomic.Int64{}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 100 {
				if l.Take(Key{"acme", "read clients"}, Rate{Burst: 700, Refill: 1, Every: time.Second}, noon).Allowed {
					allowed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if got := allowed.Load(); got != 700 {
		t.Errorf("%d of 1600 were allowed, want 700", got)
	}
}

func TestRatesAsText(t *testing.T) {
	for text, want := range map[string]Rate{
		"10/s:50":  {Burst: 50, Refill: 10, Every: time.Second},
		"150/m:10": {Burst: 10, Refill: 150, Every: time.Minute},
		"600/h":    {Burst: 600, Refill: 600, Every: time.Hour},
		"off":      {},
	} {
		got, err := ParseRate(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if again, err := ParseRate(got.String()); err != nil || again != want {
			t.Errorf("%s does not come back from %s: %+v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "10", "10/", "/s", "10/d", "0/s", "-1/s", "10/s:", "10/s:0", "10/s:x", "1e3/s", "9999999999/s", "10/s:9999999999", "Off"} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}
