package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxBody is the longest request body that is read, in bytes.
const MaxBody = 1 << 20

// maxDepth bounds how deep a body may nest; no resource needs more than a dozen levels.
const maxDepth = 64

// document is a request body that was read once: the tree for the schema, the text for decoding. The text is the caller's
// own with numbers in their shortest form, so that 1.0 and 1e0 decode as the integer that JSON Schema takes them for.
type document struct {
	tree any
	text json.RawMessage // nil = no body
}

// readBody reads a JSON or form body of at most MaxBody bytes. schema tells how a form's strings are to be understood.
// No body at all is the null document. Errors: TooLarge, MediaType, ContentCoding, InvalidBody.
func readBody(w http.ResponseWriter, r *http.Request, schema *Schema) (document, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return document{}, TooLarge(MaxBody)
	case err != nil:
		return document{}, InvalidBody("The request body could not be read to its end")
	case len(raw) == 0:
		return document{}, nil
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return document{}, ContentCoding(coding)
	}
	switch contentType := r.Header.Get("Content-Type"); mediaType(contentType) {
	case "", "application/json":
		return parseJSON(raw)
	case "application/x-www-form-urlencoded":
		return parseForm(raw, schema)
	default:
		return document{}, MediaType(contentType)
	}
}

// mediaType is the type without parameters; empty = the header is absent, which means JSON. A body in another charset than
// UTF-8 is of no type that can be read (RFC 8259 section 8.1).
func mediaType(header string) string {
	if header == "" {
		return ""
	}
	t, params, err := mime.ParseMediaType(header)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return "invalid"
	}
	if charset := strings.ToLower(params["charset"]); charset != "" && charset != "utf-8" && charset != "utf8" {
		return "invalid"
	}
	return t
}

// parseJSON reads one JSON value strictly: valid UTF-8, no lone surrogate, no NUL, no repeated member, no more than maxDepth
// levels, nothing behind it. RFC 8259 leaves repeated names and lone surrogates (section 8.2) to the reader; two readers that
// disagree are a hole.
func parseJSON(raw []byte) (document, error) {
	switch {
	case !utf8.Valid(raw):
		return document{}, InvalidBody("The request body is not valid UTF-8")
	case hasLoneSurrogate(raw):
		return document{}, InvalidBody("The request body contains half of a surrogate pair, which is no character")
	}
	p := jsonReader{dec: json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	tree, err := p.value(0)
	if err != nil {
		return document{}, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return document{}, malformedJSON()
	}
	return document{tree: tree, text: p.out.Bytes()}, nil
}

// hasLoneSurrogate reports an escape like \ud800 without its other half, which the decoder would silently replace. In JSON a
// backslash stands only inside strings; where it does not, the decoder refuses the text anyway.
func hasLoneSurrogate(raw []byte) bool {
	for i := bytes.IndexByte(raw, '\\'); i >= 0 && i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		unit, ok := escapedUnit(raw[i:])
		if !ok {
			i++ // the escaped character may be a backslash
			continue
		}
		i += escapeLen - 1
		if !utf16.IsSurrogate(unit) {
			continue
		}
		low, _ := escapedUnit(raw[i+1:]) // where there is none, 0 is no other half either
		if utf16.DecodeRune(unit, low) == utf8.RuneError {
			return true
		}
		i += escapeLen
	}
	return false
}

const escapeLen = len(`\u0000`)

// escapedUnit reads the UTF-16 code unit that text begins with, in the form \u0000.
func escapedUnit(text []byte) (rune, bool) {
	if len(text) < escapeLen || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:escapeLen]), 16, 16)
	return rune(unit), err == nil
}

func malformedJSON() *Error { return InvalidBody("Invalid request payload JSON format") }

// jsonReader builds the tree of a value and writes its normal form at once.
type jsonReader struct {
	dec *json.Decoder
	out bytes.Buffer
}

func (p *jsonReader) value(depth int) (any, error) {
	token, err := p.dec.Token()
	if err != nil {
		return nil, malformedJSON()
	}
	switch t := token.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return nil, InvalidBody("The request body nests deeper than %d levels", maxDepth)
		}
		if t == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case json.Number:
		n, err := normalNumber(t)
		if err != nil {
			return nil, err
		}
		p.out.WriteString(n.String())
		return n, nil
	case string:
		return t, p.text(t)
	default:
		text, err := json.Marshal(t) // true, false, null
		p.out.Write(text)
		return t, err
	}
}

func (p *jsonReader) object(depth int) (any, error) {
	members := map[string]any{}
	p.out.WriteByte('{')
	for p.dec.More() {
		token, err := p.dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, malformedJSON()
		}
		if _, repeated := members[name]; repeated {
			return nil, InvalidBody("The property %q appears twice in one object", clip(name))
		}
		if len(members) > 0 {
			p.out.WriteByte(',')
		}
		if err := p.text(name); err != nil {
			return nil, err
		}
		p.out.WriteByte(':')
		if members[name], err = p.value(depth); err != nil {
			return nil, err
		}
	}
	return members, p.end('}')
}

func (p *jsonReader) array(depth int) (any, error) {
	items := []any{}
	p.out.WriteByte('[')
	for p.dec.More() {
		if len(items) > 0 {
			p.out.WriteByte(',')
		}
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, p.end(']')
}

func (p *jsonReader) end(delim byte) error {
	if _, err := p.dec.Token(); err != nil {
		return malformedJSON()
	}
	p.out.WriteByte(delim)
	return nil
}

func (p *jsonReader) text(s string) error {
	if strings.ContainsRune(s, 0) {
		return InvalidBody("The request body contains a NUL character")
	}
	text, err := marshal(s)
	p.out.Write(text)
	return err
}

// normalNumber is n in its shortest form. Short integers stay as they are; everything else is what a float64 holds, so that
// no number costs more than its digits (1e999999999 is refused, 1e-999999999 is 0).
func normalNumber(n json.Number) (json.Number, error) {
	if _, err := strconv.ParseInt(n.String(), 10, 64); err == nil && n != "-0" {
		return n, nil
	}
	f, err := n.Float64()
	if err != nil {
		return "", InvalidBody("The number %s is out of range", clip(n.String()))
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return json.Number(strconv.FormatInt(int64(f), 10)), nil
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
}

// parseForm reads a form as a flat object: booleans and numbers as the schema's root property says, a repeated name as an array.
func parseForm(raw []byte, schema *Schema) (document, error) {
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return document{}, InvalidBody("Invalid request payload form format")
	}
	members := make(map[string]any, len(form))
	for name, values := range form {
		if !utf8.ValidString(name + strings.Join(values, "")) {
			return document{}, InvalidBody("The request body is not valid UTF-8")
		}
		switch kind := schema.propertyType(name); {
		case kind == "array":
			members[name] = values
		case len(values) > 1:
			return document{}, InvalidBody("The parameter %q appears twice", clip(name))
		default:
			members[name] = formValue(values[0], kind)
		}
	}
	text, err := marshal(members)
	if err != nil {
		return document{}, malformedJSON()
	}
	return parseJSON(text)
}

// formValue reads text as a value of the wanted type; what cannot be read stays a string, for the schema to refuse.
func formValue(text, kind string) any {
	switch kind {
	case "boolean":
		if b, err := strconv.ParseBool(text); err == nil && (text == "true" || text == "false") {
			return b
		}
	case "integer", "number":
		if n := json.Number(text); json.Valid([]byte(text)) {
			if _, err := n.Float64(); err == nil {
				return n
			}
		}
	}
	return text
}
