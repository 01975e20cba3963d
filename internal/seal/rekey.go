package seal

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// A tenant's data key is a keyset: its primary key seals, every key in it opens. Giving a tenant a new one is therefore three steps
// that a crash may part: AddKey, sealing everything anew, and RetireKeys.

// AddKey puts a fresh key at the end of a data key and makes it the one that seals; the others still open. It returns the data key
// sealed, and the fresh key's id for RetireKeys. Errors: as OpenDataKey.
func (m *Master) AddKey(tenantName, sealed string) (changed string, id uint32, err error) {
	handle, err := m.openKeyset(tenantName, sealed)
	if err != nil {
		return "", 0, err
	}
	keys := keyset.NewManagerFromHandle(handle)
	if id, err = keys.Add(aead.XChaCha20Poly1305KeyTemplate()); err == nil {
		err = keys.SetPrimary(id)
	}
	if err != nil {
		return "", 0, fmt.Errorf("add to the data key of tenant %s: %w", tenantName, err)
	}
	changed, err = m.sealManaged(tenantName, keys)
	return changed, id, err
}

// RetireKeys takes out of a data key what is older than the key before id: nothing is sealed under those any more, and under the one
// before, somebody may still open what they have just read. Errors: as OpenDataKey.
func (m *Master) RetireKeys(tenantName, sealed string, id uint32) (string, error) {
	handle, err := m.openKeyset(tenantName, sealed)
	if err != nil {
		return "", err
	}
	keys := keyset.NewManagerFromHandle(handle)
	for _, old := range older(handle, id) {
		if err := keys.Delete(old); err != nil {
			return "", fmt.Errorf("retire keys of tenant %s: %w", tenantName, err)
		}
	}
	return m.sealManaged(tenantName, keys)
}

// older are the keys that stand before the predecessor of id. If id is not there any more, a later rekeying has retired it: none.
func older(handle *keyset.Handle, id uint32) []uint32 {
	var before []uint32
	for _, info := range handle.KeysetInfo().GetKeyInfo() {
		if info.GetKeyId() == id {
			return before[:max(len(before)-1, 0)]
		}
		before = append(before, info.GetKeyId())
	}
	return nil
}

func (m *Master) sealManaged(tenantName string, keys *keyset.Manager) (string, error) {
	handle, err := keys.Handle()
	if err != nil {
		return "", fmt.Errorf("data key of tenant %s: %w", tenantName, err)
	}
	return m.sealKeyset(tenantName, handle)
}
