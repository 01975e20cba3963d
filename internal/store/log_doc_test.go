package store

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

// Every field of a record, whatever is added to it, is stored as encoding/json would store it, and is left out where it would be.
func TestRecordDocIsThatOfTheStruct(t *testing.T) {
	full := tenant.LogEvent{
		Date: time.Date(2026, 11, 23, 12, 0, 0, 120_000_000, time.UTC), Details: json.RawMessage(`{"a":["\"é",1]}`),
		References: &tenant.LogReferences{TraceID: "t", CorrelationID: "c"}, IsMobile: true, ForManagementAPI: true,
	}
	v := reflect.ValueOf(&full).Elem()
	for i := range v.NumField() {
		field, text := v.Field(i), v.Type().Field(i).Name+" \"<&>\\\b\n\x1f\x7f é 𝄞"
		switch {
		case field.Type() == reflect.TypeFor[string]():
			field.SetString(text)
		case field.Type() == reflect.TypeFor[*string]():
			field.Set(reflect.ValueOf(&text))
		case field.IsZero():
			t.Errorf("this test does not know how to fill %s", v.Type().Field(i).Name)
		}
	}
	for rule, e := range map[string]tenant.LogEvent{
		"full": full, "empty": {},
		"one reference":   {References: &tenant.LogReferences{CorrelationID: "c"}},
		"other reference": {References: &tenant.LogReferences{TraceID: "t"}},
		"no reference":    {References: &tenant.LogReferences{}},
	} {
		want, err := encodeDoc(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := recordDoc(&e)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(members(t, want), members(t, got)); d != "" {
			t.Errorf("%s: %s", rule, d)
		}
	}
}

// members are the keys of a document in their order, with their decoded values.
func members(t *testing.T, doc string) (all []any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(doc))
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		all = append(all, token)
	}
	return all
}

func TestRecordDocHoldsOnlyWhatDatabasesTake(t *testing.T) {
	for _, test := range []struct{ rule, details, want string }{
		{"escapes of texts stay", `{"a":"\u00e9\ud834\udd1e\n\\"}`, `{"a":"\u00e9\ud834\udd1e\n\\"}`},
		{"NUL goes", `{"a\u0000":"b\u0000c"}`, `{"a":"bc"}`},
		{"an escaped backslash begins no escape", `"\\u0000 \\\u0000"`, `"\\u0000 \\"`},
		{"the second half of a pair alone goes", `"\udd1e!"`, `"!"`},
		{"the first half of a pair alone goes", `"\ud834!"`, `"!"`},
		{"two first halves go", `"\ud834\ud834"`, `""`},
		{"a first half before a whole pair goes", `"\ud834\ud834\udd1e"`, `"\ud834\udd1e"`},
		{"what is no UTF-8 goes", "\"a\xffb\"", `"ab"`},
	} {
		doc, err := recordDoc(&tenant.LogEvent{Details: json.RawMessage(test.details)})
		if err != nil || !strings.Contains(doc, `"details":`+test.want+`,`) {
			t.Errorf("%s: %s, %v; want %s", test.rule, doc, err, test.want)
		}
	}
	if doc, err := recordDoc(&tenant.LogEvent{IP: "a\x00b\xffc\xe2\x82"}); err != nil || !strings.Contains(doc, `"ip":"abc"`) {
		t.Errorf("a text without what cannot be stored: %s, %v", doc, err)
	}
	if doc, err := recordDoc(&tenant.LogEvent{Details: json.RawMessage(`{`)}); err == nil {
		t.Errorf("details that are no JSON: %s", doc)
	}
}

// Whatever a caller sends, a document is JSON and gives back the texts without what cannot be stored.
func FuzzRecordDoc(f *testing.F) {
	f.Add("plain", `{}`)
	f.Add("\x00\xff\"\\\n é", `{"a":"\ud834\u0000\\"}`)
	f.Fuzz(func(t *testing.T, text, details string) {
		e := tenant.LogEvent{UserAgent: text, Details: json.RawMessage(details)}
		doc, err := recordDoc(&e)
		if err != nil {
			return
		}
		var got tenant.LogEvent
		if err := decodeDoc(doc, &got); err != nil {
			t.Fatalf("%v in %q", err, doc)
		}
		if got.UserAgent != storable(text) {
			t.Errorf("%q is read back as %q", text, got.UserAgent)
		}
		if strings.ContainsRune(doc, 0) {
			t.Errorf("NUL in %q", doc)
		}
	})
}
