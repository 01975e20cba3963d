package store

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// A log id is searched as what it is made of: later records have a greater seq and no smaller ms, so that an id bounds both. For the id
// of a record, there or gone, the index of seq alone finds the place; an id that somebody made up of a time bounds by its ms.

// matchID is the condition of a whole log id, or of its beginning.
func (s *logSearch) matchID(literals []string) string {
	begin := literals[0]
	switch {
	case len(literals) == 1:
		at, err := parseLogID(begin)
		if err != nil {
			return nothing
		}
		return "(seq = " + s.bind(at.seq) + " AND ms = " + s.bind(at.ms) + ")"
	case len(literals) > 2 || literals[1] != "" || len(begin) > logIDLength || strings.Trim(begin, "0123456789") != "":
		return nothing
	case strings.HasPrefix(logIDPrefix, begin):
		return everything
	case !strings.HasPrefix(begin, logIDPrefix):
		return nothing
	}
	rest := logIDLength - len(begin)
	return s.idsFrom(begin+strings.Repeat("0", rest), false) + " AND " + s.idsTo(begin+strings.Repeat("9", rest), false)
}

func (s *logSearch) idRange(r tenant.LogRange) (string, error) {
	conditions := []string{everything}
	for _, end := range []struct {
		bound     *tenant.LogBound
		condition func(id string, exclusive bool) string
	}{{r.From, s.idsFrom}, {r.To, s.idsTo}} {
		if end.bound == nil {
			continue
		}
		id := end.bound.Value
		if len(id) != logIDLength || !strings.HasPrefix(id, logIDPrefix) || strings.Trim(id, "0123456789") != "" {
			return "", fmt.Errorf("store: the log cannot be searched from or to %q: want a log id", id)
		}
		conditions = append(conditions, end.condition(id, end.bound.Exclusive))
	}
	return "(" + strings.Join(conditions, " AND ") + ")", nil
}

// idsFrom is the condition of the ids from a lower bound on.
func (s *logSearch) idsFrom(id string, exclusive bool) string {
	at, exact := placeOf(id)
	if !exact {
		return "ms >= " + s.bind(at.ms)
	}
	compare := " >= "
	if exclusive {
		compare = " > "
	}
	return "(seq" + compare + s.bind(at.seq) + " AND ms >= " + s.bind(at.ms) + ")"
}

// idsTo is the condition of the ids up to an upper bound.
func (s *logSearch) idsTo(id string, exclusive bool) string {
	at, exact := placeOf(id)
	if !exact {
		return "ms < " + s.bind(at.ms)
	}
	compare := " <= "
	if exclusive {
		compare = " < "
	}
	return "(seq" + compare + s.bind(at.seq) + " AND ms <= " + s.bind(at.ms) + ")"
}

// placeOf reads 56 digits. Where those of the time are none, as of a 13th month, ms is the first time behind them, and the place is not
// exact. A sequence beyond all is the greatest.
func placeOf(id string) (at logClock, exact bool) {
	const lastYear = 253402300799999 // 9999-12-31T23:59:59.999Z
	digits := id[:logIDLength-seqDigits]
	timeOf := func(ms int64) string { return logClock{ms: ms}.String()[:len(digits)] }
	at.ms = int64(sort.Search(lastYear, func(ms int) bool { return timeOf(int64(ms)) >= digits }))
	seq, err := strconv.ParseInt(id[logIDLength-seqDigits:], 10, 64)
	if err != nil { // only out of range: all are digits
		seq = math.MaxInt64
	}
	at.seq = seq
	return at, timeOf(at.ms) == digits
}
