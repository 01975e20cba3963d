package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadBody(t *testing.T) {
	schema := NewSchema("t.json", []byte(`{"type":"object","properties":{"flag":{"type":"boolean"},"n":{"type":["integer","null"]},"list":{"type":"array"},"s":{"type":"string"}}}`))
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		rule, contentType, body string
		status                  int // 0 = read
		text                    string
	}{
		{"JSON", "application/json", ` {"a" : [1, "x", true, null]} `, 0, `{"a":[1,"x",true,null]}`},
		{"JSON with a charset", "application/json; charset=utf-8", `{}`, 0, `{}`},
		{"no content type is JSON", "", `{}`, 0, `{}`},
		{"no body", "application/json", ``, 0, ``},
		{"no body of an unknown type", "text/plain", ``, 0, ``},
		{"whole numbers in any writing", "application/json", `[1.0,1e2,-0,12345678901,1E-999999999]`, 0, `[1,100,0,12345678901,0]`},
		{"fractions", "application/json", `[3.0166666666666666]`, 0, `[3.0166666666666666]`},
		{"members keep their order", "application/json", `{"b":1,"a":{"d":1,"c":2}}`, 0, `{"b":1,"a":{"d":1,"c":2}}`},
		{"characters of HTML stay", "application/json", `"<&>"`, 0, `"<&>"`},
		{"a number beyond all numbers", "application/json", `1e999999999`, 400, ""},
		{"unknown type", "text/plain", `{}`, 415, ""},
		{"broken type", "////", `{}`, 415, ""},
		{"truncated", "application/json", `{"a":`, 400, ""},
		{"another charset (RFC 8259 section 8.1)", "application/json; charset=iso-8859-1", `{}`, 415, ""},
		{"UTF-8 in capitals", `application/json; charset="UTF-8"`, `{}`, 0, `{}`},
		{"a form in another charset", form + "; charset=utf-16", `s=a`, 415, ""},
		{"a lone high surrogate (RFC 8259 section 8.2)", "application/json", `{"a":"\ud800"}`, 400, ""},
		{"a lone low surrogate", "application/json", `{"a":"\uDC00x"}`, 400, ""},
		{"two high surrogates", "application/json", `{"a":"\ud83d\ud83d\ude00"}`, 400, ""},
		{"a lone surrogate behind a pair", "application/json", `{"a":"\ud83d\ude00\ude00"}`, 400, ""},
		{"a lone surrogate in a name", "application/json", `{"\ud800":1}`, 400, ""},
		{"a surrogate pair", "application/json", `{"a":"\ud83d\ude00\\ud800"}`, 0, `{"a":"😀\\ud800"}`},
		{"a replacement character that was sent", "application/json", `{"a":"\ufffd�"}`, 0, `{"a":"��"}`},
		{"an escaped backslash is no escape", "application/json", `{"a":"\\ud800"}`, 0, `{"a":"\\ud800"}`},
		{"two values", "application/json", `{} {}`, 400, ""},
		{"a repeated member", "application/json", `{"a":1,"a":1}`, 400, ""},
		{"a member repeated by an escape", "application/json", `{"a":1,"\u0061":1}`, 400, ""},
		{"a member repeated within", "application/json", `{"x":{"a":1,"a":1}}`, 400, ""},
		{"NUL in a value", "application/json", `{"a":"\u0000"}`, 400, ""},
		{"NUL in a name", "application/json", `{"\u0000":1}`, 400, ""},
		{"invalid UTF-8", "application/json", "{\"a\":\"\xff\"}", 400, ""},
		{"too deep", "application/json", strings.Repeat("[", 65) + strings.Repeat("]", 65), 400, ""},
		{"as deep as may be", "application/json", strings.Repeat("[", 64) + strings.Repeat("]", 64), 0, strings.Repeat("[", 64) + strings.Repeat("]", 64)},
		{"a form", form, `flag=true&n=7&list=a&s=9`, 0, `{"flag":true,"list":["a"],"n":7,"s":"9"}`},
		{"a form's list", form, `list=a&list=b`, 0, `{"list":["a","b"]}`},
		{"a form's odd values stay text", form, `flag=1&n=x`, 0, `{"flag":"1","n":"x"}`},
		{"a form's repeated parameter", form, `s=a&s=b`, 400, ""},
		{"a form's NUL", form, `s=%00`, 400, ""},
		{"a form's invalid UTF-8", form, `s=%ff`, 400, ""},
		{"a broken form", form, `s=%zz`, 400, ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", strings.NewReader(tt.body))
			if tt.contentType != "" {
				r.Header.Set("Content-Type", tt.contentType)
			}
			doc, err := readBody(httptest.NewRecorder(), r, schema)
			if tt.status == 0 {
				if err != nil || string(doc.text) != tt.text {
					t.Errorf("%q, %v", doc.text, err)
				}
				return
			}
			var refusal *Error
			if !errors.As(err, &refusal) || refusal.Status != tt.status || refusal.Code != codeInvalidBody {
				t.Errorf("%v, want %d", err, tt.status)
			}
		})
	}
}

func TestReadBodyRefusesCodings(t *testing.T) {
	for coding, want := range map[string]int{"gzip": http.StatusUnsupportedMediaType, "identity, br": http.StatusUnsupportedMediaType, "Identity": 0, "": 0} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(`{}`))
		r.Header.Set("Content-Encoding", coding)
		status := 0
		if _, err := readBody(httptest.NewRecorder(), r, nil); err != nil {
			status = AsError(err).Status
		}
		if status != want {
			t.Errorf("%q: %d, want %d", coding, status, want)
		}
	}
}

func TestReadBodyLimit(t *testing.T) {
	for size, want := range map[int]int{MaxBody: 0, MaxBody + 1: http.StatusRequestEntityTooLarge} {
		body := `"` + strings.Repeat("x", size-2) + `"`
		_, err := readBody(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(body)), nil)
		status := 0
		if err != nil {
			status = AsError(err).Status
		}
		if status != want {
			t.Errorf("%d bytes: %d, want %d", size, status, want)
		}
	}
}

// What is read is JSON in normal form: reading it again gives the same text and tree.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1.50,-0,1e3,"\u00e9",null]}`, `{"a":1,"a":2}`, `"\ud800"`, `[[[`, `1e400`, "\xff", `{"":""}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := parseJSON(raw)
		if err != nil {
			if AsError(err).Status != http.StatusBadRequest {
				t.Fatal(err)
			}
			return
		}
		if !json.Valid(raw) || !json.Valid(doc.text) || !utf8.Valid(doc.text) {
			t.Fatalf("%q was read as %q", raw, doc.text)
		}
		spelt := bytes.Contains(raw, []byte("\uFFFD")) || bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`))
		if bytes.Contains(doc.text, []byte("\uFFFD")) && !spelt {
			t.Fatalf("%q was read as %q", raw, doc.text)
		}
		again, err := parseJSON(doc.text)
		if err != nil || string(again.text) != string(doc.text) {
			t.Fatalf("%q became %q, %v", doc.text, again.text, err)
		}
	})
}
