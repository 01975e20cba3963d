package rest

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// thing has every kind of property that Apply tells apart.
type thing struct {
	Name             string            `json:"name"`
	Note             *string           `json:"note,omitzero"`
	List             []string          `json:"list,omitzero"`
	Lifetime         int               `json:"lifetime"`
	ClientMetadata   map[string]string `json:"client_metadata,omitzero"`
	Flags            map[string]bool   `json:"flags,omitzero"`
	JWTConfiguration *jwtConfiguration `json:"jwt_configuration,omitzero"`
	Inner            *jwtConfiguration `json:"inner,omitzero"`
	Hidden           string            `json:"-"`
}

type jwtConfiguration struct {
	Alg      string `json:"alg,omitzero"`
	Lifetime *int   `json:"lifetime,omitzero"`
}

func ptr[T any](v T) *T { return &v }

func current() thing {
	return thing{
		Name: "n", Note: ptr("note"), List: []string{"a"}, Lifetime: 7, Hidden: "kept",
		ClientMetadata: map[string]string{"a": "1", "b": "2"}, Flags: map[string]bool{"x": true},
		JWTConfiguration: &jwtConfiguration{Alg: "RS256", Lifetime: ptr(5)}, Inner: &jwtConfiguration{Alg: "RS256", Lifetime: ptr(5)},
	}
}

func TestPatchApply(t *testing.T) {
	tests := []struct {
		rule, patch string
		want        func(*thing)
	}{
		{"nothing sent -> nothing changes", `{}`, func(*thing) {}},
		{"a root property replaces", `{"name":"m","list":["b","c"]}`, func(w *thing) { w.Name, w.List = "m", []string{"b", "c"} }},
		{"an empty list is a value", `{"list":[]}`, func(w *thing) { w.List = []string{} }},
		{"null removes", `{"note":null,"list":null}`, func(w *thing) { w.Note, w.List = nil, nil }},
		{"null resets to the default", `{"lifetime":null}`, func(w *thing) { w.Lifetime = 86400 }},
		{"*_metadata merges, null removes the key", `{"client_metadata":{"b":null,"c":"3"}}`,
			func(w *thing) { w.ClientMetadata = map[string]string{"a": "1", "c": "3"} }},
		{"flags merge", `{"flags":{"y":false}}`, func(w *thing) { w.Flags = map[string]bool{"x": true, "y": false} }},
		{"jwt_configuration merges", `{"jwt_configuration":{"alg":"PS256"}}`, func(w *thing) { w.JWTConfiguration.Alg = "PS256" }},
		{"null inside a merged property removes", `{"jwt_configuration":{"alg":null}}`, func(w *thing) { w.JWTConfiguration.Alg = "" }},
		{"null for a merged property removes it whole", `{"client_metadata":null}`, func(w *thing) { w.ClientMetadata = nil }},
		{"another object is replaced, not merged", `{"inner":{"alg":"PS256"}}`, func(w *thing) { w.Inner = &jwtConfiguration{Alg: "PS256"} }},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			var p Patch[thing]
			if err := json.Unmarshal([]byte(tt.patch), &p); err != nil {
				t.Fatal(err)
			}
			old, want := current(), current()
			tt.want(&want)
			got, err := p.Apply(old, thing{Lifetime: 86400})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(current(), old); d != "" {
				t.Errorf("the argument was changed: %s", d)
			}
		})
	}
}

func TestPatchRenamed(t *testing.T) {
	for sent, want := range map[string]string{
		`{"remark":"new"}`:              `{"note":"new"}`,
		`{"remark":null}`:               `{"note":null}`,
		`{"remark":"old","note":"new"}`: `{"note":"new"}`,
		`{"name":"n"}`:                  `{"name":"n"}`,
	} {
		var p Patch[thing]
		if err := json.Unmarshal([]byte(sent), &p); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Renamed("remark", "note").MarshalJSON(); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v; want %s", sent, got, err, want)
		}
	}
}

func TestPatchMergesOntoNothing(t *testing.T) {
	var p Patch[thing]
	if err := json.Unmarshal([]byte(`{"client_metadata":{"a":"1","b":null}}`), &p); err != nil {
		t.Fatal(err)
	}
	got, err := p.Apply(thing{}, thing{})
	if d := cmp.Diff(map[string]string{"a": "1"}, got.ClientMetadata); d != "" || err != nil {
		t.Error(d, err)
	}
}

// What Apply returns shares nothing writable with what it was given.
func TestPatchSharesNothing(t *testing.T) {
	old := current()
	got, err := Patch[thing]{}.Apply(old, thing{})
	if err != nil {
		t.Fatal(err)
	}
	got.List[0], got.ClientMetadata["a"], *got.Note, got.JWTConfiguration.Alg = "z", "z", "z", "z"
	if d := cmp.Diff(current(), old); d != "" {
		t.Error(d)
	}
}

func TestPatchTellsWhatWasSent(t *testing.T) {
	var p Patch[thing]
	if err := json.Unmarshal([]byte(`{"name":"x","note":null}`), &p); err != nil {
		t.Fatal(err)
	}
	if !p.Has("name") || !p.Has("note") || p.Has("list") || !p.Null("note") || p.Null("name") || p.Null("list") {
		t.Error("Has or Null")
	}
	if !p.HasOther("name") || p.HasOther("name", "note") {
		t.Error("HasOther")
	}
}

// Whatever a caller sends: no panic, and a second application of the same patch changes nothing more.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{`{}`, `{"name":"x"}`, `{"flags":{"x":null}}`, `{"client_metadata":{"a":null}}`, `{"jwt_configuration":null}`,
		`{"list":[]}`, `{"Name":"x"}`, `{"flags":[]}`, `null`, `[]`, `{"lifetime":1e9}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p Patch[thing]
		if json.Unmarshal([]byte(text), &p) != nil {
			return
		}
		once, err := p.Apply(current(), thing{})
		if err != nil {
			return
		}
		if once.Hidden != "kept" {
			t.Errorf("a hidden field changed: %q", once.Hidden)
		}
		twice, err := p.Apply(once, thing{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(once, twice); d != "" {
			t.Error(d)
		}
	})
}
