package admission

import (
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
)

const (
	// patience is how long a request may be expected to take once it is let in. Who would take longer is turned away at once, and
	// comes back (RFC 9110 section 15.6.4) instead of holding memory and a core here until a timeout. What waits in front of the gate,
	// for a core to be read and turned away on, takes as long again: together about a second.
	patience = time.Second / 2
	// burst is how many requests for each core are let in however slow the machine is: a burst is no overload.
	burst = 32
	// weight is the share of one observation in what is expected.
	weight = 16
)

// Gate bounds the requests under way to those that are answered within about a second. Safe for concurrent use.
//
// What it goes by is the time between two answers, T. With n requests under way, one that is let in is answered after about n*T
// (Little's law), whatever is scarce: cores for signatures, cores for what is turned away meanwhile, or the disk. So patience/T may
// be under way, and each answer tells T anew: the time that it took, divided by how many were under way.
type Gate struct {
	always   int64        // requests that are let in in any case
	underWay atomic.Int64 // requests that were let in and have not left
	interval atomic.Int64 // T in nanoseconds, never 0; an update that is lost to another does no harm
}

// New returns a gate for a machine of so many cores. signature is how long one signature takes on a core, which is about half of what
// a request takes; it stands in for T until the gate has seen better. 0 = not known.
func New(cores int, signature time.Duration) *Gate {
	g := &Gate{always: int64(burst * cores)}
	g.expect(2 * signature / time.Duration(cores))
	return g
}

// Full reports whether Enter would turn a request away now. It promises nothing: it is for those that have something costly to do first.
func (g *Gate) Full() bool { return g.underWay.Load() >= g.limit() }

// Enter lets a request in and returns how many are then under way. Leave must follow unless there is an error.
// Errors: *oauth.Error Overloaded, at once.
func (g *Gate) Enter() (underWay int64, err error) {
	underWay = g.underWay.Add(1)
	if underWay > g.limit() {
		g.underWay.Add(-1)
		return 0, oauth.Overloaded()
	}
	return underWay, nil
}

// Leave ends what Enter began. underWay is what that returned, took the time between the two; 0 = it tells nothing of how quick the
// server is, because the request failed for a reason of its own.
func (g *Gate) Leave(underWay int64, took time.Duration) {
	g.underWay.Add(-1)
	if took <= 0 {
		return
	}
	// An upper bound of T, for what a request takes even if it is alone is in it, too. The more are under way, the closer it is;
	// few tell something only if it is less than was expected.
	observed, expected := took/time.Duration(underWay), time.Duration(g.interval.Load())
	if observed < expected || underWay >= g.always/2 {
		g.expect(expected + (observed-expected)/weight)
	}
}

// UnderWay is how many requests were let in and have not left.
func (g *Gate) UnderWay() int { return int(g.underWay.Load()) }

// Limit is how many requests may be under way now.
func (g *Gate) Limit() int { return int(g.limit()) }

func (g *Gate) limit() int64 { return max(g.always, int64(patience)/g.interval.Load()) }

func (g *Gate) expect(interval time.Duration) { g.interval.Store(max(1, int64(interval))) }
