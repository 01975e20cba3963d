package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// printer writes the demo's tour: numbered steps, calls, facts. Colours only on a terminal that wants them.
type printer struct {
	w      io.Writer
	colour bool
}

func newPrinter(w io.Writer, getenv func(string) string) *printer {
	file, isFile := w.(*os.File)
	return &printer{w: w, colour: isFile && term.IsTerminal(int(file.Fd())) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"}
}

const (
	bold  = "1"
	dim   = "2"
	green = "32"
	cyan  = "36"
)

func (p *printer) paint(code, s string) string {
	if !p.colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *printer) line(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

// title opens a section.
func (p *printer) title(s string) { p.line("\n%s", p.paint(bold, s)) }

// step opens a numbered step.
func (p *printer) step(n int, title string) {
	p.line("\n%s %s", p.paint(green, fmt.Sprintf("%2d", n)), p.paint(bold, title))
}

// call shows the request that a step made.
func (p *printer) call(s string) { p.line("   %s", p.paint(dim, s)) }

// fact shows one thing that came of it.
func (p *printer) fact(name, value string) {
	p.line("   %s %s", p.paint(cyan, fmt.Sprintf("%-14s", name)), printable(value))
}

// token shows a token decoded.
func (p *printer) token(compact string) error {
	header, claims, err := decode(compact)
	if err != nil {
		return err
	}
	p.fact("header", oneLine(header))
	p.fact("claims", strings.ReplaceAll(claims, "\n", "\n"+strings.Repeat(" ", 18)))
	return nil
}

func oneLine(indented string) string {
	var parts []string
	for line := range strings.Lines(indented) {
		parts = append(parts, strings.TrimSpace(line))
	}
	return strings.Join(parts, " ")
}
