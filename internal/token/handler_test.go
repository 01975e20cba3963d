package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// steps plays every room of the pipeline and notes which were entered; fail names the step that says no.
type steps struct {
	entered []string
	fail    map[string]error
	records []tenant.LogEvent
	reasons []oauth.Reason
	lost    int
}

func (s *steps) enter(step string) error {
	s.entered = append(s.entered, step)
	return s.fail[step]
}

func (s *steps) Authenticate(_ context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	return &tenant.Client{ClientID: req.ClientID, Name: "job"}, s.enter("authenticate")
}

func (s *steps) Authorize(_ context.Context, client *tenant.Client, req *oauth.TokenRequest) (*oauth.Authorization, error) {
	return &oauth.Authorization{Call: req.Call, Client: client, Audience: req.Audience, Scope: []string{"a", "b"}}, s.enter("authorize")
}

func (s *steps) AccessToken(context.Context, *oauth.Authorization) (oauth.Token, error) {
	return oauth.Token{Value: "header.claims.signature", JTI: "the-jti", ExpiresIn: 60}, s.enter("sign")
}

func (s *steps) Append(ctx context.Context, event tenant.LogEvent) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.records = append(s.records, event)
	return s.enter("record")
}

func (s *steps) TokenRequest(reason oauth.Reason, _ time.Duration) {
	s.reasons = append(s.reasons, reason)
}
func (s *steps) RefusalUnrecorded() { s.lost++ }

func (s *steps) serve(r *http.Request) *httptest.ResponseRecorder {
	h := &Handler{Clients: s, Grants: s, Signer: s, Records: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: s}
	call := tenant.Call{RequestID: "trace", UserAgent: "test", Site: tenant.Site{Tenant: "acme", Domain: "acme.test", Canonical: "acme.test"}}
	w := httptest.NewRecorder()
	h.Serve(call, w, r)
	return w
}

const rightForm = "grant_type=client_credentials&client_id=id&client_secret=canary-secret&audience=api&scope=a+b"

// Each step is entered only if the one before said yes, and the record is always the last.
func TestPipelineOrder(t *testing.T) {
	no := oauth.Unauthorized(errors.New("because"))
	tests := []struct {
		failing string
		entered []string
		status  int
	}{
		{"", []string{"authenticate", "authorize", "sign", "record"}, 200},
		{"authenticate", []string{"authenticate", "record"}, 401},
		{"authorize", []string{"authenticate", "authorize", "record"}, 401},
		{"sign", []string{"authenticate", "authorize", "sign", "record"}, 401},
	}
	for _, tt := range tests {
		t.Run("failing: "+tt.failing, func(t *testing.T) {
			s := &steps{fail: map[string]error{tt.failing: no}}
			w := s.serve(post(formType, rightForm))
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			if got, want := asJSON(t, s.entered), asJSON(t, tt.entered); got != want {
				t.Errorf("entered %s, want %s", got, want)
			}
		})
	}
}

// A token without its durable record is never given out.
func TestStoreGoneMeansNoToken(t *testing.T) {
	s := &steps{fail: map[string]error{"record": tenant.ErrUnavailable}}
	w := s.serve(post(formType, rightForm))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body["access_token"] != nil || body["error"] != "temporarily_unavailable" {
		t.Errorf("%s", w.Body)
	}
}

// A signer that is overloaded is a 503 that says when to come back, and a record like any other refusal's.
func TestOverloadIsARecordedRefusal(t *testing.T) {
	s := &steps{fail: map[string]error{"sign": fmt.Errorf("access token for api: %w", oauth.Overloaded())}}
	w := s.serve(post(formType, rightForm))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !contains(w.Body.String(), "temporarily_unavailable") {
		t.Errorf("%d, Retry-After %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
	if len(s.records) != 1 || !contains(string(s.records[0].Details), `"reason":"overloaded"`) {
		t.Errorf("records %+v", s.records)
	}
	if got := asJSON(t, s.reasons); got != asJSON(t, []oauth.Reason{oauth.ReasonOverloaded}) {
		t.Errorf("metrics %s", got)
	}
}

// A refusal that cannot be recorded keeps its own status, and is counted.
func TestRefusalKeepsItsStatusWithoutStore(t *testing.T) {
	s := &steps{fail: map[string]error{"authenticate": oauth.Unauthorized(nil), "record": tenant.ErrUnavailable}}
	if w := s.serve(post(formType, rightForm)); w.Code != http.StatusUnauthorized || s.lost != 1 {
		t.Errorf("status %d, %d counted", w.Code, s.lost)
	}
}

// A caller that hangs up does not undo the record.
func TestCallerGoneIsRecordedAllTheSame(t *testing.T) {
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	s := &steps{}
	if w := s.serve(post(formType, rightForm).WithContext(ctx)); w.Code != http.StatusOK || len(s.records) != 1 {
		t.Errorf("status %d, %d records", w.Code, len(s.records))
	}
}

func TestRecords(t *testing.T) {
	s := &steps{}
	s.serve(post(formType, rightForm))
	s.fail = map[string]error{"authorize": oauth.ScopesNotGranted([]string{"b"})}
	s.serve(post(formType, rightForm))
	s.fail = map[string]error{"authenticate": oauth.Unauthorized(errors.New("the client_secret does not match"))}
	s.serve(post(formType, rightForm))
	s.serve(post("text/plain", rightForm))
	want := []struct{ kind, description, scope, details string }{
		{"seccft", "Client Credentials for Access Token", "a b", `{"access_token_jti":"the-jti"}`},
		{"feccft", "Client has not been granted scopes: b", "a b", `{"error":{"oauthError":"access_denied","reason":"scope"}}`},
		{"feccft", "Unauthorized", "a b", `{"error":{"oauthError":"access_denied","reason":"credentials","message":"the client_secret does not match"}}`},
		{"feccft", oauth.MediaType("text/plain").Description, "", `{"error":{"oauthError":"invalid_request","reason":"media_type"}}`},
	}
	for i, e := range s.records {
		if e.Type != want[i].kind || e.Description != want[i].description || e.Scope != want[i].scope || string(e.Details) != want[i].details {
			t.Errorf("record %d: %s %q %q %s\nwant %+v", i, e.Type, e.Description, e.Scope, e.Details, want[i])
		}
		if e.Tenant != "acme" || e.References.TraceID != "trace" || e.Hostname != "acme.test" || e.Date.IsZero() {
			t.Errorf("record %d: %+v", i, e)
		}
		if text := asJSON(t, e); contains(text, "canary-secret", "header.claims.signature") {
			t.Errorf("a secret in the log: %s", text)
		}
	}
	if len(s.records) != len(want) {
		t.Fatalf("%d records, want %d: one for each request", len(s.records), len(want))
	}
	if got := asJSON(t, s.reasons); got != asJSON(t, []oauth.Reason{0, oauth.ReasonScope, oauth.ReasonCredentials, oauth.ReasonMediaType}) {
		t.Errorf("metrics %s", got)
	}
}
