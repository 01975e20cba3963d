package internal

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every direct dependency has a line in docs/dependencies.md, and every line there is a direct dependency.
func TestDependenciesAreExplained(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for line := range strings.Lines(string(mod)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && strings.Contains(fields[0], "/") && fields[0] != "module" {
			direct[fields[0]] = true
		}
	}
	explained := map[string]bool{}
	for line := range strings.Lines(string(doc)) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for _, quoted := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
			explained[strings.Replace(quoted[1], ".../", "github.com/knadh/koanf/", 1)] = true
		}
	}
	for module := range direct {
		if !explained[module] {
			t.Errorf("%s has no line in docs/dependencies.md", module)
		}
	}
	for module := range explained {
		if !direct[module] {
			t.Errorf("docs/dependencies.md explains %s, which is no direct dependency", module)
		}
	}
	if len(direct) == 0 {
		t.Error("go.mod was not understood")
	}
}

// Links between our documents lead somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, doc := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/security.md", "docs/dependencies.md", "docs/operations.md", "docs/configuration.md", "docs/compatibility.md", "docs/designing-apis.md", "docs/dashboard.md", "docs/moving-from-auth0.md"} {
		text, err := os.ReadFile("../" + doc)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			base := "../"
			if strings.HasPrefix(doc, "docs/") {
				base = "../docs/"
			}
			if _, err := os.Stat(base + m[1]); err != nil {
				t.Errorf("%s links to %s: %v", doc, m[1], err)
			}
		}
	}
}
