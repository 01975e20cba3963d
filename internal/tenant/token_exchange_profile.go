package tenant

import (
	"strings"
	"time"
)

// TriggerTokenExchange is the trigger of Actions that judge the subject tokens of a token exchange (RFC 8693).
const TriggerTokenExchange = "custom-token-exchange"

// MaxTokenExchangeProfiles is how many a tenant may have, as Auth0 has it.
const MaxTokenExchangeProfiles = 100

// TokenExchangeProfile says which Action judges the subject tokens of one type. Auth0: token-exchange-profiles.
type TokenExchangeProfile struct {
	// ID is tep_ and 16 characters.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Type is custom_authentication; immutable.
	Type string `json:"type"`
	// SubjectTokenType is a URI, unique within the tenant (RFC 8693 section 2.1, subject_token_type).
	SubjectTokenType string `json:"subject_token_type"`
	// ActionID is of a deployed Action with TriggerTokenExchange; immutable.
	ActionID  string    `json:"action_id"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Validate refuses a SubjectTokenType of a namespace that means something already. Errors: *FieldError.
func (p *TokenExchangeProfile) Validate() error {
	kind := strings.ToLower(p.SubjectTokenType)
	for _, reserved := range []string{"urn:ietf", "urn:auth0", "urn:okta", "http://auth0.com", "https://auth0.com", "http://okta.com", "https://okta.com"} {
		rest, within := strings.CutPrefix(kind, reserved)
		if within && (rest == "" || strings.ContainsAny(rest[:1], ":/?#")) {
			return fieldErrorf("subject_token_type", "The subject_token_type is in the reserved namespace %s: choose a URI of your own.", reserved)
		}
	}
	return nil
}
