package tenant

import (
	"net/netip"
	"time"
)

// Site is a tenant as reached through one of its domains. Every issuer and audience is derived from it; none is stored.
type Site struct {
	// Tenant is the name.
	Tenant string
	// Domain is the authority that was called, with its port unless that is 443.
	Domain string
	// Canonical is the authority that names the tenant everywhere: the Management API's audience uses it, whatever was called.
	Canonical string
}

// Issuer is the iss of a token that is asked for through this site (RFC 8414 section 2): https, and a slash at the end.
func (s Site) Issuer() string { return "https://" + s.Domain + "/" }

// ManagementAudience is the identifier of the tenant's system resource server.
func (s Site) ManagementAudience() string { return "https://" + s.Canonical + "/api/v2/" }

// Call is what the edge knows of a request before any room looks at it.
type Call struct {
	Site
	// RequestID is the answer's X-Auth0-RequestId and the log record's references.trace_id.
	RequestID string
	// IP is the caller's address, behind trusted proxies the forwarded one.
	IP netip.Addr
	// Peer is the address at the other end of the connection: the caller's, or that of the proxy before us.
	Peer netip.Addr
	// UserAgent is the header as sent, at most 512 bytes.
	UserAgent string
	// Auth0Client is the Auth0-Client header as sent (base64 JSON), at most 1,024 bytes; SDKs name themselves in it.
	Auth0Client string
}

// Event begins a record of the call.
func (c Call) Event(at time.Time, kind, description string) LogEvent {
	return LogEvent{
		Tenant:      c.Tenant,
		Date:        at,
		Type:        kind,
		Description: description,
		IP:          c.IP.String(),
		ClientIP:    c.IP.String(),
		UserAgent:   c.UserAgent,
		Hostname:    c.Domain,
		Auth0Client: c.Auth0Client,
		References:  &LogReferences{TraceID: c.RequestID},
	}
}
