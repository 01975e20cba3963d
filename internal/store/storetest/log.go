package storetest

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testLog: a record that was acknowledged is there once, whole, in the order of commits.
func testLog(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	t.Run("a record is read back whole, with a log id of 56 digits", func(t *testing.T) {
		w := start(t, newDatabase)
		want := event(1)
		wantError(t, w.db.Append(ctx, want), nil)
		got := must(w.db.Tenant("acme").Logs().Query(ctx, tenant.LogQuery{}))(t)
		if len(got) != 1 {
			t.Fatalf("%d records, want 1", len(got))
		}
		id := got[0].LogID
		if len(id) != 56 || !strings.HasPrefix(id, "90020261123120000000") || strings.Trim(id, "0123456789") != "" {
			t.Errorf("log id %q", id)
		}
		want.LogID = id
		wantEqual(t, got[0], want)
		wantEqual(t, must(w.db.Tenant("acme").Logs().Get(ctx, id))(t), want)
		wantError(t, second(w.db.Tenant("other").Logs().Get(ctx, id)), tenant.ErrNotFound)
		wantEqual(t, must(w.db.Tenant("other").Logs().Count(ctx, tenant.LogQuery{}))(t), 0)
	})
	t.Run("what is no log id is no record's", func(t *testing.T) {
		w := start(t, newDatabase)
		for _, id := range []string{"1", strings.Repeat("9", 56), "900" + strings.Repeat("x", 53),
			"90020261123120000000" + strings.Repeat("0", 35) + "1"} {
			wantError(t, second(w.db.Tenant("acme").Logs().Get(ctx, id)), tenant.ErrNotFound)
		}
	})
	t.Run("log ids never run back, though the clock does, and though the log was emptied", func(t *testing.T) {
		w := start(t, newDatabase)
		var all []string
		for i, step := range []time.Duration{0, -time.Hour, 40 * 24 * time.Hour, -time.Hour} {
			w.clock.advance(step)
			wantError(t, w.db.Sweep(ctx), nil)
			wantError(t, w.db.Append(ctx, event(i)), nil)
			newest := must(w.db.Tenant("acme").Logs().Query(ctx, tenant.LogQuery{Limit: 1}))(t)
			all = append(all, newest[0].LogID)
		}
		if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Errorf("log ids do not ascend:\n%s", strings.Join(all, "\n"))
		}
	})
	t.Run("After returns what is strictly newer, oldest first", func(t *testing.T) {
		w := start(t, newDatabase)
		for i := range 4 {
			wantError(t, w.db.Append(ctx, event(i)), nil)
		}
		logs := w.db.Tenant("acme").Logs()
		oldest := must(logs.After(ctx, "", 2))(t)
		wantEqual(t, ids(oldest, description), []string{"event 0", "event 1"})
		wantEqual(t, ids(must(logs.After(ctx, oldest[1].LogID, 9))(t), description), []string{"event 2", "event 3"})
		newest := must(logs.Query(ctx, tenant.LogQuery{Limit: 1}))(t)[0].LogID
		wantEqual(t, ids(must(logs.After(ctx, newest, 9))(t), description), []string{})
		wantError(t, second(logs.After(ctx, "yesterday", 9)), tenant.ErrNotFound)
	})
	t.Run("a reader that follows misses nothing, whoever writes", func(t *testing.T) { testFollow(t, newDatabase) })
	t.Run("a closed store takes no record", func(t *testing.T) {
		w := start(t, newDatabase)
		db := w.open(t)
		wantError(t, db.Close(), nil)
		wantError(t, db.Append(ctx, event(1)), tenant.ErrUnavailable)
		wantError(t, db.Ready(ctx), tenant.ErrUnavailable)
		wantError(t, db.InTx(ctx, func(*store.Tx) error { return nil }), tenant.ErrUnavailable)
		wantEqual(t, must(w.db.Tenant("acme").Logs().Count(ctx, tenant.LogQuery{}))(t), 0)
	})
}

// testFollow writes through two handles at once while a reader follows the log from its last id.
func testFollow(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	const writers, each = 8, 25
	ctx := t.Context()
	w := start(t, newDatabase)
	other := w.open(t)
	var wg sync.WaitGroup
	for i := range writers {
		db := []*store.DB{w.db, other}[i%2]
		wg.Go(func() {
			for j := range each {
				if err := db.Append(ctx, event(i*each+j)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen := map[string]int{}
	last := ""
	for total := 0; total < writers*each && !t.Failed(); runtime.Gosched() {
		news, err := w.db.Tenant("acme").Logs().After(ctx, last, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range news {
			if e.LogID <= last {
				t.Fatalf("log id %s after %s", e.LogID, last)
			}
			last = e.LogID
			seen[e.Description]++
		}
		total += len(news)
	}
	wg.Wait()
	for i := range writers * each {
		if n := seen[fmt.Sprintf("event %d", i)]; n != 1 {
			t.Errorf("event %d was seen %d times", i, n)
		}
	}
}
