package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf16"

	"github.com/spf13/cobra"
)

func jsonFlag(cmd *cobra.Command) *bool {
	return cmd.Flags().Bool("json", false, "print JSON, nothing else")
}

// print and tell write to standard output and standard error, made printable.
func (a *app) print(format string, args ...any) {
	io.WriteString(a.stdout, printable(fmt.Sprintf(format, args...)))
}

func (a *app) tell(format string, args ...any) {
	io.WriteString(a.stderr, printable(fmt.Sprintf(format, args...)))
}

func (a *app) printJSON(v any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(a.stdout, escapeControls(b.String()))
	return err
}

func (a *app) printTable(columns []string, rows []object) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.ToUpper(strings.Join(columns, "\t")))
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, column := range columns {
			cells[i] = strings.ReplaceAll(printable(row.text(column)), "\n", "?")
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

// isControl tells the characters that move the cursor of a terminal or turn its text around (C0, C1, bidirectional marks), but for the
// end of a line.
func isControl(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) }

// printable keeps what comes from another's hands from doing that to this terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return '?'
		}
		return r
	}, s)
}

// escapeControls is printable for JSON, which loses nothing by it.
func escapeControls(text string) string {
	var b strings.Builder
	for _, r := range text {
		if !isControl(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// helpOnly is what a command without action does: show its help.
func helpOnly(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// noArgs refuses arguments by name; cobra's own speaks of unknown commands.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument: %q", cmd.CommandPath(), args[0])
	}
	return nil
}
