package domains

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func newTestCA(t *testing.T) *CA {
	t.Helper()
	ca, err := NewCA(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

// critical tells whether a certificate has an extension, and whether it is critical.
func critical(c *x509.Certificate, id ...int) (present, isCritical bool) {
	i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(asn1.ObjectIdentifier(id)) })
	return i >= 0, i >= 0 && c.Extensions[i].Critical
}

func TestCAProfile(t *testing.T) {
	now := time.Now()
	ca, err := NewCA(now)
	if err != nil {
		t.Fatal(err)
	}
	c := ca.Certificate()
	if !c.IsCA || c.MaxPathLen != 0 || !c.MaxPathLenZero || c.KeyUsage != x509.KeyUsageCertSign|x509.KeyUsageCRLSign {
		t.Errorf("CA %v, pathlen %d, key usage %b", c.IsCA, c.MaxPathLen, c.KeyUsage)
	}
	for name, id := range map[string][]int{"basicConstraints": {2, 5, 29, 19}, "keyUsage": {2, 5, 29, 15}} {
		if _, isCritical := critical(c, id...); !isCritical {
			t.Errorf("%s is not critical (RFC 5280 section 4.2.1)", name)
		}
	}
	if len(c.SubjectKeyId) != 20 || c.SerialNumber.BitLen() != 128 || c.ExtKeyUsage != nil {
		t.Errorf("SKI of %d bytes, serial of %d bits, EKU %v", len(c.SubjectKeyId), c.SerialNumber.BitLen(), c.ExtKeyUsage)
	}
	if key, ok := c.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("key %T, want P-256", c.PublicKey)
	}
	if c.NotBefore.After(now.Add(-5*time.Minute)) || !c.NotAfter.After(now.AddDate(9, 11, 0)) {
		t.Errorf("valid from %v to %v", c.NotBefore, c.NotAfter)
	}
	if other := newTestCA(t); bytes.Equal(other.Certificate().RawSubject, c.RawSubject) {
		t.Error("two CAs have one name: no trust store could tell them apart")
	}
}

func TestLeafProfile(t *testing.T) {
	ca, now := newTestCA(t), time.Now()
	for host, ips := range map[string]int{"localhost": 2, "acme.localhost": 2, "auth.example.com": 0, "notlocalhost": 0} {
		pair, err := ca.Leaf(host, now)
		if err != nil {
			t.Fatal(err)
		}
		c := pair.Leaf
		if !slices.Equal(c.DNSNames, []string{host}) || len(c.IPAddresses) != ips || len(c.EmailAddresses)+len(c.URIs) > 0 {
			t.Errorf("%s: names %v, addresses %v", host, c.DNSNames, c.IPAddresses)
		}
		if ips > 0 && (!c.IPAddresses[0].Equal(net.IPv4(127, 0, 0, 1)) || !c.IPAddresses[1].Equal(net.IPv6loopback)) {
			t.Errorf("%s: addresses %v", host, c.IPAddresses)
		}
		if c.IsCA || !bytes.Equal(c.AuthorityKeyId, ca.Certificate().SubjectKeyId) || len(c.SubjectKeyId) != 20 || c.SerialNumber.BitLen() != 128 {
			t.Errorf("%s: CA %v, AKI %x, SKI %x, serial %v", host, c.IsCA, c.AuthorityKeyId, c.SubjectKeyId, c.SerialNumber)
		}
		if !slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}) || c.KeyUsage != x509.KeyUsageDigitalSignature {
			t.Errorf("%s: EKU %v, key usage %b", host, c.ExtKeyUsage, c.KeyUsage)
		}
		if c.NotAfter.Sub(now).Round(time.Hour) != leafLifetime || now.Sub(c.NotBefore).Round(time.Minute) != backdate {
			t.Errorf("%s: valid from %v to %v", host, c.NotBefore, c.NotAfter)
		}
		if _, err := c.Verify(x509.VerifyOptions{Roots: ca.Pool(), DNSName: host, CurrentTime: now}); err != nil {
			t.Errorf("%s: Go's verifier: %v", host, err)
		}
	}
}

func TestLeafOfLongHost(t *testing.T) {
	host := strings.Repeat("a", 63) + ".auth.example.com"
	pair, err := newTestCA(t).Leaf(host, time.Now())
	if err != nil || pair.Leaf.Subject.CommonName != "" || pair.Leaf.DNSNames[0] != host {
		t.Errorf("%v: a common name has at most 64 characters (RFC 5280 appendix A.1)", err)
	}
}

func TestLeafEndsWithItsCA(t *testing.T) {
	ca := newTestCA(t)
	pair, err := ca.Leaf("localhost", ca.Certificate().NotAfter.Add(-time.Hour))
	if err != nil || pair.Leaf.NotAfter.After(ca.Certificate().NotAfter) {
		t.Errorf("%v: the leaf outlives the CA", err)
	}
}

func TestParseCA(t *testing.T) {
	ca, now := newTestCA(t), time.Now()
	keyPEM, err := ca.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseCA(ca.PEM(), keyPEM, now)
	if err != nil || !again.Certificate().Equal(ca.Certificate()) {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	// Two nodes with copies of one CA each issue their own leaves, and a caller trusts both.
	for _, node := range []*CA{ca, again} {
		leaf, err := node.Leaf("localhost", now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: ca.Pool(), DNSName: "localhost"}); err != nil {
			t.Error(err)
		}
	}
	leaf, err := ca.Leaf("localhost", now)
	if err != nil {
		t.Fatal(err)
	}
	leafKey, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	leafPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Leaf.Raw})
	leafKeyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: leafKey})
	for rule, test := range map[string]struct {
		cert, key []byte
		now       time.Time
		fragment  string
	}{
		"no certificate":  {nil, keyPEM, now, "no CERTIFICATE block"},
		"no key":          {ca.PEM(), nil, now, "no PRIVATE KEY block"},
		"files exchanged": {keyPEM, ca.PEM(), now, "no CERTIFICATE block"},
		"another's key":   {ca.PEM(), leafKeyPEM, now, "belongs to another certificate"},
		"leaf, not a CA":  {leafPEM, leafKeyPEM, now, "no CA"},
		"expired":         {ca.PEM(), keyPEM, now.AddDate(11, 0, 0), "expired on"},
		"damaged DER":     {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}), keyPEM, now, "the CA's certificate"},
		"damaged key DER": {ca.PEM(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), now, "the CA's key"},
	} {
		if _, err := ParseCA(test.cert, test.key, test.now); err == nil || !strings.Contains(err.Error(), test.fragment) {
			t.Errorf("%s: %v; want %q", rule, err, test.fragment)
		}
	}
}

func TestBundle(t *testing.T) {
	dir := t.TempDir()
	empty, roots := filepath.Join(dir, "empty"), filepath.Join(dir, "roots")
	for path, content := range map[string]string{empty: "", roots: "-----BEGIN CERTIFICATE-----\nroots\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ca := []byte("ca\n")
	if got := string(bundle(ca, []string{filepath.Join(dir, "none"), empty, roots})); got != "ca\n-----BEGIN CERTIFICATE-----\nroots\n" {
		t.Errorf("bundle = %q: want the CA, then the first roots found", got)
	}
	if got := string(bundle(ca, []string{filepath.Join(dir, "none")})); got != "ca\n" {
		t.Errorf("bundle = %q: without system roots, the CA alone", got)
	}
}

// OpenSSL's strict mode finds what Go's verifier lets pass: missing key identifiers, extensions that must be critical.
func TestOpenSSLStrict(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIPPED: openssl is not installed, so strict X.509 verification is not tested here")
	}
	ca, dir := newTestCA(t), t.TempDir()
	caFile, leafFile := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "leaf.pem")
	if err := os.WriteFile(caFile, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func(args ...string) (string, error) {
		all := append([]string{"verify", "-x509_strict", "-check_ss_sig", "-purpose", "sslserver", "-CAfile", caFile}, args...)
		out, err := exec.Command(openssl, append(all, leafFile)...).CombinedOutput()
		return string(out), err
	}
	for _, host := range []string{"localhost", "acme.localhost", "acme.auth.example.com"} {
		leaf, err := ca.Leaf(host, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		leafPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Leaf.Raw})
		if err := os.WriteFile(leafFile, leafPEM, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := verify("-verify_hostname", host); err != nil {
			t.Errorf("%s: %v\n%s", host, err, out)
		}
		if isLocalhost(host) {
			for _, ip := range []string{"127.0.0.1", "::1"} {
				if out, err := verify("-verify_ip", ip); err != nil {
					t.Errorf("%s: %v\n%s", ip, err, out)
				}
			}
		}
		if out, err := verify("-verify_hostname", "other."+host); err == nil {
			t.Errorf("a leaf of %s is valid for other.%s:\n%s", host, host, out)
		}
	}
}
