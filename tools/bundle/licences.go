package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// licencesOf are the licence texts of all packages of which anything was bundled.
func licencesOf(m meta, npm string) ([]byte, error) {
	packages := map[string]bool{}
	for input := range m.Inputs {
		_, rest, ok := strings.Cut(input, "node_modules/")
		if !ok {
			continue
		}
		parts := strings.Split(rest, "/")
		name := parts[0]
		if strings.HasPrefix(name, "@") {
			name += "/" + parts[1]
		}
		packages[name] = true
	}
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		text, err := licence(filepath.Join(npm, "node_modules", filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&out, "==== %s\n\n%s\n\n", name, text)
	}
	return out.Bytes(), nil
}

// licence is the text of a package's licence file, or what its package.json says where it has none.
func licence(dir string) (string, error) {
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "license*", "OFL*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		if len(found) > 0 {
			text, err := os.ReadFile(found[0])
			return strings.TrimSpace(string(text)), err
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", err
	}
	var about struct{ Name, Version, License string }
	if err := json.Unmarshal(text, &about); err != nil || about.License == "" {
		return "", errors.New("has no licence")
	}
	return fmt.Sprintf("%s %s, %s licence", about.Name, about.Version, about.License), nil
}
