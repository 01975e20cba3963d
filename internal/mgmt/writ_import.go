package mgmt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// The PUTs below /writ are how a tenant moves here with its ids and secrets. An object that is not there is created, by the rules of
// POST, under the id in the path. One that is there is brought in line: what it has already is left out of the body, and what is
// left, if anything, is a PATCH, by the rules of PATCH and with its scopes. So the same PUT again changes nothing and is not recorded.

type clientImport struct {
	rest.Caller
	ID   string                    `path:"id" pattern:"^[A-Za-z0-9_-]{1,64}$" doc:"ID of the client, as it was elsewhere."`
	Body rest.Patch[tenant.Client] `body:"true"`
}

func (a *API) importClient(ctx context.Context, in clientImport) (imported, error) {
	if in.ID == tenant.ConsoleClientID {
		return imported{}, reservedClientID()
	}
	fresh := newClient(in.Call.Tenant)
	return importing[tenant.Client]{
		body: in.Body, fresh: fresh, idProperty: "client_id", patch: a.schemas["clients.patch"],
		createScope: "create:clients", seeScopes: []string{"read:clients", "update:clients"},
		settle: func(next *tenant.Client) error { return a.recognizeCredentials(ctx, in, next) },
		find:   func() (tenant.Client, error) { return a.reader(in.Caller).Clients().Get(ctx, in.ID) },
		create: func(caller rest.Caller) (rest.Object, error) {
			return a.makeClient(ctx, clientCreation{Caller: caller, Body: in.Body}, in.ID)
		},
		update: func(caller rest.Caller, body rest.Patch[tenant.Client]) (rest.Object, error) {
			return a.updateClient(ctx, clientChange{Caller: caller, ID: in.ID, Body: body})
		},
		view: func(client tenant.Client) (rest.Object, error) {
			see, err := a.clientSight(ctx, withReading(in.Caller), rest.Fields{})
			if err != nil {
				return rest.Object{}, err
			}
			return see.view(client)
		},
	}.put(in.Caller)
}

// recognizeCredentials puts the ids of credentials that the client holds where the body describes the same ones. Others cannot be brought
// to a client that is there: PATCH wants ids, which POST .../credentials gives.
func (a *API) recognizeCredentials(ctx context.Context, in clientImport, next *tenant.Client) error {
	described, err := inlineCredentials(in.Operation.Body, next, a.now())
	if err != nil || len(described) == 0 {
		return err
	}
	held, err := credentialsOf(ctx, a.reader(in.Caller), in.ID)
	if err != nil {
		return err
	}
	known := map[string]string{}
	for _, d := range described {
		for _, h := range held {
			if sameCredential(d, h) {
				known[d.ID] = h.ID
			}
		}
	}
	for _, use := range next.CredentialUses() {
		for i, ref := range use.Credentials {
			if id, ok := known[ref.ID]; ok {
				use.Credentials[i].ID = id
			}
		}
	}
	return nil
}

// sameCredential compares what a caller describes.
func sameCredential(a, b tenant.ClientCredential) bool {
	return a.Type == b.Type && a.KID == b.KID && a.Alg == b.Alg && bytes.Equal(a.PublicKey, b.PublicKey) && a.SubjectDN == b.SubjectDN &&
		a.ThumbprintSHA256 == b.ThumbprintSHA256 && a.ExpiresAt.Equal(b.ExpiresAt) &&
		(a.Name == nil) == (b.Name == nil) && (a.Name == nil || *a.Name == *b.Name)
}

// importedClientSchema is that of a new client with the one property that only an import brings: client_secret, as PATCH has it.
func importedClientSchema() ([]byte, error) {
	post, err := schemaObject("schemas/clients.post.json")
	if err != nil {
		return nil, err
	}
	patch, err := schemaObject("schemas/clients.patch.json")
	if err != nil {
		return nil, err
	}
	properties, err := rest.NewObject(post.Get("properties"))
	if err != nil {
		return nil, err
	}
	known, err := rest.NewObject(patch.Get("properties"))
	if err != nil {
		return nil, err
	}
	if err := properties.InsertAfter("name", "client_secret", known.Get("client_secret")); err != nil {
		return nil, err
	}
	post.Remove("properties")
	if err := post.InsertAfter("type", "properties", properties); err != nil {
		return nil, err
	}
	return json.Marshal(post)
}

func schemaObject(name string) (rest.Object, error) {
	text, err := schemaFiles.ReadFile(name)
	if err != nil {
		return rest.Object{}, err
	}
	return rest.NewObject(json.RawMessage(text))
}

type resourceServerImport struct {
	rest.Caller
	ID   string                            `path:"id" pattern:"^[0-9a-f]{24}$" doc:"ID of the resource server, as it was elsewhere."`
	Body rest.Patch[tenant.ResourceServer] `body:"true"`
}

func (a *API) importResourceServer(ctx context.Context, in resourceServerImport) (imported, error) {
	return importing[tenant.ResourceServer]{
		body: in.Body, fresh: tenant.NewResourceServer(in.ID, ""), idProperty: "id", patch: a.schemas["resource_servers.patch"],
		createScope: "create:resource_servers", updateScope: "update:resource_servers",
		seeScopes: []string{"read:resource_servers", "update:resource_servers"},
		find: func() (tenant.ResourceServer, error) {
			rs, err := a.reader(in.Caller).ResourceServers().Get(ctx, in.ID)
			if rs.IsSystem {
				rs.Identifier = in.Call.ManagementAudience()
			}
			return rs, err
		},
		create: func(caller rest.Caller) (rest.Object, error) {
			return a.makeResourceServer(ctx, resourceServerCreation{Caller: caller, Body: in.Body}, in.ID)
		},
		update: func(caller rest.Caller, body rest.Patch[tenant.ResourceServer]) (rest.Object, error) {
			return a.updateResourceServer(ctx, resourceServerChange{Caller: caller, ID: in.ID, Body: body})
		},
		view: func(rs tenant.ResourceServer) (rest.Object, error) {
			return a.resourceServerView(in.Caller, rs, rest.Fields{})
		},
	}.put(in.Caller)
}

type clientGrantImport struct {
	rest.Caller
	ID   string                         `path:"id" pattern:"^cgr_[A-Za-z0-9]{16}$" doc:"ID of the client grant, as it was elsewhere."`
	Body rest.Patch[tenant.ClientGrant] `body:"true"`
}

func (a *API) importClientGrant(ctx context.Context, in clientGrantImport) (imported, error) {
	return importing[tenant.ClientGrant]{
		body: in.Body, idProperty: "id", patch: a.schemas["client_grants.patch"],
		createScope: "create:client_grants", updateScope: "update:client_grants",
		seeScopes: []string{"read:client_grants", "update:client_grants"},
		find: func() (tenant.ClientGrant, error) {
			g, err := a.reader(in.Caller).ClientGrants().Get(ctx, in.ID)
			if g.Audience == "" {
				g.Audience = in.Call.ManagementAudience()
			}
			return g, err
		},
		create: func(caller rest.Caller) (rest.Object, error) {
			return a.makeClientGrant(ctx, clientGrantCreation{Caller: caller, Body: in.Body}, in.ID)
		},
		update: func(caller rest.Caller, body rest.Patch[tenant.ClientGrant]) (rest.Object, error) {
			return a.updateClientGrant(ctx, clientGrantChange{Caller: caller, ID: in.ID, Body: body})
		},
		view: func(g tenant.ClientGrant) (rest.Object, error) { return clientGrantView(in.Call, g) },
	}.put(in.Caller)
}

// importing is one PUT of a T.
type importing[T any] struct {
	body rest.Patch[T]
	// fresh is what null resets a property to.
	fresh T
	// settle puts what the server gives into an object that a body was laid over; nil = nothing.
	settle func(next *T) error
	// createScope is asked for in any case, updateScope where something differs; empty = update asks itself.
	createScope, updateScope string
	// seeScopes: a token with one of them is shown an object that needed no change; to any other the answer is idProperty alone.
	seeScopes  []string
	idProperty string
	// patch judges what differs.
	patch *rest.Schema
	// find errs with tenant.ErrNotFound.
	find   func() (T, error)
	create func(rest.Caller) (rest.Object, error)
	update func(rest.Caller, rest.Patch[T]) (rest.Object, error)
	view   func(T) (rest.Object, error)
}

// imported is the answer of a PUT.
type imported struct {
	rest.Object
	created bool
}

// Created reports whether the object was made.
func (i imported) Created() bool { return i.created }

func (i importing[T]) put(caller rest.Caller) (imported, error) {
	if !caller.Principal.HasAny(i.createScope) {
		return imported{}, rest.InsufficientScope(i.createScope)
	}
	old, err := i.find()
	if errors.Is(err, tenant.ErrNotFound) {
		making := caller
		making.Operation.Status = http.StatusCreated
		made, failure := i.create(making)
		if !isConflict(failure) {
			return imported{made, true}, failure
		}
		if old, err = i.find(); errors.Is(err, tenant.ErrNotFound) { // the id is free: something else of it is taken
			return imported{}, failure
		}
	}
	if err != nil {
		return imported{}, err
	}
	o, err := i.align(caller, old)
	return imported{o, false}, err
}

// align brings an object in line with the body.
func (i importing[T]) align(caller rest.Caller, old T) (rest.Object, error) {
	next, err := i.body.Apply(old, i.fresh)
	if err == nil && i.settle != nil {
		err = i.settle(&next)
	}
	if err != nil {
		return rest.Object{}, err
	}
	names, err := rest.Differing(old, next)
	if err != nil {
		return rest.Object{}, err
	}
	if len(names) == 0 {
		return i.unchanged(caller, old)
	}
	if i.updateScope != "" && !caller.Principal.HasAny(i.updateScope) {
		return rest.Object{}, rest.InsufficientScope(i.updateScope)
	}
	body, err := i.body.Only(names...).Sparing(old) // PATCH refuses some of what only POST takes, even where it would change nothing
	if err != nil {
		return rest.Object{}, err
	}
	if caller.Operation.Body, err = json.Marshal(body); err != nil {
		return rest.Object{}, err
	}
	if err := i.patch.Validate(caller.Operation.Body); err != nil {
		return rest.Object{}, err
	}
	return i.update(caller, body)
}

// unchanged shows an object that is as the body wants it: as much of it as the caller may see.
func (i importing[T]) unchanged(caller rest.Caller, old T) (rest.Object, error) {
	o, err := i.view(old)
	if err == nil && !caller.Principal.HasAny(i.seeScopes...) {
		o.Keep(i.idProperty)
	}
	return o, err
}

func isConflict(err error) bool {
	var refusal *rest.Error
	return errors.As(err, &refusal) && refusal.Status == http.StatusConflict
}
