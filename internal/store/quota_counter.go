package store

import (
	"cmp"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

func (k quotaKey) compare(other quotaKey) int {
	return cmp.Or(strings.Compare(k.tenant, other.tenant), strings.Compare(k.kind, other.kind), strings.Compare(k.id, other.id), cmp.Compare(k.born, other.born))
}

// quotaRow is a counter as it is stored.
type quotaRow struct {
	// version counts the changes of the row; noQuotaRow = there is none yet.
	version   int64
	hour, day quotaWindow
}

// noQuotaRow is the version of a row that is not there.
const noQuotaRow = -1

// quotaWindow is an hour or a day: where it begins in epoch milliseconds, how many tokens were taken in it, the highest threshold that was
// warned of, in percent, and the most tokens that one of those stood for.
type quotaWindow struct{ start, used, warned, reached int64 }

const (
	quotaHour = int64(time.Hour / time.Millisecond)
	quotaDay  = 24 * quotaHour
)

// at is the window as it counts at a time. The next window counts already if another node, whose clock is a moment ahead, has opened it; one
// that is further ahead comes from a clock that was wrong.
func (w quotaWindow) at(now, length int64) quotaWindow {
	start := now - now%length
	if w.start == start || w.start == start+length {
		return w
	}
	return quotaWindow{start: start}
}

// quotaBook has the counters of a batch while it is counted.
type quotaBook struct {
	now  int64 // epoch milliseconds
	rows map[quotaKey]*quotaCounter
}

func newQuotaBook(now int64, rows map[quotaKey]quotaRow) *quotaBook {
	b := &quotaBook{now: now, rows: make(map[quotaKey]*quotaCounter, len(rows))}
	for key, row := range rows {
		b.rows[key] = b.open(row)
	}
	return b
}

func (b *quotaBook) open(row quotaRow) *quotaCounter {
	row.hour, row.day = row.hour.at(b.now, quotaHour), row.day.at(b.now, quotaDay)
	return &quotaCounter{quotaRow: row}
}

func (b *quotaBook) counter(key quotaKey) *quotaCounter {
	c := b.rows[key]
	if c == nil {
		c = b.open(quotaRow{version: noQuotaRow})
		b.rows[key] = c
	}
	return c
}

// quotaChange is a counter as it should become, if its version is still that of row.
type quotaChange struct {
	key quotaKey
	row quotaRow
}

// changes are in the order of keys.
func (b *quotaBook) changes(keys []quotaKey) []quotaChange {
	var all []quotaChange
	for _, key := range keys {
		if c := b.rows[key]; c != nil && c.changed {
			all = append(all, quotaChange{key, c.quotaRow})
		}
	}
	return all
}

// quotaCounter is a row in a book.
type quotaCounter struct {
	quotaRow
	changed bool
}

// take counts in both windows, whichever are limited: a limit that is set later begins with what was used.
func (c *quotaCounter) take() {
	c.hour.used++
	c.day.used++
	c.changed = true
}

func (c *quotaCounter) giveBack(taken tenant.QuotaWindows) {
	for _, w := range []struct {
		window *quotaWindow
		start  int64
	}{{&c.hour, taken.Hour.UnixMilli()}, {&c.day, taken.Day.UnixMilli()}} {
		if w.window.start == w.start && w.window.used > 0 {
			w.window.used--
			c.changed = true
		}
	}
}

func (c *quotaCounter) windows() tenant.QuotaWindows {
	return tenant.QuotaWindows{Hour: time.UnixMilli(c.hour.start).UTC(), Day: time.UnixMilli(c.day.start).UTC()}
}

// warn returns the thresholds that are reached now and were not warned of in this window. A limit that was changed is warned of anew: where it
// is lower, its thresholds are higher shares, where it is higher, they are more tokens. Neither number ever falls, so that nodes that know of
// the change and nodes that do not yet warn of each once.
func (c *quotaCounter) warn(h tenant.QuotaHolder) []tenant.QuotaWarning {
	var all []tenant.QuotaWarning
	for _, l := range c.limits(h) {
		level := l.level()
		for _, percent := range tenant.QuotaThresholds() {
			tokens := (level.Quota*percent + 99) / 100
			if level.Used >= tokens && (percent > l.window.warned || tokens > l.window.reached) {
				l.window.warned, l.window.reached, c.changed = max(percent, l.window.warned), max(tokens, l.window.reached), true
				all = append(all, tenant.QuotaWarning{QuotaLevel: level, Percent: percent})
			}
		}
	}
	return all
}

// limits are those of a holder with the windows that they count in, the hour first.
func (c *quotaCounter) limits(h tenant.QuotaHolder) []quotaLimit {
	var all []quotaLimit
	if quota := h.Limits.PerHour; quota != nil {
		all = append(all, quotaLimit{h, tenant.QuotaPerHour, int64(*quota), &c.hour, quotaHour})
	}
	if quota := h.Limits.PerDay; quota != nil {
		all = append(all, quotaLimit{h, tenant.QuotaPerDay, int64(*quota), &c.day, quotaDay})
	}
	return all
}

type quotaLimit struct {
	holder tenant.QuotaHolder
	bucket tenant.QuotaBucket
	quota  int64
	window *quotaWindow
	length int64
}

func (l quotaLimit) level() tenant.QuotaLevel {
	return tenant.QuotaLevel{
		Kind: l.holder.Kind, ID: l.holder.ID, Bucket: l.bucket, Quota: l.quota, Used: l.window.used, Enforced: l.holder.Limits.Enforced(),
		Resets: time.UnixMilli(l.window.start + l.length).UTC(),
	}
}
