package mgmt

import (
	"context"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type organizationGrantsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	ID       string   `path:"id" doc:"ID of the organization."`
	Audience string   `query:"audience" doc:"Optional filter on audience of the client grant."`
	ClientID string   `query:"client_id" doc:"Optional filter on client_id of the client grant."`
	GrantIDs []string `query:"grant_ids" maxItems:"10" doc:"Optional filter on the ID of the client grant. Must be URL encoded and may be specified multiple times (max 10)."`
}

// listOrganizationGrants is a list of client grants; an organization has so few that their ids fit in a filter.
func (a *API) listOrganizationGrants(ctx context.Context, in organizationGrantsQuery) (rest.List, error) {
	s := a.reader(in.Caller)
	if _, err := s.Organizations().Get(ctx, in.ID); err != nil {
		return rest.List{}, missing(err, noOrganization())
	}
	associated, err := grantsOfOrganization(ctx, s, in.ID)
	if err != nil {
		return rest.List{}, err
	}
	var ids []string
	for _, g := range associated {
		if len(in.GrantIDs) == 0 || slices.Contains(in.GrantIDs, g.GrantID) {
			ids = append(ids, g.GrantID)
		}
	}
	where, err := clientGrantsQuery{Caller: in.Caller, Audience: in.Audience, ClientID: in.ClientID}.where(ctx, s)
	if err != nil {
		return rest.List{}, err
	}
	return listing[tenant.ClientGrant]{
		rows: s.ClientGrants(), key: "client_grants", tenant: in.Call.Tenant, of: in.ID, where: append(where, store.In("id", ids...)),
		view: func(g tenant.ClientGrant) (rest.Object, error) { return clientGrantView(in.Call, g) },
	}.page(ctx, in.Paging, in.Checkpoint)
}

// grantsOfOrganization are all of its associations, oldest first: at most tenant.MaxOrganizationGrants.
func grantsOfOrganization(ctx context.Context, s store.Scope, id string) ([]tenant.OrganizationGrant, error) {
	return s.OrganizationGrants().List(ctx, store.Query{Where: []store.Filter{store.In("organization_id", id)}})
}

type organizationGrantCreation struct {
	rest.Caller
	ID   string `path:"id" doc:"ID of the organization."`
	Body struct {
		GrantID string `json:"grant_id"`
	} `body:"true"`
}

// associatedGrant is the answer to an association. It says grant_id where lists of client grants say id, as recorded.
type associatedGrant struct {
	GrantID              string   `json:"grant_id"`
	ClientID             string   `json:"client_id,omitzero"`
	Audience             string   `json:"audience"`
	Scope                []string `json:"scope,omitzero"`
	OrganizationUsage    string   `json:"organization_usage,omitzero"`
	AllowAnyOrganization *bool    `json:"allow_any_organization,omitzero"`
}

func (a *API) addOrganizationGrant(ctx context.Context, in organizationGrantCreation) (associatedGrant, error) {
	var g tenant.ClientGrant
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		if _, err := s.Organizations().Get(ctx, in.ID); err != nil {
			return change{}, missing(err, noOrganization())
		}
		var err error
		if g, err = s.ClientGrants().Get(ctx, in.Body.GrantID); err != nil {
			return change{}, missing(err, noGrantToAssociate())
		}
		associated, err := grantsOfOrganization(ctx, s, in.ID)
		if err != nil {
			return change{}, err
		}
		added := tenant.OrganizationGrant{OrganizationID: in.ID, GrantID: g.ID}
		known := slices.ContainsFunc(associated, func(a tenant.OrganizationGrant) bool { return a.GrantID == g.ID })
		if !known && len(associated) >= tenant.MaxOrganizationGrants {
			return change{}, tooManyOrganizationGrants()
		}
		return change{new: added}, taken(s.OrganizationGrants().Insert(ctx, added), grantAssociated())
	})
	if err != nil {
		return associatedGrant{}, err
	}
	if g.Audience == "" {
		g.Audience = in.Call.ManagementAudience()
	}
	return associatedGrant{
		GrantID: g.ID, ClientID: g.ClientID, Audience: g.Audience, Scope: g.Scope,
		OrganizationUsage: g.OrganizationUsage, AllowAnyOrganization: g.AllowAnyOrganization,
	}, nil
}

type organizationGrantID struct {
	rest.Caller
	ID      string `path:"id" doc:"ID of the organization."`
	GrantID string `path:"grant_id" doc:"The Client Grant ID to remove from the organization."`
}

// removeOrganizationGrant is idempotent in the grant.
func (a *API) removeOrganizationGrant(ctx context.Context, in organizationGrantID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		if _, err := s.Organizations().Get(ctx, in.ID); err != nil {
			return change{}, missing(err, noOrganization())
		}
		id := tenant.OrganizationGrantID(in.ID, in.GrantID)
		found, err := s.OrganizationGrants().List(ctx, store.Query{Where: []store.Filter{store.In("id", id)}})
		if err != nil || len(found) == 0 {
			return change{}, err
		}
		return change{old: found[0]}, s.OrganizationGrants().Delete(ctx, id)
	})
}

type clientGrantOrganizationsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	ID string `path:"id" doc:"ID of the client grant."`
}

func (a *API) listClientGrantOrganizations(ctx context.Context, in clientGrantOrganizationsQuery) (rest.List, error) {
	s := a.reader(in.Caller)
	if _, err := s.ClientGrants().Get(ctx, in.ID); err != nil {
		return rest.List{}, missing(err, noClientGrant())
	}
	return listing[tenant.OrganizationGrant]{
		rows: s.OrganizationGrants(), key: "organizations", tenant: in.Call.Tenant, of: in.ID,
		where: []store.Filter{store.In("grant_id", in.ID)},
		view:  func(g tenant.OrganizationGrant) (rest.Object, error) { return organizationView(g.Organization) },
	}.page(ctx, in.Paging, in.Checkpoint)
}
