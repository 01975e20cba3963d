package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Each page's help, and each other link to the docs, leads to a heading that is there.
func TestHelpLeadsSomewhere(t *testing.T) {
	link := regexp.MustCompile(`(?:help="|docs_url\}/)([\w-]+\.md)(?:#([\w-]+))?["` + "`]")
	found := 0
	err := fs.WalkDir(sources, "app", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".tsx") {
			return err
		}
		text, err := sources.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			found++
			doc, err := os.ReadFile("../../docs/" + m[1])
			switch {
			case err != nil:
				t.Errorf("%s: %v", name, err)
			case m[2] != "" && !anchors(string(doc))[m[2]]:
				t.Errorf("%s links to %s#%s, which has no such heading", name, m[1], m[2])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 10 {
		t.Errorf("only %d links were found", found)
	}
}

// anchors are the headings of a document as GitHub names them.
func anchors(doc string) map[string]bool {
	all := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(doc, -1) {
		name := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(m[1]), "")
		all[strings.ReplaceAll(name, " ", "-")] = true
	}
	return all
}
