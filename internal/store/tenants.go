package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Tenants is the instance's list of tenants. Its methods may also fail with tenant.ErrUnavailable; writes outside InTx always
// fail.
type Tenants struct {
	db *DB
	q  querier
	tx *Tx // nil = reading only
}

// tenantDoc is the stored document of a tenant.
type tenantDoc struct {
	Environment       tenant.Environment `json:"environment"`
	BootstrapClientID string             `json:"bootstrap_client_id,omitempty"`
	BootstrapScopes   int                `json:"bootstrap_scopes,omitempty"`
	Certificate       string             `json:"certificate,omitempty"`
}

func docOf(t tenant.Tenant) tenantDoc {
	return tenantDoc{
		Environment: t.Environment, BootstrapClientID: t.BootstrapClientID, BootstrapScopes: t.BootstrapScopes, Certificate: t.Certificate,
	}
}

// Create adds a tenant and makes its data key. CreatedAt is kept to the millisecond; zero = now. Errors: tenant.ErrExists;
// tenant.ErrTombstoned if the name was a deleted tenant's; a name that is none (tenant.ValidateName).
func (t Tenants) Create(ctx context.Context, row tenant.Tenant) error {
	if t.tx == nil {
		return t.failed(row.Name, errReadOnly)
	}
	if err := tenant.ValidateName(row.Name); err != nil {
		return err
	}
	used, err := t.Tombstoned(ctx, row.Name)
	if err != nil {
		return err
	}
	if used {
		return t.failed(row.Name, tenant.ErrTombstoned)
	}
	return t.failed(row.Name, t.insert(ctx, row))
}

func (t Tenants) insert(ctx context.Context, row tenant.Tenant) error {
	sealed, err := t.db.cfg.Master.NewDataKey(row.Name)
	if err != nil {
		return err
	}
	doc, err := encodeDoc(docOf(row))
	if err != nil {
		return err
	}
	if row.CreatedAt.IsZero() {
		row.CreatedAt = t.db.now()
	}
	const insert = `INSERT INTO tenants (name, data_key, doc, created_at) VALUES ($1, $2, $3, $4)`
	if _, err := t.q.ExecContext(ctx, insert, row.Name, sealed, doc, row.CreatedAt.UnixMilli()); err != nil {
		return dbError(err)
	}
	t.tx.note(change{kind: changedTenant, tenant: row.Name})
	return nil
}

// Tombstoned reports whether a name was a deleted tenant's.
func (t Tenants) Tombstoned(ctx context.Context, name string) (bool, error) {
	var used int
	err := t.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM tombstones WHERE name = $1`, name).Scan(&used)
	return used > 0, t.failed(name, dbError(err))
}

const selectTenants = `SELECT name, doc, created_at FROM tenants`

// Get returns one tenant. Errors: tenant.ErrNotFound.
func (t Tenants) Get(ctx context.Context, name string) (tenant.Tenant, error) {
	row, err := scanTenant(t.q.QueryRowContext(ctx, selectTenants+` WHERE name = $1`, name))
	if errors.Is(err, sql.ErrNoRows) {
		err = tenant.ErrNotFound
	}
	return row, t.failed(name, dbError(err))
}

// List returns all tenants by name, byte for byte.
func (t Tenants) List(ctx context.Context) ([]tenant.Tenant, error) {
	rows, err := t.q.QueryContext(ctx, selectTenants)
	if err != nil {
		return nil, fmt.Errorf("tenants: %w", dbError(err))
	}
	defer rows.Close()
	var all []tenant.Tenant
	for rows.Next() {
		row, err := scanTenant(rows)
		if err != nil {
			return nil, fmt.Errorf("tenants: %w", dbError(err))
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("tenants: %w", dbError(err))
	}
	// Sorted here: a database may sort by the rules of a language.
	slices.SortFunc(all, func(a, b tenant.Tenant) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Update replaces a tenant by what fn makes of it, and returns that. Name and CreatedAt stay. fn's error is returned as it is.
// Errors: tenant.ErrNotFound.
func (t Tenants) Update(ctx context.Context, name string, fn func(old tenant.Tenant) (tenant.Tenant, error)) (tenant.Tenant, error) {
	if t.tx == nil {
		return tenant.Tenant{}, t.failed(name, errReadOnly)
	}
	old, err := t.Get(ctx, name)
	if err != nil {
		return old, err
	}
	row, err := fn(old)
	if err != nil {
		return old, err
	}
	row.Name, row.CreatedAt = old.Name, old.CreatedAt
	doc, err := encodeDoc(docOf(row))
	if err != nil {
		return old, t.failed(name, err)
	}
	if _, err := t.q.ExecContext(ctx, `UPDATE tenants SET doc = $2 WHERE name = $1`, name, doc); err != nil {
		return old, t.failed(name, dbError(err))
	}
	t.tx.note(change{kind: changedTenant, tenant: name})
	return row, nil
}

// Delete removes a tenant with every row it has, its data key too, and keeps its name as a tombstone. Its log is
// removed soon after, in small batches. Errors: tenant.ErrNotFound.
func (t Tenants) Delete(ctx context.Context, name string) error {
	if t.tx == nil {
		return t.failed(name, errReadOnly)
	}
	for _, table := range tenantTables() {
		if _, err := t.q.ExecContext(ctx, `DELETE FROM `+table+` WHERE tenant = $1`, name); err != nil {
			return t.failed(name, dbError(err))
		}
	}
	result, err := t.q.ExecContext(ctx, `DELETE FROM tenants WHERE name = $1`, name)
	if err != nil {
		return t.failed(name, dbError(err))
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return t.failed(name, errors.Join(tenant.ErrNotFound, err))
	}
	const bury = `INSERT INTO tombstones (name, deleted_at, log_removed) VALUES ($1, $2, $3)`
	if _, err := t.q.ExecContext(ctx, bury, name, t.db.now().UnixMilli(), false); err != nil {
		return t.failed(name, dbError(err))
	}
	t.tx.note(change{kind: changedAll, tenant: name})
	t.tx.deleted = true
	return nil
}

type scanner interface{ Scan(into ...any) error }

func scanTenant(row scanner) (tenant.Tenant, error) {
	var t tenant.Tenant
	var doc tenantDoc
	var createdAt int64
	if err := row.Scan(&t.Name, docColumn{&doc}, &createdAt); err != nil {
		return tenant.Tenant{}, err
	}
	t.Environment, t.BootstrapClientID, t.BootstrapScopes, t.Certificate =
		doc.Environment, doc.BootstrapClientID, doc.BootstrapScopes, doc.Certificate
	t.CreatedAt = time.UnixMilli(createdAt).UTC()
	return t, nil
}

func (t Tenants) failed(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("tenant %s: %w", name, err)
}
