package token

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// Authenticator is step 2. It returns the client even with a refusal if there is one of that name, so that the log can name it.
type Authenticator interface {
	Authenticate(ctx context.Context, req *oauth.TokenRequest) (*tenant.Client, error)
}

// Authorizer is step 3.
type Authorizer interface {
	Authorize(ctx context.Context, client *tenant.Client, req *oauth.TokenRequest) (*oauth.Authorization, error)
}

// Signer is step 6.
type Signer interface {
	AccessToken(ctx context.Context, auth *oauth.Authorization) (oauth.Token, error)
}

// Recorder is step 7. Append returns once the record is durable; tenant.ErrUnavailable if it cannot be.
type Recorder interface {
	Append(ctx context.Context, event tenant.LogEvent) error
}

// Handler serves the token endpoint. All fields are required. Safe for concurrent use.
type Handler struct {
	Clients Authenticator
	Grants  Authorizer
	Signer  Signer
	Records Recorder
	Now     func() time.Time
	Log     *slog.Logger
	Metrics Metrics
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
	token   oauth.Token
}

// Serve answers one request to the token endpoint of call's tenant.
func (h *Handler) Serve(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	x := &exchange{call: call, started: h.Now()}
	// From here on the request is carried through whatever the caller does: a token that is signed is recorded.
	ctx := context.WithoutCancel(r.Context())
	if err := h.exchange(ctx, x, w, r); err != nil {
		refusal := oauth.AsError(err)
		h.recordRefusal(ctx, x, refusal)
		h.Metrics.TokenRequest(refusal.Reason, h.Now().Sub(x.started))
		writeRefusal(w, refusal)
		return
	}
	h.Metrics.TokenRequest(0, h.Now().Sub(x.started))
	writeToken(w, x)
}

// exchange is the token path. Steps 0 (admission), 4 (quota) and 5 (Actions) have their numbers and come with their rooms.
func (h *Handler) exchange(ctx context.Context, x *exchange, w http.ResponseWriter, r *http.Request) (err error) {
	if x.req, err = parseRequest(x.call, w, r); err != nil { // 1 RFC 6749 section 4.4.2
		return err
	}
	if x.client, err = h.Clients.Authenticate(ctx, x.req); err != nil { // 2 RFC 6749 section 2.3.1
		return err
	}
	if x.auth, err = h.Grants.Authorize(ctx, x.client, x.req); err != nil { // 3 audience, client grant, scope
		return err
	}
	if x.token, err = h.Signer.AccessToken(ctx, x.auth); err != nil { // 6 RFC 9068 section 2, or the auth0 profile
		return err
	}
	return h.Records.Append(ctx, x.issued()) // 7 durable before the answer
}

// recordRefusal writes the refusal's record. If that fails the refusal keeps its own status: there is no token to protect.
func (h *Handler) recordRefusal(ctx context.Context, x *exchange, refusal *oauth.Error) {
	if refusal.Reason == oauth.ReasonInternal {
		h.Log.ErrorContext(ctx, "token request failed", "tenant", x.call.Tenant, "request_id", x.call.RequestID, "cause", refusal.Cause)
	}
	if err := h.Records.Append(ctx, x.refused(refusal)); err != nil {
		h.Metrics.RefusalUnrecorded()
		h.Log.WarnContext(ctx, "refusal without its log record", "tenant", x.call.Tenant, "request_id", x.call.RequestID, "cause", err)
	}
}
