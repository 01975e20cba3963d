package mgmt

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// schema is what the tests need to know of a JSON Schema.
type schema struct {
	Type                 any
	Title, Description   string
	Properties           map[string]schema
	AdditionalProperties json.RawMessage
	Items                *schema
	OneOf                []schema
	Enum                 []any
	Required             []string
	Pattern, Format      string
	UniqueItems          bool
	Minimum, Maximum     *float64
	MinLength, MaxLength *int
	MinItems, MaxItems   *int
	MinProperties        int
	MaxProperties        *int
}

// is reports whether the schema takes values of a JSON type. Every integer is a number.
func (s schema) is(kind string) bool {
	list, _ := s.Type.([]any)
	return s.Type == kind || slices.Contains(list, any(kind)) || kind == "integer" && s.is("number")
}

func (s schema) closed() bool { return string(s.AdditionalProperties) == "false" }

// members is the schema of properties that are not listed; nil = none, or anything.
func (s schema) members() *schema {
	var m schema
	if len(s.AdditionalProperties) == 0 || s.AdditionalProperties[0] != '{' || json.Unmarshal(s.AdditionalProperties, &m) != nil {
		return nil
	}
	return &m
}

// place leads from the root of a body to a value: property names, and the index 0 of arrays.
type place []any

// String is how Auth0 writes it: scopes[0].value.
func (at place) String() string {
	var b strings.Builder
	for i, step := range at {
		switch {
		case step == 0:
			b.WriteString("[0]")
		case i > 0:
			b.WriteString("." + step.(string))
		default:
			b.WriteString(step.(string))
		}
	}
	return b.String()
}

func (at place) below(step any) place { return append(slices.Clone(at), step) }

// walk visits every place below the root.
func (s schema) walk(visit func(place, schema)) { s.walkFrom(nil, visit) }

func (s schema) walkFrom(at place, visit func(place, schema)) {
	if len(at) > 0 {
		visit(at, s)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		s.Properties[name].walkFrom(at.below(name), visit)
	}
	if m := s.members(); m != nil {
		m.walkFrom(at.below("key"), visit)
	}
	if s.Items != nil {
		s.Items.walkFrom(at.below(0), visit)
	}
}

// with is the smallest body that the schema takes with value at a place.
func (s schema) with(at place, value any) any {
	if len(at) == 0 {
		return value
	}
	if at[0] == 0 {
		return []any{s.Items.with(at[1:], value)}
	}
	name := at[0].(string)
	o := map[string]any{}
	for _, required := range s.Required {
		o[required] = s.Properties[required].sample()
	}
	member, listed := s.Properties[name]
	if !listed {
		member = *s.members()
	}
	o[name] = member.with(at[1:], value)
	return o
}

// smallest is a body that the schema takes.
func (s schema) smallest() any {
	o := map[string]any{}
	for _, required := range s.Required {
		o[required] = s.Properties[required].sample()
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if len(o) >= s.MinProperties {
			break
		}
		o[name] = s.Properties[name].sample()
	}
	return o
}

// sample is a value that the schema takes, with all that an object may have.
func (s schema) sample() any {
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0 && s.is("object"):
		return s.OneOf[0].sampleObject()
	case s.is("boolean"):
		return true
	case s.Type == "integer" || s.is("integer") && !s.is("number"):
		return *s.Maximum
	case s.is("number"):
		return *s.Minimum + 0.5
	case s.is("array"):
		return s.samples(1)
	case s.is("object"):
		return s.sampleObject()
	}
	return s.sampleText(0)
}

// samples are n different items.
func (s schema) samples(n int) []any {
	items := make([]any, n)
	for i := range items {
		switch {
		case s.Items == nil:
			items[i] = fmt.Sprint("item", i)
		case s.Items.is("string") && len(s.Items.Enum) == 0:
			items[i] = s.Items.sampleText(i)
		default:
			items[i] = s.Items.sample()
		}
	}
	return items
}

func (s schema) sampleObject() any {
	o := map[string]any{}
	names := append(slices.Clone(s.Required), slices.Sorted(maps.Keys(s.Properties))...)
	for _, name := range names {
		if s.MaxProperties == nil || len(o) < *s.MaxProperties {
			o[name] = s.Properties[name].sample()
		}
	}
	return o
}

func (s schema) sampleText(i int) string {
	if len(s.OneOf) > 0 {
		return s.OneOf[0].sampleText(i)
	}
	switch {
	case strings.HasPrefix(s.Format, "absolute") || s.Format == "url":
		return fmt.Sprintf("https://x%d.example", i)
	case s.Format == "hostname":
		return fmt.Sprintf("x%d.example", i)
	case s.Format == "ipv4":
		return fmt.Sprintf("198.51.100.%d", i)
	case s.Format == "ipv6":
		return fmt.Sprintf("2001:db8::%x", i)
	case s.Format == "date-time":
		return "2033-05-13T09:33:13.000Z"
	case s.Format == "email":
		return fmt.Sprintf("x%d@x.example", i)
	}
	length := 10
	if s.MinLength != nil {
		length = max(length, *s.MinLength)
	}
	if s.MaxLength != nil {
		length = min(length, *s.MaxLength)
	}
	number := fmt.Sprint(i)
	return strings.Repeat("x", max(length-len(number), 0)) + number
}

func loadSchemas(t *testing.T) map[string]schema {
	t.Helper()
	names, err := fs.Glob(schemaFiles, "schemas/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	all := map[string]schema{}
	for _, name := range names {
		text, err := schemaFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var s schema
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(name, err)
		}
		all[strings.TrimSuffix(strings.TrimPrefix(name, "schemas/"), ".json")] = s
	}
	return all
}

// Messages print descriptions, so every property has one, or a title where the recorded messages print none; numbers are bounded, so that what passes also decodes; texts and lists are
// bounded, so that nobody stores a megabyte in one; objects are closed.
func TestSchemasAreClosedBoundedAndDescribed(t *testing.T) {
	for name, root := range loadSchemas(t) {
		if !root.closed() {
			t.Errorf("%s is not closed", name)
		}
		root.walk(func(at place, s schema) {
			if item := at[len(at)-1] == 0; s.Description == "" && s.Title == "" && !item && at[len(at)-1] != "key" {
				t.Errorf("%s: %s has no description", name, at)
			}
			if (s.is("integer") || s.is("number")) && (s.Minimum == nil || s.Maximum == nil) {
				t.Errorf("%s: %s has no bounds", name, at)
			}
			if len(s.Properties) > 0 && !s.closed() && !strings.Contains(at.String(), "authorization_details") {
				t.Errorf("%s: %s is not closed", name, at)
			}
		})
	}
}

// What a schema lets through must decode: every property of every schema, one at a time, as a value and as null. What was accepted is
// answered as sent.
func TestWhatSchemasPassDecodes(t *testing.T) {
	e := newEnv(t)
	token, ids := e.token(acme), e.objectsOf(acme)
	kept := 0
	for _, target := range e.targets(ids) {
		for _, property := range slices.Sorted(maps.Keys(target.body.Properties)) {
			for _, value := range []any{target.body.Properties[property].sample(), nil} {
				body := map[string]any{}
				for _, required := range target.body.Required {
					if body[required] = target.body.Properties[required].sample(); target.body.Properties[required].Enum == nil && target.body.Properties[required].is("string") {
						body[required] = fmt.Sprintf("urn:%s:%s:%v", target.schema, property, value == nil)
					}
				}
				body[property] = value
				text := encoded(t, body)
				status, answer := e.ask(acme, token, target.method, target.path, text)
				if status >= 500 {
					t.Errorf("%s %s %s: %d %s", target.method, target.path, text, status, answer)
				}
				if status < 300 && value != nil && answered(property) {
					kept++
					if !strings.Contains(answer, `"`+property+`":`) {
						t.Errorf("%s %s %s: accepted, and not kept: %s", target.method, target.path, text, answer)
					}
				}
			}
		}
	}
	if kept < 100 {
		t.Errorf("only %d properties were accepted", kept)
	}
	if e.log.Len() > 0 {
		t.Error(e.log.String())
	}
}

// answered leaves out what is for the writing only, and what is answered under another name.
func answered(property string) bool {
	return !strings.HasSuffix(property, "_in_minutes") &&
		!slices.Contains([]string{"verification_location", "pem", "parse_expiry_from_cert", "client_secret", "oidc_backchannel_logout", "deploy", "publish", "api_version", "update_draft", "startFrom"}, property)
}

// targets are the operations with a body, at objects of the tenant, and the two objects that have rules of their own.
func (e *env) targets(ids map[string]string) []operation {
	e.t.Helper()
	var all []operation
	for _, op := range e.operations() {
		if op.body != nil {
			op.path = op.at(e.t, ids)
			all = append(all, op)
		}
	}
	_, found := e.ask(acme, e.token(acme), "GET", "/clients?is_global=true", "")
	schemas := e.t.(*testing.T)
	global, system := loadSchemas(schemas)["clients.global.patch"], loadSchemas(schemas)["resource_servers.system.patch"]
	return append(all,
		operation{method: "PATCH", path: "/clients/" + e.property(found, "0.client_id"), schema: "clients.global.patch", body: &global},
		operation{method: "PATCH", path: "/resource-servers/https:%2F%2Facme.localhost:8443%2Fapi%2Fv2%2F", schema: "resource_servers.system.patch", body: &system})
}
