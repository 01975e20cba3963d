package mgmt

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// bindingView is a binding, in recorded order.
type bindingView struct {
	ID          string          `json:"id"`
	TriggerID   string          `json:"trigger_id"`
	Action      boundActionView `json:"action"`
	CreatedAt   string          `json:"created_at"`
	UpdatedAt   string          `json:"updated_at"`
	DisplayName string          `json:"display_name"`
}

type bindingsQuery struct {
	rest.Caller
	actionsPage
	triggerID
}

type triggerID struct {
	TriggerID string `path:"triggerId" enum:"post-login credentials-exchange pre-user-registration post-user-registration post-change-password send-phone-message custom-phone-provider custom-email-provider password-reset-post-challenge custom-token-exchange event-stream password-hash-migration login-post-identifier signup-post-identifier mcp-tool" doc:"An actions extensibility point."`
}

func (a *API) listActionBindings(ctx context.Context, in bindingsQuery) (rest.Object, error) {
	if err := checkTotals(in.Operation); err != nil {
		return rest.Object{}, err
	}
	s := a.reader(in.Caller)
	return actionRows[tenant.ActionBinding]{
		rows: s.ActionBindings(), key: "bindings", where: []store.Filter{store.In("trigger_id", in.TriggerID)},
		views: func(bindings []tenant.ActionBinding) (any, error) { return viewBindings(ctx, s, bindings) },
	}.protobuf(ctx, in.actionsPage)
}

// viewBindings leaves out those whose Action was deleted since they were read.
func viewBindings(ctx context.Context, s store.Scope, bindings []tenant.ActionBinding) ([]bindingView, error) {
	views := make([]bindingView, 0, len(bindings))
	if len(bindings) == 0 {
		return views, nil
	}
	ids := make([]string, len(bindings))
	for i, b := range bindings {
		ids[i] = b.ActionID
	}
	actions, err := s.Actions().List(ctx, store.Query{Where: []store.Filter{store.In("id", ids...)}})
	if err != nil {
		return nil, err
	}
	deployed, err := deployedOf(ctx, s, actions)
	if err != nil {
		return nil, err
	}
	byID := map[string]boundActionView{}
	for _, action := range actions {
		view := viewAction(action, deployed[action.ID])
		byID[action.ID] = boundActionView{
			ID: view.ID, Name: view.Name, SupportedTriggers: view.SupportedTriggers, CreatedAt: view.CreatedAt, UpdatedAt: view.UpdatedAt,
			CurrentVersion: view.CurrentVersion, DeployedVersion: view.DeployedVersion,
		}
	}
	for _, b := range bindings {
		action, there := byID[b.ActionID]
		if !there {
			continue
		}
		views = append(views, bindingView{
			ID: b.ID, TriggerID: b.TriggerID, Action: action, CreatedAt: nanoseconds(b.CreatedAt), UpdatedAt: nanoseconds(b.UpdatedAt),
			DisplayName: b.DisplayName,
		})
	}
	return views, nil
}

type bindingsChange struct {
	rest.Caller
	triggerID
	Body struct {
		Bindings []bindingSpec `json:"bindings"`
	} `body:"true"`
}

// bindingSpec is one binding as a caller wants it.
type bindingSpec struct {
	Ref struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"ref"`
	DisplayName *string       `json:"display_name"`
	Secrets     *[]secretSpec `json:"secrets"`
}

type bindingList struct {
	Bindings []bindingView `json:"bindings"`
}

// updateActionBindings replaces all that is bound to a trigger. What stays bound keeps its id.
func (a *API) updateActionBindings(ctx context.Context, in bindingsChange) (bindingList, error) {
	var list bindingList
	if isEntityBound(in.TriggerID) {
		return list, entityBound(in.TriggerID)
	}
	now := a.now().UTC()
	err := a.write(ctx, in.Caller, func(s store.Scope) (change, error) {
		before, err := s.ActionBindings().List(ctx, store.Query{Where: []store.Filter{store.In("trigger_id", in.TriggerID)}})
		if err != nil {
			return change{}, err
		}
		was, err := viewBindings(ctx, s, before)
		if err != nil {
			return change{}, err
		}
		after, err := in.bindings(ctx, s, before, now)
		if err != nil {
			return change{}, err
		}
		if err := rebind(ctx, s, before, after); err != nil {
			return change{}, err
		}
		list.Bindings, err = viewBindings(ctx, s, after)
		return change{old: bindingList{was}, new: list}, err
	})
	return list, err
}

// bindings are those that the body describes. held are those that there are.
func (in bindingsChange) bindings(ctx context.Context, s store.Scope, held []tenant.ActionBinding, now time.Time) ([]tenant.ActionBinding, error) {
	after := make([]tenant.ActionBinding, len(in.Body.Bindings))
	free := slices.Clone(held) // each stays once at most
	for i, spec := range in.Body.Bindings {
		action, id, err := spec.action(ctx, s, free)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(action.SupportedTriggers, func(t tenant.ActionTrigger) bool { return t.ID == in.TriggerID }) {
			return nil, wrongTrigger(action.Name, in.TriggerID)
		}
		if action.DeployedVersionID == "" {
			return nil, notDeployedYet()
		}
		next := tenant.ActionBinding{
			ID: tenant.NewActionID(), TriggerID: in.TriggerID, ActionID: action.ID, DisplayName: action.Name, CreatedAt: now, UpdatedAt: now,
		}
		at := slices.IndexFunc(free, func(b tenant.ActionBinding) bool {
			return b.ID == id || id == "" && b.ActionID == action.ID && !in.names(b.ID)
		})
		if at >= 0 {
			next = free[at]
			free = slices.Delete(free, at, at+1)
		}
		if after[i], err = spec.over(next, i, now); err != nil {
			return nil, err
		}
	}
	return after, nil
}

// names reports whether the body names a binding by its id: then it stays for whoever names it.
func (in bindingsChange) names(id string) bool {
	return slices.ContainsFunc(in.Body.Bindings, func(spec bindingSpec) bool { return spec.Ref.Type == "binding_id" && spec.Ref.Value == id })
}

// action is the Action that is to be bound, and the id of the binding that is named; "" = none is. Errors: noAction, noBinding.
func (spec bindingSpec) action(ctx context.Context, s store.Scope, held []tenant.ActionBinding) (action tenant.Action, id string, err error) {
	switch spec.Ref.Type {
	case "binding_id":
		at := slices.IndexFunc(held, func(b tenant.ActionBinding) bool { return b.ID == spec.Ref.Value })
		if at < 0 {
			return action, "", noBinding()
		}
		action, err = s.Actions().Get(ctx, held[at].ActionID)
		return action, held[at].ID, err
	case "action_name":
		found, err := s.Actions().List(ctx, store.Query{Where: []store.Filter{store.In("name", spec.Ref.Value)}})
		if err != nil || len(found) == 0 {
			return action, "", cmp.Or(err, noAction())
		}
		return found[0], "", nil
	}
	action, err = s.Actions().Get(ctx, spec.Ref.Value)
	return action, "", missing(err, noAction())
}

// over lays the spec over a binding that is to stand at a position.
func (spec bindingSpec) over(b tenant.ActionBinding, position int, now time.Time) (tenant.ActionBinding, error) {
	old := b
	b.Position = position
	if spec.DisplayName != nil {
		b.DisplayName = *spec.DisplayName
	}
	if spec.Secrets != nil {
		var err error
		if _, b.SecretValues, err = mergeSecrets(nil, b.SecretValues, *spec.Secrets, now); err != nil {
			return b, err
		}
	}
	if b != old {
		b.UpdatedAt = now
	}
	return b, nil
}

// rebind deletes and inserts what differs. A place in the order is where a row was inserted.
func rebind(ctx context.Context, s store.Scope, before, after []tenant.ActionBinding) error {
	for _, b := range before {
		if slices.Contains(after, b) {
			continue
		}
		if err := s.ActionBindings().Delete(ctx, b.ID); err != nil {
			return err
		}
	}
	for _, b := range after {
		if slices.Contains(before, b) {
			continue
		}
		if err := s.ActionBindings().Insert(ctx, b); err != nil {
			return err
		}
	}
	return nil
}
