package main

import (
	"context"
	"slices"
	"time"
)

// side is one of two servers that are compared.
type side struct {
	name    string
	process *process
	target  *target
}

// turns is how often each of two servers is measured.
const turns = 5

// compared are two servers' measurements, turn by turn.
type compared [][2]result

// inTurn measures two servers in turn after a warm-up, each for the bench's duration in all, and adds a row for each.
func (b *bench) inTurn(ctx context.Context, first, second side) (compared, error) {
	var all compared
	for turn := range turns + 1 {
		var pair [2]result
		for i, s := range []side{first, second} {
			duration := b.duration / turns
			if turn == 0 {
				duration = time.Second // caches, connections, the heap
			}
			r, err := plan{connections: b.connections, duration: duration}.run(ctx, s.process, s.target)
			if err != nil {
				return nil, err
			}
			pair[i] = r
		}
		if turn > 0 {
			all = append(all, pair)
		}
	}
	b.add(first.name, all.of(0))
	b.add(second.name, all.of(1))
	return all, nil
}

// of is one side over all turns: sums of what is counted, medians of latencies, the most memory.
func (c compared) of(side int) result {
	var sum result
	var mallocs float64
	var p50s, p99s []time.Duration
	for _, pair := range c {
		r := pair[side]
		sum.tokens, sum.refused = sum.tokens+r.tokens, sum.refused+r.refused
		sum.elapsed, sum.cpu = sum.elapsed+r.elapsed, sum.cpu+r.cpu
		mallocs += r.mallocs * float64(r.tokens)
		p50s, p99s = append(p50s, r.p50), append(p99s, r.p99)
		if r.memory.resident > sum.memory.resident {
			sum.memory = r.memory
		}
	}
	sum.mallocs, sum.p50, sum.p99 = mallocs/float64(sum.tokens), middle(p50s), middle(p99s)
	return sum
}

// median is that of a figure which each turn gives.
func (c compared) median(figure func(first, second result) float64) float64 {
	var all []float64
	for _, pair := range c {
		all = append(all, figure(pair[0], pair[1]))
	}
	return middle(all)
}

func cpuRatio(first, second result) float64 {
	return second.cpuPerToken().Seconds() / first.cpuPerToken().Seconds()
}

func middle[T float64 | time.Duration](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}
