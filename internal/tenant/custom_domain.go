package tenant

import (
	"strings"
	"time"
)

// CustomDomain is a host name of the tenant's owner under which the tenant is to be reached. Auth0: custom-domains.
type CustomDomain struct {
	// ID is cd_ and 16 characters.
	ID string `json:"custom_domain_id"`
	// Domain is a host in lower case, unique in the installation.
	Domain string `json:"domain"`
	// IsDefault: at most one domain of a tenant is its default, and only one that is Ready; without one the canonical domain is.
	IsDefault bool `json:"is_default"`
	// Type is DomainManagedCerts or DomainSelfManagedCerts; immutable.
	Type string `json:"type"`
	// VerificationRecord is the text of the TXT record that proves a domain of type DomainSelfManagedCerts: a UUID.
	VerificationRecord string `json:"verification_record"`
	DomainState
	// CustomClientIPHeader names the header in which the owner's edge sends the caller's address; nil = none. DomainSelfManagedCerts only.
	CustomClientIPHeader *string `json:"custom_client_ip_header,omitzero"`
	// TLSPolicy is recommended. DomainManagedCerts only.
	TLSPolicy string `json:"tls_policy,omitzero"`
	// DomainMetadata are at most MaxDomainMetadata pairs. A PATCH merges them.
	DomainMetadata Metadata `json:"domain_metadata,omitzero"`
	// RelyingPartyIdentifier is of passkeys, which writ does not have; kept for the wire. Empty = the whole domain.
	RelyingPartyIdentifier string    `json:"relying_party_identifier,omitzero"`
	CreatedAt              time.Time `json:"created_at"`
}

// DomainState is what is known of a custom domain from outside: whose it is, and whether it has a certificate.
type DomainState struct {
	// Status is one of the DomainStatus constants.
	Status string `json:"status"`
	// Verification is verified, pending or failed; empty = nobody has looked yet.
	Verification string `json:"verification,omitzero"`
	// VerificationError says why Verification is failed.
	VerificationError string `json:"verification_error,omitzero"`
	// LastVerifiedAt is when the record was last found; zero = never.
	LastVerifiedAt time.Time `json:"last_verified_at,omitzero"`
	// Certificate is of DomainManagedCerts only; nil = there was none yet.
	Certificate *DomainCertificate `json:"certificate,omitzero"`
}

// DomainCertificate is the certificate of a domain of type DomainManagedCerts, in Auth0's form.
type DomainCertificate struct {
	// Status is provisioning, provisioning_failed, provisioned or renewing_failed.
	Status   string `json:"status"`
	ErrorMsg string `json:"error_msg,omitzero"`
	// CertificateAuthority is letsencrypt or googletrust.
	CertificateAuthority string    `json:"certificate_authority,omitzero"`
	RenewsBefore         time.Time `json:"renews_before,omitzero"`
}

// Values of CustomDomain.Type: who sees to the certificate.
const (
	DomainManagedCerts     = "auth0_managed_certs"
	DomainSelfManagedCerts = "self_managed_certs"
)

// Values of DomainState.Status and DomainState.Verification.
const (
	DomainStatusPending = "pending_verification"
	DomainStatusReady   = "ready"
	DomainStatusFailed  = "failed"

	DomainVerificationPending  = "pending"
	DomainVerificationVerified = "verified"
)

// Bounds of custom domains, as Auth0 has them.
const (
	MaxCustomDomains  = 20
	MaxDomainMetadata = 10
)

// tlsPolicyRecommended is TLS 1.2 and above, and the only policy that there is.
const tlsPolicyRecommended = "recommended"

// NewCustomDomain has the defaults, which null resets to.
func NewCustomDomain(id, domainType string) CustomDomain {
	d := CustomDomain{ID: id, Type: domainType, DomainState: DomainState{Status: DomainStatusPending}}
	if domainType == DomainManagedCerts {
		d.TLSPolicy = tlsPolicyRecommended
	}
	return d
}

// Ready reports whether the domain is proven and can be used.
func (d *CustomDomain) Ready() bool { return d.Status == DomainStatusReady }

// Validate holds the rules across fields. Errors: *FieldError.
func (d *CustomDomain) Validate() error {
	switch {
	case d.Type == DomainSelfManagedCerts && d.TLSPolicy != "":
		return fieldErrorf("tls_policy", "The 'tls_policy' cannot be set on self_managed domains")
	case d.Type == DomainManagedCerts && d.CustomClientIPHeader != nil:
		return fieldErrorf("custom_client_ip_header", "The 'custom_client_ip_header' cannot be set on auth0_managed domains")
	case len(d.DomainMetadata) > MaxDomainMetadata:
		return fieldErrorf("domain_metadata", "domain_metadata would have %d properties, maximum %d: send null for those to remove.",
			len(d.DomainMetadata), MaxDomainMetadata)
	case !d.coveredBy(d.RelyingPartyIdentifier):
		return fieldErrorf("relying_party_identifier",
			"The 'relying_party_identifier' must be equal to or a registrable domain suffix of the domain.")
	}
	return validateCustomHost(d.Domain)
}

// coveredBy reports whether passkeys of the relying party id work on the domain (W3C Web Authentication section 5.1.3). What can be
// registered is guessed: two labels and more.
func (d *CustomDomain) coveredBy(id string) bool {
	id = strings.ToLower(id)
	if id == "" || id == d.Domain {
		return true
	}
	return strings.Contains(id, ".") && strings.HasSuffix(d.Domain, "."+id)
}

// validateCustomHost refuses hosts that nobody could be reached at from elsewhere. The schema has judged the characters.
func validateCustomHost(host string) error {
	const maxHost = 253 // RFC 1035 section 2.3.4, without the final dot
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch {
	case len(host) > maxHost:
		return fieldErrorf("domain", "The domain has %d characters, maximum %d.", len(host), maxHost)
	case last == host:
		return fieldErrorf("domain", "The domain %q is a single label: name a host below a domain, such as auth.example.com.", host)
	case strings.Trim(last, "0123456789") == "":
		return fieldErrorf("domain", "The domain %q is an address: name a host, such as auth.example.com.", host)
	case last == "localhost":
		return fieldErrorf("domain", "The domain %q names the machine that asks for it (RFC 6761 section 6.3): name a host, such as auth.example.com.", host)
	}
	return nil
}

// Below reports whether host is domain or one of its subdomains.
func Below(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
