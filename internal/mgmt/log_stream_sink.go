package mgmt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// sinkMembers are the properties of a sink. The schema has judged each; which of them belong together follows from the type of the stream.
type sinkMembers map[string]json.RawMessage

// neverShown stands for a password that Auth0 shows nobody.
const neverShown = `"********"`

// over is the sink that is to be, where it was old before; nil = there was none. Secrets that are left out stay, and so does a password of which
// its stand-in comes back: tools send what they have read. An empty optional text is none. Errors: in z-schema's words what a sink of the type
// lacks, and what it does not have.
func (sink sinkMembers) over(streamType string, old sinkMembers) (sinkMembers, error) {
	properties := tenant.SinkProperties(streamType)
	if err := sink.checkNames(properties); err != nil {
		return nil, err
	}
	next := sinkMembers{}
	for _, p := range properties {
		value := sink[p.Name]
		if value == nil && (p.Sight == tenant.SinkSecret || p.Sight == tenant.SinkPassword) || old != nil && p.Sight == tenant.SinkPassword && string(value) == neverShown {
			value = old[p.Name]
		}
		if string(value) == `""` && !p.Required {
			continue
		}
		switch {
		case value != nil:
			next[p.Name] = value
		case p.Required:
			return nil, sinkFault("Missing required property: %s", p.Name)
		}
	}
	if old != nil && (streamType == "eventbridge" || streamType == "eventgrid") && !sameSink(old, next) {
		return nil, sinkStays(streamType)
	}
	return next, next.check()
}

func (sink sinkMembers) checkNames(properties []tenant.SinkProperty) error {
	var surplus []string
	for name := range sink {
		if !slices.ContainsFunc(properties, func(p tenant.SinkProperty) bool { return p.Name == name }) {
			surplus = append(surplus, name)
		}
	}
	if len(surplus) > 0 {
		slices.Sort(surplus)
		return sinkFault("Additional properties not allowed: %s", strings.Join(surplus, ","))
	}
	return nil
}

// check holds what no schema says.
func (sink sinkMembers) check() error {
	if password := sink["mixpanelServiceAccountPassword"]; string(password) == neverShown {
		return passwordNotShown()
	}
	if endpoint := sink.text("httpEndpoint"); endpoint != "" {
		if u, err := url.Parse(endpoint); err != nil || u.Hostname() == "" {
			return rest.InvalidBody("The httpEndpoint of the sink is no URL with a host, such as https://example.com/logs.")
		}
	}
	return nil
}

// text is a property's text; empty where there is none.
func (sink sinkMembers) text(name string) string {
	var text string
	if json.Unmarshal(sink[name], &text) != nil {
		return ""
	}
	return text
}

func sameSink(a, b sinkMembers) bool {
	x, errX := packSink(a)
	y, errY := packSink(b)
	return errX == nil && errY == nil && bytes.Equal([]byte(x.Reveal()), []byte(y.Reveal()))
}

// view is the sink in recorded order, with its secrets or as a record shows it; told says whether there is one in the answer.
func (sink sinkMembers) view(streamType string, secrets bool) (view rest.Object, told bool, err error) {
	for _, p := range tenant.SinkProperties(streamType) {
		value := sink[p.Name]
		if value == nil {
			continue
		}
		open := maskSinkProperty(p.Sight, value)
		switch {
		case p.Sight == tenant.SinkPassword:
			value = json.RawMessage(neverShown)
		case !secrets:
			value = json.RawMessage(open)
		default:
			told = told || !sameJSON(value, json.RawMessage(open))
		}
		if err := view.InsertAfter("", p.Name, value); err != nil {
			return view, told, err
		}
	}
	return view, told, nil
}

// sinkSight is how much of a sink's property is shown; what no type has is a secret.
func sinkSight(name string) tenant.SinkSight {
	for _, streamType := range tenant.LogStreamTypes() {
		for _, p := range tenant.SinkProperties(streamType) {
			if p.Name == name {
				return p.Sight
			}
		}
	}
	return tenant.SinkSecret
}

// maskSink is a sink, or what was sent as one, without its secrets.
func maskSink(value any) any {
	members, ok := value.(map[string]any)
	if !ok {
		return redacted
	}
	for name, member := range members {
		members[name] = maskSinkValue(sinkSight(name), member)
	}
	return members
}

// maskSinkProperty is maskSinkValue of JSON.
func maskSinkProperty(sight tenant.SinkSight, value json.RawMessage) maskedValue {
	var tree any
	if json.Unmarshal(value, &tree) != nil {
		return maskedValue(redactedJSON)
	}
	text, err := json.Marshal(maskSinkValue(sight, tree))
	if err != nil {
		return maskedValue(redactedJSON)
	}
	return text
}

func maskSinkValue(sight tenant.SinkSight, value any) any {
	switch v := value.(type) {
	case nil, bool:
		return value
	case string:
		if sight == tenant.SinkOpen {
			return v
		}
		if sight == tenant.SinkAddress {
			return maskAddress(v)
		}
	case []any:
		if sight == tenant.SinkHeaders {
			return maskHeaders(v)
		}
	}
	return redacted
}

// maskAddress leaves the scheme and the host of a URL.
func maskAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return redacted
	}
	origin := u.Scheme + "://" + u.Host
	if address == origin || address == origin+"/" {
		return address
	}
	return origin + "/" + redacted
}

// maskHeaders leaves the names of headers.
func maskHeaders(headers []any) []any {
	masked := make([]any, len(headers))
	for i, h := range headers {
		masked[i] = redacted
		if members, ok := h.(map[string]any); ok {
			if name, ok := members["header"].(string); ok {
				masked[i] = map[string]any{"header": name, "value": redacted}
			}
		}
	}
	return masked
}

// sinkDescription is what the schemas say of the property, and so every message.
const sinkDescription = "Where the log is sent to: the properties follow from the type of the log stream."

func sinkFault(format string, args ...any) error {
	return rest.InvalidBody("Payload validation error: '%s' on property sink (%s).", fmt.Sprintf(format, args...), sinkDescription)
}

func sinkStays(streamType string) error {
	return rest.InvalidBody("The sink of a log stream of type %s cannot be updated: delete the stream and create another.", streamType)
}

func passwordNotShown() error {
	return rest.InvalidBody("The mixpanelServiceAccountPassword is what answers show in its place: send the password itself.")
}

func noLogStream() error { return rest.NotFound("The log stream does not exist.", "") }

func tooManyLogStreams() error {
	return rest.Conflict("You have reached the maximum number of log streams for your account.")
}
