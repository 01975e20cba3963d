package token

import (
	"encoding/json"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// issuedDescription is Auth0's for seccft.
const issuedDescription = "Client Credentials for Access Token"

// maxLogged bounds, in bytes, what a record repeats of the caller's own words.
const maxLogged = 1024

// issued is the record of a token that was given out.
func (x *exchange) issued() tenant.LogEvent {
	e := x.event(tenant.LogTokenIssued, issuedDescription)
	e.Audience = x.auth.Audience
	e.ForManagementAPI = x.auth.ResourceServer.IsSystem
	e.Scope = strings.Join(x.auth.Scope, " ")
	e.Details = json.RawMessage(`{}`)
	if x.token.JTI != "" {
		e.Details = json.RawMessage(`{"access_token_jti":"` + x.token.JTI + `"}`)
	}
	return e
}

// refused is the record of a refusal: the public text as description, the private cause in the details.
func (x *exchange) refused(refusal *oauth.Error) tenant.LogEvent {
	e := x.event(tenant.LogTokenRefused, refusal.Description)
	if x.req != nil {
		e.Audience = clip(x.req.Audience)
		e.Scope = clip(strings.Join(x.req.Scope, " "))
	}
	type oauthError struct {
		Error  string `json:"oauthError"`
		Reason string `json:"reason"`
		Cause  string `json:"message,omitzero"`
	}
	detail := oauthError{Error: refusal.Code, Reason: refusal.Reason.String()}
	if refusal.Cause != nil {
		detail.Cause = refusal.Cause.Error()
	}
	e.Details, _ = json.Marshal(struct { // strings always marshal
		Error   oauthError `json:"error"`
		Request askedFor   `json:"request,omitzero"`
	}{detail, x.asked()})
	return e
}

// askedFor is what decided about a refusal and has no field in Auth0's record. An explanation reads it.
type askedFor struct {
	Resource     string `json:"resource,omitzero"`
	Organization string `json:"organization,omitzero"`
	DPoP         bool   `json:"dpop,omitzero"`
}

func (x *exchange) asked() askedFor {
	if x.req == nil {
		return askedFor{}
	}
	return askedFor{Resource: clip(x.req.Resource), Organization: clip(x.req.Organization), DPoP: x.req.DPoP}
}

// event is what both records share. The client is null while it is unknown.
func (x *exchange) event(kind, description string) tenant.LogEvent {
	e := x.call.Event(x.started, kind, clip(description))
	if x.client != nil {
		e.ClientID, e.ClientName = &x.client.ClientID, &x.client.Name
	}
	if x.auth != nil && x.auth.Organization != nil {
		e.OrganizationID, e.OrganizationName = x.auth.Organization.ID, x.auth.Organization.Name
	}
	return e
}

func clip(s string) string {
	if len(s) <= maxLogged {
		return s
	}
	return strings.ToValidUTF8(s[:maxLogged], "")
}
