package token

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Explain runs the decisions of the token path for a request that nobody sent, and says how each ended. Nothing is signed, recorded,
// counted or admitted. Errors: tenant.ErrUnavailable, or a fault of ours; a refusal is no error but what is explained.
func (h *Handler) Explain(ctx context.Context, call tenant.Call, q oauth.Question) (oauth.Explanation, error) {
	x := &exchange{call: call}
	err := h.tryOut(ctx, x, q)
	if q.Recorded != nil && stands(q, x) {
		err = q.Recorded
	}
	e := oauth.Explanation{
		Answer: oauth.Answer{Status: http.StatusOK}, Assumed: q.Secret == "", Network: x.network.Decided, Client: x.client, Authorization: x.auth,
		Quotas: x.hold.Quotas,
	}
	if err != nil {
		refusal := oauth.AsError(err)
		if refusal.Decision(x.client != nil) == "" {
			return oauth.Explanation{}, err
		}
		e.Answer = answerOf(refusal)
	}
	if x.req != nil {
		e.Asked = x.req.Scope
	}
	if q.Recorded != nil {
		recorded := answerOf(q.Recorded)
		e.Recorded = &recorded
	}
	e.Decisions = decisions(x, &e)
	return e, nil
}

func answerOf(refusal *oauth.Error) oauth.Answer {
	return oauth.Answer{Status: statusOf(refusal.Reason), Refusal: refusal}
}

// tryOut takes the question through steps 0 to 5. Errors: *oauth.Error, or the store's.
func (h *Handler) tryOut(ctx context.Context, x *exchange, q oauth.Question) error {
	if err := h.judgeNetwork(ctx, x, q); err != nil {
		return err
	}
	clients := h.Clients
	if q.Secret == "" {
		clients = assuming{h.Clients}
	}
	params, err := paramsOf(q)
	if err != nil {
		return err
	}
	if x.req, err = newRequest(x.call, params, nil); err != nil {
		return err
	}
	x.req.DPoP = q.DPoP
	return h.decide(ctx, x, clients, previewing{h.Limits})
}

// judgeNetwork is step 0 for where the question says that the request comes from. Through which proxy it would come is not known, so that
// rules about that are uncertain.
func (h *Handler) judgeNetwork(ctx context.Context, x *exchange, q oauth.Question) (err error) {
	from := x.call
	from.IP, from.Peer, from.UserAgent = q.IP, netip.Addr{}, q.UserAgent
	if x.network, err = h.Limits.Judge(ctx, &from); err != nil {
		return err
	}
	if x.ip = q.IP; x.ip.IsValid() && x.network.Refuses() {
		return oauth.NetworkRefused(x.network.Decided)
	}
	return nil
}

// stands reports whether the recorded refusal cannot be tried again, because it was decided before anything that a record keeps was
// looked at. Whose secret was wrong may be refused for another reason now: that counts.
func stands(q oauth.Question, x *exchange) bool {
	switch q.Recorded.Decision(q.ClientID != "") {
	case oauth.DecisionRequest, oauth.DecisionClient:
		return true
	case oauth.DecisionAuthentication:
		return x.auth != nil // nothing but the secret was wrong
	}
	return false
}

// assuming takes every client as authenticated that could be.
type assuming struct{ Authenticator }

func (a assuming) Authenticate(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error) {
	return a.Assume(ctx, req)
}

// previewing looks at the limits and takes nothing.
type previewing struct{ Limits }

func (p previewing) Reserve(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error) {
	return p.Preview(ctx, auth)
}

// paramsOf is the question as the parameters of a form. Errors: *oauth.Error.
func paramsOf(q oauth.Question) (params, error) {
	var ps params
	for _, p := range []param{
		{"grant_type", q.GrantType}, {"client_id", q.ClientID}, {"client_secret", q.Secret.Reveal()}, {"audience", q.Audience},
		{"resource", q.Resource}, {"scope", q.Scope}, {"organization", q.Organization},
	} {
		if err := ps.add(p.name, p.value); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

// decisions tells of each decision how it ended, by the one that refused.
func decisions(x *exchange, e *oauth.Explanation) []oauth.Decision {
	names := oauth.Decisions()
	failed := len(names)
	if refusal := e.Answer.Refusal; refusal != nil {
		failed = slices.Index(names, refusal.Decision(x.client != nil))
	}
	all := make([]oauth.Decision, len(names))
	for i, name := range names {
		all[i] = oauth.Decision{Name: name, Outcome: oauth.OutcomeNotReached}
		switch {
		case i < failed:
			all[i].Outcome, all[i].Message = oauth.OutcomePassed, passed(name, x, e.Assumed)
		case i == failed:
			all[i].Outcome, all[i].Message = oauth.OutcomeFailed, sentence(e.Answer.Refusal.ForOperators())
		default:
			continue
		}
		all[i].Facts = facts(name, x, e)
	}
	return all
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}
