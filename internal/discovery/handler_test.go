package discovery

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/smallstep/pkcs7"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestMetadataIsTheGoldenDocument(t *testing.T) {
	f := newFixture(t)
	res, body := get(t, f.Metadata, "/.well-known/openid-configuration")
	if sent := res.Header.Get("Content-Type"); sent != "application/json; charset=utf-8" {
		t.Errorf("Content-Type %q", sent)
	}
	golden := filepath.Join("testdata", "metadata.json")
	var indented bytes.Buffer // the order of the keys stays
	if err := json.Indent(&indented, []byte(body+"\n"), "", "  "); err != nil {
		t.Fatal(err)
	}
	got := indented.String()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, alias := get(t, f.Metadata, "/.well-known/oauth-authorization-server")
	if diff := cmp.Diff(body, alias); diff != "" {
		t.Errorf("the other well-known path has another document:\n%s", diff)
	}
}

// Auth0's keys in Auth0's order: nothing else may be there.
func TestMetadataKeysAreAuth0sInOrder(t *testing.T) {
	auth0 := []string{"issuer", "authorization_endpoint", "token_endpoint", "device_authorization_endpoint", "userinfo_endpoint",
		"mfa_challenge_endpoint", "jwks_uri", "registration_endpoint", "revocation_endpoint", "scopes_supported",
		"response_types_supported", "code_challenge_methods_supported", "response_modes_supported", "subject_types_supported",
		"token_endpoint_auth_methods_supported", "claims_supported", "request_uri_parameter_supported", "request_parameter_supported",
		"id_token_signing_alg_values_supported", "token_endpoint_auth_signing_alg_values_supported",
		"tls_client_certificate_bound_access_tokens", "request_object_signing_alg_values_supported", "backchannel_logout_supported",
		"backchannel_logout_session_supported", "end_session_endpoint", "global_token_revocation_endpoint",
		"global_token_revocation_endpoint_auth_methods_supported"}
	_, body := get(t, newFixture(t).Metadata, "/")
	d := json.NewDecoder(strings.NewReader(body))
	d.Token()
	at := 0
	for d.More() {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		for at < len(auth0) && auth0[at] != token {
			at++
		}
		if at == len(auth0) {
			t.Fatalf("%v is no key of Auth0's, or out of order", token)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJWKSVerifiesTokens(t *testing.T) {
	f := newFixture(t)
	for _, alg := range []string{tenant.RS256, tenant.PS256, tenant.ES256, tenant.EdDSA} {
		rs := tenant.NewResourceServer("rs1", "https://api.example/")
		rs.SigningAlg = alg
		token, err := f.signer.AccessToken(t.Context(), &oauth.Authorization{
			Call: acme(), Client: &tenant.Client{ClientID: "c"}, ResourceServer: &rs, Audience: rs.Identifier})
		if err != nil {
			t.Fatal(err)
		}
		_, body := get(t, f.JWKS, "/.well-known/jwks.json")
		var set jose.JSONWebKeySet
		if err := json.Unmarshal([]byte(body), &set); err != nil {
			t.Fatal(err)
		}
		jws, err := jose.ParseSignedCompact(token.Value.Reveal(), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		if err != nil {
			t.Fatal(err)
		}
		keys := set.Key(jws.Signatures[0].Protected.KeyID)
		if len(keys) != 1 {
			t.Fatalf("%s: %d keys for the kid", alg, len(keys))
		}
		if _, err := jws.Verify(keys[0].Key); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

func TestJWKSObeysRemoveAlg(t *testing.T) {
	f := newFixture(t)
	count := func() int {
		_, body := get(t, f.JWKS, "/.well-known/jwks.json")
		return strings.Count(body, `"alg":`)
	}
	if n := count(); n != 2 {
		t.Errorf("%d keys have an alg, want 2", n)
	}
	f.store.settings.Flags = map[string]bool{"remove_alg_from_jwks": true}
	if n := count(); n != 0 {
		t.Errorf("%d keys have an alg under the flag", n)
	}
	f.store.settings.Flags = nil
	if n := count(); n != 2 {
		t.Errorf("%d keys have an alg after the flag was taken back: the flag leaked into a cache", n)
	}
}

func TestDocumentsAreCachedAndRevalidated(t *testing.T) {
	f := newFixture(t)
	for path, to := range map[string]serve{"/.well-known/jwks.json": f.JWKS, "/.well-known/openid-configuration": f.Metadata, "/pem": f.PEM} {
		t.Run(path, func(t *testing.T) {
			res, body := get(t, to, path)
			etag := res.Header.Get("ETag")
			if got := res.Header.Get("Cache-Control"); got != "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400" {
				t.Errorf("Cache-Control %q", got)
			}
			for sent, want := range map[string]int{
				etag: 304, "W/" + etag: 304, `"other", ` + etag: 304, "*": 304, `"other"`: 200, strings.Trim(etag, `"`): 200,
			} {
				res, again := ask(t, http.MethodGet, to, path, http.Header{"If-None-Match": {sent}})
				if res.StatusCode != want || (want == 304) != (again == "") || res.Header.Get("ETag") != etag {
					t.Errorf("If-None-Match %s: %s with %d bytes, ETag %s", sent, res.Status, len(again), res.Header.Get("ETag"))
				}
			}
			head, empty := ask(t, http.MethodHead, to, path, nil)
			if head.StatusCode != 200 || empty != "" || head.ContentLength != int64(len(body)) || head.Header.Get("ETag") != etag {
				t.Errorf("HEAD: %s, length %d, want %d", head.Status, head.ContentLength, len(body))
			}
		})
	}
}

func TestETagChangesWithTheKeys(t *testing.T) {
	f := newFixture(t)
	before, _ := get(t, f.JWKS, "/.well-known/jwks.json")
	f.store.keys = f.store.keys[:1]
	after, _ := get(t, f.JWKS, "/.well-known/jwks.json")
	if before.Header.Get("ETag") == after.Header.Get("ETag") {
		t.Error("the same ETag for other keys")
	}
}

func TestKeyFormats(t *testing.T) {
	f := newFixture(t)
	current, err := x509.ParseCertificate(f.store.keys[0].Certificate)
	if err != nil {
		t.Fatal(err)
	}
	decode := func(kind string, then func(der []byte) []byte) func(string) []byte {
		return func(body string) []byte {
			block, rest := pem.Decode([]byte(body))
			if block == nil || block.Type != kind || len(rest) != 0 {
				t.Fatalf("not one %s block: %q", kind, body)
			}
			return then(block.Bytes)
		}
	}
	same := func(der []byte) []byte { return der }
	inPKCS7 := func(der []byte) []byte {
		p, err := pkcs7.Parse(der)
		if err != nil || len(p.Certificates) != 1 {
			t.Fatalf("PKCS #7: %v", err)
		}
		return p.Certificates[0].Raw
	}
	tests := []struct {
		path        string
		to          serve
		contentType string
		disposition string
		read        func(string) []byte
		want        []byte
	}{
		{"/pem", f.PEM, "application/x-pem-file", `attachment; filename="acme.pem"`, decode("CERTIFICATE", same), current.Raw},
		{"/cer", f.CER, "application/pkix-cert", `attachment; filename="acme.cer"`, func(s string) []byte { return []byte(s) }, current.Raw},
		{"/pb7", f.PB7, "application/x-pkcs7-certificates", `attachment; filename="acme.p7b"`, decode("PKCS7", inPKCS7), current.Raw},
		{"/rawpem", f.RawPEM, "application/x-pem-file", "", decode("PUBLIC KEY", same), current.RawSubjectPublicKeyInfo},
		{"/fingerprint", f.Fingerprint, "text/plain; charset=utf-8", "", func(s string) []byte { return []byte(s) },
			[]byte(signing.Certificate(current.Raw).Fingerprint())},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			res, body := get(t, tt.to, tt.path)
			if diff := cmp.Diff(tt.want, tt.read(body)); diff != "" {
				t.Error(diff)
			}
			if got := res.Header.Get("Content-Type"); got != tt.contentType {
				t.Errorf("Content-Type %q", got)
			}
			if got := res.Header.Get("Content-Disposition"); got != tt.disposition {
				t.Errorf("Content-Disposition %q", got)
			}
		})
	}
}

func TestUnknownMethodsAre405(t *testing.T) {
	f := newFixture(t)
	for path, to := range map[string]serve{"/.well-known/openid-configuration": f.Metadata, "/.well-known/jwks.json": f.JWKS,
		"/pem": f.PEM, "/cer": f.CER, "/pb7": f.PB7, "/rawpem": f.RawPEM, "/fingerprint": f.Fingerprint} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, "BREW"} {
			res, body := ask(t, method, to, path, nil)
			if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %s, Allow %q", method, path, res.Status, res.Header.Get("Allow"))
			}
			refusal(t, res, body)
		}
	}
}

func TestErrorsOfTheStore(t *testing.T) {
	tests := []struct {
		err    error
		status int
		code   string
		logged bool
	}{
		{tenant.ErrNotFound, http.StatusNotFound, "not_found", false},
		{tenant.ErrUnavailable, http.StatusServiceUnavailable, "temporarily_unavailable", false},
		{errors.New("private cause"), http.StatusInternalServerError, "server_error", true},
	}
	for _, tt := range tests {
		f := newFixture(t)
		f.store.err = tt.err
		for path, to := range map[string]serve{"/.well-known/jwks.json": f.JWKS, "/pem": f.PEM} {
			f.log.Reset()
			res, body := ask(t, http.MethodGet, to, path, nil)
			if doc := refusal(t, res, body); res.StatusCode != tt.status || doc.Error != tt.code || strings.Contains(body, "private cause") {
				t.Errorf("%s with %v: %s %s", path, tt.err, res.Status, body)
			}
			if got := strings.Contains(f.log.String(), "private cause"); got != tt.logged {
				t.Errorf("%s with %v: logged %t: %s", path, tt.err, got, f.log)
			}
			if retry := res.Header.Get("Retry-After"); (retry != "") != (tt.status == http.StatusServiceUnavailable) {
				t.Errorf("%s with %v: Retry-After %q", path, tt.err, retry)
			}
		}
	}
}

func TestNoHumanLogin(t *testing.T) {
	tests := []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/authorize?client_id=c&response_type=code", 400, "unsupported_response_type"},
		{"POST", "/authorize", 400, "unsupported_response_type"},
		{"GET", "/oidc/logout", 400, "invalid_request"},
		{"POST", "/oauth/device/code", 400, "unsupported_grant_type"},
		{"GET", "/userinfo", 401, "access_denied"},
		{"POST", "/userinfo", 401, "access_denied"},
		{"GET", "/oauth/device/code", 405, "invalid_request"},
		{"DELETE", "/userinfo", 405, "invalid_request"},
	}
	f := newFixture(t)
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			res, body := ask(t, tt.method, f.NoHumanLogin, tt.path, nil)
			doc := refusal(t, res, body)
			if res.StatusCode != tt.status || doc.Error != tt.code {
				t.Errorf("%s %s", res.Status, body)
			}
			if tt.status != 405 && !strings.Contains(doc.Description, "no human login") {
				t.Errorf("does not say why: %s", body)
			}
			if (res.Header.Get("WWW-Authenticate") != "") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate %q (RFC 6750 section 3)", res.Header.Get("WWW-Authenticate"))
			}
		})
	}
	res, body := ask(t, http.MethodHead, f.NoHumanLogin, "/authorize", nil)
	if res.StatusCode != 400 || body != "" {
		t.Errorf("HEAD: %s %q", res.Status, body)
	}
}
