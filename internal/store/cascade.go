package store

import (
	"context"
	"fmt"
)

// cascade says that rows of one table go when a row of another goes.
type cascade struct {
	of string // table whose row is deleted
	// deleteSQL removes the dependants of row $2 of tenant $1, and returns the id and sub of the snapshots they had.
	deleteSQL string
	kind      changeKind
}

// cascades is the one table of what hangs on what, dependants of dependants first: a client's grants and credentials, an API's grants, and the
// associations of grants and organizations. What clients say of an organization goes by its link: see unlinkOrganization.
func cascades() []cascade {
	return []cascade{
		{of: "actions", kind: changedActions, deleteSQL: `DELETE FROM token_exchange_profiles WHERE tenant = $1 AND action_id = $2 RETURNING '', ''`},
		{of: "actions", kind: changedActions, deleteSQL: `DELETE FROM action_bindings WHERE tenant = $1 AND action_id = $2 RETURNING '', ''`},
		{of: "actions", kind: changedActions, deleteSQL: `DELETE FROM action_versions WHERE tenant = $1 AND action_id = $2 RETURNING '', ''`},
		{of: "action_modules", kind: changedActions, deleteSQL: `DELETE FROM action_module_versions WHERE tenant = $1 AND module_id = $2
			RETURNING '', ''`},
		{of: "client_grants", kind: changedOrgGrant, deleteSQL: `DELETE FROM organization_grants WHERE tenant = $1 AND grant_id = $2
			RETURNING organization_id, grant_id`},
		{of: "organizations", kind: changedOrgGrant, deleteSQL: `DELETE FROM organization_grants WHERE tenant = $1 AND organization_id = $2
			RETURNING organization_id, grant_id`},
		{of: "clients", kind: changedOrgGrant, deleteSQL: `DELETE FROM organization_grants WHERE tenant = $1 AND grant_id IN
			(SELECT g.id FROM client_grants AS g WHERE g.tenant = $1 AND g.client_id = $2) RETURNING organization_id, grant_id`},
		{of: "resource_servers", kind: changedOrgGrant, deleteSQL: `DELETE FROM organization_grants WHERE tenant = $1 AND grant_id IN
			(SELECT g.id FROM client_grants AS g WHERE g.tenant = $1 AND g.resource_server_id = $2) RETURNING organization_id, grant_id`},
		{of: "clients", kind: changedClientGrant, deleteSQL: `DELETE FROM client_grants WHERE tenant = $1 AND client_id = $2
			RETURNING client_id, resource_server_id`},
		{of: "clients", kind: changedClient, deleteSQL: `DELETE FROM client_credentials WHERE tenant = $1 AND client_id = $2
			RETURNING client_id, ''`},
		{of: "resource_servers", kind: changedClientGrant, deleteSQL: `DELETE FROM client_grants WHERE tenant = $1
			AND resource_server_id = $2 RETURNING COALESCE(client_id, ''), resource_server_id`},
	}
}

// tenantTables are emptied of a tenant that is deleted, children before parents. Its log is removed by the sweeper, and what it
// has in the outbox still moves to the log first.
func tenantTables() []string {
	return []string{"token_exchange_profiles", "action_bindings", "action_versions", "actions", "action_module_versions", "action_modules",
		"custom_domains", "log_streams",
		"organization_grants", "organizations", "client_grants", "client_aliases", "client_credentials", "signing_keys", "encryption_keys", "settings", "resource_servers", "clients",
		"network_acls", "rate_limit_policies", "memberships", "operator_codes"}
}

// cascade removes what hangs on one row.
func (tx *Tx) cascade(ctx context.Context, tenantName, table, id string) error {
	for _, c := range cascades() {
		if c.of != table {
			continue
		}
		if err := tx.deleteDependants(ctx, c, tenantName, id); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) deleteDependants(ctx context.Context, c cascade, tenantName, id string) error {
	rows, err := tx.q.QueryContext(ctx, c.deleteSQL, tenantName, id)
	if err != nil {
		return fmt.Errorf("cascade: %w", dbError(err))
	}
	defer rows.Close()
	for rows.Next() {
		gone := change{kind: c.kind, tenant: tenantName}
		if err := rows.Scan(&gone.id, &gone.sub); err != nil {
			return fmt.Errorf("cascade: %w", dbError(err))
		}
		tx.note(gone)
	}
	return dbError(rows.Err())
}
