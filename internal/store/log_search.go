package store

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	everything = "1 = 1"
	nothing    = "1 = 0"
	// notIssued is what the index logs_type is of. SQLite uses it where a statement says the same.
	notIssued = `type <> '` + tenant.LogTokenIssued + `'`
)

// logSearch compiles a search into SQL. What the caller wrote reaches the database as arguments only; the tenant is the first.
//
// Conditions on type, log_id and date that must all hold are found by an index; those on client_id by walking one. Everything else is
// looked for record by record in the order of the result, until the page is full; the context bounds how long.
type logSearch struct {
	engine engine
	args   []any
}

// bind returns the placeholder of an argument.
func (s *logSearch) bind(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// condition is what follows "WHERE tenant = $1". Errors: a condition that no search may have.
func (s *logSearch) condition(e tenant.LogExpr) (string, error) {
	switch e := e.(type) {
	case nil:
		return everything, nil
	case tenant.LogAnd:
		return s.joined(e, " AND ", everything)
	case tenant.LogOr:
		return s.joined(e, " OR ", nothing)
	case tenant.LogNot:
		inner, err := s.condition(e.Expr)
		return "(" + inner + ") IS NOT TRUE", err // a field that is not there makes a condition unknown
	case tenant.LogMatch:
		return s.match(e)
	case tenant.LogRange:
		return s.interval(e)
	case tenant.LogDates:
		return s.dates(e), nil
	}
	return "", fmt.Errorf("store: the log cannot be searched by a %T", e)
}

func (s *logSearch) joined(all []tenant.LogExpr, with, none string) (string, error) {
	if len(all) == 0 {
		return none, nil
	}
	conditions := make([]string, len(all))
	for i, e := range all {
		var err error
		if conditions[i], err = s.condition(e); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(conditions, with) + ")", nil
}

func (s *logSearch) match(m tenant.LogMatch) (string, error) {
	switch m.Field {
	case "":
		return s.matchBare(m.Literals)
	case "log_id":
		return s.matchID(m.Literals), nil
	case "type", "client_id":
		return s.matchText(m)
	}
	condition, err := s.matchText(m)
	return s.mentioned(m.Literals, condition), err
}

// matchBare looks into the document at once for all fields that stand there.
func (s *logSearch) matchBare(literals []string) (string, error) {
	var texts []string
	for _, field := range tenant.LogBareFields() {
		if field == "log_id" {
			continue
		}
		condition, err := s.matchText(tenant.LogMatch{Field: field, Literals: literals})
		if err != nil {
			return "", err
		}
		texts = append(texts, condition)
	}
	inDoc := s.mentioned(literals, "("+strings.Join(texts, " OR ")+")")
	return "(" + s.matchID(literals) + " OR " + inDoc + ")", nil
}

// mentioned puts before the condition of a text that the document holds one of its literals anywhere: to look for that is several times
// quicker than to take the document apart, and true of few records. recordDoc writes all of a text as it is, but for what escapedInDoc tells.
func (s *logSearch) mentioned(literals []string, condition string) string {
	literal := ""
	for _, l := range literals {
		if len(l) > len(literal) && storable(l) == l && !strings.ContainsFunc(l, escapedInDoc) {
			literal = l
		}
	}
	if literal == "" || condition == nothing {
		return condition
	}
	return "(" + s.engine.contains("doc", literal, s.bind) + " AND " + condition + ")"
}

// escapedInDoc tells the characters that do not stand in a JSON string as they are (RFC 8259 section 7).
func escapedInDoc(r rune) bool { return r < ' ' || r == '"' || r == '\\' }

func (s *logSearch) matchText(m tenant.LogMatch) (string, error) {
	text, err := searchable(m.Field)
	if err != nil {
		return "", err
	}
	whole := strings.Join(m.Literals, "")
	switch {
	case storable(whole) != whole: // no record can hold it
		return nothing, nil
	case len(m.Literals) == 1 && whole == "":
		return nothing, nil
	case m.Field == "type" && len(m.Literals) == 1 && whole != tenant.LogTokenIssued:
		return "(type = " + s.bind(whole) + " AND " + notIssued + ")", nil
	case len(m.Literals) == 1:
		return text + " = " + s.bind(whole), nil
	case whole == "":
		return text + " IS NOT NULL", nil
	}
	return s.engine.like(text, m.Literals, s.bind), nil
}

func (s *logSearch) interval(r tenant.LogRange) (string, error) {
	if r.Field == "log_id" {
		return s.idRange(r)
	}
	text, err := searchable(r.Field)
	if err != nil {
		return "", err
	}
	conditions := []string{text + " IS NOT NULL"}
	for _, end := range []struct {
		bound   *tenant.LogBound
		compare string
	}{{r.From, " >"}, {r.To, " <"}} {
		if end.bound == nil {
			continue
		}
		if storable(end.bound.Value) != end.bound.Value {
			return "", fmt.Errorf("store: the log cannot be searched from or to %q: want UTF-8 without NUL", end.bound.Value)
		}
		if !end.bound.Exclusive {
			end.compare += "="
		}
		conditions = append(conditions, s.engine.bytewise(text)+end.compare+" "+s.bind(end.bound.Value))
	}
	return "(" + strings.Join(conditions, " AND ") + ")", nil
}

func (s *logSearch) dates(d tenant.LogDates) string {
	conditions := []string{everything}
	if !d.From.IsZero() {
		conditions = append(conditions, "date >= "+s.bind(d.From.UnixMilli()))
	}
	if !d.Before.IsZero() {
		conditions = append(conditions, "date < "+s.bind(d.Before.UnixMilli()))
	}
	return "(" + strings.Join(conditions, " AND ") + ")"
}

// order is what a search is ordered by. The log's order is that of commits; a search that dates bound is ordered by them, because the
// index that finds them is, and no two records of different commits are far from either.
func (s *logSearch) order(q tenant.LogQuery) ([]string, error) {
	if q.InLogOrder() {
		if q.SortBy != "log_id" && boundByDates(q.Where) {
			return []string{"date", "seq"}, nil
		}
		return []string{"seq"}, nil
	}
	text, err := searchable(q.SortBy)
	if err != nil {
		return nil, err
	}
	return []string{s.engine.bytewise("COALESCE(" + text + ", '')"), "seq"}, nil
}

// orderBy is the ORDER BY of columns or expressions.
func orderBy(columns []string, ascending bool) string {
	direction := " DESC"
	if ascending {
		direction = " ASC"
	}
	return " ORDER BY " + strings.Join(columns, direction+", ") + direction
}

// unindexed are integer columns as expressions that no index is in the order of.
func unindexed(columns []string) []string {
	expressions := make([]string, len(columns))
	for i, column := range columns {
		expressions[i] = column + " + 0"
	}
	return expressions
}

// boundByDates reports whether dates must hold for every record that is found.
func boundByDates(where tenant.LogExpr) bool {
	switch e := where.(type) {
	case tenant.LogDates:
		return e != tenant.LogDates{}
	case tenant.LogAnd:
		for _, one := range e {
			if boundByDates(one) {
				return true
			}
		}
	}
	return false
}

// page is the LIMIT and OFFSET of a search.
func (s *logSearch) page(q tenant.LogQuery) string {
	limit := int64(math.MaxInt64)
	if q.Limit > 0 {
		limit = int64(q.Limit)
	}
	return " LIMIT " + s.bind(limit) + " OFFSET " + s.bind(q.Offset)
}

func searchable(field string) (string, error) {
	text, ok := logText(field)
	if !ok {
		return "", fmt.Errorf("store: the log cannot be searched by %q", field)
	}
	return text, nil
}
