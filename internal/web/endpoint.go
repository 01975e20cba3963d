package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

// request is one of the page's own requests, with who is signed in.
type request struct {
	*http.Request
	session *admin.Session
	from    admin.Origin
}

// operatorID is who asks.
func (r request) operatorID() string { return r.session.Operator.ID }

// answer is a status and a value for JSON; nil = there is no body.
type answer struct {
	status int
	body   any
}

func success(body any) answer { return answer{http.StatusOK, body} }

func noContent() answer { return answer{status: http.StatusNoContent} }

// endpoint is one of the page's own operations. Errors: what refusalOf knows.
type endpoint func(w http.ResponseWriter, r request) (answer, error)

// underPrefix turns "GET session" into a pattern of the mux.
func underPrefix(pattern string) string {
	method, path, _ := strings.Cut(pattern, " ")
	return method + " " + Prefix + path
}

// operatorHeader names whose page sends a request, by the operator's id.
const operatorHeader = "Writ-Operator"

// checkPage fails where a page of one operator would act with the session of another, who has signed in in the same browser since. What
// writes has to say whose page it is. Errors: refusal.
func checkPage(r *http.Request, session *admin.Session) error {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch whose := r.Header.Get(operatorHeader); {
	case whose == session.Operator.ID, whose == "" && reads:
		return nil
	case whose == "":
		return refused(http.StatusBadRequest, "The header %s is missing: it names the operator who asks, by the id in /manage/session.", operatorHeader)
	}
	return refused(http.StatusUnauthorized, "Somebody else is signed in in this browser now.")
}

// signedIn lets an operation see requests with a session only, of the operator whose page sends them. Each counts as use of the session:
// the page sends none by itself.
func (c *Console) signedIn(serve endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, err := c.operatorSession(r)
		if err == nil {
			err = checkPage(r, session)
		}
		if err == nil {
			err = c.pace.operation(session.Operator.ID)
		}
		if err != nil {
			c.fail(w, r, err)
			return
		}
		out, err := serve(w, request{r, session, c.Origin(r)})
		if err != nil {
			c.fail(w, r, err)
			return
		}
		writeJSON(w, out)
	})
}

// nowhere keeps addresses below those of operations from being taken for pages.
func nowhere(http.ResponseWriter, request) (answer, error) { return answer{}, tenant.ErrNotFound }

// refusal is an answer that says why not, in the Management API's envelope.
type refusal struct {
	Status  int    `json:"statusCode"`
	Phrase  string `json:"error"`
	Message string `json:"message"`
}

func (f refusal) Error() string { return f.Message }

// fail answers an error, and logs what is a fault of ours.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := refusalOf(err)
	var slow *admin.SlowDownError
	switch {
	case errors.As(err, &slow):
		w.Header().Set("Retry-After", seconds(slow.RetryAfter))
	case f.Status == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	case f.Status == http.StatusInternalServerError:
		c.Log.ErrorContext(r.Context(), "an operation of the console failed", "route", r.Pattern, "error", err)
	}
	writeRefusal(w, f)
}

// refusalOf is the public side of an error.
func refusalOf(err error) refusal {
	var (
		plain  refusal
		faulty *tenant.FieldError
		slow   *admin.SlowDownError
		large  *http.MaxBytesError
	)
	switch {
	case errors.As(err, &plain):
		return plain
	case errors.As(err, &faulty):
		return refused(http.StatusBadRequest, "Payload validation error: '%s' on property %s", faulty.Message, faulty.Field)
	case errors.As(err, &slow):
		return refused(http.StatusTooManyRequests, "Too many attempts. Try again in %s.", inWords(slow.RetryAfter))
	case errors.As(err, &large):
		return refused(http.StatusRequestEntityTooLarge, "Payload content length greater than maximum allowed: %d", maxBody)
	case errors.Is(err, admin.ErrNoSession):
		return refused(http.StatusUnauthorized, "Your session is over.")
	case errors.Is(err, admin.ErrForbidden):
		return refused(http.StatusForbidden, "Your role does not include this.")
	case errors.Is(err, admin.ErrLastOwner):
		return refused(http.StatusConflict, "A tenant keeps its last owner: make somebody else an owner first.")
	case errors.Is(err, admin.ErrOnlyTenant):
		return refused(http.StatusConflict, "This is the only tenant that you administer: make another one first, to go on from.")
	case errors.Is(err, admin.ErrSecondFactorOn):
		return refused(http.StatusConflict, "The second factor is on already.")
	case errors.Is(err, tenant.ErrNotFound):
		return refused(http.StatusNotFound, "There is no such thing, or not any more.")
	case errors.Is(err, tenant.ErrUnavailable):
		return refused(http.StatusServiceUnavailable, "The server cannot reach its store right now. Nothing was changed; retry later.")
	}
	if errors.Is(err, context.Canceled) {
		return refused(http.StatusServiceUnavailable, "The request was given up.") // for nobody
	}
	return refused(http.StatusInternalServerError, "An internal server error occurred")
}

func refused(status int, format string, args ...any) refusal {
	return refusal{Status: status, Message: fmt.Sprintf(format, args...)}
}

func writeRefusal(w http.ResponseWriter, f refusal) {
	f.Phrase = http.StatusText(f.Status)
	writeJSON(w, answer{f.Status, f})
}

// writeJSON sends an answer. No cache keeps it.
func writeJSON(w http.ResponseWriter, out answer) {
	w.Header().Set("Cache-Control", "no-store")
	if out.body == nil {
		w.WriteHeader(out.status)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(out.status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(out.body) // the caller may have gone
}

// isType reports whether the body says that it is of a media type.
func isType(r *http.Request, want string) bool {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && got == want
}

// readJSON reads the body into a T: one object of known members, at most maxBody bytes. Other media types are refused: a form of
// another site could send them. Errors: refusal; *http.MaxBytesError.
func readJSON[T any](w http.ResponseWriter, r *http.Request) (T, error) {
	var in T
	if !isType(r, "application/json") {
		return in, refused(http.StatusUnsupportedMediaType, "Send application/json.")
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return in, err
	case err != nil:
		return in, refused(http.StatusBadRequest, "The request body could not be read to its end")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return in, badJSON(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return in, badJSON(err)
	}
	return in, nil
}

// badJSON says what is wrong with a body, in the Management API's words.
func badJSON(err error) refusal {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) && mistyped.Field != "" {
		return refused(http.StatusBadRequest, "Payload validation error: 'Expected type string but found type %s' on property %s",
			mistyped.Value, mistyped.Field)
	}
	if err != nil { // encoding/json has no type for an unknown member
		if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			return refused(http.StatusBadRequest, "Payload validation error: 'Additional properties not allowed: %s'.", strings.Trim(name, `"`))
		}
	}
	return refused(http.StatusBadRequest, "Invalid request payload JSON format")
}

// timestamp is a time as the Management API writes it.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
