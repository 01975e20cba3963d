package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// lookTimeout bounds one look at the change sequence.
	lookTimeout = 2 * time.Second
	// lookAgain is for how long a look that failed is not repeated, but by the background, while nothing else gets an answer either.
	lookAgain = time.Second
)

// freshness knows since when the caches are known to agree with the database. Its times are this machine's monotonic ones.
type freshness struct {
	began time.Time
	asOf  atomic.Int64 // when the last successful look began, after began
	heard atomic.Int64 // when something else of the database last answered, after began
	gone  atomic.Pointer[failedLook]
	turn  chan struct{} // holds one token: one look at a time; guards what follows
	tried time.Duration // when the last look began, after began
	err   error         // how it ended
}

// failedLook is a look that failed.
type failedLook struct {
	began time.Duration // after freshness.began
	ended time.Time
	err   error
}

func newFreshness() *freshness {
	f := &freshness{began: time.Now(), turn: make(chan struct{}, 1)}
	f.turn <- struct{}{}
	return f
}

// since returns when a look at the database that began at or after notBefore has ended, as that look did. Most callers find that it
// already has. Soon after a look that failed there is no other one, unless the database was heard since: the caller gets its error at
// once. Errors: tenant.ErrUnavailable.
func (f *freshness) since(ctx context.Context, notBefore time.Time, look func(context.Context) error) error {
	if time.Duration(f.asOf.Load()) >= notBefore.Sub(f.began) {
		return nil
	}
	if failed := f.gone.Load(); failed != nil && time.Since(failed.ended) < lookAgain && time.Duration(f.heard.Load()) <= failed.began {
		return failed.err
	}
	return f.look(ctx, notBefore, look)
}

// hear tells that the database has answered something else just now.
func (f *freshness) hear() { f.heard.Store(int64(time.Since(f.began))) }

// look is since for the background, which finds out whether the database is back. Of concurrent callers one looks, and the others
// wait for it.
func (f *freshness) look(ctx context.Context, notBefore time.Time, look func(context.Context) error) error {
	select {
	case <-f.turn:
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", tenant.ErrUnavailable, ctx.Err())
	}
	defer func() { f.turn <- struct{}{} }()
	if f.tried >= notBefore.Sub(f.began) && f.tried > 0 {
		return f.err // of the look that we waited for
	}
	// Others wait for this look, so it does not end because its caller leaves.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
	defer cancel()
	f.tried = time.Since(f.began)
	if f.err = look(ctx); f.err != nil {
		f.err = unavailable(f.err)
		f.gone.Store(&failedLook{began: f.tried, ended: time.Now(), err: f.err})
		return f.err
	}
	f.asOf.Store(int64(f.tried))
	f.gone.Store(nil)
	return nil
}
