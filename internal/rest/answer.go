package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/writ-auth/writ/internal/limit"
)

// Headered is an answer that adds headers of its own, such as Link.
type Headered interface{ SetHeader(h http.Header) }

// Encoded is an answer that may have another form than JSON, such as CSV. Its route says so (Route.Also).
type Encoded interface {
	// Encode returns the media type and the text.
	Encode() (mediaType string, text []byte, err error)
}

// Created is an answer that says whether its object was made anew.
type Created interface{ Created() bool }

// envelope is the error body in Auth0's key order.
type envelope struct {
	StatusCode int         `json:"statusCode"`
	Error      string      `json:"error"`
	Message    string      `json:"message"`
	Attributes *attributes `json:"attributes,omitempty"`
	ErrorCode  string      `json:"errorCode,omitempty"`
}

type attributes struct {
	Error string `json:"error"`
}

// WriteError answers with the envelope.
func WriteError(w http.ResponseWriter, e *Error) {
	body := envelope{StatusCode: e.Status, Error: e.phrase(), Message: e.Message, ErrorCode: e.Code}
	if e.Attribute != "" {
		body.Attributes = &attributes{Error: e.Attribute}
	}
	if e.Limit != nil {
		tellLimit(w.Header(), *e.Limit)
		w.Header().Set("Retry-After", strconv.Itoa(e.Limit.RetryAfter()))
	}
	if e.Location != "" {
		w.Header().Set("Location", e.Location)
	}
	switch e.Status {
	case http.StatusUnauthorized: // RFC 6750 section 3
		w.Header().Set("WWW-Authenticate", "Bearer")
		if e.Attribute != "" {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		}
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	text, err := marshal(body)
	if err != nil { // cannot happen: the envelope holds strings and an int
		text = []byte(`{"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"}`)
	}
	writeJSON(w, e.Status, text)
}

// tellLimit tells of a limit and what is left of it (Auth0: x-ratelimit-*).
func tellLimit(h http.Header, v limit.Verdict) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(v.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(v.Remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(v.Reset.Unix(), 10))
}

// mediaJSON is the media type of all answers that are not Encoded.
const mediaJSON = "application/json; charset=utf-8"

// writeJSON sends one complete JSON text.
func writeJSON(w http.ResponseWriter, status int, text []byte) { write(w, status, mediaJSON, text) }

// write sends one complete text. No answer of the Management API may be kept by a cache.
func write(w http.ResponseWriter, status int, mediaType string, text []byte) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // the caller is gone: nobody is left to tell
}

// appender is an answer that writes its own JSON. Through json.Marshaler a page of a hundred objects would be checked again
// at every level.
type appender interface {
	appendJSON(dst []byte) []byte
}

// encode is the text of an answer.
func encode(out any) (mediaType string, text []byte, err error) {
	switch out := out.(type) {
	case Encoded:
		return out.Encode()
	case appender:
		return mediaJSON, out.appendJSON(nil), nil
	}
	text, err = marshal(out)
	return mediaJSON, text, err
}

// JSON is what Encode returns for the usual form of v.
func JSON(v any) (mediaType string, text []byte, err error) {
	text, err = marshal(v)
	return mediaJSON, text, err
}

// marshal is json.Marshal without the escapes that only HTML needs.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
