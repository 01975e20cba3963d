package tenant

import (
	"crypto/sha256"
	"crypto/subtle"
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

// Digest is what the token path keeps in memory and compares. It is never stored: a secret that a person chose could be guessed
// from it.
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

// A digest prints no more than the secret it was made from.
func (d Digest) String() string                { return redacted }
func (d Digest) GoString() string              { return redacted }
func (d Digest) Format(f fmt.State, verb rune) { fmt.Fprint(f, redacted) }
func (d Digest) LogValue() slog.Value          { return slog.StringValue(redacted) }
