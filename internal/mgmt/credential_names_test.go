package mgmt

import (
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"testing"
)

// The example of RFC 7638 section 3.1.
func TestRSAThumbprint(t *testing.T) {
	n, err := base64.RawURLEncoding.DecodeString("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_" +
		"BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgd" +
		"AZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw")
	if err != nil {
		t.Fatal(err)
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
	if got, want := rsaThumbprint(key), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSubjectDN(t *testing.T) {
	set := func(pairs ...string) pkix.RelativeDistinguishedNameSET {
		oids := map[string]asn1.ObjectIdentifier{"CN": {2, 5, 4, 3}, "C": {2, 5, 4, 6}, "DC": {0, 9, 2342, 19200300, 100, 1, 25}, "?": {1, 2, 3}}
		var s pkix.RelativeDistinguishedNameSET
		for i := 0; i < len(pairs); i += 2 {
			s = append(s, pkix.AttributeTypeAndValue{Type: oids[pairs[i]], Value: pairs[i+1]})
		}
		return s
	}
	for _, tt := range []struct {
		rule string
		name pkix.RDNSequence
		want string
	}{
		{"in the certificate's order", pkix.RDNSequence{set("C", "es"), set("DC", "example"), set("CN", "Developer Experience")}, "C=es\nDC=example\nCN=Developer Experience"},
		{"an attribute without a name", pkix.RDNSequence{set("?", "x")}, "1.2.3=x"},
		{"several values on one line, in the order of DER", pkix.RDNSequence{set("C", "es", "CN", "a")}, "CN=a + C=es"},
		{"RFC 2253 section 2.4", pkix.RDNSequence{set("CN", `#a,b+"c\d<e>f; `)}, `CN=\#a\,b\+\"c\\d\<e\>f\;\ `},
		{"a line break cannot forge an attribute", pkix.RDNSequence{set("CN", "a\nC=es")}, `CN=a\0AC=es`},
		{"beyond ASCII", pkix.RDNSequence{set("CN", "Müller")}, "CN=Müller"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			der, err := asn1.Marshal(tt.name)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := subjectDN(der); err != nil || got != tt.want {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
	if _, err := subjectDN([]byte{0x30, 0x03, 0x01}); err == nil {
		t.Error("what is no name was read")
	}
}
