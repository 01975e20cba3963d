package domains

import (
	"bytes"
	"os"
)

// systemBundles are where Linux distributions, the BSDs and macOS keep the roots of public CAs, in the order that
// crypto/x509 looks for them.
func systemBundles() []string {
	return []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian, Alpine, Arch
		"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL
		"/etc/ssl/ca-bundle.pem",                            // openSUSE
		"/etc/pki/tls/cacert.pem",                           // OpenELEC
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7
		"/etc/ssl/cert.pem",                                 // Alpine, BSD, macOS
	}
}

// Bundle is the CA's certificate and then the system's roots: for programs whose one trust file (SSL_CERT_FILE,
// REQUESTS_CA_BUNDLE) replaces the system's. Without system roots it is the CA alone.
func (c *CA) Bundle() []byte { return bundle(c.PEM(), systemBundles()) }

func bundle(ca []byte, paths []string) []byte {
	for _, path := range paths {
		roots, err := os.ReadFile(path)
		if err == nil && bytes.Contains(roots, []byte("BEGIN CERTIFICATE")) {
			return append(bytes.Clone(ca), roots...)
		}
	}
	return bytes.Clone(ca)
}
