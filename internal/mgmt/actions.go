package mgmt

import (
	"cmp"
	"context"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type actionsQuery struct {
	rest.Caller
	actionsPage
	TriggerID  string `query:"triggerId" enum:"post-login credentials-exchange pre-user-registration post-user-registration post-change-password send-phone-message custom-phone-provider custom-email-provider password-reset-post-challenge custom-token-exchange event-stream password-hash-migration login-post-identifier signup-post-identifier mcp-tool" doc:"An actions extensibility point."`
	ActionName string `query:"actionName" doc:"The name of the action to retrieve."`
	Deployed   *bool  `query:"deployed" doc:"Optional filter to only retrieve actions that are deployed."`
	Installed  *bool  `query:"installed" doc:"Optional. When true, return only installed actions. When false, return only custom actions. Returns all actions by default."`
}

func (in actionsQuery) where() []store.Filter {
	var where []store.Filter
	if in.TriggerID != "" {
		where = append(where, store.In("trigger_id", in.TriggerID))
	}
	if in.ActionName != "" {
		where = append(where, store.In("name", in.ActionName))
	}
	if in.Deployed != nil {
		where = append(where, store.In("deployed", *in.Deployed))
	}
	if in.Installed != nil && *in.Installed { // from a marketplace, which there is not
		where = append(where, store.In[string]("id"))
	}
	return where
}

func (a *API) listActions(ctx context.Context, in actionsQuery) (rest.Object, error) {
	if err := checkTotals(in.Operation); err != nil {
		return rest.Object{}, err
	}
	s := a.reader(in.Caller)
	return actionRows[tenant.Action]{rows: s.Actions(), key: "actions", where: in.where(), views: func(actions []tenant.Action) (any, error) {
		deployed, err := deployedOf(ctx, s, actions)
		if err != nil {
			return nil, err
		}
		return eachView(func(a tenant.Action) actionView { return viewAction(a, deployed[a.ID]) })(actions)
	}}.protobuf(ctx, in.actionsPage)
}

type actionID struct {
	rest.Caller
	ID string `path:"id" doc:"The ID of the action."`
}

func (a *API) getAction(ctx context.Context, in actionID) (actionView, error) {
	s := a.reader(in.Caller)
	found, err := s.Actions().Get(ctx, in.ID)
	if err != nil {
		return actionView{}, missing(err, noAction())
	}
	return viewStored(ctx, s, found)
}

type actionCreation struct {
	rest.Caller
	Body struct {
		actionSpec
		Deploy bool `json:"deploy"`
	} `body:"true"`
}

// createAction answers that the draft is pending, as Auth0 does; the next answer is what building it came to.
func (a *API) createAction(ctx context.Context, in actionCreation) (actionView, error) {
	var view actionView
	if err := in.Body.check(); err != nil {
		return view, err
	}
	built, err := a.build(ctx, in.Body.Code)
	if err != nil {
		return view, err
	}
	if in.Body.Deploy && built.status != tenant.ActionBuilt {
		return view, draftNotBuilt()
	}
	now := a.now().UTC()
	made := tenant.Action{ID: tenant.NewActionID(), Name: *in.Body.Name, Status: built.status, Errors: built.errors, CreatedAt: now, UpdatedAt: now}
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		action := made
		var err error
		if action.ActionDraft, err = in.Body.over(ctx, s, tenant.ActionDraft{ActionCode: newActionCode(), Runtime: defaultRuntime}, now); err != nil {
			return change{}, err
		}
		if n, err := s.Actions().Count(ctx, store.Query{}); err != nil || n >= tenant.MaxActions {
			return change{}, cmp.Or(err, tooManyActions())
		}
		if err := s.Actions().Insert(ctx, action); err != nil {
			return change{}, taken(err, actionTaken())
		}
		if in.Body.Deploy {
			if action, _, err = release(ctx, s, action, action.ActionDraft, now); err != nil {
				return change{}, err
			}
		}
		view, err = viewStored(ctx, s, action)
		return change{new: view}, err
	})
	if !in.Body.Deploy {
		view.Status, view.Errors = tenant.ActionPending, nil
	}
	return view, err
}

type actionChange struct {
	rest.Caller
	ID   string     `path:"id" doc:"The id of the action to update."`
	Body actionSpec `body:"true"`
}

// updateAction changes the draft; what is deployed stays. A draft that has changed is pending in the answer, as a new one is.
func (a *API) updateAction(ctx context.Context, in actionChange) (actionView, error) {
	if err := in.Body.check(); err != nil {
		return actionView{}, err
	}
	built, err := a.build(ctx, in.Body.Code)
	if err != nil {
		return actionView{}, err
	}
	var view actionView
	changed := false
	now := a.now().UTC()
	err = a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		var before tenant.Action
		after, err := s.Actions().Update(ctx, in.ID, func(old tenant.Action) (tenant.Action, error) {
			before = old
			next, err := in.Body.applied(ctx, s, old, built, now)
			changed = err == nil && (next.Name != old.Name || !next.Same(old.ActionDraft))
			if !changed {
				return old, err
			}
			next.UpdatedAt = now
			return next, nil
		})
		if err != nil {
			return change{}, taken(missing(err, noAction()), actionTaken())
		}
		was, err := viewStored(ctx, s, before)
		if err != nil {
			return change{}, err
		}
		view, err = viewStored(ctx, s, after)
		return change{old: was, new: view}, err
	})
	if changed {
		view.Status, view.Errors = tenant.ActionPending, nil
	}
	return view, err
}

// applied is the Action with the spec laid over it. A bound one keeps its trigger.
func (spec actionSpec) applied(ctx context.Context, s store.Scope, old tenant.Action, built built, now time.Time) (tenant.Action, error) {
	next := old
	var err error
	if next.ActionDraft, err = spec.over(ctx, s, old.ActionDraft, now); err != nil {
		return next, err
	}
	if spec.Name != nil {
		next.Name = *spec.Name
	}
	if spec.Code != nil {
		next.Status, next.Errors = built.status, built.errors
	}
	if next.SupportedTriggers[0].ID == old.SupportedTriggers[0].ID {
		return next, nil
	}
	used, err := inUse(ctx, s, old.ID)
	if err == nil && used {
		err = triggerOfBoundAction()
	}
	return next, err
}

type actionDeletion struct {
	rest.Caller
	ID    string `path:"id" doc:"The ID of the action to delete."`
	Force bool   `query:"force" doc:"Force action deletion detaching bindings"`
}

// deleteAction takes versions along, and with force bindings and token exchange profiles.
func (a *API) deleteAction(ctx context.Context, in actionDeletion) (rest.Nothing, error) {
	return rest.Nothing{}, a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		found, err := s.Actions().Get(ctx, in.ID)
		if err != nil {
			return change{}, missing(err, noAction())
		}
		if !in.Force {
			if used, err := inUse(ctx, s, in.ID); err != nil || used {
				return change{}, cmp.Or(err, actionBound())
			}
		}
		view, err := viewStored(ctx, s, found)
		if err != nil {
			return change{}, err
		}
		return change{old: view}, s.Actions().Delete(ctx, in.ID)
	})
}

type actionTest struct {
	rest.Caller
	ID   string `path:"id" doc:"The id of the action to test."`
	Body any    `body:"true"`
}

// testAction would run the draft.
func (a *API) testAction(ctx context.Context, in actionTest) (rest.Nothing, error) {
	if _, err := a.reader(in.Caller).Actions().Get(ctx, in.ID); err != nil {
		return rest.Nothing{}, missing(err, noAction())
	}
	return rest.Nothing{}, noActionRuntime()
}

type executionID struct {
	rest.Caller
	ID string `path:"id" doc:"The ID of the execution to retrieve."`
}

// getActionExecution finds none: no Action has run.
func (a *API) getActionExecution(context.Context, executionID) (rest.Nothing, error) {
	return rest.Nothing{}, noExecution()
}

// bindingsOf are the places where an Action is bound.
func bindingsOf(ctx context.Context, s store.Scope, actionID string) ([]tenant.ActionBinding, error) {
	return s.ActionBindings().List(ctx, store.Query{Where: []store.Filter{store.In("action_id", actionID)}})
}
