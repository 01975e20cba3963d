package limit

import (
	"sync"
	"time"
)

// tallyEvery is the least time between two tellings of one thing.
const tallyEvery = time.Minute

// maxTallied bounds what is kept. Beyond it what was not told lately is forgotten, and then everything.
const maxTallied = 100_000

// tally counts what may happen often and is worth a record now and then. Safe for concurrent use.
type tally struct {
	mu     sync.Mutex // guards counts
	counts map[Key]*count
	max    int
}

// count is one thing that happens.
type count struct {
	told    time.Time
	pending int // since then
}

// telling is what a record says: how often since when.
type telling struct {
	times       int
	since, till time.Time
}

func newTally() *tally { return &tally{counts: map[Key]*count{}, max: maxTallied} }

// add counts one more. worth reports whether that should be told now: it is the first, or the last telling is at least every ago.
func (t *tally) add(key Key, every time.Duration, now time.Time) (told telling, worth bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.counts[key]
	if c == nil {
		t.makeRoom(now)
		t.counts[key] = &count{told: now}
		return telling{times: 1, since: now, till: now}, true
	}
	c.pending++
	if now.Sub(c.told).Abs() < every {
		return telling{}, false
	}
	told = telling{times: c.pending, since: c.told, till: now}
	c.told, c.pending = now, 0
	return told, true
}

func (t *tally) makeRoom(now time.Time) {
	if len(t.counts) < t.max {
		return
	}
	for key, c := range t.counts {
		if now.Sub(c.told).Abs() >= tallyEvery {
			delete(t.counts, key)
		}
	}
	if len(t.counts) >= t.max {
		clear(t.counts)
	}
}
