package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/tenant"
)

// readTimeout bounds the read behind a cache. It is nobody's alone: others wait for it too.
const readTimeout = 5 * time.Second

// cacheKey names one snapshot. epoch sets apart what was read before everything was forgotten: a load that was under way then
// ends under a key that nobody asks for any more.
type cacheKey struct {
	epoch           uint64
	tenant, id, sub string
}

// kept is the key as a cache may keep it: texts of its own, not parts of the request that they came with.
func (k cacheKey) kept() cacheKey {
	k.tenant, k.id, k.sub = strings.Clone(k.tenant), strings.Clone(k.id), strings.Clone(k.sub)
	return k
}

// cache answers from memory and reads what it does not have, once for all who ask at the same time. An invalidation during a
// read discards what was read, so that nothing older than the invalidation stays. What is there and what is not are kept apart:
// strangers who ask for what is not there evict nothing that is.
type cache[T any] struct {
	entries *otter.Cache[cacheKey, *T]
	absent  *absences // nil = negative answers are not remembered
	epoch   atomic.Uint64
	read    func(ctx context.Context, key cacheKey) (T, error)
}

func newCache[T any](size int, now func() time.Time, rememberMissing bool,
	read func(ctx context.Context, key cacheKey) (T, error)) (*cache[T], error) {
	entries, err := otter.New(&otter.Options[cacheKey, *T]{MaximumSize: size})
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	c := &cache[T]{entries: entries, read: read}
	if rememberMissing {
		c.absent = &absences{now: now, since: map[cacheKey]time.Time{}}
	}
	return c, nil
}

// get returns the snapshot; what it points to must not be changed. Errors: tenant.ErrNotFound, and those of read.
func (c *cache[T]) get(ctx context.Context, tenantName, id, sub string) (*T, error) {
	key := cacheKey{epoch: c.epoch.Load(), tenant: tenantName, id: id, sub: sub}
	if entry, ok := c.entries.GetIfPresent(key); ok {
		return entry, nil
	}
	if c.absent.has(key) {
		return nil, tenant.ErrNotFound
	}
	return c.entries.Get(ctx, key.kept(), c)
}

// forget makes one snapshot stale, whether it is there or being read.
func (c *cache[T]) forget(tenantName, id, sub string) {
	key := cacheKey{epoch: c.epoch.Load(), tenant: tenantName, id: id, sub: sub}
	c.entries.Invalidate(key)
	c.absent.forget()
}

func (c *cache[T]) forgetAll() {
	c.epoch.Add(1)
	c.entries.InvalidateAll()
	c.absent.forget()
}

// Load implements otter.Loader. It does not end because the one of its callers who came first leaves.
func (c *cache[T]) Load(ctx context.Context, key cacheKey) (*T, error) {
	asked := c.absent.begin()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
	defer cancel()
	value, err := c.read(bounded, key)
	switch {
	case errors.Is(err, tenant.ErrNotFound):
		c.absent.remember(key, asked)
		return nil, err
	case err != nil && bounded.Err() != nil:
		return nil, fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
	case err != nil:
		return nil, err
	}
	return &value, nil
}

// Reload implements otter.Loader.
func (c *cache[T]) Reload(ctx context.Context, key cacheKey, _ *T) (*T, error) {
	return c.Load(ctx, key)
}
