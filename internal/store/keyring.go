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

// keyring opens and remembers the data keys of tenants. A name is never given again, so a committed key never changes.
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
	var sealed string
	err := q.QueryRowContext(ctx, `SELECT data_key FROM tenants WHERE name = $1`, name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("tenant %s: %w", name, tenant.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("tenant %s: %w", name, dbError(err))
	}
	return k.db.cfg.Master.OpenDataKey(name, sealed)
}

// dataKey is the tenant's. In a transaction, the key of a tenant made by it is kept by the transaction alone until it commits.
func (s Scope) dataKey(ctx context.Context) (*seal.DataKey, error) {
	if s.tx == nil {
		return s.db.keys.cache.Get(ctx, s.tenant, s.db.keys)
	}
	if key, ok := s.tx.keys[s.tenant]; ok {
		return key, nil
	}
	if key, ok := s.db.keys.cache.GetIfPresent(s.tenant); ok {
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
	return tenant.Secret(plaintext), err
}
