package tenant

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"time"
)

// TriggerCredentialsExchange is the trigger whose Actions run before a machine gets its token.
const TriggerCredentialsExchange = "credentials-exchange"

// Bounds of Actions, as Auth0 has them.
const (
	// MaxActionCode is the longest code of an Action or a module, in bytes.
	MaxActionCode = 100_000
	// MaxActions and MaxActionModules are how many a tenant may have.
	MaxActions       = 100
	MaxActionModules = 100
	// MaxActionVersions is how many versions of an Action, or of a module, are kept: the oldest that nothing uses go first.
	MaxActionVersions = 50
)

// Action is code of a tenant that runs on a trigger: a draft that can change, and at most one version that is deployed. Auth0: actions.
type Action struct {
	// ID is a UUID.
	ID   string `json:"id"`
	Name string `json:"name"`
	ActionDraft
	// Status is what building the draft came to.
	Status ActionStatus `json:"status"`
	// Errors are why Status is ActionFailed.
	Errors []ActionError `json:"errors,omitzero"`
	// Versions is the number of the newest version, whether or not it is still kept; 0 = there was none yet.
	Versions int `json:"versions"`
	// DeployedVersionID is what runs where the Action is bound; empty = it was never deployed.
	DeployedVersionID string    `json:"deployed_version_id,omitzero"`
	CreatedAt         time.Time `json:"created_at"`
	UpdatedAt         time.Time `json:"updated_at"`
}

// LogValue keeps code and secrets out of every log.
func (a *Action) LogValue() slog.Value { return slog.StringValue(a.ID) }

// ActionVersion is a draft as it was when it was deployed; it never changes. Auth0: actions/{id}/versions.
type ActionVersion struct {
	// ID is a UUID.
	ID       string `json:"id"`
	ActionID string `json:"action_id"`
	// Number counts from 1.
	Number int `json:"number"`
	ActionDraft
	CreatedAt time.Time `json:"created_at"`
}

// LogValue keeps code and secrets out of every log.
func (v *ActionVersion) LogValue() slog.Value { return slog.StringValue(v.ID) }

// ActionDraft is what a version of an Action is made of.
type ActionDraft struct {
	ActionCode
	SupportedTriggers []ActionTrigger `json:"supported_triggers"`
	// Runtime is the Node.js that the code is written for. Default node22.
	Runtime string              `json:"runtime"`
	Modules []ActionModuleInUse `json:"modules,omitzero"`
}

// Same reports whether nothing differs, secrets included.
func (d ActionDraft) Same(other ActionDraft) bool { return sameJSON(d, other) }

// Uses reports whether the draft uses a version of the module.
func (d ActionDraft) Uses(moduleID string) bool {
	for _, m := range d.Modules {
		if m.ModuleID == moduleID {
			return true
		}
	}
	return false
}

// ActionCode is what Actions and modules have in common.
type ActionCode struct {
	Code         string             `json:"code"`
	Dependencies []ActionDependency `json:"dependencies"`
	// Secrets are the names; the values are in SecretValues.
	Secrets []ActionSecret `json:"secrets"`
	// SecretValues is a JSON object of the values by name; empty = there are none. Sealed at rest, and never answered.
	SecretValues Secret `json:"secret_values,omitzero"`
}

// Same reports whether nothing differs, secrets included.
func (c ActionCode) Same(other ActionCode) bool { return sameJSON(c, other) }

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// ActionTrigger is a trigger in one of its versions.
type ActionTrigger struct {
	ID      string `json:"id"`
	Version string `json:"version,omitzero"`
}

// ActionDependency is a package of the npm registry.
type ActionDependency struct {
	Name        string `json:"name"`
	Version     string `json:"version,omitzero"`
	RegistryURL string `json:"registry_url,omitzero"`
}

// ActionSecret is what is shown of a secret.
type ActionSecret struct {
	Name      string    `json:"name"`
	UpdatedAt time.Time `json:"updated_at"`
}

// PackSecretValues is the one text that is sealed; no values, no text. Errors: only what would be a fault of ours.
func PackSecretValues(values map[string]string) (Secret, error) {
	if len(values) == 0 {
		return "", nil
	}
	text, err := json.Marshal(values)
	return Secret(text), err
}

// UnpackSecretValues reads what PackSecretValues wrote.
func UnpackSecretValues(packed Secret) (map[string]string, error) {
	values := map[string]string{}
	if packed == "" {
		return values, nil
	}
	return values, json.Unmarshal([]byte(packed.Reveal()), &values)
}

// ActionModuleInUse is the version of a module that an Action uses.
type ActionModuleInUse struct {
	ModuleID            string `json:"module_id"`
	ModuleName          string `json:"module_name"`
	ModuleVersionID     string `json:"module_version_id"`
	ModuleVersionNumber int    `json:"module_version_number"`
}

// ActionStatus is what building a draft came to.
type ActionStatus string

// Values of ActionStatus. Auth0 has more of them (building, packaged, retrying), which take time there.
const (
	ActionPending ActionStatus = "pending"
	ActionBuilt   ActionStatus = "built"
	ActionFailed  ActionStatus = "failed"
)

// ActionError is one reason why a draft cannot be built.
type ActionError struct {
	ID  string `json:"id"`
	Msg string `json:"msg"`
}

// ActionBinding has an Action run on a trigger. Auth0: actions/triggers/{id}/bindings.
type ActionBinding struct {
	// ID is a UUID.
	ID        string `json:"id"`
	TriggerID string `json:"trigger_id"`
	ActionID  string `json:"action_id"`
	// Position is its place in the order in which the trigger's Actions run, from 0.
	Position    int    `json:"position"`
	DisplayName string `json:"display_name"`
	// SecretValues are secrets of this binding, as ActionCode has them; Auth0 never shows their names either.
	SecretValues Secret    `json:"secret_values,omitzero"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// LogValue keeps secrets out of every log.
func (b *ActionBinding) LogValue() slog.Value { return slog.StringValue(b.ID) }

// ActionModule is code that Actions share. Auth0: actions/modules.
type ActionModule struct {
	// ID is a UUID.
	ID string `json:"id"`
	// Name is unique, and immutable: Actions name it in require('actions:NAME').
	Name string `json:"name"`
	ActionCode
	// Draft: it was written to since it was published last.
	Draft bool `json:"draft"`
	// Versions is the number of the newest version; 0 = it was never published.
	Versions        int       `json:"versions"`
	LatestVersionID string    `json:"latest_version_id,omitzero"`
	CreatedAt       time.Time `json:"created_at"`
	UpdatedAt       time.Time `json:"updated_at"`
}

// LogValue keeps code and secrets out of every log.
func (m *ActionModule) LogValue() slog.Value { return slog.StringValue(m.ID) }

// ActionModuleVersion is a module as it was when it was published; it never changes. Auth0: actions/modules/{id}/versions.
type ActionModuleVersion struct {
	// ID is a UUID.
	ID       string `json:"id"`
	ModuleID string `json:"module_id"`
	// Number counts from 1.
	Number int `json:"number"`
	ActionCode
	CreatedAt time.Time `json:"created_at"`
}

// LogValue keeps code and secrets out of every log.
func (v *ActionModuleVersion) LogValue() slog.Value { return slog.StringValue(v.ID) }
