package mgmt

import (
	"net/http"
	"strings"
	"testing"
)

// Secrets stay readable and writable while a tenant is rekeyed, more than once at a time.
func TestRekeyingBesideEverythingElse(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	_, made := e.ask(acme, token, "POST", "/clients", `{"name":"job"}`)
	client, secret := e.property(made, "client_id"), e.property(made, "client_secret")
	together(12, func(i int) {
		method, path, body, want := "GET", "/clients/"+client, "", http.StatusOK
		switch i % 3 {
		case 0:
			method, path, want = "POST", "/keys/encryption/rekey", http.StatusNoContent
		case 1:
			method, path, body, want = "POST", "/clients", `{"name":"beside"}`, http.StatusCreated
		}
		if status, text := e.ask(acme, token, method, path, body); status != want {
			t.Errorf("%s %s: %d %s", method, path, status, text)
		}
	})
	if _, text := e.ask(acme, token, "GET", "/clients/"+client, ""); e.property(text, "client_secret") != secret {
		t.Errorf("afterwards the secret is %s", e.property(text, "client_secret"))
	}
	if status, text := e.ask(acme, e.token(acme), "GET", "/clients", ""); status != http.StatusOK {
		t.Errorf("the clients afterwards: %d %s", status, text)
	}
	_, keys := e.ask(acme, token, "GET", "/keys/encryption", "")
	if strings.Count(keys, `"state":"active"`) != 2 || strings.Count(keys, `"state":"deactivated"`) != 1 || strings.Count(keys, `"kid"`) != 3 {
		t.Errorf("the hierarchy afterwards: %s", keys)
	}
}
