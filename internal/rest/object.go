package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Object is a JSON object that keeps the order of its members, so that an answer looks as the recorded ones do after a
// member was added, hidden or selected.
type Object struct{ members []member }

type member struct {
	name  string
	value json.RawMessage
}

// NewObject is the JSON form of v, which must be an object.
func NewObject(v any) (Object, error) {
	text, err := marshal(v)
	if err != nil {
		return Object{}, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return Object{}, fmt.Errorf("%T is no JSON object", v)
	}
	var o Object
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return Object{}, err
		}
		m := member{name: name.(string)}
		if err := dec.Decode(&m.value); err != nil {
			return Object{}, err
		}
		o.members = append(o.members, m)
	}
	return o, nil
}

// Get returns the JSON of a member; nil = absent.
func (o Object) Get(name string) json.RawMessage {
	if i := o.index(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// InsertAfter adds a member behind the one named anchor, or at the end where that is absent.
func (o *Object) InsertAfter(anchor, name string, value any) error {
	text, err := marshal(value)
	if err != nil {
		return err
	}
	at := o.index(anchor) + 1
	if at == 0 {
		at = len(o.members)
	}
	o.members = slices.Insert(o.members, at, member{name: name, value: text})
	return nil
}

// Remove takes members out; absent ones are no error.
func (o *Object) Remove(names ...string) {
	o.members = slices.DeleteFunc(o.members, func(m member) bool { return slices.Contains(names, m.name) })
}

// Keep takes out all members but those named.
func (o *Object) Keep(names ...string) {
	o.members = slices.DeleteFunc(o.members, func(m member) bool { return !slices.Contains(names, m.name) })
}

func (o Object) index(name string) int {
	return slices.IndexFunc(o.members, func(m member) bool { return m.name == name })
}

// MarshalJSON writes the members in order.
func (o Object) MarshalJSON() ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteByte('{')
	for i, m := range o.members {
		if i > 0 {
			buf.WriteByte(',')
		}
		name, err := marshal(m.name)
		if err != nil {
			return nil, err
		}
		buf.Write(name)
		buf.WriteByte(':')
		buf.Write(m.value)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}
