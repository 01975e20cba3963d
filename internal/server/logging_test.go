package server

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoggerRedacts(t *testing.T) {
	const canary = "canary-7f3a"
	for _, format := range []string{LogFormatJSON, LogFormatText} {
		var out bytes.Buffer
		log := NewLogger(&out, Config{LogFormat: format})
		for _, key := range []string{"client_secret", "Authorization", "access_token", "client_assertion", "password", "master_key", "cookie"} {
			log.Info("attribute", key, canary)
			log.Info("group", slog.Group("request", key, canary))
			log.With(key, canary).Info("with")
		}
		if strings.Contains(out.String(), canary) {
			t.Errorf("%s: a secret was logged:\n%s", format, out.String())
		}
		log.Info("shown", "client_id", canary)
		if !strings.Contains(out.String(), canary) {
			t.Errorf("%s: what is no secret was not logged", format)
		}
	}
}

func TestLoggerFormat(t *testing.T) {
	var out bytes.Buffer
	NewLogger(&out, Config{LogFormat: LogFormatAuto}).Info("hello", "n", 1)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line["msg"] != "hello" {
		t.Errorf("what is no terminal gets JSON: %q", out.String())
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if isTerminal(file) {
		t.Error("a file is no terminal")
	}
	out.Reset()
	NewLogger(&out, Config{LogFormat: LogFormatText}).Info("hello", "n", 1)
	if strings.Contains(out.String(), "\x1b[") || !strings.Contains(out.String(), "hello n=1") {
		t.Errorf("text without a terminal has no colours: %q", out.String())
	}
}

func TestLoggerLevel(t *testing.T) {
	var out bytes.Buffer
	log := NewLogger(&out, Config{LogFormat: LogFormatJSON, LogLevel: slog.LevelWarn})
	if log.Info("no"); out.Len() > 0 {
		t.Errorf("below the level: %s", out.String())
	}
	if log.Warn("yes"); out.Len() == 0 {
		t.Error("at the level, but not logged")
	}
}
