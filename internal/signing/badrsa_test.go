package signing

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"
	"slices"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestVerifyRefusesBadRS256(t *testing.T) {
	cases := badRSA(tenant.RS256)
	cases["a PS256 signature"] = ofRight(tenant.PS256, slices.Clone[[]byte])
	cases["SHA-1"] = pkcs1(crypto.SHA1, func(in []byte) []byte { d := sha1.Sum(in); return d[:] })
	cases["SHA-512"] = pkcs1(crypto.SHA512, func(in []byte) []byte { d := sha512.Sum512(in); return d[:] })
	cases["SHA-256 without its DigestInfo"] = pkcs1(crypto.Hash(0), func(in []byte) []byte { d := sha256.Sum256(in); return d[:] })
	// EM = 00 01 FF..FF 00 T, where T is DigestInfo and digest (RFC 8017 section 9.2): every other form must be refused.
	info := []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}
	noNull := []byte{0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20}
	long := slices.Concat([]byte{0x30, 0x81}, info[1:])
	encodings := map[string]func(digest []byte) []byte{
		"block type 2":        func(d []byte) []byte { return encoded(2, 0xFF, 0, info, d, nil) },
		"block type 0":        func(d []byte) []byte { return encoded(0, 0xFF, 0, info, d, nil) },
		"padding of zeros":    func(d []byte) []byte { return encoded(1, 0, 0, info, d, nil) },
		"no zero behind it":   func(d []byte) []byte { return encoded(1, 0xFF, 0xFF, info, d, nil) },
		"garbage behind it":   func(d []byte) []byte { return encoded(1, 0xFF, 0, info, d, []byte("garbage")) },
		"a zero behind it":    func(d []byte) []byte { return encoded(1, 0xFF, 0, info, d, []byte{0}) },
		"NULL left out":       func(d []byte) []byte { return encoded(1, 0xFF, 0, noNull, d, nil) },
		"length in long form": func(d []byte) []byte { return encoded(1, 0xFF, 0, long, d, nil) },
		"half of the digest":  func(d []byte) []byte { return encoded(1, 0xFF, 0, info, d[:16], nil) },
		"the digest twice":    func(d []byte) []byte { return encoded(1, 0xFF, 0, info, slices.Concat(d, d), nil) },
	}
	for name, encode := range encodings {
		cases["encoding: "+name] = func(_ *testing.T, key any, input []byte) []byte {
			digest := sha256.Sum256(input)
			return rawRSA(key.(*rsa.PrivateKey), encode(digest[:]))
		}
	}
	refuseAll(t, tenant.RS256, cases)
	// The tool of these cases makes a right signature of a right encoding.
	key := selfTestKeyOf(t)
	digest := sha256.Sum256([]byte("in"))
	if !verify(&key.PublicKey, tenant.RS256, []byte("in"), rawRSA(key, encoded(1, 0xFF, 0, info, digest[:], nil))) {
		t.Error("rawRSA does not sign: the cases could not fail")
	}
}

func TestVerifyRefusesBadPS256(t *testing.T) {
	cases := badRSA(tenant.PS256)
	cases["an RS256 signature"] = ofRight(tenant.RS256, slices.Clone[[]byte])
	for name, salt := range map[string]int{"no salt": 0, "31 bytes of salt": 31, "33 bytes of salt": 33, "the longest salt": rsa.PSSSaltLengthAuto} {
		cases[name] = func(t *testing.T, key any, input []byte) []byte {
			d := sha256.Sum256(input)
			if salt == 0 {
				return pssWithoutSalt(t, key.(*rsa.PrivateKey), d[:])
			}
			return pssOf(t, key.(*rsa.PrivateKey), crypto.SHA256, d[:], salt)
		}
	}
	cases["SHA-512"] = func(t *testing.T, key any, input []byte) []byte {
		d := sha512.Sum512(input)
		return pssOf(t, key.(*rsa.PrivateKey), crypto.SHA512, d[:], 32)
	}
	cases["SHA-512, cut to SHA-256's length"] = func(t *testing.T, key any, input []byte) []byte {
		d := sha512.Sum512(input)
		return pssOf(t, key.(*rsa.PrivateKey), crypto.SHA256, d[:32], 32)
	}
	refuseAll(t, tenant.PS256, cases)
}

// badRSA are the cases that do not depend on the padding.
func badRSA(alg string) map[string]badSignature {
	integer := func(of func(n *big.Int) *big.Int) badSignature {
		return func(_ *testing.T, key any, _ []byte) []byte {
			return of(key.(*rsa.PrivateKey).N).FillBytes(make([]byte, rsaBits/8))
		}
	}
	return map[string]badSignature{
		"0":              integer(func(*big.Int) *big.Int { return new(big.Int) }),
		"1":              integer(func(*big.Int) *big.Int { return big.NewInt(1) }),
		"n-1":            integer(func(n *big.Int) *big.Int { return new(big.Int).Sub(n, big.NewInt(1)) }),
		"n":              integer(func(n *big.Int) *big.Int { return n }),
		"n+1":            integer(func(n *big.Int) *big.Int { return new(big.Int).Add(n, big.NewInt(1)) }),
		"not reduced":    notReduced(alg),
		"negative":       ofNegative(alg),
		"a zero before":  ofRight(alg, func(sig []byte) []byte { return append([]byte{0}, sig...) }),
		"a zero after":   ofRight(alg, func(sig []byte) []byte { return append(sig, 0) }),
		"a byte missing": ofRight(alg, func(sig []byte) []byte { return sig[:len(sig)-1] }),
		"the first half": ofRight(alg, func(sig []byte) []byte { return sig[:len(sig)/2] }),
		"the last bytes": ofRight(alg, func(sig []byte) []byte { return sig[1:] }),
		"twice":          ofRight(alg, func(sig []byte) []byte { return append(sig, sig...) }),
		"reversed":       ofRight(alg, func(sig []byte) []byte { slices.Reverse(sig); return sig }),
		"one byte":       constant([]byte{0}),
		"another message": func(t *testing.T, key any, input []byte) []byte {
			return ofRight(alg, slices.Clone[[]byte])(t, key, input[1:])
		},
	}
}

// notReduced adds the modulus to a signature: the same number to arithmetic, and none to RFC 8017 section 5.2.2.
func notReduced(alg string) badSignature {
	return func(t *testing.T, key any, input []byte) []byte {
		t.Helper()
		sig := ofRight(alg, slices.Clone[[]byte])(t, key, input)
		return new(big.Int).Add(new(big.Int).SetBytes(sig), key.(*rsa.PrivateKey).N).Bytes()
	}
}

// ofNegative is n - s, which squares to the same.
func ofNegative(alg string) badSignature {
	return func(t *testing.T, key any, input []byte) []byte {
		t.Helper()
		sig := ofRight(alg, slices.Clone[[]byte])(t, key, input)
		return new(big.Int).Sub(key.(*rsa.PrivateKey).N, new(big.Int).SetBytes(sig)).FillBytes(make([]byte, rsaBits/8))
	}
}

func pkcs1(hash crypto.Hash, digest func([]byte) []byte) badSignature {
	return func(t *testing.T, key any, input []byte) []byte {
		t.Helper()
		sig, err := rsa.SignPKCS1v15(nil, key.(*rsa.PrivateKey), hash, digest(input))
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
}

func pssOf(t *testing.T, key *rsa.PrivateKey, hash crypto.Hash, digest []byte, salt int) []byte {
	t.Helper()
	sig, err := rsa.SignPSS(rand.Reader, key, hash, digest, &rsa.PSSOptions{SaltLength: salt, Hash: hash})
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// pssWithoutSalt is RFC 8017 section 9.1.1 with an empty salt, which crypto/rsa cannot be asked for: 0 means another thing there.
func pssWithoutSalt(t *testing.T, key *rsa.PrivateKey, digest []byte) []byte {
	t.Helper()
	h := sha256.Sum256(append(make([]byte, 8), digest...))
	db := make([]byte, rsaBits/8-len(h)-1)
	db[len(db)-1] = 1
	for i, offset := byte(0), 0; offset < len(db); i, offset = i+1, offset+sha256.Size {
		mask := sha256.Sum256(append(h[:len(h):len(h)], 0, 0, 0, i))
		for j := offset; j < min(offset+len(mask), len(db)); j++ {
			db[j] ^= mask[j-offset]
		}
	}
	db[0] &= 0x7F
	sig := rawRSA(key, slices.Concat(db, h[:], []byte{0xBC}))
	loose := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto}
	if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest, sig, loose); err != nil {
		t.Fatalf("not a PSS signature at all: %v", err)
	}
	return sig
}

// encoded is EM of RFC 8017 section 9.2, with everything in it at the caller's choice.
func encoded(blockType, padding, separator byte, info, digest, behind []byte) []byte {
	tail := slices.Concat([]byte{separator}, info, digest, behind)
	return slices.Concat([]byte{0, blockType}, bytes.Repeat([]byte{padding}, rsaBits/8-2-len(tail)), tail)
}

// rawRSA is the private-key operation alone (RFC 8017 section 5.2.1).
func rawRSA(key *rsa.PrivateKey, em []byte) []byte {
	return new(big.Int).Exp(new(big.Int).SetBytes(em), key.D, key.N).FillBytes(make([]byte, rsaBits/8))
}

func selfTestKeyOf(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := selfTestKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
