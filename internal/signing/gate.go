package signing

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
)

// patience is how long a signature may be expected to wait for its turn. Who would wait longer is turned away at once, and comes
// back (RFC 9110 section 15.6.4) instead of holding memory here until a timeout.
const patience = time.Second

// gate lets one signature per core run at a time: more would finish no sooner, and all of them later. The others wait their turn,
// first come, first served. Safe for concurrent use.
type gate struct {
	// slots is full while every core signs. A channel hands the place of one that leaves to the sender that waited longest, and
	// a newcomer finds it taken: nobody overtakes.
	slots chan struct{}
	// waiting counts those who wait, and backlog the nanoseconds on one core that they will need.
	waiting, backlog atomic.Int64
}

func newGate(cores int) *gate { return &gate{slots: make(chan struct{}, cores)} }

// enter waits for a core; cost is how long the caller will need it. Leave must follow unless there is an error.
// Errors: *oauth.Error Overloaded, at once, if all cores together would need longer than patience for those in front, and there
// are more than two for each core; ctx.Err while waiting.
func (g *gate) enter(ctx context.Context, cost time.Duration) error {
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	waiting, backlog := g.waiting.Add(1), g.backlog.Add(int64(cost))
	defer func() {
		g.waiting.Add(-1)
		g.backlog.Add(-int64(cost))
	}()
	if cores := int64(cap(g.slots)); waiting > 2*cores && backlog > cores*int64(patience) {
		return oauth.Overloaded()
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a core to sign: %w", ctx.Err())
	}
}

func (g *gate) leave() { <-g.slots }

// pace is how long signatures of one kind have taken of late, on this machine as busy as it is. Safe for concurrent use: an
// update that is lost to another does no harm.
type pace struct{ nanoseconds atomic.Int64 }

func newPace(first time.Duration) *pace {
	p := &pace{}
	p.nanoseconds.Store(int64(first))
	return p
}

func (p *pace) expected() time.Duration { return time.Duration(p.nanoseconds.Load()) }

// observe moves the expectation an eighth of the way to what was seen.
func (p *pace) observe(took time.Duration) {
	expected := p.nanoseconds.Load()
	p.nanoseconds.Store(expected + (int64(took)-expected)/8)
}
