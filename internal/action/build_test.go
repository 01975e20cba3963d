package action

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const handler = "exports.onExecuteCredentialsExchange = async (event, api) => {"

func TestBuild(t *testing.T) {
	for _, tt := range []struct {
		rule, code string
		kind       Kind
		want       string // a part of the first message; empty = it can be built
	}{
		{rule: "no code", code: ""},
		{rule: "a handler", code: handler + "};"},
		{rule: "today's JavaScript", code: handler + "const x = event.a?.b ?? 1n; class A { #p = 1; static { A.q = 2 } } };"},
		{rule: "packages, Node's modules and modules of the tenant can be required", code: "require('lodash'); require('node:crypto'); require('fs'); require('actions:shared')"},
		{rule: "what is required may be computed", code: "const name = 'x'; require(name)"},
		{rule: "a syntax error says where", code: handler + "\n\tconsole.log(event)\n};\"\n", want: `code.js:3:4: Unterminated string literal`},
		{rule: "an open block", code: handler, want: "code.js:1:"},
		{rule: "no TypeScript", code: "const n: number = 1", want: "code.js:1:8: "},
		{rule: "no JSX", code: "const e = <b/>", want: "code.js:1:"},
		{rule: "no import statements", code: "import axios from 'axios'", want: "use require"},
		{rule: "import() is a call", code: handler + " await import('axios') }"},
		{rule: "no files", code: "require('./secret')", want: `"./secret" cannot be required`},
		{rule: "no absolute files", code: "require('/etc/passwd')", want: "cannot be required"},
		{rule: "modules do not nest", kind: Module, code: "require('actions:other')", want: "modules do not nest"},
		{rule: "a module requires packages", kind: Module, code: "module.exports = require('lodash')"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			errors, err := NewBuilder().Build(t.Context(), tt.kind, tt.code)
			if err != nil {
				t.Fatal(err)
			}
			if got := first(errors); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func first(errors []tenant.ActionError) string {
	if len(errors) == 0 {
		return ""
	}
	return errors[0].Msg
}

// A file that is there is not read all the same.
func TestBuildReadsNoFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shared.js", []byte("syntax error"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"require('shared.js')", "require('shared')"} {
		if errors, err := NewBuilder().Build(t.Context(), Action, code); err != nil || len(errors) > 0 {
			t.Errorf("%s: %v %v", code, errors, err)
		}
	}
}

// What would cost a parser a gigabyte, or minutes, is refused unread.
func TestBuildRefusesDepth(t *testing.T) {
	for _, unit := range []string{"(", "[", "{", "!", "- ", "`${", "a=>", "if(a)", "a=", "a?", "1?1:", "a+", "a**", "({a:", "class{[", "new ", "a.", "a()",
		"a:", "a?.", "a,", "await ", "for(;;)", "={}", "``", "a\n.", "()=>(", "/\"/;!!", "`'`+[", "else\n"} {
		code := strings.Repeat(unit, tenant.MaxActionCode/len(unit))
		bounded := strings.Count(unit, ";") > 0 && !strings.Contains(unit, "for") // each statement ends soon
		if got := tooDeep(code); got == bounded {
			t.Errorf("%q: too deep %v", unit, got)
		}
	}
}

func TestBuildTakesWhatPeopleWrite(t *testing.T) {
	for rule, code := range map[string]string{
		"many statements":         strings.Repeat("exports.a = () => { return 1 };\n", 3000),
		"many without semicolons": strings.Repeat("function a() { if (x) { return [1, 2] } else { return f(g(1)) } }\n", 1400),
		"a list":                  "const list = [" + strings.Repeat("'x.example.com',", 1600) + "];",
		"closing brackets":        "const a = ')]}';" + strings.Repeat("f();", 20_000),
	} {
		if errors, err := NewBuilder().Build(t.Context(), Action, code); err != nil || len(errors) > 0 {
			t.Errorf("%s: %v %v", rule, errors, err)
		}
	}
}

func TestBuildWaitsForItsTurn(t *testing.T) {
	b := NewBuilder()
	b.turn <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := b.Build(ctx, Action, ""); err == nil {
		t.Error("built beside another")
	}
	<-b.turn
	if _, err := b.Build(t.Context(), Action, ""); err != nil {
		t.Error(err)
	}
}
