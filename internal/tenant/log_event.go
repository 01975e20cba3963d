package tenant

import (
	"encoding/json"
	"time"
)

// LogEvent is one record of the tenant log. Auth0: logs. Keys that Auth0 always sends are always present.
type LogEvent struct {
	// Tenant owns the record. Wire: tenant_name.
	Tenant string `json:"tenant_name"`
	// Date is when it happened, to the millisecond. The log's order is that of LogID, not of Date.
	Date time.Time `json:"date"`
	// Type is Auth0's code: see the constants below.
	Type        string `json:"type"`
	Description string `json:"description"`
	// ClientID and ClientName are null where the client is unknown.
	ClientID   *string `json:"client_id"`
	ClientName *string `json:"client_name"`
	IP         string  `json:"ip"`
	ClientIP   string  `json:"client_ip,omitzero"`
	UserAgent  string  `json:"user_agent"`
	// Hostname is the domain that was called.
	Hostname         string `json:"hostname"`
	UserID           string `json:"user_id"`
	UserName         string `json:"user_name"`
	ConnectionID     string `json:"connection_id"`
	Connection       string `json:"connection,omitzero"`
	OrganizationID   string `json:"organization_id,omitzero"`
	OrganizationName string `json:"organization_name,omitzero"`
	Audience         string `json:"audience,omitzero"`
	// Scope is space-separated: granted on success, asked for on failure.
	Scope           string          `json:"scope,omitzero"`
	Auth0Client     string          `json:"auth0_client,omitzero"`
	EnvironmentName string          `json:"environment_name,omitzero"`
	Details         json.RawMessage `json:"details,omitzero"`
	References      *LogReferences  `json:"references,omitzero"`
	IsMobile        bool            `json:"isMobile"`

	// LogID is 56 digits, given at insertion in commit order; readers put it on the wire three times: log_id, _id, id.
	LogID string `json:"-"`
	// ForManagementAPI: the token is for the tenant's own Management API. Usage counts it apart; the log does not keep it.
	ForManagementAPI bool `json:"-"`
	// OutboxID makes a repeated insertion harmless: a record with a known OutboxID is not stored again. Empty = none.
	OutboxID string `json:"-"`
}

// LogNotice is what stands in the log beside a request's own record; who writes it says whose request it was.
type LogNotice struct {
	Type, Description string
	Details           json.RawMessage
}

// LogReferences ties a record to the answer it belongs to.
type LogReferences struct {
	// TraceID is the answer's X-Auth0-RequestId.
	TraceID string `json:"trace_id,omitzero"`
	// CorrelationID is the caller's X-Correlation-ID.
	CorrelationID string `json:"correlation_id,omitzero"`
}

// Values of LogEvent.Type that writ writes.
const (
	LogTokenIssued        = "seccft" // success exchange of client credentials for an access token
	LogTokenRefused       = "feccft"
	LogManagementWritten  = "sapi" // success of a management write
	LogManagementRefused  = "fapi"
	LogAPILimit           = "api_limit"    // a limit of requests was reached
	LogNetworkACL         = "acls_summary" // what a network ACL did, or cannot do
	LogQuotaWarning       = "token_quota_consumption_warning"
	LogManagementKeysRead = "mgmt_api_read" // a read that returned secrets
)
