package eventlog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

func is(field, value string) tenant.LogExpr { return tenant.LogIs(field, value) }

func like(field string, literals ...string) tenant.LogExpr {
	return tenant.LogMatch{Field: field, Literals: literals}
}

func not(e tenant.LogExpr) tenant.LogExpr { return tenant.LogNot{Expr: e} }

func and(all ...tenant.LogExpr) tenant.LogExpr { return tenant.LogAnd(all) }

func or(all ...tenant.LogExpr) tenant.LogExpr { return tenant.LogOr(all) }

func from(value string) *tenant.LogBound { return &tenant.LogBound{Value: value} }

func beyond(value string) *tenant.LogBound { return &tenant.LogBound{Value: value, Exclusive: true} }

// span is a half-open stretch of time; "" = no bound.
func span(from, before string) tenant.LogExpr {
	at := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		return t
	}
	return tenant.LogDates{From: at(from), Before: at(before)}
}

const knownID = "90020261123120000000000000000000000000000000000000000042"

func TestParseQuery(t *testing.T) {
	tests := []struct {
		rule, q string
		want    tenant.LogExpr
	}{
		{"nothing", "", nil},
		{"spaces", " \t ", nil},
		{"a field", "type:seccft", is("type", "seccft")},
		{"a space behind the colon", "type: seccft", is("type", "seccft")},
		{"a bare term", "seccft", is("", "seccft")},
		{"a phrase", `description:"Create a client"`, is("description", "Create a client")},
		{"a bare phrase", `"Create a client"`, is("", "Create a client")},
		{"a phrase has no wildcards", `client_name:"a*?"`, is("client_name", "a*?")},
		{"an escaped quote", `client_name:"a \"b\" \\ c"`, is("client_name", `a "b" \ c`)},
		{"an empty phrase", `user_id:""`, is("user_id", "")},
		{"escapes in a word", `description:a\ b\*\?\(\:\\`, is("description", `a b*?(:\`)},
		{"a value with colons", "ip:2001:db8::1", is("ip", "2001:db8::1")},
		{"a value with a sign", "user_id:-5", is("user_id", "-5")},
		{"a value with a slash", "user_agent:auth0-go/1.0", is("user_agent", "auth0-go/1.0")},
		{"letters beyond ASCII", "client_name:größer", is("client_name", "größer")},

		{"AND", "type:a AND ip:b AND hostname:c", and(is("type", "a"), is("ip", "b"), is("hostname", "c"))},
		{"OR", "type:a OR type:b", or(is("type", "a"), is("type", "b"))},
		{"AND binds closer than OR", "a OR b AND c OR d", or(is("", "a"), and(is("", "b"), is("", "c")), is("", "d"))},
		{"terms side by side are an OR", "type:a type:b", or(is("type", "a"), is("type", "b"))},
		{"NOT", "NOT type:a", not(is("type", "a"))},
		{"NOT beside a term prohibits", "type:a NOT ip:b", and(is("type", "a"), not(is("ip", "b")))},
		{"minus prohibits", "type:a -ip:b type:c", and(or(is("type", "a"), is("type", "c")), not(is("ip", "b")))},
		{"plus requires, and the others do not matter", "+type:a type:b", is("type", "a")},
		{"all that plus requires", "+type:a +ip:b -hostname:c x", and(is("type", "a"), is("ip", "b"), not(is("hostname", "c")))},
		{"NOT beside OR is one of the alternatives", "type:a OR NOT ip:b", or(is("type", "a"), not(is("ip", "b")))},
		{"NOT beside AND", "type:a AND NOT ip:b", and(is("type", "a"), not(is("ip", "b")))},
		{"NOT twice", "NOT NOT type:a", is("type", "a")},
		{"NOT of a NOT in parentheses", "NOT (NOT type:a)", is("type", "a")},
		{"operators in lower case are terms", "a and b", or(is("", "a"), is("", "and"), is("", "b"))},
		{"a word that begins like an operator", "ANDROID ORIGIN NOTE", or(is("", "ANDROID"), is("", "ORIGIN"), is("", "NOTE"))},
		{"an operator in quotes is a term", `"AND" OR "OR"`, or(is("", "AND"), is("", "OR"))},
		{"parentheses", "(a OR b) AND (c)", and(or(is("", "a"), is("", "b")), is("", "c"))},
		{"an operator right before a parenthesis", "NOT(a OR b)", not(or(is("", "a"), is("", "b")))},
		{"a field before parentheses", "type:(a OR b)", or(is("type", "a"), is("type", "b"))},
		{"another field in a field's parentheses", "type:(a AND ip:b)", and(is("type", "a"), is("ip", "b"))},
		{"colons in a field's parentheses", "ip:(::1 OR 2001:db8::1)", or(is("ip", "::1"), is("ip", "2001:db8::1"))},

		{"a beginning", "type:s*", like("type", "s", "")},
		{"an end", "description:*rule", like("description", "", "rule")},
		{"a middle", "description:*logs*", like("description", "", "logs", "")},
		{"between", "user_name:jane*smith", like("user_name", "jane", "smith")},
		{"stars in a row are one", "type:sap**", like("type", "sap", "")},
		{"whatever is there", "organization_id:*", like("organization_id", "", "")},
		{"everything", "*", like("", "", "")},
		{"the beginning of a log id", "log_id:9002026*", like("log_id", "9002026", "")},
		{"three characters, not bytes", "client_name:*äöü", like("client_name", "", "äöü")},

		{"a range", "ip:[a TO b]", tenant.LogRange{Field: "ip", From: from("a"), To: from("b")}},
		{"an exclusive range", "ip:{a TO b}", tenant.LogRange{Field: "ip", From: beyond("a"), To: beyond("b")}},
		{"a mixed range", "ip:[a TO b}", tenant.LogRange{Field: "ip", From: from("a"), To: beyond("b")}},
		{"a range without an end", "ip:[a TO *]", tenant.LogRange{Field: "ip", From: from("a")}},
		{"a range without a beginning", "ip:{* TO b}", tenant.LogRange{Field: "ip", To: beyond("b")}},
		{"a range without either", "ip:[* TO *]", like("ip", "", "")},
		{"quoted bounds", `description:["a ] b" TO "*"]`, tenant.LogRange{Field: "description", From: from("a ] b"), To: from("*")}},
		{"the form of auth0-cli's tail", "log_id:[" + knownID + " TO *]", tenant.LogRange{Field: "log_id", From: from(knownID)}},
		{"a range in parentheses", "(ip:[a TO b])", tenant.LogRange{Field: "ip", From: from("a"), To: from("b")}},

		{"a day", "date:2018-12-18", span("2018-12-18T00:00:00Z", "2018-12-19T00:00:00Z")},
		{"a month", "date:2018-12", span("2018-12-01T00:00:00Z", "2019-01-01T00:00:00Z")},
		{"a year", "date:2018", span("2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z")},
		{"an hour", "date:2018-12-18T05", span("2018-12-18T05:00:00Z", "2018-12-18T06:00:00Z")},
		{"a minute", "date:2018-12-18T05:30", span("2018-12-18T05:30:00Z", "2018-12-18T05:31:00Z")},
		{"a second", "date:2018-12-18T05:30:01Z", span("2018-12-18T05:30:01Z", "2018-12-18T05:30:02Z")},
		{"a millisecond", "date:2018-12-18T05:30:01.5Z", span("2018-12-18T05:30:01.5Z", "2018-12-18T05:30:01.501Z")},
		{"digits beyond the millisecond", `date:"2018-12-18T05:30:01.5009Z"`, span("2018-12-18T05:30:01.5Z", "2018-12-18T05:30:01.501Z")},
		{"a zone", "date:2018-12-18T05:30:00+02:00", span("2018-12-18T03:30:00Z", "2018-12-18T03:30:01Z")},
		{"any date", "date:*", span("", "")},
		{"from a day on", "date:[2018-12-18 TO *]", span("2018-12-18T00:00:00Z", "")},
		{"up to but without a day", "date:[* TO 2018-12-19}", span("", "2018-12-19T00:00:00Z")},
		{"up to and with a day", "date:[* TO 2018-12-19]", span("", "2018-12-20T00:00:00Z")},
		{"after a day", "date:{2018-12-19 TO *}", span("2018-12-20T00:00:00Z", "")},
		{"dates of two precisions", "date:[2018-12 TO 2019-01-01}", span("2018-12-01T00:00:00Z", "2019-01-01T00:00:00Z")},
		{"times in a range", "date:[2019-01-01T01:00:00 TO 2019-01-01T12:23:45}", span("2019-01-01T01:00:00Z", "2019-01-01T12:23:45Z")},
		{"an exporter's range", "date:{2026-11-23T12:00:00Z TO *]", span("2026-11-23T12:00:01Z", "")},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := ParseQuery(tt.q)
			if d := cmp.Diff(tt.want, got); d != "" || err != nil {
				t.Error(d, err)
			}
		})
	}
}

func TestParseQueryRefuses(t *testing.T) {
	tests := []struct{ rule, q, want string }{
		{"an unknown field", "user_email:a", `unknown field "user_email" at character 1`},
		{"the character is counted, not the byte", "äö colour:red", `unknown field "colour" at character 4`},
		{"a field's raw form", "description.raw:a", `unknown field "description.raw" at character 1`},
		{"no value", "type:", "expected a term at character 6"},
		{"nothing after AND", "type:a AND  ", "expected a term at character 13"},
		{"nothing before AND", "AND type:a", "expected a term, found AND at character 1"},
		{"two operators", "type:a AND OR b", "expected a term, found OR at character 12"},
		{"nothing after NOT", "NOT", "expected a term at character 4"},
		{"a sign by itself", "a - b", `expected a term behind "-" at character 3`},
		{"operators of other languages", "a && b", `unexpected "&&", write AND at character 3`},
		{"an exclamation mark", "!a", `unexpected "!", write NOT at character 1`},
		{"an open parenthesis", "(a OR b", "the closing parenthesis is missing at character 8"},
		{"a closing one", "a) b", `unexpected ")" at character 2`},
		{"empty parentheses", "type:()", "expected a term at character 7"},
		{"a parenthesis inside a word", "a(b)", `unexpected "(": put the term in double quotes at character 2`},
		{"an open quote", `type:"a`, "the closing quote is missing at character 6"},
		{"text behind a quote", `type:"a"b`, "expected a space after the closing quote at character 9"},
		{"a quote inside a word", `type:a"b"`, `unexpected "\"": put the term in double quotes at character 7`},
		{"a backslash at the end", `type:a\`, "nothing follows the backslash at character 8"},
		{"a question mark", "type:s?", "the wildcard ? is not supported at character 7"},
		{"similarity", "description:rule~2", `boosts and similarity are not supported: "~" needs a backslash at character 17`},
		{"a short end", "description:*sa", "a wildcard needs at least 3 characters beside it, unless the term begins with them at character 13"},
		{"a short middle", "description:create*a*rule", "a wildcard needs at least 3 characters beside it, unless the term begins with them at character 13"},
		{"many wildcards", "description:aaa*bbb*ccc*ddd*eee*fff*ggg", "more than 5 wildcards in one term at character 13"},
		{"the end of a log id", "log_id:*0001", "log_id takes a wildcard at its end only at character 8"},
		{"a range of no field", "[a TO b]", "a range needs a field at character 1"},
		{"a range without TO", "ip:[a b]", "expected TO at character 7"},
		{"a range with to", "ip:[a to b]", "expected TO at character 7"},
		{"a range without a bound", "ip:[a TO ]", "expected a bound at character 10"},
		{"an open range", "ip:[a TO b", "the closing bracket of the range is missing at character 11"},
		{"a wildcard in a bound", "ip:[a* TO b]", "a bound is a text or * at character 5"},
		{"text behind a range", "ip:[a TO b]c", "expected a space after the range at character 12"},
		{"a log id that is none", "log_id:[5 TO *]", `"5" is no log_id at character 9`},
		{"a date that is none", "date:today", `"today" is no date: want YYYY[-MM[-DD[Thh[:mm[:ss[.mmm]]]]]] at character 6`},
		{"a day that is none", "date:[2018-02-30 TO *]", `"2018-02-30" is no date: want YYYY[-MM[-DD[Thh[:mm[:ss[.mmm]]]]]] at character 7`},
		{"part of a date", "date:2018-1*", `"2018-1*" is no date: want YYYY[-MM[-DD[Thh[:mm[:ss[.mmm]]]]]] at character 6`},
		{"too many terms", strings.Repeat("a ", 101), "more than 100 terms at character 201"},
		{"too deep", strings.Repeat("(", 40) + "a", "more than 16 levels at character 17"},
		{"too many prefixes", strings.Repeat("-", 40) + "a", "more than 16 levels at character 17"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := ParseQuery(tt.q)
			if err == nil {
				t.Fatalf("accepted as %s", FormatQuery(got))
			}
			if d := cmp.Diff(tt.want, err.Error()); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("too long", func(t *testing.T) {
		if _, err := ParseQuery(strings.Repeat(" ", 4097)); !errors.Is(err, ErrQueryTooLong) {
			t.Error(err)
		}
	})
}

// What is read can be written and read again, and names no field that cannot be searched.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"", "type:a", `type:"a \" b" AND ip:1`, "type:a AND", ":", `"`, `type:"\`, "a:b AND c:d", "+a -b c OR NOT d", "type:(a OR (b c))", `\-a*bcd\ e*`,
		"date:[2018-12 TO *}", "date:2018-12-18T05:30:01.5+02:00", "log_id:[" + knownID + " TO *]", `ip:{"a" TO b\]]`, "*", "date:*", "NOT NOT (a)", "ip:[* TO *]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, q string) {
		expr, err := ParseQuery(q)
		if err != nil {
			return
		}
		written := FormatQuery(expr)
		if len(written) > maxQuery {
			return
		}
		again, err := ParseQuery(written)
		if err != nil && strings.Contains(err.Error(), "levels") { // a search side by side is written in parentheses
			return
		}
		if d := cmp.Diff(expr, again); d != "" || err != nil {
			t.Fatalf("%q was written as %q: %s %v", q, written, d, err)
		}
	})
}
