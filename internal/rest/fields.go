package rest

import (
	"slices"
	"strings"
)

// Fields is the part of a query that selects properties of the answer.
type Fields struct {
	Names   []string `query:"fields" sep:"," doc:"Comma-separated list of fields to include or exclude (based on value provided for include_fields) in the result. Leave empty to retrieve all fields."`
	Include *bool    `query:"include_fields" doc:"Whether specified fields are to be included (true) or excluded (false)."`
}

// Check refuses names that are not among allowed. Errors: InvalidQuery in Auth0's words.
func (f Fields) Check(allowed []string) error {
	for _, name := range f.Names {
		if !slices.Contains(allowed, name) {
			return queryError(detail("String '%s' does not match pattern. Must be a comma separated list of the following values: %s",
				clip(strings.Join(f.Names, ",")), strings.Join(allowed, ",")), "fields", fieldsDoc)
		}
	}
	return nil
}

const fieldsDoc = "Comma-separated list of fields to include or exclude (based on value provided for include_fields) in the result. Leave empty to retrieve all fields."

// Including reports whether the selection names the property in order to see it.
func (f Fields) Including(name string) bool { return f.include() && slices.Contains(f.Names, name) }

// Select leaves in o what was asked for; without fields that is everything.
func (f Fields) Select(o *Object) {
	switch {
	case len(f.Names) == 0:
	case f.include():
		o.Keep(f.Names...)
	default:
		o.Remove(f.Names...)
	}
}

func (f Fields) include() bool { return f.Include == nil || *f.Include }
