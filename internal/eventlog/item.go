package eventlog

import (
	"encoding/json"

	"github.com/writ-auth/writ/internal/tenant"
)

// Item is a record as the Management API and every log stream show it, in Auth0's key order.
type Item struct {
	Date             string                `json:"date"`
	Type             string                `json:"type"`
	Description      string                `json:"description"`
	ConnectionID     string                `json:"connection_id"`
	Connection       string                `json:"connection,omitzero"`
	ClientID         *string               `json:"client_id"`
	ClientName       *string               `json:"client_name"`
	IP               string                `json:"ip"`
	ClientIP         string                `json:"client_ip,omitzero"`
	UserAgent        string                `json:"user_agent"`
	Hostname         string                `json:"hostname"`
	UserID           string                `json:"user_id"`
	UserName         string                `json:"user_name"`
	OrganizationID   string                `json:"organization_id,omitzero"`
	OrganizationName string                `json:"organization_name,omitzero"`
	Audience         string                `json:"audience,omitzero"`
	Scope            string                `json:"scope,omitzero"`
	Auth0Client      string                `json:"auth0_client,omitzero"`
	EnvironmentName  string                `json:"environment_name,omitzero"`
	Details          json.RawMessage       `json:"details,omitzero"`
	References       *tenant.LogReferences `json:"references,omitzero"`
	EventSchema      Schema                `json:"$event_schema"`
	LogID            string                `json:"log_id"`
	TenantName       string                `json:"tenant_name"`
	UnderscoreID     string                `json:"_id"`
	IsMobile         bool                  `json:"isMobile"`
	ID               string                `json:"id"`
}

// Schema names the version of the record's form.
type Schema struct {
	Version string `json:"version"`
}

// schemaVersion is Auth0's.
const schemaVersion = "1.0.0"

// dateLayout is RFC 3339 in UTC to the millisecond, zeros included.
const dateLayout = "2006-01-02T15:04:05.000Z"

// NewItem is the wire form of a stored record.
func NewItem(e tenant.LogEvent) Item {
	return Item{
		Date: e.Date.UTC().Format(dateLayout), Type: e.Type, Description: e.Description,
		ConnectionID: e.ConnectionID, Connection: e.Connection, ClientID: e.ClientID, ClientName: e.ClientName,
		IP: e.IP, ClientIP: e.ClientIP, UserAgent: e.UserAgent, Hostname: e.Hostname, UserID: e.UserID, UserName: e.UserName,
		OrganizationID: e.OrganizationID, OrganizationName: e.OrganizationName, Audience: e.Audience, Scope: e.Scope,
		Auth0Client: e.Auth0Client, EnvironmentName: e.EnvironmentName, Details: e.Details, References: e.References,
		EventSchema: Schema{Version: schemaVersion}, TenantName: e.Tenant, IsMobile: e.IsMobile,
		LogID: e.LogID, UnderscoreID: e.LogID, ID: e.LogID,
	}
}

// ItemFields returns the keys that an item may have, for the selection of fields.
func ItemFields() []string {
	return []string{
		"date", "type", "description", "connection_id", "connection", "client_id", "client_name", "ip", "client_ip", "user_agent",
		"hostname", "user_id", "user_name", "organization_id", "organization_name", "audience", "scope", "auth0_client",
		"environment_name", "details", "references", "$event_schema", "log_id", "tenant_name", "_id", "isMobile", "id",
		"strategy", "strategy_type", "location_info", "session_connection",
	}
}
