package mgmt

import (
	"context"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

type actionVersionsQuery struct {
	rest.Caller
	actionsPage
	ActionID string `path:"actionId" doc:"The ID of the action."`
}

// listActionVersions are newest first.
func (a *API) listActionVersions(ctx context.Context, in actionVersionsQuery) (rest.Object, error) {
	if err := checkTotals(in.Operation); err != nil {
		return rest.Object{}, err
	}
	s := a.reader(in.Caller)
	action, all, err := actionAndState(ctx, s, in.ActionID)
	if err != nil {
		return rest.Object{}, err
	}
	return actionRows[tenant.ActionVersion]{
		rows: s.ActionVersions(), key: "versions", where: []store.Filter{store.In("action_id", action.ID)},
		views: eachView(func(v tenant.ActionVersion) actionVersionView { return viewVersionOf(action, v, all) }),
	}.protobuf(ctx, in.actionsPage)
}

type actionVersionID struct {
	rest.Caller
	ActionID string `path:"actionId" doc:"The ID of the action."`
	ID       string `path:"id" doc:"The ID of the action version."`
}

func (a *API) getActionVersion(ctx context.Context, in actionVersionID) (actionVersionView, error) {
	s := a.reader(in.Caller)
	action, all, err := actionAndState(ctx, s, in.ActionID)
	if err != nil {
		return actionVersionView{}, err
	}
	version, err := versionOf(ctx, s, action.ID, in.ID)
	return viewVersionOf(action, version, all), err
}

// actionAndState is an Action, and whether all of its draft is deployed. Errors: noAction.
func actionAndState(ctx context.Context, s store.Scope, id string) (tenant.Action, bool, error) {
	action, err := s.Actions().Get(ctx, id)
	if err != nil {
		return action, false, missing(err, noAction())
	}
	view, err := viewStored(ctx, s, action)
	return action, view.AllChangesDeployed, err
}

// versionOf is a version of one Action. Errors: noActionVersion.
func versionOf(ctx context.Context, s store.Scope, actionID, id string) (tenant.ActionVersion, error) {
	version, err := s.ActionVersions().Get(ctx, id)
	if err == nil && version.ActionID != actionID {
		err = tenant.ErrNotFound
	}
	return version, missing(err, noActionVersion())
}

// deployAction makes a version of the draft. A draft that is deployed already is not deployed again: tools ask for it with every import,
// and would push the versions out that one may want to go back to.
func (a *API) deployAction(ctx context.Context, in actionID) (actionVersionView, error) {
	return a.deploy(ctx, in.Caller, in.ID, func(_ context.Context, _ store.Scope, action tenant.Action) (tenant.Action, tenant.ActionDraft, error) {
		if action.Status != tenant.ActionBuilt {
			return action, action.ActionDraft, draftNotBuilt()
		}
		return action, action.ActionDraft, nil
	})
}

type actionVersionDeployment struct {
	actionVersionID
	Body struct {
		UpdateDraft bool `json:"update_draft"`
	} `body:"true"`
}

// deployActionVersion goes back to an older version: a copy of it becomes the newest, and is deployed.
func (a *API) deployActionVersion(ctx context.Context, in actionVersionDeployment) (actionVersionView, error) {
	return a.deploy(ctx, in.Caller, in.ActionID, func(ctx context.Context, s store.Scope, action tenant.Action) (tenant.Action, tenant.ActionDraft, error) {
		version, err := versionOf(ctx, s, action.ID, in.ID)
		if err != nil {
			return action, version.ActionDraft, err
		}
		for _, m := range version.Modules { // nothing keeps what only an old version used
			if _, err := s.ActionModuleVersions().Get(ctx, m.ModuleVersionID); err != nil {
				return action, version.ActionDraft, missing(err, noModuleVersion())
			}
		}
		if in.Body.UpdateDraft {
			action.ActionDraft, action.Status, action.Errors = version.ActionDraft, tenant.ActionBuilt, nil
		}
		return action, version.ActionDraft, nil
	})
}

// deploy has the draft that choose returns deployed, and keeps what choose makes of the Action. A version that was just made is answered
// as one that is about to be deployed, as recorded.
func (a *API) deploy(ctx context.Context, caller rest.Caller, id string,
	choose func(context.Context, store.Scope, tenant.Action) (tenant.Action, tenant.ActionDraft, error)) (actionVersionView, error) {
	var view actionVersionView
	now := a.now().UTC()
	err := a.write(ctx, caller, func(s store.Scope) (change, error) {
		before, err := s.Actions().Get(ctx, id)
		if err != nil {
			return change{}, missing(err, noAction())
		}
		was, err := viewStored(ctx, s, before)
		if err != nil {
			return change{}, err
		}
		action, draft, err := choose(ctx, s, before)
		if err != nil {
			return change{}, err
		}
		after, version, err := release(ctx, s, action, draft, now)
		if err != nil {
			return change{}, err
		}
		view = viewVersionOf(after, version, false)
		if after.Versions != before.Versions {
			view.Deployed, view.BuiltAt = false, ""
		}
		is, err := viewStored(ctx, s, after)
		return change{old: was, new: is}, err
	})
	return view, err
}

// release makes draft the deployed version of the Action, which is stored with it. If it is deployed already, that version stays.
func release(ctx context.Context, s store.Scope, action tenant.Action, draft tenant.ActionDraft, now time.Time) (tenant.Action, tenant.ActionVersion, error) {
	version := tenant.ActionVersion{ID: tenant.NewActionID(), ActionID: action.ID, Number: action.Versions + 1, ActionDraft: draft, CreatedAt: now}
	deployed, err := deployedOf(ctx, s, []tenant.Action{action})
	if err != nil {
		return action, version, err
	}
	if old := deployed[action.ID]; old != nil && old.Same(draft) {
		version = *old
	} else if err := s.ActionVersions().Insert(ctx, version); err != nil {
		return action, version, err
	}
	action.Versions, action.DeployedVersionID = max(action.Versions, version.Number), version.ID
	stored, err := s.Actions().Update(ctx, action.ID, func(tenant.Action) (tenant.Action, error) { return action, nil })
	if err != nil {
		return action, version, err
	}
	return stored, version, forgetVersions(ctx, s, stored)
}

// forgetVersions deletes the oldest versions of an Action beyond those that are kept. The deployed one is the newest.
func forgetVersions(ctx context.Context, s store.Scope, action tenant.Action) error {
	old, err := s.ActionVersions().List(ctx, store.Query{Where: []store.Filter{store.In("action_id", action.ID)}, Offset: tenant.MaxActionVersions})
	if err != nil {
		return err
	}
	for _, v := range old {
		if v.ID == action.DeployedVersionID {
			continue
		}
		if err := s.ActionVersions().Delete(ctx, v.ID); err != nil {
			return err
		}
	}
	return nil
}
