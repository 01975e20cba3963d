package mgmt

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/writ-auth/writ/internal/tenant"
)

// actionTriggersJSON is what every Auth0 tenant answers, as recorded. Of the triggers a machine meets credentials-exchange alone.
//
//go:embed action_triggers.json
var actionTriggersJSON []byte

// actionTrigger is a trigger in one of its versions.
type actionTrigger struct {
	ID                 string                 `json:"id"`
	Version            string                 `json:"version"`
	Status             string                 `json:"status"`
	Runtimes           []string               `json:"runtimes"`
	DefaultRuntime     string                 `json:"default_runtime"`
	BindingPolicy      string                 `json:"binding_policy"`
	CompatibleTriggers []tenant.ActionTrigger `json:"compatible_triggers"`
}

func actionTriggers() []actionTrigger {
	var all []actionTrigger
	return must(all, json.Unmarshal(actionTriggersJSON, &all)) // compiled in
}

type actionTriggerList struct {
	Triggers []actionTrigger `json:"triggers"`
}

func (a *API) listActionTriggers(context.Context, struct{}) (actionTriggerList, error) {
	return actionTriggerList{actionTriggers()}, nil
}

// knownTriggers gives a trigger that is named without a version its current one. Triggers that are in the API's list of names and not among the
// recorded ones have one version, v1.
func knownTriggers(named []tenant.ActionTrigger) ([]tenant.ActionTrigger, error) {
	all := actionTriggers()
	known := make([]tenant.ActionTrigger, len(named))
	for i, trigger := range named {
		versions := slices.DeleteFunc(slices.Clone(all), func(t actionTrigger) bool { return t.ID != trigger.ID })
		if len(versions) == 0 {
			versions = []actionTrigger{{ID: trigger.ID, Version: "v1", Status: "CURRENT"}}
		}
		at := slices.IndexFunc(versions, func(t actionTrigger) bool {
			return t.Version == trigger.Version || trigger.Version == "" && t.Status == "CURRENT"
		})
		if at < 0 {
			return nil, triggerVersionUnknown(trigger)
		}
		known[i] = tenant.ActionTrigger{ID: trigger.ID, Version: versions[at].Version}
	}
	return known, nil
}

// isEntityBound reports whether other objects say what is bound to a trigger.
func isEntityBound(trigger string) bool {
	return slices.ContainsFunc(actionTriggers(), func(t actionTrigger) bool { return t.ID == trigger && t.BindingPolicy == "entity-bound" })
}
