package eventlog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// maxQuery bounds a search, in bytes.
	maxQuery = 4096
	// maxTerms bounds what one search costs.
	maxTerms = 100
	// maxDepth bounds how deep parentheses and prefixes nest.
	maxDepth = 16
)

// ErrQueryTooLong refuses a search of more than 4,096 bytes.
var ErrQueryTooLong = errors.New("the search query string is too long: refine the search")

// ParseQuery reads a search in Auth0's subset of Lucene's query syntax; nil selects every record.
//
//	q       = { chain }                        a chain that stands alone may have a prefix: + required, - or NOT prohibited
//	chain   = and { "OR" and }                 without any +, one of the chains without prefix must match
//	and     = clause { "AND" clause }          AND binds closer than OR
//	clause  = [ "NOT" | "-" | "+" ] ( "(" q ")" | [ field ":" ] value )
//	value   = word | phrase | range | "(" q ")"
//	range   = ( "[" | "{" ) bound "TO" bound ( "]" | "}" )
//
// Chains side by side are Lucene's implicit OR. In a word * stands for any text, and needs a literal of three characters on either side, but for the
// prefix form abc*; \ takes away a special character's meaning; a phrase in double quotes has no wildcards. Without a field a value is
// looked for in tenant.LogBareFields. Operators are in capitals. The value of date is 2026, 2026-11, 2026-11-23 or more, to the millisecond, in UTC
// unless it says otherwise, and means all of that year, month, day, ...
//
// Errors: ErrQueryTooLong; or a text for the caller that says what is wrong, and at which character.
func ParseQuery(q string) (tenant.LogExpr, error) {
	if len(q) > maxQuery {
		return nil, ErrQueryTooLong
	}
	p := &parser{text: q}
	if p.spaces(); p.done() {
		return nil, nil
	}
	expr, err := p.sequence(scope{})
	if err == nil && !p.done() {
		err = p.errorf("unexpected %q", ")")
	}
	return expr, err
}

// parser reads a search from left to right.
type parser struct {
	text  string
	at    int // bytes of text that are read
	terms int
	depth int
}

// scope is where a value stands: after "field:(" each value is that field's.
type scope struct {
	field string
	group bool
}

// clause is an expression and the prefix that it had.
type clause struct {
	expr tenant.LogExpr
	sign byte // '+', '-', or 0
}

// value is the expression by itself.
func (c clause) value() tenant.LogExpr {
	if c.sign == '-' {
		return negation(c.expr)
	}
	return c.expr
}

// sequence reads chains up to a closing parenthesis or the end.
func (p *parser) sequence(in scope) (tenant.LogExpr, error) {
	var required, optional, all []tenant.LogExpr
	for p.spaces(); !p.done() && p.peek() != ')'; p.spaces() {
		c, err := p.chain(in)
		if err != nil {
			return nil, err
		}
		switch c.sign {
		case '+':
			required = append(required, c.expr)
		case '-':
			all = append(all, c.value())
		default:
			optional = append(optional, c.expr)
		}
	}
	if len(required) == 0 && len(optional) > 0 {
		required = []tenant.LogExpr{either(optional)}
	}
	if all = append(required, all...); len(all) == 0 {
		return nil, p.errorf("expected a term")
	}
	return both(all), nil
}

// chain reads what OR joins. A single clause keeps its prefix.
func (p *parser) chain(in scope) (clause, error) {
	return p.joined("OR", either, func() (clause, error) {
		return p.joined("AND", both, func() (clause, error) { return p.clause(in) })
	})
}

// joined reads one or more operands with a word between them.
func (p *parser) joined(word string, join func([]tenant.LogExpr) tenant.LogExpr, operand func() (clause, error)) (clause, error) {
	first, err := operand()
	if err != nil {
		return clause{}, err
	}
	all := []tenant.LogExpr{first.value()}
	for p.operator(word) {
		next, err := operand()
		if err != nil {
			return clause{}, err
		}
		all = append(all, next.value())
	}
	if len(all) == 1 {
		return first, nil
	}
	return clause{expr: join(all)}, nil
}

func (p *parser) clause(in scope) (clause, error) {
	if p.depth++; p.depth > maxDepth {
		return clause{}, p.errorf("more than %d levels", maxDepth)
	}
	defer func() { p.depth-- }()
	switch {
	case p.operator("NOT") || p.prefix('-'):
		c, err := p.clause(in)
		if c.sign == '-' {
			return clause{expr: c.expr}, err
		}
		return clause{expr: c.expr, sign: '-'}, err
	case p.prefix('+'):
		c, err := p.clause(in)
		return clause{expr: c.value(), sign: '+'}, err
	}
	expr, err := p.operand(in)
	return clause{expr: expr}, err
}

func (p *parser) operand(in scope) (tenant.LogExpr, error) {
	p.spaces()
	for _, word := range []string{"AND", "OR"} {
		if p.atOperator(word) {
			return nil, p.errorf("expected a term, found %s", word)
		}
	}
	if !p.done() && p.peek() == '(' {
		return p.group(in)
	}
	name, named, err := p.field(in)
	if err != nil {
		return nil, err
	}
	if !named {
		return p.term(in.field)
	}
	if p.spaces(); !p.done() && p.peek() == '(' {
		return p.group(scope{field: name, group: true})
	}
	return p.term(name)
}

// group reads a search in parentheses.
func (p *parser) group(in scope) (tenant.LogExpr, error) {
	p.at++
	expr, err := p.sequence(in)
	if err != nil {
		return nil, err
	}
	if p.done() {
		return nil, p.errorf("the closing parenthesis is missing")
	}
	p.at++
	return expr, nil
}

// field reads "field:" if that is what comes. Inside field:( ) what looks like an unknown field is a value with a colon: a time, an address.
func (p *parser) field(in scope) (name string, named bool, err error) {
	rest := p.text[p.at:]
	end := strings.IndexAny(rest, ": \t\r\n()[]{}\"\\*?")
	if end < 0 || rest[end] != ':' {
		return "", false, nil
	}
	name = rest[:end]
	if known := slices.Contains(tenant.LogSearchFields(), name); !known && in.group {
		return "", false, nil
	} else if !known {
		return "", false, p.errorf("unknown field %q", clip(name))
	}
	p.at += end + 1
	return name, true, nil
}

func (p *parser) done() bool { return p.at >= len(p.text) }

func (p *parser) peek() byte { return p.text[p.at] }

func (p *parser) spaces() {
	for !p.done() && isSpace(p.peek()) {
		p.at++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// operator takes an operator that comes next.
func (p *parser) operator(word string) bool {
	p.spaces()
	if !p.atOperator(word) {
		return false
	}
	p.at += len(word)
	return true
}

// atOperator: a word that only begins like an operator is a term.
func (p *parser) atOperator(word string) bool {
	rest, ok := strings.CutPrefix(p.text[p.at:], word)
	return ok && (rest == "" || isSpace(rest[0]) || strings.IndexByte(`()"`, rest[0]) >= 0)
}

// prefix takes a + or - that stands right before a clause.
func (p *parser) prefix(sign byte) bool {
	if p.done() || p.peek() != sign || p.at+1 == len(p.text) || isSpace(p.text[p.at+1]) {
		return false
	}
	p.at++
	return true
}

// errorf is an error at the next character. Characters count from 1.
func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("%s at character %d", fmt.Sprintf(format, args...), 1+utf8.RuneCountInString(p.text[:p.at]))
}

func either(all []tenant.LogExpr) tenant.LogExpr {
	if len(all) == 1 {
		return all[0]
	}
	return tenant.LogOr(all)
}

func both(all []tenant.LogExpr) tenant.LogExpr {
	if len(all) == 1 {
		return all[0]
	}
	return tenant.LogAnd(all)
}

func negation(e tenant.LogExpr) tenant.LogExpr {
	if not, ok := e.(tenant.LogNot); ok {
		return not.Expr
	}
	return tenant.LogNot{Expr: e}
}

// clip bounds what an error repeats of the caller's own words.
func clip(s string) string {
	const limit = 64
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
