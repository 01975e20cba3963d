package mgmt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// details is what a management record tells beyond who and when, in the shape of Auth0's sapi records.
type details struct {
	Request  requestDetails            `json:"request"`
	Response responseDetails           `json:"response"`
	Diff     map[string][2]maskedValue `json:"diff,omitempty"`
}

type requestDetails struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	Query  map[string]any `json:"query"`
	Auth   authDetails    `json:"auth"`
	Body   maskedValue    `json:"body,omitempty"`
}

type authDetails struct {
	Credentials credentialDetails `json:"credentials"`
	Strategy    string            `json:"strategy"`
	User        userDetails       `json:"user"`
}

// userDetails is the person who did it; an empty object for a client.
type userDetails struct {
	UserID string `json:"user_id,omitempty"`
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
}

type credentialDetails struct {
	JTI string `json:"jti,omitempty"`
}

type responseDetails struct {
	StatusCode int `json:"statusCode"`
	// Body is the refusal's text; absent on success.
	Body map[string]any `json:"body,omitempty"`
}

// event is the log record of one operation.
func (a *API) event(caller rest.Caller, kind string, status int, done change) (tenant.LogEvent, error) {
	diff, err := diffOf(done)
	if err != nil {
		return tenant.LogEvent{}, err
	}
	return a.eventWith(caller, kind, details{
		Request: requestOf(caller), Response: responseDetails{StatusCode: status}, Diff: diff,
	})
}

func (a *API) eventWith(caller rest.Caller, kind string, d any) (tenant.LogEvent, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return tenant.LogEvent{}, err
	}
	call, who := caller.Call, caller.Principal
	event := tenant.LogEvent{
		Tenant: call.Tenant, Date: a.now().UTC(), Type: kind, Description: caller.Operation.Summary,
		UserID: who.User.ID, UserName: who.User.Name,
		IP: call.IP.String(), UserAgent: call.UserAgent, Hostname: call.Domain, Auth0Client: call.Auth0Client,
		Details: text, References: &tenant.LogReferences{TraceID: call.RequestID},
	}
	if who.ClientID != "" {
		event.ClientID, event.ClientName = &who.ClientID, &who.ClientName
	}
	return event, nil
}

// eventOf is the log record of a notice on a request.
func (a *API) eventOf(caller rest.Caller, notice tenant.LogNotice) (tenant.LogEvent, error) {
	event, err := a.eventWith(caller, notice.Type, notice.Details)
	event.Description = notice.Description
	return event, err
}

// recordNotice writes a notice; the answer does not hang on it.
func (a *API) recordNotice(ctx context.Context, caller rest.Caller, notice tenant.LogNotice) {
	event, err := a.eventOf(caller, notice)
	if err == nil {
		err = a.store.Append(ctx, event)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "a notice has no record", "type", notice.Type, "request_id", caller.Call.RequestID, "error", err.Error())
	}
}

// recordRefusal writes the fapi record of a refused write, or the api_limit record of one that was done too often. A store that cannot take it is told to the operator; the caller
// gets its refusal all the same.
func (a *API) recordRefusal(ctx context.Context, caller rest.Caller, refusal *rest.Error) {
	if v := refusal.Limit; v != nil {
		a.recordLimit(ctx, caller, limitDetails{Family: caller.Operation.Summary, Limit: v.Limit, Reset: v.Reset.UTC()})
		return
	}
	message := cmp.Or(refusal.Discreet, refusal.Message)
	body := map[string]any{"message": message}
	if refusal.Code != "" {
		body["errorCode"] = refusal.Code
	}
	event, err := a.eventWith(caller, tenant.LogManagementRefused, details{
		Request: requestOf(caller), Response: responseDetails{StatusCode: refusal.Status, Body: body},
	})
	if err == nil {
		event.Description = message
		err = a.store.Append(ctx, event)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "a refused management write has no record", "request_id", caller.Call.RequestID, "error", err.Error())
	}
}

func requestOf(caller rest.Caller) requestDetails {
	op, who := caller.Operation, caller.Principal.User
	body := op.Body
	if op.Schema == anyBody && body != nil {
		body = namesOnly(body)
	}
	return requestDetails{
		Method: strings.ToLower(op.Method), Path: op.Path, Query: queryOf(op.Query),
		Auth: authDetails{
			Credentials: credentialDetails{JTI: caller.Principal.JTI}, Strategy: "jwt",
			User: userDetails{UserID: who.ID, Name: who.Name, Email: who.Email},
		},
		Body: logged("", body),
	}
}

func queryOf(query url.Values) map[string]any {
	all := make(map[string]any, len(query))
	for name, values := range query {
		switch {
		case isSecret(name) || strings.Contains(name, "token"):
			all[name] = redacted
		case len(strings.Join(values, "")) > maxLogged:
			all[name] = lengthOnly(len(strings.Join(values, "")))
		case len(values) == 1:
			all[name] = values[0]
		default:
			all[name] = values
		}
	}
	return all
}

// diffOf is what changed, property by property: [old, new].
func diffOf(done change) (map[string][2]maskedValue, error) {
	before, err := propertiesOf(done.old)
	if err != nil {
		return nil, err
	}
	after, err := propertiesOf(done.new)
	if err != nil {
		return nil, err
	}
	diff := map[string][2]maskedValue{}
	for name, old := range before {
		if !bytes.Equal(old, after[name]) {
			diff[name] = [2]maskedValue{logged(name, old), logged(name, after[name])}
		}
	}
	for name, value := range after {
		if _, changed := before[name]; !changed {
			diff[name] = [2]maskedValue{nil, logged(name, value)}
		}
	}
	return diff, nil
}

func propertiesOf(v any) (map[string]json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var properties map[string]json.RawMessage
	return properties, json.Unmarshal(text, &properties)
}
