package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Patch is a partial T as a caller sent it: which root properties, and their JSON. A schema has judged it before, so that a
// property which does not decode into T is a fault of ours. The zero Patch changes nothing.
//
// Auth0's rule: a root property replaces the old one; null removes it, or resets it where T has a default; properties named
// *_metadata, jwt_configuration and flags merge one level deep, and null inside them removes the key.
type Patch[T any] struct{ members map[string]json.RawMessage }

// UnmarshalJSON reads the root properties and leaves their values for Apply.
func (p *Patch[T]) UnmarshalJSON(text []byte) error {
	p.members = nil
	return json.Unmarshal(text, &p.members)
}

// Has reports whether the caller sent the property, null included.
func (p Patch[T]) Has(name string) bool { _, ok := p.members[name]; return ok }

// Null reports whether the caller sent null for the property.
func (p Patch[T]) Null(name string) bool { return string(p.members[name]) == "null" }

// HasIn reports whether the caller sent an object for the property that has this member, null included.
func (p Patch[T]) HasIn(name, member string) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(p.members[name], &members) != nil { // no object, or not sent
		return false
	}
	_, ok := members[member]
	return ok
}

// HasOther reports whether the caller sent a property that is not among names.
func (p Patch[T]) HasOther(names ...string) bool {
	rest := maps.Clone(p.members)
	for _, name := range names {
		delete(rest, name)
	}
	return len(rest) > 0
}

// Only is the patch without the properties that are not named.
func (p Patch[T]) Only(names ...string) Patch[T] {
	members := maps.Clone(p.members)
	maps.DeleteFunc(members, func(name string, _ json.RawMessage) bool { return !slices.Contains(names, name) })
	return Patch[T]{members: members}
}

// Sparing is the patch without the keys that current has already, in properties that merge one level deep. Errors: only what would be a
// fault of ours.
func (p Patch[T]) Sparing(current T) (Patch[T], error) {
	held, err := membersOf(current)
	if err != nil {
		return p, err
	}
	members := maps.Clone(p.members)
	for name, value := range members {
		if !mergesOneLevel(name) || p.Null(name) || held[name] == nil {
			continue
		}
		var old, said map[string]json.RawMessage
		if err := errors.Join(json.Unmarshal(held[name], &old), json.Unmarshal(value, &said)); err != nil {
			return p, err
		}
		maps.DeleteFunc(said, func(key string, value json.RawMessage) bool { return bytes.Equal(value, old[key]) })
		if members[name], err = json.Marshal(said); err != nil {
			return p, err
		}
	}
	return Patch[T]{members: members}, nil
}

// Renamed is the patch with an older name of a property given its present one. Where both were sent the present one counts.
func (p Patch[T]) Renamed(older, present string) Patch[T] {
	value, sent := p.members[older]
	if !sent {
		return p
	}
	members := maps.Clone(p.members)
	delete(members, older)
	if !p.Has(present) {
		members[present] = value
	}
	return Patch[T]{members: members}
}

// MarshalJSON is the object that the caller sent.
func (p Patch[T]) MarshalJSON() ([]byte, error) { return json.Marshal(p.members) }

// Differing are the properties whose JSON is not the same in a and b, in alphabetical order. Errors: only what would be a fault of ours.
func Differing[T any](a, b T) ([]string, error) {
	before, err := membersOf(a)
	if err != nil {
		return nil, err
	}
	after, err := membersOf(b)
	if err != nil {
		return nil, err
	}
	var names []string
	for name, value := range before {
		if !bytes.Equal(value, after[name]) {
			names = append(names, name)
		}
	}
	for name := range after {
		if _, known := before[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Apply returns current with the patch laid over it; null takes a property back to what it is in defaults. Neither argument
// is changed and the result shares nothing writable with them: fields that JSON carries are decoded afresh, fields that it does not
// carry (tagged "-") are those of current. Errors: only what would be a fault of ours.
func (p Patch[T]) Apply(current, defaults T) (T, error) {
	var zero T
	members, err := membersOf(current)
	if err != nil {
		return zero, err
	}
	fallback, err := membersOf(defaults)
	if err != nil {
		return zero, err
	}
	for name, value := range p.members {
		switch {
		case string(value) == "null":
			delete(members, name)
			if old, ok := fallback[name]; ok {
				members[name] = old
			}
		case mergesOneLevel(name):
			if members[name], err = mergeMembers(members[name], value); err != nil {
				return zero, fmt.Errorf("merge %s: %w", name, err)
			}
		default:
			members[name] = value
		}
	}
	text, err := json.Marshal(members)
	if err != nil {
		return zero, err
	}
	next := unseenByJSON(current)
	if err := json.Unmarshal(text, &next); err != nil {
		return zero, fmt.Errorf("decode %T after a patch: %w", next, err)
	}
	return next, nil
}

func membersOf(v any) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	return members, json.Unmarshal(text, &members)
}

func mergesOneLevel(name string) bool {
	return name == "jwt_configuration" || name == "flags" || strings.HasSuffix(name, "_metadata")
}

// mergeMembers lays the object patch over the object base (absent = empty); null removes a key.
func mergeMembers(base, patch json.RawMessage) (json.RawMessage, error) {
	merged := map[string]json.RawMessage{}
	if len(base) > 0 {
		if err := json.Unmarshal(base, &merged); err != nil {
			return nil, err
		}
	}
	var changes map[string]json.RawMessage
	if err := json.Unmarshal(patch, &changes); err != nil {
		return nil, err
	}
	for key, value := range changes {
		if string(value) == "null" {
			delete(merged, key)
			continue
		}
		merged[key] = value
	}
	return json.Marshal(merged)
}

// unseenByJSON is v without the fields that its JSON form carries.
func unseenByJSON[T any](v T) T {
	fields := reflect.ValueOf(&v).Elem()
	if fields.Kind() != reflect.Struct {
		var zero T
		return zero
	}
	for i := range fields.NumField() {
		field := fields.Type().Field(i)
		if field.IsExported() && field.Tag.Get("json") != "-" {
			fields.Field(i).SetZero()
		}
	}
	return v
}
