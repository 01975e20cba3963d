package mgmt

import (
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// The refusals of custom domains, in Auth0's words where they are known.

func noCustomDomain() error { return rest.NotFound("Custom domain not found.", "") }

func customDomainTaken() error { return rest.Conflict("The specified custom domain already exists") }

func tooManyCustomDomains() error {
	return rest.Conflict("You reached the maximum number of custom domains for your account: %d.", tenant.MaxCustomDomains)
}

func customDomainVerified() error { return rest.InvalidBody("Custom domain already verified.") }

func customDomainNotReady() error { return rest.Conflict("The custom domain is not ready.") }

// defaultDomainUnverified is recorded.
func defaultDomainUnverified() error {
	return rest.InvalidBody("The domain must be verified before it can be set as default.")
}

func defaultDomainUnknown() error {
	return rest.InvalidBody("The domain is neither a custom domain of this tenant nor its canonical domain.")
}

func ownDomain(domain, baseDomain string) error {
	return rest.InvalidBody("The domain %s belongs to this server: choose one that is not below %s.", domain, baseDomain)
}

func domainSearchTerm(term string) error {
	return rest.InvalidQuery("Invalid query: %q is no term. Terms are field:value with AND between them; fields are domain, status, type, "+
		"is_default and domain_metadata.KEY; * stands for any text; a value with spaces or colons goes in double quotes.", term)
}
