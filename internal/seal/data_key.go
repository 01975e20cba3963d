package seal

import (
	"encoding/base64"
	"fmt"
	"log/slog"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// DataKey seals the secrets of one tenant. Safe for concurrent use.
type DataKey struct {
	tenant string
	aead   tink.AEAD
}

// Seal encrypts and authenticates plaintext for one row; the result is base64 text. It opens for the same tenant, table and id
// only, so that no sealed text can be moved to another row. Table must hold no slash.
func (k *DataKey) Seal(table, id string, plaintext []byte) (string, error) {
	sealed, err := k.aead.Encrypt(plaintext, k.context(table, id))
	if err != nil {
		return "", fmt.Errorf("seal %s/%s/%s: %w", k.tenant, table, id, err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

// Open returns what Seal was given. It fails if the text was changed, or sealed for another row or under another key.
func (k *DataKey) Open(table, id, sealed string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("open %s/%s/%s: not base64: %w", k.tenant, table, id, err)
	}
	plaintext, err := k.aead.Decrypt(raw, k.context(table, id))
	if err != nil {
		return nil, fmt.Errorf("open %s/%s/%s: %w", k.tenant, table, id, err)
	}
	return plaintext, nil
}

// context is unambiguous because neither a tenant's name nor a table's holds a slash.
func (k *DataKey) context(table, id string) []byte {
	return []byte(k.tenant + "/" + table + "/" + id)
}

// String and LogValue keep the key out of every log.
func (k *DataKey) String() string       { return "[data key of " + k.tenant + "]" }
func (k *DataKey) LogValue() slog.Value { return slog.StringValue(k.String()) }
