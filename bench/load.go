package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// result is what one measurement came to.
type result struct {
	tokens   int // answered 200
	refused  int // answered 503: only where overload is the point
	elapsed  time.Duration
	cpu      time.Duration // of the server process
	mallocs  float64       // heap objects per request, where the server tells; 0 = it does not
	memory   memory        // at the end
	p50, p99 time.Duration
}

func (r result) perSecond() float64 { return float64(r.tokens) / r.elapsed.Seconds() }

func (r result) cpuPerToken() time.Duration {
	return r.cpu / time.Duration(max(1, r.tokens))
}

// plan is how a load is put on.
type plan struct {
	connections int
	duration    time.Duration
	// rate is in requests a second, spread evenly whatever the answers do (open loop); 0 = each connection sends its next request
	// when it has its answer (closed loop).
	rate float64
	// reconnect makes a new connection for each request.
	reconnect bool
	// overload accepts 503 as an answer.
	overload bool
}

// run puts the load on and measures the server process meanwhile.
func (p plan) run(ctx context.Context, s *process, t *target) (result, error) {
	before, err := s.usage(ctx)
	if err != nil {
		return result{}, err
	}
	started := time.Now()
	ctx, cancel := context.WithDeadline(ctx, started.Add(p.duration))
	defer cancel()
	workers := make([]worker, p.connections)
	var turn atomic.Int64
	var wg sync.WaitGroup
	for i := range workers {
		workers[i] = worker{plan: p, target: t, turn: &turn, started: started}
		wg.Go(func() { workers[i].run(ctx) })
	}
	wg.Wait()
	r := result{elapsed: time.Since(started)}
	after, err := s.usage(context.WithoutCancel(ctx))
	if err != nil {
		return r, err
	}
	var latencies []time.Duration
	for _, w := range workers {
		if w.err != nil {
			return r, w.err
		}
		latencies = append(latencies, w.latencies...)
		r.refused += w.refused
	}
	if r.tokens = len(latencies); r.tokens == 0 {
		return r, errors.New("no token was issued")
	}
	slices.Sort(latencies)
	r.p50, r.p99 = latencies[len(latencies)/2], latencies[len(latencies)*99/100]
	r.cpu, r.memory = after.cpu-before.cpu, after.memory
	r.mallocs = (after.mallocs - before.mallocs) / float64(r.tokens+r.refused)
	return r, nil
}

// worker is one connection's share of the load.
type worker struct {
	plan      plan
	target    *target
	turn      *atomic.Int64 // numbers the requests of all workers
	started   time.Time
	latencies []time.Duration
	refused   int
	err       error
}

func (w *worker) run(ctx context.Context) {
	var conn *connection
	defer func() {
		if conn != nil {
			conn.close()
		}
	}()
	for {
		due, ok := w.next(ctx)
		if !ok {
			return
		}
		if conn == nil {
			if conn, w.err = w.target.dial(context.WithoutCancel(ctx)); w.err != nil {
				return
			}
		}
		if w.err = w.ask(conn, due); w.err != nil {
			return
		}
		if w.plan.reconnect {
			conn.close()
			conn = nil
		}
	}
}

// next waits until a request is due. In an open loop its latency counts from then, not from when a connection was free: a slow
// server cannot slow its own measurement down.
func (w *worker) next(ctx context.Context) (due time.Time, ok bool) {
	if w.plan.rate == 0 {
		return time.Now(), ctx.Err() == nil
	}
	n := w.turn.Add(1)
	due = w.started.Add(time.Duration(float64(n) / w.plan.rate * float64(time.Second)))
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return due, false
	case <-timer.C:
		return due, true
	}
}

func (w *worker) ask(conn *connection, due time.Time) error {
	n := 0
	if len(w.target.requests) > 1 {
		n = int(w.turn.Add(1)) % len(w.target.requests)
	}
	status, err := conn.do(w.target.requests[n])
	switch {
	case err != nil:
		return err
	case status == want:
		w.latencies = append(w.latencies, time.Since(due))
	case status == http.StatusServiceUnavailable && w.plan.overload:
		w.refused++
	default:
		return fmt.Errorf("%d: %s", status, conn.body.String())
	}
	return nil
}
