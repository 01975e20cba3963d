package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schemas are JSON Schemas (draft 2020-12) by name: the file's name without .json.
type Schemas map[string]*Schema

// Schema judges a request body. It also stands in the OpenAPI document as it is. It is compiled when it is first needed: all of them
// together are half of the memory of a server that has just started, and most servers are never asked for most of them.
type Schema struct {
	ready    func() (compiledSchema, error)
	document json.RawMessage
}

type compiledSchema struct {
	*jsonschema.Schema
	outline *outline
}

// LoadSchemas reads every *.json in the root of files.
func LoadSchemas(files fs.FS) (Schemas, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	all := make(Schemas, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		all[strings.TrimSuffix(path.Base(name), ".json")] = NewSchema(name, text)
	}
	return all, nil
}

// NewSchema is one schema; name is for messages of the compiler.
func NewSchema(name string, text []byte) *Schema {
	return &Schema{document: text, ready: sync.OnceValues(func() (compiledSchema, error) { return compileSchema(name, text) })}
}

// Check compiles the schema. Errors: what is wrong with it.
func (s *Schema) Check() error {
	_, err := s.ready()
	return err
}

func compileSchema(name string, text []byte) (compiledSchema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return compiledSchema{}, fmt.Errorf("schema %s: %w", name, err)
	}
	order := new(outline)
	if err := json.Unmarshal(text, order); err != nil {
		return compiledSchema{}, fmt.Errorf("schema %s: %w", name, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	for _, format := range formats() {
		compiler.RegisterFormat(&format)
	}
	location := "schema:///" + name
	if err := compiler.AddResource(location, document); err != nil {
		return compiledSchema{}, fmt.Errorf("schema %s: %w", name, err)
	}
	compiled, err := compiler.Compile(location)
	if err != nil {
		return compiledSchema{}, fmt.Errorf("schema %s: %w", name, err)
	}
	return compiledSchema{compiled, order}, nil
}

// Validate judges a body by this schema. Errors: its faults as one InvalidBody in Auth0's words.
func (s *Schema) Validate(body json.RawMessage) error {
	doc := document{}
	if len(body) > 0 {
		var err error
		if doc, err = parseJSON(body); err != nil {
			return err
		}
	}
	return s.validate(doc.tree)
}

func (s *Schema) validate(tree any) error {
	compiled, err := s.ready()
	if err != nil {
		return err
	}
	var found *jsonschema.ValidationError
	err = compiled.Validate(tree)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &found):
		return compiled.payloadError(found, tree)
	}
	return err
}

// propertyType is the first type of a root property; empty = unknown.
func (s *Schema) propertyType(name string) string {
	if s == nil {
		return ""
	}
	compiled, err := s.ready()
	if err != nil {
		return ""
	}
	property := compiled.Properties[name]
	if property == nil || property.Types == nil || property.Types.IsEmpty() {
		return ""
	}
	for _, t := range property.Types.ToStrings() {
		if t != "null" {
			return t
		}
	}
	return ""
}

// formats are Auth0's own, named as in its messages.
func formats() []jsonschema.Format {
	return []jsonschema.Format{
		{Name: "absolute-uri-or-empty", Validate: uriFormat(regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*$`), "must be an absolute URI")},
		{Name: "absolute-https-uri-or-empty", Validate: uriFormat(regexp.MustCompile(`^https$`), "must be an absolute https URI")},
		{Name: "strict-https-uri", Validate: notEmpty(uriFormat(regexp.MustCompile(`^https$`), "must be an absolute https URI"))},
		{Name: "cidr", Validate: networkFormat(netip.Addr.Is4, "must be an IPv4 network such as 192.0.2.0/24")},
		{Name: "ipv6_cidr", Validate: networkFormat(func(a netip.Addr) bool { return a.Is6() && !a.Is4In6() }, "must be an IPv6 network such as 2001:db8::/32")},
		{Name: "url", Validate: textFormat(regexp.MustCompile(`^(?i:https?://[^\s/?#]+|urn:[a-z0-9][a-z0-9-]*:)[^\s<>"]*$`), "must be a URI of the scheme http, https or urn")},
		{Name: "organization-name", Validate: textFormat(regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`), "must be lower-case letters, digits, _ and -")},
	}
}

// uriFormat accepts "" and URIs with a host and a scheme of the given shape. What is no string is not judged (JSON Schema section 7.1).
func uriFormat(scheme *regexp.Regexp, complaint string) func(any) error {
	return func(v any) error {
		text, ok := v.(string)
		if !ok || text == "" {
			return nil
		}
		if u, err := url.Parse(text); err != nil || !scheme.MatchString(u.Scheme) || u.Host == "" {
			return errors.New(complaint)
		}
		return nil
	}
}

// notEmpty is format, and refuses "", too.
func notEmpty(format func(any) error) func(any) error {
	return func(v any) error {
		if v == "" {
			return errors.New("must not be empty")
		}
		return format(v)
	}
}

// networkFormat accepts networks of one family, with bits beyond their length or without. What is no string is not judged (JSON Schema
// section 7.1).
func networkFormat(family func(netip.Addr) bool, complaint string) func(any) error {
	return func(v any) error {
		text, ok := v.(string)
		if !ok {
			return nil
		}
		if p, err := netip.ParsePrefix(text); err != nil || !family(p.Addr()) {
			return errors.New(complaint)
		}
		return nil
	}
}

// textFormat accepts "", whose length is another matter, and texts of the given shape. What is no string is not judged (JSON Schema section 7.1).
func textFormat(shape *regexp.Regexp, complaint string) func(any) error {
	return func(v any) error {
		if text, ok := v.(string); ok && text != "" && !shape.MatchString(text) {
			return errors.New(complaint)
		}
		return nil
	}
}
