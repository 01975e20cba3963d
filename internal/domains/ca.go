package domains

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"time"
)

const (
	caLifetime   = 10 * 365 * 24 * time.Hour
	leafLifetime = 90 * 24 * time.Hour
	// leafRenewBefore is how much of its life a leaf must have left to be served.
	leafRenewBefore = 30 * 24 * time.Hour
	// backdate forgives callers whose clock is behind ours.
	backdate = 5 * time.Minute
)

// CA is the local certificate authority of one data directory: P-256, strict X.509 (RFC 5280), it signs leaves and nothing
// else. Immutable, safe for concurrent use.
type CA struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewCA makes a CA that is valid for ten years from now.
func NewCA(now time.Time) (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the local CA: %w", err)
	}
	serial := newSerial()
	template := &x509.Certificate{
		SerialNumber: serial,
		// Part of the serial number is in the name, so that two CAs in one trust store can be told apart.
		Subject:               pkix.Name{Organization: []string{"writ"}, CommonName: fmt.Sprintf("writ local CA %x", serial.Bytes()[:4])},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(caLifetime),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
		SubjectKeyId:          keyID(&key.PublicKey),
	}
	certificate, err := sign(template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make the local CA: %w", err)
	}
	return &CA{certificate: certificate, key: key}, nil
}

// ParseCA reads what PEM and KeyPEM wrote. Errors: not PEM, not a CA, expired at now, key of another certificate.
func ParseCA(certificatePEM, keyPEM []byte, now time.Time) (*CA, error) {
	certificate, err := parseCertificate(certificatePEM)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(keyPEM)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("no PRIVATE KEY block in the CA's key file")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the CA's key: %w", err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	switch {
	case !ok:
		return nil, fmt.Errorf("the CA's key is %T, want an ECDSA key", parsed)
	case !key.PublicKey.Equal(certificate.PublicKey):
		return nil, errors.New("the CA's key belongs to another certificate")
	case !certificate.IsCA:
		return nil, errors.New("the certificate is no CA")
	case now.After(certificate.NotAfter):
		return nil, fmt.Errorf("the CA expired on %s", certificate.NotAfter.Format(time.DateOnly))
	}
	return &CA{certificate: certificate, key: key}, nil
}

func parseCertificate(certificatePEM []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(certificatePEM)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("no CERTIFICATE block in the CA's certificate file")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the CA's certificate: %w", err)
	}
	return certificate, nil
}

// PEM is the certificate: what callers must trust.
func (c *CA) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.certificate.Raw})
}

// KeyPEM is the private key, PKCS #8. Secret.
func (c *CA) KeyPEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(c.key)
	if err != nil {
		return nil, fmt.Errorf("the CA's key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Certificate is the CA's own; not to be changed.
func (c *CA) Certificate() *x509.Certificate { return c.certificate }

// Pool trusts this CA and nothing else.
func (c *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c.certificate)
	return pool
}

// Leaf issues a server certificate for exactly one host, valid for 90 days from now; that of a localhost name is also valid
// for 127.0.0.1 and ::1. No wildcards: OpenSSL and Node refuse *.localhost.
func (c *CA) Leaf(host string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate for %q: %w", host, err)
	}
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               leafSubject(host),
		NotBefore:             now.Add(-backdate),
		NotAfter:              earlier(now.Add(leafLifetime), c.certificate.NotAfter),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		SubjectKeyId:          keyID(&key.PublicKey),
		AuthorityKeyId:        c.certificate.SubjectKeyId,
		DNSNames:              []string{host},
	}
	if isLocalhost(host) {
		for _, addr := range []string{"127.0.0.1", "::1"} {
			template.IPAddresses = append(template.IPAddresses, netip.MustParseAddr(addr).AsSlice())
		}
	}
	leaf, err := sign(template, c.certificate, &key.PublicKey, c.key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %q: %w", host, err)
	}
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// leafSubject leaves the common name out where the host is longer than RFC 5280's 64 characters.
func leafSubject(host string) pkix.Name {
	name := pkix.Name{Organization: []string{"writ"}}
	if len(host) <= 64 {
		name.CommonName = host
	}
	return name
}

func isLocalhost(host string) bool {
	return host == localhost || strings.HasSuffix(host, "."+localhost)
}

func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// newSerial draws 128 random bits, the first of them set: unique without a counter, and always of the same length.
func newSerial() *big.Int {
	var b [16]byte
	rand.Read(b[:])
	b[0] |= 0x80
	return new(big.Int).SetBytes(b[:])
}

// keyID is the subject key identifier of RFC 7093 section 2, method 1: the leftmost 160 bits of the key's SHA-256.
func keyID(key *ecdsa.PublicKey) []byte {
	point, err := key.Bytes()
	if err != nil { // not a point of the curve: impossible for a key that was just made
		panic("domains: public key of a generated key: " + err.Error())
	}
	sum := sha256.Sum256(point)
	return sum[:20]
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
