package rest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// OpenAPI is the document (version 3.1) of a route table, indented, with members in alphabetical order: the same table always
// gives the same text.
func OpenAPI(title, version, prefix string, routes []Route, schemas Schemas) ([]byte, error) {
	paths := map[string]map[string]any{}
	used := map[string]json.RawMessage{"error": json.RawMessage(errorSchema)}
	for i := range routes {
		route := &routes[i]
		at := prefix + route.Pattern
		if paths[at] == nil {
			paths[at] = map[string]any{}
		}
		paths[at][strings.ToLower(route.Method)] = operation(route)
		if route.Schema != "" {
			used[route.Schema] = schemas[route.Schema].document
		}
	}
	return json.MarshalIndent(map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": title, "version": version},
		"paths":   paths,
		"components": map[string]any{
			"schemas":         used,
			"securitySchemes": map[string]any{"bearer": map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
		},
	}, "", "  ")
}

const errorSchema = `{"type":"object","required":["statusCode","error","message"],"properties":{
"statusCode":{"type":"integer","description":"The HTTP status."},"error":{"type":"string","description":"The phrase of the HTTP status."},
"message":{"type":"string","description":"What is wrong."},"errorCode":{"type":"string","description":"A word for programs."},
"attributes":{"type":"object","description":"More about a refused token."}}}`

func operation(route *Route) map[string]any {
	responses := map[string]any{
		strconv.Itoa(route.Status): success(route.Status, route.Also),
		"default":                  map[string]any{"description": "A refusal.", "content": jsonContent("error")},
	}
	if route.Creates {
		responses[strconv.Itoa(http.StatusCreated)] = success(http.StatusCreated, route.Also)
	}
	op := map[string]any{
		"operationId": route.operationID(),
		"summary":     route.Summary,
		"tags":        []string{strings.Split(route.Pattern, "/")[1]},
		"responses":   responses,
	}
	if len(route.Scopes) > 0 {
		op["security"] = []any{map[string]any{"bearer": []string{}}}
		op["x-scopes-any-of"] = route.Scopes
	}
	if params := parameters(route.Handler.binding.params); len(params) > 0 {
		op["parameters"] = params
	}
	if route.Schema != "" {
		op["requestBody"] = map[string]any{"required": true, "content": jsonContent(route.Schema)}
	}
	return op
}

func success(status int, also string) map[string]any {
	answer := map[string]any{"description": http.StatusText(status)}
	if status == http.StatusNoContent {
		return answer
	}
	content := map[string]any{"application/json": map[string]any{}}
	if also != "" {
		content[also] = map[string]any{}
	}
	answer["content"] = content
	return answer
}

func jsonContent(schema string) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/" + schema}}}
}

func parameters(params []param) []any {
	var all []any
	for _, p := range params {
		schema := map[string]any{"type": p.typeName()}
		values := schema
		if p.typeName() == "array" {
			values = map[string]any{"type": "string"}
			schema["items"] = values
		}
		if p.min != nil {
			schema["minimum"] = *p.min
		}
		if p.max != nil {
			schema["maximum"] = *p.max
		}
		if p.maxItems > 0 {
			schema["maxItems"] = p.maxItems
		}
		if len(p.enum) > 0 {
			values["enum"] = p.enum
		}
		parameter := map[string]any{"in": p.in, "name": p.name, "description": p.doc, "required": p.in == "path", "schema": schema}
		if p.pattern != nil {
			schema["pattern"] = p.pattern.String()
		}
		if p.sep != "" {
			parameter["style"], parameter["explode"] = "form", false
		}
		all = append(all, parameter)
	}
	return all
}
