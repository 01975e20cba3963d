package server

import (
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"golang.org/x/term"
)

// NewLogger writes the server's own log to w: text for people or JSON, as c says; auto means text if w is a terminal.
// Attributes whose key names a secret are blotted out, whoever logs them: the last line of defence behind types that do not print.
func NewLogger(w io.Writer, c Config) *slog.Logger {
	terminal := isTerminal(w)
	if c.LogFormat == LogFormatJSON || c.LogFormat != LogFormatText && !terminal {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.LogLevel, ReplaceAttr: redact}))
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{
		Level: c.LogLevel, ReplaceAttr: redact, TimeFormat: time.TimeOnly, NoColor: !terminal,
	}))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// redact is a slog ReplaceAttr.
func redact(_ []string, a slog.Attr) slog.Attr {
	if secretKey(a.Key) {
		return slog.String(a.Key, "[REDACTED]")
	}
	return a
}

// secretKey knows the keys under which secrets travel: parameters of OAuth, headers, fields of the Management API.
func secretKey(key string) bool {
	switch strings.ToLower(key) {
	case "client_secret", "client_assertion", "assertion", "access_token", "id_token", "refresh_token", "token",
		"authorization", "proxy-authorization", "cookie", "set-cookie", "dpop",
		"password", "secret", "signing_secret", "private_key", "master_key", "master-key", "database", "api_key":
		return true
	}
	return false
}
