package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	// masterKeySize is that of XChaCha20-Poly1305, whose 192-bit nonces may be drawn at random without ever counting them.
	masterKeySize = 32

	// Associated data of the two things a master key seals: neither opens as the other.
	dataKeyPurpose = "writ/data-key/"
	checkPurpose   = "writ/master-key-check"
	checkText      = "this is the master key of this database"
)

// ErrWrongMasterKey: the database was made with another master key.
var ErrWrongMasterKey = errors.New("the master key does not belong to this database: its secrets were sealed with another one; " +
	"start again with the master key that was in use when the database was created (restore master.key from its backup)")

// Master seals tenant data keys. Safe for concurrent use.
type Master struct {
	aead tink.AEAD
}

// NewMasterKey is 32 random bytes.
func NewMasterKey() []byte {
	key := make([]byte, masterKeySize)
	rand.Read(key)
	return key
}

// FormatMasterKey is the text form that ParseMasterKey reads: one line of standard base64.
func FormatMasterKey(key []byte) string { return base64.StdEncoding.EncodeToString(key) }

// ParseMasterKey reads the text form; white space around it is ignored. The error never repeats the text.
func ParseMasterKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("master key: want %d bytes as one line of base64, this is not base64", masterKeySize)
	}
	if len(key) != masterKeySize {
		return nil, fmt.Errorf("master key: want %d bytes as one line of base64, these are %d bytes", masterKeySize, len(key))
	}
	return key, nil
}

// NewMaster takes the 32 bytes of a master key.
func NewMaster(key []byte) (*Master, error) {
	if len(key) != masterKeySize {
		return nil, fmt.Errorf("master key: want %d bytes, got %d", masterKeySize, len(key))
	}
	a, err := subtle.NewXChaCha20Poly1305(key)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return &Master{aead: a}, nil
}

// SealCheck seals a known text, to be stored when a database is created.
func (m *Master) SealCheck() (string, error) {
	sealed, err := m.aead.Encrypt([]byte(checkText), []byte(checkPurpose))
	if err != nil {
		return "", fmt.Errorf("seal the master key check: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

// VerifyCheck opens what SealCheck made. Errors: ErrWrongMasterKey.
func (m *Master) VerifyCheck(sealed string) error {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return fmt.Errorf("%w (the stored check is not base64)", ErrWrongMasterKey)
	}
	text, err := m.aead.Decrypt(raw, []byte(checkPurpose))
	if err != nil || string(text) != checkText {
		return ErrWrongMasterKey
	}
	return nil
}

// NewDataKey makes the data key of a tenant: a Tink keyset, so that keys can later be added to it and rotated, sealed under the
// master key and bound to the tenant's name.
func (m *Master) NewDataKey(tenantName string) (sealed string, err error) {
	handle, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return "", fmt.Errorf("make a data key: %w", err)
	}
	return m.sealKeyset(tenantName, handle)
}

func (m *Master) sealKeyset(tenantName string, handle *keyset.Handle) (string, error) {
	var buf bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&buf), m.aead, dataKeyContext(tenantName)); err != nil {
		return "", fmt.Errorf("seal the data key of tenant %s: %w", tenantName, err)
	}
	return base64.StdEncoding.EncodeToString(buf.Bytes()), nil
}

// OpenDataKey opens what NewDataKey made for the same tenant. Errors: ErrWrongMasterKey if it does not open.
func (m *Master) OpenDataKey(tenantName, sealed string) (*DataKey, error) {
	handle, err := m.openKeyset(tenantName, sealed)
	if err != nil {
		return nil, err
	}
	a, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("data key of tenant %s: %w", tenantName, err)
	}
	return &DataKey{tenant: tenantName, aead: a}, nil
}

func (m *Master) openKeyset(tenantName, sealed string) (*keyset.Handle, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("data key of tenant %s: not base64: %w", tenantName, err)
	}
	reader := keyset.NewBinaryReader(bytes.NewReader(raw))
	handle, err := keyset.ReadWithAssociatedData(reader, m.aead, dataKeyContext(tenantName))
	if err != nil {
		return nil, fmt.Errorf("data key of tenant %s: %w", tenantName, ErrWrongMasterKey)
	}
	return handle, nil
}

func dataKeyContext(tenantName string) []byte { return []byte(dataKeyPurpose + tenantName) }

// String and LogValue keep the key out of every log.
func (m *Master) String() string       { return "[master key]" }
func (m *Master) LogValue() slog.Value { return slog.StringValue(m.String()) }
