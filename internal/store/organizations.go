package store

import (
	"context"

	"github.com/writ-auth/writ/internal/tenant"
)

func organizationsTable() *table[tenant.Organization] {
	return &table[tenant.Organization]{
		name:     "organizations",
		idColumn: "id",
		id:       func(o *tenant.Organization) string { return o.ID },
		columns: []column[tenant.Organization]{
			{name: "name", value: func(o *tenant.Organization) any { return o.Name }},
		},
		filters: []string{"id", "name"},
		link:    unlinkOrganization,
		changed: func(tenantName string, o *tenant.Organization) change {
			return change{kind: changedOrganization, tenant: tenantName, id: o.ID, sub: o.Name}
		},
	}
}

// organizationGrantsTable: an association comes with its organization and the client of its grant, so that a page of them is one statement.
func organizationGrantsTable() *table[tenant.OrganizationGrant] {
	return &table[tenant.OrganizationGrant]{
		name:     "organization_grants",
		idColumn: "id",
		id:       func(g *tenant.OrganizationGrant) string { return g.ID() },
		columns: []column[tenant.OrganizationGrant]{
			{name: "organization_id", value: func(g *tenant.OrganizationGrant) any { return g.OrganizationID }},
			{name: "grant_id", value: func(g *tenant.OrganizationGrant) any { return g.GrantID }},
		},
		filters: []string{"id", "organization_id", "grant_id"},
		derived: []expression[tenant.OrganizationGrant]{
			{
				sql:  `(SELECT o.doc FROM organizations AS o WHERE o.tenant = t.tenant AND o.id = t.organization_id)`,
				read: func(g *tenant.OrganizationGrant) any { return docColumn{&g.Organization} },
			},
			{
				sql:  `COALESCE((SELECT g.client_id FROM client_grants AS g WHERE g.tenant = t.tenant AND g.id = t.grant_id), '')`,
				read: func(g *tenant.OrganizationGrant) any { return &g.ClientID },
			},
		},
		changed: func(tenantName string, g *tenant.OrganizationGrant) change {
			return change{kind: changedOrgGrant, tenant: tenantName, id: g.OrganizationID, sub: g.GrantID}
		},
	}
}

// unlinkOrganization takes an organization that is deleted out of the clients whose default_organization it is: they would name what is not
// there, and could not be written again as they were read.
func unlinkOrganization(ctx context.Context, s Scope, old, row *tenant.Organization) error {
	if old == nil || row != nil {
		return nil
	}
	clients, err := s.Clients().List(ctx, Query{Where: []Filter{In("default_organization_id", old.ID)}})
	if err != nil {
		return err
	}
	for _, c := range clients {
		_, err := s.Clients().Update(ctx, c.ClientID, func(old tenant.Client) (tenant.Client, error) {
			old.DefaultOrganization = nil
			return old, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Organization returns an organization by its id. A negative answer may be a second old. Errors: tenant.ErrNotFound.
func (s *Snapshots) Organization(ctx context.Context, tenantName, id string) (*tenant.Organization, error) {
	if id == "" {
		return nil, missing(tenant.ErrNotFound, "organization", id)
	}
	o, err := s.organizations.get(ctx, tenantName, id, "")
	return o, missing(err, "organization", id)
}

// OrganizationByName returns an organization by its name, byte for byte. A negative answer may be a second old. Errors: tenant.ErrNotFound.
func (s *Snapshots) OrganizationByName(ctx context.Context, tenantName, name string) (*tenant.Organization, error) {
	o, err := s.organizations.get(ctx, tenantName, "", name)
	return o, missing(err, "organization", name)
}

// OrganizationGrant says that an organization is associated with a client grant. A negative answer may be a second old. Errors:
// tenant.ErrNotFound.
func (s *Snapshots) OrganizationGrant(ctx context.Context, tenantName, organizationID, grantID string) (*tenant.OrganizationGrant, error) {
	g, err := s.organizationGrants.get(ctx, tenantName, organizationID, grantID)
	return g, missing(err, "client grant of organization", organizationID)
}

func (s *Snapshots) readOrganization(ctx context.Context, key cacheKey) (tenant.Organization, error) {
	rows := s.db.Tenant(key.tenant).Organizations()
	where := In("id", key.id)
	if key.id == "" {
		where = In("name", key.sub)
	}
	f, err := first(rows.list(ctx, Query{Where: []Filter{where}}))
	f.row.CreatedAt = f.createdAt()
	return f.row, err
}

func (s *Snapshots) readOrganizationGrant(ctx context.Context, key cacheKey) (tenant.OrganizationGrant, error) {
	g, err := s.db.Tenant(key.tenant).OrganizationGrants().Get(ctx, tenant.OrganizationGrantID(key.id, key.sub))
	g.Organization = tenant.Organization{} // has a snapshot of its own, which follows its changes
	return g, err
}
