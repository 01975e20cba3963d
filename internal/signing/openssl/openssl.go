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
	unsigned long (*version_num)(void), (*err_get)(void);
	const char *(*version)(int);
	void (*err_string)(unsigned long, char *, size_t), (*err_clear)(void);
	void *(*d2i)(void **, const unsigned char **, long), *(*ctx_new)(void *, void *);
	void (*key_free)(void *), (*ctx_free)(void *);
	int (*size)(const void *), (*sign_init)(void *), (*set_padding)(void *, int), (*set_saltlen)(void *, int);
	int (*set_md)(void *, const void *);
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
	if (l->version_num() >> 28 == 3) return 1;
	snprintf(why, n, "%s is version %s: want 3", name, l->version(6)); // OPENSSL_VERSION_STRING
	return 0;
}

static const char *writ_version(const writ_lib *l) { return l->version(6); }
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
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"runtime"
	"unsafe"
)

type library struct {
	c       C.writ_lib
	version string
}

// reason is the C text that says why a call failed.
type reason [256]byte

func (r *reason) args() (*C.char, C.size_t) { return (*C.char)(unsafe.Pointer(r)), C.size_t(len(r)) }

func (r *reason) error() error {
	text, _, _ := bytes.Cut(r[:], []byte{0})
	return errors.New("openssl: " + string(text))
}

// open never closes what it opened: OpenSSL cannot be unloaded.
func open(name string) (*library, error) {
	l, why, file := &library{}, reason{}, append([]byte(name), 0)
	text, size := why.args()
	if C.writ_open((*C.char)(unsafe.Pointer(&file[0])), &l.c, text, size) == 0 {
		return nil, why.error()
	}
	l.version = C.GoString(C.writ_version(&l.c))
	return l, nil
}

// key is an EVP_PKEY, freed when it is garbage.
type key struct {
	lib *library
	evp unsafe.Pointer
}

func (l *library) load(private *rsa.PrivateKey) (*key, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("openssl: %w", err)
	}
	defer clear(der)
	why := reason{}
	text, size := why.args()
	evp := C.writ_load(&l.c, (*C.uchar)(&der[0]), C.long(len(der)), C.int(private.Size()), text, size)
	if evp == nil {
		return nil, why.error()
	}
	k := &key{l, evp}
	runtime.AddCleanup(k, func(evp unsafe.Pointer) { C.writ_free(&l.c, evp) }, evp)
	return k, nil
}

// sign fills sig, which is as long as the modulus.
func (k *key) sign(padding int, digest, sig []byte) error {
	why := reason{}
	text, size := why.args()
	n := C.writ_sign(&k.lib.c, k.evp, C.int(padding), (*C.uchar)(&digest[0]), C.size_t(len(digest)),
		(*C.uchar)(&sig[0]), C.size_t(len(sig)), text, size)
	runtime.KeepAlive(k)
	if int(n) != len(sig) {
		return why.error()
	}
	return nil
}
