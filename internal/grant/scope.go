package grant

import (
	"slices"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// grantedScope is the scope of the token: all that is granted if none was asked for, exactly what was asked for if all of it is
// granted, and a refusal that names the rest otherwise. What the API no longer defines is not granted, whatever old grants say.
func grantedScope(asked []string, g *tenant.ClientGrant, rs *tenant.ResourceServer) ([]string, error) {
	granted := ceiling(g, rs)
	if asked == nil {
		return granted, nil
	}
	has := membership(granted, len(asked))
	var missing []string
	for _, s := range asked {
		if !has(s) {
			missing = append(missing, s)
		}
	}
	if missing != nil {
		return nil, oauth.ScopesNotGranted(missing)
	}
	return asked, nil
}

// ceiling is the most that the grant can give now. The system API's scopes are the binary's own, so its grants stand as they are.
func ceiling(g *tenant.ClientGrant, rs *tenant.ResourceServer) []string {
	if rs.IsSystem {
		return g.Scope
	}
	defined := make([]string, len(rs.Scopes))
	for i, s := range rs.Scopes {
		defined[i] = s.Value
	}
	if g.AllScopes() {
		return defined
	}
	has := membership(defined, len(g.Scope))
	granted := make([]string, 0, len(g.Scope))
	for _, s := range g.Scope {
		if has(s) {
			granted = append(granted, s)
		}
	}
	return granted
}

// membership answers "is s in list" for the given number of questions: by scanning while that is cheap, by a set beyond, so that
// a request with thousands of scopes costs no more than its length.
func membership(list []string, questions int) func(string) bool {
	const scanLimit = 1024
	if len(list)*questions <= scanLimit {
		return func(s string) bool { return slices.Contains(list, s) }
	}
	set := make(map[string]struct{}, len(list))
	for _, s := range list {
		set[s] = struct{}{}
	}
	return func(s string) bool { _, ok := set[s]; return ok }
}
