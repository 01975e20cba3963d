package store

import "github.com/writ-auth/writ/internal/tenant"

func actionsTable() *table[tenant.Action] {
	return &table[tenant.Action]{
		name:     "actions",
		idColumn: "id",
		id:       func(a *tenant.Action) string { return a.ID },
		columns: []column[tenant.Action]{
			{name: "name", value: func(a *tenant.Action) any { return a.Name }},
			{name: "trigger_id", value: func(a *tenant.Action) any { return a.SupportedTriggers[0].ID }},
			{name: "deployed", value: func(a *tenant.Action) any { return a.DeployedVersionID != "" }},
		},
		filters: []string{"id", "name", "trigger_id", "deployed"},
		secret:  func(a *tenant.Action) *tenant.Secret { return &a.SecretValues },
	}
}

func actionVersionsTable() *table[tenant.ActionVersion] {
	return &table[tenant.ActionVersion]{
		name:     "action_versions",
		idColumn: "id",
		id:       func(v *tenant.ActionVersion) string { return v.ID },
		rank:     func(v *tenant.ActionVersion) int64 { return -int64(v.Number) },
		columns: []column[tenant.ActionVersion]{
			{name: "action_id", value: func(v *tenant.ActionVersion) any { return v.ActionID }},
		},
		filters: []string{"id", "action_id"},
		secret:  func(v *tenant.ActionVersion) *tenant.Secret { return &v.SecretValues },
	}
}

func actionBindingsTable() *table[tenant.ActionBinding] {
	return &table[tenant.ActionBinding]{
		name:     "action_bindings",
		idColumn: "id",
		id:       func(b *tenant.ActionBinding) string { return b.ID },
		rank:     func(b *tenant.ActionBinding) int64 { return int64(b.Position) },
		columns: []column[tenant.ActionBinding]{
			{name: "trigger_id", value: func(b *tenant.ActionBinding) any { return b.TriggerID }},
			{name: "action_id", value: func(b *tenant.ActionBinding) any { return b.ActionID }},
		},
		filters: []string{"id", "trigger_id", "action_id"},
		secret:  func(b *tenant.ActionBinding) *tenant.Secret { return &b.SecretValues },
		changed: func(tenantName string, _ *tenant.ActionBinding) change {
			return change{kind: changedActions, tenant: tenantName}
		},
	}
}

func actionModulesTable() *table[tenant.ActionModule] {
	return &table[tenant.ActionModule]{
		name:     "action_modules",
		idColumn: "id",
		id:       func(m *tenant.ActionModule) string { return m.ID },
		columns: []column[tenant.ActionModule]{
			{name: "name", value: func(m *tenant.ActionModule) any { return m.Name }},
		},
		filters: []string{"id", "name"},
		secret:  func(m *tenant.ActionModule) *tenant.Secret { return &m.SecretValues },
	}
}

func actionModuleVersionsTable() *table[tenant.ActionModuleVersion] {
	return &table[tenant.ActionModuleVersion]{
		name:     "action_module_versions",
		idColumn: "id",
		id:       func(v *tenant.ActionModuleVersion) string { return v.ID },
		rank:     func(v *tenant.ActionModuleVersion) int64 { return -int64(v.Number) },
		columns: []column[tenant.ActionModuleVersion]{
			{name: "module_id", value: func(v *tenant.ActionModuleVersion) any { return v.ModuleID }},
		},
		filters: []string{"id", "module_id"},
		secret:  func(v *tenant.ActionModuleVersion) *tenant.Secret { return &v.SecretValues },
	}
}
