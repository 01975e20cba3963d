// Package middleware is what every HTTP request passes before any endpoint: request id, the caller's address behind trusted
// proxies, access log, recovery from panics, body limit, security headers.
//
// Owns: the request id and the client IP, which are all that writ keeps in a context; the wrapped ResponseWriter.
// Does not own: routing, tenants, the text of any answer (formats are handed in).
// May import: the standard library only.
//
// Order, outermost first: Identify, AccessLog, Recover, SecurityHeaders, then the mux. Only Identify copies the request, so
// that AccessLog sees the pattern that the mux writes into it.
package middleware
