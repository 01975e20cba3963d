package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

//go:embed app
var sources embed.FS

// app is the page's compiled sources.
type app struct {
	assets map[string]asset
	// main is the entry module, scheme the classic script that sets the colour scheme before anything is painted, styles the page's
	// own style sheet, icon its icon. public is the style sheet of the pages without scripts, setup the script of the one that has one.
	main, scheme, styles, icon, public, setup string
	// preload are the modules that main imports statically, its own chunks and third-party files: the browser fetches them at once
	// instead of one after the other.
	preload []string
}

// compile bundles the embedded TypeScript. It takes some milliseconds. Errors are faults of the sources, which the package's
// tests compile too.
func compile(files *thirdParty) (*app, error) {
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{
			{InputPath: "app/main.tsx", OutputPath: "main"},
			{InputPath: "app/scheme.ts", OutputPath: "scheme"},
			{InputPath: "app/icon.svg", OutputPath: "icon"},
			{InputPath: "app/public.css", OutputPath: "public"},
			{InputPath: "app/setup.ts", OutputPath: "setup"},
		},
		Plugins:           []api.Plugin{sourcePlugin(files)},
		Outdir:            "/",
		AbsWorkingDir:     "/",
		PublicPath:        assetPrefix,
		Bundle:            true,
		Splitting:         true,
		Metafile:          true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		JSX:               api.JSXAutomatic,
		EntryNames:        "[name]-[hash]",
		ChunkNames:        "part-[hash]",
		AssetNames:        "[name]-[hash]",
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LogLevel:          api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	return newApp(result, files)
}

func newApp(result api.BuildResult, files *thirdParty) (*app, error) {
	built := &app{assets: map[string]asset{}}
	for _, out := range result.OutputFiles {
		name := path.Base(strings.ReplaceAll(out.Path, `\`, "/"))
		a, err := newAsset(name, out.Contents)
		if err != nil {
			return nil, err
		}
		built.assets[name] = a
	}
	var m metafile
	if err := json.Unmarshal([]byte(result.Metafile), &m); err != nil {
		return nil, err
	}
	built.link(m, files)
	return built, nil
}

// metafile is the part of esbuild's account of a build that is used here.
type metafile struct {
	Outputs map[string]struct {
		EntryPoint string `json:"entryPoint"`
		CSSBundle  string `json:"cssBundle"`
		Imports    []struct {
			Path string `json:"path"`
			Kind string `json:"kind"`
		} `json:"imports"`
	} `json:"outputs"`
}

// link finds the entries among the outputs, and what main imports.
func (a *app) link(m metafile, files *thirdParty) {
	static := map[string][]string{}
	for output, o := range m.Outputs {
		name := path.Base(output)
		switch o.EntryPoint {
		case "embedded:app/main.tsx":
			a.main, a.styles = name, path.Base(o.CSSBundle)
		case "embedded:app/scheme.ts":
			a.scheme = name
		case "embedded:app/setup.ts":
			a.setup = name
		case "embedded:app/public.css":
			a.public = name
		}
		if strings.HasPrefix(name, "icon-") && path.Ext(name) == ".svg" {
			a.icon = name
		}
		for _, i := range o.Imports {
			if i.Kind == "import-statement" {
				static[name] = append(static[name], path.Base(i.Path))
			}
		}
	}
	ours := (&thirdParty{Imports: static}).closure([]string{a.main})
	a.preload = files.closure(ours)[1:] // without main, which has a tag of its own
}

// sourcePlugin has esbuild read the embedded sources, and leave imports of third-party modules to the browser.
func sourcePlugin(files *thirdParty) api.Plugin {
	const namespace = "embedded"
	return api.Plugin{Name: namespace, Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `.*`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{Path: a.Path, Namespace: namespace}, nil
			}
			if !strings.HasPrefix(a.Path, ".") {
				file, ok := files.find(a.Path)
				if !ok {
					return api.OnResolveResult{}, fmt.Errorf("%q is not bundled: add it to tools/bundle", a.Path)
				}
				return api.OnResolveResult{Path: assetPrefix + file, External: true}, nil
			}
			found, err := findSource(path.Join(path.Dir(a.Importer), a.Path))
			return api.OnResolveResult{Path: found, Namespace: namespace}, err
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: namespace}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := sources.ReadFile(a.Path)
			contents := string(text)
			return api.OnLoadResult{Contents: &contents, Loader: loaderOf(a.Path)}, err
		})
	}}
}

// findSource resolves an import without its extension, as TypeScript does.
func findSource(name string) (string, error) {
	for _, extension := range []string{"", ".ts", ".tsx"} {
		if info, err := fs.Stat(sources, name+extension); err == nil && !info.IsDir() {
			return name + extension, nil
		}
	}
	return "", fmt.Errorf("no source %s", name)
}

func loaderOf(name string) api.Loader {
	switch {
	case strings.HasSuffix(name, ".module.css"):
		return api.LoaderLocalCSS
	case strings.HasSuffix(name, ".css"):
		return api.LoaderCSS
	case strings.HasSuffix(name, ".svg"):
		return api.LoaderCopy
	case strings.HasSuffix(name, ".ts"):
		return api.LoaderTS
	}
	return api.LoaderTSX
}
