package middleware

import (
	"context"
	"net/http"
	"net/netip"
)

// RequestIDHeader is on every answer; its value is the log record's references.trace_id. Spelled as recorded, which is not
// Go's canonical form: HTTP/1.1 callers see it as real tenants send it.
const RequestIDHeader = "X-Auth0-RequestId"

// identity is all that a context holds. One value, so that a request is copied once.
type identity struct {
	requestID string
	clientIP  netip.Addr
}

type identityKey struct{}

// Identify gives each request an id, finds out who called, and puts both into the context. It is the outermost handler and
// the only reader of forwarded headers: behind it, r.Host is the authority that the caller meant. newID is
// tenant.NewRequestID outside of tests.
func Identify(newID func() string, proxies Proxies, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer := PeerIP(r)
		who := &identity{requestID: newID(), clientIP: proxies.clientIP(peer, r.Header[headerForwardedFor])}
		w.Header()[RequestIDHeader] = []string{who.requestID}
		r = r.WithContext(context.WithValue(r.Context(), identityKey{}, who))
		proxies.applyForwarded(r, peer)
		next.ServeHTTP(w, r)
	})
}

// RequestID is the id of the request that ctx belongs to; empty outside of Identify.
func RequestID(ctx context.Context) string {
	if who, ok := ctx.Value(identityKey{}).(*identity); ok {
		return who.requestID
	}
	return ""
}

// ClientIP is the caller's address, behind trusted proxies the forwarded one; the zero Addr outside of Identify.
func ClientIP(ctx context.Context) netip.Addr {
	if who, ok := ctx.Value(identityKey{}).(*identity); ok {
		return who.clientIP
	}
	return netip.Addr{}
}
