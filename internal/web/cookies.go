package web

import (
	"net/http"
	"time"
)

// The cookies, without their prefix. Each holds one random token and says nothing about its owner.
const (
	// sessionCookie is there while somebody is signed in.
	sessionCookie = "writ_session"
	// pendingCookie is there between the password and the second factor.
	pendingCookie = "writ_pending"
)

// Lives of the cookies. They end no session: the server does, and earlier.
const (
	sessionCookieLife = 7 * 24 * time.Hour
	pendingCookieLife = 5 * time.Minute
)

// cookieName has the prefix that makes browsers insist on https, on this very host, and on all paths (RFC 6265bis section 4.1.3.2): no
// other host of the domain can set or shadow it. On plain localhost some browsers keep no such cookie, so there it has none, and is
// another cookie.
func (c *Console) cookieName(r *http.Request, name string) string {
	if c.Plain(r) {
		return name
	}
	return "__Host-" + name
}

func (c *Console) cookie(r *http.Request, name string) string {
	found, err := r.Cookie(c.cookieName(r, name))
	if err != nil {
		return ""
	}
	return found.Value
}

// setCookie keeps a token in the browser: no script reads it, and no other site sends it along but by a link to here.
func (c *Console) setCookie(w http.ResponseWriter, r *http.Request, name, token string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: c.cookieName(r, name), Value: token, Path: "/", MaxAge: int(life / time.Second),
		Secure: !c.Plain(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// dropCookie has the browser forget a token, if it sent one.
func (c *Console) dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	if _, err := r.Cookie(c.cookieName(r, name)); err == nil {
		c.setCookie(w, r, name, "", -time.Second)
	}
}
