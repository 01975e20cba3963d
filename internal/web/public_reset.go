package web

import (
	"errors"
	"net/http"

	"github.com/writ-auth/writ/internal/admin"
)

const resetPath = Prefix + "reset"

func resetView(code string, whose admin.Operator) view {
	email := emailField(whose.Email)
	email.ReadOnly = true
	return view{
		Title: "Choose a new password", Lead: "All your sessions end by it.", Action: resetPath, Submit: "Change the password",
		Hidden: []hidden{{"code", code}}, Fields: []field{email, newPasswordField()},
	}
}

func (c *Console) showReset(w http.ResponseWriter, r *http.Request) {
	c.resetForm(w, r, r.URL.Query().Get("code"), nil)
}

// resetForm shows the form for a good code, with what went wrong.
func (c *Console) resetForm(w http.ResponseWriter, r *http.Request, code string, failure error) {
	whose, err := c.Desk.Reset(r.Context(), code)
	switch {
	case errors.Is(err, admin.ErrInvalidCode):
		c.badLink(w, r, "It was used, or its 24 hours are over. Whoever runs this server can make another.")
	case err != nil:
		c.refuse(w, r, view{Title: "Choose a new password"}, err)
	case failure != nil:
		c.refuse(w, r, resetView(code, whose), failure)
	default:
		c.show(w, r, http.StatusOK, resetView(code, whose))
	}
}

func (c *Console) reset(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	if err != nil {
		c.refuse(w, r, view{Title: "Choose a new password"}, err)
		return
	}
	if err := c.Desk.ResetPassword(r.Context(), form.Get("code"), form.Get("password"), c.Origin(r)); err != nil {
		c.resetForm(w, r, form.Get("code"), err)
		return
	}
	c.dropCookie(w, r, sessionCookie)
	c.redirect(w, r, signInPath+"?notice="+noticePassword)
}
