package mgmt

import (
	"context"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type organizationsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	Sort string `query:"sort" enum:"created_at:1" doc:"Field to sort by. The one order that this server has is created_at:1, oldest first, which is the default."`
}

func (a *API) listOrganizations(ctx context.Context, in organizationsQuery) (rest.List, error) {
	return listing[tenant.Organization]{
		rows: a.reader(in.Caller).Organizations(), key: "organizations", tenant: in.Call.Tenant, view: organizationView,
	}.page(ctx, in.Paging, in.Checkpoint)
}

type organizationID struct {
	rest.Caller
	ID string `path:"id" doc:"ID of the organization."`
}

func (a *API) getOrganization(ctx context.Context, in organizationID) (rest.Object, error) {
	o, err := a.reader(in.Caller).Organizations().Get(ctx, in.ID)
	if err != nil {
		return rest.Object{}, missing(err, noOrganization())
	}
	return organizationView(o)
}

type organizationName struct {
	rest.Caller
	Name string `path:"name" doc:"Name of the organization."`
}

func (a *API) getOrganizationByName(ctx context.Context, in organizationName) (rest.Object, error) {
	found, err := a.reader(in.Caller).Organizations().List(ctx, store.Query{Where: []store.Filter{store.In("name", in.Name)}})
	if err != nil {
		return rest.Object{}, err
	}
	if len(found) == 0 {
		return rest.Object{}, noOrganization()
	}
	return organizationView(found[0])
}

type organizationCreation struct {
	rest.Caller
	Body rest.Patch[tenant.Organization] `body:"true"`
}

func (a *API) createOrganization(ctx context.Context, in organizationCreation) (rest.Object, error) {
	blank := tenant.NewOrganization(tenant.NewOrganizationID())
	o, err := in.Body.Apply(blank, blank)
	if err != nil {
		return rest.Object{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		return change{new: o}, taken(s.Organizations().Insert(ctx, o), organizationNameTaken())
	})
	if err != nil {
		return rest.Object{}, err
	}
	return organizationView(o)
}

type organizationChange struct {
	rest.Caller
	ID   string                          `path:"id" doc:"ID of the organization to update."`
	Body rest.Patch[tenant.Organization] `body:"true"`
}

func (a *API) updateOrganization(ctx context.Context, in organizationChange) (rest.Object, error) {
	var before, after tenant.Organization
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		var err error
		after, err = s.Organizations().Update(ctx, in.ID, func(old tenant.Organization) (tenant.Organization, error) {
			before = old
			return in.Body.Apply(old, tenant.NewOrganization(old.ID))
		})
		return change{old: before, new: after}, taken(missing(err, noOrganization()), organizationNameTaken())
	})
	if err != nil {
		return rest.Object{}, err
	}
	return organizationView(after)
}

// deleteOrganization takes the organization's associations with it, and itself out of the clients whose default it is.
func (a *API) deleteOrganization(ctx context.Context, in organizationID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		o, err := s.Organizations().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noOrganization())
		}
		return change{old: o}, s.Organizations().Delete(ctx, in.ID)
	})
}

func organizationView(o tenant.Organization) (rest.Object, error) { return rest.NewObject(o) }

// defaultOrganizationStands asks that the organization which a client turns to is there.
func defaultOrganizationStands(ctx context.Context, s store.Scope, old, client tenant.Client) error {
	id := client.DefaultOrganizationID()
	if id == "" || id == old.DefaultOrganizationID() {
		return nil
	}
	_, err := s.Organizations().Get(ctx, id)
	return missing(err, unknownOrganization())
}
