package tenant

// Instance is the one row that says how this installation is reached. `serve` writes it, CLI commands read it, and every
// domain and issuer is derived from it.
type Instance struct {
	// BaseDomain is the host below which tenants live: NAME.BaseDomain. Default localhost.
	BaseDomain string `json:"base_domain"`
	// PublicPort is the port of every public authority. 443 is left out of domains.
	PublicPort int `json:"public_port"`
	// DefaultTenant is the tenant that the bare BaseDomain answers as; empty = none.
	DefaultTenant string `json:"default_tenant,omitempty"`
	// Listeners gives tenants a localhost:PORT of their own: port -> tenant (--listen).
	Listeners map[int]string `json:"listeners,omitempty"`
}
