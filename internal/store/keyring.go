package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/tenant"
)

// keyringSize bounds the opened data keys in memory, one per tenant in use.
const keyringSize = 10_000

// keyring opens and remembers the data keys of tenants. A key that another process has added to since is read again when it fails to
// open something.
type keyring struct {
	db    *DB
	cache *otter.Cache[string, *seal.DataKey]
}

func newKeyring(db *DB) (*keyring, error) {
	cache, err := otter.New(&otter.Options[string, *seal.DataKey]{MaximumSize: keyringSize})
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return &keyring{db: db, cache: cache}, nil
}

// Load implements otter.Loader: it sees what is committed.
func (k *keyring) Load(ctx context.Context, name string) (*seal.DataKey, error) {
	return k.read(ctx, k.db.config.reader, name)
}

// Reload implements otter.Loader.
func (k *keyring) Reload(ctx context.Context, name string, _ *seal.DataKey) (*seal.DataKey, error) {
	return k.Load(ctx, name)
}

func (k *keyring) read(ctx context.Context, q querier, name string) (*seal.DataKey, error) {
	sealed, err := readDataKey(ctx, q, name)
	if err != nil {
		return nil, err
	}
	return k.db.cfg.Master.OpenDataKey(name, sealed)
}

// readDataKey is a tenant's data key as it is stored. Errors: tenant.ErrNotFound.
func readDataKey(ctx context.Context, q querier, name string) (string, error) {
	var sealed string
	err := q.QueryRowContext(ctx, `SELECT data_key FROM tenants WHERE name = $1`, name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("tenant %s: %w", name, tenant.ErrNotFound)
	}
	if err != nil {
		return "", fmt.Errorf("tenant %s: %w", name, dbError(err))
	}
	return sealed, nil
}

// dataKey is the tenant's. A transaction reads it itself, and keeps it for itself: it may have made the tenant, and what is sealed
// under a key of yesterday would be lost when that is retired.
func (s Scope) dataKey(ctx context.Context) (*seal.DataKey, error) {
	if s.tx == nil {
		return s.db.keys.cache.Get(ctx, s.tenant, s.db.keys)
	}
	if key, ok := s.tx.keys[s.tenant]; ok {
		return key, nil
	}
	key, err := s.db.keys.read(ctx, s.q, s.tenant)
	if err != nil {
		return nil, err
	}
	s.tx.keys[s.tenant] = key
	return key, nil
}

// seal is the stored form of a secret; an empty one is NULL.
func (s Scope) seal(ctx context.Context, table, id string, secret tenant.Secret) (any, error) {
	if secret == "" {
		return nil, nil
	}
	key, err := s.dataKey(ctx)
	if err != nil {
		return nil, err
	}
	return key.Seal(table, id, []byte(secret.Reveal()))
}

func (s Scope) open(ctx context.Context, table, id, sealed string) (tenant.Secret, error) {
	key, err := s.dataKey(ctx)
	if err != nil {
		return "", err
	}
	plaintext, err := key.Open(table, id, sealed)
	if err != nil && s.tx == nil {
		s.db.keys.cache.Invalidate(s.tenant)
		if key, err = s.dataKey(ctx); err != nil {
			return "", err
		}
		plaintext, err = key.Open(table, id, sealed)
	}
	return tenant.Secret(plaintext), err
}
