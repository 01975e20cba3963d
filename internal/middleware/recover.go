package middleware

import (
	"log/slog"
	"net/http"
	"runtime/debug"
)

// Recover turns a panic into fail's answer, a 500 in the endpoint's own format, and logs it with its stack. What panicked
// never reaches the caller. If part of an answer is out, the connection is cut instead, so that none is taken for whole.
func Recover(log *slog.Logger, fail http.HandlerFunc, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noted := find(w)
		if noted == nil {
			noted = &response{ResponseWriter: w}
			w = noted
		}
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if fault == http.ErrAbortHandler {
				panic(fault)
			}
			log.ErrorContext(r.Context(), "panic in a handler", "panic", fault, "route", r.Pattern,
				"request_id", RequestID(r.Context()), "stack", string(debug.Stack()))
			if noted.status != 0 {
				panic(http.ErrAbortHandler)
			}
			for _, stale := range []string{"Content-Length", "Content-Encoding", "Etag", "Last-Modified"} {
				w.Header().Del(stale) // of the answer that never came
			}
			fail(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
