package web

import (
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/limit"
)

// pace bounds how often an operator asks: a session that was stolen, or a page that went wild, leaves the node to others. Counts are in
// memory, each node has its own.
type pace struct {
	operations, tenants *limit.Limiter
	now                 func() time.Time
}

func newPace(now func() time.Time) *pace {
	return &pace{operations: limit.New(), tenants: limit.New(), now: now}
}

// operationRate is far above what a person at a page needs.
func operationRate() limit.Rate { return limit.Rate{Burst: 200, Refill: 10, Every: time.Second} }

// tenantRate is for making tenants, each of which costs RSA keys, and room for ever: names are not given again.
func tenantRate() limit.Rate { return limit.Rate{Burst: 30, Refill: 1, Every: time.Minute} }

// operation counts one request of an operator. Errors: *admin.SlowDownError.
func (p *pace) operation(operatorID string) error {
	return p.take(p.operations, operatorID, operationRate())
}

// tenant counts one that an operator tries to make. Errors: *admin.SlowDownError.
func (p *pace) tenant(operatorID string) error {
	return p.take(p.tenants, operatorID, tenantRate())
}

func (p *pace) take(from *limit.Limiter, operatorID string, rate limit.Rate) error {
	verdict := from.Take(limit.Key{Family: operatorID}, rate, p.now())
	if verdict.Allowed {
		return nil
	}
	return &admin.SlowDownError{RetryAfter: time.Duration(verdict.RetryAfter()) * time.Second}
}
