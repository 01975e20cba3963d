package mgmt

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

type schema struct {
	Type                 any               `json:"type"`
	Description          string            `json:"description"`
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties any               `json:"additionalProperties"`
	Items                *schema           `json:"items"`
	Enum                 []any             `json:"enum"`
	Required             []string          `json:"required"`
	Minimum, Maximum     *float64
	MinLength            int
	Format               string
}

func (s schema) is(kind string) bool {
	list, _ := s.Type.([]any)
	return s.Type == kind || slices.Contains(list, any(kind))
}

func loadSchemas(t *testing.T) map[string]schema {
	t.Helper()
	names, err := fs.Glob(schemaFiles, "schemas/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	all := map[string]schema{}
	for _, name := range names {
		text, err := schemaFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var s schema
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(name, err)
		}
		all[strings.TrimSuffix(strings.TrimPrefix(name, "schemas/"), ".json")] = s
	}
	return all
}

// Messages print descriptions, so every property has one; numbers are bounded, so that what passes also decodes; objects are closed.
func TestSchemasAreClosedBoundedAndDescribed(t *testing.T) {
	for name, root := range loadSchemas(t) {
		if root.AdditionalProperties != false {
			t.Errorf("%s is not closed", name)
		}
		walk(name, root, func(at string, s schema) {
			if s.Description == "" {
				t.Errorf("%s has no description", at)
			}
			if (s.is("integer") || s.is("number")) && (s.Minimum == nil || s.Maximum == nil) {
				t.Errorf("%s has no bounds", at)
			}
			if len(s.Properties) > 0 && s.AdditionalProperties != false && !strings.Contains(at, "authorization_details") {
				t.Errorf("%s is not closed", at)
			}
		})
	}
}

func walk(at string, s schema, visit func(string, schema)) {
	visit(at, s)
	for name, p := range s.Properties {
		walk(at+"."+name, p, visit)
	}
}

// sample makes a value that the schema takes.
func sample(s schema) any {
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.is("boolean"):
		return true
	case s.is("integer"):
		return *s.Maximum
	case s.is("number"):
		return *s.Minimum + 0.5
	case s.is("array"):
		item := any("x")
		if s.Items != nil {
			item = sample(*s.Items)
		}
		return []any{item}
	case s.is("object"):
		o := map[string]any{}
		for name, p := range s.Properties {
			o[name] = sample(p)
		}
		return o
	case strings.HasPrefix(s.Format, "absolute"):
		return "https://x.example"
	}
	return strings.Repeat("x", max(s.MinLength, 2))
}

// What a schema lets through must decode: every property of every schema, one at a time, as a value and as null.
func TestWhatSchemasPassDecodes(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	_, made := e.ask(acme, token, "POST", "/clients", `{"name":"x"}`)
	client := e.property(made, "client_id")
	e.ask(acme, token, "POST", "/resource-servers", `{"identifier":"urn:x","scopes":[{"value":"xx"}]}`)
	_, made = e.ask(acme, token, "POST", "/client-grants", fmt.Sprintf(`{"client_id":%q,"audience":"urn:x","scope":[]}`, client))
	_, found := e.ask(acme, token, "GET", "/clients?is_global=true", "")
	targets := map[string][2]string{
		"clients.global.patch": {"PATCH", "/clients/" + e.property(found, "0.client_id")},
		"clients.post":         {"POST", "/clients"}, "clients.patch": {"PATCH", "/clients/" + client},
		"resource_servers.post": {"POST", "/resource-servers"}, "resource_servers.patch": {"PATCH", "/resource-servers/urn:x"},
		"client_grants.post": {"POST", "/client-grants"}, "client_grants.patch": {"PATCH", "/client-grants/" + e.property(made, "id")},
		"tenant_settings.patch":         {"PATCH", "/tenants/settings"},
		"resource_servers.system.patch": {"PATCH", "/resource-servers/https:%2F%2Facme.localhost:8443%2Fapi%2Fv2%2F"},
	}
	kept := 0
	for name, root := range loadSchemas(t) {
		method, path := targets[name][0], targets[name][1]
		for _, property := range slices.Sorted(maps.Keys(root.Properties)) {
			for _, value := range []any{sample(root.Properties[property]), nil} {
				body := map[string]any{}
				for _, required := range root.Required {
					body[required] = fmt.Sprintf("urn:%s:%s:%v", name, property, value == nil)
				}
				body[property] = value
				text, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				status, answer := e.ask(acme, token, method, path, string(text))
				if status >= 500 {
					t.Errorf("%s %s %s: %d %s", method, path, text, status, answer)
				}
				if status < 300 && value != nil && property != "verification_location" {
					kept++
					if !strings.Contains(answer, `"`+property+`":`) {
						t.Errorf("%s %s %s: accepted, and not kept: %s", method, path, text, answer)
					}
				}
			}
		}
	}
	if kept < 100 {
		t.Errorf("only %d properties were accepted", kept)
	}
	if e.log.Len() > 0 {
		t.Error(e.log.String())
	}
}
