package token

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Every refusal of the catalogue has a status and a metric label of its own; no line of the table is left over.
func TestEveryReasonHasAStatus(t *testing.T) {
	labels := map[string]bool{"unknown": true}
	for _, reason := range oauth.Reasons() {
		if _, ok := status[reason]; !ok {
			t.Errorf("reason %v has no status", reason)
		}
		if labels[reason.String()] {
			t.Errorf("reason %d: label %q is taken or missing", reason, reason)
		}
		labels[reason.String()] = true
	}
	if len(status) != len(oauth.Reasons()) {
		t.Errorf("%d statuses for %d reasons", len(status), len(oauth.Reasons()))
	}
}

// The refusals as real tenants answer them: status, body and the keys that are there.
func TestRefusalsOnTheWire(t *testing.T) {
	tests := []struct {
		refusal *oauth.Error
		status  int
		body    string
	}{
		{oauth.Unauthorized(nil), 401, `{"error":"access_denied","error_description":"Unauthorized"}`},
		{oauth.WrongSecret(nil), 401, `{"error":"access_denied","error_description":"Unauthorized"}`},
		{oauth.MissingClientID(), 401, `{"error":"invalid_client","error_description":"Missing client_id"}`},
		{oauth.MissingParameter("grant_type"), 400, `{"error":"invalid_request","error_description":"Missing required parameter: grant_type"}`},
		{oauth.UnsupportedGrantType("password"), 400, `{"error":"unsupported_grant_type","error_description":"Unsupported grant type: password"}`},
		{oauth.GrantTypeNotAllowed("client_credentials", nil), 403, `{"error":"unauthorized_client","error_description":"Grant type 'client_credentials' not allowed for the client.","error_uri":"https://auth0.com/docs/clients/client-grant-types"}`},
		{oauth.NoAudience(nil), 403, `{"error":"access_denied","error_description":"Non-global clients are not allowed access to APIv1"}`},
		{oauth.UnknownAudience("https://x<y", nil), 403, `{"error":"access_denied","error_description":"Service not enabled within domain: https://x<y"}`},
		{oauth.NoClientGrant("c", "a", nil), 403, `{"error":"access_denied","error_description":"Client \"c\" is not authorized to access resource server \"a\". You need to create a \"client-grant\" associated to this API."}`},
		{oauth.ClosedToClients("c", "a", nil), 403, `{"error":"access_denied","error_description":"Client \"c\" is not authorized to access resource server \"a\". You need to create a \"client-grant\" associated to this API."}`},
		{oauth.ScopesNotGranted([]string{"a", "b"}), 403, `{"error":"access_denied","error_description":"Client has not been granted scopes: a, b"}`},
		{oauth.MediaType("text/plain"), 415, `{"error":"invalid_request","error_description":"Unsupported content type \"text/plain\": send application/x-www-form-urlencoded or application/json"}`},
		{oauth.Unavailable(tenant.ErrUnavailable), 503, `{"error":"temporarily_unavailable","error_description":"The server cannot record this request right now. No token was issued; retry later."}`},
		{oauth.Internal(http.ErrAbortHandler), 500, `{"error":"server_error","error_description":"Internal server error"}`},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		writeRefusal(w, tt.refusal)
		if w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("got %d %s\nwant %d %s", w.Code, w.Body, tt.status, tt.body)
		}
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: headers %v", tt.body, w.Header())
		}
	}
}

// Key order as recorded: access_token, scope, expires_in, token_type; scope only if there is one.
func TestTokenOnTheWire(t *testing.T) {
	x := &exchange{token: oauth.Token{Value: "a.b.c", ExpiresIn: 86400}, auth: &oauth.Authorization{Scope: []string{"read:a", "write:a"}}}
	for want, scope := range map[string][]string{
		`{"access_token":"a.b.c","scope":"read:a write:a","expires_in":86400,"token_type":"Bearer"}`: {"read:a", "write:a"},
		`{"access_token":"a.b.c","expires_in":86400,"token_type":"Bearer"}`:                          {},
	} {
		x.auth.Scope = scope
		w := httptest.NewRecorder()
		writeToken(w, x)
		if got := w.Body.String(); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func contains(text string, any ...string) bool {
	for _, s := range any {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}
