package mgmt

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// explanationView is the answer to POST /writ/explain.
type explanationView struct {
	// Refused: no token would be issued now.
	Refused bool `json:"refused"`
	// Answer is what the token endpoint would say now, Recorded what it said then.
	Answer   answerView  `json:"answer"`
	Recorded *answerView `json:"recorded,omitempty"`
	// AuthenticationAssumed: there was no secret to judge.
	AuthenticationAssumed bool `json:"authentication_assumed"`
	// Request are the parameters that were judged, without the secret.
	Request   requestView    `json:"request"`
	Decisions []decisionView `json:"decisions"`
}

type answerView struct {
	Status      int    `json:"status"`
	Error       string `json:"error,omitempty"`
	Description string `json:"error_description,omitempty"`
	Scope       string `json:"scope,omitempty"`
	ExpiresIn   int    `json:"expires_in,omitempty"`
}

type requestView struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id,omitempty"`
	Audience     string `json:"audience,omitempty"`
	Resource     string `json:"resource,omitempty"`
	Scope        string `json:"scope,omitempty"`
	Organization string `json:"organization,omitempty"`
	IP           string `json:"ip,omitempty"`
	UserAgent    string `json:"user_agent,omitempty"`
}

type decisionView struct {
	Name    oauth.DecisionName `json:"name"`
	Outcome oauth.Outcome      `json:"outcome"`
	Message string             `json:"message,omitempty"`
	Facts   map[string]any     `json:"facts,omitempty"`
	// Mend is what would let the request pass this decision; only of the one that failed, and only if calls of this API can do it.
	Mend *mend `json:"mend,omitempty"`
}

func (a *API) viewExplanation(call tenant.Call, q oauth.Question, e oauth.Explanation, similar string) explanationView {
	view := explanationView{
		Refused: e.Answer.Refusal != nil, Answer: viewAnswer(e.Answer), AuthenticationAssumed: e.Assumed,
		Request: requestView{
			GrantType: q.GrantType, ClientID: q.ClientID, Audience: q.Audience, Resource: q.Resource, Scope: q.Scope, Organization: q.Organization,
			UserAgent: q.UserAgent,
		},
		Decisions: make([]decisionView, len(e.Decisions)),
	}
	if q.IP.IsValid() {
		view.Request.IP = q.IP.String()
	}
	if !view.Refused {
		view.Answer.Scope, view.Answer.ExpiresIn = strings.Join(e.Authorization.Scope, " "), e.Authorization.ResourceServer.TokenLifetime
	}
	if e.Recorded != nil {
		recorded := viewAnswer(*e.Recorded)
		view.Recorded = &recorded
	}
	for i, d := range e.Decisions {
		view.Decisions[i] = decisionView{Name: d.Name, Outcome: d.Outcome, Message: d.Message, Facts: d.Facts}
		if d.Outcome == oauth.OutcomeFailed {
			view.Decisions[i].Mend = a.mendOf(call, q, d.Name, e)
		}
		if d.Outcome == oauth.OutcomeFailed && similar != "" {
			view.Decisions[i].Message += fmt.Sprintf(` There is the API "%s": the slash at the end counts.`, similar)
			view.Decisions[i].Facts["similar"] = similar
		}
	}
	return view
}

func viewAnswer(answer oauth.Answer) answerView {
	if answer.Refusal == nil {
		return answerView{Status: http.StatusOK}
	}
	return answerView{Status: answer.Status, Error: answer.Refusal.Code, Description: answer.Refusal.Description}
}
