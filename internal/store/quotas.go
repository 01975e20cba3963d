package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// TakeQuota takes one token from the quotas of all holders, or from none; a refused take costs nothing. It returns once the counters are
// durable: exact over all processes that share the database. ctx counts only until the take is queued. Errors: tenant.ErrUnavailable, and
// then a token may have been taken.
func (db *DB) TakeQuota(ctx context.Context, take tenant.QuotaTake) (tenant.QuotaTaken, error) {
	op := &takeQuota{take: take, keys: quotaKeys(take)}
	if err := db.batcher.submit(ctx, op); err != nil {
		return tenant.QuotaTaken{}, fmt.Errorf("token quota of tenant %s: %w", take.Tenant, err)
	}
	return op.taken, nil
}

// ReturnQuota gives back what a take took. Errors: tenant.ErrUnavailable, and then it may stay taken.
func (db *DB) ReturnQuota(ctx context.Context, r tenant.QuotaReturn) error {
	if err := db.batcher.submit(ctx, &returnQuota{back: r, keys: quotaKeys(r.Take)}); err != nil {
		return fmt.Errorf("token quota of tenant %s: %w", r.Take.Tenant, err)
	}
	return nil
}

// QuotaLevels is what a take would find, without taking anything. Errors: tenant.ErrUnavailable.
func (db *DB) QuotaLevels(ctx context.Context, take tenant.QuotaTake) (tenant.QuotaTaken, error) {
	look := &takeQuota{take: take, keys: quotaKeys(take)}
	rows, err := db.engine.readQuotas(ctx, db.events.reader, look.keys)
	if err != nil {
		return tenant.QuotaTaken{}, fmt.Errorf("token quota of tenant %s: %w", take.Tenant, dbError(err))
	}
	look.measure(newQuotaBook(db.now().UnixMilli(), rows))
	return look.taken, nil
}

// quotaKey names a counter. born is in epoch milliseconds.
type quotaKey struct {
	tenant, kind, id string
	born             int64
}

func quotaKeys(take tenant.QuotaTake) []quotaKey {
	keys := make([]quotaKey, len(take.Holders))
	for i, h := range take.Holders {
		keys[i] = quotaKey{tenant: take.Tenant, kind: string(h.Kind), id: h.ID, born: h.CreatedAt.UnixMilli()}
	}
	return keys
}

// quotaOperation is a take or a return. A batch carries out all that it has together: each counter is read and written once.
type quotaOperation interface {
	operation
	counters() []quotaKey
	// count carries the operation out in the book. It may be run again with another one.
	count(b *quotaBook)
}

// quotaAttempts bounds how often counters are counted anew because other nodes changed them meanwhile. Each time, one of those got on.
const quotaAttempts = 100

// settleQuotas carries out takes and returns in their order. now is in epoch milliseconds.
func settleQuotas(ctx context.Context, e engine, q querier, now int64, ops []quotaOperation) error {
	var keys []quotaKey
	for _, op := range ops {
		keys = append(keys, op.counters()...)
	}
	slices.SortFunc(keys, quotaKey.compare)
	keys = slices.Compact(keys)
	for range quotaAttempts {
		rows, err := e.readQuotas(ctx, q, keys)
		if err != nil {
			return err
		}
		book := newQuotaBook(now, rows)
		for _, op := range ops {
			op.count(book)
		}
		changes := book.changes(keys)
		if len(changes) == 0 {
			return nil
		}
		if done, err := e.writeQuotas(ctx, q, changes); err != nil || done {
			return err
		}
	}
	return fmt.Errorf("token quotas: other nodes changed the counters %d times meanwhile: %w", quotaAttempts, tenant.ErrUnavailable)
}

// takeQuota is the operation of a take.
type takeQuota struct {
	take  tenant.QuotaTake
	keys  []quotaKey
	taken tenant.QuotaTaken
}

func (t *takeQuota) counters() []quotaKey { return t.keys }

// apply only gathers: the batch counts all takes and returns together.
func (t *takeQuota) apply(_ context.Context, w *batch) error {
	w.quotas = append(w.quotas, t)
	return nil
}

func (t *takeQuota) count(b *quotaBook) {
	t.measure(b)
	if t.taken.Exceeded {
		return
	}
	for _, key := range t.keys {
		b.counter(key).take()
	}
	t.measure(b)
	t.taken.Exceeded = false // if nothing is left now, this one took the last
	for i, h := range t.take.Holders {
		t.taken.Warnings = append(t.taken.Warnings, b.counter(t.keys[i]).warn(h)...)
	}
}

// measure tells of the counters as they are.
func (t *takeQuota) measure(b *quotaBook) {
	t.taken = tenant.QuotaTaken{At: time.UnixMilli(b.now).UTC()}
	for i, h := range t.take.Holders {
		c := b.counter(t.keys[i])
		t.taken.Windows = append(t.taken.Windows, c.windows())
		for _, l := range c.limits(h) {
			level := l.level()
			t.taken.Levels = append(t.taken.Levels, level)
			t.taken.Exceeded = t.taken.Exceeded || level.Exceeds()
		}
	}
}

// returnQuota is the operation of a return.
type returnQuota struct {
	back tenant.QuotaReturn
	keys []quotaKey
}

func (r *returnQuota) counters() []quotaKey { return r.keys }

// apply only gathers; see takeQuota.
func (r *returnQuota) apply(_ context.Context, w *batch) error {
	w.quotas = append(w.quotas, r)
	return nil
}

func (r *returnQuota) count(b *quotaBook) {
	for i, w := range r.back.Windows {
		b.counter(r.keys[i]).giveBack(w)
	}
}
