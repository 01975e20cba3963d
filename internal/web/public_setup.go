package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/writ-auth/writ/internal/admin"
)

const setUpPath = Prefix + "setup"

func (c *Console) setUpView(form url.Values) view {
	code := field{Name: "code", Label: "Set-up code", Type: "text", Value: form.Get("code"), Autocomplete: "off", Exact: true}
	if code.Value == "" {
		code.Hint = "writ serve writes it into its log when it starts; writ demo prints it."
	}
	return view{
		Title: "Set up writ", Lead: "Nobody administers this installation yet. Whoever has its set-up code becomes its owner.",
		Action: setUpPath, Submit: "Create the owner account", Scripted: true,
		Fields: []field{code, emailField(form.Get("email")), nameField(form.Get("name")), newPasswordField(), c.tenantField(form)},
	}
}

// tenantField proposes the default tenant, if there is one.
func (c *Console) tenantField(form url.Values) field {
	f := field{
		Name: "tenant", Label: "Tenant", Type: "text", Value: form.Get("tenant"), Autocomplete: "off", Exact: true,
		Hint: "A name for what you keep together: applications, APIs, keys, and a log. It cannot be changed.", Live: true,
	}
	if c.DefaultTenant != "" {
		f.Hint = c.DefaultTenant + " is there already. Another name makes one more."
	}
	if !form.Has("tenant") {
		f.Value = c.DefaultTenant
	}
	return f
}

// showSetUp fills the code in that a link brings.
func (c *Console) showSetUp(w http.ResponseWriter, r *http.Request) {
	v := c.setUpView(url.Values{"code": {r.URL.Query().Get("code")}})
	owned, err := c.Desk.HasOwner(r.Context())
	switch {
	case err != nil:
		c.refuse(w, r, v, err)
	case owned:
		c.redirect(w, r, signInPath)
	default:
		c.show(w, r, http.StatusOK, v)
	}
}

func (c *Console) setUp(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	v := c.setUpView(form)
	if err != nil {
		c.refuse(w, r, v, err)
		return
	}
	session, err := c.Desk.SetUp(r.Context(), admin.SetUp{
		Code: form.Get("code"), Email: form.Get("email"), Name: form.Get("name"), Password: form.Get("password"), Tenant: form.Get("tenant"),
	}, c.Origin(r))
	switch {
	case errors.Is(err, admin.ErrInvalidCode):
		c.wrongSetUpCode(w, r, v)
	case err != nil:
		c.refuse(w, r, v, err)
	default:
		c.enter(w, r, session, Prefix)
	}
}

// wrongSetUpCode says so, or leads to the sign-in if somebody was quicker.
func (c *Console) wrongSetUpCode(w http.ResponseWriter, r *http.Request, v view) {
	owned, err := c.Desk.HasOwner(r.Context())
	switch {
	case err != nil:
		c.refuse(w, r, v, err)
	case owned:
		c.redirect(w, r, signInPath)
	default:
		v.mark("code", "This code is not good, or not any more: each start of writ serve makes a new one, for 24 hours.")
		c.show(w, r, http.StatusUnprocessableEntity, v)
	}
}

// setUpAvailable says whether the tenant that somebody types may be had. It tells nothing to who has no set-up code: names of tenants
// are nobody else's business.
func (c *Console) setUpAvailable(w http.ResponseWriter, r *http.Request) {
	in, err := readJSON[struct {
		Code string `json:"code"`
		Name string `json:"name"`
	}](w, r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	err = c.Desk.CheckSetUpCode(r.Context(), in.Code)
	if errors.Is(err, admin.ErrInvalidCode) {
		err = refused(http.StatusForbidden, "This code is not good.")
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	out, err := c.availabilityOf(r.Context(), in.Name)
	if in.Name == c.DefaultTenant && !out.Available && err == nil { // SetUp takes that one, whether it is there or not
		out = availability{true, in.Name + " is there already: it becomes yours."}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	writeJSON(w, success(out))
}
