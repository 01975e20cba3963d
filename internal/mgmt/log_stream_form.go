package mgmt

import (
	"encoding/json"
	"time"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/tenant"
)

// logStreamForm is a log stream as callers write it: with the sink as an object.
type logStreamForm struct {
	Name       string                   `json:"name,omitzero"`
	Type       string                   `json:"type"`
	Status     string                   `json:"status"`
	Sink       sinkMembers              `json:"sink"`
	Filters    []tenant.LogStreamFilter `json:"filters,omitzero"`
	IsPriority bool                     `json:"isPriority"`
	PIIConfig  *tenant.LogStreamPII     `json:"pii_config,omitzero"`
	StartFrom  *string                  `json:"startFrom,omitzero"`
}

func formOf(s tenant.LogStream, sink sinkMembers) logStreamForm {
	return logStreamForm{Name: s.Name, Type: s.Type, Status: s.Status, Sink: sink, Filters: s.Filters, IsPriority: s.IsPriority, PIIConfig: s.PIIConfig}
}

// stream is the stream that the form describes, whose sink was old before; nil = there is none yet. Errors: what is wrong with the sink.
func (f logStreamForm) stream(id string, old sinkMembers) (tenant.LogStream, error) {
	stream := tenant.LogStream{
		ID: id, Name: f.Name, Type: f.Type, Status: f.Status, Filters: f.Filters, IsPriority: f.IsPriority, PIIConfig: completePII(f.PIIConfig),
	}
	sink, err := f.Sink.over(f.Type, old)
	if err != nil {
		return stream, err
	}
	stream.Sink, err = packSink(sink)
	return stream, err
}

// completePII fills in what was not said, as recorded.
func completePII(c *tenant.LogStreamPII) *tenant.LogStreamPII {
	if c == nil {
		return nil
	}
	whole := *c
	if whole.Method == "" {
		whole.Method = "hash"
	}
	if whole.Method == "hash" && whole.Algorithm == "" {
		whole.Algorithm = "xxhash"
	}
	return &whole
}

// startOfStream reads startFrom; nil = the stream begins when it is made.
func startOfStream(text *string) (time.Time, error) {
	if text == nil {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, *text)
	if at = at.UTC(); err != nil || at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}, rest.InvalidBody("startFrom must be a date and time like 2026-11-23T12:00:00.000Z")
	}
	return at, nil
}

// logStreamView is a log stream's wire form, in recorded order. startFrom is not among it, as recorded.
type logStreamView struct {
	ID         string                   `json:"id"`
	Name       string                   `json:"name,omitzero"`
	Type       string                   `json:"type"`
	Status     string                   `json:"status"`
	Sink       rest.Object              `json:"sink"`
	Filters    []tenant.LogStreamFilter `json:"filters,omitzero"`
	IsPriority bool                     `json:"isPriority"`
	PIIConfig  *tenant.LogStreamPII     `json:"pii_config,omitzero"`
	// tellsSecret: the sink is shown with something that not everybody may see.
	tellsSecret bool
}

// viewLogStream shows the sink with its secrets or without.
func viewLogStream(s tenant.LogStream, secrets bool) (logStreamView, error) {
	view := logStreamView{ID: s.ID, Name: s.Name, Type: s.Type, Status: s.Status, Filters: s.Filters, IsPriority: s.IsPriority, PIIConfig: s.PIIConfig}
	sink, err := unpackSink(s.Sink)
	if err != nil {
		return view, err
	}
	view.Sink, view.tellsSecret, err = sink.view(s.Type, secrets)
	return view, err
}

// wholeLogStream is what a record compares, and then masks: everything, so that a new secret is a change.
func wholeLogStream(s tenant.LogStream) (logStreamForm, error) {
	sink, err := unpackSink(s.Sink)
	return formOf(s, sink), err
}

// seesSinkSecrets: programs see what Auth0 shows them; a person sees secrets who may set them.
func seesSinkSecrets(who rest.Principal) bool {
	return who.User.ID == "" || who.HasAny("create:log_streams", "update:log_streams")
}

// packSink is the one text that is sealed.
func packSink(sink sinkMembers) (tenant.Secret, error) {
	text, err := json.Marshal(sink)
	return tenant.Secret(text), err
}

func unpackSink(packed tenant.Secret) (sinkMembers, error) {
	sink := sinkMembers{}
	return sink, json.Unmarshal([]byte(packed.Reveal()), &sink)
}
