package store

import (
	"sync"
	"time"
)

const (
	// missingFor is how long a negative answer is remembered.
	missingFor = time.Second
	// maxAbsences bounds the negative answers of one cache. Whoever asks for more different ones in a second has each read anew.
	maxAbsences = 1000
)

// absences are the negative answers of one cache. A nil one remembers nothing. Safe for concurrent use.
type absences struct {
	now func() time.Time

	mu        sync.Mutex // guards what follows
	since     map[cacheKey]time.Time
	forgotten uint64 // how often forget was called
}

// question is the moment before a read: what it did not find is worth remembering only if nothing was forgotten since.
type question struct {
	at        time.Time
	forgotten uint64
}

func (a *absences) begin() question {
	if a == nil {
		return question{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return question{at: a.now(), forgotten: a.forgotten}
}

func (a *absences) has(key cacheKey) bool {
	if a == nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	since, ok := a.since[key]
	return ok && a.now().Sub(since) < missingFor
}

// remember keeps a negative answer. A full memory starts anew: nearly all of it is older than missingFor, and the rest is read again.
func (a *absences) remember(key cacheKey, asked question) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if asked.forgotten != a.forgotten {
		return
	}
	if len(a.since) >= maxAbsences {
		clear(a.since)
	}
	a.since[key] = asked.at
}

// forget drops all negative answers, and those of reads under way: a commit that made something may have made any of them wrong.
func (a *absences) forget() {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgotten++
	clear(a.since)
}
