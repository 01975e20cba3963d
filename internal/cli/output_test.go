package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// hostile is a name that colours, clears and turns around the terminal it is printed on.
const hostile = "N\x1b[31m\u009b2J\u202eX\x7f\u2066\U000e0041"

func TestNothingPrintedMovesTheCursor(t *testing.T) {
	var out, errs strings.Builder
	a := &app{stdout: &out, stderr: &errs}
	a.print("name %s\n", hostile)
	a.tell("error: %v\n", hostile)
	if err := a.printTable([]string{"name"}, []object{{"name": hostile + "\nfaked\tline"}}); err != nil {
		t.Fatal(err)
	}
	if err := a.printJSON(object{"name": hostile}); err != nil {
		t.Fatal(err)
	}
	newPrinter(&out, func(string) string { return "" }).fact("name", hostile)
	for _, text := range []string{out.String(), errs.String()} {
		for _, r := range text {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Errorf("%U in %q", r, text)
			}
		}
	}
	if !strings.Contains(out.String(), "?faked?line") {
		t.Errorf("a cell has more than one line: %q", out.String())
	}
}

func TestEscapedJSONSaysTheSame(t *testing.T) {
	text, err := json.MarshalIndent(object{"name": hostile}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var got object
	if err := json.Unmarshal([]byte(escapeControls(string(text))), &got); err != nil || got["name"] != hostile {
		t.Errorf("%q, %v", got["name"], err)
	}
}
