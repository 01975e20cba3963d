package mgmt

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/writ-auth/writ/internal/action"
	"github.com/writ-auth/writ/internal/limit"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// Config is what the API is built on. All fields but Operators and Limits are needed.
type Config struct {
	Store *store.DB
	// Signer verifies bearer tokens.
	Signer *signing.Signer
	// Generator makes the next keys of a rotation.
	Generator *signing.Generator
	Now       func() time.Time
	Logger    *slog.Logger
	// Operators judges the bearers of people. nil = none is accepted.
	Operators Operators
	// Explainer says what the token path would decide.
	Explainer Explainer
	// Prover looks at custom domains from outside.
	Prover Prover
	// BaseDomain is the host below which tenants live.
	BaseDomain string
	// Limits bound the requests to each family of endpoints of one tenant, by its environment tag. A tag that is not there has no limit.
	Limits map[tenant.Environment]limit.Rate
}

// API is the Management API of every tenant; the call says of which. It is safe for concurrent use.
type API struct {
	store   *store.DB
	signer  *signing.Signer
	keys    *signing.Generator
	now     func() time.Time
	log     *slog.Logger
	schemas rest.Schemas
	router  *rest.Router
	openAPI func() ([]byte, error) // made on the first call
	// searchTimeout bounds one search of the log, and how long it waits for its turn.
	searchTimeout time.Duration
	searches      *searchTurns
	baseDomain    string
	// scopes are those of the system resource server.
	scopes    []tenant.Scope
	limits    map[tenant.Environment]limit.Rate
	limiter   *limit.Limiter
	network   *limit.Network
	operators Operators
	explainer Explainer
	builder   *action.Builder
	prover    Prover
	// table are the routes, for who needs to know what a call asks for.
	table []rest.Route
	// rekeying has the names of the tenants that this process is rekeying.
	rekeying sync.Map
}

//go:embed schemas/*.json
var schemaFiles embed.FS

// prefix stands before every path of the API.
const prefix = "/api/v2"

// New builds the API. It panics on a fault in what is compiled in (route table, scopes): no input can cause that. What a server may never
// be asked for (schemas, the table of what is not built, the OpenAPI document) is made when it is.
func New(cfg Config) *API {
	a := &API{
		store: cfg.Store, signer: cfg.Signer, keys: cfg.Generator, now: cfg.Now, log: cfg.Logger, baseDomain: cfg.BaseDomain,
		searchTimeout: searchTimeout, searches: newSearchTurns(), scopes: Scopes(), limits: cfg.Limits, limiter: limit.New(),
		network:   limit.NewNetwork(cfg.Store.Snapshots(), cfg.Now),
		operators: cfg.Operators, explainer: cfg.Explainer, builder: action.NewBuilder(), prover: cfg.Prover,
	}
	files := must(fs.Sub(schemaFiles, "schemas"))
	a.schemas = must(rest.LoadSchemas(files))
	a.schemas["clients.put"] = rest.NewSchema("clients.put", must(importedClientSchema()))
	a.schemas[anyBody] = rest.NewSchema(anyBody, []byte("{}"))
	routes := a.routes()
	a.table = routes
	a.openAPI = sync.OnceValues(func() ([]byte, error) {
		return rest.OpenAPI("writ Management API", "v2", prefix, routes, a.schemas)
	})
	unbuilt := sync.OnceValue(func() unbuilt { return newUnbuilt(unbuiltPaths(), a.scopes) })
	a.router = must(rest.NewRouter(rest.Config{
		Prefix: prefix, Routes: routes, Schemas: a.schemas, Logger: cfg.Logger,
		Authenticate: a.authenticate, Admit: a.admit, Fallback: func(method, path string) *rest.Route { return unbuilt().find(method, path) }, Refused: a.recordRefusal,
	}))
	return a
}

func must[T any](v T, err error) T {
	if err != nil {
		panic("mgmt: " + err.Error())
	}
	return v
}

// Serve answers one request below /api/v2.
func (a *API) Serve(call tenant.Call, w http.ResponseWriter, r *http.Request) {
	a.router.Serve(call, w, r)
}

// reader is the tenant's part of the store, outside any transaction.
func (a *API) reader(caller rest.Caller) store.Scope { return a.store.Tenant(caller.Call.Tenant) }

// change is what a write did to one object, for its record. Old is nil for a creation, New for a deletion.
type change struct{ old, new any }

// write runs fn in one transaction together with the log record of what it did: both are there, or neither.
// fn may run twice and must not keep what it learned from a run that was rolled back.
func (a *API) write(ctx context.Context, caller rest.Caller, fn func(s store.Scope) (change, error)) error {
	return a.transact(ctx, caller, func(tx *store.Tx) (change, error) { return fn(tx.Tenant(caller.Call.Tenant)) })
}

// transact is write for what is no part of a tenant's scope: the tenant itself.
func (a *API) transact(ctx context.Context, caller rest.Caller, fn func(tx *store.Tx) (change, error)) error {
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		done, err := fn(tx)
		if err != nil {
			return err
		}
		event, err := a.event(caller, tenant.LogManagementWritten, caller.Operation.Status, done)
		if err != nil {
			return err
		}
		return tx.Record(ctx, event)
	})
}
