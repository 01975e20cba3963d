package mgmt

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/writ-auth/writ/internal/signing"
)

// Of rotations that come at once no more are done than a day allows, and each of them finds the keys as the one before left them.
func TestRotationsAtOnce(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	var done, refused atomic.Int32
	together(2*maxRotations, func(int) {
		switch status, body := e.ask(acme, token, "POST", "/keys/signing/rotate", ""); status {
		case http.StatusCreated:
			done.Add(1)
		case http.StatusTooManyRequests:
			refused.Add(1)
		default:
			t.Errorf("%d %s", status, body)
		}
	})
	if done.Load() != maxRotations || refused.Load() != maxRotations {
		t.Errorf("%d were done, %d refused; want %d of each", done.Load(), refused.Load(), maxRotations)
	}
	_, body := e.ask(acme, token, "GET", "/keys/signing", "")
	var keys []signingKeyView
	if err := json.Unmarshal([]byte(body), &keys); err != nil {
		t.Fatal(err)
	}
	if len(keys) != 2+maxRotations || !keys[0].Current || !keys[1].Next || !keys[2].Previous {
		t.Errorf("afterwards: %s", body)
	}
}

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
