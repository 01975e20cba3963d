package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// lookTimeout bounds one look at the change sequence.
const lookTimeout = 3 * time.Second

// freshness knows since when the caches are known to agree with the database. Its times are this machine's monotonic ones.
type freshness struct {
	began time.Time
	asOf  atomic.Int64  // when the last successful look began, after began
	turn  chan struct{} // holds one token: one look at a time; guards what follows
	tried time.Duration // when the last look began, after began
	err   error         // how it ended
}

func newFreshness() *freshness {
	f := &freshness{began: time.Now(), turn: make(chan struct{}, 1)}
	f.turn <- struct{}{}
	return f
}

// since returns when a look at the database that began at or after notBefore has ended, as that look did. Most callers find that it
// already has; of those that do not, one looks and the others wait for it.
func (f *freshness) since(ctx context.Context, notBefore time.Time, look func(context.Context) error) error {
	wanted := notBefore.Sub(f.began)
	if time.Duration(f.asOf.Load()) >= wanted {
		return nil
	}
	select {
	case <-f.turn:
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", tenant.ErrUnavailable, ctx.Err())
	}
	defer func() { f.turn <- struct{}{} }()
	if f.tried >= wanted && f.tried > 0 {
		return f.err // of the look that we waited for
	}
	// Others wait for this look, so it does not end because its caller leaves.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
	defer cancel()
	f.tried = time.Since(f.began)
	if f.err = look(ctx); f.err == nil {
		f.asOf.Store(int64(f.tried))
	}
	return f.err
}
