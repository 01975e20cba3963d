package signing

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/smallstep/pkcs7"

	"github.com/writ-auth/writ/internal/tenant"
)

func testCertificate(t *testing.T, commonName string) Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := selfSigned(key, commonName, testStart)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// What a strict verifier (OpenSSL's X509_V_FLAG_X509_STRICT) looks at, checked without OpenSSL.
func TestCertificateIsStrictX509(t *testing.T) {
	for _, family := range families() {
		t.Run(string(family), func(t *testing.T) {
			key, err := newTestGenerator(t).NewKey(t.Context(), family, "acme.localhost:8443", tenant.KeyNext, testStart)
			if err != nil {
				t.Fatal(err)
			}
			cert, err := x509.ParseCertificate(key.Certificate)
			if err != nil {
				t.Fatal(err)
			}
			if cert.Version != 3 || cert.SerialNumber.Sign() <= 0 || len(cert.SerialNumber.Bytes()) > 20 {
				t.Errorf("version %d, serial %v (RFC 5280 sections 4.1.2.1, 4.1.2.2)", cert.Version, cert.SerialNumber)
			}
			if cert.Subject.String() != "CN=acme.localhost:8443" || !bytes.Equal(cert.RawSubject, cert.RawIssuer) {
				t.Errorf("subject %s, issuer %s", cert.Subject, cert.Issuer)
			}
			if !cert.NotBefore.Equal(testStart) || !cert.NotAfter.Equal(testStart.AddDate(13, 0, 0)) {
				t.Errorf("valid from %s to %s", cert.NotBefore, cert.NotAfter)
			}
			if !cert.BasicConstraintsValid || cert.IsCA || cert.KeyUsage != x509.KeyUsageDigitalSignature {
				t.Errorf("CA %t, key usage %b: it must sign data and no certificates", cert.IsCA, cert.KeyUsage)
			}
			if len(cert.SubjectKeyId) == 0 || !bytes.Equal(cert.SubjectKeyId, cert.AuthorityKeyId) {
				t.Errorf("key identifiers %x, %x (RFC 5280 section 4.2.1)", cert.SubjectKeyId, cert.AuthorityKeyId)
			}
			for _, ext := range cert.Extensions {
				mustBeCritical := ext.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 15}) || ext.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 19})
				if ext.Critical != mustBeCritical {
					t.Errorf("extension %v: critical is %t", ext.Id, ext.Critical)
				}
			}
			roots := x509.NewCertPool()
			roots.AddCert(cert)
			if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: testStart, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
				t.Errorf("does not verify against itself: %v", err)
			}
		})
	}
}

func TestCertificateSatisfiesOpenSSLStrict(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	file := filepath.Join(t.TempDir(), "cert.pem")
	if err := os.WriteFile(file, []byte(testCertificate(t, "acme.localhost:8443").PEM()), 0o600); err != nil {
		t.Fatal(err)
	}
	when := fmt.Sprint(testStart.Unix())
	out, err := exec.CommandContext(t.Context(), openssl, "verify", "-x509_strict", "-check_ss_sig", "-attime", when, "-CAfile", file, file).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestALongDomainIsCutToTheCommonNamesLength(t *testing.T) {
	for name, want := range map[string]int{strings.Repeat("a", 64): 64, strings.Repeat("a", 65): 64, strings.Repeat("é", 70): 64} {
		cert, err := x509.ParseCertificate(testCertificate(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := len([]rune(cert.Subject.CommonName)); got != want || !strings.HasPrefix(name, cert.Subject.CommonName) {
			t.Errorf("%d characters became %d: %s", len([]rune(name)), got, cert.Subject.CommonName)
		}
	}
}

func TestCertificatePrintsAsAuth0Does(t *testing.T) {
	cert := testCertificate(t, "acme.localhost")
	sum := sha1.Sum(cert)
	if want := strings.ToUpper(fmt.Sprintf("%x", sum)); cert.Thumbprint() != want {
		t.Errorf("thumbprint %s, want %s", cert.Thumbprint(), want)
	}
	if !regexp.MustCompile(`^([0-9A-F]{2}:){19}[0-9A-F]{2}$`).MatchString(cert.Fingerprint()) || strings.ReplaceAll(cert.Fingerprint(), ":", "") != cert.Thumbprint() {
		t.Errorf("fingerprint %s", cert.Fingerprint())
	}
	if want := base64.RawURLEncoding.EncodeToString(sum[:]); cert.X5T() != want {
		t.Errorf("x5t %s, want %s", cert.X5T(), want)
	}
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	publicKey, err := cert.PublicKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := cert.PKCS7()
	if err != nil {
		t.Fatal(err)
	}
	for kind, text := range map[string]string{"CERTIFICATE": cert.PEM(), "PUBLIC KEY": publicKey, "PKCS7": pkcs} {
		if !strings.HasSuffix(text, "-----END "+kind+"-----\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
			t.Errorf("%s: lines must end with \\r\\n: %q", kind, text)
		}
	}
	block, _ := pem.Decode([]byte(publicKey))
	if diff := cmp.Diff(parsed.RawSubjectPublicKeyInfo, block.Bytes); diff != "" {
		t.Error(diff)
	}
	block, _ = pem.Decode([]byte(pkcs))
	signed, err := pkcs7.Parse(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if len(signed.Certificates) != 1 || !signed.Certificates[0].Equal(parsed) || len(signed.Signers) != 0 {
		t.Errorf("PKCS #7 holds %d certificates and %d signers", len(signed.Certificates), len(signed.Signers))
	}
}

func TestParseCertificatePEM(t *testing.T) {
	cert := testCertificate(t, "acme.localhost")
	for name, text := range map[string]string{"\\r\\n": cert.PEM(), "\\n": strings.ReplaceAll(cert.PEM(), "\r", "")} {
		got, err := ParseCertificatePEM(text)
		if err != nil || !bytes.Equal(got, cert) {
			t.Errorf("lines that end with %s: err %v", name, err)
		}
	}
	publicKey, err := cert.PublicKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"empty": "", "another kind": publicKey, "broken DER": encodePEM("CERTIFICATE", cert[:50])} {
		if got, err := ParseCertificatePEM(text); err == nil {
			t.Errorf("%s: accepted as %x", name, got)
		}
	}
}

func TestLegacyCertificate(t *testing.T) {
	text, err := LegacyCertificate("acme.localhost", testStart)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := ParseCertificatePEM(text)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	if parsed.Subject.CommonName != "acme.localhost" || parsed.PublicKeyAlgorithm != x509.ECDSA {
		t.Errorf("%s, %s", parsed.Subject, parsed.PublicKeyAlgorithm)
	}
	if strings.Contains(text, "PRIVATE") || strings.Count(text, "BEGIN") != 1 {
		t.Errorf("more than a certificate: %s", text)
	}
}
