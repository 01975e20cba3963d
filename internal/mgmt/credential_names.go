package mgmt

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
)

// rsaThumbprint is the JWK SHA-256 thumbprint of a key (RFC 7638 section 3).
func rsaThumbprint(key *rsa.PublicKey) string {
	encode := base64.RawURLEncoding.EncodeToString
	sum := sha256.Sum256(fmt.Appendf(nil, `{"e":"%s","kty":"RSA","n":"%s"}`,
		encode(big.NewInt(int64(key.E)).Bytes()), encode(key.N.Bytes())))
	return encode(sum[:])
}

// subjectDN is a distinguished name as Auth0 writes it: one attribute per line, as they stand in the certificate, with OpenSSL's
// short names and the escapes of RFC 2253 section 2.4.
func subjectDN(der []byte) (string, error) {
	var name pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &name); err != nil || len(rest) > 0 {
		return "", fmt.Errorf("distinguished name: %w", err)
	}
	lines := make([]string, len(name))
	for i, set := range name {
		attributes := make([]string, len(set))
		for j, attribute := range set {
			attributes[j] = attributeName(attribute.Type) + "=" + escapeDN(fmt.Sprint(attribute.Value))
		}
		lines[i] = strings.Join(attributes, " + ")
	}
	return strings.Join(lines, "\n"), nil
}

// attributeName is OpenSSL's short name of an attribute, or its number where it has none.
func attributeName(oid asn1.ObjectIdentifier) string {
	names := map[string]string{
		"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
		"2.5.4.9": "street", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.17": "postalCode", "2.5.4.42": "GN",
		"2.5.4.46": "dnQualifier", "2.5.4.97": "organizationIdentifier", "1.2.840.113549.1.9.1": "emailAddress",
		"0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
	}
	if name := names[oid.String()]; name != "" {
		return name
	}
	return oid.String()
}

// escapeDN keeps a value on its line and apart from its neighbours.
func escapeDN(value string) string {
	var b strings.Builder
	for i, c := range value {
		edge := i == 0 && (c == '#' || c == ' ') || c == ' ' && i == len(value)-1
		switch {
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%02X`, c)
			continue
		case edge || strings.ContainsRune(`,+"\<>;`, c):
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
