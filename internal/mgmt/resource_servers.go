package mgmt

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type resourceServersQuery struct {
	rest.Caller
	rest.Paging
	rest.Fields
	Identifiers []string `query:"identifiers" maxItems:"10" doc:"An optional filter on the resource server identifier. Must be URL encoded and may be specified multiple times (max 10)."`
}

func (a *API) listResourceServers(ctx context.Context, in resourceServersQuery) (rest.List, error) {
	if err := in.Check(propertyNames[tenant.ResourceServer]()); err != nil {
		return rest.List{}, err
	}
	rows := a.reader(in.Caller).ResourceServers()
	shown := false
	l := listing[tenant.ResourceServer]{
		rows: rows, key: "resource_servers",
		view: noticing(&shown, "signing_secret", func(rs tenant.ResourceServer) (rest.Object, error) {
			return a.resourceServerView(in.Caller, rs, in.Fields)
		}),
	}
	if in.Identifiers != nil {
		ids, err := resourceServerIDs(ctx, rows, in.Call, in.Identifiers)
		if err != nil {
			return rest.List{}, err
		}
		l.where = []store.Filter{store.In("id", ids...)}
	}
	list, err := l.numbered(ctx, in.Paging)
	if err != nil {
		return rest.List{}, err
	}
	return list, a.recordDisclosure(ctx, in.Caller, shown)
}

type resourceServerQuery struct {
	rest.Caller
	rest.Fields
	ID string `path:"id" doc:"ID or audience of the resource server to retrieve."`
}

func (a *API) getResourceServer(ctx context.Context, in resourceServerQuery) (rest.Object, error) {
	if err := in.Check(propertyNames[tenant.ResourceServer]()); err != nil {
		return rest.Object{}, err
	}
	rs, err := findResourceServer(ctx, a.reader(in.Caller), in.Call, in.ID)
	if err != nil {
		return rest.Object{}, err
	}
	view, err := a.resourceServerView(in.Caller, rs, in.Fields)
	if err != nil {
		return rest.Object{}, err
	}
	return view, a.recordDisclosure(ctx, in.Caller, view.Get("signing_secret") != nil)
}

type resourceServerCreation struct {
	rest.Caller
	Body rest.Patch[tenant.ResourceServer] `body:"true"`
}

func (a *API) createResourceServer(ctx context.Context, in resourceServerCreation) (rest.Object, error) {
	return a.makeResourceServer(ctx, in, tenant.NewResourceServerID())
}

func (a *API) makeResourceServer(ctx context.Context, in resourceServerCreation, id string) (rest.Object, error) {
	blank := tenant.NewResourceServer(id, "")
	rs, err := in.Body.Apply(blank, blank)
	if err != nil {
		return rest.Object{}, err
	}
	if a.reserved(in.Call, rs.Identifier) {
		return rest.Object{}, reservedIdentifier()
	}
	if rs, err = settled(rs, blank); err != nil {
		return rest.Object{}, err
	}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		return change{new: rs}, taken(s.ResourceServers().Insert(ctx, rs), identifierTaken())
	})
	if err != nil {
		return rest.Object{}, err
	}
	a.publishKeys(ctx, in.Call, rs)
	return a.resourceServerView(in.Caller, rs, rest.Fields{})
}

type resourceServerChange struct {
	rest.Caller
	ID   string                            `path:"id" doc:"ID or audience of the resource server to update."`
	Body rest.Patch[tenant.ResourceServer] `body:"true"`
}

func (a *API) updateResourceServer(ctx context.Context, in resourceServerChange) (rest.Object, error) {
	var rs tenant.ResourceServer
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		before, err := findResourceServer(ctx, s, in.Call, in.ID)
		if err != nil {
			return change{}, err
		}
		if before.IsSystem {
			if err := a.schemas["resource_servers.system.patch"].Validate(in.Operation.Body); err != nil {
				return change{}, err
			}
		}
		rs, err = s.ResourceServers().Update(ctx, before.ID, func(old tenant.ResourceServer) (tenant.ResourceServer, error) {
			next, err := in.Body.Apply(old, tenant.NewResourceServer(old.ID, old.Identifier))
			if err != nil {
				return next, err
			}
			return settled(next, old)
		})
		return change{old: before, new: rs}, err
	})
	if err != nil {
		return rest.Object{}, err
	}
	a.publishKeys(ctx, in.Call, rs)
	return a.resourceServerView(in.Caller, rs, rest.Fields{})
}

// publishKeys has the keys of the API's algorithm in the JWK set before the first token asks for them. What goes wrong here is tried
// again by that token.
func (a *API) publishKeys(ctx context.Context, call tenant.Call, rs tenant.ResourceServer) {
	if err := a.signer.Prepare(ctx, call.Site, rs.SigningAlg); err != nil {
		a.log.WarnContext(ctx, "keys of a signing_alg could not be made yet", "tenant", call.Tenant, "signing_alg", rs.SigningAlg, "error", err)
	}
}

type resourceServerID struct {
	rest.Caller
	ID string `path:"id" doc:"ID or the audience of the resource server to delete."`
}

// deleteResourceServer is idempotent.
func (a *API) deleteResourceServer(ctx context.Context, in resourceServerID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		rs, err := findResourceServer(ctx, s, in.Call, in.ID)
		switch {
		case isNotFound(err):
			return change{}, nil
		case err != nil:
			return change{}, err
		case rs.IsSystem:
			return change{}, systemResourceServerStays()
		}
		return change{old: rs}, s.ResourceServers().Delete(ctx, rs.ID)
	})
}

// resourceServerView is the API's wire form. The system's identifier and scopes are this binary's and this domain's, not the row's.
// A person sees the signing secret who may set it: the dashboard's viewers read everything but secrets, while programs get what Auth0
// shows them.
func (a *API) resourceServerView(caller rest.Caller, rs tenant.ResourceServer, fields rest.Fields) (rest.Object, error) {
	if rs.IsSystem {
		rs.Identifier, rs.Scopes = caller.Call.ManagementAudience(), a.scopes
	}
	if caller.Principal.User.ID != "" && !caller.Principal.HasAny("create:resource_servers", "update:resource_servers") {
		rs.SigningSecret = ""
	}
	if rs.TokenEncryption != nil {
		shown, err := tokenEncryptionView(*rs.TokenEncryption)
		if err != nil {
			return rest.Object{}, err
		}
		rs.TokenEncryption = &shown
	}
	o, err := rest.NewObject(rs)
	if err == nil {
		fields.Select(&o)
	}
	return o, err
}

// findResourceServer finds an API by id or identifier. Some clients escape the identifier twice, so that one escape is still in
// name: the text as it stands wins over the text unescaped. Errors: noResourceServer.
func findResourceServer(ctx context.Context, s store.Scope, call tenant.Call, name string) (tenant.ResourceServer, error) {
	names := []string{name}
	if unescaped, err := url.PathUnescape(name); err == nil && unescaped != name {
		names = append(names, unescaped)
	}
	for _, name := range names {
		rs, err := s.ResourceServers().Get(ctx, name)
		if errors.Is(err, tenant.ErrNotFound) {
			rs, err = resourceServerByAudience(ctx, s, call, name)
		}
		if !isNotFound(err) {
			return rs, err
		}
	}
	return tenant.ResourceServer{}, noResourceServer()
}

// resourceServerByAudience also knows the system's identifier. Errors: noResourceServer.
func resourceServerByAudience(ctx context.Context, s store.Scope, call tenant.Call, audience string) (tenant.ResourceServer, error) {
	if audience == call.ManagementAudience() {
		return systemResourceServer(ctx, s)
	}
	return resourceServerByIdentifier(ctx, s, audience)
}

func systemResourceServer(ctx context.Context, s store.Scope) (tenant.ResourceServer, error) {
	return firstResourceServer(ctx, s, store.In("is_system", true))
}

// resourceServerByIdentifier compares byte for byte. Errors: noResourceServer.
func resourceServerByIdentifier(ctx context.Context, s store.Scope, identifier string) (tenant.ResourceServer, error) {
	if identifier == "" {
		return tenant.ResourceServer{}, noResourceServer()
	}
	return firstResourceServer(ctx, s, store.In("identifier", identifier))
}

func firstResourceServer(ctx context.Context, s store.Scope, where store.Filter) (tenant.ResourceServer, error) {
	found, err := s.ResourceServers().List(ctx, store.Query{Where: []store.Filter{where}, Limit: 1})
	switch {
	case err != nil:
		return tenant.ResourceServer{}, err
	case len(found) == 0:
		return tenant.ResourceServer{}, noResourceServer()
	}
	return found[0], nil
}

// resourceServerIDs are the ids of those identifiers that exist.
func resourceServerIDs(ctx context.Context, rows store.Rows[tenant.ResourceServer], call tenant.Call, identifiers []string) ([]string, error) {
	found, err := rows.List(ctx, store.Query{Where: []store.Filter{store.In("identifier", identifiers...)}})
	if err == nil && slices.Contains(identifiers, call.ManagementAudience()) {
		var system []tenant.ResourceServer
		system, err = rows.List(ctx, store.Query{Where: []store.Filter{store.In("is_system", true)}})
		found = append(found, system...)
	}
	ids := make([]string, len(found))
	for i, rs := range found {
		ids[i] = rs.ID
	}
	return ids, err
}
