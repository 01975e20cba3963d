package store

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const selectCodes = `SELECT doc, digest, kind, COALESCE(tenant, ''), COALESCE(operator_id, ''), expires_at FROM operator_codes`

// CodeByDigest returns what a code is for, expired or not.
func (p People) CodeByDigest(ctx context.Context, digest string) (tenant.OperatorCode, error) {
	c, err := scanCode(p.q.QueryRowContext(ctx, selectCodes+` WHERE digest = $1`, digest))
	return c, peopleError("operator_codes", err)
}

// Invitations are those of a tenant, oldest first, expired or not.
func (p People) Invitations(ctx context.Context, tenantName string) ([]tenant.OperatorCode, error) {
	query := selectCodes + ` WHERE tenant = $1 AND kind = $2 ORDER BY created_at, id`
	all, err := readAll(ctx, p.q, scanCode, query, tenantName, string(tenant.CodeInvitation))
	return all, peopleError("operator_codes", err)
}

// OperatorCodes are an operator's of a kind, oldest first, expired or not.
func (p People) OperatorCodes(ctx context.Context, kind tenant.CodeKind, operatorID string) ([]tenant.OperatorCode, error) {
	query := selectCodes + ` WHERE operator_id = $1 AND kind = $2 ORDER BY created_at, id`
	all, err := readAll(ctx, p.q, scanCode, query, operatorID, string(kind))
	return all, peopleError("operator_codes", err)
}

// InsertCode adds a code. Errors: tenant.ErrNotFound if its tenant or its operator is not there.
func (p People) InsertCode(ctx context.Context, c tenant.OperatorCode) error {
	doc, err := encodeDoc(c)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO operator_codes (tenant, id, digest, kind, operator_id, doc, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	return p.write(ctx, "operator_codes", insert, optional(c.Tenant), c.ID, c.Digest, string(c.Kind), optional(c.OperatorID), doc,
		c.ExpiresAt.UnixMilli(), c.CreatedAt.UnixMilli())
}

// DeleteCode removes one.
func (p People) DeleteCode(ctx context.Context, id string) error {
	return p.writeOne(ctx, "operator_codes", `DELETE FROM operator_codes WHERE id = $1`, id)
}

// DeleteCodes removes all of a kind; of one operator, unless operatorID is empty.
func (p People) DeleteCodes(ctx context.Context, kind tenant.CodeKind, operatorID string) error {
	if operatorID == "" {
		return p.write(ctx, "operator_codes", `DELETE FROM operator_codes WHERE kind = $1`, string(kind))
	}
	return p.write(ctx, "operator_codes", `DELETE FROM operator_codes WHERE operator_id = $1 AND kind = $2`, operatorID, string(kind))
}

func scanCode(row scanner) (tenant.OperatorCode, error) {
	var c tenant.OperatorCode
	var expires int64
	err := row.Scan(docColumn{&c}, &c.Digest, &c.Kind, &c.Tenant, &c.OperatorID, &expires)
	c.ExpiresAt = time.UnixMilli(expires).UTC()
	return c, err
}
