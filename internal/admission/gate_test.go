package admission

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
)

// server answers requests one after the other, first come, first served, behind a gate.
type server struct {
	gate  *Gate
	takes time.Duration
	turn  chan struct{}

	mu       sync.Mutex // guards what follows
	refused  int
	answered []time.Duration
}

func newServer(gate *Gate, takes time.Duration) *server {
	return &server{gate: gate, takes: takes, turn: make(chan struct{}, 1)}
}

func (s *server) ask(t *testing.T) {
	began := time.Now()
	underWay, err := s.gate.Enter()
	if err != nil {
		var refusal *oauth.Error
		if !errors.As(err, &refusal) || refusal.Reason != oauth.ReasonOverloaded || time.Since(began) != 0 {
			t.Errorf("after %s: %v, want an overload at once", time.Since(began), err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.refused++
		return
	}
	s.turn <- struct{}{}
	time.Sleep(s.takes) // in the bubble
	<-s.turn
	took := time.Since(began)
	s.gate.Leave(underWay, took)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = append(s.answered, took)
}

// storm keeps so many callers asking, each again as soon as it has its answer or after a pause if it was turned away.
func (s *server) storm(t *testing.T, callers int, lasts time.Duration) {
	end := time.Now().Add(lasts)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for time.Now().Before(end) {
				s.ask(t)
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	group.Wait()
}

// Whatever the machine was thought to do, under a storm those who are let in are soon those who can be answered in time.
func TestTheGateLetsInWhoIsAnsweredInTime(t *testing.T) {
	for name, expected := range map[string]time.Duration{
		"expected as it is": 2 * time.Millisecond, "expected to be ten times as quick": 200 * time.Microsecond,
		"expected to be ten times as slow": 20 * time.Millisecond, "not known": 0,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(New(1, expected/2), 2*time.Millisecond)
				s.storm(t, 600, 4*time.Second)
				s.refused, s.answered = 0, nil
				s.storm(t, 600, 3*time.Second)
				longest := slices.Max(s.answered)
				if longest > patience*3/2 || longest < patience/2 {
					t.Errorf("the last was answered after %s, want about %s", longest, patience)
				}
				if s.refused == 0 || len(s.answered) < 1400 {
					t.Errorf("%d were answered in three seconds, want 500 a second; %d were turned away", len(s.answered), s.refused)
				}
				if n := s.gate.UnderWay(); n != 0 {
					t.Errorf("afterwards %d are under way", n)
				}
			})
		})
	}
}

// However slow the machine is, a burst is let in: it is no overload.
func TestTheGateLetsABurstIn(t *testing.T) {
	g := New(2, time.Hour)
	for i := range 2 * burst {
		if g.Full() {
			t.Fatalf("full with %d under way", i)
		}
		if underWay, err := g.Enter(); err != nil || underWay != int64(i+1) {
			t.Fatalf("request %d: %d under way, %v", i, underWay, err)
		}
	}
	if _, err := g.Enter(); err == nil || !g.Full() {
		t.Errorf("one more was let in; full: %t", g.Full())
	}
	if g.Leave(1, 0); g.Full() {
		t.Error("full, although one has left")
	}
}

// One that is alone takes its time for other reasons than that there are others, a disk for example: it makes nothing slower.
func TestWhatIsAloneTellsOnlyOfQuickness(t *testing.T) {
	g := New(1, 500*time.Microsecond)
	before := g.Limit()
	for range 1000 {
		enter(t, g, 1, 50*time.Millisecond)
	}
	if g.Limit() != before {
		t.Errorf("after slow requests that were alone, %d may be under way, before %d", g.Limit(), before)
	}
	for range 1000 {
		enter(t, g, 1, 100*time.Microsecond)
	}
	if g.Limit() <= before {
		t.Errorf("after quick requests, %d may be under way, before %d", g.Limit(), before)
	}
}

// What failed, for the database hung perhaps, tells nothing of how quick the server is.
func TestFailuresTellNothing(t *testing.T) {
	g := New(1, 500*time.Microsecond)
	before := g.Limit()
	enter(t, g, burst, 0)
	if g.Limit() != before || g.UnderWay() != 0 {
		t.Errorf("%d may be under way, before %d; %d are", g.Limit(), before, g.UnderWay())
	}
}

// enter lets n requests in, and out again after they took so long.
func enter(t *testing.T, g *Gate, n int, took time.Duration) {
	t.Helper()
	for range n {
		if _, err := g.Enter(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		g.Leave(int64(n-i), took)
	}
}
