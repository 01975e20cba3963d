package action

import (
	"context"
	"fmt"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/writ-auth/writ/internal/tenant"
)

// Builder builds one piece of code at a time. Safe for concurrent use.
type Builder struct {
	turn chan struct{} // holds what may build
}

// NewBuilder returns a Builder.
func NewBuilder() *Builder { return &Builder{turn: make(chan struct{}, 1)} }

// Kind is what code is built for.
type Kind int

const (
	// Action may require modules of the tenant.
	Action Kind = iota
	// Module may not: modules do not nest.
	Module
)

// maxErrors bounds how many reasons are told.
const maxErrors = 10

// Build says why code cannot be built, at most maxErrors reasons; none = it can. It is CommonJS of today's JavaScript, without types. Errors: that
// of ctx, while others build.
func (b *Builder) Build(ctx context.Context, kind Kind, code string) ([]tenant.ActionError, error) {
	if tooDeep(code) {
		return []tenant.ActionError{{ID: "too_complex", Msg: fmt.Sprintf(
			"code.js: a statement, with all that it stands in, has more than %d words and signs: take it apart", maxTokens)}}, nil
	}
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-b.turn }()
	result := api.Build(api.BuildOptions{
		Stdin:            &api.StdinOptions{Contents: code, Sourcefile: sourceName, Loader: api.LoaderJS},
		Bundle:           true, // else it would not tell what is required
		Plugins:          []api.Plugin{requirements(kind)},
		Format:           api.FormatCommonJS,
		Platform:         api.PlatformNode,
		Target:           api.ESNext,
		TsconfigRaw:      "{}",
		MinifyWhitespace: true, // indentation of deep code would be the most of it
		LogLevel:         api.LogLevelSilent,
	})
	var errors []tenant.ActionError
	for _, message := range result.Errors[:min(len(result.Errors), maxErrors)] {
		errors = append(errors, errorOf(message))
	}
	return errors, nil
}

// sourceName stands in messages.
const sourceName = "code.js"

func errorOf(m api.Message) tenant.ActionError {
	e := tenant.ActionError{ID: "build_error", Msg: sourceName + ": " + m.Text}
	if m.Location != nil { // columns are counted from 0
		e.Msg = fmt.Sprintf("%s:%d:%d: %s", sourceName, m.Location.Line, m.Location.Column+1, m.Text)
	}
	return e
}

// requirements leaves what is required for later, and refuses what cannot be: nothing is ever read from this machine.
func requirements(kind Kind) api.Plugin {
	return api.Plugin{Name: "writ", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `.*`}, func(required api.OnResolveArgs) (api.OnResolveResult, error) {
			if required.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			if text := unfit(kind, required); text != "" {
				return api.OnResolveResult{Errors: []api.Message{{Text: text}}}, nil
			}
			return api.OnResolveResult{Path: required.Path, External: true}, nil
		})
	}}
}

// unfit is why something cannot be required; empty = it can.
func unfit(kind Kind, required api.OnResolveArgs) string {
	switch {
	case required.Kind == api.ResolveJSImportStatement:
		return "import and export of ES modules are not supported: use require and exports"
	case strings.HasPrefix(required.Path, ".") || strings.HasPrefix(required.Path, "/"):
		return fmt.Sprintf("there are no files here: %q cannot be required", required.Path)
	case kind == Module && strings.HasPrefix(required.Path, "actions:"):
		return fmt.Sprintf("modules do not nest: %q cannot be required here", required.Path)
	}
	return ""
}
