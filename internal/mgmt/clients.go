package mgmt

import (
	"context"
	"errors"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

func (a *API) listClients(ctx context.Context, in clientsQuery) (rest.List, error) {
	where, err := in.where(ctx, a.reader(in.Caller))
	if err != nil {
		return rest.List{}, err
	}
	see, err := a.clientSight(ctx, in.Caller, in.Fields)
	if err != nil {
		return rest.List{}, err
	}
	shown := false
	list, err := listing[tenant.Client]{
		rows: a.reader(in.Caller).Clients(), key: "clients", tenant: in.Call.Tenant, where: where,
		view: noticing(&shown, "client_secret", see.view),
	}.page(ctx, in.Paging, in.Checkpoint)
	if err != nil {
		return rest.List{}, err
	}
	return list, a.recordDisclosure(ctx, in.Caller, shown)
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
	view, err := see.view(client)
	if err != nil {
		return rest.Object{}, err
	}
	return view, a.recordDisclosure(ctx, in.Caller, view.Get("client_secret") != nil)
}

type clientConnectionsQuery struct {
	rest.Caller
	rest.Checkpoint
	ID string `path:"id" doc:"ID of the client for which to retrieve enabled connections."`
}

// listClientConnections is empty: connections are for people who log in.
func (a *API) listClientConnections(ctx context.Context, in clientConnectionsQuery) (rest.List, error) {
	if _, err := a.reader(in.Caller).Clients().Get(ctx, in.ID); err != nil {
		return rest.List{}, missing(err, noClient())
	}
	return rest.CheckpointList("connections", nil, ""), nil
}

// olderOIDCLogout is what oidc_logout was called; the Terraform provider resets it by that name.
const olderOIDCLogout = "oidc_backchannel_logout"

type clientCreation struct {
	rest.Caller
	Body rest.Patch[tenant.Client] `body:"true"`
}

func (a *API) createClient(ctx context.Context, in clientCreation) (rest.Object, error) {
	return a.makeClient(ctx, in, "")
}

// makeClient shows the new secret whatever the token may read later, for nobody could use the client otherwise. Only an import
// brings an id and a secret with it; without one they are drawn.
func (a *API) makeClient(ctx context.Context, in clientCreation, id string) (rest.Object, error) {
	if described := in.Body.Has("client_authentication_methods") && !in.Body.Null("client_authentication_methods"); described &&
		!in.Principal.HasAny("create:client_credentials") {
		return rest.Object{}, rest.InsufficientScope("create:client_credentials")
	}
	client, err := clientOf(in, id)
	if err != nil {
		return rest.Object{}, err
	}
	credentials, err := inlineCredentials(in.Operation.Body, &client, a.now())
	if err != nil {
		return rest.Object{}, err
	}
	if len(credentials) > 0 && !in.Principal.HasAny("create:client_credentials") { // signed_request_object has some, too
		return rest.Object{}, rest.InsufficientScope("create:client_credentials")
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		if err := standsAlone(ctx, s, client); err != nil {
			return change{}, err
		}
		if err := defaultOrganizationStands(ctx, s, tenant.Client{}, client); err != nil {
			return change{}, err
		}
		if err := s.Clients().Insert(ctx, client); err != nil {
			return change{}, taken(err, aliasTaken())
		}
		for _, c := range credentials {
			if err := s.ClientCredentials().Insert(ctx, c); err != nil {
				return change{}, err
			}
		}
		return change{new: client}, nil
	})
	if err != nil {
		return rest.Object{}, err
	}
	see, err := a.creatorsSight(ctx, in.Caller)
	if err != nil {
		return rest.Object{}, err
	}
	view, err := see.view(client)
	if err != nil {
		return rest.Object{}, err
	}
	return view, view.InsertAfter("cross_origin_auth", "encrypted", true)
}

// clientOf is the client that a body describes, complete but for the ids of its credentials.
func clientOf(in clientCreation, id string) (tenant.Client, error) {
	blank := newClient(in.Call.Tenant)
	in.Body = in.Body.Renamed(olderOIDCLogout, "oidc_logout")
	client, err := in.Body.Apply(blank, blank)
	if err != nil {
		return client, err
	}
	if client.ClientID = id; id == "" {
		client.ClientID = newClientID(client)
	}
	settleConformance(in.Body, &client)
	client.ApplyDefaults()
	settleSecret(&client)
	return client, checkClient(in.Body, blank, client)
}

type clientChange struct {
	rest.Caller
	ID   string                    `path:"id" doc:"ID of the client to update."`
	Body rest.Patch[tenant.Client] `body:"true"`
}

// updateClient asks update:client_keys for the secret, update:client_credentials for client_authentication_methods and wherever else
// credentials are named, and update:clients for everything but the secret and the methods. Of the global client only the login page changes.
func (a *API) updateClient(ctx context.Context, in clientChange) (rest.Object, error) {
	if err := mayChangeClient(in.Principal, in.Body); err != nil {
		return rest.Object{}, err
	}
	in.Body = in.Body.Renamed(olderOIDCLogout, "oidc_logout")
	return a.changeClient(ctx, in.Caller, in.ID, func(old tenant.Client, held []tenant.ClientCredential) (tenant.Client, error) {
		if old.Global {
			if err := a.schemas["clients.global.patch"].Validate(in.Operation.Body); err != nil {
				return old, err
			}
		}
		client, err := in.Body.Apply(old, newClient(old.Tenant))
		if err != nil || client.Global {
			return client, err
		}
		if in.Body.Has("is_first_party") || in.Body.Null("oidc_conformant") {
			settleConformance(in.Body, &client)
		}
		client.ApplyDefaults()
		settleSecret(&client)
		if err := checkClient(in.Body, old, client); err != nil {
			return client, err
		}
		if !in.Principal.HasAny("update:client_credentials") && !slices.EqualFunc(credentialsNamed(&old), credentialsNamed(&client), sameUse) {
			return client, rest.InsufficientScope("update:client_credentials") // null in place of what names some, say
		}
		return client, checkUses(&client, held)
	})
}

// rotateClientSecret kills the old secret at once.
func (a *API) rotateClientSecret(ctx context.Context, in clientID) (rest.Object, error) {
	secret := tenant.NewClientSecret()
	in.Principal.Scopes = append(slices.Clone(in.Principal.Scopes), "read:client_keys") // the answer's whole point
	return a.changeClient(ctx, in.Caller, in.ID, func(old tenant.Client, _ []tenant.ClientCredential) (tenant.Client, error) {
		switch {
		case old.Global:
			return old, globalClientSecretStays()
		case old.ClientAuthenticationMethods != nil:
			return old, noSecretToRotate()
		}
		old.ClientSecret = secret
		return old, nil
	})
}

// changeClient updates one client by a pure function of it and its credentials, with its record, and answers as much of it as
// the token may read.
func (a *API) changeClient(ctx context.Context, caller rest.Caller, id string,
	fn func(tenant.Client, []tenant.ClientCredential) (tenant.Client, error)) (rest.Object, error) {
	var client tenant.Client
	err := a.write(ctx, caller, func(s store.Scope) (change, error) {
		held, err := credentialsOf(ctx, s, id)
		if err != nil {
			return change{}, err
		}
		var before tenant.Client
		client, err = s.Clients().Update(ctx, id, func(old tenant.Client) (tenant.Client, error) {
			before = old
			next, err := fn(old, held)
			if err != nil {
				return next, err
			}
			return next, defaultOrganizationStands(ctx, s, old, next)
		})
		return change{old: before, new: client}, taken(missing(err, noClient()), aliasTaken())
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
		return change{old: client}, s.Clients().Delete(ctx, in.ID)
	})
}

// newClient is what a client is before the caller says anything; also what null resets a property to.
func newClient(tenantName string) tenant.Client {
	return tenant.Client{Tenant: tenantName, IsFirstParty: true, CustomLoginPageOn: true}
}

func newClientID(client tenant.Client) string {
	if client.Strict() {
		return tenant.NewThirdPartyClientID()
	}
	return tenant.NewClientID()
}

// settleConformance makes a client that says nothing of it OIDC conformant where its kind is.
func settleConformance(body rest.Patch[tenant.Client], client *tenant.Client) {
	if said := body.Has("oidc_conformant") && !body.Null("oidc_conformant"); !said && client.ConformsByDefault() {
		client.OIDCConformant = true
	}
}

// settleSecret draws a secret for a client that authenticates by one and has none. The secret of a client that turns to other
// methods stays with it, unseen and good for nothing, and is there again when it turns back.
func settleSecret(client *tenant.Client) {
	if client.ClientSecret == "" && client.ClientAuthenticationMethods == nil {
		client.ClientSecret = tenant.NewClientSecret()
	}
}
