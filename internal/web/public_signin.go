package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/writ-auth/writ/internal/admin"
)

const (
	signInPath     = Prefix + "signin"
	signInCodePath = Prefix + "signin/code"
)

// Notices of the sign-in page, by the query's notice.
const (
	noticeSignedOut = "signed-out"
	noticePassword  = "password"
	noticeExpired   = "expired"
)

func notice(name string) string {
	switch name {
	case noticeSignedOut:
		return "You are signed out."
	case noticePassword:
		return "Your password is changed. Sign in with the new one."
	case noticeExpired:
		return "That took too long. Begin again."
	}
	return ""
}

// insideConsole is where to go after signing in: a path of the console, or its start. A link can name no other place.
func insideConsole(to string) string {
	parsed, err := url.Parse(to)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || !strings.HasPrefix(to, Prefix) {
		return Prefix
	}
	return parsed.RequestURI()
}

func signInView(email, to string) view {
	v := view{
		Title: "Sign in", Action: signInPath, Submit: "Sign in", Fields: []field{emailField(email), passwordField()},
		Below: "Forgot your password? Whoever runs this server makes a link for a new one:", Command: "writ admin reset-password EMAIL",
	}
	if to = insideConsole(to); to != Prefix {
		v.Hidden = []hidden{{"to", to}}
	}
	return v
}

// showSignIn leads who has a session on to where they wanted to go, but with anew in the query, for who has to be somebody else there.
func (c *Console) showSignIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	v := signInView("", query.Get("to"))
	v.Notice = notice(query.Get("notice"))
	_, err := c.operatorSession(r)
	if err == nil && !query.Has("anew") {
		c.redirect(w, r, insideConsole(query.Get("to")))
		return
	}
	owned := true
	if errors.Is(err, admin.ErrNoSession) {
		owned, err = c.Desk.HasOwner(r.Context())
	}
	switch {
	case err != nil:
		c.refuse(w, r, v, err)
	case !owned:
		c.redirect(w, r, setUpPath)
	default:
		c.show(w, r, http.StatusOK, v)
	}
}

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	v := signInView(form.Get("email"), form.Get("to"))
	if err != nil {
		c.refuse(w, r, v, err)
		return
	}
	in, err := c.Desk.SignIn(r.Context(), form.Get("email"), form.Get("password"), c.Origin(r))
	if err != nil {
		c.refuse(w, r, v, err)
		return
	}
	c.proceed(w, r, in, form.Get("to"))
}

// proceed goes on after a right password: into the console, or to the second factor.
func (c *Console) proceed(w http.ResponseWriter, r *http.Request, in admin.SignIn, to string) {
	if in.Pending == "" {
		c.enter(w, r, in.Session, to)
		return
	}
	c.setCookie(w, r, pendingCookie, in.Pending, pendingCookieLife)
	next := signInCodePath
	if to = insideConsole(to); to != Prefix {
		next += "?" + url.Values{"to": {to}}.Encode()
	}
	c.redirect(w, r, next)
}

// enter takes a new session up, in place of one that the browser may have had.
func (c *Console) enter(w http.ResponseWriter, r *http.Request, session, to string) {
	if old := c.cookie(r, sessionCookie); old != "" {
		if err := c.Desk.SignOut(r.Context(), old); err != nil {
			c.Log.WarnContext(r.Context(), "the session before was not ended", "error", err)
		}
	}
	c.dropCookie(w, r, pendingCookie)
	c.setCookie(w, r, sessionCookie, session, sessionCookieLife)
	c.redirect(w, r, insideConsole(to))
}

func signInCodeView(to string) view {
	v := view{
		Title: "Second factor", Lead: "Your password is right. One thing more.", Action: signInCodePath, Submit: "Sign in",
		Fields: []field{{
			Name: "code", Label: "Code", Type: "text", Autocomplete: "one-time-code", Exact: true,
			Hint: "The six digits that your authenticator shows now, or one of your recovery codes.",
		}},
		Below: "Lost both? Whoever runs this server can help:", Command: "writ admin reset-password EMAIL --remove-totp",
	}
	if to = insideConsole(to); to != Prefix {
		v.Hidden = []hidden{{"to", to}}
	}
	return v
}

func (c *Console) showSignInCode(w http.ResponseWriter, r *http.Request) {
	if c.cookie(r, pendingCookie) == "" {
		c.redirect(w, r, signInPath)
		return
	}
	c.show(w, r, http.StatusOK, signInCodeView(r.URL.Query().Get("to")))
}

func (c *Console) signInCode(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	v := signInCodeView(form.Get("to"))
	if err != nil {
		c.refuse(w, r, v, err)
		return
	}
	session, err := c.Desk.SignInCode(r.Context(), c.cookie(r, pendingCookie), form.Get("code"), c.Origin(r))
	switch {
	case errors.Is(err, admin.ErrInvalidCode), errors.Is(err, admin.ErrWrongCredentials): // the password changed meanwhile
		c.dropCookie(w, r, pendingCookie)
		c.redirect(w, r, signInPath+"?notice="+noticeExpired)
	case err != nil:
		c.refuse(w, r, v, err)
	default:
		c.enter(w, r, session, form.Get("to"))
	}
}

// signOut ends the session, if the page is of its operator. The page asks for it, and shows the sign-in next.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	session, err := c.operatorSession(r)
	if err == nil {
		err = checkPage(r, session)
	}
	if err == nil {
		err = c.Desk.SignOut(r.Context(), c.cookie(r, sessionCookie))
	}
	if err != nil && !errors.Is(err, admin.ErrNoSession) {
		c.fail(w, r, err)
		return
	}
	c.dropCookie(w, r, sessionCookie)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

// redirect leads on after a form (RFC 9110 section 15.4.4). No cache keeps it, and no code is in it.
func (c *Console) redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}
