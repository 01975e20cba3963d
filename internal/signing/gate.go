package signing

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
)

// patience is how long a signature waits for its turn. How many can wait is decided where requests are let in (package admission), by
// how quick the server has been; this bounds the wait of those that were let in just before it became slower.
const patience = time.Second

// gate lets one signature per core run at a time: more would finish no sooner, and all of them later. The others wait their turn,
// first come, first served. Safe for concurrent use.
type gate struct {
	// slots is full while every core signs. A channel hands the place of one that leaves to the sender that waited longest, and
	// a newcomer finds it taken: nobody overtakes.
	slots   chan struct{}
	waiting atomic.Int64
}

func newGate(cores int) *gate { return &gate{slots: make(chan struct{}, cores)} }

// enter waits for a core. Leave must follow unless there is an error. Errors: *oauth.Error Overloaded after patience; ctx.Err.
func (g *gate) enter(ctx context.Context) error {
	// An RSA signature takes ten times as long as to read a request or turn it away: it goes behind all that can run now. Else requests
	// would wait to be read, where nobody counts them (package admission).
	runtime.Gosched()
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case g.slots <- struct{}{}:
		runtime.Gosched() // else the slot goes from one to the next, and nobody else has the core
		return nil
	case <-late.C:
		return oauth.Overloaded()
	case <-ctx.Done():
		return fmt.Errorf("waiting for a core to sign: %w", ctx.Err())
	}
}

func (g *gate) leave() { <-g.slots }
