package server

import (
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/limit"
)

// tool is an official client at its quickest: so many requests at once, each answered within pause, and what it does on a 429.
type tool struct {
	parallel int
	pause    time.Duration
	retries  int
}

// The default limits hold no official client up for good: what is refused gets through when it comes back after Retry-After.
func TestDefaultLimitsLetOfficialClientsThrough(t *testing.T) {
	for name, c := range map[string]tool{
		"Terraform: 10 at once, go-auth0 comes back twice": {10, time.Millisecond, 2},
		"auth0-deploy-cli: 3 at once, 8 a second":          {3, 375 * time.Millisecond, 0},
		"node-auth0: 30 at once, comes back twice":         {30, time.Millisecond, 2},
	} {
		for tag, rate := range DefaultConfig().APILimits {
			if done, failed := c.run(rate, 20_000); failed > 0 {
				t.Errorf("%s, %s (%s): %d of %d requests failed", name, tag, rate, failed, done)
			}
		}
	}
}

// run sends requests on a clock of its own, all to one family, and counts those that were given up.
func (c tool) run(rate limit.Rate, requests int) (done, failed int) {
	type worker struct {
		at      time.Time
		refused int
	}
	start := time.Date(2026, 11, 23, 12, 0, 0, 123_000_000, time.UTC)
	workers := make([]worker, c.parallel)
	for i := range workers {
		workers[i].at = start
	}
	for l := limit.New(); done < requests; {
		w := &workers[0]
		for i := range workers {
			if workers[i].at.Before(w.at) {
				w = &workers[i]
			}
		}
		v := l.Take(limit.Key{Tenant: "acme", Family: "read clients"}, rate, w.at)
		switch {
		case v.Allowed:
			done, w.refused, w.at = done+1, 0, w.at.Add(c.pause)
		case w.refused == c.retries:
			done, failed, w.refused, w.at = done+1, failed+1, 0, w.at.Add(c.pause)
		default:
			w.refused, w.at = w.refused+1, w.at.Add(time.Duration(v.RetryAfter())*time.Second)
		}
	}
	return done, failed
}
