package compat

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2/clientcredentials"
)

// goSDK calls the Management API as go-auth0 does, on which auth0-cli and the Terraform provider stand. Neither can be had here, so their
// requests are sent by hand: the same paths, escapes, queries, headers and bodies, in the same order.
type goSDK struct {
	t      *testing.T
	tenant *tenant
	http   *http.Client
}

// newGoSDK asks for its token as x/oauth2 does when it is told nothing: HTTP Basic first, and the client's id in the body as well.
func newGoSDK(t *testing.T, at *tenant) goSDK {
	cfg := clientcredentials.Config{
		ClientID: at.Management.ID, ClientSecret: at.Management.Secret, TokenURL: "https://" + at.Domain + "/oauth/token",
		EndpointParams: url.Values{"audience": {at.Audience}, "client_id": {at.Management.ID}},
	}
	return goSDK{t: t, tenant: at, http: cfg.Client(context.Background())}
}

// answer is one answer, read to its end.
type answer struct {
	Status int
	Header http.Header
	Text   []byte
}

// send makes one request; body nil = none, and then no Content-Type.
func (s goSDK) send(method, path string, body any) answer {
	s.t.Helper()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			s.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, "https://"+s.tenant.Domain+"/api/v2/"+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != nil {
		req.Header.Add("Content-Type", "application/json")
	}
	req.Header.Set("User-Agent", "Go-Auth0/1.47.0")
	req.Header.Set("Auth0-Client", base64.StdEncoding.EncodeToString([]byte(`{"name":"go-auth0","version":"1.47.0","env":{"go":"go1.26"}}`)))
	resp, err := s.http.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, read}
}

// must is send with the status that the client takes for success; it decodes the body.
func (s goSDK) must(want int, method, path string, body any) any {
	s.t.Helper()
	a := s.send(method, path, body)
	if a.Status != want {
		sent, _ := json.Marshal(body)
		s.t.Fatalf("%s %s: %d %s, want %d; sent %s", method, path, a.Status, a.Text, want, sent)
	}
	if len(a.Text) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(a.Text, &v); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, path, err, a.Text)
	}
	return v
}

func (s goSDK) object(want int, method, path string, body any) map[string]any {
	s.t.Helper()
	v, ok := s.must(want, method, path, body).(map[string]any)
	if !ok {
		s.t.Fatalf("%s %s: no object", method, path)
	}
	return v
}

// refused is the text that go-auth0 makes of an error: "404 Not Found: The client does not exist".
func (s goSDK) refused(method, path string, body any, want string) {
	s.t.Helper()
	var refusal struct {
		StatusCode     int
		Error, Message string
	}
	a := s.send(method, path, body)
	if err := json.Unmarshal(a.Text, &refusal); err != nil || refusal.StatusCode != a.Status {
		s.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Text)
	}
	if got := http.StatusText(a.Status) + ": " + refusal.Message; !strings.HasPrefix(got, refusal.Error) || got != want {
		s.t.Errorf("%s %s: %q, want %q", method, path, got, want)
	}
}

// pathEscape is go-auth0's: what url.PathEscape leaves of a slash is escaped too.
func pathEscape(segment string) string {
	return strings.ReplaceAll(url.PathEscape(segment), "/", "%2F")
}

// readsBack holds what an empty `terraform plan` needs: all that was sent comes back as it was sent, and of the properties that a
// configuration may leave out and no server may fill, nothing comes back that was not sent.
func readsBack(t *testing.T, sent, got map[string]any, neverFilled string) {
	t.Helper()
	differsFrom(t, "", asJSON(t, sent), got)
	for name := range strings.FieldsSeq(neverFilled) {
		if _, was := sent[name]; !was && !isZero(got[name]) {
			t.Errorf("%s is %v and was never set", name, got[name])
		}
	}
}

// differsFrom reports where got lacks what was sent; inner objects may have more.
func differsFrom(t *testing.T, at string, sent, got any) {
	t.Helper()
	want, ok := sent.(map[string]any)
	if !ok {
		if !reflect.DeepEqual(sent, got) {
			t.Errorf("%s is %v, sent %v", at, got, sent)
		}
		return
	}
	have, ok := got.(map[string]any)
	if !ok {
		t.Errorf("%s is %v, sent %v", at, got, sent)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		differsFrom(t, strings.TrimPrefix(at+"."+name, "."), want[name], have[name])
	}
}

func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// isZero reports what Terraform takes for not set.
func isZero(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return reflect.ValueOf(v).IsZero()
}

// items is a list that stands under key in an object.
func items(t *testing.T, v any, key string) []any {
	t.Helper()
	object, ok := v.(map[string]any)
	if !ok {
		t.Fatalf("%v is no object with %s", v, key)
	}
	list, ok := object[key].([]any)
	if !ok {
		t.Fatalf("%v has no list %s", v, key)
	}
	return list
}
