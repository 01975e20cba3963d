package store

import (
	"context"
	"slices"

	"github.com/writ-auth/writ/internal/tenant"
)

// linkAliases brings client_aliases, whose key makes an alias one client's, in line with a change from old to row; either is nil
// where the client is made or deleted. Errors: tenant.ErrExists if another client has one of the aliases.
func linkAliases(ctx context.Context, s Scope, old, row *tenant.Client) error {
	var before, after []string
	if old != nil {
		before = old.ClientAliases
	}
	if row != nil {
		after = row.ClientAliases
	}
	if slices.Equal(before, after) {
		return nil
	}
	if len(before) > 0 {
		const remove = `DELETE FROM client_aliases WHERE tenant = $1 AND client_id = $2`
		if _, err := s.q.ExecContext(ctx, remove, s.tenant, old.ClientID); err != nil {
			return dbError(err)
		}
	}
	const insert = `INSERT INTO client_aliases (tenant, alias, client_id) VALUES ($1, $2, $3)`
	for _, alias := range after {
		if _, err := s.q.ExecContext(ctx, insert, s.tenant, alias, row.ClientID); err != nil {
			return dbError(err)
		}
	}
	return nil
}
