package mgmt

import (
	"context"
	"errors"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
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
	Q                string   `query:"q" doc:"Advanced Query in Lucene syntax. Not supported yet."`
}

func (a *API) listClients(ctx context.Context, in clientsQuery) (rest.List, error) {
	if in.Q != "" {
		return rest.List{}, rest.InvalidQuery("The parameter q is not supported for clients: leave it out and filter by is_global, is_first_party or app_type")
	}
	see, err := a.clientSight(ctx, in.Caller, in.Fields)
	if err != nil {
		return rest.List{}, err
	}
	where := []store.Filter{}
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
		where = append(where, store.In[string]("client_id"))
	}
	return listing[tenant.Client]{
		rows: a.reader(in.Caller).Clients(), key: "clients", tenant: in.Call.Tenant, where: where, view: see.view,
	}.page(ctx, in.Paging, in.Checkpoint)
}

type clientQuery struct {
	rest.Caller
	rest.Fields
	ID string `path:"id" doc:"ID of the client to retrieve."`
}

func (a *API) getClient(ctx context.Context, in clientQuery) (rest.Object, error) {
	see, err := a.clientSight(ctx, in.Caller, in.Fields)
	if err != nil {
		return rest.Object{}, err
	}
	client, err := a.reader(in.Caller).Clients().Get(ctx, in.ID)
	if err != nil {
		return rest.Object{}, missing(err, noClient())
	}
	return see.view(client)
}

type clientCreation struct {
	rest.Caller
	Body rest.Patch[tenant.Client] `body:"true"`
}

// createClient shows the new secret whatever the token may read later, for nobody could use the client otherwise.
func (a *API) createClient(ctx context.Context, in clientCreation) (rest.Object, error) {
	blank := newClient(in.Call.Tenant)
	client, err := in.Body.Apply(blank, blank)
	if err != nil {
		return rest.Object{}, err
	}
	client.ClientID, client.ClientSecret = tenant.NewClientID(), tenant.NewClientSecret()
	client.ApplyDefaults()
	if err := client.Validate(); err != nil {
		return rest.Object{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		if err := s.Clients().Insert(ctx, client); err != nil {
			return change{}, taken(err, aliasTaken())
		}
		return change{new: client}, linkResourceServer(ctx, s, client)
	})
	if err != nil {
		return rest.Object{}, err
	}
	see, err := a.fullSight(ctx, in.Caller)
	if err != nil {
		return rest.Object{}, err
	}
	view, err := see.view(client)
	if err != nil {
		return rest.Object{}, err
	}
	return view, view.InsertAfter("cross_origin_auth", "encrypted", true)
}

type clientChange struct {
	rest.Caller
	ID   string                    `path:"id" doc:"ID of the client to update."`
	Body rest.Patch[tenant.Client] `body:"true"`
}

// updateClient asks update:client_keys for the secret and update:clients for everything else. Of the global client only the
// login page changes.
func (a *API) updateClient(ctx context.Context, in clientChange) (rest.Object, error) {
	if in.Body.Has("client_secret") && !in.Principal.HasAny("update:client_keys") {
		return rest.Object{}, rest.InsufficientScope("update:client_keys")
	}
	if in.Body.HasOther("client_secret") && !in.Principal.HasAny("update:clients") {
		return rest.Object{}, rest.InsufficientScope("update:clients")
	}
	return a.changeClient(ctx, in.Caller, in.ID, func(old tenant.Client) (tenant.Client, error) {
		if old.Global {
			if err := a.schemas["clients.global.patch"].Validate(in.Operation.Body); err != nil {
				return old, err
			}
		}
		client, err := in.Body.Apply(old, newClient(old.Tenant))
		if err != nil {
			return client, err
		}
		if !client.Global {
			client.ApplyDefaults()
		}
		return client, client.Validate()
	})
}

// rotateClientSecret kills the old secret at once.
func (a *API) rotateClientSecret(ctx context.Context, in clientID) (rest.Object, error) {
	secret := tenant.NewClientSecret()
	in.Principal.Scopes = append(slices.Clone(in.Principal.Scopes), "read:client_keys") // the answer's whole point
	return a.changeClient(ctx, in.Caller, in.ID, func(old tenant.Client) (tenant.Client, error) {
		if old.Global {
			return old, globalClientSecretStays()
		}
		old.ClientSecret = secret
		return old, nil
	})
}

// changeClient updates one client by a pure function, with its record, and answers as much of it as the token may read.
func (a *API) changeClient(ctx context.Context, caller rest.Caller, id string, fn func(tenant.Client) (tenant.Client, error)) (rest.Object, error) {
	var client tenant.Client
	err := a.write(ctx, caller, func(s store.Scope) (change, error) {
		var before tenant.Client
		after, err := s.Clients().Update(ctx, id, func(old tenant.Client) (tenant.Client, error) {
			before = old
			return fn(old)
		})
		if err != nil {
			return change{}, taken(missing(err, noClient()), aliasTaken())
		}
		client = after
		return change{old: before, new: after}, nil
	})
	if err != nil {
		return rest.Object{}, err
	}
	see, err := a.clientSight(ctx, withReading(caller), rest.Fields{})
	if err != nil {
		return rest.Object{}, err
	}
	return see.view(client)
}

type clientID struct {
	rest.Caller
	ID string `path:"id" doc:"ID of the client."`
}

// deleteClient is idempotent: a client that is not there is as good as deleted.
func (a *API) deleteClient(ctx context.Context, in clientID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		client, err := s.Clients().Get(ctx, in.ID)
		switch {
		case errors.Is(err, tenant.ErrNotFound):
			return change{}, nil
		case err != nil:
			return change{}, err
		case client.Global:
			return change{}, globalClientStays()
		}
		if err := unlinkResourceServer(ctx, s, client); err != nil {
			return change{}, err
		}
		return change{old: client}, s.Clients().Delete(ctx, in.ID)
	})
}

// newClient is what a client is before the caller says anything; also what null resets a property to.
func newClient(tenantName string) tenant.Client {
	return tenant.Client{Tenant: tenantName, IsFirstParty: true, CustomLoginPageOn: true}
}

// linkResourceServer ties an API to the new client that stands for it; unlinkResourceServer unties them.
func linkResourceServer(ctx context.Context, s store.Scope, client tenant.Client) error {
	if client.ResourceServerIdentifier == "" {
		return nil
	}
	if client.AppType != tenant.AppTypeResourceServer {
		return rest.InvalidBody("resource_server_identifier is for clients whose app_type is resource_server")
	}
	rs, err := resourceServerByIdentifier(ctx, s, client.ResourceServerIdentifier)
	if err != nil {
		return err
	}
	if rs.ClientID != "" {
		return rest.Conflict("Another client stands for the resource server %s", rs.Identifier)
	}
	_, err = s.ResourceServers().Update(ctx, rs.ID, func(old tenant.ResourceServer) (tenant.ResourceServer, error) {
		old.ClientID = client.ClientID
		return old, nil
	})
	return err
}

func unlinkResourceServer(ctx context.Context, s store.Scope, client tenant.Client) error {
	if client.ResourceServerIdentifier == "" {
		return nil
	}
	rs, err := resourceServerByIdentifier(ctx, s, client.ResourceServerIdentifier)
	switch {
	case isNotFound(err):
		return nil
	case err != nil:
		return err
	case rs.ClientID != client.ClientID:
		return nil
	}
	_, err = s.ResourceServers().Update(ctx, rs.ID, func(old tenant.ResourceServer) (tenant.ResourceServer, error) {
		old.ClientID = ""
		return old, nil
	})
	return err
}
