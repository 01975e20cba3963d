package tenant

import (
	"log/slog"
	"time"
)

// LogStream is where the tenant's log is to be sent on to. Auth0: log-streams.
type LogStream struct {
	// ID is lst_ and 16 digits.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Type is one that has SinkProperties; immutable.
	Type string `json:"type"`
	// Status is active (default), paused, or suspended: what its owner wants of it.
	Status string `json:"status"`
	// Sink is a JSON object of the properties that SinkProperties names for the type. It is a secret as a whole: beside keys, tokens and
	// passwords, the address of a sink is often one, too.
	Sink Secret `json:"sink,omitzero"`
	// Filters select the records by their category; empty = every record.
	Filters []LogStreamFilter `json:"filters,omitzero"`
	// IsPriority streams are sent before others.
	IsPriority bool `json:"isPriority"`
	// PIIConfig says what is hidden of people's data; nil = nothing.
	PIIConfig *LogStreamPII `json:"pii_config,omitzero"`
	// StartFrom is where a new stream begins; zero = when it is made. Auth0 never shows it again.
	StartFrom time.Time `json:"startFrom,omitzero"`
}

// LogValue keeps the sink out of every log.
func (s *LogStream) LogValue() slog.Value { return slog.StringValue(s.ID) }

// LogStreamFilter selects the records of a category: auth.token_exchange.fail, say.
type LogStreamFilter struct {
	Name string `json:"name"`
	// Type is category.
	Type string `json:"type"`
}

// LogStreamPII says which fields of people's data are hidden, and how.
type LogStreamPII struct {
	LogFields []string `json:"log_fields"`
	// Method is mask or hash. Default hash.
	Method string `json:"method"`
	// Algorithm is xxhash; empty where Method is mask.
	Algorithm string `json:"algorithm,omitzero"`
}

// MaxLogStreams is how many streams a tenant may have.
const MaxLogStreams = 10

// LogStreamActive is the status of a new stream.
const LogStreamActive = "active"

// SinkProperty is one property of a stream's sink.
type SinkProperty struct {
	Name string
	// Required: nothing can be sent to a sink without it.
	Required bool
	Sight    SinkSight
}

// SinkSight is how much of a property is shown to whom.
type SinkSight int

// Values of SinkSight. What is not known is a secret.
const (
	// SinkSecret is shown to who may read the API's secrets only.
	SinkSecret SinkSight = iota
	// SinkPassword is shown to nobody.
	SinkPassword
	// SinkAddress is a URL. All may see its scheme and host; the rest is as SinkSecret, because it lets whoever knows it write there.
	SinkAddress
	// SinkHeaders is a list of headers. All may see the names; the values are as SinkSecret.
	SinkHeaders
	// SinkOpen is shown to all who may read the stream.
	SinkOpen
)

// SinkProperties are what the sink of a type of stream consists of, in the order in which Auth0 shows it; nil = there is no such type.
func SinkProperties(streamType string) []SinkProperty {
	const required, optional = true, false
	switch streamType {
	case "http":
		return []SinkProperty{{"httpAuthorization", optional, SinkSecret}, {"httpContentFormat", optional, SinkOpen},
			{"httpContentType", optional, SinkOpen}, {"httpEndpoint", required, SinkAddress}, {"httpCustomHeaders", optional, SinkHeaders}}
	case "eventbridge":
		return []SinkProperty{{"awsAccountId", required, SinkOpen}, {"awsRegion", required, SinkOpen}, {"awsPartnerEventSource", optional, SinkOpen}}
	case "eventgrid":
		return []SinkProperty{{"azureSubscriptionId", required, SinkOpen}, {"azureRegion", required, SinkOpen},
			{"azureResourceGroup", required, SinkOpen}, {"azurePartnerTopic", optional, SinkOpen}}
	case "datadog":
		return []SinkProperty{{"datadogApiKey", required, SinkSecret}, {"datadogRegion", required, SinkOpen}}
	case "splunk":
		return []SinkProperty{{"splunkDomain", required, SinkOpen}, {"splunkPort", required, SinkOpen},
			{"splunkToken", required, SinkSecret}, {"splunkSecure", required, SinkOpen}}
	case "sumo":
		return []SinkProperty{{"sumoSourceAddress", required, SinkAddress}}
	case "segment":
		return []SinkProperty{{"segmentWriteKey", required, SinkSecret}}
	case "mixpanel":
		return []SinkProperty{{"mixpanelRegion", required, SinkOpen}, {"mixpanelProjectId", required, SinkOpen},
			{"mixpanelServiceAccountUsername", required, SinkOpen}, {"mixpanelServiceAccountPassword", required, SinkPassword}}
	}
	return nil
}

// LogStreamTypes are those of LogStream.Type.
func LogStreamTypes() []string {
	return []string{"http", "eventbridge", "eventgrid", "datadog", "splunk", "sumo", "segment", "mixpanel"}
}
