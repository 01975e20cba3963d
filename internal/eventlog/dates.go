package eventlog

import (
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const dateForm = "YYYY[-MM[-DD[Thh[:mm[:ss[.mmm]]]]]]"

// precisions are the forms of a date, and how long what they name lasts.
var precisions = []struct {
	layout string
	next   func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15", func(t time.Time) time.Time { return t.Add(time.Hour) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
}

// spanOf reads a date of any precision. A time without a zone is UTC; fractions of a second count to the millisecond.
func spanOf(text string) (tenant.LogDates, bool) {
	for _, p := range precisions {
		for _, zone := range []string{"", "Z07:00"} {
			if zone != "" && !strings.Contains(p.layout, "T") {
				continue
			}
			t, err := time.Parse(p.layout+zone, text)
			if err != nil {
				continue
			}
			if t = t.UTC(); strings.ContainsAny(text, ".,") { // a fraction, which time.Parse takes behind seconds
				t = t.Truncate(time.Millisecond)
				return tenant.LogDates{From: t, Before: t.Add(time.Millisecond)}, true
			}
			return tenant.LogDates{From: t, Before: p.next(t)}, true
		}
	}
	return tenant.LogDates{}, false
}

// day is the condition of a date that stands alone: all of what it names. * is any date.
func (p *parser) day(literals []string, start int) (tenant.LogExpr, error) {
	if len(literals) == 2 && literals[0] == "" && literals[1] == "" {
		return tenant.LogDates{}, nil
	}
	text := strings.Join(literals, "*")
	span, ok := spanOf(text)
	if !ok {
		return nil, p.errorAt(start, "%q is no date: want "+dateForm, clip(text))
	}
	return span, nil
}

// dates joins the bounds of a range. An inclusive bound takes all of what it names, an exclusive one leaves out all of it.
func dates(from, to bound, exclusiveFrom, exclusiveTo bool) tenant.LogDates {
	var d tenant.LogDates
	if !from.open {
		d.From = from.span.From
		if exclusiveFrom {
			d.From = from.span.Before
		}
	}
	if !to.open {
		d.Before = to.span.Before
		if exclusiveTo {
			d.Before = to.span.From
		}
	}
	return d
}
