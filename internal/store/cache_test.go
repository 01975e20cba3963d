package store

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

func testCache(t *testing.T, read func(ctx context.Context, key cacheKey) (string, error)) *cache[string] {
	t.Helper()
	c, err := newCache(100, time.Now, true, read)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A read that began before an invalidation must not leave what it read, whether one entry is forgotten or all.
func TestCacheInvalidationDuringRead(t *testing.T) {
	for name, forget := range map[string]func(c *cache[string]){
		"one": func(c *cache[string]) { c.forget("acme", "id", "") },
		"all": func(c *cache[string]) { c.forgetAll() },
	} {
		t.Run(name, func(t *testing.T) {
			var current atomic.Value
			current.Store("old")
			reading, proceed := make(chan struct{}), make(chan struct{})
			var reads atomic.Int64
			c := testCache(t, func(context.Context, cacheKey) (string, error) {
				value := current.Load().(string)
				if reads.Add(1) == 1 {
					close(reading)
					<-proceed
				}
				return value, nil
			})
			var wg sync.WaitGroup
			wg.Go(func() { c.get(t.Context(), "acme", "id", "") })
			<-reading
			current.Store("new") // committed
			forget(c)            // and told
			close(proceed)
			wg.Wait()
			got, err := c.get(t.Context(), "acme", "id", "")
			if err != nil || *got != "new" {
				t.Errorf("get = %q, %v; want the new value", *got, err)
			}
		})
	}
}

func TestCacheConcurrentMissesAreOneRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int64
		proceed := make(chan struct{})
		c := testCache(t, func(context.Context, cacheKey) (string, error) {
			reads.Add(1)
			<-proceed
			return "", tenant.ErrNotFound
		})
		ask := func() {
			for range 64 {
				go func() {
					if _, err := c.get(t.Context(), "acme", "unknown", ""); err != tenant.ErrNotFound {
						t.Errorf("get: %v", err)
					}
				}()
			}
			synctest.Wait() // all of them wait
		}
		ask()
		close(proceed)
		synctest.Wait()
		if n := reads.Load(); n != 1 {
			t.Errorf("%d reads, want 1", n)
		}
		// When the negative answer has expired, one more.
		time.Sleep(missingFor)
		proceed = make(chan struct{})
		ask()
		close(proceed)
		synctest.Wait()
		if n := reads.Load(); n != 2 {
			t.Errorf("%d reads after expiry, want 2", n)
		}
	})
}

func TestCacheErrorsAreNotRemembered(t *testing.T) {
	failures := []error{tenant.ErrUnavailable, nil}
	c := testCache(t, func(context.Context, cacheKey) (string, error) {
		err := failures[0]
		failures = failures[1:]
		return "value", err
	})
	if _, err := c.get(t.Context(), "acme", "id", ""); err == nil {
		t.Error("the failure was swallowed")
	}
	if _, err := c.get(t.Context(), "acme", "id", ""); err != nil {
		t.Errorf("the failure was remembered: %v", err)
	}
}

// Whoever finds an expired answer drops that answer, not a fresh one that another has put in its place meanwhile.
func TestCacheDropSparesAFreshEntry(t *testing.T) {
	var reads atomic.Int64
	c := testCache(t, func(context.Context, cacheKey) (string, error) {
		reads.Add(1)
		return "fresh", nil
	})
	if _, err := c.get(t.Context(), "acme", "id", ""); err != nil {
		t.Fatal(err)
	}
	c.drop(cacheKey{tenant: "acme", id: "id"}, &cached[string]{missing: true})
	if _, err := c.get(t.Context(), "acme", "id", ""); err != nil {
		t.Fatal(err)
	}
	if n := reads.Load(); n != 1 {
		t.Errorf("%d reads, want 1: the fresh entry was dropped", n)
	}
}
