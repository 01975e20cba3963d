package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
)

// outline is the order in which a schema lists its properties, at every depth. The compiled schema keeps them in a map; faults
// are told in the order in which a reader of the schema meets them.
type outline struct {
	rank       map[string]int
	properties map[string]*outline
	items      *outline
}

// UnmarshalJSON reads a schema; one that is only true or false has no outline.
func (o *outline) UnmarshalJSON(text []byte) error {
	if text[0] != '{' {
		return nil
	}
	var schema struct {
		Properties json.RawMessage `json:"properties"`
		Items      *outline        `json:"items"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		return err
	}
	o.rank, o.properties, o.items = map[string]int{}, map[string]*outline{}, schema.Items
	if schema.Properties == nil {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(schema.Properties))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		var property outline
		if err := dec.Decode(&property); err != nil {
			return err
		}
		name := token.(string) // between the braces of an object that was decoded before
		o.rank[name], o.properties[name] = len(o.rank), &property
	}
	return nil
}

// compare orders two places in a body: what holds a place comes before it, properties come as the schema lists them, items by
// their index, and names that the schema does not list last.
func (o *outline) compare(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Or(
				cmp.Compare(o.rankOf(a[i]), o.rankOf(b[i])),
				cmp.Compare(len(a[i]), len(b[i])), // of two indexes the one with fewer digits is smaller
				cmp.Compare(a[i], b[i]),
			)
		}
		o = o.below(a[i])
	}
	return cmp.Compare(len(a), len(b))
}

func (o *outline) rankOf(name string) int {
	if o == nil {
		return 0
	}
	if rank, listed := o.rank[name]; listed {
		return rank
	}
	return len(o.rank)
}

// below is the outline of a property or item; nil where the schema says nothing of it.
func (o *outline) below(step string) *outline {
	if o == nil {
		return nil
	}
	if property := o.properties[step]; property != nil {
		return property
	}
	return o.items
}
