package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "bare" {
		exitOn(bareMain(os.Args[2:]))
		return
	}
	var o options
	flag.StringVar(&o.binary, "writ", "./writ", "writ binary to measure")
	flag.StringVar(&o.report, "report", "", "file to write the report to (default: standard output)")
	flag.IntVar(&o.connections, "connections", 32, "keep-alive connections")
	flag.DurationVar(&o.duration, "duration", 5*time.Second, "length of one measurement")
	flag.IntVar(&o.clients, "clients", 1_000_000, "clients of the largest scenario")
	flag.IntVar(&o.tenants, "tenants", 5000, "tenants of the largest scenario")
	flag.StringVar(&o.only, "only", "", "run only the parts whose name contains this (the report is then incomplete)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exitOn(run(ctx, o))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	binary, report, only string
	connections          int
	duration             time.Duration
	clients, tenants     int
}

func cores() int { return runtime.GOMAXPROCS(0) }

// run measures part after part, each against servers of its own making, and writes the report.
func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "writ-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b := &bench{options: o, self: self, dir: dir, figures: map[string]float64{}}
	for _, part := range b.parts() {
		if o.only != "" && !contains(part.name, o.only) {
			continue
		}
		started := time.Now()
		fmt.Fprintf(os.Stderr, "%s ...\n", part.name)
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %.0f s\n", part.name, time.Since(started).Seconds())
	}
	text := b.reportText()
	if o.report == "" {
		_, err := fmt.Print(text)
		return err
	}
	return os.WriteFile(filepath.Clean(o.report), []byte(text), 0o644)
}
