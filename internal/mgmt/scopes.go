package mgmt

import (
	_ "embed"
	"encoding/json"

	"github.com/writ-auth/writ/internal/tenant"
)

//go:embed scopes.json
var scopesJSON []byte

// Scopes returns the scopes of the system resource server: Auth0's 273 in recorded order, then writ's own. The list only
// ever grows at its end: tenants remember how much of it their first client was granted. The caller owns the slice.
func Scopes() []tenant.Scope {
	var scopes []tenant.Scope
	if err := json.Unmarshal(scopesJSON, &scopes); err != nil {
		panic("mgmt: scopes.json: " + err.Error()) // compiled in
	}
	return scopes
}

// unlistedScopes can be granted for the system resource server although it does not list them: Auth0's API description or its manual asks
// for them, its tenants do not show them.
func unlistedScopes() []string {
	return []string{
		"read:client_summary", "update:client_token_vault_privileged_access", "read:current_user", "delete:current_user",
		"create:current_user_device_credentials", "delete:current_user_device_credentials", "update:current_user_identities",
		"update:current_user_metadata",
		"create:agents", "read:agents", "update:agents", "delete:agents",
		"create:experimentation", "read:experimentation", "update:experimentation", "delete:experimentation",
	}
}

func scopeValues(scopes []tenant.Scope) []string {
	values := make([]string, len(scopes))
	for i, s := range scopes {
		values[i] = s.Value
	}
	return values
}
