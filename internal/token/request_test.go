package token

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func post(contentType, body string, authorization ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/oauth/token", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header["Authorization"] = authorization
	return r
}

func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// said is what a test compares of a TokenRequest: Secret prints blunted, so it is revealed here.
type said struct {
	ID, Secret, Audience, Resource, Organization string
	Method                                       oauth.AuthMethod
	Scope                                        []string
}

func parse(r *http.Request) (said, *oauth.Error) {
	req, err := parseRequest(tenant.Call{}, receive(httptest.NewRecorder(), r))
	if err != nil {
		return said{}, oauth.AsError(err)
	}
	return said{req.ClientID, req.Secret.Reveal(), req.Audience, req.Resource, req.Organization, req.Method, req.Scope}, nil
}

func TestParseAccepts(t *testing.T) {
	full := said{ID: "id", Secret: "s+ &é", Audience: "https://api", Method: oauth.AuthClientSecretPost}
	viaBasic := said{ID: "id", Secret: "secret", Method: oauth.AuthClientSecretBasic}
	tests := []struct {
		rule string
		r    *http.Request
		want said
	}{
		{"a form", post(formType, "grant_type=client_credentials&client_id=id&client_secret=s%2B+%26%C3%A9&audience=https%3A%2F%2Fapi"), full},
		{"a form with a charset", post(formType+"; charset=utf-8", "grant_type=client_credentials&client_id=id&client_secret=s%2B+%26%C3%A9&audience=https://api"), full},
		{"JSON", post(jsonType, `{"grant_type":"client_credentials","client_id":"id","client_secret":"s+ &é","audience":"https://api"}`), full},
		{"JSON null is absent; unknown parameters may be anything", post(jsonType,
			`{"grant_type":"client_credentials","client_id":"id","client_secret":"s+ &é","audience":"https://api","scope":null,"test":{"a":[1]}}`), full},
		{"an unknown form parameter is ignored", post(formType, "test=value&grant_type=client_credentials&client_id=id&client_secret=s%2B+%26%C3%A9&audience=https://api"), full},
		{"an empty parameter is as good as none (RFC 6749 section 3.2)", post(formType, "grant_type=client_credentials&client_id=id&audience=&scope=&client_secret="),
			said{ID: "id", Method: oauth.AuthNone}},
		{"Basic", post(formType, "grant_type=client_credentials", basic("id", "secret")), viaBasic},
		{"Basic with the same client_id in the body", post(formType, "grant_type=client_credentials&client_id=id", basic("id", "secret")), viaBasic},
		{"Basic, scheme in lower case", post(formType, "grant_type=client_credentials", "basic "+strings.TrimPrefix(basic("id", "secret"), "Basic ")), viaBasic},
		{"Basic halves are form-encoded (RFC 6749 section 2.3.1)", post(formType, "grant_type=client_credentials", basic("i%3Ad", "s%2Bt+%25")),
			said{ID: "i:d", Secret: "s+t %", Method: oauth.AuthClientSecretBasic}},
		{"a Basic half that is no encoding stands as it is", post(formType, "grant_type=client_credentials", basic("id", "100%")),
			said{ID: "id", Secret: "100%", Method: oauth.AuthClientSecretBasic}},
		{"a Bearer header does not authenticate a client", post(formType, "grant_type=client_credentials&client_id=id&client_secret=secret", "Bearer x"),
			said{ID: "id", Secret: "secret", Method: oauth.AuthClientSecretPost}},
		{"scopes are split at spaces, repetitions dropped", post(formType, "grant_type=client_credentials&client_id=id&scope=+b++a+b"),
			said{ID: "id", Method: oauth.AuthNone, Scope: []string{"b", "a"}}},
		{"resource and organization", post(formType, "grant_type=client_credentials&client_id=id&resource=r&organization=o"),
			said{ID: "id", Resource: "r", Organization: "o", Method: oauth.AuthNone}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, refusal := parse(tt.r)
			if refusal != nil {
				t.Fatal(refusal)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	const ok = "grant_type=client_credentials&client_id=id&client_secret=s"
	get := post(formType, ok)
	get.Method = http.MethodGet
	tests := []struct {
		rule   string
		r      *http.Request
		reason oauth.Reason
		says   string
	}{
		{"GET (RFC 6749 section 3.2)", get, oauth.ReasonMethod, "send POST"},
		{"no grant_type", post(formType, "client_id=id"), oauth.ReasonMalformed, "Missing required parameter: grant_type"},
		{"an empty body", post(formType, ""), oauth.ReasonMalformed, "Missing required parameter: grant_type"},
		{"an unknown grant_type", post(formType, "grant_type=password&client_id=id"), oauth.ReasonUnsupportedGrantType, "Unsupported grant type: password"},
		{"no client_id", post(formType, "grant_type=client_credentials&client_secret=s"), oauth.ReasonMissingClientID, "Missing client_id"},
		{"no content type", post("", ok), oauth.ReasonMediaType, "application/json"},
		{"another content type", post("text/plain", ok), oauth.ReasonMediaType, `"text/plain"`},
		{"a form sent as JSON", post(jsonType, ok), oauth.ReasonMalformed, "JSON body is malformed"},
		{"JSON that ends too early", post(jsonType, `{"grant_type":`), oauth.ReasonMalformed, "ends too early"},
		{"JSON followed by something", post(jsonType, `{"grant_type":"client_credentials"} {}`), oauth.ReasonMalformed, "something follows"},
		{"a JSON array", post(jsonType, `["grant_type"]`), oauth.ReasonMalformed, "want an object"},
		{"a JSON number for a parameter", post(jsonType, `{"grant_type":"client_credentials","client_id":1}`), oauth.ReasonMalformed, `"client_id" must be a string`},
		{"a repeated parameter", post(formType, ok+"&audience=a&audience=b"), oauth.ReasonMalformed, `"audience" is sent more than once`},
		{"a repeated parameter, the same value", post(formType, ok+"&client_id=id"), oauth.ReasonMalformed, `"client_id" is sent more than once`},
		{"a repeated unknown parameter", post(formType, ok+"&x=1&x=2"), oauth.ReasonMalformed, `"x" is sent more than once`},
		{"a repeated JSON member", post(jsonType, `{"client_id":"a","client_id":"b"}`), oauth.ReasonMalformed, `"client_id" is sent more than once`},
		{"a broken escape", post(formType, "grant_type=%zz"), oauth.ReasonMalformed, "two hex digits"},
		{"a NUL in a form", post(formType, "grant_type=client_credentials&client_id=a%00b"), oauth.ReasonMalformed, "NUL"},
		{"a NUL in JSON", post(jsonType, `{"client_id":"a\u0000b"}`), oauth.ReasonMalformed, "NUL"},
		{"half a surrogate pair in JSON", post(jsonType, `{"client_id":"a\ud800b"}`), oauth.ReasonMalformed, "no text"},
		{"invalid UTF-8 in a form", post(formType, "grant_type=client_credentials&client_id=%ff"), oauth.ReasonMalformed, "UTF-8"},
		{"invalid UTF-8 in JSON", post(jsonType, "{\"client_id\":\"\xff\"}"), oauth.ReasonMalformed, "UTF-8"},
		{"a NUL in Basic", post(formType, "grant_type=client_credentials", basic("a\x00b", "s")), oauth.ReasonMalformed, "no text"},
		{"Basic that is no base64", post(formType, "grant_type=client_credentials", "Basic !!!"), oauth.ReasonMalformed, "base64"},
		{"Basic without a colon", post(formType, "grant_type=client_credentials", "Basic aWQ="), oauth.ReasonMalformed, "client_id:client_secret"},
		{"Basic and body name two clients", post(formType, "grant_type=client_credentials&client_id=other", basic("id", "s")), oauth.ReasonMalformed, "contradicts"},
		{"Basic and body both carry a secret", post(formType, ok, basic("id", "s")), oauth.ReasonMalformed, "not in both"},
		{"two Authorization headers", post(formType, "grant_type=client_credentials", basic("id", "s"), basic("id", "t")), oauth.ReasonMalformed, "one Authorization header"},
		{"a secret and an assertion", post(formType, ok+"&client_assertion=a.b.c"), oauth.ReasonMalformed, "not both"},
		{"Basic and an assertion", post(formType, "grant_type=client_credentials&client_assertion=a.b.c", basic("id", "s")), oauth.ReasonMalformed, "not both"},
		{"a grant_type that is none is not repeated", post(formType, "grant_type=client_credentials;client_secret=canary"), oauth.ReasonUnsupportedGrantType, "(not a grant type)"},
		{"a compressed body", gzipped(post(formType, ok)), oauth.ReasonMediaType, "Content-Encoding: gzip"},
		{"a parameter's name of 200 bytes", post(formType, strings.Repeat("n", 200)+"=1"), oauth.ReasonMalformed, "more than 128 bytes"},
		{"more parameters than anybody needs", post(formType, ok+strings.Repeat("&a", 1)+manyParams()), oauth.ReasonMalformed, "more than 64"},
		{"a body above 64 KiB", post(formType, ok+"&x="+strings.Repeat("a", maxBody)), oauth.ReasonTooLarge, "65536 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, refusal := parse(tt.r)
			if refusal == nil {
				t.Fatalf("accepted: %+v", got)
			}
			if refusal.Reason != tt.reason || !strings.Contains(refusal.Description, tt.says) {
				t.Errorf("%v %q, want %v saying %q", refusal.Reason, refusal.Description, tt.reason, tt.says)
			}
		})
	}
}

func gzipped(r *http.Request) *http.Request {
	r.Header.Set("Content-Encoding", "gzip")
	return r
}

// What a refusal says is bounded, whatever the caller sent and however %q spells it.
func TestRefusalsAreBounded(t *testing.T) {
	for _, body := range []string{
		strings.Repeat("\x01", 30_000) + "=1", "x=" + strings.Repeat("%01", 10_000) + "%00", "grant_type=" + strings.Repeat("g", 60_000),
		"grant_type=client_credentials&client_id=a&" + strings.Repeat("%01", 40) + "=1&" + strings.Repeat("%01", 40) + "=2",
	} {
		if _, refusal := parse(post(formType, body)); refusal == nil || len(refusal.Description) > 600 {
			t.Errorf("%.20q: %v", body, refusal)
		}
	}
}

func manyParams() string {
	var b strings.Builder
	for i := range maxParams {
		b.WriteString("&p" + strings.Repeat("x", i))
	}
	return b.String()
}

// A refusal repeats the caller's words only to a bound.
func TestLongClientIDCostsALine(t *testing.T) {
	_, refusal := parse(post(formType, "grant_type="+strings.Repeat("g", 60_000)))
	if n := len(refusal.Description); n > 600 {
		t.Errorf("description of %d bytes", n)
	}
}

func FuzzParseForm(f *testing.F) {
	f.Add([]byte("grant_type=client_credentials&client_id=id"))
	f.Add([]byte("a=%zz&&=;a=\x00"))
	f.Fuzz(func(t *testing.T, body []byte) { checkParams(t, parseForm, body) })
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(`{"grant_type":"client_credentials","x":[{}],"y":null}`))
	f.Add([]byte(`{"a":"\ud800","a":1}`))
	f.Fuzz(func(t *testing.T, body []byte) { checkParams(t, parseJSON, body) })
}

// checkParams holds what every accepted body promises: names once, clean text, a bounded number; and every error is a refusal.
func checkParams(t *testing.T, parse func([]byte) (params, error), body []byte) {
	ps, err := parse(bytes.Clone(body))
	if err != nil {
		if reason := oauth.AsError(err).Reason; reason != oauth.ReasonMalformed {
			t.Fatalf("%v: a bad body must be malformed, not %v", err, reason)
		}
		return
	}
	seen := map[string]bool{}
	for _, p := range ps {
		if seen[p.name] || !clean(p.name) || !clean(p.value) {
			t.Fatalf("accepted %q", p)
		}
		seen[p.name] = true
	}
	if len(ps) > maxParams {
		t.Fatalf("%d parameters", len(ps))
	}
}

func FuzzParseBasic(f *testing.F) {
	f.Add(basic("id", "secret"))
	f.Add("Basic ====")
	f.Fuzz(func(t *testing.T, header string) {
		id, secret, err := parseBasic(header)
		if err == nil && (!clean(id) || !clean(secret)) {
			t.Fatalf("accepted %q %q", id, secret)
		}
	})
}

func FuzzSplitScope(f *testing.F) {
	f.Add("read:a write:a  read:a")
	f.Fuzz(func(t *testing.T, s string) {
		seen := map[string]bool{}
		for _, scope := range splitScope(s) {
			if scope == "" || strings.Contains(scope, " ") || seen[scope] {
				t.Fatalf("%q gives %q", s, scope)
			}
			seen[scope] = true
		}
	})
}
