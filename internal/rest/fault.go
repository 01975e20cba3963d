package rest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Auth0 prints what z-schema, its JSON Schema validator, says of the faults. The texts below are z-schema's.

// maxFaults bounds how many faults one answer tells.
const maxFaults = 10

// faults are what is told of a body, at most maxFaults: the body's own faults, then those of its properties in the schema's order,
// each with its own faults first. At one place a wrong type is the only fault; missing properties come before surplus ones, and
// those before the rest. The order is fixed so that the same body always gets the same answer.
func (s compiledSchema) faults(found *jsonschema.ValidationError) []*jsonschema.ValidationError {
	all := withoutEchoes(leaves(found))
	slices.SortStableFunc(all, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(
			s.outline.compare(a.InstanceLocation, b.InstanceLocation),
			cmp.Compare(urgency(a), urgency(b)),
			cmp.Compare(strings.Join(a.ErrorKind.KeywordPath(), "/"), strings.Join(b.ErrorKind.KeywordPath(), "/")),
		)
	})
	return all[:min(len(all), maxFaults)]
}

// withoutEchoes leaves of a place with a wrong type that fault alone: the others there, such as a value that is none of an enumeration's, say
// the same again.
func withoutEchoes(all []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	wrongType := map[string]bool{}
	for _, e := range all {
		if _, ok := e.ErrorKind.(*kind.Type); ok {
			wrongType[strings.Join(e.InstanceLocation, "/")] = true
		}
	}
	return slices.DeleteFunc(all, func(e *jsonschema.ValidationError) bool {
		_, ok := e.ErrorKind.(*kind.Type)
		return !ok && wrongType[strings.Join(e.InstanceLocation, "/")]
	})
}

// leaves are the faults themselves, without what only groups them; each missing property is one.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	var all []*jsonschema.ValidationError
	switch k := e.ErrorKind.(type) {
	case *kind.OneOf:
		return []*jsonschema.ValidationError{e}
	case *kind.Required:
		for _, name := range k.Missing {
			one := *e
			one.ErrorKind = &kind.Required{Missing: []string{name}}
			all = append(all, &one)
		}
		return all
	}
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

func urgency(e *jsonschema.ValidationError) int {
	switch e.ErrorKind.(type) {
	case *kind.Required:
		return 0
	case *kind.AdditionalProperties:
		return 1
	}
	return 2
}

// payloadError is the refusal of a body: its faults, joined as Auth0 joins them.
func (s compiledSchema) payloadError(found *jsonschema.ValidationError, tree any) *Error {
	var texts, discreet []string
	for _, fault := range s.faults(found) {
		value, _ := find(s.Schema, tree, fault.InstanceLocation)
		what, repeated := faultText(fault.ErrorKind, value)
		texts = append(texts, s.faultSentence(fault, tree, what+repeated))
		discreet = append(discreet, s.faultSentence(fault, tree, what))
	}
	const also = " (also) "
	return &Error{Status: http.StatusBadRequest, Code: codeInvalidBody, Message: strings.Join(texts, also), Discreet: strings.Join(discreet, also)}
}

// faultSentence is one fault, then where it is, then the description that the schema gives that place.
func (s compiledSchema) faultSentence(fault *jsonschema.ValidationError, tree any, what string) string {
	_, place := find(s.Schema, tree, fault.InstanceLocation)
	text := "Payload validation error: '" + what + "'"
	if len(fault.InstanceLocation) > 0 {
		text += " on property " + propertyPath(tree, fault.InstanceLocation)
		if place != nil && place.Description != "" {
			text += " (" + place.Description + ")"
		}
	}
	return text + "."
}

// queryError is the refusal of one parameter of the query string.
func queryError(text, name, doc string) *Error {
	return parameterError("Query", codeInvalidQueryString, text, name, doc)
}

// pathError is the refusal of one segment of the path.
func pathError(text, name, doc string) *Error {
	return parameterError("Path", codeInvalidURI, text, name, doc)
}

func parameterError(where, code, text, name, doc string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code,
		Message: fmt.Sprintf("%s validation error: '%s' on property %s (%s).", where, text, name, doc)}
}

func detail(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// faultText is z-schema's message for a fault of value, in two parts: repeated are the caller's own words at its end.
func faultText(k jsonschema.ErrorKind, value any) (what, repeated string) {
	switch k := k.(type) {
	case *kind.Type:
		want := slices.SortedStableFunc(slices.Values(k.Want), nullLast)
		return detail("Expected type %s but found type %s", strings.Join(want, ","), typeName(value)), ""
	case *kind.Required:
		return detail("Missing required property: %s", k.Missing[0]), ""
	case *kind.DependentRequired:
		return detail("Missing required property: %s", k.Missing[0]), ""
	case *kind.AdditionalProperties:
		return detail("Additional properties not allowed: %s", clip(strings.Join(slices.Sorted(slices.Values(k.Properties)), ","))), ""
	case *kind.Enum, *kind.Const:
		return "Invalid value", " " + clip(compact(value))
	case *kind.Format:
		return "Object didn't pass validation for format " + k.Want, ": " + clip(fmt.Sprint(k.Got))
	case *kind.Pattern:
		return "String does not match pattern " + k.Want, ": " + clip(k.Got)
	case *kind.OneOf:
		return "Data does not match any schemas from 'oneOf'", ""
	}
	return boundText(k), ""
}

func nullLast(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "null":
		return 1
	case b == "null":
		return -1
	}
	return 0
}

// boundText is z-schema's message for a value that is too small or too large.
func boundText(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.MinLength:
		return detail("String is too short (%d chars), minimum %d", k.Got, k.Want)
	case *kind.MaxLength:
		return detail("String is too long (%d chars), maximum %d", k.Got, k.Want)
	case *kind.MinItems:
		return detail("Array is too short (%d), minimum %d", k.Got, k.Want)
	case *kind.MaxItems:
		return detail("Array is too long (%d), maximum %d", k.Got, k.Want)
	case *kind.UniqueItems:
		return detail("Array items are not unique (indexes %d and %d)", k.Duplicates[0], k.Duplicates[1])
	case *kind.MinProperties:
		return detail("Too few properties defined (%d), minimum %d", k.Got, k.Want)
	case *kind.MaxProperties:
		return detail("Too many properties defined (%d), maximum %d", k.Got, k.Want)
	case *kind.Minimum:
		return detail("Value %s is less than minimum %s", k.Got.RatString(), k.Want.RatString())
	case *kind.Maximum:
		return detail("Value %s is greater than maximum %s", k.Got.RatString(), k.Want.RatString())
	}
	return "Data does not match the schema"
}

// find walks to a place in a body; it returns the value there and the schema that describes it, nil where none does.
func find(schema *jsonschema.Schema, value any, location []string) (any, *jsonschema.Schema) {
	for _, step := range location {
		switch v := value.(type) {
		case map[string]any:
			value, schema = v[step], memberSchema(schema, step)
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil, nil
			}
			value, schema = v[i], itemSchema(schema)
		}
	}
	return value, schema
}

func memberSchema(s *jsonschema.Schema, name string) *jsonschema.Schema {
	if s == nil {
		return nil
	}
	if property := s.Properties[name]; property != nil {
		return property
	}
	additional, _ := s.AdditionalProperties.(*jsonschema.Schema)
	return additional
}

func itemSchema(s *jsonschema.Schema) *jsonschema.Schema {
	if s == nil {
		return nil
	}
	return s.Items2020
}

// propertyPath writes a location as JavaScript would: scopes[0].value.
func propertyPath(value any, location []string) string {
	var path strings.Builder
	for _, step := range location {
		switch v := value.(type) {
		case []any:
			path.WriteString("[" + step + "]")
			if i, err := strconv.Atoi(step); err == nil && i < len(v) {
				value = v[i]
			}
		case map[string]any:
			if path.Len() > 0 {
				path.WriteByte('.')
			}
			path.WriteString(clip(step))
			value = v[step]
		}
	}
	return path.String()
}

// typeName is z-schema's word for the type of a decoded value.
func typeName(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return "integer"
		}
		return "number"
	}
	return "object"
}

func compact(value any) string {
	text, err := marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}
