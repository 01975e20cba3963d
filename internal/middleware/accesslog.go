package middleware

import (
	"log/slog"
	"net/http"
	"time"
)

// AccessLog writes one line per request: method, route pattern, status, bytes, duration_ms, ip, request_id, tenant. The URL
// is not in it: a query string or a path may hold what no log should. Server errors are warnings; a 503 is Debug, because an
// overload makes many and metrics tell; the rest is Info.
// Behind Identify; no handler between it and the mux may copy the request. now is time.Now outside of tests.
func AccessLog(log *slog.Logger, now func() time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := now()
		noted := &response{ResponseWriter: w}
		defer func() { logRequest(log, noted, r, now().Sub(started)) }() // deferred: an aborted request has its line, too
		next.ServeHTTP(noted, r)
	})
}

func logRequest(log *slog.Logger, w *response, r *http.Request, took time.Duration) {
	status := w.status
	if status == 0 {
		status = http.StatusOK // what net/http sends for a handler that wrote nothing
	}
	level := slog.LevelInfo
	switch {
	case status == http.StatusServiceUnavailable:
		level = slog.LevelDebug
	case status >= http.StatusInternalServerError:
		level = slog.LevelWarn
	}
	ctx := r.Context()
	if !log.Enabled(ctx, level) {
		return
	}
	log.LogAttrs(ctx, level, "request",
		slog.String("method", method(r.Method)),
		slog.String("route", r.Pattern),
		slog.Int("status", status),
		slog.Int64("bytes", w.bytes),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000),
		slog.String("ip", ClientIP(ctx).String()),
		slog.String("request_id", RequestID(ctx)),
		slog.String("tenant", w.tenant),
	)
}

// method keeps a caller's inventions out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return m
	}
	return "OTHER"
}
