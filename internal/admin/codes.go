package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// digest is how a token or a code of full randomness is stored and looked for.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// freshCode is a code as its owner gets it, and as it is stored.
type freshCode struct {
	text tenant.Secret
	row  tenant.OperatorCode
}

// newCode completes a row with a fresh code.
func (d *Desk) newCode(row tenant.OperatorCode, life time.Duration) freshCode {
	text := tenant.NewOneTimeCode()
	row.ID, row.Digest = tenant.NewOperatorCodeID(), digest(text.Reveal())
	row.CreatedAt = d.now()
	row.ExpiresAt = row.CreatedAt.Add(life)
	return freshCode{text, row}
}

// issue stores a fresh code and returns it.
func (d *Desk) issue(ctx context.Context, row tenant.OperatorCode, life time.Duration) (string, error) {
	fresh := d.newCode(row, life)
	err := d.store.WritePeople(ctx, func(p People) error { return p.InsertCode(ctx, fresh.row) })
	return fresh.text.Reveal(), err
}

// findCode is a code that is good now. Errors: ErrInvalidCode.
func (d *Desk) findCode(ctx context.Context, p People, kind tenant.CodeKind, code string) (tenant.OperatorCode, error) {
	found, err := p.CodeByDigest(ctx, digest(code))
	if err != nil {
		return found, invalidCode(err)
	}
	if found.Kind != kind || !d.now().Before(found.ExpiresAt) {
		return tenant.OperatorCode{}, ErrInvalidCode
	}
	return found, nil
}

// useCode is findCode, and the last time that it finds this one. Errors: ErrInvalidCode.
func (d *Desk) useCode(ctx context.Context, p People, kind tenant.CodeKind, code string) (tenant.OperatorCode, error) {
	found, err := d.findCode(ctx, p, kind, code)
	if err != nil {
		return found, err
	}
	return found, p.DeleteCode(ctx, found.ID)
}

// invalidCode says ErrInvalidCode for what is not there.
func invalidCode(err error) error {
	if errors.Is(err, tenant.ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrInvalidCode, err)
	}
	return err
}
