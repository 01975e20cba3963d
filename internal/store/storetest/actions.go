package storetest

import (
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testActions: what is unique among Actions and modules, what goes with what, in which order lists come, and what the token path sees.
func testActions(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	named := func(id, name string) tenant.Action {
		a := action(id)
		a.Name = name
		return a
	}
	module := actionModule("module-2")
	module.Name = actionModule("module-1").Name
	for _, c := range []struct {
		rule  string
		write func(s store.Scope) error
		want  error
	}{
		{"the name of an Action is unique", func(s store.Scope) error { return s.Actions().Insert(ctx, named("action-2", action("action-1").Name)) }, tenant.ErrExists},
		{"another name is free", func(s store.Scope) error { return s.Actions().Insert(ctx, named("action-2", "another")) }, nil},
		{"the name of a module is unique", func(s store.Scope) error { return s.ActionModules().Insert(ctx, module) }, tenant.ErrExists},
		{"a number is one version's", func(s store.Scope) error { return s.ActionVersions().Insert(ctx, actionVersion("v", "action-1", 1)) }, tenant.ErrExists},
		{"a number is one version's, of modules, too", func(s store.Scope) error {
			return s.ActionModuleVersions().Insert(ctx, actionModuleVersion("v", "module-1", 1))
		}, tenant.ErrExists},
		{"a version needs its Action", func(s store.Scope) error { return s.ActionVersions().Insert(ctx, actionVersion("v", "none", 1)) }, tenant.ErrNotFound},
		{"a binding needs its Action", func(s store.Scope) error { return s.ActionBindings().Insert(ctx, actionBinding("b", "none", 1)) }, tenant.ErrNotFound},
		{"a version needs its module", func(s store.Scope) error {
			return s.ActionModuleVersions().Insert(ctx, actionModuleVersion("v", "none", 1))
		}, tenant.ErrNotFound},
	} {
		t.Run(c.rule, func(t *testing.T) {
			w := startFilled(t, newDatabase)
			wantError(t, inTx(ctx, w.db, "acme", c.write), c.want)
		})
	}
	t.Run("an Action and a module come back as they went in", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		acme := w.db.Tenant("acme")
		wantEqual(t, must(acme.Actions().Get(ctx, "action-1"))(t), action("action-1"))
		wantEqual(t, must(acme.ActionVersions().Get(ctx, "version-1"))(t), actionVersion("version-1", "action-1", 1))
		wantEqual(t, must(acme.ActionBindings().Get(ctx, "binding-1"))(t), actionBinding("binding-1", "action-1", 0))
		wantEqual(t, must(acme.ActionModules().Get(ctx, "module-1"))(t), actionModule("module-1"))
		wantEqual(t, must(acme.ActionModuleVersions().Get(ctx, "module-version-1"))(t), actionModuleVersion("module-version-1", "module-1", 1))
	})
	t.Run("versions come newest first, bindings in their order", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		insert(t, w, "acme", store.Scope.ActionVersions, actionVersion("version-3", "action-1", 3), actionVersion("version-2", "action-1", 2))
		insert(t, w, "acme", store.Scope.ActionBindings, actionBinding("binding-3", "action-1", 2), actionBinding("binding-2", "action-1", 1))
		versions := must(w.db.Tenant("acme").ActionVersions().List(ctx, store.Query{Where: []store.Filter{store.In("action_id", "action-1")}}))(t)
		wantEqual(t, ids(versions, func(v tenant.ActionVersion) string { return v.ID }), []string{"version-3", "version-2", "version-1"})
		bindings := must(w.db.Tenant("acme").ActionBindings().List(ctx, store.Query{Where: []store.Filter{store.In("trigger_id", tenant.TriggerCredentialsExchange)}}))(t)
		wantEqual(t, ids(bindings, func(b tenant.ActionBinding) string { return b.ID }), []string{"binding-1", "binding-2", "binding-3"})
	})
	t.Run("an Action takes versions, bindings and token exchange profiles with it, a module its versions", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		fill(t, w, "other")
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.Actions().Delete(ctx, "action-1") }), nil)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.ActionModules().Delete(ctx, "module-1") }), nil)
		for tenantName, want := range map[string]int{"acme": 0, "other": 1} {
			s := w.db.Tenant(tenantName)
			wantEqual(t, must(s.ActionVersions().Count(ctx, store.Query{}))(t), want)
			wantEqual(t, must(s.ActionBindings().Count(ctx, store.Query{}))(t), want)
			wantEqual(t, must(s.TokenExchangeProfiles().Count(ctx, store.Query{}))(t), want)
			wantEqual(t, must(s.ActionModuleVersions().Count(ctx, store.Query{}))(t), want)
		}
	})
	t.Run("the token path sees at once whether an Action is bound to credentials-exchange", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		elsewhere := actionBinding("binding-2", "action-1", 0)
		elsewhere.TriggerID = "post-login"
		bound := func(tenantName string) bool { return must(w.db.Snapshots().ActionsBound(ctx, tenantName))(t) }
		wantEqual(t, bound("acme"), true)
		wantEqual(t, bound("other"), false)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.ActionBindings().Delete(ctx, "binding-1") }), nil)
		insert(t, w, "acme", store.Scope.ActionBindings, elsewhere)
		wantEqual(t, bound("acme"), false)
		insert(t, w, "acme", store.Scope.ActionBindings, actionBinding("binding-1", "action-1", 0))
		wantEqual(t, bound("acme"), true)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.Actions().Delete(ctx, "action-1") }), nil)
		wantEqual(t, bound("acme"), false)
	})
	t.Run("another process sees it when it looks", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		other := w.open(t)
		wantEqual(t, must(other.Snapshots().ActionsBound(ctx, "acme"))(t), true)
		wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.Actions().Delete(ctx, "action-1") }), nil)
		wantError(t, other.Poll(ctx), nil)
		wantEqual(t, must(other.Snapshots().ActionsBound(ctx, "acme"))(t), false)
	})
}

// actionsAt has nanoseconds, which Actions tell.
var actionsAt = time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC)

func actionCode(of string) tenant.ActionCode {
	return tenant.ActionCode{
		Code: "exports.of = '" + of + "'", Dependencies: []tenant.ActionDependency{{Name: "lodash", Version: "4.17.21"}},
		Secrets: []tenant.ActionSecret{{Name: "s", UpdatedAt: actionsAt}}, SecretValues: tenant.Secret(`{"s":"secret of ` + of + `"}`),
	}
}

func actionDraft(of string) tenant.ActionDraft {
	return tenant.ActionDraft{
		ActionCode: actionCode(of), SupportedTriggers: []tenant.ActionTrigger{{ID: tenant.TriggerCredentialsExchange, Version: "v2"}}, Runtime: "node22",
	}
}

func action(id string) tenant.Action {
	return tenant.Action{ID: id, Name: "name of " + id, ActionDraft: actionDraft(id), Status: tenant.ActionBuilt, CreatedAt: actionsAt, UpdatedAt: actionsAt}
}

func actionVersion(id, actionID string, number int) tenant.ActionVersion {
	return tenant.ActionVersion{ID: id, ActionID: actionID, Number: number, ActionDraft: actionDraft(id), CreatedAt: actionsAt}
}

func actionBinding(id, actionID string, position int) tenant.ActionBinding {
	return tenant.ActionBinding{ID: id, TriggerID: tenant.TriggerCredentialsExchange, ActionID: actionID, Position: position, DisplayName: id,
		SecretValues: tenant.Secret(`{"s":"secret of ` + id + `"}`), CreatedAt: actionsAt, UpdatedAt: actionsAt}
}

func actionModule(id string) tenant.ActionModule {
	return tenant.ActionModule{ID: id, Name: "name of " + id, ActionCode: actionCode(id), CreatedAt: actionsAt, UpdatedAt: actionsAt}
}

func actionModuleVersion(id, moduleID string, number int) tenant.ActionModuleVersion {
	return tenant.ActionModuleVersion{ID: id, ModuleID: moduleID, Number: number, ActionCode: actionCode(id), CreatedAt: actionsAt}
}
