package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// queueSize bounds what waits for the batcher; beyond it, submitters wait.
	queueSize = 4096
	// batchSize bounds the operations of one transaction.
	batchSize = 512
	// A commit costs as much CPU as a token without its signature. So a batch waits for those that are under way, until it has
	// worthwhile operations, but at most until commitApart after the commit before; who comes alone waits for nobody.
	worthwhile  = 16
	commitApart = 4 * time.Millisecond
)

// operation is one hot write. A new kind is a type with apply, and a method of DB that submits it.
type operation interface {
	// apply runs inside the batch's transaction. An error is this operation's own, and undoes its statements alone. It may be run
	// again if the transaction conflicted with another node's.
	apply(ctx context.Context, w *batch) error
}

// submission is an operation on its way; the batcher answers it exactly once.
type submission struct {
	op   operation
	done chan error // holds one answer, so that the batcher never waits for a submitter
}

func (s *submission) wait() error { return <-s.done }

// batcher groups what many submitters bring into one transaction: while a commit runs, the next batch gathers. One goroutine owns the
// writer of the log; close ends it.
type batcher struct {
	engine   engine
	writer   *sql.DB
	now      func() time.Time
	underWay func() int // those that wait for an answer of the batcher, or will soon
	landed   func()     // after each commit, before those that wait for it are told

	mu     sync.RWMutex // guards closed; held for reading while enqueueing, so that close cannot overtake it
	closed bool
	queue  chan *submission
	ended  chan struct{}
}

func startBatcher(e engine, writer *sql.DB, now func() time.Time, underWay func() int, landed func()) *batcher {
	b := &batcher{
		engine: e, writer: writer, now: now, underWay: underWay, landed: landed,
		queue: make(chan *submission, queueSize), ended: make(chan struct{}),
	}
	go b.run()
	return b
}

// submit returns when the operation is durable, or has failed. ctx counts until the operation is queued: from then on it is
// carried out whoever still waits. Errors: the operation's own; tenant.ErrUnavailable.
func (b *batcher) submit(ctx context.Context, op operation) error {
	s, err := b.enqueue(ctx, op)
	if err != nil {
		return err
	}
	return s.wait()
}

func (b *batcher) enqueue(ctx context.Context, op operation) (*submission, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return nil, fmt.Errorf("the store is closed: %w", tenant.ErrUnavailable)
	}
	s := &submission{op: op, done: make(chan error, 1)}
	select {
	case b.queue <- s:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close commits what was queued and ends the goroutine.
func (b *batcher) close() {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		close(b.queue)
	}
	b.mu.Unlock()
	<-b.ended
}

func (b *batcher) run() {
	defer close(b.ended)
	gathered := make([]*submission, 0, batchSize)
	patience := time.NewTimer(0)
	for first := range b.queue {
		gathered = b.gather(append(gathered[:0], first), patience.C)
		b.commit(gathered)
		patience.Reset(commitApart)
		clear(gathered)
	}
}

// gather takes what is already there, and more until the batch is worthwhile or patience ends.
func (b *batcher) gather(into []*submission, patience <-chan time.Time) []*submission {
	for len(into) < batchSize {
		var s *submission
		select {
		case s = <-b.queue:
		default:
			if len(into) >= min(worthwhile, b.underWay()) {
				return into
			}
			select {
			case s = <-b.queue:
			case <-patience:
				return into
			}
		}
		if s == nil { // the queue is closed
			return into
		}
		into = append(into, s)
	}
	return into
}

// commit carries out a batch and answers its submitters. Once the database does not answer, nothing more of the batch is tried.
func (b *batcher) commit(submissions []*submission) {
	var err error
	for _, part := range b.parts(submissions) {
		if err == nil {
			err = b.commitPart(part)
			continue
		}
		for _, s := range part {
			s.done <- err
		}
	}
}

// parts are what is committed together: everything, but on PostgreSQL each kind by itself. There the counters of quotas, and the records,
// are written by statements that are transactions by themselves, and no node holds their locks while the database waits for it.
func (b *batcher) parts(submissions []*submission) [][]*submission {
	if !b.engine.autocommits() {
		return [][]*submission{submissions}
	}
	var others, quotas, records []*submission
	for _, s := range submissions {
		switch s.op.(type) {
		case *appendLog:
			records = append(records, s)
		case quotaOperation:
			quotas = append(quotas, s)
		default:
			others = append(others, s)
		}
	}
	return slices.DeleteFunc([][]*submission{others, quotas, records}, func(p []*submission) bool { return len(p) == 0 })
}

// commitPart answers the submitters of a part: after the commit each with its own outcome, without one all alike.
func (b *batcher) commitPart(submissions []*submission) error {
	outcomes := make([]error, len(submissions))
	err := retryConflicts(func() error { return b.transact(submissions, outcomes) })
	if err != nil {
		b.failQueued(err) // before any answer: who submits after an answer gets an attempt of its own
	} else {
		b.landed()
	}
	for i, s := range submissions {
		if err != nil {
			s.done <- err
			continue
		}
		s.done <- outcomes[i]
	}
	return err
}

// failQueued refuses what has queued up behind a lost batch: a database that does not answer would keep them waiting for one
// time-out after another. Who comes later finds out anew whether it answers.
func (b *batcher) failQueued(err error) {
	for range len(b.queue) {
		s, open := <-b.queue
		if !open {
			return
		}
		s.done <- err
	}
}

// transact carries out the operations of a part, in one transaction unless the engine needs none. The insertion of records comes last: from
// then on, until the commit, this process holds the place of the log.
func (b *batcher) transact(submissions []*submission, outcomes []error) error {
	ctx := context.Background() // nobody's: the batch belongs to many
	w := &batch{}
	if b.engine.autocommits() && gathers(submissions[0].op) { // a part is of one kind
		for _, s := range submissions {
			s.op.apply(ctx, w)
		}
		return unavailable(b.settle(ctx, b.writer, w))
	}
	tx, err := b.writer.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer tx.Rollback() // nothing after a commit
	w.tx = tx
	for i, s := range submissions {
		outcomes[i] = w.apply(ctx, s.op)
		if errors.Is(outcomes[i], tenant.ErrUnavailable) {
			return outcomes[i] // the transaction is lost: the engine may have rolled it back by itself
		}
	}
	if err := b.settle(ctx, tx, w); err != nil {
		return unavailable(err)
	}
	return unavailable(tx.Commit())
}

// settle carries out what was gathered.
func (b *batcher) settle(ctx context.Context, q querier, w *batch) error {
	now := b.now().UnixMilli()
	if len(w.quotas) > 0 {
		if err := settleQuotas(ctx, b.engine, q, now, w.quotas); err != nil {
			return err
		}
	}
	if len(w.records) > 0 {
		return b.engine.appendLogs(ctx, q, now, w.records)
	}
	return nil
}

// gathers reports whether applying an operation only gathers it, and cannot fail.
func gathers(op operation) bool {
	switch op.(type) {
	case *appendLog, quotaOperation:
		return true
	}
	return false
}

// unavailable: whatever keeps a batch from being committed, its submitters may retry.
func unavailable(err error) error {
	if err = dbError(err); err == nil || errors.Is(err, tenant.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
}

// batch is one transaction of the batcher.
type batch struct {
	tx      *sql.Tx
	quotas  []quotaOperation // to be counted at the end
	records []*appendLog     // to be inserted behind that
}

// apply runs an operation behind a savepoint, because on PostgreSQL a statement that fails spoils all that came before it.
func (w *batch) apply(ctx context.Context, op operation) error {
	if gathers(op) {
		return op.apply(ctx, w)
	}
	if _, err := w.tx.ExecContext(ctx, `SAVEPOINT operation`); err != nil {
		return unavailable(err)
	}
	err := dbError(op.apply(ctx, w))
	if errors.Is(err, tenant.ErrUnavailable) {
		return err
	}
	end := `RELEASE SAVEPOINT operation`
	if err != nil {
		end = `ROLLBACK TO SAVEPOINT operation`
	}
	if _, lost := w.tx.ExecContext(ctx, end); lost != nil {
		return unavailable(lost)
	}
	return err
}

// logClock is the place of a log record.
type logClock struct {
	seq int64
	ms  int64
}

// probeLog writes without changing anything, to find out whether writing works.
type probeLog struct{}

func (probeLog) apply(ctx context.Context, w *batch) error {
	_, err := w.tx.ExecContext(ctx, `UPDATE log_clock SET id = id`)
	return err
}
