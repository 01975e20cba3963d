package signing

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxTokenSize is the longest token that is looked at, in bytes. One with all of the Management API's scopes has about 9,000.
const maxTokenSize = 16 << 10

// maxClaimSeconds bounds times so that sums cannot overflow: the year 9999.
const maxClaimSeconds = 253402300799

// compactToken is a token as parsed, with nothing yet verified.
type compactToken struct {
	alg, kid  string
	input     []byte // what the signature covers
	payload   []byte
	signature []byte
}

// parseCompact reads the JWS Compact Serialization (RFC 7515 section 7.1) and its header. Errors: ErrMalformed.
func parseCompact(compact string) (compactToken, error) {
	if len(compact) > maxTokenSize {
		return compactToken{}, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, maxTokenSize)
	}
	parts := strings.SplitN(compact, ".", 4)
	if len(parts) != 3 {
		return compactToken{}, fmt.Errorf("%w: want three parts", ErrMalformed)
	}
	var decoded [3][]byte
	for i, part := range parts {
		raw, err := decodeSegment(part)
		if err != nil {
			return compactToken{}, err
		}
		decoded[i] = raw
	}
	t := compactToken{
		input:     []byte(compact[:len(parts[0])+1+len(parts[1])]),
		payload:   decoded[1],
		signature: decoded[2],
	}
	return t, t.readHeader(decoded[0])
}

// readHeader takes alg and kid. Key material that a header may bring along (jwk, jku, x5c, x5u) is not looked at.
func (t *compactToken) readHeader(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	r := claimReader{object: o}
	t.alg, t.kid = r.required("alg"), r.required("kid")
	if r.has("typ") && !slices.Contains([]string{typJWT, typAccessToken}, r.required("typ")) {
		r.fail("typ is neither %s nor %s", typJWT, typAccessToken)
	}
	if r.has("crit") {
		r.fail("crit names extensions that are not understood") // RFC 7515 section 4.1.11
	}
	return r.err
}

// decodeSegment is base64url without padding, in its one canonical form: Go's decoder would skip line ends.
func decodeSegment(s string) ([]byte, error) {
	if s == "" || strings.ContainsAny(s, "\r\n") {
		return nil, fmt.Errorf("%w: a part is not base64url", ErrMalformed)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%w: a part is not base64url", ErrMalformed)
	}
	return raw, nil
}

// parseObject reads a JSON object whose names are unique, at every depth (RFC 7519 section 4), and compared byte for byte,
// which decoding into a struct would not do. Errors: ErrMalformed.
func parseObject(raw []byte) (map[string]json.RawMessage, error) {
	var o map[string]json.RawMessage
	if !utf8.Valid(raw) || json.Unmarshal(raw, &o) != nil || o == nil {
		return nil, fmt.Errorf("%w: a part is not a JSON object in UTF-8", ErrMalformed)
	}
	if !uniqueNames(json.NewDecoder(bytes.NewReader(raw))) {
		return nil, fmt.Errorf("%w: a JSON name is repeated", ErrMalformed)
	}
	return o, nil
}

// uniqueNames reads the next value, which is known to be valid JSON, so its depth is bounded too.
func uniqueNames(d *json.Decoder) bool {
	opening, _ := d.Token()
	if opening != json.Delim('{') && opening != json.Delim('[') {
		return true
	}
	seen := make(map[string]bool)
	for d.More() {
		if opening == json.Delim('{') {
			token, _ := d.Token()
			name, _ := token.(string)
			if seen[name] {
				return false
			}
			seen[name] = true
		}
		if !uniqueNames(d) {
			return false
		}
	}
	d.Token()
	return true
}

// claimReader takes typed members out of a JSON object and keeps the first fault.
type claimReader struct {
	object map[string]json.RawMessage
	err    error
}

func (r *claimReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
	}
}

func (r *claimReader) has(name string) bool { _, ok := r.object[name]; return ok }

// required returns a string that must be there and not empty.
func (r *claimReader) required(name string) string {
	s := r.optional(name)
	if s == "" {
		r.fail("%s is missing or empty", name)
	}
	return s
}

// optional returns a string, or the empty one if it is absent. null is no string.
func (r *claimReader) optional(name string) string {
	raw, ok := r.object[name]
	if !ok {
		return ""
	}
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		r.fail("%s is not a string", name)
		return ""
	}
	return *s
}

// seconds returns a NumericDate that must be there. writ writes integers only, so nothing else is read.
func (r *claimReader) seconds(name string) int64 {
	n, err := strconv.ParseInt(string(r.object[name]), 10, 64)
	if err != nil || n < 0 || n > maxClaimSeconds {
		r.fail("%s is missing or no time in seconds", name)
		return 0
	}
	return n
}

// audience returns aud, which must be there: a string or an array of strings, none of them empty (RFC 7519 section 4.1.3).
func (r *claimReader) audience() []string {
	if raw := r.object["aud"]; len(raw) == 0 || raw[0] != '[' {
		return []string{r.required("aud")}
	}
	all := r.list("aud")
	if len(all) == 0 || slices.Contains(all, "") {
		r.fail("aud is empty")
	}
	return all
}

// scope splits at the space alone (RFC 6749 section 3.3): other white space is part of a scope's name.
func (r *claimReader) scope() []string {
	s := r.optional("scope")
	if s == "" {
		return nil
	}
	return strings.Split(s, " ")
}

// list returns an array of strings, nil if it is absent.
func (r *claimReader) list(name string) []string {
	raw, ok := r.object[name]
	if !ok {
		return nil
	}
	var all []*string
	if json.Unmarshal(raw, &all) != nil || all == nil || slices.Contains(all, nil) {
		r.fail("%s is not an array of strings", name)
		return nil
	}
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = *s
	}
	return out
}
