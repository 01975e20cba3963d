package limit

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTallyTellsTheFirstAndThenOneAMinute(t *testing.T) {
	tal, key := newTally(), Key{"acme", "acl"}
	for _, step := range []struct {
		at    time.Duration
		times int // told; 0 = nothing
	}{
		{0, 1}, {time.Second, 0}, {59 * time.Second, 0}, {time.Minute, 3}, {61 * time.Second, 0}, {3 * time.Minute, 2}, {10 * time.Minute, 1},
		{0, 1}, // the clock was set back
	} {
		told, worth := tal.add(key, tallyEvery, noon.Add(step.at))
		if worth != (step.times > 0) || told.times != step.times {
			t.Errorf("at %s: told %d, want %d", step.at, told.times, step.times)
		}
	}
}

func TestTalliesAreApartAndBounded(t *testing.T) {
	tal := newTally()
	tal.max = 100
	for i := range 1000 {
		if _, worth := tal.add(Key{"acme", fmt.Sprint(i)}, tallyEvery, noon); !worth {
			t.Errorf("the first of %d is not told", i)
		}
		if len(tal.counts) > tal.max {
			t.Fatalf("%d are kept", len(tal.counts))
		}
	}
	if _, worth := tal.add(Key{"other", "999"}, tallyEvery, noon); !worth {
		t.Error("another tenant's first is not told")
	}
}

// However many come at once, one of them is told, and each is counted.
func TestTallyCountsEach(t *testing.T) {
	tal, key, told := newTally(), Key{"acme", "acl"}, atomic.Int64{}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 100 {
				if _, worth := tal.add(key, tallyEvery, noon); worth {
					told.Add(1)
				}
			}
		})
	}
	all.Wait()
	last, worth := tal.add(key, tallyEvery, noon.Add(time.Minute))
	if told.Load() != 1 || !worth || last.times != 1600 {
		t.Errorf("%d tellings, then %+v", told.Load(), last)
	}
}
