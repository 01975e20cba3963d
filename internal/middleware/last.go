package middleware

import "net/http"

// LastAnswers makes every answer the last of its connection while ending says so: Connection: close in HTTP/1.1 (RFC 9112 section 9.6),
// GOAWAY in HTTP/2 (RFC 9113 section 6.8, which net/http makes of that header). A caller that was told sends nothing more there, so
// that the connection can be closed without losing a request.
func LastAnswers(ending func() bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ending() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
