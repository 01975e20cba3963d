package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// result is what one scenario came to.
type result struct {
	name     string
	requests int
	elapsed  time.Duration
	cpu      time.Duration // of the server process
	p50, p99 time.Duration
	rss      int64 // bytes, after the load
}

func (r result) perSecond() float64         { return float64(r.requests) / r.elapsed.Seconds() }
func (r result) cpuPerToken() time.Duration { return r.cpu / time.Duration(r.requests) }

// load keeps connections busy for a while: a closed loop. Every answer must be a token.
func (p *process) load(ctx context.Context, t target, connections int, duration time.Duration) (result, error) {
	before, err := cpuTime(p.cmd.Process.Pid)
	if err != nil {
		return result{}, err
	}
	started := time.Now()
	ctx, cancel := context.WithDeadline(ctx, started.Add(duration))
	defer cancel()
	latencies, errs := make([][]time.Duration, connections), make([]error, connections)
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() { latencies[c], errs[c] = p.askUntil(ctx, t) })
	}
	wg.Wait()
	r := result{elapsed: time.Since(started)}
	after, err := cpuTime(p.cmd.Process.Pid)
	if err := errors.Join(append(errs, err)...); err != nil {
		return r, err
	}
	r.cpu = after - before
	all := slices.Concat(latencies...)
	slices.Sort(all)
	if r.requests = len(all); r.requests == 0 {
		return r, errors.New("nothing was answered")
	}
	r.p50, r.p99 = all[len(all)/2], all[len(all)*99/100]
	r.rss, err = residentBytes(p.cmd.Process.Pid)
	return r, err
}

// askUntil asks for tokens one after another until the time is up.
func (p *process) askUntil(ctx context.Context, t target) ([]time.Duration, error) {
	var latencies []time.Duration
	for ctx.Err() == nil {
		started := time.Now()
		req, err := http.NewRequest(http.MethodPost, t.url, strings.NewReader(t.form))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := p.client.Do(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", res.Status, body)
		}
		latencies = append(latencies, time.Since(started))
	}
	return latencies, nil
}

// cpuTime is what the kernel has accounted to a process, user and system, in its 10 ms ticks.
func cpuTime(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second field is the name in parentheses, which may hold spaces; utime and stime are the 14th and 15th.
	_, rest, ok := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errors.New("/proc/PID/stat is not as expected")
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

func residentBytes(pid int) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(raw))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
