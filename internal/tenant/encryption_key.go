package tenant

import "time"

// EncryptionKeyType is a level of the hierarchy of keys that seals a tenant's secrets.
type EncryptionKeyType string

const (
	// EnvironmentRootKey is the installation's master key: it seals the master keys of tenants.
	EnvironmentRootKey EncryptionKeyType = "environment-root-key"
	// TenantMasterKey is the tenant's data key: it seals the tenant's secrets.
	TenantMasterKey EncryptionKeyType = "tenant-master-key"
	// CustomerProvidedRootKey and TenantEncryptionKey are announced by the customer, and wait: their material cannot be imported here.
	CustomerProvidedRootKey EncryptionKeyType = "customer-provided-root-key"
	TenantEncryptionKey     EncryptionKeyType = "tenant-encryption-key"
)

// EncryptionKeyState is where an encryption key stands in its life.
type EncryptionKeyState string

const (
	EncryptionKeyPreActivation EncryptionKeyState = "pre-activation" // without material, seals nothing
	EncryptionKeyActive        EncryptionKeyState = "active"         // seals
	EncryptionKeyDeactivated   EncryptionKeyState = "deactivated"    // seals nothing any more, but still opens
	EncryptionKeyDestroyed     EncryptionKeyState = "destroyed"      // its material is gone
)

// EncryptionKey tells of a key that seals, and holds no key. Auth0: /keys/encryption.
type EncryptionKey struct {
	// KID is a UUID.
	KID   string
	Type  EncryptionKeyType
	State EncryptionKeyState
	// ParentKID is the key that seals this one; empty = none.
	ParentKID            string
	CreatedAt, UpdatedAt time.Time
}

// Native reports whether the key is of the server's own hierarchy, and not one that a customer announced.
func (k *EncryptionKey) Native() bool {
	return k.Type == EnvironmentRootKey || k.Type == TenantMasterKey
}

// NewEncryptionKeys tells of the hierarchy of a new tenant: the root key, and below it the tenant's own.
func NewEncryptionKeys(now time.Time) []EncryptionKey {
	root := EncryptionKey{KID: NewEncryptionKeyID(), Type: EnvironmentRootKey, State: EncryptionKeyActive, CreatedAt: now, UpdatedAt: now}
	return []EncryptionKey{root, NewTenantMasterKey(root.KID, now)}
}

// NewTenantMasterKey tells of a data key that is in use from now on, sealed by the root key.
func NewTenantMasterKey(rootKID string, now time.Time) EncryptionKey {
	return EncryptionKey{
		KID: NewEncryptionKeyID(), Type: TenantMasterKey, State: EncryptionKeyActive, ParentKID: rootKID, CreatedAt: now, UpdatedAt: now,
	}
}
