package openssl

import (
	"crypto"
	"crypto/rsa"
)

// soname is OpenSSL 3's; a later major version has another one, and other rules.
const soname = "libcrypto.so.3"

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
// PKCS #1 v1.5, or PSS with a salt as long as the hash (*rsa.PSSOptions). Safe for concurrent use from any number of threads.
// Errors: the library refuses the key.
func (l *Library) Load(key *rsa.PrivateKey) (crypto.Signer, error) { return l.lib.load(key) }
