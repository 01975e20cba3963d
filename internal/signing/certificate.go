package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/smallstep/pkcs7"
)

// certificateYears is how long a self-signed certificate says it is valid, as at Auth0. Nobody renews it: rotation replaces it.
const certificateYears = 13

// maxCommonName is RFC 5280's ub-common-name.
const maxCommonName = 64

// Certificate is an X.509 certificate in DER, with the forms that Auth0 prints it in.
type Certificate []byte

// ParseCertificatePEM reads the first block of text, whatever its line ends. Errors: text is no certificate.
func ParseCertificatePEM(text string) (Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("not a certificate in PEM")
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return Certificate(block.Bytes), nil
}

// PEM is the certificate in PEM, its lines ending with \r\n as Auth0's do. Auth0: cert.
func (c Certificate) PEM() string { return encodePEM("CERTIFICATE", c) }

// PKCS7 is the PEM of a PKCS #7 SignedData that holds the certificate and no signature. Auth0: pkcs7.
func (c Certificate) PKCS7() (string, error) {
	der, err := pkcs7.DegenerateCertificate(c)
	if err != nil {
		return "", fmt.Errorf("pkcs7: %w", err)
	}
	return encodePEM("PKCS7", der), nil
}

// PublicKeyPEM is the public key alone (RFC 7468 section 13), its lines ending with \r\n.
func (c Certificate) PublicKeyPEM() (string, error) {
	cert, err := x509.ParseCertificate(c)
	if err != nil {
		return "", fmt.Errorf("certificate: %w", err)
	}
	return encodePEM("PUBLIC KEY", cert.RawSubjectPublicKeyInfo), nil
}

// Fingerprint is the SHA-1 of the DER, upper-case hex with colons. Auth0: fingerprint.
func (c Certificate) Fingerprint() string {
	digits := strings.ToUpper(c.Thumbprint())
	pairs := make([]string, 0, sha1.Size)
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, ":")
}

// Thumbprint is the SHA-1 of the DER, upper-case hex without colons. Auth0: thumbprint.
func (c Certificate) Thumbprint() string {
	sum := sha1.Sum(c)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// X5T is the SHA-1 of the DER, base64url (RFC 7517 section 4.8).
func (c Certificate) X5T() string {
	sum := sha1.Sum(c)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func encodePEM(kind string, der []byte) string {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	return strings.ReplaceAll(string(text), "\n", "\r\n")
}

// LegacyCertificate is the certificate that every client of a tenant shows as its signing_keys: PEM with \r\n. It signs
// nothing: its private key is thrown away here.
func LegacyCertificate(commonName string, now time.Time) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("legacy certificate: %w", err)
	}
	cert, err := selfSigned(key, commonName, now)
	if err != nil {
		return "", fmt.Errorf("legacy certificate: %w", err)
	}
	return cert.PEM(), nil
}

// selfSigned makes an end-entity certificate for key (RFC 5280): it can sign data and nothing else, no further certificates.
func selfSigned(key crypto.Signer, commonName string, now time.Time) (Certificate, error) {
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	keyID := sha1.Sum(public)
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: clipCommonName(commonName)},
		NotBefore:             now.UTC(),
		NotAfter:              now.UTC().AddDate(certificateYears, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		SubjectKeyId:          keyID[:],
		AuthorityKeyId:        keyID[:],
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return Certificate(der), nil
}

// clipCommonName cuts a long domain: nothing verifies the name, but some parsers refuse a certificate over its length.
func clipCommonName(name string) string {
	if utf8.RuneCountInString(name) <= maxCommonName {
		return name
	}
	return string([]rune(name)[:maxCommonName])
}
