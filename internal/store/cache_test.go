package store

import (
	"context"
	"fmt"
	"runtime"
	"strings"
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

// What was not there a moment ago may have been made: forgetting forgets that, too, also while it is being read.
func TestCacheForgetsAbsence(t *testing.T) {
	reading, proceed := make(chan struct{}), make(chan struct{})
	answers := []error{tenant.ErrNotFound, nil}
	c := testCache(t, func(context.Context, cacheKey) (string, error) {
		err := answers[0]
		if answers = answers[1:]; err != nil {
			close(reading)
			<-proceed
		}
		return "made", err
	})
	var wg sync.WaitGroup
	wg.Go(func() { c.get(t.Context(), "acme", "id", "") })
	<-reading
	c.forget("acme", "id", "") // another commit made it
	close(proceed)
	wg.Wait()
	if got, err := c.get(t.Context(), "acme", "id", ""); err != nil || *got != "made" {
		t.Errorf("get: %v, want what was made", err)
	}
}

// Strangers who ask for what is not there evict nothing that is.
func TestCacheAbsenceEvictsNothing(t *testing.T) {
	reads := map[string]int{}
	c := testCache(t, func(_ context.Context, key cacheKey) (string, error) {
		reads[key.id]++
		if strings.HasPrefix(key.id, "stranger") {
			return "", tenant.ErrNotFound
		}
		return "value", nil
	})
	for i := range 50 {
		c.get(t.Context(), "acme", fmt.Sprintf("client-%d", i), "")
	}
	for i := range 5000 {
		c.get(t.Context(), "acme", fmt.Sprintf("stranger-%d", i), "")
	}
	for i := range 50 {
		id := fmt.Sprintf("client-%d", i)
		if c.get(t.Context(), "acme", id, ""); reads[id] != 1 {
			t.Fatalf("%s was read %d times", id, reads[id])
		}
	}
}

// A key that is part of a request must not keep the request's memory, whether what it names is there or not.
func TestCacheKeysPinNothing(t *testing.T) {
	const questions, body = 600, 64 << 10
	c := testCache(t, func(_ context.Context, key cacheKey) (string, error) {
		if strings.HasSuffix(key.id, "0") {
			return "value", nil
		}
		return "", tenant.ErrNotFound
	})
	before := heap()
	for i := range questions {
		request := fmt.Sprintf("%04d%s", i, strings.Repeat("x", body))
		c.get(t.Context(), request[:2], request[:4], request[1:3])
	}
	if grown := heap() - before; grown > questions*body/4 {
		t.Errorf("%d requests of %d bytes keep %d bytes", questions, body, grown)
	}
	runtime.KeepAlive(c)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Who asked first may leave; those who wait for the same answer get it.
func TestCacheReadOutlivesItsCaller(t *testing.T) {
	reading, proceed := make(chan struct{}), make(chan struct{})
	c := testCache(t, func(ctx context.Context, _ cacheKey) (string, error) {
		close(reading)
		<-proceed
		return "value", ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.get(ctx, "acme", "id", ""); err != nil {
			t.Errorf("the read failed because its first caller left: %v", err)
		}
	})
	<-reading
	leave()
	close(proceed)
	wg.Wait()
}
