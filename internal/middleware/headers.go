package middleware

import (
	"net"
	"net/http"
	"strings"
)

// SecurityHeaders adds to every answer X-Content-Type-Options, X-Robots-Tag and Vary as real tenants send them, and on https
// Strict-Transport-Security for a year. That header is left out for localhost, where it would break every other
// development server of the same browser, and it never includes subdomains: those of a base domain may not be ours.
// Behind Identify.
func SecurityHeaders(next http.Handler) http.Handler {
	// Shared between answers: full slices, so that an append by a handler copies them.
	var (
		nosniff = []string{"nosniff"}
		robots  = []string{"noindex, nofollow, nosnippet, noarchive"}
		vary    = []string{"Accept-Encoding"}
		hsts    = []string{"max-age=31536000"}
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["X-Content-Type-Options"] = nosniff
		header["X-Robots-Tag"] = robots
		header["Vary"] = vary
		if HTTPS(r) && !isLocal(r.Host) {
			header["Strict-Transport-Security"] = hsts
		}
		next.ServeHTTP(w, r)
	})
}

// isLocal reports whether authority is a localhost name; browsers ignore the header for addresses anyway.
func isLocal(authority string) bool {
	host, _, err := net.SplitHostPort(authority)
	if err != nil {
		host = authority
	}
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
