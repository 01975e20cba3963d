package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/action"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// actionSpec is what a caller says of an Action; nil = nothing.
type actionSpec struct {
	Name              *string                `json:"name"`
	SupportedTriggers []tenant.ActionTrigger `json:"supported_triggers"`
	Runtime           *string                `json:"runtime"`
	Modules           *[]moduleInUseSpec     `json:"modules"`
	codeSpec
}

// codeSpec is what a caller says of the code of an Action or a module.
type codeSpec struct {
	Code         *string                    `json:"code"`
	Dependencies *[]tenant.ActionDependency `json:"dependencies"`
	Secrets      *[]secretSpec              `json:"secrets"`
}

// secretSpec is a secret; without a value it stays what it was, because tools send back the names that they have read.
type secretSpec struct {
	Name  string  `json:"name"`
	Value *string `json:"value"`
}

// moduleInUseSpec names the version of a module by its id, or by the module's id or name and its number.
type moduleInUseSpec struct {
	ModuleID            string `json:"module_id"`
	ModuleName          string `json:"module_name"`
	ModuleVersionID     string `json:"module_version_id"`
	ModuleVersionNumber int    `json:"module_version_number"`
}

// defaultRuntime is what an Action has that names none.
const defaultRuntime = "node22"

// newActionCode is before anything was said. Its lists are empty, not absent.
func newActionCode() tenant.ActionCode {
	return tenant.ActionCode{Dependencies: []tenant.ActionDependency{}, Secrets: []tenant.ActionSecret{}}
}

// over lays the spec over what there is.
func (c codeSpec) over(code tenant.ActionCode, now time.Time) (tenant.ActionCode, error) {
	if c.Code != nil {
		code.Code = *c.Code
	}
	if c.Dependencies != nil {
		code.Dependencies = *c.Dependencies
	}
	if c.Secrets == nil {
		return code, nil
	}
	var err error
	code.Secrets, code.SecretValues, err = mergeSecrets(code.Secrets, code.SecretValues, *c.Secrets, now)
	return code, err
}

// check holds what a schema cannot say.
func (c codeSpec) check() error {
	if c.Code != nil && len(*c.Code) > tenant.MaxActionCode {
		return codeTooLong(len(*c.Code))
	}
	return nil
}

// mergeSecrets replaces a list of secrets. Those that were there keep their place, and where their value does not change their time, too.
func mergeSecrets(old []tenant.ActionSecret, packed tenant.Secret, specs []secretSpec, now time.Time) ([]tenant.ActionSecret, tenant.Secret, error) {
	held, err := tenant.UnpackSecretValues(packed)
	if err != nil {
		return nil, "", err
	}
	values, fresh := map[string]string{}, []tenant.ActionSecret{}
	for _, spec := range specs {
		if _, twice := values[spec.Name]; twice {
			return nil, "", secretTwice(spec.Name)
		}
		before, known := held[spec.Name]
		switch {
		case spec.Value != nil:
			values[spec.Name] = *spec.Value
		case known:
			values[spec.Name] = before
		default:
			return nil, "", secretWithoutValue(spec.Name)
		}
		if !known {
			fresh = append(fresh, tenant.ActionSecret{Name: spec.Name, UpdatedAt: now})
		}
	}
	kept := []tenant.ActionSecret{}
	for _, s := range old {
		value, stays := values[s.Name]
		if !stays {
			continue
		}
		if value != held[s.Name] {
			s.UpdatedAt = now
		}
		kept = append(kept, s)
	}
	sealed, err := tenant.PackSecretValues(values)
	return append(kept, fresh...), sealed, err
}

// over lays the spec over a draft. Errors: refusals, or the store's.
func (spec actionSpec) over(ctx context.Context, s store.Scope, draft tenant.ActionDraft, now time.Time) (tenant.ActionDraft, error) {
	var err error
	if draft.ActionCode, err = spec.codeSpec.over(draft.ActionCode, now); err != nil {
		return draft, err
	}
	if spec.SupportedTriggers != nil {
		if draft.SupportedTriggers, err = knownTriggers(spec.SupportedTriggers); err != nil {
			return draft, err
		}
	}
	if spec.Runtime != nil && *spec.Runtime != "" { // what auth0-cli sends for none
		draft.Runtime = *spec.Runtime
	}
	if spec.Modules != nil {
		draft.Modules, err = modulesInUse(ctx, s, *spec.Modules)
	}
	return draft, err
}

// built is what building code came to. It comes before any transaction, which would keep others from writing.
type built struct {
	status tenant.ActionStatus
	errors []tenant.ActionError
}

func (a *API) build(ctx context.Context, code *string) (built, error) {
	if code == nil {
		return built{status: tenant.ActionBuilt}, nil
	}
	errors, err := a.builder.Build(ctx, action.Action, *code)
	if len(errors) > 0 {
		return built{tenant.ActionFailed, errors}, err
	}
	return built{status: tenant.ActionBuilt}, err
}

// modulesInUse finds the versions that are named; nil where none is.
func modulesInUse(ctx context.Context, s store.Scope, specs []moduleInUseSpec) ([]tenant.ActionModuleInUse, error) {
	var all []tenant.ActionModuleInUse
	for _, spec := range specs {
		version, err := spec.find(ctx, s)
		if err != nil {
			return nil, err
		}
		module, err := s.ActionModules().Get(ctx, version.ModuleID)
		if err != nil {
			return nil, missing(err, noModule())
		}
		all = append(all, tenant.ActionModuleInUse{
			ModuleID: module.ID, ModuleName: module.Name, ModuleVersionID: version.ID, ModuleVersionNumber: version.Number,
		})
	}
	return all, nil
}

func (spec moduleInUseSpec) find(ctx context.Context, s store.Scope) (tenant.ActionModuleVersion, error) {
	var none tenant.ActionModuleVersion
	if spec.ModuleVersionID != "" {
		v, err := s.ActionModuleVersions().Get(ctx, spec.ModuleVersionID)
		return v, missing(err, noModuleVersion())
	}
	where := store.In("id", spec.ModuleID)
	if spec.ModuleID == "" {
		where = store.In("name", spec.ModuleName)
	}
	modules, err := s.ActionModules().List(ctx, store.Query{Where: []store.Filter{where}})
	if err != nil {
		return none, err
	}
	if len(modules) == 0 {
		return none, noModule()
	}
	versions, err := versionsOfModule(ctx, s, modules[0].ID)
	for _, v := range versions {
		if v.Number == spec.ModuleVersionNumber {
			return v, err
		}
	}
	if err != nil {
		return none, err
	}
	return none, noModuleVersion()
}
