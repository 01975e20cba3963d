package eventlog

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// minLiteral is how many characters stand at least beside a wildcard that is not only at the end.
	minLiteral = 3
	// maxWildcards bounds what comparing one value costs.
	maxWildcards = 5
)

// special are the characters that a word holds only behind a backslash.
const special = `"()[]{}^~?`

// term reads a value; field is "" where the search names none.
func (p *parser) term(field string) (tenant.LogExpr, error) {
	if p.terms++; p.terms > maxTerms {
		return nil, p.errorf("more than %d terms", maxTerms)
	}
	start := p.at
	switch {
	case p.done():
		return nil, p.errorf("expected a term")
	case p.peek() == '[' || p.peek() == '{':
		return p.interval(field)
	case p.peek() == '"':
		text, err := p.phrase()
		if err != nil {
			return nil, err
		}
		return p.match(field, []string{text}, start)
	}
	if field == "" {
		if err := p.notForeign(); err != nil {
			return nil, err
		}
	}
	literals, err := p.word(special)
	if err != nil {
		return nil, err
	}
	return p.match(field, literals, start)
}

// notForeign refuses what is an operator elsewhere. As a term it would match nothing, and change what the search means.
func (p *parser) notForeign() error {
	rest := p.text[p.at:]
	for sign, instead := range map[string]string{"&&": "AND", "||": "OR", "!": "NOT"} {
		if strings.HasPrefix(rest, sign) {
			return p.errorf("unexpected %q, write %s", sign, instead)
		}
	}
	if c := rest[0]; c == '+' || c == '-' {
		return p.errorf("expected a term behind %q", string(c))
	}
	return nil
}

// match makes the condition of a value that began at start.
func (p *parser) match(field string, literals []string, start int) (tenant.LogExpr, error) {
	if field == "date" {
		return p.day(literals, start)
	}
	if err := p.wildcards(field, literals, start); err != nil {
		return nil, err
	}
	return tenant.LogMatch{Field: field, Literals: literals}, nil
}

func (p *parser) wildcards(field string, literals []string, start int) error {
	last := len(literals) - 1
	if last == 0 || last == 1 && literals[last] == "" { // whole, or its beginning
		return nil
	}
	if field == "log_id" {
		return p.errorAt(start, "log_id takes a wildcard at its end only")
	}
	if last > maxWildcards {
		return p.errorAt(start, "more than %d wildcards in one term", maxWildcards)
	}
	for i, literal := range literals {
		if edge := literal == "" && (i == 0 || i == last); !edge && utf8.RuneCountInString(literal) < minLiteral {
			return p.errorAt(start, "a wildcard needs at least %d characters beside it, unless the term begins with them", minLiteral)
		}
	}
	return nil
}

// word reads up to a space or a closing parenthesis, and returns what stands between the wildcards; several in a row are one. Characters of
// stops are refused.
func (p *parser) word(stops string) ([]string, error) {
	literals := []string{""}
	add := func(c byte) { literals[len(literals)-1] += string([]byte{c}) }
	for start := p.at; !p.done(); p.at++ {
		switch c := p.peek(); {
		case isSpace(c) || c == ')':
			if p.at == start {
				return nil, p.errorf("expected a term")
			}
			return literals, nil
		case c == '\\':
			if p.at++; p.done() {
				return nil, p.errorf("nothing follows the backslash")
			}
			add(p.peek())
		case c == '*':
			if n := len(literals); n == 1 || literals[n-1] != "" {
				literals = append(literals, "")
			}
		case strings.IndexByte(stops, c) >= 0:
			return nil, p.specialError(c)
		default:
			add(c)
		}
	}
	return literals, nil
}

func (p *parser) specialError(c byte) error {
	switch c {
	case '?':
		return p.errorf("the wildcard ? is not supported")
	case '^', '~':
		return p.errorf("boosts and similarity are not supported: %q needs a backslash", string(c))
	}
	return p.errorf("unexpected %q: put the term in double quotes", string(c))
}

// phrase reads to the closing quote, behind which a clause must end.
func (p *parser) phrase() (string, error) {
	start := p.at
	var text strings.Builder
	for p.at++; !p.done(); p.at++ {
		switch c := p.peek(); c {
		case '"':
			if p.at++; !p.done() && !isSpace(p.peek()) && strings.IndexByte(")]}", p.peek()) < 0 {
				return "", p.errorf("expected a space after the closing quote")
			}
			return text.String(), nil
		case '\\':
			if p.at++; !p.done() {
				text.WriteByte(p.peek())
			}
		default:
			text.WriteByte(c)
		}
	}
	return "", p.errorAt(start, "the closing quote is missing")
}

var logID = regexp.MustCompile(`^900[0-9]{53}$`)

// IsLogID reports whether a text has the form of a record's log_id.
func IsLogID(text string) bool { return logID.MatchString(text) }

// interval reads "[from TO to]"; { and } leave out the bound beside them.
func (p *parser) interval(field string) (tenant.LogExpr, error) {
	if field == "" {
		return nil, p.errorf("a range needs a field")
	}
	exclusiveFrom := p.peek() == '{'
	p.at++
	from, err := p.bound(field)
	if err != nil {
		return nil, err
	}
	if !p.operator("TO") {
		return nil, p.errorf("expected TO")
	}
	to, err := p.bound(field)
	if err != nil {
		return nil, err
	}
	if p.spaces(); p.done() || p.peek() != ']' && p.peek() != '}' {
		return nil, p.errorf("the closing bracket of the range is missing")
	}
	exclusiveTo := p.peek() == '}'
	if p.at++; !p.done() && !isSpace(p.peek()) && p.peek() != ')' {
		return nil, p.errorf("expected a space after the range")
	}
	if field == "date" {
		return dates(from, to, exclusiveFrom, exclusiveTo), nil
	}
	if from.open && to.open {
		return tenant.LogMatch{Field: field, Literals: []string{"", ""}}, nil
	}
	return tenant.LogRange{Field: field, From: from.text(exclusiveFrom), To: to.text(exclusiveTo)}, nil
}

// bound is one end of a range: a text, a date as the span of time that it names, or open.
type bound struct {
	value string
	span  tenant.LogDates
	open  bool
}

func (b bound) text(exclusive bool) *tenant.LogBound {
	if b.open {
		return nil
	}
	return &tenant.LogBound{Value: b.value, Exclusive: exclusive}
}

func (p *parser) bound(field string) (bound, error) {
	p.spaces()
	start := p.at
	value, open, err := p.boundText()
	if err != nil || open {
		return bound{open: open}, err
	}
	b := bound{value: value}
	switch field {
	case "date":
		span, ok := spanOf(value)
		if !ok {
			return b, p.errorAt(start, "%q is no date: want "+dateForm, clip(value))
		}
		b.span = span
	case "log_id":
		if !IsLogID(value) {
			return b, p.errorAt(start, "%q is no log_id", clip(value))
		}
	}
	return b, nil
}

func (p *parser) boundText() (text string, open bool, err error) {
	if !p.done() && p.peek() == '"' {
		text, err = p.phrase()
		return text, false, err
	}
	start := p.at
	literals, err := p.boundWord()
	switch {
	case err != nil:
		return "", false, err
	case len(literals) == 2 && literals[0] == "" && literals[1] == "":
		return "", true, nil
	case len(literals) > 1:
		return "", false, p.errorAt(start, "a bound is a text or *")
	}
	return literals[0], false, nil
}

// boundWord reads a word that the end of the range may follow at once.
func (p *parser) boundWord() ([]string, error) {
	if p.done() || isSpace(p.peek()) || strings.IndexByte("]})", p.peek()) >= 0 {
		return nil, p.errorf("expected a bound")
	}
	inner := &parser{text: p.text[:p.at+p.boundEnd()], at: p.at}
	literals, err := inner.word(special)
	if err == nil && !inner.done() {
		err = inner.errorf("unexpected %q", string(inner.peek()))
	}
	p.at = inner.at
	return literals, err
}

// boundEnd is how long the bound is that comes next.
func (p *parser) boundEnd() int {
	rest := p.text[p.at:]
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\':
			i++
		case isSpace(c) || c == ']' || c == '}':
			return i
		}
	}
	return len(rest)
}

// errorAt is an error at a place that was read already.
func (p *parser) errorAt(at int, format string, args ...any) error {
	return (&parser{text: p.text, at: at}).errorf(format, args...)
}
