package mgmt

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

// The scripts in testdata are the readable specification of the API. Each starts on a fresh store:
//
//	# why
//	>>> POST /clients                     a request; below it, optionally:
//	scopes: create:clients                the token's scopes (default: all)
//	token: none                           no token, or a literal one
//	type: text/plain                      Content-Type (default: application/json)
//	{"name": "x"}                         the body
//	<<< 201                               the answer's status; below it, optionally:
//	header: Cache-Control: no-store       a header's value
//	keys: client_id name                  the body's root properties, in this order
//	save: id client_id                    keep a property (dots lead inward) for $id in later lines
//	{"name": "x", "client_id": "<any>"}   a part of the body: arrays whole, objects what is named; "<any>" and "<absent>"
//	+++ 24h                               the clock moves on
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := script{env: newEnv(t), saved: map[string]string{}}
			for _, step := range strings.Split("\n"+string(text), "\n>>> ")[1:] {
				s.line++
				s.run(step)
			}
		})
	}
}

type script struct {
	*env
	saved map[string]string
	line  int // which request, for messages
	step  string
}

func (s *script) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf("request %d (%s): %s", s.line, strings.SplitN(s.step, "\n", 2)[0], fmt.Sprintf(format, args...))
}

func (s *script) run(step string) {
	for name, value := range s.saved {
		step = strings.ReplaceAll(step, "$"+name, value)
	}
	s.step = step
	asked, answered, ok := strings.Cut(step, "\n<<< ")
	if !ok {
		s.t.Fatalf("request %d has no <<<: %s", s.line, step)
	}
	request, body, _ := strings.Cut(asked, "\n")
	method, path, _ := strings.Cut(strings.TrimSpace(request), " ")
	token, header, body := s.directives(body)
	resp := s.do(acme, token, method, path, body, header)
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	s.check(resp, string(text), answered)
}

func (s *script) directives(lines string) (token string, header http.Header, body string) {
	header = http.Header{}
	var rest []string
	token = "all"
	for line := range strings.SplitSeq(lines, "\n") {
		switch name, value, _ := strings.Cut(line, ": "); name {
		case "scopes":
			token = s.token(acme, strings.Fields(value)...)
		case "token":
			token = value
		case "type":
			header.Set("Content-Type", value)
		default:
			if !strings.HasPrefix(line, "#") {
				rest = append(rest, line)
			}
		}
	}
	switch token {
	case "all":
		token = s.token(acme)
	case "none":
		token = ""
	}
	return token, header, strings.TrimSpace(strings.Join(rest, "\n"))
}

func (s *script) check(resp *http.Response, got, want string) {
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
			s.saved[name] = fmt.Sprint(lookup(s.decode(got), path))
		default:
			if after, ok := strings.CutPrefix(line, "+++ "); ok {
				d, err := time.ParseDuration(after)
				if err != nil {
					s.t.Fatal(err)
				}
				s.advance(d)
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

func (s *script) decode(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		s.t.Fatalf("request %d (%s): %v in %s", s.line, s.step, err, text)
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

func lookup(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch c := v.(type) {
		case map[string]any:
			v = c[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(c) {
				return nil
			}
			v = c[i]
		}
	}
	return v
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
