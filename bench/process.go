package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under measurement, in a process of its own.
type process struct {
	cmd *exec.Cmd
	// metrics is where it tells its allocations (Prometheus form); empty = nowhere.
	metrics string
	cleanup func()
}

// startProcess runs a command and waits until a URL answers 200.
func startProcess(ctx context.Context, readyURL, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, name, args...)}
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := waitReady(ctx, readyURL); err != nil {
		p.stop()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
	if p.cleanup != nil {
		p.cleanup()
	}
}

func waitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready: %w", ctx.Err())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// usage is what a process has used so far.
type usage struct {
	cpu     time.Duration
	memory  memory
	mallocs float64
}

// memory is what a process occupies, in bytes. Private is what is its own; the rest of what is resident are pages of files, its own
// program above all, which other processes share and the kernel takes back when it needs them.
type memory struct{ resident, private int64 }

func (p *process) usage(ctx context.Context) (usage, error) {
	pid := p.cmd.Process.Pid
	cpu, err := cpuTime(pid)
	if err != nil {
		return usage{}, err
	}
	used, err := memoryOf(pid)
	if err != nil || p.metrics == "" {
		return usage{cpu: cpu, memory: used}, err
	}
	mallocs, err := metric(ctx, p.metrics, "go_memstats_mallocs_total")
	return usage{cpu, used, mallocs}, err
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

// memoryOf reads /proc/PID/statm: pages, of which the third number are those of files.
func memoryOf(pid int) (memory, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return memory{}, err
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 3 {
		return memory{}, errors.New("/proc/PID/statm is not as expected")
	}
	resident, err1 := strconv.ParseInt(fields[1], 10, 64)
	files, err2 := strconv.ParseInt(fields[2], 10, 64)
	page := int64(os.Getpagesize())
	return memory{resident * page, (resident - files) * page}, errors.Join(err1, err2)
}

// metric reads one sample without labels.
func metric(ctx context.Context, url, name string) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", url, name)
}
