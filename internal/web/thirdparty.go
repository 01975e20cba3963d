package web

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
)

//go:embed thirdparty
var thirdPartyFiles embed.FS

// thirdParty is what tools/bundle made: the modules that the page's sources import, prebundled. Its manifest is described there.
type thirdParty struct {
	Modules map[string]string   `json:"modules"`
	Styles  string              `json:"styles"`
	Fonts   []string            `json:"fonts"`
	Imports map[string][]string `json:"imports"`
	Sizes   map[string][2]int   `json:"sizes"`
}

func openThirdParty() *thirdParty {
	var t thirdParty
	text, err := thirdPartyFiles.ReadFile("thirdparty/manifest.json")
	if err == nil {
		err = json.Unmarshal(text, &t)
	}
	if err != nil {
		panic("web: thirdparty/manifest.json: " + err.Error()) // compiled in
	}
	return &t
}

// find is the file of a module, or of a font by its name without the hash.
func (t *thirdParty) find(name string) (string, bool) {
	if file, ok := t.Modules[name]; ok {
		return file, true
	}
	stem, font := strings.CutSuffix(name, ".woff2")
	i := slices.IndexFunc(t.Fonts, func(file string) bool { return font && strings.HasPrefix(file, stem+"-") })
	if i < 0 {
		return "", false
	}
	return t.Fonts[i], true
}

// asset finds a file that the manifest names. Licence texts are files too.
func (t *thirdParty) asset(name string) (asset, bool) {
	_, listed := t.Sizes[name]
	plain := strings.HasSuffix(name, ".woff2") || strings.HasSuffix(name, ".txt")
	if !listed && !strings.HasSuffix(name, ".txt") {
		return asset{}, false
	}
	file := "thirdparty/" + name
	if !plain {
		file += ".gz"
	}
	body, err := thirdPartyFiles.ReadFile(file)
	return asset{name, body, !plain}, err == nil
}

// closure is files and all that they import statically, each once, in the order of first mention.
func (t *thirdParty) closure(files []string) []string {
	var all []string
	for len(files) > 0 {
		file := files[0]
		files = files[1:]
		if slices.Contains(all, file) {
			continue
		}
		all = append(all, file)
		files = append(files, t.Imports[file]...)
	}
	return all
}
