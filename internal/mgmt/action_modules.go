package mgmt

import (
	"cmp"
	"context"
	"time"

	"github.com/writ-auth/writ/internal/action"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// moduleView is a module, in recorded order. None of its forms has a secret's value.
type moduleView struct {
	ID                  string                    `json:"id"`
	Name                string                    `json:"name"`
	Code                string                    `json:"code"`
	Dependencies        []tenant.ActionDependency `json:"dependencies"`
	Secrets             []actionSecretView        `json:"secrets"`
	AllChangesPublished bool                      `json:"all_changes_published"`
	ActionsUsing        int                       `json:"actions_using_module_total"`
	LatestVersionNumber int                       `json:"latest_version_number,omitzero"`
	CreatedAt           string                    `json:"created_at"`
	UpdatedAt           string                    `json:"updated_at"`
	LatestVersion       *moduleVersionReference   `json:"latest_version,omitzero"`
}

// moduleVersionReference is the newest version as a module shows it.
type moduleVersionReference struct {
	ID            string                    `json:"id"`
	VersionNumber int                       `json:"version_number"`
	Code          string                    `json:"code"`
	Dependencies  []tenant.ActionDependency `json:"dependencies"`
	Secrets       []actionSecretView        `json:"secrets"`
	CreatedAt     string                    `json:"created_at"`
}

// microseconds is how modules tell times.
func microseconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// viewModule shows a module; uses are all that is used of modules. latest is nil in lists, and of a module that was never published.
func viewModule(m tenant.ActionModule, uses []moduleUse, latest *tenant.ActionModuleVersion, published bool) moduleView {
	view := moduleView{
		ID: m.ID, Name: m.Name, Code: m.Code, Dependencies: m.Dependencies, Secrets: secretViews(m.Secrets, microseconds),
		AllChangesPublished: published, LatestVersionNumber: m.Versions, CreatedAt: microseconds(m.CreatedAt), UpdatedAt: microseconds(m.UpdatedAt),
	}
	for _, use := range uses {
		if use.module.ModuleID == m.ID {
			view.ActionsUsing++
		}
	}
	if latest != nil {
		view.LatestVersion = &moduleVersionReference{
			ID: latest.ID, VersionNumber: latest.Number, Code: latest.Code, Dependencies: latest.Dependencies,
			Secrets: secretViews(latest.Secrets, microseconds), CreatedAt: microseconds(latest.CreatedAt),
		}
	}
	return view
}

// moduleUse is a module that a deployed Action uses.
type moduleUse struct {
	action tenant.Action
	module tenant.ActionModuleInUse
}

// moduleUses are those of all Actions of the tenant, of which there are a hundred at most.
func moduleUses(ctx context.Context, s store.Scope) ([]moduleUse, error) {
	actions, err := s.Actions().List(ctx, store.Query{Where: []store.Filter{store.In("deployed", true)}})
	if err != nil {
		return nil, err
	}
	deployed, err := deployedOf(ctx, s, actions)
	if err != nil {
		return nil, err
	}
	var uses []moduleUse
	for _, action := range actions {
		version := deployed[action.ID]
		if version == nil { // deleted since the list was read
			continue
		}
		for _, m := range version.Modules {
			uses = append(uses, moduleUse{action, m})
		}
	}
	return uses, nil
}

// latestOf are the newest versions of modules, by the modules' ids.
func latestOf(ctx context.Context, s store.Scope, modules []tenant.ActionModule) (map[string]*tenant.ActionModuleVersion, error) {
	var ids []string
	for _, m := range modules {
		if m.LatestVersionID != "" {
			ids = append(ids, m.LatestVersionID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	versions, err := s.ActionModuleVersions().List(ctx, store.Query{Where: []store.Filter{store.In("id", ids...)}})
	byModule := map[string]*tenant.ActionModuleVersion{}
	for i := range versions {
		byModule[versions[i].ModuleID] = &versions[i]
	}
	return byModule, err
}

type modulesQuery struct {
	rest.Caller
	modulesPage
}

// modulesPage is the paging of modules.
type modulesPage struct {
	Page    int  `query:"page" min:"0" max:"2147483647" doc:"Page index of the results to return. First page is 0."`
	PerPage *int `query:"per_page" min:"0" max:"100" doc:"Number of results per page. Default value is 50, maximum value is 100"`
}

func (a *API) listModules(ctx context.Context, in modulesQuery) (rest.Object, error) {
	s := a.reader(in.Caller)
	return actionRows[tenant.ActionModule]{rows: s.ActionModules(), key: "modules", views: func(modules []tenant.ActionModule) (any, error) {
		views := make([]moduleView, len(modules))
		latest, err := latestOf(ctx, s, modules)
		if err != nil || len(modules) == 0 {
			return views, err
		}
		uses, err := moduleUses(ctx, s)
		for i, m := range modules {
			views[i] = viewModule(m, uses, nil, isPublished(m, latest[m.ID]))
		}
		return views, err
	}}.plain(ctx, actionsPage(in.modulesPage))
}

// isPublished reports whether the draft is the newest version.
func isPublished(m tenant.ActionModule, latest *tenant.ActionModuleVersion) bool {
	return latest != nil && m.Same(latest.ActionCode)
}

type moduleID struct {
	rest.Caller
	ID string `path:"id" doc:"The unique ID of the module."`
}

func (a *API) getModule(ctx context.Context, in moduleID) (moduleView, error) {
	s := a.reader(in.Caller)
	module, err := s.ActionModules().Get(ctx, in.ID)
	if err != nil {
		return moduleView{}, missing(err, noModule())
	}
	return viewStoredModule(ctx, s, module)
}

// viewStoredModule is a module with all that is shown beside it read.
func viewStoredModule(ctx context.Context, s store.Scope, m tenant.ActionModule) (moduleView, error) {
	latest, err := latestOf(ctx, s, []tenant.ActionModule{m})
	if err != nil {
		return moduleView{}, err
	}
	uses, err := moduleUses(ctx, s)
	return viewModule(m, uses, latest[m.ID], isPublished(m, latest[m.ID])), err
}

type moduleCreation struct {
	rest.Caller
	Body struct {
		Name string `json:"name"`
		codeSpec
		Publish bool `json:"publish"`
	} `body:"true"`
}

// createModule refuses code that cannot be built: a module has no status that could tell.
func (a *API) createModule(ctx context.Context, in moduleCreation) (moduleView, error) {
	var view moduleView
	if err := a.buildModule(ctx, in.Body.codeSpec); err != nil {
		return view, err
	}
	now := a.now().UTC()
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		module := tenant.ActionModule{ID: tenant.NewActionID(), Name: in.Body.Name, Draft: true, CreatedAt: now, UpdatedAt: now}
		var err error
		if module.ActionCode, err = in.Body.over(newActionCode(), now); err != nil {
			return change{}, err
		}
		if n, err := s.ActionModules().Count(ctx, store.Query{}); err != nil || n >= tenant.MaxActionModules {
			return change{}, cmp.Or(err, tooManyModules())
		}
		if err := s.ActionModules().Insert(ctx, module); err != nil {
			return change{}, taken(err, moduleTaken())
		}
		if in.Body.Publish {
			if module, _, err = publish(ctx, s, module, now); err != nil {
				return change{}, err
			}
		}
		view, err = viewStoredModule(ctx, s, module)
		return change{new: view}, err
	})
	return view, err
}

func (a *API) buildModule(ctx context.Context, spec codeSpec) error {
	if err := spec.check(); err != nil || spec.Code == nil {
		return err
	}
	errors, err := a.builder.Build(ctx, action.Module, *spec.Code)
	if err == nil && len(errors) > 0 {
		err = moduleUnbuilt(errors[0])
	}
	return err
}

type moduleChange struct {
	rest.Caller
	ID   string   `path:"id" doc:"The ID of the action module to update."`
	Body codeSpec `body:"true"`
}

// updateModule changes the draft; what is published stays.
func (a *API) updateModule(ctx context.Context, in moduleChange) (moduleView, error) {
	if err := a.buildModule(ctx, in.Body); err != nil {
		return moduleView{}, err
	}
	now := a.now().UTC()
	return a.changeModule(ctx, in.Caller, in.ID, func(_ context.Context, _ store.Scope, m tenant.ActionModule) (tenant.ActionCode, error) {
		return in.Body.over(m.ActionCode, now)
	})
}

// changeModule replaces the draft of a module by what fn makes of it.
func (a *API) changeModule(ctx context.Context, caller rest.Caller, id string,
	fn func(context.Context, store.Scope, tenant.ActionModule) (tenant.ActionCode, error)) (moduleView, error) {
	var view moduleView
	now := a.now().UTC()
	err := a.write(ctx, caller, func(s store.Scope) (change, error) {
		var before tenant.ActionModule
		after, err := s.ActionModules().Update(ctx, id, func(old tenant.ActionModule) (tenant.ActionModule, error) {
			before = old
			code, err := fn(ctx, s, old)
			if !old.Same(code) {
				old.UpdatedAt = now
			}
			old.ActionCode, old.Draft = code, true
			return old, err
		})
		if err != nil {
			return change{}, missing(err, noModule())
		}
		was, err := viewStoredModule(ctx, s, before)
		if err != nil {
			return change{}, err
		}
		view, err = viewStoredModule(ctx, s, after)
		return change{old: was, new: view}, err
	})
	return view, err
}

// deleteModule takes versions along. A module that an Action uses stays.
func (a *API) deleteModule(ctx context.Context, in moduleID) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		module, err := s.ActionModules().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noModule())
		}
		actions, err := s.Actions().List(ctx, store.Query{})
		if err != nil {
			return change{}, err
		}
		deployed, err := deployedOf(ctx, s, actions)
		if err != nil {
			return change{}, err
		}
		for _, action := range actions {
			if running := deployed[action.ID]; action.Uses(module.ID) || running != nil && running.Uses(module.ID) {
				return change{}, moduleInUse(action.Name)
			}
		}
		view, err := viewStoredModule(ctx, s, module)
		if err != nil {
			return change{}, err
		}
		return change{old: view}, s.ActionModules().Delete(ctx, in.ID)
	})
}
