package mgmt

import (
	"context"
	"errors"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type clientGrantsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	Audience             string `query:"audience" doc:"Optional filter on audience."`
	ClientID             string `query:"client_id" doc:"Optional filter on client_id."`
	AllowAnyOrganization *bool  `query:"allow_any_organization" doc:"Optional filter on allow_any_organization."`
	SubjectType          string `query:"subject_type" enum:"client user anonymous_user" doc:"The type of application access the client grant allows."`
	DefaultFor           string `query:"default_for" enum:"third_party_clients" doc:"Applies this client grant as the default for all clients in the specified group."`
}

func (a *API) listClientGrants(ctx context.Context, in clientGrantsQuery) (rest.List, error) {
	s := a.reader(in.Caller)
	where, err := in.where(ctx, s)
	if err != nil {
		return rest.List{}, err
	}
	return listing[tenant.ClientGrant]{
		rows: s.ClientGrants(), key: "client_grants", tenant: in.Call.Tenant, where: where,
		view: func(g tenant.ClientGrant) (rest.Object, error) { return clientGrantView(in.Call, g) },
	}.page(ctx, in.Paging, in.Checkpoint)
}

// where are the conditions of the query.
func (in clientGrantsQuery) where(ctx context.Context, s store.Scope) ([]store.Filter, error) {
	var where []store.Filter
	if in.Audience != "" {
		rs, err := resourceServerByAudience(ctx, s, in.Call, in.Audience)
		switch {
		case isNotFound(err):
			where = append(where, store.In[string]("id"))
		case err != nil:
			return nil, err
		default:
			where = append(where, store.In("resource_server_id", rs.ID))
		}
	}
	for column, value := range map[string]string{"client_id": in.ClientID, "subject_type": in.SubjectType, "default_for": in.DefaultFor} {
		if value != "" {
			where = append(where, store.In(column, value))
		}
	}
	if in.AllowAnyOrganization != nil {
		where = append(where, store.In("allow_any_organization", *in.AllowAnyOrganization))
	}
	return where, nil
}

type clientGrantID struct {
	rest.Caller
	ID string `path:"id" doc:"ID of the client grant."`
}

func (a *API) getClientGrant(ctx context.Context, in clientGrantID) (rest.Object, error) {
	g, err := a.reader(in.Caller).ClientGrants().Get(ctx, in.ID)
	if err != nil {
		return rest.Object{}, missing(err, noClientGrant())
	}
	return clientGrantView(in.Call, g)
}

type clientGrantCreation struct {
	rest.Caller
	Body rest.Patch[tenant.ClientGrant] `body:"true"`
}

func (a *API) createClientGrant(ctx context.Context, in clientGrantCreation) (rest.Object, error) {
	return a.makeClientGrant(ctx, in, tenant.NewClientGrantID())
}

func (a *API) makeClientGrant(ctx context.Context, in clientGrantCreation, id string) (rest.Object, error) {
	blank := tenant.ClientGrant{ID: id, SubjectType: tenant.SubjectTypeClient}
	g, err := in.Body.Apply(blank, blank)
	if err != nil {
		return rest.Object{}, err
	}
	if (g.ClientID == "") == (g.DefaultFor == "") {
		return rest.Object{}, rest.InvalidBody("Exactly one of client_id and default_for must be provided")
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		rs, err := resourceServerByAudience(ctx, s, in.Call, g.Audience)
		if err != nil {
			return change{}, mapNotFound(err, grantWithoutAPI())
		}
		if err := grantStands(in.Call, in.Body, &g, rs, a.scopes); err != nil {
			return change{}, err
		}
		if err := holderStands(ctx, s, g); err != nil {
			return change{}, err
		}
		g.ResourceServerID = rs.ID
		who := g.ClientID
		if who == "" {
			who = g.DefaultFor
		}
		return change{new: g}, taken(s.ClientGrants().Insert(ctx, g), grantTaken(who, g.Audience))
	})
	if err != nil {
		return rest.Object{}, err
	}
	return clientGrantView(in.Call, g)
}

type clientGrantChange struct {
	rest.Caller
	ID   string                         `path:"id" doc:"ID of the client grant to update."`
	Body rest.Patch[tenant.ClientGrant] `body:"true"`
}

func (a *API) updateClientGrant(ctx context.Context, in clientGrantChange) (rest.Object, error) {
	var g tenant.ClientGrant
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		before, err := s.ClientGrants().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noClientGrant())
		}
		rs, err := s.ResourceServers().Get(ctx, before.ResourceServerID)
		if err != nil {
			return change{}, err
		}
		g, err = s.ClientGrants().Update(ctx, in.ID, func(old tenant.ClientGrant) (tenant.ClientGrant, error) {
			next, err := in.Body.Apply(old, tenant.ClientGrant{})
			if err != nil {
				return next, err
			}
			if err := grantStands(in.Call, in.Body, &next, rs, a.scopes); err != nil {
				return next, err
			}
			return next, holderStands(ctx, s, next)
		})
		return change{old: before, new: g}, err
	})
	if err != nil {
		return rest.Object{}, err
	}
	return clientGrantView(in.Call, g)
}

// deleteClientGrant is idempotent.
func (a *API) deleteClientGrant(ctx context.Context, in clientGrantID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		g, err := s.ClientGrants().Get(ctx, in.ID)
		switch {
		case errors.Is(err, tenant.ErrNotFound):
			return change{}, nil
		case err != nil:
			return change{}, err
		}
		return change{old: g}, s.ClientGrants().Delete(ctx, in.ID)
	})
}

// clientGrantView is the grant's wire form. A grant for the system resource server comes without audience from the store.
func clientGrantView(call tenant.Call, g tenant.ClientGrant) (rest.Object, error) {
	if g.Audience == "" {
		g.Audience = call.ManagementAudience()
	}
	return rest.NewObject(g)
}
