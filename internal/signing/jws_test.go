package signing

import (
	"bytes"
	"encoding/asn1"
	"encoding/json"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestAppendStringEscapesOnlyWhatMustBe(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "read:timesheets", `"read:timesheets"`},
		{"empty", "", `""`},
		{"quote and backslash", `a"b\c`, `"a\"b\\c"`},
		{"short escapes", "\n\r\t", `"\n\r\t"`},
		{"other control characters", "\x00\x1f", `"\u0000\u001f"`},
		{"HTML is left as JSON.stringify leaves it", "<a>&", `"<a>&"`},
		{"beyond ASCII", "é\u2028😀", "\"é\u2028😀\""},
		{"DEL needs no escape", "\x7f", "\"\x7f\""},
		{"each byte that is not UTF-8 is replaced", "a\xff\xfeb\xc3", "\"a\uFFFD\uFFFDb\uFFFD\""},
		{"a real U+FFFD stays", "\uFFFD", "\"\uFFFD\""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(appendString(nil, tt.in)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func FuzzAppendString(f *testing.F) {
	for _, seed := range []string{"", "a", "\"\\\n\x00", "é\xff😀", "\u2028", "\xed\xa0\x80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want, got string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(appendString(nil, s), &got); err != nil {
			t.Fatalf("%q became %s: %v", s, appendString(nil, s), err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFixedECDSAPadsToFixedLength(t *testing.T) {
	der, err := asn1.Marshal(struct{ R, S *big.Int }{big.NewInt(1), big.NewInt(0x0203)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := fixedECDSA(der)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 64)
	want[31], want[62], want[63] = 1, 2, 3
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFixedECDSARefusesWhatASignerMustNotReturn(t *testing.T) {
	large := new(big.Int).Lsh(big.NewInt(1), 256)
	encode := func(r, s *big.Int) []byte {
		der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	one := big.NewInt(1)
	tests := map[string][]byte{
		"nothing":                         {},
		"not ASN.1":                       []byte("signature"),
		"trailing bytes":                  append(encode(one, one), 0),
		"r is zero":                       encode(big.NewInt(0), one),
		"s is zero":                       encode(one, big.NewInt(0)),
		"s is negative":                   encode(one, big.NewInt(-1)),
		"r too large":                     encode(large, one),
		"s too large":                     encode(one, large),
		"r alone":                         {0x30, 3, 2, 1, 1},
		"three integers":                  {0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1},
		"an integer longer than its text": {0x30, 6, 2, 1, 1, 2, 9, 1},
		"an integer without bytes":        {0x30, 5, 2, 1, 1, 2, 0},
		"a length in the long form":       {0x30, 0x81, 6, 2, 1, 1, 2, 1, 1},
		"a leading zero too many":         {0x30, 7, 2, 2, 0, 1, 2, 1, 1},
		"a string for an integer":         {0x30, 6, 4, 1, 1, 2, 1, 1},
	}
	for name, der := range tests {
		t.Run(name, func(t *testing.T) {
			if out, err := fixedECDSA(der); err == nil {
				t.Errorf("accepted as %x", out)
			}
		})
	}
}

// What is read by hand is what encoding/asn1 reads, for all signatures that a curve of 256 bits can have.
func FuzzFixedECDSA(f *testing.F) {
	f.Add([]byte{1}, []byte{2})
	f.Add(bytes.Repeat([]byte{0xFF}, 32), bytes.Repeat([]byte{0x7F}, 32))
	f.Add([]byte{0, 0x80}, make([]byte, 33))
	f.Fuzz(func(t *testing.T, r, s []byte) {
		sig := struct{ R, S *big.Int }{new(big.Int).SetBytes(r), new(big.Int).SetBytes(s)}
		der, err := asn1.Marshal(sig)
		if err != nil {
			t.Fatal(err)
		}
		inRange := sig.R.Sign() > 0 && sig.S.Sign() > 0 && sig.R.BitLen() <= 256 && sig.S.BitLen() <= 256
		out, err := fixedECDSA(der)
		if (err == nil) != inRange {
			t.Fatalf("%x: err %v", der, err)
		}
		if err == nil && !bytes.Equal(out, append(sig.R.FillBytes(make([]byte, 32)), sig.S.FillBytes(make([]byte, 32))...)) {
			t.Fatalf("%x became %x", der, out)
		}
	})
}

func TestHMACHeadersAreTheEncodersOwn(t *testing.T) {
	for _, typ := range []string{typJWT, typAccessToken} {
		if got, want := (hmacSignature{}).header(typ), encodeHeader(tenant.HS256, typ, ""); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}
