package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/tenant"
)

// Settings is the tenant's one row of settings. Its methods may also fail with tenant.ErrUnavailable.
type Settings struct {
	scope Scope
}

// Get returns the settings. Errors: tenant.ErrNotFound.
func (s Settings) Get(ctx context.Context) (tenant.Settings, error) {
	var row tenant.Settings
	err := s.scope.q.QueryRowContext(ctx, `SELECT doc FROM settings WHERE tenant = $1`, s.scope.tenant).Scan(docColumn{&row})
	if errors.Is(err, sql.ErrNoRows) {
		err = tenant.ErrNotFound
	}
	return row, s.failed(dbError(err))
}

// Insert writes the settings of a new tenant. Errors: tenant.ErrExists; tenant.ErrNotFound if there is no such tenant.
func (s Settings) Insert(ctx context.Context, row tenant.Settings) error {
	return s.write(ctx, `INSERT INTO settings (tenant, doc) VALUES ($1, $2)`, row)
}

// Update replaces the settings by what fn makes of them, and returns that. fn's error is returned as it is. Errors:
// tenant.ErrNotFound.
func (s Settings) Update(ctx context.Context, fn func(old tenant.Settings) (tenant.Settings, error)) (tenant.Settings, error) {
	old, err := s.Get(ctx)
	if err != nil {
		return old, err
	}
	row, err := fn(old)
	if err != nil {
		return row, err
	}
	if err := s.write(ctx, `UPDATE settings SET doc = $2 WHERE tenant = $1`, row); err != nil {
		return row, err
	}
	return s.Get(ctx)
}

func (s Settings) write(ctx context.Context, query string, row tenant.Settings) error {
	if s.scope.tx == nil {
		return s.failed(errReadOnly)
	}
	doc, err := encodeDoc(row)
	if err != nil {
		return s.failed(err)
	}
	if _, err := s.scope.q.ExecContext(ctx, query, s.scope.tenant, doc); err != nil {
		return s.failed(dbError(err))
	}
	s.scope.tx.note(change{kind: changedSettings, tenant: s.scope.tenant})
	return nil
}

func (s Settings) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("settings of tenant %s: %w", s.scope.tenant, err)
}
