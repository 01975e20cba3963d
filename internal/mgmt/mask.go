package mgmt

import (
	"encoding/json"
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
	return []string{"secret", "password", "private", "encryption_key", "pem", "authorization_header", "addons"}
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
	if name == "private_key_jwt" { // names credentials, and holds none
		return false
	}
	for _, word := range secretWords() {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
