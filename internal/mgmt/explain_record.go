package mgmt

import (
	"encoding/json"
	"errors"
	"net/netip"
	"slices"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// maxRecordedWords is how much of the caller's own words a record keeps, in bytes: from there on they are cut.
const maxRecordedWords = 1024

// questionOf is the request that a feccft record tells of, as far as it does, and the refusal that it met. Errors: *rest.Error if the
// record has cut what was asked for.
func questionOf(event tenant.LogEvent) (oauth.Question, error) {
	for name, value := range map[string]string{"audience": event.Audience, "scope": event.Scope} {
		if len(value) >= maxRecordedWords {
			return oauth.Question{}, rest.InvalidBody("The record has only the beginning of the %s: ask with the parameters in place of log_id.", name)
		}
	}
	var details struct {
		Error struct {
			Code   string `json:"oauthError"`
			Reason string `json:"reason"`
			Cause  string `json:"message"`
		} `json:"error"`
		Request struct {
			Resource     string `json:"resource"`
			Organization string `json:"organization"`
			DPoP         bool   `json:"dpop"`
		} `json:"request"`
	}
	if err := json.Unmarshal(event.Details, &details); err != nil {
		return oauth.Question{}, err // written by us
	}
	q := oauth.Question{
		GrantType: tenant.GrantClientCredentials, Audience: event.Audience, Scope: event.Scope, Resource: details.Request.Resource,
		Organization: details.Request.Organization, DPoP: details.Request.DPoP,
		Recorded: &oauth.Error{Reason: reasonCalled(details.Error.Reason), Code: details.Error.Code, Description: event.Description},
	}
	q.IP, q.UserAgent = addressOf(event.IP), event.UserAgent
	if event.ClientID != nil {
		q.ClientID = *event.ClientID
	}
	if details.Error.Cause != "" {
		q.Recorded.Cause = errors.New(details.Error.Cause)
	}
	return q, nil
}

// addressOf is the address in a record; the zero Addr if it has none.
func addressOf(text string) netip.Addr {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return ip
}

// reasonCalled is the inverse of Reason.String; a name of another version is a fault of ours, which stands for nothing.
func reasonCalled(name string) oauth.Reason {
	all := oauth.Reasons()
	if i := slices.IndexFunc(all, func(r oauth.Reason) bool { return r.String() == name }); i >= 0 {
		return all[i]
	}
	return oauth.ReasonInternal
}
