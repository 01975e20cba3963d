package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the modules that the dashboard's sources may import. All are bundled in one call with shared chunks, so that there is
// one React in the page.
var entries = []struct {
	module string
	// commonJS modules need their exports by name: an import from outside the bundle sees no others.
	commonJS bool
}{
	{"react", true},
	{"react/jsx-runtime", true},
	{"react-dom", true},
	{"react-dom/client", true},
	{"@mantine/core", false},
	{"@mantine/hooks", false},
	{"@mantine/notifications", false},
	{"@mantine/spotlight", false},
	{"@mantine/charts", false},
	{"get-nonce", false},
	{"uqr", false},
}

// stylesEntry is the one style sheet. Everything of Mantine is in a layer, so that our own rules win without tricks.
const stylesEntry = `
@import "@mantine/core/styles.layer.css";
@import "@mantine/notifications/styles.layer.css";
@import "@mantine/spotlight/styles.layer.css";
@import "@mantine/charts/styles.layer.css";
@font-face { font-family: "Inter"; font-style: normal; font-weight: 100 900; font-display: swap;
  src: url("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2") format("woff2"); }
@font-face { font-family: "JetBrains Mono"; font-style: normal; font-weight: 100 800; font-display: swap;
  src: url("@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2") format("woff2"); }
`

// manifest says what the files are; package web reads it.
type manifest struct {
	// Modules gives each importable module its file.
	Modules map[string]string `json:"modules"`
	Styles  string            `json:"styles"`
	Fonts   []string          `json:"fonts"`
	// Imports are the files that a file imports statically.
	Imports map[string][]string `json:"imports"`
	// Sizes are bytes, plain and as sent.
	Sizes map[string][2]int `json:"sizes"`
}

func main() {
	check := flag.Bool("check", false, "write nothing; fail if the committed files are not what would be written")
	flag.Parse()
	if err := run("..", *check); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(root string, check bool) error {
	npm, err := filepath.Abs(filepath.Join(root, "browser"))
	if err != nil {
		return err
	}
	built, err := build(filepath.Join(root, "internal", "web", "app"), npm)
	if err != nil {
		return err
	}
	files, err := pack(built, npm)
	if err != nil {
		return err
	}
	out := filepath.Join(root, "internal", "web", "thirdparty")
	if check {
		return compare(out, files)
	}
	return write(out, files)
}

// entryName is a module's name as a file.
func entryName(module string) string {
	return strings.NewReplacer("@", "", "/", "-").Replace(module)
}

func build(app, npm string) (api.BuildResult, error) {
	used, err := usedOf(app)
	if err != nil {
		return api.BuildResult{}, err
	}
	var points []api.EntryPoint
	contents := map[string]string{"styles": stylesEntry}
	for _, e := range entries {
		name := entryName(e.module)
		points = append(points, api.EntryPoint{InputPath: "entry:" + name, OutputPath: name})
		contents[name] = fmt.Sprintf("export {%s} from %q;", strings.Join(used[e.module], ", "), e.module)
		if e.commonJS {
			names, err := exportsOf(npm, e.module)
			if err != nil {
				return api.BuildResult{}, err
			}
			contents[name] = fmt.Sprintf("import all from %q; export default all; export const {%s} = all;", e.module, strings.Join(names, ", "))
		}
	}
	points = append(points, api.EntryPoint{InputPath: "entry:styles", OutputPath: "styles"})
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: points,
		Plugins:             []api.Plugin{entryPlugin(npm, contents)},
		AbsWorkingDir:       npm,
		Outdir:              "/",
		Bundle:              true,
		Splitting:           true,
		Metafile:            true,
		Format:              api.FormatESModule,
		Target:              api.ES2022,
		EntryNames:          "[name]-[hash]",
		ChunkNames:          "chunk-[hash]",
		AssetNames:          "[name]-[hash]",
		Define:              map[string]string{"process.env.NODE_ENV": `"production"`},
		Loader:              map[string]api.Loader{".woff2": api.LoaderFile},
		LegalComments:       api.LegalCommentsExternal,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		LogLevel:            api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return result, errors.New("esbuild failed; is `npm ci --prefix browser` done?")
	}
	return result, nil
}

func entryPlugin(npm string, contents map[string]string) api.Plugin {
	return api.Plugin{Name: "entries", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^entry:`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(a.Path, "entry:"), Namespace: "entry"}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "entry"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			text, loader := contents[a.Path], api.LoaderJS
			if a.Path == "styles" {
				loader = api.LoaderCSS
			}
			return api.OnLoadResult{Contents: &text, Loader: loader, ResolveDir: npm}, nil
		})
	}}
}

// meta is the part of esbuild's metafile that is used here.
type meta struct {
	Inputs  map[string]struct{} `json:"inputs"`
	Outputs map[string]struct {
		Imports []struct {
			Path string `json:"path"`
			Kind string `json:"kind"`
		} `json:"imports"`
	} `json:"outputs"`
}

// pack turns the build into the files to commit: scripts and style sheets compressed, fonts as they are, the licences, the manifest.
func pack(built api.BuildResult, npm string) (map[string][]byte, error) {
	var m meta
	if err := json.Unmarshal([]byte(built.Metafile), &m); err != nil {
		return nil, err
	}
	about := manifest{Modules: map[string]string{}, Imports: map[string][]string{}, Sizes: map[string][2]int{}}
	files := map[string][]byte{}
	for _, out := range built.OutputFiles {
		name := path.Base(filepath.ToSlash(out.Path))
		switch path.Ext(name) {
		case ".txt":
			files[name] = out.Contents
			continue
		case ".woff2":
			files[name] = out.Contents
			about.Fonts = append(about.Fonts, name)
			about.Sizes[name] = [2]int{len(out.Contents), len(out.Contents)}
			continue
		case ".css":
			about.Styles = name
		}
		zipped, err := compress(out.Contents)
		if err != nil {
			return nil, err
		}
		files[name+".gz"] = zipped
		about.Sizes[name] = [2]int{len(out.Contents), len(zipped)}
	}
	slices.Sort(about.Fonts)
	about.index(m)
	licences, err := licencesOf(m, npm)
	if err != nil {
		return nil, err
	}
	files["LICENCES.txt"] = licences
	text, err := json.MarshalIndent(about, "", " ")
	files["manifest.json"] = append(text, '\n')
	return files, err
}

// index fills Modules and Imports.
func (about *manifest) index(m meta) {
	for output, o := range m.Outputs {
		name := path.Base(output)
		for _, i := range o.Imports {
			if i.Kind == "import-statement" {
				about.Imports[name] = append(about.Imports[name], path.Base(i.Path))
			}
		}
		slices.Sort(about.Imports[name])
		about.Imports[name] = slices.Compact(about.Imports[name])
		if len(about.Imports[name]) == 0 {
			delete(about.Imports, name)
		}
		for _, e := range entries {
			hashed, ok := strings.CutPrefix(name, entryName(e.module)+"-")
			if ok && len(hashed) == len("XXXXXXXX.js") {
				about.Modules[e.module] = name
			}
		}
	}
}

func compress(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// compare reports the files that differ. What stands in out beside them counts too.
func compare(out string, files map[string][]byte) error {
	there, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	var wrong []string
	for _, f := range there {
		if _, wanted := files[f.Name()]; !wanted {
			wrong = append(wrong, f.Name()+" (surplus)")
		}
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || !bytes.Equal(got, want) {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("%s is not what browser/package-lock.json makes: run `go -C tools run ./bundle`: %s", out, strings.Join(wrong, ", "))
	}
	return nil
}

// write replaces the folder's files.
func write(out string, files map[string][]byte) error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
