package mgmt

import (
	"strings"
	"testing"
	"time"
)

// A search that takes too long ends.
func TestLogSearchEnds(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	e.api.searchTimeout = time.Nanosecond
	for _, path := range []string{"/logs?q=user_agent:x", "/logs?from="} {
		if status, body := e.ask(acme, token, "GET", path, ""); status != 503 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if !strings.Contains(e.log.String(), "took longer than") {
		t.Error("the operator is not told why")
	}
}
