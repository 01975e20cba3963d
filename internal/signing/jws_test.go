package signing

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"encoding/json"
	"errors"
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
		"not ASN.1":      []byte("signature"),
		"trailing bytes": append(encode(one, one), 0),
		"r is zero":      encode(big.NewInt(0), one),
		"s is negative":  encode(one, big.NewInt(-1)),
		"r too large":    encode(large, one),
		"s too large":    encode(one, large),
	}
	for name, der := range tests {
		t.Run(name, func(t *testing.T) {
			if out, err := fixedECDSA(der); err == nil {
				t.Errorf("accepted as %x", out)
			}
		})
	}
}

func TestSigningWaitsForACoreOnlyAsLongAsItsContext(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	slots := make(chan struct{}, 1)
	with := &keySignature{slots: slots, alg: tenant.ES256, key: &privateKey{signer: key}}
	if _, err := with.sign(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if len(slots) != 0 {
		t.Fatal("the slot was not given back")
	}
	slots <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := with.sign(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v, want %v", err, context.Canceled)
	}
}
