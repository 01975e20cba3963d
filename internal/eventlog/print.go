package eventlog

import (
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// FormatQuery writes a condition as a search that ParseQuery reads as the same condition; nil is the empty search.
func FormatQuery(e tenant.LogExpr) string {
	switch e := e.(type) {
	case tenant.LogAnd:
		return formatAll(e, " AND ")
	case tenant.LogOr:
		return formatAll(e, " OR ")
	case tenant.LogNot:
		return "NOT " + FormatQuery(e.Expr)
	case tenant.LogMatch:
		return formatField(e.Field) + formatLiterals(e.Literals)
	case tenant.LogRange:
		from, to := "[*", "*]"
		if e.From != nil {
			from = bracket(e.From.Exclusive, "[", "{") + quote(e.From.Value)
		}
		if e.To != nil {
			to = quote(e.To.Value) + bracket(e.To.Exclusive, "]", "}")
		}
		return formatField(e.Field) + from + " TO " + to
	case tenant.LogDates:
		if e.From.IsZero() && e.Before.IsZero() {
			return "date:*"
		}
		return "date:[" + formatDate(e.From) + " TO " + formatDate(e.Before) + "}"
	}
	return ""
}

func formatAll(all []tenant.LogExpr, join string) string {
	texts := make([]string, len(all))
	for i, e := range all {
		texts[i] = FormatQuery(e)
	}
	return "(" + strings.Join(texts, join) + ")"
}

func formatField(name string) string {
	if name == "" {
		return ""
	}
	return name + ":"
}

func formatLiterals(literals []string) string {
	if len(literals) == 1 {
		return quote(literals[0])
	}
	escaped := make([]string, len(literals))
	for i, literal := range literals {
		escaped[i] = escape(literal)
	}
	return strings.Join(escaped, "*")
}

// escape puts a backslash before everything that could mean something in a word.
func escape(literal string) string {
	var out strings.Builder
	for i := range len(literal) {
		if c := literal[i]; c < 0x80 && !isAlphanumeric(c) {
			out.WriteByte('\\')
		}
		out.WriteByte(literal[i])
	}
	return out.String()
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func quote(text string) string { return `"` + quotes.Replace(text) + `"` }

func bracket(exclusive bool, in, out string) string {
	if exclusive {
		return out
	}
	return in
}

func formatDate(t time.Time) string {
	if t.IsZero() {
		return "*"
	}
	return t.UTC().Format(dateLayout)
}
