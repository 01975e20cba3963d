package rest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestErrorEnvelope(t *testing.T) {
	cause := errors.New("private cause")
	tests := []struct {
		err  error
		want string
	}{
		{UnknownRoute(), `{"statusCode":404,"error":"Not Found","message":"Not Found"}`},
		{NotFound("m", "c"), `{"statusCode":404,"error":"Not Found","message":"m","errorCode":"c"}`},
		{Conflict("a %s", "b"), `{"statusCode":409,"error":"Conflict","message":"a b"}`},
		{MissingAuthentication(), `{"statusCode":401,"error":"Unauthorized","message":"Missing authentication"}`},
		{BadAuthorizationHeader(), `{"statusCode":400,"error":"Bad Request","message":"Bad HTTP authentication header format","errorCode":"Bearer"}`},
		{InvalidToken(cause), `{"statusCode":401,"error":"Unauthorized","message":"Invalid token","attributes":{"error":"Invalid token"}}`},
		{InvalidSignature(cause), `{"statusCode":401,"error":"Unauthorized","message":"Invalid signature received for JSON Web Token validation","attributes":{"error":"Invalid signature received for JSON Web Token validation"}}`},
		{ExpiredToken(cause), `{"statusCode":401,"error":"Unauthorized","message":"Expired token received for JSON Web Token validation","attributes":{"error":"Expired token received for JSON Web Token validation"}}`},
		{BadAudience("https://d/api/v2/"), `{"statusCode":401,"error":"Unauthorized","message":"Bad audience: https://d/api/v2/"}`},
		{InsufficientScope("a", "b"), `{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: a, b","errorCode":"insufficient_scope"}`},
		{ForbiddenFields([]string{"a"}), `{"statusCode":403,"error":"Forbidden","message":"Some fields cannot be read with the permissions granted by the bearer token scopes: a","errorCode":"insufficient_scope"}`},
		{InvalidBody("m"), `{"statusCode":400,"error":"Bad Request","message":"m","errorCode":"invalid_body"}`},
		{InvalidQuery("m"), `{"statusCode":400,"error":"Bad Request","message":"m","errorCode":"invalid_query_string"}`},
		{pathError("d", "id", "doc"), `{"statusCode":400,"error":"Bad Request","message":"Path validation error: 'd' on property id (doc).","errorCode":"invalid_uri"}`},
		{queryError("d", "q", "doc"), `{"statusCode":400,"error":"Bad Request","message":"Query validation error: 'd' on property q (doc).","errorCode":"invalid_query_string"}`},
		{MediaType("x"), `{"statusCode":415,"error":"Unsupported Media Type","message":"Unsupported content type \"x\": send application/json or application/x-www-form-urlencoded","errorCode":"invalid_body"}`},
		{ContentCoding("gzip"), `{"statusCode":415,"error":"Unsupported Media Type","message":"Unsupported content encoding \"gzip\": send the body as it is","errorCode":"invalid_body"}`},
		{TooLarge(5), `{"statusCode":413,"error":"Request Entity Too Large","message":"Payload content length greater than maximum allowed: 5","errorCode":"invalid_body"}`},
		{TooManyRequests(limit.Verdict{}), `{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}`},
		{URITooLong("m"), `{"statusCode":414,"error":"Request-URI Too Large","message":"m"}`},
		{tenant.ErrUnavailable, `{"statusCode":503,"error":"Service Unavailable","message":"The server cannot reach its store right now. Nothing was changed; retry later."}`},
		{&tenant.FieldError{Field: "f", Message: "m"}, `{"statusCode":400,"error":"Bad Request","message":"m","errorCode":"invalid_body"}`},
		{cause, `{"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"}`},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		WriteError(w, AsError(tt.err))
		if got := w.Body.String(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
		if strings.Contains(w.Body.String(), cause.Error()) {
			t.Errorf("the cause of %v is public", tt.err)
		}
		if w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("Cache-Control") != "no-store" {
			t.Error(w.Header())
		}
	}
}

func TestSchemaTexts(t *testing.T) {
	schema := NewSchema("t.json", []byte(`{"type":"object","additionalProperties":false,"minProperties":1,"required":["a"],"description":"root","properties":{
		"a":{"type":["string","null"],"minLength":1,"maxLength":3,"description":"The a."},"e":{"enum":["x","y",null],"description":"The e."},
		"l":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"type":"object","required":["v"],"properties":{"v":{"type":"integer","minimum":1,"maximum":9,"description":"The v."}}}},
		"m":{"type":"object","maxProperties":1,"minProperties":1,"additionalProperties":{"type":"string","description":"A value."},"description":"The m."},
		"n":{"type":"number","description":"The n."},"o":{"oneOf":[{"type":"string"},{"type":"integer"}],"description":"The o."},
		"u":{"format":"absolute-uri-or-empty","description":"The u."},"p":{"pattern":"^[^<>]+$"}}}`))
	const also = " (also) Payload validation error: "
	tests := []struct{ body, want string }{
		{``, `'Expected type object but found type null'.`},
		{`[]`, `'Expected type object but found type array'.`},
		{`{}`, `'Missing required property: a'.` + also + `'Too few properties defined (0), minimum 1'.`},
		{`{"z":1,"y":1,"a":5}`, `'Additional properties not allowed: y,z'.` + also + `'Expected type string,null but found type integer' on property a (The a.).`},
		{`{"z":1}`, `'Missing required property: a'.` + also + `'Additional properties not allowed: z'.`},
		{`{"a":5}`, `'Expected type string,null but found type integer' on property a (The a.).`},
		{`{"a":5.5}`, `'Expected type string,null but found type number' on property a (The a.).`},
		{`{"a":""}`, `'String is too short (0 chars), minimum 1' on property a (The a.).`},
		{`{"a":"äöüß"}`, `'String is too long (4 chars), maximum 3' on property a (The a.).`},
		{`{"a":"x","e":"passkeys"}`, `'Invalid value "passkeys"' on property e (The e.).`},
		{`{"a":"x","l":[]}`, `'Array is too short (0), minimum 1' on property l.`},
		{`{"a":"x","l":[{"v":1},{"v":2},{"v":3}]}`, `'Array is too long (3), maximum 2' on property l.`},
		{`{"a":"x","l":[{"v":1},{"v":1}]}`, `'Array items are not unique (indexes 0 and 1)' on property l.`},
		{`{"a":"x","l":[{"v":1},{}]}`, `'Missing required property: v' on property l[1].`},
		{`{"a":"x","l":[{"v":0}]}`, `'Value 0 is less than minimum 1' on property l[0].v (The v.).`},
		{`{"a":"x","l":[{"v":10}]}`, `'Value 10 is greater than maximum 9' on property l[0].v (The v.).`},
		{`{"a":"x","l":[{"v":1.5}]}`, `'Expected type integer but found type number' on property l[0].v (The v.).`},
		{`{"a":"x","m":{}}`, `'Too few properties defined (0), minimum 1' on property m (The m.).`},
		{`{"a":"x","m":{"a":"","b":""}}`, `'Too many properties defined (2), maximum 1' on property m (The m.).`},
		{`{"a":"x","m":{"k":null}}`, `'Expected type string but found type null' on property m.k (A value.).`},
		{`{"a":"x","n":"5"}`, `'Expected type number but found type string' on property n (The n.).`},
		{`{"a":"x","o":true}`, `'Data does not match any schemas from 'oneOf'' on property o (The o.).`},
		{`{"a":"x","u":"nowhere"}`, `'Object didn't pass validation for format absolute-uri-or-empty: nowhere' on property u (The u.).`},
		{`{"a":"x","p":"<"}`, `'String does not match pattern ^[^<>]+$: <' on property p.`},
		{`{"a":"x","m":{"k":"v"},"l":[{"v":1.0}],"u":"","e":null,"o":1,"n":0.5,"p":"x"}`, ``},
	}
	for _, tt := range tests {
		err := schema.Validate(json.RawMessage(tt.body))
		switch {
		case tt.want == "" && err == nil:
		case tt.want == "" || err == nil:
			t.Errorf("%s: %v", tt.body, err)
		case AsError(err).Message != "Payload validation error: "+tt.want:
			t.Errorf("%s:\ngot  %s\nwant Payload validation error: %s", tt.body, AsError(err).Message, tt.want)
		}
	}
}

// Faults come in the order of the schema's properties, whatever order maps have today; a wrong type silences what follows from it.
func TestFaultsAreOrdered(t *testing.T) {
	schema := NewSchema("t.json", []byte(`{"required":["z","y"],"additionalProperties":false,"properties":{"z":{},"y":{},
		"b":{"type":"string","enum":["x"]},"a":{"properties":{"d":{"type":"string"},"c":{"maxLength":1,"pattern":"x"}},"additionalProperties":{"type":"null"}},
		"l":{"items":{"required":["v"],"properties":{"w":{"type":"null"},"v":{"type":"string"}}}},"any":true}}`))
	const body = `{"l":[0,{"v":1,"w":1},2,3,4,5,6,7,8,9,{"v":1}],"a":{"k":1,"jj":1,"c":"zz","d":1},"b":1,"u":1,"any":1}`
	want := []string{
		"'Missing required property: z'.", "'Missing required property: y'.", "'Additional properties not allowed: u'.",
		"'Expected type string but found type integer' on property b.", "'Expected type string but found type integer' on property a.d.",
		"'String is too long (2 chars), maximum 1' on property a.c.", "'String does not match pattern x: zz' on property a.c.",
		"'Expected type null but found type integer' on property a.k.", "'Expected type null but found type integer' on property a.jj.",
		"'Expected type null but found type integer' on property l[1].w.", // the tenth is the last that is told
	}
	for range 50 {
		text := strings.TrimPrefix(AsError(schema.Validate(json.RawMessage(body))).Message, "Payload validation error: ")
		if d := cmp.Diff(want, strings.Split(text, " (also) Payload validation error: ")); d != "" {
			t.Fatal(d)
		}
	}
	text := AsError(schema.Validate(json.RawMessage(`{"z":1,"y":1,"l":[{"v":"","w":1},1,2,3,4,5,6,7,8,9,{"v":1},{}]}`))).Message
	if !regexp.MustCompile(`l\[0\]\.w.* l\[10\]\.v.* l\[11\]\.$`).MatchString(text) {
		t.Error(text)
	}
}

func TestLists(t *testing.T) {
	one, err := NewObject(map[string]int{"a": 1})
	if err != nil {
		t.Fatal(err)
	}
	items := []Object{one}
	tests := []struct {
		rule string
		list List
		want string
	}{
		{"bare", NumberedList("k", items, Paging{}, 9), `[{"a":1}]`},
		{"bare and empty", NumberedList("k", nil, Paging{}, 0), `[]`},
		{"totals", NumberedList("k", items, Paging{Page: 2, PerPage: ptr(10), IncludeTotals: true}, 21), `{"total":21,"start":20,"limit":10,"k":[{"a":1}]}`},
		{"totals of the log", NumberedList("k", items, Paging{IncludeTotals: true}, 1).WithLength(), `{"start":0,"limit":50,"length":1,"total":1,"k":[{"a":1}]}`},
		{"checkpoint", CheckpointList("k", items, "n"), `{"k":[{"a":1}],"next":"n"}`},
		{"the last checkpoint has no next", CheckpointList("k", nil, ""), `{"k":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := json.Marshal(tt.list)
			if err != nil || string(got) != tt.want {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
}

func TestCursor(t *testing.T) {
	cursor := EncodeCursor("acme/clients", "0.17.abc")
	if got, err := DecodeCursor("acme/clients", cursor); err != nil || got != "0.17.abc" {
		t.Fatal(got, err)
	}
	for rule, bad := range map[string][2]string{
		"another list":   {"acme/client_grants", cursor},
		"another tenant": {"other/clients", cursor},
		"changed":        {"acme/clients", "A" + cursor[1:]},
		"cut":            {"acme/clients", cursor[:len(cursor)-1]},
		"longer":         {"acme/clients", cursor + "AAAA"},
		"no base64":      {"acme/clients", "***"},
		"empty":          {"acme/clients", ""},
	} {
		if got, err := DecodeCursor(bad[0], bad[1]); err == nil || AsError(err).Code != codeInvalidQueryString {
			t.Errorf("%s: %q, %v", rule, got, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("0.17.abc")
	f.Add(EncodeCursor("l", "x"))
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := DecodeCursor("l", EncodeCursor("l", text)); err != nil || got != text {
			t.Fatal(got, err)
		}
		if position, err := DecodeCursor("l", text); err == nil && EncodeCursor("l", position) != text {
			t.Fatalf("%q has two forms", position)
		}
	})
}

// params is an input with every kind of parameter.
type params struct {
	Caller
	Paging
	Checkpoint
	Fields
	ID   string   `path:"id" doc:"The id."`
	Kind string   `query:"kind" enum:"a b" doc:"The kind."`
	Many []string `query:"many" maxItems:"2" doc:"Many."`
	Yes  *bool    `query:"yes" doc:"Yes."`
}

func bindParams(b binding, query, id string) (params, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return params{}, err
	}
	var in params
	caller := Caller{Principal: Principal{ClientID: "me"}, Operation: Operation{Query: values}}
	return in, b.fill(reflect.ValueOf(&in), caller, func(string) string { return id })
}

func TestBind(t *testing.T) {
	b := bindingOf(reflect.TypeFor[params]())
	in, err := bindParams(b, "page=3&per_page=7&include_totals=true&fields=a,+b,,&include_fields=false&kind=b&many=x&many=y&yes=true&unknown=1&unknown=2", "i d")
	if err != nil {
		t.Fatal(err)
	}
	want := params{
		Paging: Paging{Page: 3, PerPage: ptr(7), IncludeTotals: true}, Fields: Fields{Names: []string{"a", "b"}, Include: ptr(false)},
		ID: "i d", Kind: "b", Many: []string{"x", "y"}, Yes: ptr(true),
	}
	if in.Principal.ClientID != "me" {
		t.Error("the caller was not filled in")
	}
	in.Caller = Caller{}
	if d := cmp.Diff(want, in, cmpopts.EquateComparable(netip.Addr{})); d != "" {
		t.Error(d)
	}
	for query, want := range map[string]string{
		"take=":                "Query validation error: 'Expected type integer but found type string' on property take (Number of results per page. Defaults to 50.).",
		"from=&from=a":         "Query validation error: 'Expected type string but found type array' on property from (Optional Id from which to start selection.).",
		"kind=c":               `Query validation error: 'Invalid value "c"' on property kind (The kind.).`,
		"many=1&many=2&many=3": "Query validation error: 'Array is too long (3), maximum 2' on property many (Many.).",
		"yes=1":                "Query validation error: 'Expected type boolean but found type string' on property yes (Yes.).",
		"kind=a&kind=b":        "Query validation error: 'Expected type string but found type array' on property kind (The kind.).",
		"kind=%00":             "Query validation error: 'Object didn't pass validation for format text' on property kind (The kind.).",
		"kind=%ff":             "Query validation error: 'Object didn't pass validation for format text' on property kind (The kind.).",
	} {
		if _, err := bindParams(b, query, "x"); err == nil || AsError(err).Message != want {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := bindParams(b, "", "a\x00"); err == nil || AsError(err).Code != codeInvalidURI {
		t.Errorf("NUL in a path: %v", err)
	}
	if in, err := bindParams(b, "kind=&page=", "x"); err != nil || in.Kind != "" || in.Wanted() {
		t.Errorf("an empty parameter is none: %v", err)
	}
	if in, err := bindParams(b, "from=", "x"); err != nil || !in.Wanted() || in.Position() != "" {
		t.Errorf("an empty from is the beginning: %+v, %v", in.Checkpoint, err)
	}
}

// No query string makes anything but a value within its bounds or a 400.
func FuzzPaging(f *testing.F) {
	for _, seed := range []string{"page=1", "per_page=100", "page=-1", "page=99999999999999999999", "take=0", "fields=,,", "page=1&page=2", "per_page=%31", "from=", "take=&from=x"} {
		f.Add(seed)
	}
	b := bindingOf(reflect.TypeFor[params]())
	f.Fuzz(func(t *testing.T, query string) {
		in, err := bindParams(b, query, "x")
		var refusal *Error
		switch {
		case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest, err != nil && !errors.As(err, &refusal):
		case err != nil:
			t.Fatal(err)
		case in.Page < 0 || in.Paging.Limit() < 0 || in.Paging.Limit() > 100 || in.Offset() < 0:
			t.Fatalf("%+v", in.Paging)
		case in.Checkpoint.Limit() < 1 || in.Checkpoint.Limit() > 100:
			t.Fatalf("%+v", in.Checkpoint)
		}
	})
}

func TestObject(t *testing.T) {
	o, err := NewObject(struct {
		B int    `json:"b"`
		A string `json:"a"`
	}{1, "<"})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.InsertAfter("b", "c", []int{1}); err != nil {
		t.Fatal(err)
	}
	if err := o.InsertAfter("none", "d", nil); err != nil {
		t.Fatal(err)
	}
	o.Remove("nothing")
	if got, _ := marshal(o); string(got) != `{"b":1,"c":[1],"a":"<","d":null}` {
		t.Error(string(got))
	}
	Fields{Names: []string{"a", "c", "z"}}.Select(&o)
	if got, _ := marshal(o); string(got) != `{"c":[1],"a":"<"}` {
		t.Error(string(got))
	}
	Fields{Names: []string{"a"}, Include: ptr(false)}.Select(&o)
	if got, _ := marshal(o); string(got) != `{"c":[1]}` {
		t.Error(string(got))
	}
	odd, err := NewObject(map[string]any{`a"\{,:`: `}],"\`, "b": []any{map[string]any{"c": "]"}, 1.5, nil}, "": map[string]any{}, "é": true})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := marshal(odd); string(got) != `{"":{},"a\"\\{,:":"}],\"\\","b":[{"c":"]"},1.5,null],"é":true}` {
		t.Error(string(got))
	}
	odd.Remove("é", `a"\{,:`)
	if got, _ := marshal(odd); string(got) != `{"":{},"b":[{"c":"]"},1.5,null]}` || string(odd.Get("b")) != `[{"c":"]"},1.5,null]` {
		t.Errorf("names with escapes: %s", got)
	}
	if empty, err := NewObject(struct{}{}); err != nil || len(empty.members) != 0 {
		t.Error(empty, err)
	}
	if _, err := NewObject([]int{}); err == nil {
		t.Error("an array is no object")
	}
}

// testRouter has one route that does as its function says.
func testRouter(t *testing.T, log io.Writer, fn func(context.Context, struct{}) (any, error)) *Router {
	t.Helper()
	rt, err := NewRouter(Config{
		Prefix: "/p", Schemas: Schemas{}, Logger: slog.New(slog.NewTextHandler(log, nil)),
		Routes:       []Route{{Method: "GET", Pattern: "/x/{id}", Status: 200, Handler: Do(fn)}, {Method: "DELETE", Pattern: "/x/{id}", Status: 204, Handler: Do(fn)}},
		Authenticate: func(context.Context, tenant.Call, http.Header) (Principal, error) { return Principal{}, nil },
		Fallback: func(method, path string) *Route {
			if path != "/y" {
				return nil
			}
			return &Route{Method: method, Status: 200, Handler: Do(fn)}
		},
		Refused: func(context.Context, Caller, *Error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

func TestRouter(t *testing.T) {
	const internal = `{"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"}`
	tests := []struct {
		rule, method, path string
		fn                 func(context.Context, struct{}) (any, error)
		status             int
		body, logged       string
	}{
		{"an answer", "GET", "/p/x/1", func(context.Context, struct{}) (any, error) { return []int{1}, nil }, 200, `[1]`, ""},
		{"nothing", "DELETE", "/p/x/1", func(context.Context, struct{}) (any, error) { return Nothing{}, nil }, 204, ``, ""},
		{"HEAD is GET", "HEAD", "/p/x/1", func(context.Context, struct{}) (any, error) { return 1, nil }, 200, `1`, ""},
		{"an escaped slash is no slash", "GET", "/p/x/https:%2F%2Fa", func(context.Context, struct{}) (any, error) { return 1, nil }, 200, `1`, ""},
		{"a panic", "GET", "/p/x/1", func(context.Context, struct{}) (any, error) { panic("boom") }, 500, internal, "boom"},
		{"an unknown error", "GET", "/p/x/1", func(context.Context, struct{}) (any, error) { return nil, errors.New("cause") }, 500, internal, "cause"},
		{"what cannot be marshalled", "GET", "/p/x/1", func(context.Context, struct{}) (any, error) { return func() {}, nil }, 500, internal, "unsupported type"},
		{"another method", "PUT", "/p/x/1", nil, 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, ""},
		{"a path of the fallback's", "GET", "/p/y", func(context.Context, struct{}) (any, error) { return "fallback", nil }, 200, `"fallback"`, ""},
		{"another path", "GET", "/p/z", nil, 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, ""},
		{"a path outside the prefix", "GET", "/y", nil, 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, ""},
		{"an unclean path is not redirected", "GET", "/p//x/1", nil, 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, ""},
		{"dots are not redirected", "GET", "/p/x/../x/1", nil, 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			var log strings.Builder
			w := httptest.NewRecorder()
			testRouter(t, &log, tt.fn).Serve(tenant.Call{}, w, httptest.NewRequest(tt.method, tt.path, nil))
			if w.Code != tt.status || w.Body.String() != tt.body {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if (tt.logged == "") != (log.Len() == 0) || !strings.Contains(log.String(), tt.logged) {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

func TestRouterRefusesAMissingSchema(t *testing.T) {
	_, err := NewRouter(Config{Routes: []Route{{Method: "POST", Pattern: "/x", Schema: "none"}}})
	if err == nil {
		t.Error("a route without its schema was taken")
	}
}
