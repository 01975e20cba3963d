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

// member is one property, both halves as JSON text. An answer of a hundred objects has thousands of them, so that a name is
// neither unquoted nor quoted again on its way through.
type member struct{ name, value json.RawMessage }

func (m member) is(name string) bool {
	if bytes.IndexByte(m.name, '\\') >= 0 {
		return unquote(m.name) == name
	}
	return string(m.name[1:len(m.name)-1]) == name
}

func (m member) isAmong(names []string) bool { return slices.ContainsFunc(names, m.is) }

// NewObject is the JSON form of v, which must be an object.
func NewObject(v any) (Object, error) {
	text, err := marshal(v)
	if err != nil {
		return Object{}, err
	}
	if len(text) == 0 || text[0] != '{' {
		return Object{}, fmt.Errorf("%T is no JSON object", v)
	}
	return Object{members: splitMembers(text)}, nil
}

// splitMembers takes apart an object that encoding/json wrote: valid, without white space. It looks at each byte once, where a
// decoder would look at the values again; a list of a hundred objects is made of this.
func splitMembers(text []byte) []member {
	members := make([]member, 0, 32)
	for at := 1; at < len(text) && text[at] == '"'; {
		colon := at + valueEnd(text[at:])
		end := colon + 1 + valueEnd(text[colon+1:])
		members = append(members, member{name: text[at:colon:colon], value: text[colon+1 : end : end]})
		at = end + 1 // behind the comma or the closing brace
	}
	return members
}

// valueEnd is the length of the JSON value that text begins with: up to the colon, comma or closing bracket behind it.
func valueEnd(text []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ':' || c == '}' || c == ']'):
			return i
		case c == '}' || c == ']':
			depth--
		}
	}
	return len(text)
}

// unquote reads a name with escapes.
func unquote(name json.RawMessage) string {
	var text string
	if err := json.Unmarshal(name, &text); err != nil {
		return string(name) // cannot happen: encoding/json wrote it
	}
	return text
}

// Get returns the JSON of a member; nil = absent.
func (o Object) Get(name string) json.RawMessage {
	if i := o.index(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// InsertFirst adds a member before all others.
func (o *Object) InsertFirst(name string, value any) error {
	rest := o.members
	o.members = nil
	err := o.InsertAfter("", name, value)
	o.members = append(o.members, rest...)
	return err
}

// InsertAfter adds a member behind the one named anchor, or at the end where that is absent. A json.RawMessage is taken as it is.
func (o *Object) InsertAfter(anchor, name string, value any) error {
	quoted, err := marshal(name)
	if err != nil {
		return err
	}
	text, ok := value.(json.RawMessage)
	if !ok {
		if text, err = marshal(value); err != nil {
			return err
		}
	}
	at := o.index(anchor) + 1
	if at == 0 {
		at = len(o.members)
	}
	o.members = slices.Insert(o.members, at, member{name: quoted, value: text})
	return nil
}

// Remove takes members out; absent ones are no error.
func (o *Object) Remove(names ...string) {
	o.members = slices.DeleteFunc(o.members, func(m member) bool { return m.isAmong(names) })
}

// Keep takes out all members but those named.
func (o *Object) Keep(names ...string) {
	o.members = slices.DeleteFunc(o.members, func(m member) bool { return !m.isAmong(names) })
}

func (o Object) index(name string) int {
	return slices.IndexFunc(o.members, func(m member) bool { return m.is(name) })
}

// MarshalJSON writes the members in order.
func (o Object) MarshalJSON() ([]byte, error) { return o.appendJSON(nil), nil }

func (o Object) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i, m := range o.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, m.name...)
		dst = append(dst, ':')
		dst = append(dst, m.value...)
	}
	return append(dst, '}')
}

// size is how many bytes appendJSON will add.
func (o Object) size() int {
	n := len("{}")
	for _, m := range o.members {
		n += len(m.name) + len(m.value) + len(":,")
	}
	return n
}
