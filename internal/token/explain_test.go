package token

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// dry plays the deciding rooms, with one decision that refuses; the other rooms are absent, so that entering one is a panic.
type dry struct {
	client  *tenant.Client
	assumed bool
	refusal error // of Authorize
	unknown error // of Authenticate

	judgement tenant.Judgement
}

func (d *dry) Authenticate(context.Context, *oauth.TokenRequest) (*tenant.Client, error) {
	return d.client, d.unknown
}

func (d *dry) Assume(context.Context, *oauth.TokenRequest) (*tenant.Client, error) {
	d.assumed = true
	return d.client, d.unknown
}

func (d *dry) Authorize(context.Context, *tenant.Client, *oauth.TokenRequest) (*oauth.Authorization, error) {
	return &oauth.Authorization{
		Client: d.client, Audience: "urn:api", ResourceServer: &tenant.ResourceServer{ID: "rs"}, Grant: &tenant.ClientGrant{ID: "g"}, Scope: []string{"a"},
	}, d.refusal
}

// Admit is of requests only.
func (d *dry) Admit(context.Context, *tenant.Call) ([]tenant.LogNotice, error) {
	panic("an explanation admits nobody")
}

func (d *dry) Judge(context.Context, *tenant.Call) (tenant.Judgement, error) {
	return d.judgement, nil
}

// Reserve is of requests only.
func (d *dry) Reserve(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	panic("an explanation takes something")
}

func (d *dry) Preview(context.Context, *oauth.Authorization) (oauth.Hold, error) {
	return oauth.Hold{}, nil
}

func (d *dry) explain(t *testing.T, q oauth.Question) oauth.Explanation {
	t.Helper()
	if q.GrantType == "" {
		q.GrantType, q.ClientID = tenant.GrantClientCredentials, "id"
	}
	e, err := (&Handler{Clients: d, Grants: d, Limits: d, Actions: &steps{}}).Explain(t.Context(), tenant.Call{}, q)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Every reason of the catalogue is explained by the one decision that it belongs to: what is before has passed, what is behind was not
// reached. What says nothing of the request is an error.
func TestEveryReasonIsADecision(t *testing.T) {
	faults := map[oauth.Reason]bool{oauth.ReasonOverloaded: true, oauth.ReasonUnavailable: true, oauth.ReasonInternal: true}
	seen := map[oauth.DecisionName]bool{}
	for _, reason := range oauth.Reasons() {
		d := &dry{client: &tenant.Client{}, refusal: fmt.Errorf("room: %w", &oauth.Error{Reason: reason, Description: "why"})}
		e, err := (&Handler{Clients: d, Grants: d, Limits: d, Actions: &steps{}}).Explain(t.Context(), tenant.Call{}, oauth.Question{GrantType: tenant.GrantClientCredentials, ClientID: "id"})
		if faults[reason] {
			if err == nil {
				t.Errorf("%s: explained as %+v", reason, e.Failed())
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", reason, err)
			continue
		}
		failed := false
		for i, decision := range e.Decisions {
			want := oauth.OutcomePassed
			switch {
			case failed:
				want = oauth.OutcomeNotReached
			case decision.Outcome == oauth.OutcomeFailed:
				failed, want = true, oauth.OutcomeFailed
				seen[decision.Name] = true
			}
			if decision.Outcome != want || decision.Name != oauth.Decisions()[i] || (decision.Message == "") != (want == oauth.OutcomeNotReached) {
				t.Errorf("%s: decision %d is %+v", reason, i, decision)
			}
		}
		if !failed || e.Answer.Status != status[reason] {
			t.Errorf("%s: answer %+v", reason, e.Answer)
		}
	}
	if len(seen) != len(oauth.Decisions()) {
		t.Errorf("only %v ever fail, of %v", seen, oauth.Decisions())
	}
}

func TestExplainAssumesWhatIsNotGiven(t *testing.T) {
	for secret, assumed := range map[tenant.Secret]bool{"": true, "x": false} {
		d := &dry{client: &tenant.Client{}}
		e := d.explain(t, oauth.Question{GrantType: tenant.GrantClientCredentials, ClientID: "id", Secret: secret})
		if e.Assumed != assumed || d.assumed != assumed || e.Failed() != nil || e.Answer.Status != 200 {
			t.Errorf("secret given %v: %+v", !assumed, e)
		}
	}
}

// A store that is gone explains nothing.
func TestExplainWithoutStore(t *testing.T) {
	d := &dry{unknown: fmt.Errorf("find client: %w", tenant.ErrUnavailable)}
	_, err := (&Handler{Clients: d, Grants: d, Limits: d, Actions: &steps{}}).Explain(t.Context(), tenant.Call{}, oauth.Question{GrantType: tenant.GrantClientCredentials, ClientID: "id"})
	if !errors.Is(err, tenant.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

// A recorded refusal stands where the record has not what it was about; a client that is refused for another reason by now is refused
// for that.
func TestExplainOfARecord(t *testing.T) {
	known := &tenant.Client{}
	tests := []struct {
		rule     string
		rooms    *dry
		id       string
		recorded *oauth.Error
		failed   oauth.DecisionName // empty = none
	}{
		{"the form", &dry{client: known}, "", oauth.MissingParameter("grant_type"), oauth.DecisionRequest},
		{"no client", &dry{client: known}, "", oauth.MissingClientID(), oauth.DecisionClient},
		{"an unknown client", &dry{client: known}, "", oauth.Unauthorized(errors.New("unknown")), oauth.DecisionClient},
		{"a wrong secret", &dry{client: known}, "id", oauth.WrongSecret(errors.New("wrong")), oauth.DecisionAuthentication},
		{"a wrong secret of a client that is gone", &dry{unknown: oauth.Unauthorized(nil)}, "id", oauth.WrongSecret(nil), oauth.DecisionClient},
		{"a grant that is there by now", &dry{client: known}, "id", oauth.NoClientGrant("id", "urn:api", nil), ""},
		{"a grant that is there by now, and another refusal", &dry{client: known, refusal: oauth.ScopesNotGranted([]string{"b"})}, "id",
			oauth.NoClientGrant("id", "urn:api", nil), oauth.DecisionScope},
		{"a fault of ours that is over", &dry{client: known}, "id", oauth.Internal(nil), ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			e := tt.rooms.explain(t, oauth.Question{GrantType: tenant.GrantClientCredentials, ClientID: tt.id, Recorded: tt.recorded})
			failed := e.Failed()
			if failed == nil && tt.failed != "" || failed != nil && failed.Name != tt.failed {
				t.Errorf("failed %+v, want %q", failed, tt.failed)
			}
			if e.Recorded == nil || e.Recorded.Status != status[tt.recorded.Reason] {
				t.Errorf("recorded %+v", e.Recorded)
			}
		})
	}
}
