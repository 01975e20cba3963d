package middleware

import "net/http"

// BodyLimit lets a handler read at most limit bytes of the body. A body whose declared length is more is answered by
// tooLarge unread; one that turns out longer makes Read fail with *http.MaxBytesError, which the handler answers itself.
func BodyLimit(limit int64, tooLarge http.HandlerFunc, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > limit {
			w.Header().Set("Connection", "close") // the rest of the body is not worth reading
			tooLarge(w, r)
			return
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(innermost(w), r.Body, limit) // innermost: net/http then closes the connection
		}
		next.ServeHTTP(w, r)
	})
}
