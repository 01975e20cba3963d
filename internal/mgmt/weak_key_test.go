package mgmt

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
)

// A public key that cannot be used is refused where it is set: neither does an API lose its tokens, nor a client its credential.
func TestUnusablePublicKeysAreRefused(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	private, err := fixedKeys(t)()
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: private.N, E: 1})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	if err != nil {
		t.Fatal(err)
	}
	for path, body := range map[string]string{
		"/resource-servers": `{"identifier":"https://api","token_encryption":{"format":"compact-nested-jwe","encryption_key":{"alg":"RSA-OAEP-256","pem":PEM}}}`,
		"/clients":          `{"name":"job","client_authentication_methods":{"private_key_jwt":{"credentials":[{"credential_type":"public_key","pem":PEM}]}}}`,
	} {
		status, answer := e.ask(acme, token, "POST", path, strings.Replace(body, "PEM", string(text), 1))
		if status != http.StatusBadRequest || !strings.Contains(answer, "an RSA key with exponent 1") {
			t.Errorf("POST %s: %d %s", path, status, answer)
		}
	}
}
