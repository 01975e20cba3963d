package web

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

//go:embed templates/public.html
var publicText string

var publicTemplate = template.Must(template.New("public").Parse(publicText))

// publicPolicy is the Content-Security-Policy of the pages without scripts: styles, the font and the icon of this origin, forms to it,
// and nothing else.
const publicPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'"

// scriptedPolicy lets the set-up's own script in, too, and what it asks of this origin.
const scriptedPolicy = publicPolicy + "; script-src 'self'; connect-src 'self'"

// view is a page without scripts: what it is about, and at most one form, which is posted to the path that shows it.
type view struct {
	Title string
	// Lead says what to do here, Notice what has happened, Fault what went wrong with the form as a whole.
	Lead, Notice, Fault string
	// Below is what else there is, Command the command line for it.
	Below, Command string
	Hidden         []hidden
	Fields         []field
	// Action is the form's path, Submit its button; empty = there is no form.
	Action, Submit string
	Link           *link
	// Scripted asks for setup.ts, which answers in the Live field while it is typed into.
	Scripted bool

	// What follows is filled in by show.
	Assets, Styles, Icon, Script string
	Fonts                        []string
}

// Faulty reports whether something has to be mended; the title says so first, for who hears the page.
func (v view) Faulty() bool {
	return v.Fault != "" || slices.ContainsFunc(v.Fields, func(f field) bool { return f.Fault != "" })
}

type hidden struct{ Name, Value string }

type link struct{ Href, Text string }

// field is an input with its label. All are required.
type field struct {
	Name, Label, Type, Value string
	// Autocomplete is for password managers (HTML, Autofill detail tokens).
	Autocomplete string
	// Hint helps before, Fault after; a fault takes the hint's place.
	Hint, Fault string
	// ReadOnly shows a value that cannot be changed, as password managers want to see it.
	ReadOnly bool
	// Live has a place below for what the script says of the value.
	Live bool
	// Exact is for what is no prose: phones change nothing of it.
	Exact bool
	// Focus is set by show.
	Focus bool
}

func (f field) HintID() string  { return f.Name + "-hint" }
func (f field) FaultID() string { return f.Name + "-fault" }
func (f field) LiveID() string  { return f.Name + "-live" }

// ShowsHint reports whether there is a hint and no fault.
func (f field) ShowsHint() bool { return f.Hint != "" && f.Fault == "" }

// DescribedBy names what is said about the field.
func (f field) DescribedBy() string {
	var ids []string
	switch {
	case f.Fault != "":
		ids = append(ids, f.FaultID())
	case f.Hint != "":
		ids = append(ids, f.HintID())
	}
	if f.Live {
		ids = append(ids, f.LiveID())
	}
	return strings.Join(ids, " ")
}

func emailField(value string) field {
	return field{Name: "email", Label: "Email", Type: "email", Value: value, Autocomplete: "username", Exact: true}
}

func nameField(value string) field {
	return field{Name: "name", Label: "Your name", Type: "text", Value: value, Autocomplete: "name"}
}

func passwordField() field {
	return field{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password"}
}

func newPasswordField() field {
	return field{
		Name: "password", Label: "New password", Type: "password", Autocomplete: "new-password",
		Hint: "At least 12 characters. A sentence of a few words is good.",
	}
}

// focus puts the cursor where the next thing is to be typed: into the first field that has a fault, else the first that is empty.
func (v *view) focus() {
	faulty := slices.IndexFunc(v.Fields, func(f field) bool { return f.Fault != "" })
	if faulty < 0 {
		faulty = slices.IndexFunc(v.Fields, func(f field) bool { return !f.ReadOnly && f.Value == "" })
	}
	if faulty >= 0 {
		v.Fields[faulty].Focus = true
	}
}

// mark puts a fault beside its field, if the page has it.
func (v *view) mark(name, fault string) bool {
	i := slices.IndexFunc(v.Fields, func(f field) bool { return f.Name == name })
	if i < 0 {
		return false
	}
	v.Fields[i].Fault = fault
	return true
}

// show sends a page. It is in no cache: it may hold a code, and what somebody has typed.
func (c *Console) show(w http.ResponseWriter, r *http.Request, status int, v view) {
	built, err := c.page.app()
	if err != nil {
		c.page.notCompiled(w, r, err)
		return
	}
	v.focus()
	v.Assets, v.Styles, v.Icon, v.Fonts = assetPrefix, built.public, built.icon, c.page.files.Fonts[:1]
	policy := publicPolicy
	if v.Scripted {
		policy, v.Script = scriptedPolicy, built.setup
	}
	var text bytes.Buffer
	if err := publicTemplate.Execute(&text, v); err != nil {
		c.Log.ErrorContext(r.Context(), "cannot render a page", "title", v.Title, "error", err)
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // the caller may have gone
}

// refuse shows a form again with what was wrong with it, and all that was typed but passwords.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, v view, err error) {
	status := http.StatusUnprocessableEntity
	var (
		faulty *tenant.FieldError
		slow   *admin.SlowDownError
		large  *http.MaxBytesError
	)
	switch {
	case errors.As(err, &faulty):
		if !v.mark(faulty.Field, faulty.Message) {
			v.Fault = faulty.Message
		}
	case errors.Is(err, admin.ErrWrongCredentials):
		v.Fault = "The email address or the password is wrong."
	case errors.Is(err, admin.ErrWrongCode):
		v.mark("code", "This code is wrong, was used before, or its time has passed.")
	case errors.As(err, &slow):
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", seconds(slow.RetryAfter))
		v.Fault = "Too many attempts. Try again in " + inWords(slow.RetryAfter) + "."
	case errors.As(err, &large):
		status, v.Fault = http.StatusRequestEntityTooLarge, "That is more than this form takes."
	case errors.Is(err, errNoForm):
		status, v.Fault = http.StatusBadRequest, "The form did not arrive whole. Send it again."
	case errors.Is(err, tenant.ErrUnavailable):
		status, v.Fault = http.StatusServiceUnavailable, "The server cannot reach its store right now. Try again in a moment."
		w.Header().Set("Retry-After", "1")
	case errors.Is(err, context.Canceled):
		status, v.Fault = http.StatusServiceUnavailable, "The request was given up." // for nobody
	default:
		c.Log.ErrorContext(r.Context(), "a page of the console failed", "path", r.URL.Path, "error", err)
		status, v.Fault = http.StatusInternalServerError, "Something went wrong here; the server's log says what."
	}
	c.show(w, r, status, v)
}

// badLink is the page of a link whose code is not good.
func (c *Console) badLink(w http.ResponseWriter, r *http.Request, lead string) {
	c.show(w, r, http.StatusNotFound, view{
		Title: "This link is not good any more", Lead: lead, Link: &link{signInPath, "Sign in"},
	})
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// inWords is a wait as people say it, rounded up.
func inWords(d time.Duration) string {
	n, unit := int((d+time.Second-1)/time.Second), "second"
	if d > time.Minute {
		n, unit = int((d+time.Minute-1)/time.Minute), "minute"
	}
	if n == 1 {
		return "a " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

var errNoForm = errors.New("not a form")

// readForm reads a posted form of at most maxBody bytes; what stands in the address is not a part of it.
// Errors: errNoForm; *http.MaxBytesError.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return url.Values{}, err
	case err != nil, !isType(r, "application/x-www-form-urlencoded"):
		return url.Values{}, errNoForm
	}
	return r.PostForm, nil
}
