package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// imported matches an import as esbuild writes it: names and module.
var imported = regexp.MustCompile(`(?m)^import \{([^}]*)\} from "([^"]+)";$`)

// usedOf are the names that the dashboard's sources import from each module, types aside. Nothing else is bundled: a library of a
// hundred components costs a page what it uses of it.
func usedOf(app string) (map[string][]string, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(app, "main.tsx")},
		Bundle:      true,
		Packages:    api.PackagesExternal,
		Outdir:      "/",
		Format:      api.FormatESModule,
		Target:      api.ES2022,
		JSX:         api.JSXAutomatic,
		LogLevel:    api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New("esbuild failed on the dashboard's sources")
	}
	used := map[string][]string{}
	for _, out := range result.OutputFiles {
		for _, found := range imported.FindAllStringSubmatch(string(out.Contents), -1) {
			for name := range strings.SplitSeq(found[1], ",") {
				name, _, _ = strings.Cut(strings.TrimSpace(name), " as ")
				used[found[2]] = append(used[found[2]], name)
			}
		}
	}
	for module, names := range used {
		slices.Sort(names)
		used[module] = slices.Compact(names)
	}
	return used, nil
}

// exportsOf asks Node for the names that a CommonJS module exports.
func exportsOf(npm, module string) ([]string, error) {
	cmd := exec.Command("node", "--print", fmt.Sprintf("JSON.stringify(Object.keys(require(%q)))", module))
	cmd.Dir = npm
	cmd.Env = append(os.Environ(), "NODE_ENV=production")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("exports of %s: %w", module, err)
	}
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return nil, err
	}
	slices.Sort(names)
	return slices.DeleteFunc(names, func(n string) bool { return n == "default" }), nil
}
