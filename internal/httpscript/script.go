package httpscript

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Script is one run of a script file:
//
//	# why
//	>>> POST /clients                     a request; below it, optionally:
//	type: text/plain                      Content-Type (default: Script.Type)
//	set: X-Header: value                  any other request header
//	...                                   directives of the suite (Script.Directive)
//	{"name": "x"}                         the body
//	<<< 201                               the answer's status; below it, optionally:
//	header: Cache-Control: no-store       a header's value
//	keys: client_id name                  the body's root properties, in this order
//	save: id client_id                    keep a property (dots lead inward) for $id in later lines
//	{"name": "x", "client_id": "<any>"}   a part of the body: arrays whole, objects what is named; "<any>" and "<absent>"
//	+++ 24h                               the clock moves on
type Script struct {
	T testing.TB
	// Type is the Content-Type of bodies that name none.
	Type string
	// Do sends a request.
	Do func(method, path string, header http.Header, body string) *http.Response
	// Directive takes a line "name: value" of a request, and says whether it was one; nil = none but the above.
	Directive func(name, value string, header http.Header) bool
	// Advance moves the clock; nil = no script may ask for it.
	Advance func(time.Duration)
	// Saved are the variables: what the suite sets, and what save keeps.
	Saved map[string]string

	line int // which request, for messages
	step string
}

// Files are the script files of a folder.
func Files(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in %s: %v", dir, err)
	}
	return files
}

// Run runs a file's requests in order.
func (s *Script) Run(file string) {
	s.T.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		s.T.Fatal(err)
	}
	if s.Saved == nil {
		s.Saved = map[string]string{}
	}
	for _, step := range strings.Split("\n"+string(text), "\n>>> ")[1:] {
		s.line++
		s.run(step)
	}
}

func (s *Script) fail(format string, args ...any) {
	s.T.Helper()
	s.T.Errorf("request %d (%s): %s", s.line, strings.SplitN(s.step, "\n", 2)[0], fmt.Sprintf(format, args...))
}

func (s *Script) run(step string) {
	for name, value := range s.Saved {
		step = strings.ReplaceAll(step, "$"+name, value)
	}
	s.step = step
	asked, answered, ok := strings.Cut(step, "\n<<< ")
	if !ok {
		s.T.Fatalf("request %d has no <<<: %s", s.line, step)
	}
	request, body, _ := strings.Cut(asked, "\n")
	method, path, _ := strings.Cut(strings.TrimSpace(request), " ")
	header, body := s.directives(body)
	resp := s.Do(method, path, header, body)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	s.check(resp, string(text), answered)
}

func (s *Script) directives(lines string) (header http.Header, body string) {
	header = http.Header{}
	var rest []string
	for line := range strings.SplitSeq(lines, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "#"):
		case name == "type":
			header.Set("Content-Type", value)
		case name == "set":
			name, value, _ := strings.Cut(value, ": ")
			header.Add(name, value)
		case s.Directive != nil && s.Directive(name, value, header):
		default:
			rest = append(rest, line)
		}
	}
	body = strings.TrimSpace(strings.Join(rest, "\n"))
	if body != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", s.Type)
	}
	return header, body
}

func (s *Script) check(resp *http.Response, got, want string) {
	status, rest, _ := strings.Cut(want, "\n")
	if fmt.Sprint(resp.StatusCode) != strings.TrimSpace(status) {
		s.fail("status %d, want %s\n%s", resp.StatusCode, status, got)
		return
	}
	var body []string
	for line := range strings.SplitSeq(rest, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "header":
			name, value, _ := strings.Cut(value, ": ")
			if h := resp.Header.Get(name); h != value {
				s.fail("header %s: %q, want %q", name, h, value)
			}
		case "keys":
			if keys := rootKeys(got); !slices.Equal(keys, strings.Fields(value)) {
				s.fail("keys\n%s\nwant\n%s", strings.Join(keys, " "), value)
			}
		case "save":
			name, path, _ := strings.Cut(value, " ")
			s.Saved[name] = Lookup(s.decode(got), path)
		default:
			if after, ok := strings.CutPrefix(line, "+++ "); ok {
				d, err := time.ParseDuration(after)
				if err != nil {
					s.T.Fatal(err)
				}
				s.Advance(d)
			} else if !strings.HasPrefix(line, "#") {
				body = append(body, line)
			}
		}
	}
	if resp.StatusCode == http.StatusNoContent && got != "" {
		s.fail("a 204 with a body: %s", got)
	}
	if text := strings.TrimSpace(strings.Join(body, "\n")); text != "" {
		if d := differs("", s.decode(text), s.decode(got)); d != "" {
			s.fail("%s\nin %s", d, got)
		}
	}
}

func (s *Script) decode(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		s.T.Fatalf("request %d (%s): %v in %s", s.line, s.step, err, text)
	}
	return v
}

// differs says where got lacks what want demands; empty = nowhere.
func differs(at string, want, got any) string {
	if want == "<any>" {
		return ""
	}
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, want an object", at, got)
		}
		for name, value := range w {
			inner, present := g[name]
			switch {
			case value == "<absent>" && present:
				return fmt.Sprintf("%s.%s is %v, want absent", at, name, inner)
			case value == "<absent>":
			case !present:
				return fmt.Sprintf("%s.%s is absent, want %v", at, name, value)
			default:
				if d := differs(at+"."+name, value, inner); d != "" {
					return d
				}
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("%s is %v, want %d items", at, got, len(w))
		}
		for i := range w {
			if d := differs(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); d != "" {
				return d
			}
		}
	default:
		if want != got {
			return fmt.Sprintf("%s is %v, want %v", at, got, want)
		}
	}
	return ""
}

// Lookup is a value inside a decoded JSON body as text; dots lead inward, numbers into arrays. What is not there is <nil>.
func Lookup(v any, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		switch c := v.(type) {
		case map[string]any:
			v = c[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(c) {
				return fmt.Sprint(nil)
			}
			v = c[i]
		}
	}
	return fmt.Sprint(v)
}

func rootKeys(text string) []string {
	dec := json.NewDecoder(strings.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return nil
	}
	var keys []string
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil
		}
		keys = append(keys, fmt.Sprint(name))
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return nil
		}
	}
	return keys
}
