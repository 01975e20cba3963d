package mgmt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maskedValue is JSON in which no secret is left.
type maskedValue json.RawMessage

// MarshalJSON writes the value; none is null.
func (v maskedValue) MarshalJSON() ([]byte, error) {
	if len(v) == 0 {
		return []byte("null"), nil
	}
	return v, nil
}

// redacted stands where a secret was.
const redacted = "[REDACTED]"

const redactedJSON = `"` + redacted + `"`

// secretWords mark a property whose value never goes to the log. Longer names count too: signing_secret, client_secret_expires_at.
func secretWords() []string {
	return []string{
		"secret", "password", "private", "encryption_key", "pem", "authorization_header", "addons",
		"token", "api_key", "verify_key", "access_key", "wrapped_key",
	}
}

// openNames are the properties of this API that have a secret word in their name and say how secrets are used, but hold none. Flags need
// no line here: no flag is a secret.
func openNames() []string {
	return []string{
		"private_key_jwt", "refresh_token", "default_token_quota", "token_quota", "token_dialect", "token_encryption", "token_exchange", "subject_token_type",
		"token_endpoint_auth_method", "token_vault_privileged_access", "token_lifetime", "token_lifetime_for_web", "idle_token_lifetime",
	}
}

// maxLogged bounds one value in a record, in bytes of JSON: whoever may write to this API could fill the log with a few bodies otherwise.
const maxLogged = 16 << 10

// logged is the value of the property called name as a record shows it: without its secrets, and by its length alone where it is long.
func logged(name string, value json.RawMessage) maskedValue {
	shown := masked(name, value)
	if len(shown) > maxLogged {
		return maskedValue(`"` + lengthOnly(len(value)) + `"`)
	}
	return shown
}

// lengthOnly stands where a value of n bytes was too long.
func lengthOnly(n int) string { return fmt.Sprintf("[%d bytes]", n) }

// namesOnly is an object with all its values masked: nothing is known of them. Any other value is masked whole.
func namesOnly(value json.RawMessage) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil || members == nil {
		return json.RawMessage(redactedJSON)
	}
	for name := range members {
		members[name] = json.RawMessage(redactedJSON)
	}
	text, err := json.Marshal(members)
	if err != nil {
		return json.RawMessage(redactedJSON)
	}
	return text
}

// masked is the value of the property called name without its secrets, at any depth. What cannot be read is masked whole.
func masked(name string, value json.RawMessage) maskedValue {
	if len(value) == 0 {
		return nil
	}
	var tree any
	if err := json.Unmarshal(value, &tree); err != nil {
		return maskedValue(redactedJSON)
	}
	text, err := json.Marshal(maskTree(name, tree))
	if err != nil {
		return maskedValue(redactedJSON)
	}
	return text
}

func maskTree(name string, value any) any {
	switch value.(type) {
	case nil, bool: // secret_encoded is no secret
		return value
	}
	if name == "sink" {
		return maskSink(value)
	}
	if isSecret(name) {
		return redacted
	}
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			v[key] = maskTree(key, item)
		}
	case []any:
		for i, item := range v {
			v[i] = maskTree("", item)
		}
	}
	return value
}

func isSecret(name string) bool {
	name = strings.ToLower(name)
	if slices.Contains(openNames(), name) {
		return false
	}
	for _, word := range secretWords() {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
