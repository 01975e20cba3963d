package tenant

import (
	"log/slog"
	"slices"
	"time"
)

// KeyFamily is the kind of key pair. RSA keys exist from the start, the others from their first use.
type KeyFamily string

const (
	FamilyRSA KeyFamily = "RSA" // 2048 bits: RS256, PS256
	FamilyEC  KeyFamily = "EC"  // P-256: ES256
	FamilyOKP KeyFamily = "OKP" // Ed25519: EdDSA (RFC 8037)
)

// KeyState is where a key stands in its rotation. Each family has one current and one next key.
type KeyState string

const (
	KeyNext     KeyState = "next"     // published, signs nothing yet
	KeyCurrent  KeyState = "current"  // signs
	KeyPrevious KeyState = "previous" // signs nothing, still published: its tokens verify
	KeyRevoked  KeyState = "revoked"  // published nowhere
)

// SigningKey is one key pair of a tenant with its self-signed certificate. Auth0: /keys/signing.
type SigningKey struct {
	// KID is the JOSE kid, unique in the tenant.
	KID    string
	Family KeyFamily
	State  KeyState
	// Certificate is the X.509 certificate in DER.
	Certificate []byte
	// PrivateKey is the PKCS #8 form in DER, base64. Sealed at rest.
	PrivateKey Secret

	CreatedAt    time.Time
	CurrentSince time.Time // zero while next
	CurrentUntil time.Time // zero while next or current
	RevokedAt    time.Time // zero unless revoked
}

// LogValue keeps the private key out of every log.
func (k SigningKey) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kid", k.KID), slog.String("family", string(k.Family)), slog.String("state", string(k.State)))
}

// KeySet is the immutable snapshot of a tenant's signing keys, newest first.
type KeySet []SigningKey

// Find returns the key named kid, revoked or not.
func (s KeySet) Find(kid string) (SigningKey, bool) {
	i := slices.IndexFunc(s, func(k SigningKey) bool { return k.KID == kid })
	if i < 0 {
		return SigningKey{}, false
	}
	return s[i], true
}

// In returns the key of a family in a state; for KeyPrevious and KeyRevoked the newest of them.
func (s KeySet) In(family KeyFamily, state KeyState) (SigningKey, bool) {
	i := slices.IndexFunc(s, func(k SigningKey) bool { return k.Family == family && k.State == state })
	if i < 0 {
		return SigningKey{}, false
	}
	return s[i], true
}
