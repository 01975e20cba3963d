package tenant

import (
	"slices"
	"strings"
)

// Role is what a member may do in a tenant: a list of scopes of its Management API. The names are those of Auth0's dashboard roles.
type Role string

const (
	// RoleOwner may do everything. A tenant that has owners keeps at least one.
	RoleOwner Role = "owner"
	// RoleAdmin may do everything but change owners.
	RoleAdmin Role = "admin"
	// RoleEditorKeyManagement reads the configuration, and manages signing keys, encryption keys, and the secrets and keys of clients.
	RoleEditorKeyManagement Role = "editor_key_management"
	// RoleEditorOrganizations reads the configuration, and manages organizations and which of them applications may act for.
	RoleEditorOrganizations Role = "editor_organizations"
	// RoleViewerConfig reads the configuration and the log, without secrets.
	RoleViewerConfig Role = "viewer_config"
)

// Roles are all of them, the mightiest first.
func Roles() []Role {
	return []Role{RoleOwner, RoleAdmin, RoleEditorKeyManagement, RoleEditorOrganizations, RoleViewerConfig}
}

// Known reports whether r is one of Roles.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// ManagesMembers reports whether the role may invite, change and remove members.
func (r Role) ManagesMembers() bool { return r == RoleOwner || r == RoleAdmin }

// Governs reports whether the role may give other to somebody, or take it away: owners every role, admins all but owner.
func (r Role) Governs(other Role) bool {
	return r == RoleOwner || r == RoleAdmin && other != RoleOwner
}

// Scopes are those of all, the Management API's scopes, that the role has, in their order. The caller owns the slice. A role that is
// not Known has none.
func (r Role) Scopes(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(scope string) bool { return !r.has(scope) })
}

func (r Role) has(scope string) bool {
	switch r {
	case RoleOwner, RoleAdmin:
		return true
	case RoleEditorKeyManagement:
		_, object, _ := strings.Cut(scope, ":")
		return readsConfiguration(scope) || slices.Contains(keyObjects(), object)
	case RoleEditorOrganizations:
		_, object, _ := strings.Cut(scope, ":")
		return readsConfiguration(scope) || object == "organizations" || strings.HasPrefix(object, "organization_")
	case RoleViewerConfig:
		return readsConfiguration(scope)
	}
	return false
}

// keyObjects are what a key manager manages.
func keyObjects() []string {
	return []string{"client_credentials", "client_keys", "custom_signing_keys", "encryption_keys", "network_acl_keys", "signing_keys"}
}

// readsConfiguration reports whether a scope lets its holder read, and nothing that is a secret or stands for one.
func readsConfiguration(scope string) bool {
	object, reads := strings.CutPrefix(scope, "read:")
	return reads && !slices.Contains(secretObjects(), object)
}

// secretObjects are what a scope read:OBJECT shows secrets of: here, at Auth0, or both.
func secretObjects() []string {
	return []string{
		"client_credentials", "client_keys", "connections_keys", "connections_options", "federated_connections_tokens", "flows_vault",
		"flows_vault_connections", "network_acl_keys", "refresh_tokens", "rules_configs", "scim_token", "user_idp_tokens",
	}
}
