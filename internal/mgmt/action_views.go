package mgmt

import (
	"context"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// The wire forms of Actions, in recorded order. None has a secret's value.

// actionView is an Action. Errors is of writ: Auth0 does not say why a draft has failed.
type actionView struct {
	ID                 string                     `json:"id"`
	Name               string                     `json:"name"`
	SupportedTriggers  []tenant.ActionTrigger     `json:"supported_triggers"`
	CreatedAt          string                     `json:"created_at"`
	UpdatedAt          string                     `json:"updated_at"`
	Code               string                     `json:"code"`
	Dependencies       []tenant.ActionDependency  `json:"dependencies"`
	Runtime            string                     `json:"runtime"`
	Status             tenant.ActionStatus        `json:"status"`
	Errors             []tenant.ActionError       `json:"errors,omitzero"`
	Secrets            []actionSecretView         `json:"secrets"`
	CurrentVersion     *currentVersionView        `json:"current_version,omitzero"`
	DeployedVersion    *actionVersionView         `json:"deployed_version,omitzero"`
	AllChangesDeployed bool                       `json:"all_changes_deployed"`
	Modules            []tenant.ActionModuleInUse `json:"modules,omitzero"`
}

// actionSecretView is what is shown of a secret.
type actionSecretView struct {
	Name      string `json:"name"`
	UpdatedAt string `json:"updated_at"`
}

// currentVersionView is the deployed version in an older form.
type currentVersionView struct {
	ID        string `json:"id"`
	Code      string `json:"code"`
	Runtime   string `json:"runtime"`
	Status    string `json:"status"`
	Number    int    `json:"number"`
	BuildTime string `json:"build_time"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

// actionVersionView is a version.
type actionVersionView struct {
	Code              string                     `json:"code"`
	Dependencies      []tenant.ActionDependency  `json:"dependencies"`
	ID                string                     `json:"id"`
	Deployed          bool                       `json:"deployed"`
	Number            int                        `json:"number"`
	BuiltAt           string                     `json:"built_at,omitzero"`
	Secrets           []actionSecretView         `json:"secrets"`
	Status            tenant.ActionStatus        `json:"status"`
	CreatedAt         string                     `json:"created_at"`
	UpdatedAt         string                     `json:"updated_at"`
	Runtime           string                     `json:"runtime"`
	SupportedTriggers []tenant.ActionTrigger     `json:"supported_triggers"`
	Modules           []tenant.ActionModuleInUse `json:"modules,omitzero"`
	Action            *actionOfVersionView       `json:"action,omitzero"`
}

// actionOfVersionView is the Action that a version belongs to.
type actionOfVersionView struct {
	ID                 string                 `json:"id"`
	Name               string                 `json:"name"`
	SupportedTriggers  []tenant.ActionTrigger `json:"supported_triggers"`
	CreatedAt          string                 `json:"created_at"`
	UpdatedAt          string                 `json:"updated_at"`
	AllChangesDeployed bool                   `json:"all_changes_deployed"`
}

// boundActionView is the Action of a binding. AllChangesDeployed is recorded as false whatever it is of the Action itself.
type boundActionView struct {
	ID                 string                 `json:"id"`
	Name               string                 `json:"name"`
	SupportedTriggers  []tenant.ActionTrigger `json:"supported_triggers"`
	CreatedAt          string                 `json:"created_at"`
	UpdatedAt          string                 `json:"updated_at"`
	CurrentVersion     *currentVersionView    `json:"current_version,omitzero"`
	DeployedVersion    *actionVersionView     `json:"deployed_version,omitzero"`
	AllChangesDeployed bool                   `json:"all_changes_deployed"`
}

// nanoseconds is how Actions tell times.
func nanoseconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

func secretViews(secrets []tenant.ActionSecret, form func(time.Time) string) []actionSecretView {
	views := make([]actionSecretView, len(secrets))
	for i, s := range secrets {
		views[i] = actionSecretView{Name: s.Name, UpdatedAt: form(s.UpdatedAt)}
	}
	return views
}

// viewAction shows an Action; deployed is nil of one that was never deployed.
func viewAction(a tenant.Action, deployed *tenant.ActionVersion) actionView {
	view := actionView{
		ID: a.ID, Name: a.Name, SupportedTriggers: a.SupportedTriggers, CreatedAt: nanoseconds(a.CreatedAt), UpdatedAt: nanoseconds(a.UpdatedAt),
		Code: a.Code, Dependencies: a.Dependencies, Runtime: a.Runtime, Status: a.Status, Errors: a.Errors,
		Secrets: secretViews(a.Secrets, nanoseconds), Modules: a.Modules,
	}
	if deployed != nil {
		view.CurrentVersion, view.DeployedVersion = viewCurrent(*deployed), viewDeployed(*deployed)
		view.AllChangesDeployed = a.Same(deployed.ActionDraft)
	}
	return view
}

func viewCurrent(v tenant.ActionVersion) *currentVersionView {
	at := nanoseconds(v.CreatedAt)
	return &currentVersionView{
		ID: v.ID, Code: v.Code, Runtime: v.Runtime, Status: strings.ToUpper(string(tenant.ActionBuilt)), Number: v.Number,
		BuildTime: at, CreatedAt: at, UpdatedAt: at,
	}
}

func viewDeployed(v tenant.ActionVersion) *actionVersionView {
	view := viewVersion(v)
	view.Deployed = true
	return &view
}

// viewVersion is a version that is not deployed. It was built when it was made.
func viewVersion(v tenant.ActionVersion) actionVersionView {
	at := nanoseconds(v.CreatedAt)
	return actionVersionView{
		Code: v.Code, Dependencies: v.Dependencies, ID: v.ID, Number: v.Number, BuiltAt: at, Secrets: secretViews(v.Secrets, nanoseconds),
		Status: tenant.ActionBuilt, CreatedAt: at, UpdatedAt: at, Runtime: v.Runtime, SupportedTriggers: v.SupportedTriggers, Modules: v.Modules,
	}
}

func viewVersionOf(a tenant.Action, v tenant.ActionVersion, allDeployed bool) actionVersionView {
	view := viewVersion(v)
	view.Deployed = v.ID == a.DeployedVersionID
	view.Action = &actionOfVersionView{
		ID: a.ID, Name: a.Name, SupportedTriggers: a.SupportedTriggers, CreatedAt: nanoseconds(a.CreatedAt), UpdatedAt: nanoseconds(a.UpdatedAt),
		AllChangesDeployed: allDeployed,
	}
	return view
}

// deployedOf are the deployed versions of Actions, by the Actions' ids.
func deployedOf(ctx context.Context, s store.Scope, actions []tenant.Action) (map[string]*tenant.ActionVersion, error) {
	var ids []string
	for _, a := range actions {
		if a.DeployedVersionID != "" {
			ids = append(ids, a.DeployedVersionID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	versions, err := s.ActionVersions().List(ctx, store.Query{Where: []store.Filter{store.In("id", ids...)}})
	byAction := map[string]*tenant.ActionVersion{}
	for i := range versions {
		byAction[versions[i].ActionID] = &versions[i]
	}
	return byAction, err
}

// viewStored is an Action with its deployed version read.
func viewStored(ctx context.Context, s store.Scope, a tenant.Action) (actionView, error) {
	deployed, err := deployedOf(ctx, s, []tenant.Action{a})
	return viewAction(a, deployed[a.ID]), err
}
