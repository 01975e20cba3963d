package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// queueSize bounds what waits for the batcher; beyond it, submitters wait.
	queueSize = 4096
	// batchSize bounds the operations of one transaction.
	batchSize = 512
)

// operation is one hot write. A new kind is a type with apply, and a method of DB that submits it.
type operation interface {
	// apply runs inside the batch's transaction. An error is this operation's own: its statements must have had no effect then,
	// so an operation refuses before its first write, or is a single statement.
	apply(ctx context.Context, w *batch) error
}

// submission is an operation on its way; the batcher answers it exactly once.
type submission struct {
	op   operation
	done chan error // holds one answer, so that the batcher never waits for a submitter
}

func (s *submission) wait() error { return <-s.done }

// batcher groups what many submitters bring into one transaction: while a commit runs, the next batch gathers. It adds no delay
// of its own. One goroutine owns the writer of events.db; close ends it.
type batcher struct {
	writer *sql.DB
	now    func() time.Time
	insert *sql.Stmt

	mu     sync.RWMutex // guards closed; held for reading while enqueueing, so that close cannot overtake it
	closed bool
	queue  chan *submission
	ended  chan struct{}
}

func startBatcher(ctx context.Context, writer *sql.DB, now func() time.Time) (*batcher, error) {
	insert, err := writer.PrepareContext(ctx, insertLog)
	if err != nil {
		return nil, fmt.Errorf("log: %w", dbError(err))
	}
	b := &batcher{writer: writer, now: now, insert: insert, queue: make(chan *submission, queueSize), ended: make(chan struct{})}
	go b.run()
	return b, nil
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
	b.insert.Close()
}

func (b *batcher) run() {
	defer close(b.ended)
	gathered := make([]*submission, 0, batchSize)
	for first := range b.queue {
		gathered = b.gather(append(gathered[:0], first))
		b.commit(gathered)
		clear(gathered)
	}
}

// gather takes what is already there.
func (b *batcher) gather(into []*submission) []*submission {
	for len(into) < batchSize {
		select {
		case s, open := <-b.queue:
			if !open {
				return into
			}
			into = append(into, s)
		default:
			return into
		}
	}
	return into
}

// commit carries out a batch and answers its submitters: after the commit each with its own outcome, without one all alike.
func (b *batcher) commit(submissions []*submission) {
	outcomes := make([]error, len(submissions))
	err := b.transact(submissions, outcomes)
	for i, s := range submissions {
		if err != nil {
			s.done <- err
			continue
		}
		s.done <- outcomes[i]
	}
}

func (b *batcher) transact(submissions []*submission, outcomes []error) error {
	ctx := context.Background() // nobody's: the batch belongs to many
	tx, err := b.writer.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer tx.Rollback() // nothing after a commit
	w := &batch{tx: tx, insert: tx.StmtContext(ctx, b.insert)}
	if err := w.readClock(ctx, b.now()); err != nil {
		return unavailable(err)
	}
	for i, s := range submissions {
		outcomes[i] = dbError(s.op.apply(ctx, w))
		if errors.Is(outcomes[i], tenant.ErrUnavailable) {
			return outcomes[i] // the transaction is lost: the engine may have rolled it back by itself
		}
	}
	if err := w.writeClock(ctx); err != nil {
		return unavailable(err)
	}
	if err := tx.Commit(); err != nil {
		return unavailable(err)
	}
	return nil
}

// unavailable: whatever keeps a batch from being committed, its submitters may retry.
func unavailable(err error) error {
	if err = dbError(err); errors.Is(err, tenant.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", tenant.ErrUnavailable, err)
}

// batch is one transaction of the batcher.
type batch struct {
	tx     *sql.Tx
	insert *sql.Stmt
	clock  logClock
	start  logClock
}

// logClock is the place of the last log record.
type logClock struct {
	seq int64
	ms  int64
}

// readClock continues where the last batch, of whatever process, ended; time never runs back.
func (w *batch) readClock(ctx context.Context, now time.Time) error {
	err := w.tx.QueryRowContext(ctx, `SELECT seq, ms FROM log_clock WHERE id = 'log'`).Scan(&w.clock.seq, &w.clock.ms)
	if err != nil {
		return fmt.Errorf("log clock: %w", err)
	}
	w.start = w.clock
	w.clock.ms = max(w.clock.ms, now.UnixMilli())
	return nil
}

func (w *batch) writeClock(ctx context.Context) error {
	if w.clock.seq == w.start.seq {
		return nil // no record was added
	}
	const update = `UPDATE log_clock SET seq = $1, ms = $2 WHERE id = 'log'`
	if _, err := w.tx.ExecContext(ctx, update, w.clock.seq, w.clock.ms); err != nil {
		return fmt.Errorf("log clock: %w", err)
	}
	return nil
}

// probeLog writes without changing anything, to find out whether writing works.
type probeLog struct{}

func (probeLog) apply(ctx context.Context, w *batch) error {
	_, err := w.tx.ExecContext(ctx, `UPDATE log_clock SET id = id`)
	return err
}
