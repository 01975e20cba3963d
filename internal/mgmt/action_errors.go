package mgmt

import (
	"net/http"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// The refusals of Actions have no errorCode, as Auth0's have none. Recorded are those of which it is said.

// noAction is recorded.
func noAction() error { return rest.NotFound("That action does not exist.", "") }

func noActionVersion() error { return rest.NotFound("That action version does not exist.", "") }

func noBinding() error { return rest.NotFound("That binding does not exist.", "") }

func noExecution() error { return rest.NotFound("That execution does not exist.", "") }

func noModule() error { return rest.NotFound("That module does not exist.", "") }

func noModuleVersion() error { return rest.NotFound("That module version does not exist.", "") }

func actionTaken() error { return rest.Conflict("An action with the same name already exists.") }

func moduleTaken() error { return rest.Conflict("A module with the same name already exists.") }

func tooManyActions() error {
	return rest.Refused("A tenant can have a maximum of %d actions: delete one first.", tenant.MaxActions)
}

func tooManyModules() error {
	return rest.Refused("A tenant can have a maximum of %d action modules: delete one first.", tenant.MaxActionModules)
}

func codeTooLong(n int) error {
	return rest.Refused("The code has %d bytes, and may have %d.", n, tenant.MaxActionCode)
}

// draftNotBuilt is recorded; auth0-deploy-cli and the Terraform provider look for a part of it, and wait.
func draftNotBuilt() error {
	return rest.Refused("A draft must be in the 'built' state before it can be deployed.")
}

// notDeployedYet is recorded.
func notDeployedYet() error {
	return rest.Refused("Trying to create a binding for an action that has not been deployed yet")
}

// actionBound is recorded.
func actionBound() error { return rest.Conflict("Unable to delete an action bound to a trigger.") }

func triggerOfBoundAction() error {
	return rest.Refused("The trigger of an action that is bound cannot be changed: remove its binding first.")
}

func triggerVersionUnknown(trigger tenant.ActionTrigger) error {
	return rest.Refused("The trigger %s has no version %q.", trigger.ID, trigger.Version)
}

func wrongTrigger(name, trigger string) error {
	return rest.Refused("The action %q does not support the trigger %s.", name, trigger)
}

func entityBound(trigger string) error {
	return rest.Refused("The bindings of %s follow from other objects and cannot be changed here: it is an entity-bound trigger.", trigger)
}

func secretTwice(name string) error { return rest.Refused("The secret %q is listed twice.", name) }

func secretWithoutValue(name string) error {
	return rest.Refused("The secret %q is new and needs a value.", name)
}

func moduleUnbuilt(why tenant.ActionError) error { return rest.Refused("%s", why.Msg) }

func nothingToPublish() error {
	return rest.Conflict("The module has no draft: nothing was changed since it was published.")
}

func moduleInUse(name string) error {
	return &rest.Error{Status: http.StatusPreconditionFailed, Message: "The module is in use by the action \"" + name + "\"."}
}

func noActionRuntime() error {
	return rest.NotSupported("This server does not run Actions yet: it keeps them, and builds them.")
}
