package mgmt

import (
	"encoding/json"
	"net/http"
	"testing"
)

// Whatever is sent wherever, it is no fault of ours: a status below 500, and a body in Auth0's envelope where it is refused.
func FuzzBodies(f *testing.F) {
	e := newEnv(f)
	ids, token := e.objectsOf(acme), e.token(acme)
	var targets []operation
	for _, op := range e.operations() {
		if op.body == nil {
			continue
		}
		op.path = op.at(f, ids)
		targets = append(targets, op)
		body, err := json.Marshal(op.body.sample())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(len(targets)-1), string(body))
	}
	for _, body := range brokenBodies() {
		if len(body) < 100_000 {
			f.Add(uint8(0), body)
		}
	}
	f.Fuzz(func(t *testing.T, target uint8, body string) {
		e.t = t
		op := targets[int(target)%len(targets)]
		status, text := e.ask(acme, token, op.method, op.path, body)
		if status >= 500 || e.log.Len() > 0 {
			t.Fatalf("%s %s %q: %d %s\n%s", op.method, op.path, body, status, text, e.log.String())
		}
		var refusal struct {
			StatusCode     int
			Error, Message string
		}
		if status < 400 {
			return
		}
		if err := json.Unmarshal([]byte(text), &refusal); err != nil || refusal.StatusCode != status || refusal.Error != http.StatusText(status) || refusal.Message == "" {
			t.Fatalf("%s %s %q: %d %s", op.method, op.path, body, status, text)
		}
	})
}
