package server

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"
)

// Fault is one thing wrong with the configuration.
type Fault struct {
	// Setting is its name; empty where the fault is the file's.
	Setting string
	// Source is where the value came from: a flag, a variable, a file; empty = nowhere in particular.
	Source string
	// Problem says what is wrong and what to do about it.
	Problem string
}

func (f *Fault) Error() string {
	switch {
	case f.Setting == "":
		return f.Source + ": " + f.Problem
	case f.Source == "":
		return f.Setting + ": " + f.Problem
	}
	return fmt.Sprintf("%s (from %s): %s", f.Setting, f.Source, f.Problem)
}

// DefaultConfig is what `writ serve` runs with when nothing is set.
func DefaultConfig() Config {
	c, _, err := LoadConfig(pflag.NewFlagSet("", pflag.ContinueOnError), nil)
	if err != nil {
		panic("server: the defaults are at fault: " + err.Error()) // held by a test
	}
	return c
}

// AddFlags adds settings to a command's flags: those named, or all.
func AddFlags(fs *pflag.FlagSet, names ...string) {
	for _, s := range settings() {
		if s.envOnly || len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		help := strings.ReplaceAll(s.help, "`", "")
		if s.defNote != "" {
			help += " (default: " + strings.ReplaceAll(s.defNote, "`", "") + ")"
		}
		fs.Var(&flagValue{setting: s, text: s.def}, s.name, help)
	}
}

// flagValue keeps what was given as text; LoadConfig parses it, so that all faults are reported at once.
type flagValue struct {
	setting setting
	text    string
	given   []string
}

var _ pflag.Value = (*flagValue)(nil)

func (v *flagValue) String() string { return v.text }
func (v *flagValue) Type() string   { return v.setting.kind }

func (v *flagValue) Set(s string) error {
	if !v.setting.many {
		v.given = nil
	}
	v.given = append(v.given, s)
	v.text = strings.Join(v.given, ",")
	return nil
}

// LoadConfig reads the configuration: a flag of fs beats a WRIT_* variable of environ (as os.Environ gives it; an empty one is
// not set), which beats the file of --config, which beats the default. Warnings are variables that look like settings and are none.
// Errors: every *Fault that there is, joined.
func LoadConfig(fs *pflag.FlagSet, environ []string) (Config, []string, error) {
	fromEnv, warnings, err := envLayer(environ)
	faults := []error{err}
	layers := []layer{flagLayer(fs), fromEnv}
	if path, _ := find(layers, "config"); len(path) > 0 && path[0] != "" {
		fromFile, errs := fileLayer(path[0])
		layers = append(layers, fromFile)
		faults = append(faults, errs...)
	}
	var c Config
	sources := map[string]string{}
	for _, s := range settings() {
		values, source := find(layers, s.name)
		sources[s.name] = source
		if source == "--"+s.name {
			c.Redefine = append(c.Redefine, s.name)
		}
		if source == "" {
			values = defaults(s)
		}
		if err := apply(&c, s, values); err != nil {
			faults = append(faults, &Fault{Setting: s.name, Source: source, Problem: err.Error()})
			_ = apply(&c, s, defaults(s)) // go on with the default, which a test holds to be right, to find the other faults
		}
	}
	if sources["default-tenant"] == "" && c.BaseDomain == localhost {
		c.DefaultTenant = developmentTenant
	}
	faults = append(faults, withSources(c.Validate(), sources))
	return c, warnings, errors.Join(faults...)
}

func apply(c *Config, s setting, values []string) error {
	if s.many {
		var split []string
		for _, v := range values {
			for part := range strings.SplitSeq(v, ",") {
				if part = strings.TrimSpace(part); part != "" {
					split = append(split, part)
				}
			}
		}
		return s.set(c, split)
	}
	if len(values) != 1 {
		return fmt.Errorf("is a list: want one value")
	}
	return s.set(c, values)
}

func defaults(s setting) []string {
	if s.many {
		return nil
	}
	return []string{s.def}
}

// withSources adds to the faults across settings where the setting at fault came from.
func withSources(err error, sources map[string]string) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	for _, e := range joined.Unwrap() {
		if fault, ok := errors.AsType[*Fault](e); ok {
			fault.Source = sources[fault.Setting]
		}
	}
	return err
}

// layer is one place that settings come from.
type layer struct {
	values map[string][]string
	source func(name string) string
}

// find takes a setting from the first layer that has it. An empty source means that none has.
func find(layers []layer, name string) (values []string, source string) {
	for _, l := range layers {
		if v, ok := l.values[name]; ok {
			return v, l.source(name)
		}
	}
	return nil, ""
}

func flagLayer(fs *pflag.FlagSet) layer {
	l := layer{values: map[string][]string{}, source: func(name string) string { return "--" + name }}
	fs.Visit(func(f *pflag.Flag) {
		if v, ok := f.Value.(*flagValue); ok {
			l.values[f.Name] = v.given
		}
	})
	return l
}

func envLayer(environ []string) (l layer, warnings []string, err error) {
	byEnv := map[string]setting{}
	for _, s := range settings() {
		byEnv[s.env()] = s
	}
	k := koanf.New(".")
	err = k.Load(env.Provider("", env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			s, known := byEnv[name]
			if !known {
				warnings = append(warnings, fmt.Sprintf("%s is no setting of writ and is ignored%s", name, didYouMean(name)))
			}
			if !known || value == "" {
				return "", nil
			}
			return s.name, value
		},
	}), nil)
	l = layer{values: map[string][]string{}, source: func(name string) string {
		return envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	}}
	for _, name := range k.Keys() {
		l.values[name] = []string{k.String(name)}
	}
	slices.Sort(warnings)
	return l, warnings, err
}

// fileLayer reads the YAML file. A key without a value (null) is not set.
func fileLayer(path string) (layer, []error) {
	l := layer{values: map[string][]string{}, source: func(string) string { return path }}
	k := koanf.New("\x00") // no setting is nested, so a dot in a key is a dot
	if err := k.Load(fileProvider(path), yamlParser{}); err != nil {
		return l, []error{&Fault{Source: path, Problem: err.Error()}}
	}
	var faults []error
	fault := func(problem string) { faults = append(faults, &Fault{Source: path, Problem: problem}) }
	for _, key := range k.Keys() {
		key, _, nested := strings.Cut(key, "\x00")
		known := slices.ContainsFunc(settings(), func(s setting) bool { return s.name == key })
		values, ok := scalars(k.Get(key))
		switch {
		case !known:
			fault(fmt.Sprintf("unknown setting %q%s", key, didYouMean(key)))
		case known && isEnvOnly(key):
			fault(fmt.Sprintf("%s is a secret and cannot be set in the file: give it as %s", key, setting{name: key}.env()))
		case key == "config":
			fault("config cannot be set in the file itself: give it as --config or " + envPrefix + "CONFIG")
		case nested || !ok:
			fault(fmt.Sprintf("%s: want a value or a list of values, not a mapping", key))
		case values != nil:
			l.values[key] = values
		}
	}
	return l, faults
}

func isEnvOnly(name string) bool {
	return slices.ContainsFunc(settings(), func(s setting) bool { return s.name == name && s.envOnly })
}

// scalars is a YAML value as text; nil for null.
func scalars(v any) (values []string, ok bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case []any:
		values = []string{}
		for _, item := range v {
			one, ok := scalars(item)
			if !ok || len(one) != 1 {
				return nil, false
			}
			values = append(values, one[0])
		}
		return values, true
	case string, bool, int, int64, uint64, float64:
		return []string{fmt.Sprint(v)}, true
	}
	return nil, false
}

// didYouMean finds the setting that name is another spelling of: a variable or snake_case for a key, a missing hyphen.
func didYouMean(name string) string {
	bare := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(s, envPrefix)), "_", ""), "-", "")
	}
	for _, s := range settings() {
		if bare(s.name) != bare(name) {
			continue
		}
		if strings.HasPrefix(name, envPrefix) {
			return fmt.Sprintf("; did you mean %s?", s.env())
		}
		return fmt.Sprintf("; did you mean %q?", s.name)
	}
	return ""
}

// fileProvider is a koanf.Provider of one file.
type fileProvider string

var (
	_ koanf.Provider = fileProvider("")
	_ koanf.Parser   = yamlParser{}
)

func (p fileProvider) ReadBytes() ([]byte, error) { return os.ReadFile(string(p)) }

func (p fileProvider) Read() (map[string]any, error) { return nil, errors.ErrUnsupported }

// yamlParser is a koanf.Parser of YAML.
type yamlParser struct{}

func (yamlParser) Unmarshal(b []byte) (map[string]any, error) {
	var m map[string]any
	return m, yaml.Unmarshal(b, &m)
}

func (yamlParser) Marshal(m map[string]any) ([]byte, error) { return yaml.Marshal(m) }
