package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// memory is what one process holds: idle, and under full load of 1,000 clients.
func (b *bench) memory(ctx context.Context) error {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return err
	}
	defer w.stop()
	idle, err := memoryOf(w.cmd.Process.Pid)
	if err != nil {
		return err
	}
	b.figures["rss idle MB"], b.figures["private idle MB"] = float64(idle.resident)/1e6, float64(idle.private)/1e6
	t, err := w.api(ctx, 1000, false, nil)
	if err != nil {
		return err
	}
	r, err := b.measure(ctx, w, "writ: RS256, openssl, HTTP, 1,000 clients in turn", t, plan{connections: b.connections, duration: b.duration})
	b.figures["rss loaded MB"], b.figures["private loaded MB"] = float64(r.memory.resident)/1e6, float64(r.memory.private)/1e6
	return err
}

// manyClients compares a hot set of 1,000 clients among ten thousand and among a million, in turn.
func (b *bench) manyClients(ctx context.Context) error {
	few, few1000, err := b.writOfClients(ctx, 10_000)
	if err != nil {
		return err
	}
	defer few.stop()
	many, many1000, err := b.writOfClients(ctx, b.clients)
	if err != nil {
		return err
	}
	defer many.stop()
	m, err := b.inTurn(ctx, side{"writ: HS256, HTTP, 1,000 hot of 10000 clients", few.process, few1000},
		side{fmt.Sprintf("writ: HS256, HTTP, 1,000 hot of %d clients", b.clients), many.process, many1000})
	if err != nil {
		return err
	}
	b.figures["many clients"] = m.median(cpuRatio)
	return b.managementList(ctx, many)
}

// writOfClients is a writ with so many clients, a thousand of which ask for tokens.
func (b *bench) writOfClients(ctx context.Context, n int) (*writ, *target, error) {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return nil, nil, err
	}
	hot, err := w.api(ctx, 1000, false, map[string]any{"signing_alg": "HS256"})
	if err == nil {
		err = seedClients(ctx, w.dir, n-1000)
	}
	if err != nil {
		w.stop()
		return nil, nil, err
	}
	return w, hot, nil
}

// managementList is the CPU of listing a page of 100 among all those clients.
func (b *bench) managementList(ctx context.Context, w *writ) error {
	before, err := w.usage(ctx)
	if err != nil {
		return err
	}
	const pages = 100
	for page := range pages {
		var clients []struct{}
		if err := w.call(ctx, "GET", fmt.Sprintf("/api/v2/clients?per_page=100&page=%d", page), "", nil, &clients); err != nil {
			return err
		}
		if len(clients) != 100 {
			return fmt.Errorf("page %d has %d clients", page, len(clients))
		}
	}
	after, err := w.usage(ctx)
	b.figures["list ms"] = micros(after.cpu-before.cpu) / 1000 / pages
	return err
}

// manyTenants compares one tenant with thousands: a token's CPU, in turn, and the time to start.
func (b *bench) manyTenants(ctx context.Context) error {
	var sides [2]side
	var starts [2]time.Duration
	for i, n := range []int{1, b.tenants} {
		w, t, start, err := b.writOfTenants(ctx, n)
		if err != nil {
			return err
		}
		defer w.stop()
		name := fmt.Sprintf("writ: HS256, HTTP, %d tenants", n)
		sides[i], starts[i] = side{strings.Replace(name, " 1 tenants", " 1 tenant", 1), w.process, t}, start
	}
	m, err := b.inTurn(ctx, sides[0], sides[1])
	if err != nil {
		return err
	}
	b.figures["many tenants"] = m.median(cpuRatio)
	b.figures["many tenants start"] = starts[1].Seconds() / starts[0].Seconds()
	return nil
}

// writOfTenants is a writ with so many tenants, and how long it takes to start.
func (b *bench) writOfTenants(ctx context.Context, n int) (*writ, *target, time.Duration, error) {
	w, err := b.newWrit(ctx, "--signer", "openssl")
	if err != nil {
		return nil, nil, 0, err
	}
	t, err := w.api(ctx, 1, false, map[string]any{"signing_alg": "HS256"})
	w.stop()
	if err != nil {
		return nil, nil, 0, err
	}
	if err := seedTenants(ctx, w.dir, n-1); err != nil {
		return nil, nil, 0, err
	}
	start, err := b.medianColdStart(ctx, w, t)
	if err != nil {
		return nil, nil, 0, err
	}
	if w, err = startWrit(ctx, b.binary, w.dir, "--signer", "openssl"); err != nil {
		return nil, nil, 0, err
	}
	if t, err = w.api(ctx, 1, false, map[string]any{"signing_alg": "HS256"}); err != nil {
		w.stop()
		return nil, nil, 0, err
	}
	return w, t, start, nil
}

func (b *bench) coldStart(ctx context.Context) error {
	w, err := b.newWrit(ctx)
	if err != nil {
		return err
	}
	t, err := w.api(ctx, 1, false, nil)
	w.stop()
	if err != nil {
		return err
	}
	took, err := b.medianColdStart(ctx, w, t)
	b.figures["cold start ms"] = micros(took) / 1000
	return err
}

func (b *bench) medianColdStart(ctx context.Context, w *writ, t *target) (time.Duration, error) {
	var all []time.Duration
	for range 5 {
		took, err := coldStart(ctx, b.binary, w.dir, w.https, w.plain, t)
		if err != nil {
			return 0, err
		}
		all = append(all, took)
	}
	return middle(all), nil
}
