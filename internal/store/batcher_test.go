package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// gate is an operation that keeps its batch open until it is let go, so that a test decides what the next batch holds.
type gate struct {
	entered, leave chan struct{}
}

func newGate() gate { return gate{entered: make(chan struct{}), leave: make(chan struct{})} }

func (g gate) apply(context.Context, *batch) error {
	close(g.entered)
	<-g.leave
	return nil
}

// failing is an operation that refuses.
type failing struct{ err error }

func (f failing) apply(context.Context, *batch) error { return f.err }

// oneBatch submits operations so that they share a transaction (batchSize at a time), and returns their outcomes.
func oneBatch(t *testing.T, b *batcher, ops ...operation) []error {
	t.Helper()
	g := newGate()
	gated, err := b.enqueue(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	<-g.entered
	submissions := make([]*submission, len(ops))
	for i, op := range ops {
		if submissions[i], err = b.enqueue(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	close(g.leave)
	if err := gated.wait(); err != nil {
		t.Fatal(err)
	}
	outcomes := make([]error, len(ops))
	for i, s := range submissions {
		outcomes[i] = s.wait()
	}
	return outcomes
}

func appendOp(t *testing.T, description string) operation {
	t.Helper()
	op, err := newAppendLog(testEvent(description))
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func TestBatcherFailedOperationFailsOnlyItself(t *testing.T) {
	db := openTest(t, testConfig(t))
	refusal := errors.New("refused")
	got := oneBatch(t, db.batcher, appendOp(t, "before"), failing{refusal}, appendOp(t, "after"))
	if got[0] != nil || !errors.Is(got[1], refusal) || got[2] != nil {
		t.Errorf("outcomes = %v, want only the second to fail", got)
	}
	if n := logCount(t, db); n != 2 {
		t.Errorf("%d records, want 2", n)
	}
}

func TestBatcherLostTransactionFailsAll(t *testing.T) {
	db := openTest(t, testConfig(t))
	lost := fmt.Errorf("disk gone: %w", tenant.ErrUnavailable)
	for _, err := range oneBatch(t, db.batcher, appendOp(t, "before"), failing{lost}, appendOp(t, "after")) {
		if !errors.Is(err, tenant.ErrUnavailable) {
			t.Errorf("outcome = %v, want ErrUnavailable", err)
		}
	}
	if n := logCount(t, db); n != 0 {
		t.Errorf("%d records, want none: none was acknowledged", n)
	}
	if err := db.Append(t.Context(), testEvent("later")); err != nil {
		t.Errorf("the batcher does not go on: %v", err)
	}
}

// What queued up behind a lost batch is refused with it, instead of finding out one time-out after another that the database is gone.
func TestBatcherLostTransactionFailsWhatQueuedBehind(t *testing.T) {
	db := openTest(t, testConfig(t))
	ops := []operation{failing{fmt.Errorf("database gone: %w", tenant.ErrUnavailable)}}
	for i := range 2 * batchSize {
		ops = append(ops, appendOp(t, fmt.Sprint(i)))
	}
	for i, err := range oneBatch(t, db.batcher, ops...) {
		if !errors.Is(err, tenant.ErrUnavailable) {
			t.Fatalf("outcome %d = %v, want ErrUnavailable", i, err)
		}
	}
	if n := logCount(t, db); n != 0 {
		t.Errorf("%d records, want none", n)
	}
	if err := db.Append(t.Context(), testEvent("later")); err != nil {
		t.Errorf("the batcher does not go on: %v", err)
	}
}

func TestBatcherFullDisk(t *testing.T) {
	db := openTest(t, testConfig(t))
	createTenant(t, db, "acme")
	setPages := func(n int) {
		if _, err := db.events.writer.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	setPages(1) // SQLite makes it the present size
	acknowledged := 0
	var err error
	for err == nil && acknowledged < 10_000 {
		if err = db.Append(t.Context(), testEvent("filling")); err == nil {
			acknowledged++
		}
	}
	if !errors.Is(err, tenant.ErrUnavailable) {
		t.Fatalf("append to a full disk: %v, want ErrUnavailable", err)
	}
	if n := logCount(t, db); n != acknowledged {
		t.Errorf("%d records, %d acknowledged", n, acknowledged)
	}
	// A management write succeeds meanwhile: its record waits in the outbox, as durable as the write.
	if err := db.InTx(t.Context(), func(tx *Tx) error { return tx.Record(t.Context(), testEvent("waiting")) }); err != nil {
		t.Errorf("management write: %v", err)
	}
	if n := outboxCount(t, db); n != 1 {
		t.Errorf("%d records wait in the outbox, want 1", n)
	}
	setPages(1 << 20)
	if err := db.moveLeftovers(t.Context(), 0); err != nil {
		t.Errorf("move after the disk has room: %v", err)
	}
	if err := db.Append(t.Context(), testEvent("again")); err != nil {
		t.Errorf("append after the disk has room: %v", err)
	}
	if n := logCount(t, db); n != acknowledged+2 {
		t.Errorf("%d records, want %d", n, acknowledged+2)
	}
}

func TestBatcherHonoursContextOnlyBeforeQueueing(t *testing.T) {
	db := openTest(t, testConfig(t))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Append(cancelled, testEvent("never")); !errors.Is(err, context.Canceled) {
		t.Errorf("append with a context that is over: %v", err)
	}

	g := newGate()
	if _, err := db.batcher.enqueue(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	<-g.entered
	ctx, cancel := context.WithCancel(t.Context())
	s, err := db.batcher.enqueue(ctx, appendOp(t, "queued"))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	close(g.leave)
	if err := s.wait(); err != nil {
		t.Errorf("queued record: %v", err)
	}
	if n := logCount(t, db); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
}

func TestBatcherCloseCommitsWhatWasQueued(t *testing.T) {
	cfg := testConfig(t)
	db := openTest(t, cfg)
	g := newGate()
	if _, err := db.batcher.enqueue(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	<-g.entered
	const queued = 100
	var wg sync.WaitGroup
	for i := range queued {
		s, err := db.batcher.enqueue(t.Context(), appendOp(t, fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			if err := s.wait(); err != nil {
				t.Error(err)
			}
		})
	}
	closed := make(chan error)
	go func() { closed <- db.Close() }()
	close(g.leave)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	wg.Wait()
	if n := logCount(t, openTest(t, cfg)); n != queued {
		t.Errorf("%d records, want %d", n, queued)
	}
}

// A batch waits until it is worthwhile or its patience ends, whichever is first, and takes what is there in any case.
func TestBatchGathers(t *testing.T) {
	tests := []struct {
		rule          string
		underWay      int
		queued, later int // before and while it gathers
		patient       bool
		want          int
	}{
		{"who is alone does not wait", 1, 0, 0, true, 1},
		{"nor does what is no request", 0, 0, 0, true, 1},
		{"nor who has no patience left", 100, 0, 0, false, 1},
		{"what is there is taken in any case", 1, 20, 0, false, 21},
		{"a worthwhile batch waits for nobody", 100, worthwhile, 0, true, worthwhile + 1},
		{"others are waited for until it is", 100, 3, worthwhile - 4, true, worthwhile},
		{"or until all are there", 6, 3, 2, true, 6},
		{"no more than a transaction takes", 1000, batchSize + 5, 0, true, batchSize},
	}
	for _, tc := range tests {
		t.Run(tc.rule, func(t *testing.T) {
			b := &batcher{queue: make(chan *submission, queueSize), underWay: func() int { return tc.underWay }}
			for range tc.queued {
				b.queue <- &submission{}
			}
			patience := make(chan time.Time) // never over
			if !tc.patient {
				close(patience)
			}
			gathered := make(chan int)
			go func() { gathered <- len(b.gather([]*submission{{}}, patience)) }()
			for range tc.later {
				b.queue <- &submission{}
			}
			if got := <-gathered; got != tc.want {
				t.Errorf("%d operations, want %d", got, tc.want)
			}
		})
	}
}
