package storetest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

func client(id string) tenant.Client {
	c := tenant.Client{
		Tenant: "acme", ClientID: id, Name: "Timesheets <Import> Job", ClientSecret: tenant.Secret("secret-of-" + id),
		IsFirstParty: true, AppType: tenant.AppTypeNonInteractive, Addons: json.RawMessage(`{"note":"<b>&</b>"}`),
	}
	c.ApplyDefaults()
	return c
}

func api(id, identifier string) tenant.ResourceServer {
	rs := tenant.NewResourceServer(id, identifier)
	rs.Name, rs.Scopes = "Timesheets API", []tenant.Scope{{Value: "batch:upload"}}
	return rs
}

func systemAPI(id string) tenant.ResourceServer {
	rs := tenant.NewResourceServer(id, "https://acme.localhost/api/v2/")
	rs.IsSystem = true
	return rs
}

func grant(id, clientID, resourceServerID string) tenant.ClientGrant {
	return tenant.ClientGrant{ID: id, ClientID: clientID, ResourceServerID: resourceServerID, Scope: []string{"batch:upload"},
		SubjectType: tenant.SubjectTypeClient}
}

func organization(id, name string) tenant.Organization {
	o := tenant.NewOrganization(id)
	o.Name, o.Metadata = name, tenant.Metadata{"plan": "<gold>"}
	return o
}

func networkACL(id string, priority int) tenant.NetworkACL {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return tenant.NetworkACL{ID: id, Description: "Not <from> there", Active: true, Priority: priority, CreatedAt: at, UpdatedAt: at,
		Rule: tenant.NetworkACLRule{
			Match: &tenant.NetworkACLMatch{IPv4CIDRs: []string{"192.0.2.0/24"}}, Scope: tenant.ScopeTenant, Action: tenant.NetworkACLAction{Block: true},
		}}
}

func rateLimitPolicy(id, selector string, limit int) tenant.RateLimitPolicy {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return tenant.RateLimitPolicy{ID: id, Resource: "oauth_authentication_api", Consumer: "client", ConsumerSelector: selector,
		Configuration: tenant.RateLimitConfiguration{Action: tenant.RateLimitBlock, Limit: &limit}, CreatedAt: at, UpdatedAt: at}
}

func customDomain(id, domain string) tenant.CustomDomain {
	d := tenant.NewCustomDomain(id, tenant.DomainManagedCerts)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d.Domain, d.DomainMetadata, d.CreatedAt = domain, tenant.Metadata{"plan": "<gold>"}, at
	d.DomainState = tenant.DomainState{Status: tenant.DomainStatusReady, Verification: tenant.DomainVerificationVerified, LastVerifiedAt: at,
		Certificate: &tenant.DomainCertificate{Status: "provisioned", CertificateAuthority: "letsencrypt", RenewsBefore: at.AddDate(0, 0, 90)}}
	return d
}

func logStream(id string) tenant.LogStream {
	return tenant.LogStream{ID: id, Name: "To <SIEM>", Type: "http", Status: tenant.LogStreamActive, IsPriority: true,
		Sink: tenant.Secret(`{"httpAuthorization":"secret of ` + id + `","httpEndpoint":"https://siem.example/x"}`), Filters: []tenant.LogStreamFilter{},
		PIIConfig: &tenant.LogStreamPII{LogFields: []string{"email"}, Method: "mask"}, StartFrom: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

func exchangeProfile(id, subjectTokenType, actionID string) tenant.TokenExchangeProfile {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return tenant.TokenExchangeProfile{ID: id, Name: "Tokens of <Acme>", Type: "custom_authentication", SubjectTokenType: subjectTokenType, ActionID: actionID,
		CreatedAt: at, UpdatedAt: at}
}

func credential(id, clientID string) tenant.ClientCredential {
	name := "Testing Credentials 1"
	return tenant.ClientCredential{ID: id, ClientID: clientID, Type: tenant.CredentialPublicKey, Name: &name, KID: "kid of " + id,
		Alg: tenant.RS256, PublicKey: []byte{0, 1, 255}, CreatedAt: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

func signingKey(kid string, family tenant.KeyFamily, state tenant.KeyState) tenant.SigningKey {
	return tenant.SigningKey{KID: kid, Family: family, State: state, Certificate: []byte("certificate of " + kid),
		PrivateKey: tenant.Secret("private key of " + kid), CreatedAt: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

func encryptionKey(kid string) tenant.EncryptionKey {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return tenant.EncryptionKey{KID: kid, Type: tenant.TenantMasterKey, State: tenant.EncryptionKeyActive, ParentKID: "root", CreatedAt: at, UpdatedAt: at}
}

func event(n int) tenant.LogEvent {
	clientID, clientName := "client-1", "Import Job"
	return tenant.LogEvent{
		Tenant: "acme", Date: time.Date(2026, 11, 23, 12, 0, 0, n*int(time.Millisecond), time.UTC), Type: tenant.LogTokenIssued,
		Description: fmt.Sprintf("event %d", n), ClientID: &clientID, ClientName: &clientName, IP: "127.0.0.1",
		UserAgent: "curl/8", Hostname: "acme.localhost:8443", Audience: "https://timesheets", Scope: "batch:upload",
		Details: json.RawMessage(`{"n":1}`), References: &tenant.LogReferences{TraceID: fmt.Sprintf("%020d", n)},
	}
}

func clientID(c tenant.Client) string       { return c.ClientID }
func grantID(g tenant.ClientGrant) string   { return g.ID }
func apiID(rs tenant.ResourceServer) string { return rs.ID }
func description(e tenant.LogEvent) string  { return e.Description }
