package store

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// maxSkew is how far a node's clock may be from the database's before an operator is told. Tokens bear the node's time: a resource
// server refuses one that was issued in its future.
const maxSkew = 2 * time.Second

// clock is the time of what is stored: the injected one, or this machine's corrected by how far the database's is from it.
type clock struct {
	engine engine
	log    *slog.Logger
	node   func() time.Time
	follow bool // the database's clock; false = the clock is injected

	ahead  atomic.Int64 // of the node, in nanoseconds
	warned atomic.Bool
}

func newClock(e engine, cfg Config) *clock {
	if cfg.Now != nil {
		return &clock{engine: e, log: cfg.Logger, node: cfg.Now}
	}
	return &clock{engine: e, log: cfg.Logger, node: time.Now, follow: true}
}

func (c *clock) now() time.Time {
	if !c.follow {
		return c.node()
	}
	return c.node().Add(-time.Duration(c.ahead.Load()))
}

func (c *clock) skew() time.Duration { return time.Duration(c.ahead.Load()) }

// measure compares the clocks. What lies within the error of the measurement changes nothing, so that time does not jitter. A
// failure is left to whoever needs the database next.
func (c *clock) measure(ctx context.Context, q querier) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	asked := c.node()
	ms, err := c.engine.clock(ctx, q)
	if err != nil || ms == 0 {
		return
	}
	took := c.node().Sub(asked)
	ahead := asked.Add(took / 2).Sub(time.UnixMilli(ms))
	if (ahead - c.skew()).Abs() > took/2+time.Millisecond { // the answer is cut to the millisecond
		c.ahead.Store(int64(ahead))
	}
	off := c.skew().Abs() > maxSkew
	if c.warned.Swap(off) == off {
		return
	}
	if off {
		c.log.Warn("store: this machine's clock differs from the database's; synchronize them", "ahead", c.skew().String(), "allowed", maxSkew.String())
		return
	}
	c.log.Info("store: this machine's clock agrees with the database's again", "ahead", c.skew().String())
}
