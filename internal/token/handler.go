package token

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Admission is part of step 0: how many requests may be under way. Errors: *oauth.Error Overloaded, at once.
type Admission interface {
	// Full reports whether Enter would refuse now.
	Full() bool
	// Enter returns how many requests are then under way; Leave takes that, and how long the request took: 0
	// unless it was issued a token, or waited for one for too long.
	Enter() (underWay int64, err error)
	Leave(underWay int64, took time.Duration)
}

// Authenticator is step 2. It returns the client even with a refusal if there is one of that name, so that the log can name it.
type Authenticator interface {
	Authenticate(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error)
	// Assume is Authenticate with whatever secret the client has. For Explain only.
	Assume(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error)
}

// Authorizer is step 3. With a refusal it returns what was decided before.
type Authorizer interface {
	Authorize(ctx context.Context, client *tenant.Client, req *oauth.TokenRequest) (*oauth.Authorization, error)
}

// Limits are steps 0 and 4. Errors: *oauth.Error, or the store's; with one, nothing is held, and the hold only tells what is left.
type Limits interface {
	// Admit is step 0: whether requests may come from where call does. Notices are for the log, with a refusal too.
	Admit(ctx context.Context, call *tenant.Call) (notices []tenant.LogNotice, err error)
	// Judge is Admit that counts nothing and refuses nobody. For Explain only.
	Judge(ctx context.Context, call *tenant.Call) (tenant.Judgement, error)
	// Reserve takes what a token costs.
	Reserve(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error)
	// Preview is Reserve that takes nothing. For Explain only.
	Preview(ctx context.Context, auth *oauth.Authorization) (oauth.Hold, error)
}

// Actions is step 5.
type Actions interface {
	// ActionsBound reports whether an Action of the tenant has to run before a token is issued.
	ActionsBound(ctx context.Context, tenantName string) (bool, error)
}

// Signer is step 6.
type Signer interface {
	AccessToken(ctx context.Context, auth *oauth.Authorization) (oauth.Token, error)
}

// Recorder is step 7. Append returns once the record is durable; tenant.ErrUnavailable if it cannot be.
type Recorder interface {
	Append(ctx context.Context, event tenant.LogEvent) error
}

// Handler serves the token endpoint. All exported fields are required. Safe for concurrent use.
type Handler struct {
	Admission Admission
	Clients   Authenticator
	Grants    Authorizer
	Limits    Limits
	Actions   Actions
	Signer    Signer
	Records   Recorder
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   Metrics

	warned atomic.Int64 // when the log was last told of an overload, in Unix seconds
}

// Metrics counts what the endpoint did.
type Metrics interface {
	// TokenRequest: reason is 0 for an issued token.
	TokenRequest(reason oauth.Reason, took time.Duration)
	// RefusalUnrecorded: a refusal went out although its log record could not be written.
	RefusalUnrecorded()
}

// exchange is one request on its way down the pipeline: what is known of it so far, for the steps and for the record.
type exchange struct {
	call    tenant.Call
	started time.Time
	req     *oauth.TokenRequest
	client  *tenant.Client
	auth    *oauth.Authorization
	hold    oauth.Hold
	token   oauth.Token
	// notices are what step 0 has for the log.
	notices []tenant.LogNotice

	// network is what the network ACLs say of ip, the zero Addr if that is not known. Of an explanation only.
	network tenant.Judgement
	ip      netip.Addr
}

// Serve answers one request to the token endpoint of call's tenant.
func (h *Handler) Serve(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	if h.Admission.Full() { // 0 before anything is read
		h.turnAway(w, 0)
		return
	}
	in := receive(w, r) // before it is let in: who sends slowly takes nobody's place
	underWay, err := h.Admission.Enter()
	if err != nil {
		h.turnAway(w, 0)
		return
	}
	var tells time.Duration // what it says of how quick the server is
	defer func() { h.Admission.Leave(underWay, tells) }()
	x := &exchange{call: call, started: h.Now()}
	// From here on the request is carried through whatever the caller does: a token that is signed is recorded.
	ctx := context.WithoutCancel(r.Context())
	err = h.exchange(ctx, x, in)
	if err == nil {
		tells = h.Now().Sub(x.started)
		h.Metrics.TokenRequest(0, tells)
		h.notice(ctx, x, nil)
		writeToken(w, x)
		return
	}
	refusal := oauth.AsError(err)
	if refusal.Reason == oauth.ReasonOverloaded { // it was let in, but the server has become slower since
		tells = h.Now().Sub(x.started)
		h.notice(ctx, x, nil)
		h.turnAway(w, tells)
		return
	}
	if !refusal.Unrecorded() {
		h.recordRefusal(ctx, x, refusal)
	}
	h.notice(ctx, x, refusal.Notices)
	h.Metrics.TokenRequest(refusal.Reason, h.Now().Sub(x.started))
	writeRefusal(w, refusal)
}

// exchange is the token path behind the door. Step 5 (Actions) has its number and comes with its room.
func (h *Handler) exchange(ctx context.Context, x *exchange, in received) (err error) {
	if x.notices, err = h.Limits.Admit(ctx, &x.call); err != nil { // 0 where it comes from, before any secret is looked at
		return err
	}
	if x.req, err = parseRequest(x.call, in); err != nil { // 1 RFC 6749 section 4.4.2
		return err
	}
	defer h.release(ctx, x) // whatever becomes of it; nothing after Keep
	if err = h.decide(ctx, x, h.Clients, h.Limits); err != nil {
		return err
	}
	if x.token, err = h.Signer.AccessToken(ctx, x.auth); err != nil { // 6 RFC 9068 section 2, or the auth0 profile
		return err
	}
	if err = h.Records.Append(ctx, x.issued()); err != nil { // 7 durable before the answer
		return err
	}
	x.hold.Keep()
	return nil
}

// decide is all that is decided of a well-formed request. Explain runs it dry.
func (h *Handler) decide(ctx context.Context, x *exchange, clients Authenticator, limits Limits) (err error) {
	if x.client, err = clients.Authenticate(ctx, x.req); err != nil { // 2 RFC 6749 section 2.3.1
		return err
	}
	if x.auth, err = h.Grants.Authorize(ctx, x.client, x.req); err != nil { // 3 audience, client grant, scope
		return err
	}
	if x.hold, err = limits.Reserve(ctx, x.auth); err != nil { // 4 what a token costs, taken before it is signed
		return err
	}
	return h.checkActions(ctx, x)
}

// release gives back what step 4 took for a token that was not issued. What cannot be given back is lost to the client, never to the limit.
func (h *Handler) release(ctx context.Context, x *exchange) {
	if err := x.hold.Release(ctx); err != nil {
		h.Log.WarnContext(ctx, "a token that was not issued stays counted", "tenant", x.call.Tenant, "request_id", x.call.RequestID, "cause", err)
	}
}

// errNoActionRuntime says what to do.
var errNoActionRuntime = errors.New("an Action is bound to credentials-exchange, and this server does not run Actions yet: it issues no token " +
	"that the Action has not seen. Remove the binding, or wait for a version that runs it")

// checkActions stands for step 5 until there is its room: a token is refused rather than issued behind an Action's back.
func (h *Handler) checkActions(ctx context.Context, x *exchange) error {
	bound, err := h.Actions.ActionsBound(ctx, x.call.Tenant)
	if err != nil {
		return fmt.Errorf("look for bound Actions: %w", err)
	}
	if bound {
		return oauth.ActionsNotRun(errNoActionRuntime)
	}
	return nil
}

// warnEvery is the least time between two warnings of an overload.
const warnEvery = 10 * time.Second

// turnAway answers who cannot be served in time, after so long. A metric counts them; a record for each would make the overload worse, and so would a line.
func (h *Handler) turnAway(w http.ResponseWriter, took time.Duration) {
	refusal := oauth.Overloaded()
	h.Metrics.TokenRequest(refusal.Reason, took)
	now, last := h.Now().Unix(), h.warned.Load()
	if apart := time.Duration(now-last) * time.Second; apart.Abs() >= warnEvery && h.warned.CompareAndSwap(last, now) {
		h.Log.Warn("more token requests than this server can answer in time: some are turned away", "metric", "writ_token_requests_total")
	}
	writeRefusal(w, refusal)
}

// notice writes what steps 0 and 4 have to say beside the request's own record, and its refusal. They say it now and then only, so it is written
// whatever becomes of the request. The answer does not hang on it.
func (h *Handler) notice(ctx context.Context, x *exchange, ofRefusal []tenant.LogNotice) {
	for _, notice := range slices.Concat(x.notices, x.hold.Notices, ofRefusal) {
		event := x.event(notice.Type, notice.Description)
		event.Details = notice.Details
		if err := h.Records.Append(ctx, event); err != nil {
			h.Log.WarnContext(ctx, "a notice without its log record", "tenant", x.call.Tenant, "type", notice.Type, "request_id", x.call.RequestID, "cause", err)
		}
	}
}

// recordRefusal writes the refusal's record. If that fails the refusal keeps its own status: there is no token to protect.
func (h *Handler) recordRefusal(ctx context.Context, x *exchange, refusal *oauth.Error) {
	if refusal.Reason == oauth.ReasonInternal || refusal.Reason == oauth.ReasonActions {
		h.Log.ErrorContext(ctx, "token request failed", "tenant", x.call.Tenant, "request_id", x.call.RequestID, "cause", refusal.Cause)
	}
	if err := h.Records.Append(ctx, x.refused(refusal)); err != nil {
		h.Metrics.RefusalUnrecorded()
		h.Log.WarnContext(ctx, "refusal without its log record", "tenant", x.call.Tenant, "request_id", x.call.RequestID, "cause", err)
	}
}
