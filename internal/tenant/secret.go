package tenant

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"log/slog"
)

const redacted = "[REDACTED]"

// Secret is a value that may be shown to whoever is entitled to it and to no log: every way of printing it is blunted.
// JSON carries the real value, because the API answers with it; a struct with a Secret field must therefore implement
// slog.LogValuer itself.
type Secret string

// Reveal is the only way to the text.
func (s Secret) Reveal() string { return string(s) }

// Digest is what is stored beside the sealed secret and compared on the token path. A client secret is 256 bits or more of
// randomness, so one SHA-256 is enough: there is no dictionary to slow down.
func (s Secret) Digest() Digest { return Digest(sha256.Sum256([]byte(s))) }

func (s Secret) String() string                { return redacted }
func (s Secret) GoString() string              { return redacted }
func (s Secret) Format(f fmt.State, verb rune) { fmt.Fprint(f, redacted) }
func (s Secret) LogValue() slog.Value          { return slog.StringValue(redacted) }

// Digest is the SHA-256 of a Secret. The zero Digest matches nothing.
type Digest [sha256.Size]byte

// Matches compares in constant time.
func (d Digest) Matches(s Secret) bool {
	presented := s.Digest()
	return subtle.ConstantTimeCompare(d[:], presented[:]) == 1 && d != Digest{}
}

// String is the lower-case hex form, as stored.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// ParseDigest reads what String wrote.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if hex.DecodedLen(len(s)) != len(d) {
		return d, fmt.Errorf("digest of %d characters, want %d", len(s), hex.EncodedLen(len(d)))
	}
	_, err := hex.Decode(d[:], []byte(s))
	return d, err
}
