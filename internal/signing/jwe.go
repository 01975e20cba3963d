package signing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"

	"github.com/writ-auth/writ/internal/tenant"
)

// contentKeySize is that of A256GCM, in bytes (RFC 7518 section 5.3).
const contentKeySize = 32

// encrypt wraps a signed token in a JWE that the API alone can open: a nested JWT (RFC 7519 section 5.2) in compact serialization
// (RFC 7516 sections 5.1 and 7.1). Errors: only what would be a fault of ours.
func encrypt(signed string, to *tenant.TokenEncryption) (string, error) {
	key := to.EncryptionKey
	public, err := decodeRSAPublicKey(key.PEM) // judged when it was set
	if err != nil {
		return "", fmt.Errorf("token encryption key: %w", err)
	}
	newHash, err := oaepHash(key.Alg)
	if err != nil {
		return "", err
	}
	contentKey := make([]byte, contentKeySize)
	defer clear(contentKey)
	rand.Read(contentKey)
	encryptedKey, err := rsa.EncryptOAEP(newHash(), rand.Reader, public, contentKey, nil)
	if err != nil {
		return "", fmt.Errorf("encrypt the content key: %w", err)
	}
	block, err := aes.NewCipher(contentKey)
	if err != nil {
		return "", err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	iv := make([]byte, aead.NonceSize())
	rand.Read(iv)
	header := jweHeader(key)
	sealed := aead.Seal(nil, iv, []byte(signed), []byte(header))
	tag := len(sealed) - aead.Overhead()
	return jweCompact(header, encryptedKey, iv, sealed[:tag], sealed[tag:]), nil
}

// jweHeader is the protected header, base64url: alg, enc, cty and, if the key has a name, kid.
func jweHeader(key tenant.TokenEncryptionKey) string {
	h := []byte(`{"alg":`)
	h = appendString(h, key.Alg)
	h = append(h, `,"enc":"A256GCM","cty":"JWT"`...)
	if key.KID != "" {
		h = append(h, `,"kid":`...)
		h = appendString(h, key.KID)
	}
	return base64.RawURLEncoding.EncodeToString(append(h, '}'))
}

func jweCompact(header string, parts ...[]byte) string {
	out := []byte(header)
	for _, part := range parts {
		out = base64.RawURLEncoding.AppendEncode(append(out, '.'), part)
	}
	return string(out)
}

// oaepHash is the hash of a key management algorithm (RFC 7518 section 4.3, and its larger siblings in the IANA registry).
func oaepHash(alg string) (func() hash.Hash, error) {
	switch alg {
	case "RSA-OAEP-256":
		return sha256.New, nil
	case "RSA-OAEP-384":
		return sha512.New384, nil
	case "RSA-OAEP-512":
		return sha512.New, nil
	}
	return nil, fmt.Errorf("token encryption with %q is not supported", alg)
}
