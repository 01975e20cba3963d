//go:build cgo && linux

package openssl

/*
#cgo LDFLAGS: -ldl
#cgo noescape writ_sign
#cgo nocallback writ_sign
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

// What is used of OpenSSL 3, as declared in its manual; every OpenSSL type is opaque here.
typedef struct {
	unsigned long (*version_num)(void);
	const char *(*version)(int);
	unsigned long (*err_get)(void);
	void (*err_string)(unsigned long, char *, size_t);
	void (*err_clear)(void);
	void *(*d2i)(void **, const unsigned char **, long);
	int (*size)(const void *);
	void (*key_free)(void *);
	void *(*ctx_new)(void *, void *);
	void (*ctx_free)(void *);
	int (*sign_init)(void *);
	int (*set_padding)(void *, int);
	int (*set_md)(void *, const void *);
	int (*set_saltlen)(void *, int);
	const void *(*sha256)(void);
	int (*sign)(void *, unsigned char *, size_t *, const unsigned char *, size_t);
} writ_lib;

// The failing call leaves its reason on the stack of its own thread, so it is fetched before the thread is left.
static void writ_why(const writ_lib *l, char *why, size_t n) {
	unsigned long code = l->err_get();
	if (code) l->err_string(code, why, n);
	else snprintf(why, n, "no reason given");
}

static int writ_open(const char *name, writ_lib *l, char *why, size_t n) {
	struct { const char *symbol; void *to; } want[] = {
		{"OpenSSL_version_num", &l->version_num}, {"OpenSSL_version", &l->version},
		{"ERR_get_error", &l->err_get}, {"ERR_error_string_n", &l->err_string}, {"ERR_clear_error", &l->err_clear},
		{"d2i_AutoPrivateKey", &l->d2i}, {"EVP_PKEY_get_size", &l->size}, {"EVP_PKEY_free", &l->key_free},
		{"EVP_PKEY_CTX_new", &l->ctx_new}, {"EVP_PKEY_CTX_free", &l->ctx_free}, {"EVP_PKEY_sign_init", &l->sign_init},
		{"EVP_PKEY_CTX_set_rsa_padding", &l->set_padding}, {"EVP_PKEY_CTX_set_signature_md", &l->set_md},
		{"EVP_PKEY_CTX_set_rsa_pss_saltlen", &l->set_saltlen}, {"EVP_sha256", &l->sha256}, {"EVP_PKEY_sign", &l->sign},
	};
	void *lib = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (!lib) { snprintf(why, n, "%s", dlerror()); return 0; }
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		void *found = dlsym(lib, want[i].symbol);
		if (!found) { snprintf(why, n, "%s", dlerror()); return 0; }
		*(void **)want[i].to = found;
	}
	return 1;
}

static unsigned long writ_version(const writ_lib *l) { return l->version_num(); }
static const char *writ_version_text(const writ_lib *l) { return l->version(6); } // OPENSSL_VERSION_STRING
static void writ_free(const writ_lib *l, void *key) { l->key_free(key); }

static void *writ_load(const writ_lib *l, const unsigned char *der, long len, int size, char *why, size_t n) {
	l->err_clear();
	void *key = l->d2i(NULL, &der, len);
	if (!key) writ_why(l, why, n);
	else if (l->size(key) != size) { snprintf(why, n, "it read another key"); l->key_free(key); key = NULL; }
	return key;
}

// The key is only read, and the context is this call's own: any number of threads may sign with one key.
static int writ_sign(const writ_lib *l, void *key, int padding, const unsigned char *digest, size_t len,
                     unsigned char *sig, size_t size, char *why, size_t n) {
	l->err_clear();
	void *ctx = l->ctx_new(key, NULL);
	int ok = ctx && l->sign_init(ctx) > 0 && l->set_padding(ctx, padding) > 0 && l->set_md(ctx, l->sha256()) > 0
		&& (padding != 6 || l->set_saltlen(ctx, -1) > 0) // RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST
		&& l->sign(ctx, sig, &size, digest, len) > 0;
	if (!ok) writ_why(l, why, n);
	l->ctx_free(ctx);
	return ok ? (int)size : 0;
}
*/
import "C"

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"io"
	"runtime"
	"unsafe"
)

// Paddings of EVP_PKEY_CTX_set_rsa_padding(3).
const (
	paddingPKCS1 = 1
	paddingPSS   = 6
)

type library struct {
	c       C.writ_lib
	version string
}

type reason [256]C.char

func (r *reason) String() string { return C.GoString(&r[0]) }

// open never closes what it opened: OpenSSL cannot be unloaded.
func open(name string) (*library, error) {
	l, why := &library{}, reason{}
	file := append([]byte(name), 0)
	if C.writ_open((*C.char)(unsafe.Pointer(&file[0])), &l.c, &why[0], C.size_t(len(why))) == 0 {
		return nil, fmt.Errorf("openssl: %s", &why)
	}
	l.version = C.GoString(C.writ_version_text(&l.c))
	if major := C.writ_version(&l.c) >> 28; major != 3 {
		return nil, fmt.Errorf("openssl: %s is version %s: want 3", name, l.version)
	}
	return l, nil
}

type key struct {
	lib    *library
	evp    unsafe.Pointer // EVP_PKEY, freed with the key
	public rsa.PublicKey
}

func (l *library) load(private *rsa.PrivateKey) (crypto.Signer, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("openssl: %w", err)
	}
	defer clear(der)
	why := reason{}
	evp := C.writ_load(&l.c, (*C.uchar)(&der[0]), C.long(len(der)), C.int(private.Size()), &why[0], C.size_t(len(why)))
	if evp == nil {
		return nil, fmt.Errorf("openssl: load the key: %s", &why)
	}
	k := &key{lib: l, evp: evp, public: private.PublicKey}
	runtime.AddCleanup(k, func(evp unsafe.Pointer) { C.writ_free(&l.c, evp) }, evp)
	return k, nil
}

// Public implements crypto.Signer.
func (k *key) Public() crypto.PublicKey { return &k.public }

// Sign implements crypto.Signer: SHA-256 only, with *rsa.PSSOptions the salt as long as the hash. OpenSSL draws its own randomness.
func (k *key) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 || len(digest) != sha256.Size {
		return nil, fmt.Errorf("openssl: sign a digest of %d bytes with %v: want SHA-256", len(digest), opts.HashFunc())
	}
	padding := C.int(paddingPKCS1)
	if pss, ok := opts.(*rsa.PSSOptions); ok {
		if padding = paddingPSS; pss.SaltLength != rsa.PSSSaltLengthEqualsHash {
			return nil, fmt.Errorf("openssl: salt length %d: want that of the hash", pss.SaltLength)
		}
	}
	sig, why := make([]byte, k.public.Size()), reason{}
	n := C.writ_sign(&k.lib.c, k.evp, padding, (*C.uchar)(&digest[0]), C.size_t(len(digest)),
		(*C.uchar)(&sig[0]), C.size_t(len(sig)), &why[0], C.size_t(len(why)))
	runtime.KeepAlive(k)
	if int(n) != len(sig) {
		return nil, fmt.Errorf("openssl: sign: %s", &why)
	}
	return sig, nil
}
