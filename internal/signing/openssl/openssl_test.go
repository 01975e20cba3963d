package openssl

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// opened is the machine's library. Without one there is nothing to test, and the error must say so.
func opened(t testing.TB) *Library {
	t.Helper()
	lib, err := Open()
	if err != nil {
		if lib != nil || !strings.HasPrefix(err.Error(), "openssl: ") {
			t.Fatalf("%v, err %v", lib, err)
		}
		t.Skip("no OpenSSL signer here:", err)
	}
	return lib
}

func testKey(t testing.TB, n string) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "rsa-"+n+".pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func loaded(t testing.TB, key *rsa.PrivateKey) crypto.Signer {
	t.Helper()
	signer, err := opened(t).Load(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func pss() *rsa.PSSOptions {
	return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
}

func TestVersionIsThree(t *testing.T) {
	if v := opened(t).Version(); !regexp.MustCompile(`^3\.\d+\.\d+`).MatchString(v) {
		t.Errorf("version %q", v)
	}
}

func TestSignaturesAreThoseOfCryptoRSA(t *testing.T) {
	for _, n := range []string{"1", "2", "3", "4"} {
		key := testKey(t, n)
		signer := loaded(t, key)
		if !key.PublicKey.Equal(signer.Public()) {
			t.Errorf("key %s: another public key", n)
		}
		for _, message := range []string{"", "a", strings.Repeat("b", 1000)} {
			digest := sha256.Sum256([]byte(message))
			got, err := signer.Sign(nil, digest[:], crypto.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			want, err := key.Sign(nil, digest[:], crypto.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("key %s, %d bytes: PKCS #1 v1.5 differs", n, len(message))
			}
			first, err := signer.Sign(nil, digest[:], pss())
			if err != nil {
				t.Fatal(err)
			}
			if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], first, pss()); err != nil {
				t.Errorf("key %s, %d bytes: PSS: %v", n, len(message), err)
			}
			if second, err := signer.Sign(nil, digest[:], pss()); err != nil || bytes.Equal(first, second) {
				t.Errorf("key %s: two PSS signatures have one salt, err %v", n, err)
			}
		}
	}
}

func TestSignRefusesWhatItWasNotMadeFor(t *testing.T) {
	signer := loaded(t, testKey(t, "1"))
	digest := sha256.Sum256(nil)
	for name, sign := range map[string]func() ([]byte, error){
		"a digest that is too short": func() ([]byte, error) { return signer.Sign(nil, digest[:31], crypto.SHA256) },
		"no digest":                  func() ([]byte, error) { return signer.Sign(nil, nil, crypto.SHA256) },
		"another hash":               func() ([]byte, error) { return signer.Sign(nil, digest[:], crypto.SHA512) },
		"no hash":                    func() ([]byte, error) { return signer.Sign(nil, digest[:], crypto.Hash(0)) },
		"another salt": func() ([]byte, error) {
			return signer.Sign(nil, digest[:], &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256})
		},
	} {
		if sig, err := sign(); err == nil || sig != nil {
			t.Errorf("%s: signed as %x", name, sig)
		}
	}
}

// One key, many threads, and the garbage collector at its heels: signers that are dropped take their keys with them, those in
// use keep theirs.
func TestOneKeyOnManyThreads(t *testing.T) {
	key := testKey(t, "2")
	shared := loaded(t, key)
	digest := sha256.Sum256([]byte("shared"))
	want, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 5 {
				own, err := opened(t).Load(key)
				if err != nil {
					t.Error(err)
					return
				}
				for _, signer := range []crypto.Signer{shared, own} {
					if got, err := signer.Sign(nil, digest[:], crypto.SHA256); err != nil || !bytes.Equal(got, want) {
						t.Errorf("a wrong signature, err %v", err)
					}
				}
				runtime.GC()
			}
		})
	}
	group.Wait()
}

func TestOpenRefuses(t *testing.T) {
	opened(t)
	for name, want := range map[string]string{"libnowhere.so.3": "libnowhere.so.3", "libc.so.6": "OpenSSL_version_num"} {
		if lib, err := open(name); err == nil || lib != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: err %v, want one that names %s", name, err, want)
		}
	}
}

// A library that has every function and is of another version, such as OpenSSL 1.1 under a link with the new name.
func TestOpenRefusesAnotherVersion(t *testing.T) {
	opened(t)
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc to build a false library with")
	}
	code := `unsigned long OpenSSL_version_num(void) { return 0x1010117fL; }
const char *OpenSSL_version(int what) { (void)what; return "1.1.1w"; }
`
	for _, f := range []string{"ERR_get_error", "ERR_error_string_n", "ERR_clear_error", "d2i_AutoPrivateKey", "EVP_PKEY_get_size",
		"EVP_PKEY_free", "EVP_PKEY_CTX_new", "EVP_PKEY_CTX_free", "EVP_PKEY_sign_init", "EVP_PKEY_CTX_set_rsa_padding",
		"EVP_PKEY_CTX_set_signature_md", "EVP_PKEY_CTX_set_rsa_pss_saltlen", "EVP_sha256", "EVP_PKEY_sign"} {
		code += "void " + f + "(void) {}\n"
	}
	dir := t.TempDir()
	source, library := filepath.Join(dir, "old.c"), filepath.Join(dir, "libcrypto.so.3")
	if err := os.WriteFile(source, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(gcc, "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if lib, err := open(library); err == nil || lib != nil || !strings.Contains(err.Error(), "is version 1.1.1w: want 3") {
		t.Errorf("err %v", err)
	}
}

func BenchmarkSign(b *testing.B) {
	key := testKey(b, "1")
	digest := sha256.Sum256(nil)
	for name, signer := range map[string]crypto.Signer{"openssl": loaded(b, key), "go": key} {
		for padding, opts := range map[string]crypto.SignerOpts{"PKCS1v15": crypto.SHA256, "PSS": pss()} {
			b.Run(name+"/"+padding, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := signer.Sign(rand.Reader, digest[:], opts); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
