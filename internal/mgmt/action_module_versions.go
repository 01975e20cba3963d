package mgmt

import (
	"context"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// moduleVersionView is a published version, in recorded order.
type moduleVersionView struct {
	ID            string                    `json:"id"`
	ModuleID      string                    `json:"module_id"`
	VersionNumber int                       `json:"version_number"`
	Code          string                    `json:"code"`
	Secrets       []actionSecretView        `json:"secrets"`
	Dependencies  []tenant.ActionDependency `json:"dependencies"`
	CreatedAt     string                    `json:"created_at"`
}

func viewModuleVersion(v tenant.ActionModuleVersion) moduleVersionView {
	return moduleVersionView{
		ID: v.ID, ModuleID: v.ModuleID, VersionNumber: v.Number, Code: v.Code, Secrets: secretViews(v.Secrets, microseconds),
		Dependencies: v.Dependencies, CreatedAt: microseconds(v.CreatedAt),
	}
}

type moduleVersionsQuery struct {
	rest.Caller
	modulesPage
	ID string `path:"id" doc:"The unique ID of the module."`
}

// listModuleVersions are newest first.
func (a *API) listModuleVersions(ctx context.Context, in moduleVersionsQuery) (rest.Object, error) {
	s := a.reader(in.Caller)
	if _, err := s.ActionModules().Get(ctx, in.ID); err != nil {
		return rest.Object{}, missing(err, noModule())
	}
	return actionRows[tenant.ActionModuleVersion]{
		rows: s.ActionModuleVersions(), key: "versions", where: []store.Filter{store.In("module_id", in.ID)}, views: eachView(viewModuleVersion),
	}.plain(ctx, actionsPage(in.modulesPage))
}

type moduleVersionID struct {
	rest.Caller
	ID        string `path:"id" doc:"The unique ID of the module."`
	VersionID string `path:"versionId" doc:"The unique ID of the module version to retrieve."`
}

func (a *API) getModuleVersion(ctx context.Context, in moduleVersionID) (moduleVersionView, error) {
	s := a.reader(in.Caller)
	if _, err := s.ActionModules().Get(ctx, in.ID); err != nil {
		return moduleVersionView{}, missing(err, noModule())
	}
	version, err := versionOfModule(ctx, s, in.ID, in.VersionID)
	return viewModuleVersion(version), err
}

// versionOfModule is a version of one module. Errors: noModuleVersion.
func versionOfModule(ctx context.Context, s store.Scope, moduleID, id string) (tenant.ActionModuleVersion, error) {
	version, err := s.ActionModuleVersions().Get(ctx, id)
	if err == nil && version.ModuleID != moduleID {
		err = tenant.ErrNotFound
	}
	return version, missing(err, noModuleVersion())
}

// versionsOfModule are newest first.
func versionsOfModule(ctx context.Context, s store.Scope, moduleID string) ([]tenant.ActionModuleVersion, error) {
	return s.ActionModuleVersions().List(ctx, store.Query{Where: []store.Filter{store.In("module_id", moduleID)}})
}

// publishModule makes a version of the draft. Where a change has changed nothing, the newest version stays: tools send everything with every import.
func (a *API) publishModule(ctx context.Context, in moduleID) (moduleVersionView, error) {
	var view moduleVersionView
	now := a.now().UTC()
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		module, err := s.ActionModules().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noModule())
		}
		if !module.Draft {
			return change{}, nothingToPublish()
		}
		was, err := viewStoredModule(ctx, s, module)
		if err != nil {
			return change{}, err
		}
		after, version, err := publish(ctx, s, module, now)
		if err != nil {
			return change{}, err
		}
		view = viewModuleVersion(version)
		is, err := viewStoredModule(ctx, s, after)
		return change{old: was, new: is}, err
	})
	return view, err
}

// publish makes the draft the newest version, unless it is that already.
func publish(ctx context.Context, s store.Scope, module tenant.ActionModule, now time.Time) (tenant.ActionModule, tenant.ActionModuleVersion, error) {
	version := tenant.ActionModuleVersion{
		ID: tenant.NewActionID(), ModuleID: module.ID, Number: module.Versions + 1, ActionCode: module.ActionCode, CreatedAt: now,
	}
	latest, err := latestOf(ctx, s, []tenant.ActionModule{module})
	if err != nil {
		return module, version, err
	}
	if isPublished(module, latest[module.ID]) {
		version = *latest[module.ID]
	} else if err := s.ActionModuleVersions().Insert(ctx, version); err != nil {
		return module, version, err
	}
	module.Versions, module.LatestVersionID, module.Draft = version.Number, version.ID, false
	stored, err := s.ActionModules().Update(ctx, module.ID, func(tenant.ActionModule) (tenant.ActionModule, error) { return module, nil })
	if err != nil {
		return module, version, err
	}
	return stored, version, forgetModuleVersions(ctx, s, module.ID)
}

// forgetModuleVersions deletes the oldest versions beyond those that are kept, but for what an Action's draft or deployed version uses.
func forgetModuleVersions(ctx context.Context, s store.Scope, moduleID string) error {
	versions, err := versionsOfModule(ctx, s, moduleID)
	if err != nil || len(versions) <= tenant.MaxActionVersions {
		return err
	}
	inUse, err := moduleVersionsInUse(ctx, s)
	if err != nil {
		return err
	}
	for _, v := range versions[tenant.MaxActionVersions:] {
		if slices.Contains(inUse, v.ID) {
			continue
		}
		if err := s.ActionModuleVersions().Delete(ctx, v.ID); err != nil {
			return err
		}
	}
	return nil
}

func moduleVersionsInUse(ctx context.Context, s store.Scope) ([]string, error) {
	actions, err := s.Actions().List(ctx, store.Query{})
	if err != nil {
		return nil, err
	}
	uses, err := moduleUses(ctx, s)
	var ids []string
	for _, use := range uses {
		ids = append(ids, use.module.ModuleVersionID)
	}
	for _, action := range actions {
		for _, m := range action.Modules {
			ids = append(ids, m.ModuleVersionID)
		}
	}
	return ids, err
}

type moduleRollback struct {
	rest.Caller
	ID   string `path:"id" doc:"The unique ID of the module to roll back."`
	Body struct {
		ModuleVersionID string `json:"module_version_id"`
	} `body:"true"`
}

// rollBackModule makes the draft what a version was. It is not published by that.
func (a *API) rollBackModule(ctx context.Context, in moduleRollback) (moduleView, error) {
	return a.changeModule(ctx, in.Caller, in.ID, func(ctx context.Context, s store.Scope, m tenant.ActionModule) (tenant.ActionCode, error) {
		version, err := versionOfModule(ctx, s, m.ID, in.Body.ModuleVersionID)
		return version.ActionCode, err
	})
}

// actionOfModuleView is an Action whose deployed version uses a module.
type actionOfModuleView struct {
	ActionID            string                 `json:"action_id"`
	ActionName          string                 `json:"action_name"`
	ModuleVersionID     string                 `json:"module_version_id"`
	ModuleVersionNumber int                    `json:"module_version_number"`
	SupportedTriggers   []tenant.ActionTrigger `json:"supported_triggers"`
}

func (a *API) listModuleActions(ctx context.Context, in moduleVersionsQuery) (rest.Object, error) {
	var o rest.Object
	s := a.reader(in.Caller)
	if _, err := s.ActionModules().Get(ctx, in.ID); err != nil {
		return o, missing(err, noModule())
	}
	uses, err := moduleUses(ctx, s)
	if err != nil {
		return o, err
	}
	views := []actionOfModuleView{}
	for _, use := range uses {
		if use.module.ModuleID == in.ID {
			views = append(views, actionOfModuleView{
				ActionID: use.action.ID, ActionName: use.action.Name, ModuleVersionID: use.module.ModuleVersionID,
				ModuleVersionNumber: use.module.ModuleVersionNumber, SupportedTriggers: use.action.SupportedTriggers,
			})
		}
	}
	total, limit := len(views), actionsPage(in.modulesPage).limit(modulesPerPage)
	from := min(in.Page*limit, total)
	if err := o.InsertAfter("", "actions", views[from:min(from+limit, total)]); err != nil {
		return o, err
	}
	return o, insertNumbers(&o, true, total, in.Page, limit)
}
