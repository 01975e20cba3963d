package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

const invitationPath = Prefix + "invitation"

// roleLabel is a role as the page names it.
func roleLabel(role tenant.Role) string {
	switch role {
	case tenant.RoleOwner:
		return "Owner"
	case tenant.RoleAdmin:
		return "Admin"
	case tenant.RoleEditorKeyManagement:
		return "Editor: key management"
	case tenant.RoleEditorOrganizations:
		return "Editor: organizations"
	case tenant.RoleViewerConfig:
		return "Viewer: configuration settings"
	}
	return string(role)
}

// invitationView asks for the password of an account that is there, or for a name and a password for a new one.
func invitationView(code string, in admin.Invitation, form url.Values) view {
	email := emailField(in.Email)
	email.ReadOnly = true
	v := view{
		Title: "Join " + in.Tenant, Lead: "You are invited to help to administer the tenant " + in.Tenant + ". Your role: " + roleLabel(in.Role) + ".",
		Action: invitationPath, Submit: "Join", Hidden: []hidden{{"code", code}},
		Fields: []field{email, nameField(form.Get("name")), newPasswordField()},
	}
	if in.HasAccount {
		password := passwordField()
		password.Hint = "You have an account already: type its password."
		v.Fields = []field{email, password}
	}
	return v
}

func (c *Console) showInvitation(w http.ResponseWriter, r *http.Request) {
	c.invitation(w, r, r.URL.Query().Get("code"), url.Values{}, nil)
}

// invitation shows the form of an open invitation, with what went wrong.
func (c *Console) invitation(w http.ResponseWriter, r *http.Request, code string, form url.Values, failure error) {
	in, err := c.Desk.Invitation(r.Context(), code)
	switch {
	case errors.Is(err, admin.ErrInvalidCode):
		c.badLink(w, r, "The invitation was accepted, withdrawn or replaced by a newer one, or its seven days are over. Who invited you can make another.")
	case err != nil:
		c.refuse(w, r, view{Title: "Join a tenant"}, err)
	case failure != nil:
		c.refuse(w, r, invitationView(code, in, form), failure)
	default:
		c.show(w, r, http.StatusOK, invitationView(code, in, form))
	}
}

func (c *Console) accept(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	code := form.Get("code")
	if err != nil {
		c.refuse(w, r, view{Title: "Join a tenant"}, err)
		return
	}
	in, err := c.Desk.Invitation(r.Context(), code)
	if err != nil {
		c.invitation(w, r, code, form, err)
		return
	}
	signedIn, err := c.Desk.Accept(r.Context(), code, form.Get("name"), form.Get("password"), c.Origin(r))
	if err != nil {
		c.invitation(w, r, code, form, err)
		return
	}
	c.proceed(w, r, signedIn, Prefix+"t/"+in.Tenant)
}
