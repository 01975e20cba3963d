package web

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page that imports what is not bundled stays empty: the browser refuses the module. Only what is imported is bundled, so a name that no
// source has used before needs tools/bundle.
func TestImportsAreBundled(t *testing.T) {
	h := newHandler(door(""))
	built, err := h.app()
	if err != nil {
		t.Fatal(err)
	}
	imports := regexp.MustCompile(`import\s*\{([^}]*)\}\s*from\s*"` + assetPrefix + `([^"]+)"`)
	exports := regexp.MustCompile(`export\s*\{([^}]*)\}`)
	bundled := map[string][]string{}
	checked := 0
	for name, a := range built.assets {
		if path.Ext(name) != ".js" {
			continue
		}
		for _, found := range imports.FindAllStringSubmatch(string(contentOf(t, a)), -1) {
			file := found[2]
			third, ok := h.files.asset(file)
			if !ok {
				continue // one of ours
			}
			if _, known := bundled[file]; !known {
				for _, list := range exports.FindAllStringSubmatch(string(contentOf(t, third)), -1) {
					bundled[file] = append(bundled[file], names(list[1], true)...)
				}
			}
			for _, wanted := range names(found[1], false) {
				if checked++; !slices.Contains(bundled[file], wanted) {
					t.Errorf("%s imports %s, which %s lacks: go -C tools run ./bundle", name, wanted, file)
				}
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d imports were found", checked)
	}
}

// names are those that a module's list `a as b, c` imports, or exports to others.
func names(list string, exported bool) []string {
	var all []string
	for item := range strings.SplitSeq(list, ",") {
		inner, outer, renamed := strings.Cut(strings.TrimSpace(item), " as ")
		if exported && renamed {
			inner = outer
		}
		all = append(all, inner)
	}
	return all
}

// contentOf is what a browser sees of a file.
func contentOf(t *testing.T, a asset) []byte {
	t.Helper()
	if !a.zipped {
		return a.body
	}
	content, err := unzip(a.body)
	if err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	return content
}
