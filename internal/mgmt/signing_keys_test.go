package mgmt

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

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

// A rotation too many is told when there is room again, and is on record as a limit that was reached.
func TestRefusedRotationTellsOfItsLimit(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for range maxRotations {
		if status, body := e.ask(acme, token, "POST", "/keys/signing/rotate", ""); status != 201 {
			t.Fatalf("%d %s", status, body)
		}
		e.advance(time.Hour)
		token = e.token(acme)
	}
	resp := e.do(acme, token, "POST", "/keys/signing/rotate", "", nil)
	if got := e.told(resp); resp.StatusCode != 429 || got != "0 of 5, 68400s" || resp.Header.Get("Retry-After") != "68400" {
		t.Errorf("%d %s, Retry-After %s", resp.StatusCode, got, resp.Header.Get("Retry-After"))
	}
	_, body := e.ask(acme, token, "GET", "/logs?per_page=1", "")
	if got := e.property(body, "0.type") + " " + e.property(body, "0.details.family") + " " + e.property(body, "0.details.limit"); got != "api_limit Rotate the Application Signing Key 5" {
		t.Errorf("on record: %s", body)
	}
	e.advance(19 * time.Hour)
	if status, body := e.ask(acme, e.token(acme), "POST", "/keys/signing/rotate", ""); status != 201 {
		t.Errorf("when the oldest has left the window: %d %s", status, body)
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
