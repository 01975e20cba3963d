package mgmt

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// customDomainView is a custom domain's wire form, in recorded order.
type customDomainView struct {
	ID           string                 `json:"custom_domain_id"`
	Domain       string                 `json:"domain"`
	Primary      bool                   `json:"primary"`
	IsDefault    bool                   `json:"is_default"`
	Status       string                 `json:"status"`
	Type         string                 `json:"type"`
	Verification domainVerificationView `json:"verification"`
	// CustomClientIPHeader is a text or null; absent where the owner has no edge.
	CustomClientIPHeader json.RawMessage        `json:"custom_client_ip_header,omitzero"`
	TLSPolicy            string                 `json:"tls_policy,omitzero"`
	DomainMetadata       tenant.Metadata        `json:"domain_metadata,omitzero"`
	Certificate          *domainCertificateView `json:"certificate,omitzero"`
	CreatedAt            string                 `json:"created_at"`
	RelyingParty         string                 `json:"relying_party_identifier,omitzero"`
}

type domainVerificationView struct {
	Methods        []domainMethodView `json:"methods"`
	Status         string             `json:"status,omitzero"`
	ErrorMsg       string             `json:"error_msg,omitzero"`
	LastVerifiedAt string             `json:"last_verified_at,omitzero"`
}

// domainMethodView is the DNS record that proves a domain: its type, its text, its name.
type domainMethodView struct {
	Name   string `json:"name"`
	Record string `json:"record"`
	Domain string `json:"domain"`
}

type domainCertificateView struct {
	Authority    string `json:"certificate_authority,omitzero"`
	RenewsBefore string `json:"renews_before,omitzero"`
	Status       string `json:"status"`
	ErrorMsg     string `json:"error_msg,omitzero"`
}

func (a *API) viewCustomDomain(tenantName string, d tenant.CustomDomain) customDomainView {
	view := customDomainView{
		ID: d.ID, Domain: d.Domain, Primary: d.Ready(), IsDefault: d.IsDefault, Status: d.Status, Type: d.Type,
		Verification: domainVerificationView{
			Methods: []domainMethodView{domainMethod(tenantName, a.baseDomain, d)},
			Status:  d.Verification, ErrorMsg: d.VerificationError, LastVerifiedAt: seconds(d.LastVerifiedAt),
		},
		TLSPolicy: d.TLSPolicy, DomainMetadata: d.DomainMetadata, CreatedAt: timestamp(d.CreatedAt), RelyingParty: d.RelyingPartyIdentifier,
	}
	if d.Type == tenant.DomainSelfManagedCerts {
		view.CustomClientIPHeader = must(json.Marshal(d.CustomClientIPHeader))
	}
	if c := d.Certificate; c != nil {
		view.Certificate = &domainCertificateView{Authority: c.CertificateAuthority, RenewsBefore: seconds(c.RenewsBefore), Status: c.Status, ErrorMsg: c.ErrorMsg}
	}
	return view
}

// domainMethod is what the owner puts into the DNS: a text where the owner has an edge of their own, else the host itself as another name of
// a host below the base domain, which nobody else's domain leads to. That follows from the base domain, and is not stored.
func domainMethod(tenantName, baseDomain string, d tenant.CustomDomain) domainMethodView {
	if d.Type == tenant.DomainSelfManagedCerts {
		return domainMethodView{Name: "TXT", Record: d.VerificationRecord, Domain: "_cf-custom-hostname." + d.Domain}
	}
	const maxLabel = 63 // RFC 1035 section 2.3.4
	label := strings.ToLower(strings.ReplaceAll(d.ID, "_", "-"))
	if named := tenantName + "-" + label; len(named) <= maxLabel {
		label = named
	}
	return domainMethodView{Name: "CNAME", Record: label + ".edge." + baseDomain, Domain: d.Domain}
}

// seconds is RFC 3339 in UTC without a fraction, as recorded of domains; empty for the zero time.
func seconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
