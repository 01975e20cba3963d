// Package openssl signs with RSA through OpenSSL's libcrypto, which takes a third of the time of crypto/rsa on a machine with
// AVX-512 IFMA. The library is opened at run time (dlopen) and the prototypes are written by hand: a build needs neither
// OpenSSL nor its headers, and a machine without the library gets an error, not a crash.
//
// Owns: Library, the search for libcrypto.so.3, the lifetime of keys in its memory.
// Does not own: the choice between it and crypto/rsa, any check of what it computes (signing does both).
// May import: the standard library, C.
package openssl
