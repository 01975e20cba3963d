package mgmt

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The keys of every family that was used, in the order of families and then of lives.
func TestKeysOfAllFamilies(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	for _, alg := range []string{"EdDSA", "ES256"} {
		if status, body := e.ask(acme, token, "POST", "/resource-servers", `{"identifier":"urn:`+alg+`","signing_alg":"`+alg+`"}`); status != 201 {
			t.Fatalf("%d %s", status, body)
		}
	}
	if status, body := e.ask(acme, token, "POST", "/keys/signing/rotate", ""); status != 201 {
		t.Fatalf("%d %s", status, body)
	}
	status, body := e.ask(acme, e.token(acme, "read:writ_keys"), "GET", "/writ/keys", "")
	var keys []familyKeyView
	if err := json.Unmarshal([]byte(body), &keys); status != 200 || err != nil {
		t.Fatalf("%d %v %s", status, err, body)
	}
	var got []string
	for _, key := range keys {
		got = append(got, fmt.Sprintf("%s %s %t %t %t", key.Family, key.Algs, key.Current, key.Next, key.Previous))
		if key.KID == "" || key.Cert == "" {
			t.Errorf("without kid or certificate: %s", body)
		}
	}
	want := []string{}
	for _, family := range []string{"RSA [RS256 PS256]", "EC [ES256]", "OKP [EdDSA]"} {
		want = append(want, family+" true false false", family+" false true false", family+" false false true")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
