package web

import (
	"flag"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the sizes in docs/dashboard.md anew")

const sizesDoc = "../../docs/dashboard.md"

// firstLoadBudget is what a browser gets before it can show a page, fonts left out, as sent.
const firstLoadBudget = 320 << 10

// size is a row of the docs' table of sizes.
type size struct {
	what               string
	files, plain, sent int
}

// The table of sizes in the docs is true to a fifth, so that it is not another one with each commit; -update writes it. What comes before
// the first page stays within its budget.
func TestSizes(t *testing.T) {
	h := newHandler(door(""))
	built, err := h.app()
	if err != nil {
		t.Fatal(err)
	}
	sizes := measure(t, built, h.files)
	if sent := sizes[0].sent; sent > firstLoadBudget {
		t.Errorf("the first load is %s, over its budget of %s: import what is large where it is shown, with import()", kB(sent), kB(firstLoadBudget))
	}
	doc, err := os.ReadFile(sizesDoc)
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)(<!-- sizes: go test \./internal/web -run TestSizes -update -->\n).*?(<!-- /sizes -->)`)
	if !table.Match(doc) {
		t.Fatal("docs/dashboard.md has no table of sizes")
	}
	if *update {
		text := table.ReplaceAllString(string(doc), "${1}"+asTable(sizes)+"${2}")
		if err := os.WriteFile(sizesDoc, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, s := range sizes {
		row := regexp.MustCompile(`\| ` + regexp.QuoteMeta(s.what) + ` \| \d+ \| (\d+) kB \| (\d+) kB \|`).FindSubmatch(table.Find(doc))
		if row == nil {
			t.Errorf("docs/dashboard.md has no row for %q: -update writes it", s.what)
			continue
		}
		for i, got := range []int{s.plain, s.sent} { // how many files there are changes with each page
			var said int
			if _, err := fmt.Sscan(string(row[i+1]), &said); err != nil {
				t.Fatal(err)
			}
			if said *= 1000; 5*max(said-got, got-said) > max(said, 10_000) {
				t.Errorf("%s: the docs say %s, it is %d: -update writes the table anew", s.what, row[0], got/1000)
			}
		}
	}
}

// measure sums up what belongs together.
func measure(t *testing.T, built *app, files *thirdParty) []size {
	first := append([]string{built.main, built.scheme, built.styles, built.icon, files.Styles}, built.preload...)
	charts := slices.DeleteFunc(files.closure([]string{files.Modules["@mantine/charts"]}), func(name string) bool { return slices.Contains(first, name) })
	var own []string
	for name := range built.assets {
		if !slices.Contains(first, name) && path.Ext(name) != ".svg" && name != built.public && name != built.setup {
			own = append(own, name)
		}
	}
	sum := func(what string, names []string) size {
		s := size{what: what, files: len(names)}
		for _, name := range names {
			a, ok := built.assets[name]
			if !ok {
				a, ok = files.asset(name)
			}
			if !ok {
				t.Fatalf("no file %s", name)
			}
			s.plain, s.sent = s.plain+len(contentOf(t, a)), s.sent+len(a.body)
		}
		return s
	}
	return []size{
		sum("first load: React, Mantine, the shell, styles", first),
		sum("fonts (Inter, JetBrains Mono; Latin)", files.Fonts),
		sum("our pages, each loaded when it is shown, all together", own),
		sum("charts, loaded when a page shows one", charts),
		sum("set-up, sign-in and the like, without the font", []string{built.public, built.icon, built.setup}),
	}
}

func asTable(sizes []size) string {
	var b strings.Builder
	b.WriteString("| | files | plain | as sent |\n|---|---|---|---|\n")
	for _, s := range sizes {
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", s.what, s.files, kB(s.plain), kB(s.sent))
	}
	return b.String()
}

// kB rounds to thousands.
func kB(n int) string { return fmt.Sprintf("%d kB", (n+500)/1000) }
