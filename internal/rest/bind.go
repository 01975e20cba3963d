package rest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
)

// Caller is who asks and what they do. A handler's input embeds it.
type Caller struct {
	Call      tenant.Call
	Principal Principal
	Operation Operation
}

// Principal is whose bearer token was accepted: a client, or a person who administers the tenant.
type Principal struct {
	// ClientID and ClientName are the client's; empty for a person.
	ClientID   string
	ClientName string
	// User is the person; the zero value for a client.
	User User
	// JTI is the token's id; empty where the token has none.
	JTI    string
	Scopes []string
}

// User is a person as records name one.
type User struct {
	// ID is the token's sub.
	ID    string
	Name  string
	Email string
}

// Known reports whether anybody's token was accepted.
func (p Principal) Known() bool { return p.ClientID != "" || p.User.ID != "" }

// HasAny reports whether the token holds at least one of the scopes.
func (p Principal) HasAny(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(p.Scopes, s) })
}

// Operation is the request as the log tells it.
type Operation struct {
	// Summary is the route's, "Create a client".
	Summary string
	Method  string
	Path    string
	Query   url.Values
	// Body is the request's, in normal form; nil = none, or none that kept to its schema.
	Body json.RawMessage
	// Schema names what judged Body; empty = nothing did.
	Schema string
	// Status is what the route answers on success.
	Status int
}

// param is one tagged field of a handler's input: `path:"id"` or `query:"page"`, with doc, and for queries min and max (of
// integers), enum (space-separated), sep (a list in one value), maxItems (of lists) and empty:"counts" (an empty value is one).
// A pattern is a regular expression for texts.
type param struct {
	index              []int
	in, name, doc, sep string
	kind               reflect.Kind // String, Int, Bool, Slice
	min, max           *int
	enum               []string
	maxItems           int
	emptyCounts        bool
	pattern            *regexp.Regexp
}

var callerType = reflect.TypeFor[Caller]()

// binding is how an input struct is filled, worked out once per route.
type binding struct {
	params []param
	caller []int // index of the Caller; nil = none
	body   []int // index of the field tagged `body:"true"`; nil = none
}

// bindingOf reads the tags of an input struct; embedded structs count as their fields. It panics on a tag that it cannot
// honour: that is a fault in a route, found when the program starts.
func bindingOf(t reflect.Type) binding {
	var b binding
	for _, field := range reflect.VisibleFields(t) {
		switch {
		case field.Type == callerType:
			b.caller = field.Index
		case field.Tag.Get("body") != "":
			b.body = field.Index
		case field.Tag.Get("path") != "":
			b.params = append(b.params, paramOf(field, "path"))
		case field.Tag.Get("query") != "":
			b.params = append(b.params, paramOf(field, "query"))
		}
	}
	return b
}

func paramOf(field reflect.StructField, in string) param {
	p := param{index: field.Index, in: in, name: field.Tag.Get(in), doc: field.Tag.Get("doc"), sep: field.Tag.Get("sep")}
	t := field.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p.kind = t.Kind()
	if !slices.Contains([]reflect.Kind{reflect.String, reflect.Int, reflect.Bool, reflect.Slice}, p.kind) || p.doc == "" {
		panic(fmt.Sprintf("rest: parameter %s of type %s: want a doc and a string, int, bool or []string", p.name, field.Type))
	}
	p.min, p.max = bound(field, "min"), bound(field, "max")
	if items := bound(field, "maxItems"); items != nil {
		p.maxItems = *items
	}
	p.enum = strings.Fields(field.Tag.Get("enum"))
	p.emptyCounts = field.Tag.Get("empty") == "counts"
	if pattern := field.Tag.Get("pattern"); pattern != "" {
		p.pattern = regexp.MustCompile(pattern)
	}
	return p
}

func bound(field reflect.StructField, tag string) *int {
	text, ok := field.Tag.Lookup(tag)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(fmt.Sprintf("rest: tag %s of %s: %v", tag, field.Name, err))
	}
	return &n
}

// fill sets the fields of in (a pointer to the input struct). Errors: *Error about a parameter; a body that does not decode is a
// fault of ours, for its schema let it pass.
func (b binding) fill(in reflect.Value, caller Caller, path func(string) string) error {
	in = in.Elem()
	if b.caller != nil {
		in.FieldByIndex(b.caller).Set(reflect.ValueOf(caller))
	}
	for _, p := range b.params {
		values := caller.Operation.Query[p.name]
		if p.in == "path" {
			values = []string{path(p.name)}
		}
		if err := p.set(in.FieldByIndex(p.index), values); err != nil {
			return err
		}
	}
	if b.body == nil || caller.Operation.Body == nil {
		return nil
	}
	return json.Unmarshal(caller.Operation.Body, in.FieldByIndex(b.body).Addr().Interface())
}

// set reads values into field. An absent parameter leaves the field as it is, and so does an empty one unless emptyCounts.
func (p param) set(field reflect.Value, values []string) error {
	if !p.emptyCounts {
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	}
	if len(values) == 0 {
		return nil
	}
	for _, v := range values {
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return p.refuse("Object didn't pass validation for format text")
		}
	}
	if p.kind == reflect.Slice {
		return p.setList(field, values)
	}
	if len(values) > 1 {
		return p.refuse(detail("Expected type %s but found type array", p.typeName()))
	}
	if field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	text := values[0]
	switch p.kind {
	case reflect.Int:
		return p.setInt(field, text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return p.refuse("Expected type boolean but found type string")
		}
		field.SetBool(text == "true")
	default:
		if len(p.enum) > 0 && !slices.Contains(p.enum, text) {
			return p.refuse(detail("Invalid value %s", clip(compact(text))))
		}
		if p.pattern != nil && !p.pattern.MatchString(text) {
			return p.refuse(detail("String does not match pattern %s: %s", p.pattern, clip(text)))
		}
		field.SetString(text)
	}
	return nil
}

func (p param) setList(field reflect.Value, values []string) error {
	var items []string
	for _, v := range values {
		if p.sep == "" {
			items = append(items, v)
			continue
		}
		for item := range strings.SplitSeq(v, p.sep) {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
	}
	if p.maxItems > 0 && len(items) > p.maxItems {
		return p.refuse(detail("Array is too long (%d), maximum %d", len(items), p.maxItems))
	}
	for _, item := range items {
		if len(p.enum) > 0 && !slices.Contains(p.enum, item) {
			return p.refuse(detail("Invalid value %s", clip(compact(item))))
		}
	}
	field.Set(reflect.ValueOf(items))
	return nil
}

func (p param) setInt(field reflect.Value, text string) error {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return p.refuse("Expected type integer but found type string")
	case p.min != nil && n < *p.min:
		return p.refuse(detail("Value %d is less than minimum %d", n, *p.min))
	case p.max != nil && n > *p.max:
		return p.refuse(detail("Value %d is greater than maximum %d", n, *p.max))
	}
	field.SetInt(int64(n))
	return nil
}

func (p param) refuse(text string) *Error {
	if p.in == "path" {
		return pathError(text, p.name, p.doc)
	}
	return queryError(text, p.name, p.doc)
}

func (p param) typeName() string {
	switch p.kind {
	case reflect.Int:
		return "integer"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice:
		return "array"
	}
	return "string"
}
