package mgmt

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// A thousand scopes of full length are an API's most; one more is refused, and nothing of it is kept.
func TestAThousandScopes(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	status, body := e.ask(acme, token, "POST", "/resource-servers", `{"identifier":"urn:api","scopes":`+longScopes(t, 1000)+`}`)
	if status != http.StatusCreated || strings.Count(body, `"value":`) != 1000 {
		t.Fatalf("%d %.200s", status, body)
	}
	const tooMany = "Payload validation error: 'Array is too long (1001), maximum 1000' on property scopes (List of permissions (scopes) that this API uses.)."
	for _, r := range []struct{ method, path, body string }{
		{"POST", "/resource-servers", `{"identifier":"urn:more","scopes":` + longScopes(t, 1001) + `}`},
		{"PATCH", "/resource-servers/urn:api", `{"name":"kept?","scopes":` + longScopes(t, 1001) + `}`},
	} {
		if status, body := e.ask(acme, token, r.method, r.path, r.body); status != http.StatusBadRequest || e.property(body, "message") != tooMany {
			t.Errorf("%s %s: %d %.300s", r.method, r.path, status, body)
		}
	}
	if status, _ := e.ask(acme, token, "GET", "/resource-servers/urn:more", ""); status != http.StatusNotFound {
		t.Errorf("the refused API: %d", status)
	}
	if _, body := e.ask(acme, token, "GET", "/resource-servers/urn:api", ""); e.property(body, "name") != "<nil>" || strings.Count(body, `"value":`) != 1000 {
		t.Errorf("after the refused change: %.200s", body)
	}
}

func longScopes(t *testing.T, n int) string {
	t.Helper()
	scopes := make([]tenant.Scope, n)
	for i := range scopes {
		scopes[i].Value = fmt.Sprintf("%0280d", i)
	}
	text, err := json.Marshal(scopes)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
