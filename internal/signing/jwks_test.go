package signing

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestJWKHasAuth0sOrder(t *testing.T) {
	f := newFixture(t)
	everyFamily(t, f)
	set, err := f.JWKS(t.Context(), testTenant)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"RSA": "kty use n e kid x5t x5c alg",
		"EC":  "kty use crv x y kid x5t x5c alg",
		"OKP": "kty use crv x kid x5t x5c alg",
	}
	seen := map[string]bool{}
	for _, key := range set.Keys {
		text, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(memberNames(t, text), " "); got != want[key.Kty] {
			t.Errorf("%s key: %s, want %s", key.Kty, got, want[key.Kty])
		}
		seen[key.Kty] = true
	}
	if len(seen) != len(want) {
		t.Errorf("only the families %v are published", seen)
	}
}

// everyFamily has the tenant use, and so make, a key of each family.
func everyFamily(t *testing.T, f *fixture) {
	t.Helper()
	for _, alg := range []string{tenant.ES256, tenant.EdDSA} {
		issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg })
	}
}

// memberNames lists the names of a flat JSON object in order.
func memberNames(t *testing.T, text []byte) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	var names []string
	d.Token()
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestJWKSIsSoundForGoJose(t *testing.T) {
	f := newFixture(t)
	everyFamily(t, f)
	set, err := f.JWKS(t.Context(), testTenant)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range set.Keys {
		text, _ := json.Marshal(key)
		var parsed jose.JSONWebKey
		if err := parsed.UnmarshalJSON(text); err != nil {
			t.Fatalf("%s: %v", key.Kid, err)
		}
		if !parsed.Valid() || !parsed.IsPublic() || parsed.Use != "sig" {
			t.Errorf("%s: go-jose finds it unsound", key.Kid)
		}
		if len(parsed.Certificates) != 1 || base64.StdEncoding.EncodeToString(parsed.Certificates[0].Raw) != key.X5C[0] {
			t.Errorf("%s: x5c does not hold one certificate", key.Kid)
		}
	}
}

func TestJWKSListsCurrentNextAndPreviousOfEveryFamily(t *testing.T) {
	f := newFixture(t)
	everyFamily(t, f)
	first := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	f.rotate(t)
	f.now = f.now.Add(time.Hour)
	second := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID
	f.rotate(t)
	kids := func(family string) []string {
		t.Helper()
		set, err := f.JWKS(t.Context(), testTenant)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, key := range set.Keys {
			if key.Kty == family {
				out = append(out, key.Kid)
			}
		}
		return out
	}
	current, next := f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).KID, f.key(t, tenant.FamilyRSA, tenant.KeyNext).KID
	got := kids("RSA")
	if diff := cmp.Diff([]string{current, next}, got[:2]); diff != "" {
		t.Errorf("the first two are not current and next (-want +got):\n%s", diff)
	}
	slices.Sort(got[2:])
	want := []string{first, second}
	slices.Sort(want)
	if diff := cmp.Diff(want, got[2:]); diff != "" {
		t.Errorf("then the previous ones (-want +got):\n%s", diff)
	}
	for _, family := range []string{"EC", "OKP"} {
		if n := len(kids(family)); n != 4 {
			t.Errorf("%d %s keys, want 4: families rotate together", n, family)
		}
	}

	changed, err := Revoke(f.store.sets[testTenant], first, f.now)
	if err != nil {
		t.Fatal(err)
	}
	f.store.apply(testTenant, changed, nil)
	if got := kids("RSA"); slices.Contains(got, first) || len(got) != 3 {
		t.Errorf("after revoking %s: %v", first, got)
	}
	for _, family := range []string{"EC", "OKP"} {
		if n := len(kids(family)); n != 3 {
			t.Errorf("%d %s keys after a revocation, want 3: a generation ends as a whole", n, family)
		}
	}
}

func TestJWKSOfAnUnknownTenant(t *testing.T) {
	_, err := newFixture(t).JWKS(t.Context(), "nobody")
	if !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("err %v", err)
	}
}

func TestCertificateIsTheCurrentRSAKeys(t *testing.T) {
	f := newFixture(t)
	everyFamily(t, f)
	f.rotate(t)
	got, err := f.Certificate(t.Context(), testTenant)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f.key(t, tenant.FamilyRSA, tenant.KeyCurrent).Certificate, []byte(got)); diff != "" {
		t.Error(diff)
	}
	f.store.sets[testTenant] = nil
	if _, err := f.Certificate(t.Context(), testTenant); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("no keys at all: err %v", err)
	}
}
