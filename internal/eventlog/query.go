package eventlog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/tenant"
)

// SearchFields returns the fields that a search may name. Those that a machine's records never fill match nothing.
func SearchFields() []string {
	return []string{
		"client_id", "client_name", "connection", "connection_id", "description", "date", "hostname", "ip", "log_id",
		"organization_id", "user_id", "user_name", "user_agent", "strategy", "strategy_type", "type",
	}
}

const (
	// maxQuery bounds a search, in bytes.
	maxQuery = 2048
	// maxTerms bounds what one search costs.
	maxTerms = 16
)

// ParseQuery reads a search of the form field:value AND field:value. A value with spaces or special characters stands in double
// quotes, where \ escapes. An empty q has no terms and matches every record. Errors: the text says, for the caller, what is wrong.
func ParseQuery(q string) ([]tenant.LogTerm, error) {
	if len(q) > maxQuery {
		return nil, fmt.Errorf("q is longer than %d characters", maxQuery)
	}
	var terms []tenant.LogTerm
	for rest := strings.TrimSpace(q); rest != ""; {
		if len(terms) == maxTerms {
			return nil, fmt.Errorf("q has more than %d terms", maxTerms)
		}
		if len(terms) > 0 {
			var err error
			if rest, err = cutAnd(rest); err != nil {
				return nil, err
			}
		}
		term, after, err := parseTerm(rest)
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		rest = strings.TrimLeft(after, " ")
	}
	return terms, nil
}

// cutAnd takes off the AND before the next term. q ends in no space, so that an AND with nothing behind it has no term.
func cutAnd(s string) (string, error) {
	word, rest, _ := strings.Cut(s, " ")
	switch {
	case word != "AND":
		return "", fmt.Errorf("q: expected AND before %q", clip(s))
	case rest == "":
		return "", fmt.Errorf("q: expected field:value after AND")
	}
	return strings.TrimLeft(rest, " "), nil
}

func parseTerm(s string) (tenant.LogTerm, string, error) {
	field, rest, ok := strings.Cut(s, ":")
	if !ok || strings.ContainsAny(field, " \"") {
		return tenant.LogTerm{}, "", fmt.Errorf("q: expected field:value at %q", clip(s))
	}
	if !slices.Contains(SearchFields(), field) {
		return tenant.LogTerm{}, "", fmt.Errorf("q: the field %q cannot be searched; fields are %s", clip(field), strings.Join(SearchFields(), ", "))
	}
	value, rest, err := parseValue(rest)
	if err != nil {
		return tenant.LogTerm{}, "", fmt.Errorf("q: %s: %w", field, err)
	}
	return tenant.LogTerm{Field: field, Value: value}, rest, nil
}

func parseValue(s string) (value, rest string, err error) {
	if after, quoted := strings.CutPrefix(s, `"`); quoted {
		return parseQuoted(after)
	}
	value, rest, found := strings.Cut(s, " ")
	if found {
		rest = " " + rest
	}
	switch {
	case value == "":
		return "", "", fmt.Errorf("the value is missing")
	case strings.ContainsAny(value, `*?[]{}()"\`):
		return "", "", fmt.Errorf(`the value %q holds a special character: put it in double quotes; ranges, wildcards and groups are not supported`, clip(value))
	}
	return value, rest, nil
}

// parseQuoted reads to the closing quote; what follows must be the end or a space.
func parseQuoted(s string) (value, rest string, err error) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i++; i < len(s) {
				out.WriteByte(s[i])
			}
		case '"':
			rest = s[i+1:]
			if rest != "" && rest[0] != ' ' {
				return "", "", fmt.Errorf("expected a space after the closing quote")
			}
			return out.String(), rest, nil
		default:
			out.WriteByte(s[i])
		}
	}
	return "", "", fmt.Errorf("the closing quote is missing")
}

func clip(s string) string {
	const limit = 64
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
