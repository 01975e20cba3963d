package tenant

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Tenant is one isolated customer, team or stage: its own clients, APIs, keys, log and domain.
type Tenant struct {
	// Name is the tenant's identity: immutable, unique, never given again after deletion. See ValidateName.
	Name string `json:"name"`
	// Environment is the tenant's tag. Default development.
	Environment Environment `json:"environment"`
	// BootstrapClientID is the Management API client that `writ tenant create` reports.
	BootstrapClientID string `json:"-"`
	// BootstrapScopes is how many of the Management API's scopes, a list that only grows, that client has been offered.
	BootstrapScopes int `json:"-"`
	// Certificate is the PEM of the legacy certificate that clients show as signing_keys. Its key was thrown away.
	Certificate string    `json:"-"`
	CreatedAt   time.Time `json:"created_at"`
}

// Environment is a tenant's tag (Auth0: Settings > General > Assign Environment Tag).
type Environment string

const (
	Development Environment = "development"
	Staging     Environment = "staging"
	Production  Environment = "production"
)

// ParseEnvironment accepts the three tags, in lower case.
func ParseEnvironment(s string) (Environment, error) {
	switch e := Environment(s); e {
	case Development, Staging, Production:
		return e, nil
	}
	return "", fmt.Errorf("environment %q: want development, staging or production", s)
}

var nameShape = regexp.MustCompile(`^[a-z0-9-]+$`)

// ValidateName reports why name cannot be a tenant's: 3 to 63 of [a-z0-9-], no hyphen at an edge (a DNS label).
func ValidateName(name string) error {
	switch {
	case len(name) < 3 || len(name) > 63:
		return fmt.Errorf("tenant name %q has %d characters: want 3 to 63", name, len(name))
	case !nameShape.MatchString(name):
		return fmt.Errorf("tenant name %q: only lower-case letters, digits and hyphens are allowed", name)
	case strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-"):
		return fmt.Errorf("tenant name %q: must not begin or end with a hyphen", name)
	}
	return nil
}
