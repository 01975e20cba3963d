package store

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// HasTenant reports whether there is a tenant of this name.
func (p People) HasTenant(ctx context.Context, tenantName string) (bool, error) {
	var n int
	err := p.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM tenants WHERE name = $1`, tenantName).Scan(&n)
	return n > 0, peopleError("tenants", err)
}

// HasOwner reports whether any tenant has an owner.
func (p People) HasOwner(ctx context.Context) (bool, error) {
	var n int
	const query = `SELECT COUNT(*) FROM (SELECT 1 FROM memberships WHERE role = $1 LIMIT 1) AS owner`
	err := p.q.QueryRowContext(ctx, query, string(tenant.RoleOwner)).Scan(&n)
	return n > 0, peopleError("memberships", err)
}

const selectMembers = `SELECT o.doc, o.email, t.role FROM memberships AS t JOIN operators AS o ON o.id = t.operator_id WHERE t.tenant = $1`

// Member returns one member of a tenant.
func (p People) Member(ctx context.Context, tenantName, operatorID string) (tenant.Member, error) {
	m, err := scanMember(p.q.QueryRowContext(ctx, selectMembers+` AND t.operator_id = $2`, tenantName, operatorID))
	return m, peopleError("memberships", err)
}

// Members lists a tenant's by address, byte for byte.
func (p People) Members(ctx context.Context, tenantName string) ([]tenant.Member, error) {
	query := selectMembers + ` ORDER BY ` + p.db.engine.bytewise("o.email")
	all, err := readAll(ctx, p.q, scanMember, query, tenantName)
	return all, peopleError("memberships", err)
}

// Memberships lists an operator's by tenant, byte for byte.
func (p People) Memberships(ctx context.Context, operatorID string) ([]tenant.Membership, error) {
	query := `SELECT tenant, operator_id, role, created_at FROM memberships WHERE operator_id = $1 ORDER BY ` + p.db.engine.bytewise("tenant")
	all, err := readAll(ctx, p.q, scanMembership, query, operatorID)
	return all, peopleError("memberships", err)
}

// PutMembership gives an operator this role in a tenant, whatever it was; when it began stays. Errors: tenant.ErrNotFound if the
// tenant or the operator is not there.
func (p People) PutMembership(ctx context.Context, m tenant.Membership) error {
	const put = `INSERT INTO memberships (tenant, operator_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant, operator_id) DO UPDATE SET role = excluded.role`
	return p.write(ctx, "memberships", put, m.Tenant, m.OperatorID, string(m.Role), m.CreatedAt.UnixMilli())
}

// DeleteMembership ends one.
func (p People) DeleteMembership(ctx context.Context, tenantName, operatorID string) error {
	return p.writeOne(ctx, "memberships", `DELETE FROM memberships WHERE tenant = $1 AND operator_id = $2`, tenantName, operatorID)
}

func scanMember(row scanner) (tenant.Member, error) {
	var o tenant.Operator
	var m tenant.Member
	err := row.Scan(docColumn{&o}, &m.Email, &m.Role)
	m.ID, m.Name = o.ID, o.Name
	return m, err
}

func scanMembership(row scanner) (tenant.Membership, error) {
	var m tenant.Membership
	var created int64
	err := row.Scan(&m.Tenant, &m.OperatorID, &m.Role, &created)
	m.CreatedAt = time.UnixMilli(created).UTC()
	return m, err
}
