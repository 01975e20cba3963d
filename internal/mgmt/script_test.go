package mgmt

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/httpscript"
	"github.com/writ-auth/writ/internal/tenant"
)

// The scripts in testdata are the readable specification of the API. Each starts on a fresh store. Beside httpscript's, a request may
// have these directives:
//
//	scopes: create:clients   the token's scopes (default: all)
//	token: none              no token, or a literal one
//	proven: HOST             from now on the DNS proves the custom domain (lost: HOST: no longer)
//
// $certificate-a and so on are the PEM files of testdata/credentials, as JSON holds them.
func TestScripts(t *testing.T) {
	for _, file := range httpscript.Files(t, "testdata") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			e := newEnv(t)
			s := &httpscript.Script{T: t, Type: "application/json", Advance: e.advance, Saved: pemFiles(t)}
			s.Directive = func(name, value string, header http.Header) bool {
				switch {
				case name == "scopes":
					header.Set("Authorization", "Bearer "+e.token(acme, strings.Fields(value)...))
				case name == "proven":
					e.proven[value] = provenState(e.clock())
				case name == "lost":
					delete(e.proven, value)
				case name == "token" && value == "none":
					header["Authorization"] = nil
				case name == "token":
					header.Set("Authorization", "Bearer "+value)
				default:
					return false
				}
				return true
			}
			s.Do = func(method, path string, header http.Header, body string) *http.Response {
				token := ""
				if _, said := header["Authorization"]; !said {
					token = e.token(acme)
				}
				return e.do(acme, token, method, path, body, header)
			}
			s.Run(file)
		})
	}
}

// provenState is what was recorded of a domain that is ready.
func provenState(now time.Time) tenant.DomainState {
	return tenant.DomainState{
		Status: tenant.DomainStatusReady, Verification: tenant.DomainVerificationVerified, LastVerifiedAt: now,
		Certificate: &tenant.DomainCertificate{Status: "provisioned", CertificateAuthority: "letsencrypt", RenewsBefore: now.AddDate(0, 0, 90)},
	}
}

// pemFiles are the keys and certificates for scripts, by the names of their files.
func pemFiles(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/credentials/*.pem")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	all := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".pem")] = strings.ReplaceAll(string(text), "\n", `\n`)
	}
	return all
}
