package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.binary, "writ", "./writ", "writ binary to measure")
	flag.StringVar(&o.report, "report", "", "file to write the report to (default: standard output)")
	flag.IntVar(&o.connections, "connections", 32, "keep-alive connections")
	flag.DurationVar(&o.duration, "duration", 10*time.Second, "length of one measurement")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	binary, report string
	connections    int
	duration       time.Duration
}

// run measures each scenario against a server of its own making and writes the report.
func run(ctx context.Context, o options) error {
	raw, err := rawSignature()
	if err != nil {
		return err
	}
	srv, err := startServer(ctx, o.binary)
	if err != nil {
		return err
	}
	defer srv.stop()
	var results []result
	for _, alg := range []string{"RS256", "ES256", "HS256"} {
		target, err := srv.prepare(ctx, alg)
		if err != nil {
			return fmt.Errorf("%s: %w", alg, err)
		}
		if _, err := srv.load(ctx, target, o.connections, time.Second); err != nil { // warm up: keys, caches, connections
			return fmt.Errorf("%s: %w", alg, err)
		}
		r, err := srv.load(ctx, target, o.connections, o.duration)
		if err != nil {
			return fmt.Errorf("%s: %w", alg, err)
		}
		r.name = alg + ", HTTPS keep-alive, SQLite, durable record"
		results = append(results, r)
	}
	text := report(o, raw, results)
	if o.report == "" {
		_, err := fmt.Print(text)
		return err
	}
	return os.WriteFile(o.report, []byte(text), 0o644)
}

func cores() int { return runtime.NumCPU() }
