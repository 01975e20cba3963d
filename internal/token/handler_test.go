package token

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// steps plays every room of the pipeline and notes which were entered; fail names the step that says no.
type steps struct {
	entered []string
	fail    map[string]error
	records []tenant.LogEvent
	notices []tenant.LogNotice // of step 0
	reasons []oauth.Reason
	lost    int
	bound   bool               // an Action is bound
	full    bool               // nobody is let in
	late    bool               // there was room until the request was read
	under   int                // requests that have not left
	took    time.Duration      // what the last one left with
	beyond  []tenant.LogNotice // of the hold
	held    int                // what was taken of limits, and not given back
	lease   error              // what giving back answers
}

func (s *steps) Full() bool { return s.full && !s.late }

func (s *steps) Enter() (int64, error) {
	if s.full {
		return 0, oauth.Overloaded()
	}
	s.under++
	return 4711, nil
}

func (s *steps) Leave(underWay int64, took time.Duration) {
	if underWay == 4711 {
		s.under--
	}
	s.took = took
}

func (s *steps) enter(step string) error {
	s.entered = append(s.entered, step)
	if s.fail[step] == errPanic {
		panic(errPanic)
	}
	return s.fail[step]
}

// errPanic makes a step panic.
var errPanic = errors.New("a fault of ours")

func (s *steps) Admit(context.Context, *tenant.Call) ([]tenant.LogNotice, error) {
	return s.notices, s.enter("admit")
}

// Judge is no step of a request.
func (s *steps) Judge(context.Context, *tenant.Call) (tenant.Judgement, error) {
	return tenant.Judgement{}, s.enter("judge")
}

func (s *steps) Authenticate(_ context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	return &tenant.Client{ClientID: req.ClientID, Name: "job"}, s.enter("authenticate")
}

// Assume is no step of a request.
func (s *steps) Assume(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	return nil, s.enter("assume")
}

func (s *steps) Authorize(_ context.Context, client *tenant.Client, req *oauth.TokenRequest) (*oauth.Authorization, error) {
	return &oauth.Authorization{
		Call: req.Call, Client: client, ResourceServer: &tenant.ResourceServer{}, Audience: req.Audience, Scope: []string{"a", "b"},
	}, s.enter("authorize")
}

func (s *steps) Reserve(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	if err := s.enter("reserve"); err != nil {
		return oauth.Hold{}, err
	}
	s.held++
	hold := oauth.NewHold([]oauth.Header{{Name: "Auth0-Client-Quota-Limit", Value: "b=per_hour;q=2;r=1;t=60"}}, func(ctx context.Context) error {
		s.held--
		return errors.Join(ctx.Err(), s.lease)
	})
	hold.Notices = s.beyond
	return hold, nil
}

// Preview is no step of a request.
func (s *steps) Preview(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, s.enter("preview")
}

func (s *steps) ActionsBound(context.Context, string) (bool, error) {
	return s.bound, s.enter("actions")
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

func (s *steps) handler() *Handler {
	return &Handler{Admission: s, Clients: s, Grants: s, Limits: s, Actions: s, Signer: s, Records: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: s}
}

func (s *steps) serve(r *http.Request) *httptest.ResponseRecorder {
	h := s.handler()
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
		{"", []string{"admit", "authenticate", "authorize", "reserve", "actions", "sign", "record"}, 200},
		{"admit", []string{"admit", "record"}, 401},
		{"authenticate", []string{"admit", "authenticate", "record"}, 401},
		{"authorize", []string{"admit", "authenticate", "authorize", "record"}, 401},
		{"reserve", []string{"admit", "authenticate", "authorize", "reserve", "record"}, 401},
		{"actions", []string{"admit", "authenticate", "authorize", "reserve", "actions", "record"}, 401},
		{"sign", []string{"admit", "authenticate", "authorize", "reserve", "actions", "sign", "record"}, 401},
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

// What step 4 took stays taken for a token that is issued; whatever else becomes of the request gives it back, and tells nothing of it.
func TestWhatWasReservedIsKeptOrGivenBack(t *testing.T) {
	for failing, err := range map[string]error{
		"": nil, "authenticate": oauth.Unauthorized(nil), "reserve": tenant.ErrUnavailable, "actions": oauth.Internal(nil), "sign": oauth.Overloaded(),
		"record": tenant.ErrUnavailable, "sign ": errPanic,
	} {
		t.Run("failing: "+failing, func(t *testing.T) {
			s := &steps{fail: map[string]error{strings.TrimSpace(failing): err}}
			ctx, hangUp := context.WithCancel(t.Context())
			hangUp()
			w := httptest.NewRecorder()
			func() {
				defer func() { recover() }()
				w = s.serve(post(formType, rightForm).WithContext(ctx))
			}()
			if issued := failing == ""; (s.held == 1) != issued || (w.Header().Get("Auth0-Client-Quota-Limit") != "") != issued {
				t.Errorf("%d are held; headers %v", s.held, w.Header())
			}
		})
	}
}

// The log tells of what could not be given back; the answer stays what it was.
func TestWhatCannotBeGivenBack(t *testing.T) {
	var log bytes.Buffer
	s := &steps{fail: map[string]error{"sign": oauth.Internal(nil)}, lease: tenant.ErrUnavailable}
	h := s.handler()
	h.Log = slog.New(slog.NewTextHandler(&log, nil))
	w := httptest.NewRecorder()
	h.Serve(tenant.Call{Site: tenant.Site{Tenant: "acme"}}, w, post(formType, rightForm))
	if w.Code != http.StatusInternalServerError || !strings.Contains(log.String(), "stays counted") {
		t.Errorf("%d, log %s", w.Code, log.String())
	}
}

// Whoever is kept from asking may ask very often: there is no record of each refusal, only what the limits think worth one. Notices of what is
// let pass stand behind the request's own record, whatever becomes of it, and name the client.
func TestNoticesOfLimits(t *testing.T) {
	notice := []tenant.LogNotice{{Type: tenant.LogNetworkACL, Description: "seen", Details: json.RawMessage(`{"n":1}`)}}
	beyond := []tenant.LogNotice{{Type: tenant.LogAPILimit, Description: "too many, and let pass"}}
	limited := oauth.RateLimited(errors.New("2 a second"), nil)
	limited.Notices = []tenant.LogNotice{{Type: tenant.LogAPILimit, Description: "too many"}}
	for _, tt := range []struct {
		rule    string
		fail    map[string]error
		notices []tenant.LogNotice
		records []string
		status  int
	}{
		{"a token", nil, notice, []string{"seccft", "acls_summary job"}, 200},
		{"shut out, worth a record", map[string]error{"admit": oauth.NetworkRefused(&tenant.NetworkACL{})}, notice, []string{"acls_summary"}, 403},
		{"shut out, worth none", map[string]error{"admit": oauth.NetworkRefused(&tenant.NetworkACL{})}, nil, nil, 403},
		{"too often", map[string]error{"reserve": limited}, notice, []string{"acls_summary job", "api_limit job"}, 429},
		{"refused for another reason", map[string]error{"authorize": oauth.ScopesNotGranted([]string{"b"})}, notice, []string{"feccft", "acls_summary job"}, 403},
		{"let pass beyond its rate", nil, beyond, []string{"seccft", "api_limit job"}, 200},
		{"let pass beyond its rate, and refused by what comes after", map[string]error{"actions": oauth.ActionsNotRun(nil)}, beyond, []string{"feccft", "api_limit job"}, 500},
		{"let pass beyond its rate, and turned away", map[string]error{"sign": oauth.Overloaded()}, beyond, []string{"api_limit job"}, 503},
		{"seen, and turned away", map[string]error{"sign": oauth.Overloaded()}, notice, []string{"acls_summary job"}, 503},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := &steps{fail: tt.fail, notices: tt.notices}
			if len(tt.notices) > 0 && tt.notices[0].Type == tenant.LogAPILimit {
				s.notices, s.beyond = nil, tt.notices
			}
			if w := s.serve(post(formType, rightForm)); w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			var got []string
			for _, r := range s.records {
				text := r.Type
				if r.ClientName != nil && r.Type != "seccft" && r.Type != "feccft" {
					text += " " + *r.ClientName
				}
				got = append(got, text)
				if r.Tenant != "acme" || r.References.TraceID != "trace" {
					t.Errorf("record %+v", r)
				}
			}
			if diff := cmp.Diff(tt.records, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A refusal by a limit says when to come back, in fields of its own.
func TestAQuotaThatIsExceeded(t *testing.T) {
	s := &steps{fail: map[string]error{"reserve": oauth.QuotaExceeded("Client", errors.New("10 per hour"), []oauth.Header{{Name: "Retry-After", Value: "60"}})}}
	w := s.serve(post(formType, rightForm))
	if want := `{"error":"too_many_requests","error_description":"Client quota exceeded"}`; w.Code != http.StatusTooManyRequests || w.Body.String() != want {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w.Header().Get("Retry-After") != "60" || len(s.records) != 1 || s.records[0].Type != tenant.LogTokenRefused || s.records[0].Description != "Client quota exceeded" {
		t.Errorf("%v %+v", w.Header(), s.records)
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

// Who is turned away gets a 503 that says when to come back. Nothing is done for it: it is read only if there was room at first, and it has
// no record; the log tells of it once, however many there are.
func TestAnOverloadIsTurnedAwayAtStepZero(t *testing.T) {
	for name, late := range map[string]bool{"before it is read": false, "after it was read": true} {
		t.Run(name, func(t *testing.T) {
			s, log := &steps{full: true, late: late}, &bytes.Buffer{}
			h := s.handler()
			h.Log = slog.New(slog.NewJSONHandler(log, nil))
			for range 5 {
				r := post(formType, rightForm)
				w := httptest.NewRecorder()
				h.Serve(tenant.Call{Site: tenant.Site{Tenant: "acme"}}, w, r)
				if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !contains(w.Body.String(), "temporarily_unavailable") {
					t.Errorf("%d, Retry-After %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
				}
				if rest, _ := io.ReadAll(r.Body); (len(rest) == 0) != late {
					t.Errorf("%d bytes of the body were left unread", len(rest))
				}
			}
			if len(s.entered) > 0 || len(s.records) > 0 {
				t.Errorf("entered %v, records %+v", s.entered, s.records)
			}
			if diff := cmp.Diff(slices.Repeat([]oauth.Reason{oauth.ReasonOverloaded}, 5), s.reasons); diff != "" {
				t.Errorf("metrics (-want +got):\n%s", diff)
			}
			if lines := strings.Count(log.String(), "\n"); lines != 1 {
				t.Errorf("%d lines in the log:\n%s", lines, log)
			}
		})
	}
}

// Who was let in and then waited in vain for its turn is answered like one who was not let in.
func TestAnOverloadAtTheSignerLeavesNoRecord(t *testing.T) {
	s := &steps{fail: map[string]error{"sign": fmt.Errorf("access token for api: %w", oauth.Overloaded())}}
	w := s.serve(post(formType, rightForm))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !contains(w.Body.String(), "temporarily_unavailable") {
		t.Errorf("%d, Retry-After %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
	if len(s.records) > 0 || len(s.reasons) != 1 || s.reasons[0] != oauth.ReasonOverloaded {
		t.Errorf("records %+v, metrics %v", s.records, s.reasons)
	}
	if s.under != 0 || s.took <= 0 {
		t.Errorf("%d are still under way; the last told %s", s.under, s.took)
	}
}

// Whoever was let in leaves, however it ends; a refusal and a fault say nothing of how quick the server is.
func TestWhoWasLetInLeaves(t *testing.T) {
	for failing, err := range map[string]error{"": nil, "authenticate": oauth.Unauthorized(nil), "record": tenant.ErrUnavailable, "authorize": errPanic} {
		t.Run("failing: "+failing, func(t *testing.T) {
			s := &steps{fail: map[string]error{failing: err}}
			func() {
				defer func() { recover() }()
				s.serve(post(formType, rightForm))
			}()
			if s.under != 0 || (s.took > 0) != (failing == "") {
				t.Errorf("%d are still under way; the last took %s", s.under, s.took)
			}
		})
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

// Whoever bound an Action gets no token that it has not seen: the caller is told nothing of it, the record and the operator's log why.
func TestBoundActionMeansNoToken(t *testing.T) {
	var log bytes.Buffer
	s := &steps{bound: true}
	h := s.handler()
	h.Log = slog.New(slog.NewTextHandler(&log, nil))
	w := httptest.NewRecorder()
	h.Serve(tenant.Call{Site: tenant.Site{Tenant: "acme"}}, w, post(formType, rightForm))
	if want := `{"error":"server_error","error_description":"Internal server error"}`; w.Code != http.StatusInternalServerError || w.Body.String() != want {
		t.Errorf("%d %s, want 500 %s", w.Code, w.Body, want)
	}
	if got := asJSON(t, s.entered); got != `["admit","authenticate","authorize","reserve","actions","record"]` {
		t.Errorf("entered %s", got)
	}
	if len(s.records) != 1 || !strings.Contains(string(s.records[0].Details), "bound to credentials-exchange") || !strings.Contains(log.String(), "bound to credentials-exchange") {
		t.Errorf("records %v, log %s", s.records, log.String())
	}
}
