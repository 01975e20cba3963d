package mgmt

import (
	"crypto/rsa"
	"errors"
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
	e.api.keys = signing.NewGenerator(signing.GeneratorConfig{RSAKeys: func() (*rsa.PrivateKey, error) {
		t.Error("a key was made")
		return nil, errors.New("no keys here")
	}})
	defer e.api.keys.Close()
	if status, body := e.ask(acme, token, "POST", "/keys/signing/rotate", ""); status != 429 {
		t.Errorf("%d %s", status, body)
	}
}
