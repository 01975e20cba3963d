package mgmt

import (
	"testing"

	"github.com/writ-auth/writ/internal/signing"
)

// A rotation too many is refused before it costs a key.
func TestRefusedRotationMakesNoKey(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for range maxRotations {
		if status, body := e.ask(acme, token, "POST", "/keys/signing/rotate", ""); status != 201 {
			t.Fatalf("%d %s", status, body)
		}
	}
	e.api.keys = signing.NewGenerator(signing.GeneratorConfig{})
	e.api.keys.Close() // whoever asks it for a key gets an error
	if status, body := e.ask(acme, token, "POST", "/keys/signing/rotate", ""); status != 429 {
		t.Errorf("%d %s", status, body)
	}
}
