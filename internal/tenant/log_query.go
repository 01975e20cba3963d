package tenant

import "time"

// LogQuery is a search of the tenant log: which records, in which order, which page of them.
type LogQuery struct {
	// Where selects records; nil = every record.
	Where LogExpr
	// SortBy is one of LogSearchFields; an empty field sorts as "", and what is equal by the log's order. Default "date", which is the log's
	// order, that of commits, unless Where bounds the dates.
	SortBy string
	// Ascending sorts upwards, oldest first. Default downwards, newest first.
	Ascending bool
	// Offset and Limit page through the result. Limit 0 = no bound.
	Offset, Limit int
}

// InLogOrder reports whether records come in the order of q without being sorted.
func (q LogQuery) InLogOrder() bool {
	return q.SortBy == "" || q.SortBy == "date" || q.SortBy == "log_id"
}

// Plain reports whether q pages through the log as it is: it looks at no record but those of its page, and those that it skips.
func (q LogQuery) Plain() bool { return q.Where == nil && q.InLogOrder() }

// LogExpr is a condition on a record: LogAnd, LogOr, LogNot, LogMatch, LogRange or LogDates. Texts are compared byte for byte, whole. A field that
// is empty is one that the record lacks: no LogMatch and no LogRange finds it.
type LogExpr interface{ logExpr() }

// LogAnd holds where all of it hold.
type LogAnd []LogExpr

// LogOr holds where one of it holds.
type LogOr []LogExpr

// LogNot holds where Expr does not, whether or not the record has the field.
type LogNot struct{ Expr LogExpr }

// LogMatch compares a field with literals that any text, or none, may stand between. One literal is the whole value; {"a", ""} is what begins with
// a, {"", "a", ""} what holds a, {"", ""} whatever is there.
type LogMatch struct {
	// Field is one of LogSearchFields, but not date; "" = any of LogBareFields. On log_id a pattern is the beginning of one ({"900", ""}) or
	// {"", ""}; any other matches nothing.
	Field    string
	Literals []string
}

// LogRange holds where a text is between two others in the order of bytes. Bounds on log_id are log ids: the place in the log, and so in
// the order of commits, of a record that exists, existed or could.
type LogRange struct {
	// Field is one of LogSearchFields, but not date.
	Field string
	// From and To are the bounds; nil = none.
	From, To *LogBound
}

// LogBound is one end of a LogRange. It belongs to the range unless Exclusive.
type LogBound struct {
	Value     string
	Exclusive bool
}

// LogDates holds where a record's date is not before From, and before Before. A zero time is no bound.
type LogDates struct{ From, Before time.Time }

func (LogAnd) logExpr()   {}
func (LogOr) logExpr()    {}
func (LogNot) logExpr()   {}
func (LogMatch) logExpr() {}
func (LogRange) logExpr() {}
func (LogDates) logExpr() {}

// LogIs matches a field's whole value.
func LogIs(field, value string) LogMatch { return LogMatch{Field: field, Literals: []string{value}} }

// LogSearchFields returns the fields that a search may name and sort by. What a machine's records never fill (strategy) matches nothing.
func LogSearchFields() []string {
	return []string{
		"client_id", "client_name", "connection", "connection_id", "description", "date", "hostname", "ip", "log_id",
		"organization_id", "user_id", "user_name", "user_agent", "strategy", "strategy_type", "type",
	}
}

// LogBareFields returns the fields of which any may match where a search names none.
func LogBareFields() []string {
	return []string{"client_name", "connection", "description", "ip", "log_id", "type", "user_name"}
}
