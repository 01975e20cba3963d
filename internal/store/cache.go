package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/tenant"
)

// missingFor is how long a negative answer is remembered.
const missingFor = time.Second

// cacheKey names one snapshot. epoch sets apart what was read before everything was forgotten: a load that was under way then
// ends under a key that nobody asks for any more.
type cacheKey struct {
	epoch           uint64
	tenant, id, sub string
}

// cached is an answer: a value, or the fact that there was none at some time.
type cached[T any] struct {
	value   T
	missing bool
	since   time.Time // of missing
}

// cache answers from memory and reads what it does not have, once for all who ask at the same time. An invalidation during a
// read discards what was read, so that nothing older than the invalidation stays.
type cache[T any] struct {
	entries *otter.Cache[cacheKey, *cached[T]]
	epoch   atomic.Uint64
	now     func() time.Time
	read    func(ctx context.Context, key cacheKey) (T, error)
	// rememberMissing keeps negative answers for missingFor; without it every question that has none is read anew.
	rememberMissing bool
}

func newCache[T any](size int, now func() time.Time, rememberMissing bool,
	read func(ctx context.Context, key cacheKey) (T, error)) (*cache[T], error) {
	entries, err := otter.New(&otter.Options[cacheKey, *cached[T]]{MaximumSize: size})
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return &cache[T]{entries: entries, now: now, read: read, rememberMissing: rememberMissing}, nil
}

// get returns the snapshot; what it points to must not be changed. Errors: tenant.ErrNotFound, and those of read.
func (c *cache[T]) get(ctx context.Context, tenantName, id, sub string) (*T, error) {
	key := cacheKey{epoch: c.epoch.Load(), tenant: tenantName, id: id, sub: sub}
	for {
		entry, err := c.entries.Get(ctx, key, c)
		if err != nil {
			return nil, err
		}
		if !entry.missing {
			return &entry.value, nil
		}
		if c.now().Sub(entry.since) < missingFor {
			return nil, tenant.ErrNotFound
		}
		c.drop(key, entry)
	}
}

// drop removes one entry and no other that may have taken its place.
func (c *cache[T]) drop(key cacheKey, entry *cached[T]) {
	c.entries.ComputeIfPresent(key, func(current *cached[T]) (*cached[T], otter.ComputeOp) {
		if current == entry {
			return nil, otter.InvalidateOp
		}
		return current, otter.CancelOp
	})
}

// forget makes one snapshot stale, whether it is there or being read.
func (c *cache[T]) forget(tenantName, id, sub string) {
	c.entries.Invalidate(cacheKey{epoch: c.epoch.Load(), tenant: tenantName, id: id, sub: sub})
}

func (c *cache[T]) forgetAll() {
	c.epoch.Add(1)
	c.entries.InvalidateAll()
}

// Load implements otter.Loader.
func (c *cache[T]) Load(ctx context.Context, key cacheKey) (*cached[T], error) {
	since := c.now()
	value, err := c.read(ctx, key)
	if errors.Is(err, tenant.ErrNotFound) && c.rememberMissing {
		return &cached[T]{missing: true, since: since}, nil
	}
	if err != nil {
		return nil, err
	}
	return &cached[T]{value: value}, nil
}

// Reload implements otter.Loader.
func (c *cache[T]) Reload(ctx context.Context, key cacheKey, _ *cached[T]) (*cached[T], error) {
	return c.Load(ctx, key)
}
