package openssl

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
)

// soname is OpenSSL 3's; a later major version has another one, and other rules.
const soname = "libcrypto.so.3"

// Paddings of EVP_PKEY_CTX_set_rsa_padding(3).
const (
	paddingPKCS1 = 1
	paddingPSS   = 6
)

// Library is libcrypto as it was found on this machine. Safe for concurrent use.
type Library struct{ lib *library }

// Open finds the library. It stays loaded until the process ends. Errors: it is not there, it is not OpenSSL 3, it lacks a
// function, or this build of writ cannot open libraries.
func Open() (*Library, error) {
	lib, err := open(soname)
	if err != nil {
		return nil, err
	}
	return &Library{lib}, nil
}

// Version is the library's own, such as 3.0.19.
func (l *Library) Version() string { return l.lib.version }

// Load copies an RSA key into the library's memory, which is freed once the signer is garbage. The signer takes SHA-256 digests:
// PKCS #1 v1.5, or PSS with a salt as long as the hash (*rsa.PSSOptions). It draws its own randomness, and is safe for concurrent
// use from any number of threads. Errors: the library refuses the key.
func (l *Library) Load(key *rsa.PrivateKey) (crypto.Signer, error) {
	loaded, err := l.lib.load(key)
	if err != nil {
		return nil, err
	}
	return &signer{key: loaded, public: key.PublicKey}, nil
}

type signer struct {
	key    *key
	public rsa.PublicKey
}

// Public implements crypto.Signer.
func (s *signer) Public() crypto.PublicKey { return &s.public }

// Sign implements crypto.Signer.
func (s *signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 || len(digest) != sha256.Size {
		return nil, fmt.Errorf("openssl: a digest of %d bytes for %v: want SHA-256", len(digest), opts.HashFunc())
	}
	padding := paddingPKCS1
	if pss, ok := opts.(*rsa.PSSOptions); ok {
		if padding = paddingPSS; pss.SaltLength != rsa.PSSSaltLengthEqualsHash {
			return nil, fmt.Errorf("openssl: salt length %d: want that of the hash", pss.SaltLength)
		}
	}
	sig := make([]byte, s.public.Size())
	if err := s.key.sign(padding, digest, sig); err != nil {
		return nil, err
	}
	return sig, nil
}
