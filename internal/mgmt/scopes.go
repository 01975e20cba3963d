package mgmt

import (
	_ "embed"
	"encoding/json"

	"github.com/writ-auth/writ/internal/tenant"
)

//go:embed scopes.json
var scopesJSON []byte

// Scopes returns the scopes of the system resource server: Auth0's 273 in recorded order, then writ's own. The caller owns the
// slice.
func Scopes() []tenant.Scope {
	var scopes []tenant.Scope
	if err := json.Unmarshal(scopesJSON, &scopes); err != nil {
		panic("mgmt: scopes.json: " + err.Error()) // compiled in
	}
	return scopes
}

func scopeValues(scopes []tenant.Scope) []string {
	values := make([]string, len(scopes))
	for i, s := range scopes {
		values[i] = s.Value
	}
	return values
}
