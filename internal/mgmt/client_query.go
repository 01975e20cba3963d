package mgmt

import (
	"context"
	"regexp"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
)

type clientsQuery struct {
	rest.Caller
	rest.Paging
	rest.Checkpoint
	rest.Fields
	IsGlobal         *bool    `query:"is_global" doc:"Optional filter on the global client parameter."`
	IsFirstParty     *bool    `query:"is_first_party" doc:"Optional filter on whether or not a client is a first-party client."`
	AppType          []string `query:"app_type" sep:"," maxItems:"30" doc:"Optional filter by a comma-separated list of application types."`
	ExternalClientID string   `query:"external_client_id" doc:"Optional filter by the Client ID Metadata Document URI."`
	Q                string   `query:"q" doc:"Advanced Query in Lucene syntax. Permitted queries: client_grant.organization_id:{organization_id}, client_grant.allow_any_organization:true. Requires from or take, and no other filter."`
}

// where are the conditions of the query. Errors: InvalidQuery.
func (in clientsQuery) where(ctx context.Context, s store.Scope) ([]store.Filter, error) {
	where := in.filters()
	switch {
	case in.Q == "":
		return where, nil
	case len(where) > 0:
		return nil, rest.InvalidQuery("The parameter q cannot be used in combination with other filters")
	case !in.Checkpoint.Wanted():
		return nil, rest.InvalidQuery("The parameter q requires checkpoint pagination: use the parameters from and take")
	}
	return grantSearch(ctx, s, in.Q)
}

// filters are the conditions beside q.
func (in clientsQuery) filters() []store.Filter {
	var where []store.Filter
	if in.IsGlobal != nil {
		where = append(where, store.In("is_global", *in.IsGlobal))
	}
	if in.IsFirstParty != nil {
		where = append(where, store.In("is_first_party", *in.IsFirstParty))
	}
	if in.AppType != nil {
		where = append(where, store.In("app_type", in.AppType...))
	}
	if in.ExternalClientID != "" { // no client has one
		where = append(where, nowhere())
	}
	return where
}

// grantSearch reads the two forms of q, which select clients by their grants.
func grantSearch(ctx context.Context, s store.Scope, q string) ([]store.Filter, error) {
	organization := regexp.MustCompile(`^client_grant\.organization_id:(?:([\w-]+)|"([\w-]+)")$`)
	switch {
	case q == "client_grant.allow_any_organization:true":
		return []store.Filter{store.In("client_grant.allow_any_organization", true)}, nil
	case organization.MatchString(q):
		id := organization.FindStringSubmatch(q)
		return clientsOfOrganization(ctx, s, id[1]+id[2])
	}
	return nil, rest.InvalidQuery(
		"Invalid query. Permitted queries: client_grant.organization_id:{organization_id}, client_grant.allow_any_organization:true")
}

// clientsOfOrganization selects the clients that have a grant which is associated with the organization.
func clientsOfOrganization(ctx context.Context, s store.Scope, id string) ([]store.Filter, error) {
	grants, err := grantsOfOrganization(ctx, s, id)
	if err != nil {
		return nil, err
	}
	clients := make([]string, len(grants))
	for i, g := range grants {
		clients[i] = g.ClientID // empty for a default grant: no client's
	}
	return []store.Filter{store.In("client_id", clients...)}, nil
}

// nowhere selects nothing.
func nowhere() store.Filter { return store.In[string]("client_id") }
