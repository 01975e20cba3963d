package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/oauth"
)

const (
	// maxParams bounds how many parameters a request may have; unknown ones are allowed and ignored.
	maxParams = 64
	// maxName bounds a parameter's name, in bytes.
	maxName = 128
)

// known are the parameters that the endpoint reads. In JSON they must be strings; others may be anything.
var known = map[string]bool{
	"grant_type": true, "client_id": true, "client_secret": true, "audience": true, "resource": true, "scope": true, "organization": true,
}

// param is one parameter of the body, decoded.
type param struct{ name, value string }

// params are a body's parameters. No name stands twice (RFC 6749 section 3.2).
type params []param

// get returns a parameter's value; one without a value is as good as none (RFC 6749 section 3.2).
func (ps params) get(name string) string {
	for _, p := range ps {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// add takes one parameter in. Errors: *oauth.Error.
func (ps *params) add(name, value string) error {
	switch {
	case len(name) > maxName:
		return oauth.Malformed("A parameter's name has more than %d bytes", maxName)
	case !clean(name) || !clean(value):
		return oauth.Malformed("Parameter %q holds a NUL or what is no text in UTF-8", strings.ToValidUTF8(name, "?"))
	case len(*ps) == maxParams:
		return oauth.Malformed("The request has more than %d parameters", maxParams)
	}
	for _, p := range *ps {
		if p.name == name {
			return oauth.Malformed("Parameter %q is sent more than once", name)
		}
	}
	*ps = append(*ps, param{name, value})
	return nil
}

// clean text is valid UTF-8 without a NUL and without U+FFFD, which stands where JSON had half a surrogate pair.
func clean(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 && !strings.ContainsRune(s, utf8.RuneError)
}

// parseForm reads application/x-www-form-urlencoded strictly: a broken escape is an error, not a literal.
func parseForm(body []byte) (params, error) {
	var ps params
	for pair := range strings.SplitSeq(string(body), "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, nameErr := url.QueryUnescape(rawName)
		value, valueErr := url.QueryUnescape(rawValue)
		if nameErr != nil || valueErr != nil {
			return nil, oauth.Malformed("The form is malformed: a %% must be followed by two hex digits")
		}
		if err := ps.add(name, value); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

var errNotObject = errors.New("want an object")

// parseJSON reads one JSON object. Strings count as they are, null as absent; any other value of a known parameter is an error.
func parseJSON(body []byte) (params, error) {
	if !utf8.Valid(body) {
		return nil, oauth.Malformed("The JSON body is not valid UTF-8")
	}
	var ps params
	err := eachMember(body, func(name string, value json.RawMessage) error {
		var text *string
		if err := json.Unmarshal(value, &text); err != nil {
			if known[name] {
				return oauth.Malformed("Parameter %q must be a string", name)
			}
			return ps.add(name, "")
		}
		if text == nil {
			text = new(string)
		}
		return ps.add(name, *text)
	})
	if refusal := (*oauth.Error)(nil); errors.As(err, &refusal) {
		return nil, refusal
	}
	if err != nil {
		return nil, oauth.Malformed("The JSON body is malformed: %s", err)
	}
	return ps, nil
}

// eachMember walks the members of the one object that body must be, repeated names included (a map would hide them).
func eachMember(body []byte, visit func(name string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	if open, err := dec.Token(); err != nil {
		return plain(err)
	} else if open != json.Delim('{') {
		return errNotObject
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return plain(err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return plain(err)
		}
		if err := visit(name.(string), value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return plain(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("something follows the object")
	}
	return nil
}

// plain words for the decoder's end-of-input errors.
func plain(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}
