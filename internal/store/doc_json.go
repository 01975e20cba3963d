package store

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// encodeDoc is the stored JSON form of a value: as json.Marshal, but "<" in kept raw JSON stays what it was.
func encodeDoc(v any) (string, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(bytes.TrimSuffix(buf.Bytes(), []byte("\n"))), nil
}

func decodeDoc(doc string, v any) error { return docColumn{v}.Scan(doc) }

// docColumn reads a document into the value it points to.
type docColumn struct {
	value any
}

// Scan implements sql.Scanner.
func (d docColumn) Scan(src any) error {
	var text []byte
	switch src := src.(type) {
	case string: // of TEXT
		text = []byte(src)
	case []byte: // of PostgreSQL's JSON; not kept beyond this call
		text = src
	default:
		return fmt.Errorf("document column holds %T", src)
	}
	if err := json.Unmarshal(text, d.value); err != nil {
		return fmt.Errorf("decode %T: %w", d.value, err)
	}
	return nil
}
