package oauth

import (
	"context"

	"github.com/writ-auth/writ/internal/tenant"
)

// Hold is what a token request has taken of its limits before its token is signed. The zero Hold has taken nothing. It belongs to one
// request, and is not safe for concurrent use.
type Hold struct {
	// Headers tell the caller of its limits; they stand in the answer that has the token. A refusal has its own (Error.Headers).
	Headers []Header
	// Notices are for the tenant's log, beside the record of the request, whatever becomes of it. A refusal has its own (Error.Notices).
	Notices []tenant.LogNotice
	// Quotas are the levels of the quotas that count for the request, also beside a refusal; nil = none does.
	Quotas []tenant.QuotaLevel

	giveBack func(context.Context) error
}

// Header is one field of an HTTP answer, by its canonical name (net/http.CanonicalHeaderKey).
type Header struct{ Name, Value string }

// NewHold is a hold of something; giveBack returns it to where it was taken, and is called once at most.
func NewHold(headers []Header, giveBack func(context.Context) error) Hold {
	return Hold{Headers: headers, giveBack: giveBack}
}

// Keep makes Release do nothing: what was taken is spent.
func (h *Hold) Keep() { h.giveBack = nil }

// Release gives back what was taken, unless it was kept or given back before. An error says that it stays taken.
func (h *Hold) Release(ctx context.Context) error {
	giveBack := h.giveBack
	if giveBack == nil {
		return nil
	}
	h.giveBack = nil
	return giveBack(ctx)
}
