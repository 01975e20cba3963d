package mgmt

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
)

// Secrets stay readable and writable while a tenant is rekeyed. Who asks for it meanwhile is refused.
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
		status, text := e.ask(acme, token, method, path, body)
		if status != want && (want != http.StatusNoContent || status != http.StatusConflict) {
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
	if strings.Count(keys, `"state":"active"`) != 2 || strings.Count(keys, `"state":"deactivated"`) != 1 {
		t.Errorf("the hierarchy afterwards: %s", keys)
	}
}

// While one rekey of a tenant runs, the second is refused at once, and another tenant's is not.
func TestOneRekeyAtATime(t *testing.T) {
	e := newEnv(t)
	token, path := e.token(acme), "/keys/encryption/rekey"
	answers := make(chan int, 2)
	err := e.db.InTx(t.Context(), func(*store.Tx) error { // nobody else writes meanwhile: the first rekey waits
		for range 2 {
			go func() {
				status, _ := e.ask(acme, token, "POST", path, "")
				answers <- status
			}()
		}
		select {
		case status := <-answers:
			if status != http.StatusConflict {
				t.Errorf("the first answer is %d, want a 409 for the second rekey", status)
			}
		case <-time.After(10 * time.Second):
			t.Error("the second rekey waits for the first")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := <-answers; status != http.StatusNoContent {
		t.Errorf("the first rekey: %d", status)
	}
	e.api.rekeying.Store(acme, nil)
	if status, text := e.ask(other, e.token(other), "POST", path, ""); status != http.StatusNoContent {
		t.Errorf("another tenant's rekey: %d %s", status, text)
	}
}
