package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Keys come from the issuer's own host, over https, and from nowhere that a redirect leads to.
func TestKeysComeFromTheIssuer(t *testing.T) {
	var jwksURI, asked string
	mux := http.NewServeMux()
	issuer := httptest.NewTLSServer(mux)
	defer issuer.Close()
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked = r.URL.Path }))
	defer elsewhere.Close()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, issuer.URL+"/", jwksURI)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/keys", http.StatusFound)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"keys":[]}`) })

	client, err := newHTTPClient("")
	if err != nil {
		t.Fatal(err)
	}
	client.Transport = issuer.Client().Transport
	for uri, want := range map[string]string{
		issuer.URL + "/keys":    "",
		elsewhere.URL + "/keys": "another host",
		strings.Replace(issuer.URL, "https:", "http:", 1) + "/keys": "another host",
		issuer.URL + "/moved": "302",
		"":                    "another host",
	} {
		jwksURI = uri
		_, err := (&verifier{http: client}).keys(t.Context(), issuer.URL+"/")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("jwks_uri %s: %v, want %q", uri, err, want)
		}
	}
	if asked != "" {
		t.Errorf("another host was asked for %s", asked)
	}
}
