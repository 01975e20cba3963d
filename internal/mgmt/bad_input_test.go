package mgmt

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fault is a value that a schema refuses, and how Auth0 says so.
type fault struct {
	value any
	text  string
}

// faults are the ways to be wrong at one place: types, null, bounds, and script where that is refused.
func (s schema) faults() []fault {
	all := s.wrongTypes()
	switch {
	case len(s.Enum) > 0 && s.is("boolean"):
		return append(all, fault{false, `Invalid value false`})
	case len(s.Enum) > 0:
		return append(all, fault{"nonsense", `Invalid value "nonsense"`})
	case len(s.OneOf) > 0:
		var wrong any = map[string]any{"nonsense": 1}
		if s.is("string") {
			wrong = "nonsense"
		}
		return append(all, fault{wrong, "Data does not match any schemas from 'oneOf'"})
	case s.is("string"):
		return append(all, s.wrongTexts()...)
	case s.is("integer"):
		return append(all, s.wrongNumbers()...)
	case s.is("array"):
		return append(all, s.wrongLists()...)
	case s.is("object"):
		return append(all, s.wrongObjects()...)
	}
	return all
}

func (s schema) wrongTypes() []fault {
	var all []fault
	for kind, value := range map[string]any{
		"null": nil, "boolean": true, "integer": 7, "number": 7.5, "string": "x", "array": []any{}, "object": map[string]any{},
	} {
		if s.Type != nil && !s.is(kind) {
			all = append(all, fault{value, " but found type " + kind})
		}
	}
	return all
}

func (s schema) wrongTexts() []fault {
	all := []fault{{"x\x00y", ""}} // no database holds it
	if s.MinLength != nil && *s.MinLength > 0 {
		all = append(all, fault{"", fmt.Sprintf("String is too short (0 chars), minimum %d", *s.MinLength)})
	}
	if s.MaxLength != nil {
		n, start := *s.MaxLength+1, ""
		if strings.HasPrefix(s.Format, "absolute") || s.Format == "url" {
			start = "https://x.example/"
		}
		all = append(all, fault{start + strings.Repeat("x", n-len(start)), fmt.Sprintf("String is too long (%d chars), maximum %d", n, *s.MaxLength)})
	}
	if s.Pattern != "" {
		wrong := "<script>alert(1)</script>"
		if regexp.MustCompile(s.Pattern).MatchString(wrong) { // it is of what may be any text, but cannot be a line of a header
			wrong = "a:b\r\nc: d"
		}
		all = append(all, fault{wrong, "String does not match pattern " + s.Pattern + ": " + wrong})
	}
	if s.Format != "" {
		all = append(all, fault{"javascript:alert(1)", "Object didn't pass validation for format " + s.Format + ": javascript:alert(1)"})
	}
	return all
}

func (s schema) wrongNumbers() []fault {
	var all []fault
	if s.Minimum != nil {
		all = append(all, fault{*s.Minimum - 1, fmt.Sprintf("Value %.0f is less than minimum %.0f", *s.Minimum-1, *s.Minimum)})
	}
	if s.Maximum != nil {
		all = append(all, fault{*s.Maximum + 1, fmt.Sprintf("Value %.0f is greater than maximum %.0f", *s.Maximum+1, *s.Maximum)})
	}
	return all
}

func (s schema) wrongLists() []fault {
	var all []fault
	if s.MinItems != nil && *s.MinItems > 0 {
		all = append(all, fault{[]any{}, fmt.Sprintf("Array is too short (0), minimum %d", *s.MinItems)})
	}
	if s.MaxItems != nil {
		n := *s.MaxItems + 1
		all = append(all, fault{s.samples(n), fmt.Sprintf("Array is too long (%d), maximum %d", n, *s.MaxItems)})
	}
	if s.UniqueItems {
		twice := s.samples(1)
		all = append(all, fault{append(twice, twice...), "Array items are not unique (indexes 0 and 1)"})
	}
	return all
}

func (s schema) wrongObjects() []fault {
	var all []fault
	if s.closed() {
		all = append(all, fault{map[string]any{"nonsense": 1}, "Additional properties not allowed: nonsense"})
	}
	if len(s.Required) > 0 {
		all = append(all, fault{map[string]any{}, "Missing required property: " + s.Required[0]})
	}
	if s.MinProperties > 0 && len(s.Required) == 0 {
		all = append(all, fault{map[string]any{}, fmt.Sprintf("Too few properties defined (0), minimum %d", s.MinProperties)})
	}
	if s.MaxProperties != nil && s.members() != nil {
		many := map[string]any{}
		for i := range *s.MaxProperties + 1 {
			many[fmt.Sprint("key", i)] = s.members().sample()
		}
		all = append(all, fault{many, fmt.Sprintf("Too many properties defined (%d), maximum %d", len(many), *s.MaxProperties)})
	}
	return all
}

// Every place of every body, with everything that is wrong there: Auth0's 400 in Auth0's words, and nothing is changed.
func TestBadBodies(t *testing.T) {
	notUnderRace(t)
	e := newEnv(t)
	ids, token, asked := e.objectsOf(acme), e.token(acme), 0
	before := e.state(acme)
	for _, op := range e.operations() {
		if op.body == nil {
			continue
		}
		path := op.at(t, ids)
		check := func(at place, f fault) {
			asked++
			body := encoded(t, op.body.with(at, f.value))
			status, text := e.ask(acme, token, op.method, path, body)
			message := ""
			if status == http.StatusBadRequest {
				message = e.property(text, "message")
			}
			if !refusedAs(message, e.property(text, "errorCode"), at, f) {
				t.Errorf("%s %s %.300s: %d %s, want %s at %s", op.method, path, body, status, text, f.text, at)
			}
		}
		for _, f := range op.body.faults() {
			check(nil, f)
		}
		op.body.walk(func(at place, s schema) {
			for _, f := range s.faults() {
				check(at, f)
			}
		})
	}
	if e.state(acme) != before {
		t.Error("a refused body has changed something")
	}
	t.Logf("%d bodies", asked)
	if asked < 2000 {
		t.Errorf("only %d bodies", asked)
	}
	if e.log.Len() > 0 {
		t.Error(e.log.String())
	}
}

// refusedAs reports whether a message says what is wrong, and where. A NUL is refused before a schema is looked at.
func refusedAs(message, code string, at place, f fault) bool {
	if code != "invalid_body" || f.text == "" {
		return code == "invalid_body"
	}
	where := "'"
	if len(at) > 0 {
		where = "' on property " + at.String()
	}
	return strings.Contains(message, "Payload validation error: '") && strings.Contains(message, f.text+where)
}

// Bodies that are no body: whatever they are, and wherever they go, they are refused, and nothing is changed.
func TestBrokenBodies(t *testing.T) {
	e := newEnv(t)
	ids, token := e.objectsOf(acme), e.token(acme)
	before := e.state(acme)
	for _, op := range e.operations() {
		if op.body == nil {
			continue
		}
		for _, body := range brokenBodies() {
			if op.body.is("null") && (body == "" || body == "null") {
				continue // it may be left out
			}
			status, text := e.ask(acme, token, op.method, op.at(t, ids), body)
			if status != http.StatusBadRequest && status != http.StatusRequestEntityTooLarge || e.property(text, "errorCode") != "invalid_body" {
				t.Errorf("%s %.100s: %d %s", op.name(), body, status, text)
			}
		}
	}
	if e.state(acme) != before {
		t.Error("a broken body has changed something")
	}
}

func brokenBodies() []string {
	return []string{
		"", "null", "[]", "1", `"name"`, "true", "{", "{}}", `{"name":"x"`, `{"name":"x"} {}`, `{"name":"x","name":"y"}`, `{"name":"\ud800"}`,
		`{"name":"` + "\xff" + `"}`, `{"name":"x\u0000"}`, `{"name":` + strings.Repeat("[", 100_000), strings.Repeat(`{"name":`, 10_000),
		`{"token_lifetime":1e999999999}`, `{"token_lifetime":99999999999999999999999999}`, `{"token_lifetime":` + strings.Repeat("9", 10_000) + `}`,
		`{"nonsense":1}`, `{"__proto__":{}}`, `{"name":"` + strings.Repeat("x", 2<<20) + `"}`,
	}
}

// Every parameter of every query, with everything that is wrong with it.
func TestBadQueries(t *testing.T) {
	e := newEnv(t)
	ids, token, asked := e.objectsOf(acme), e.token(acme), 0
	for _, op := range e.operations() {
		for _, p := range op.query() {
			for value, want := range badValues(p.Schema) {
				asked++
				path := op.at(t, ids) + "?" + p.Name + "=" + strings.ReplaceAll(value, "NAME", p.Name)
				status, text := e.ask(acme, token, op.method, path, "")
				message := ""
				if status == http.StatusBadRequest {
					message = e.property(text, "message")
				}
				if want == "" && status < 500 && status != http.StatusOK {
					continue
				}
				if !strings.HasPrefix(message, "Query validation error: '"+want) || !strings.Contains(message, "on property "+p.Name+" (") {
					t.Errorf("%s %s: %d %s, want %s", op.method, path, status, text, want)
				}
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d queries", asked)
	}
}

// badValues are query values that a parameter refuses, escaped, and how; NAME stands for the parameter's.
func badValues(s schema) map[string]string {
	bad := map[string]string{"a%00b": "Object didn't pass validation for format text", "%ff": "Object didn't pass validation for format text"}
	switch {
	case s.Type == "integer":
		bad = map[string]string{
			"x": "Expected type integer but found type string", "1.5": "Expected type integer", "9223372036854775808": "Expected type integer",
			"1&NAME=2": "Expected type integer but found type array",
		}
		if s.Minimum != nil {
			bad[fmt.Sprintf("%.0f", *s.Minimum-1)] = fmt.Sprintf("Value %.0f is less than minimum %.0f", *s.Minimum-1, *s.Minimum)
		}
		if s.Maximum != nil {
			bad[fmt.Sprintf("%.0f", *s.Maximum+1)] = fmt.Sprintf("Value %.0f is greater than maximum %.0f", *s.Maximum+1, *s.Maximum)
		}
	case s.Type == "boolean":
		bad["yes"], bad["1"], bad["true&NAME=false"] = "Expected type boolean", "Expected type boolean", "Expected type boolean but found type array"
	case len(s.Enum) > 0:
		bad["nonsense"] = `Invalid value "nonsense"`
	case s.Type == "array" && s.MaxItems != nil:
		bad[strings.Repeat("x%2C", *s.MaxItems)+"x"+strings.Repeat("&NAME=x", *s.MaxItems)] = "Array is too long"
	case s.Type == "string":
		bad["x&NAME=y"] = "Expected type string but found type array"
	}
	return bad
}

// Whatever stands in a path, it is no fault of ours.
func TestBadPaths(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for _, op := range e.operations() {
		if !strings.Contains(op.path, "{") {
			continue
		}
		for _, value := range []string{"\x00", "\xff", "<script>alert(1)</script>", "'; DROP TABLE clients; --", "%", "..", strings.Repeat("x", 10_000), "é", "$1"} {
			path := filledWith(op.path, url.PathEscape(value))
			body := ""
			if op.body != nil {
				body = encoded(t, op.body.smallest())
			}
			if status, text := e.ask(acme, token, op.method, path, body); !slices.Contains([]int{204, 400, 403, 404}, status) {
				t.Errorf("%s %.100s: %d %s", op.method, path, status, text)
			}
		}
	}
	if e.log.Len() > 0 {
		t.Error(e.log.String())
	}
}
