package web_test

import (
	"math"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/server"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv"
)

// newEmpty is a writ that nobody has set up.
func newEmpty(t *testing.T, change ...func(*server.Config)) *console {
	return &console{env: testenv.New(t, change...), people: map[string]*visitor{}}
}

// says fails the test unless the answer has the status and all the texts.
func (v *visitor) says(res testenv.Response, status int, texts ...string) {
	v.T.Helper()
	if res.Status != status {
		v.T.Errorf("%d, want %d: %s", res.Status, status, res.Body)
	}
	for _, text := range texts {
		if !strings.Contains(string(res.Body), text) {
			v.T.Errorf("the page does not say %q: %s", text, res.Body)
		}
	}
}

// leads fails the test unless the answer sends the browser to a path.
func (v *visitor) leads(res testenv.Response, path string) {
	v.T.Helper()
	if got := res.Header.Get("Location"); res.Status != http.StatusSeeOther || got != path {
		v.T.Errorf("%d to %q, want to %q: %s", res.Status, got, path, res.Body)
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		v.T.Error("the redirect may be cached")
	}
}

// field is an input of a page, as text.
func field(t *testing.T, res testenv.Response, name string) string {
	t.Helper()
	found := regexp.MustCompile(`<input id="` + name + `"[^>]*>`).Find(res.Body)
	if found == nil {
		t.Fatalf("no field %s in %s", name, res.Body)
	}
	return string(found)
}

// Every page without scripts has the strictest policy, is kept by no cache, and passes its address on to nobody. The set-up lets its own
// script in.
func TestPublicHeaders(t *testing.T) {
	c := newConsole(t)
	v, fresh := c.visitor(), newEmpty(t)
	invitation := c.people["owner"].invite("dev", "new@example.com", tenant.RoleViewerConfig)
	for name, res := range map[string]testenv.Response{
		"signin":       v.get("signin"),
		"bad sign-in":  v.signIn("ada@example.com", "wrong"),
		"bad reset":    v.get("reset?code=x"),
		"setup":        fresh.visitor().get("setup?code=x"),
		"bad setup":    fresh.visitor().submit("setup", "code", "x"),
		"invitation":   v.get("invitation?code=" + codeOf(t, invitation)),
		"bad joining":  v.submit("invitation", "code", codeOf(t, invitation)),
		"no such form": v.submit("reset", "code", "x"),
	} {
		policy, scripts := "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'", 0
		if strings.Contains(name, "setup") {
			policy, scripts = policy+"; script-src 'self'; connect-src 'self'", 1
		}
		for header, want := range map[string]string{
			"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
			"Content-Type": "text/html; charset=utf-8", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		files := len(regexp.MustCompile(`<script type="module" src="/manage/assets/setup-\w+\.js"></script>`).FindAll(res.Body, -1))
		if all := strings.Count(string(res.Body), "<script"); all != scripts || files != scripts || strings.Contains(string(res.Body), "style=") {
			t.Errorf("%s: %d scripts, %d of them files, want %d; or a style attribute: %s", name, all, files, scripts, res.Body)
		}
		for _, file := range regexp.MustCompile(`/manage/(assets/[\w.-]+)`).FindAllStringSubmatch(string(res.Body), -1) {
			if res := v.get(file[1]); res.Status != http.StatusOK {
				t.Errorf("%s: %s: %d", name, file[1], res.Status)
			}
		}
	}
}

func TestSetUp(t *testing.T) {
	c := newEmpty(t)
	v := c.visitor()
	links, err := c.env.Server.SetUpLinks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	code := codeOf(t, links.Public.Reveal())
	v.leads(v.get(""), "/manage/setup")
	v.leads(v.get("t/dev/logs"), "/manage/setup")
	v.leads(v.get("signin"), "/manage/setup")
	if got := field(t, v.get("setup?code="+code), "code"); !strings.Contains(got, `value="`+code+`"`) {
		t.Errorf("the link fills no code in: %s", got)
	}

	t.Run("a fault stands at its field, and what was typed stays, but not the password", func(t *testing.T) {
		res := v.submit("setup", "code", code, "email", "ada@example.com", "name", `<b>"Ada"</b>`, "password", "short", "tenant", "acme")
		v.says(res, http.StatusUnprocessableEntity, "<title>Error: Set up writ", `id="password-fault"`, "at least 12 characters")
		if got := field(t, res, "password"); !strings.Contains(got, `aria-invalid="true"`) || !strings.Contains(got, `aria-describedby="password-fault"`) ||
			!strings.Contains(got, `value=""`) || !strings.Contains(got, " autofocus") {
			t.Error(got)
		}
		if got := field(t, res, "name"); !strings.Contains(got, `value="&lt;b&gt;&#34;Ada&#34;&lt;/b&gt;"`) {
			t.Error(got)
		}
		if got := field(t, res, "tenant"); !strings.Contains(got, `value="acme"`) {
			t.Error(got)
		}
	})
	t.Run("a wrong code", func(t *testing.T) {
		res := v.submit("setup", "code", "wrong", "email", "ada@example.com", "name", "Ada", "password", password, "tenant", "acme")
		v.says(res, http.StatusUnprocessableEntity, `id="code-fault"`)
	})
	t.Run("the first owner is signed in, and owns the default tenant and the new one", func(t *testing.T) {
		v.leads(v.submit("setup", "code", code, "email", "ada@example.com", "name", "Ada", "password", password, "tenant", "acme"), "/manage/")
		v.says(v.get("session"), http.StatusOK, `"tenant":"acme","role":"owner"`, `"tenant":"dev","role":"owner"`)
	})
	t.Run("with an owner there is nothing to set up", func(t *testing.T) {
		late := c.visitor()
		late.leads(late.get("setup?code="+code), "/manage/signin")
		late.leads(late.submit("setup", "code", code, "email", "eve@example.com", "name", "Eve", "password", password, "tenant", "dev"), "/manage/signin")
		late.leads(late.get(""), "/manage/signin")
		links, err := c.env.Server.SetUpLinks(t.Context())
		if err != nil || links != (server.SetUpLinks{}) {
			t.Errorf("%v, %v", links, err)
		}
	})
}

// The links that a starting server logs are good, at both places.
func TestSetUpLinksAreLogged(t *testing.T) {
	c := newEmpty(t)
	logged := regexp.MustCompile(`"link":"(https://[^"]+/manage/setup\?code=[\w-]{43})","on_this_machine":"(http://localhost:\d+/manage/setup\?code=[\w-]{43})"`)
	links := logged.FindStringSubmatch(c.env.Log.String())
	if links == nil {
		t.Fatalf("no links in the log: %s", c.env.Log)
	}
	v := c.visitor()
	for _, link := range links[1:] {
		if got := field(t, v.Do(http.MethodGet, link, ""), "code"); !strings.Contains(got, `value="`+codeOf(t, link)+`"`) {
			t.Errorf("%s fills no code in: %s", link, got)
		}
	}
}

// While the first owner types, the page says whether the tenant may be had; nobody else learns which names there are.
func TestSetUpAvailable(t *testing.T) {
	c := newEmpty(t)
	v := c.visitor()
	links, err := c.env.Server.SetUpLinks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	code := codeOf(t, links.Public.Reveal())
	if _, err := c.env.Admin().CreateTenant(t.Context(), "taken", tenant.Development); err != nil {
		t.Fatal(err)
	}
	ask := func(code, name string) testenv.Response {
		return v.call(http.MethodPost, "setup/available", map[string]any{"code": code, "name": name})
	}
	v.says(ask(code, "acme"), http.StatusOK, `{"available":true}`)
	v.says(ask(code, "dev"), http.StatusOK, `"available":true,"reason":"dev is there already: it becomes yours."`)
	v.says(ask(code, "taken"), http.StatusOK, `"available":false,"reason":"This name is taken."`)
	v.says(ask(code, "-acme"), http.StatusOK, `"available":false,"reason":"3 to 63 `)
	for _, wrong := range []string{"", "wrong"} {
		v.says(ask(wrong, "taken"), http.StatusForbidden, "This code is not good.")
	}
	form := url.Values{"code": {code}, "name": {"acme"}}.Encode()
	v.says(v.Do(http.MethodPost, v.address("setup/available"), form, "Content-Type", "application/x-www-form-urlencoded"), http.StatusUnsupportedMediaType)
	v.want(v.submit("setup", "code", code, "email", "ada@example.com", "name", "Ada", "password", password, "tenant", "acme"), http.StatusSeeOther)
	v.says(ask(code, "taken"), http.StatusForbidden)
}

// On a base domain of its own there is no default tenant: a name has to be thought of, and the console is there all the same.
func TestSetUpWithoutDefaultTenant(t *testing.T) {
	c := newEmpty(t, func(cfg *server.Config) { cfg.DefaultTenant = "" })
	c.env.Tenant.Domain = strings.TrimPrefix(c.env.Server.BaseURL(), "https://")
	v := c.visitor()
	links, err := c.env.Server.SetUpLinks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := field(t, v.get("setup"), "tenant"); !strings.Contains(got, `value=""`) {
		t.Error(got)
	}
	v.leads(v.submit("setup", "code", codeOf(t, links.Public.Reveal()), "email", "ada@example.com", "name", "Ada", "password", password, "tenant", "acme"), "/manage/")
	v.says(v.get("session"), http.StatusOK, `"memberships":[{"tenant":"acme"`)
	v.says(v.Do(http.MethodGet, c.env.Server.BaseURL()+"/oauth/token", ""), http.StatusNotFound)
}

func TestSignIn(t *testing.T) {
	c := newConsole(t)
	v := c.visitor()
	t.Run("the page leads there and back again", func(t *testing.T) {
		v.leads(v.get("t/dev/logs?q=type%3As"), "/manage/signin?to=%2Fmanage%2Ft%2Fdev%2Flogs%3Fq%3Dtype%253As")
		res := v.get("signin?to=%2Fmanage%2Ft%2Fdev%2Flogs%3Fq%3Dtype%253As")
		v.says(res, http.StatusOK, `name="to" value="/manage/t/dev/logs?q=type%3As"`)
		v.leads(v.submit("signin", "email", "ADA@example.com ", "password", password, "to", "/manage/t/dev/logs?q=type%3As"), "/manage/t/dev/logs?q=type%3As")
	})
	t.Run("who is signed in is not asked again", func(t *testing.T) {
		v.leads(v.get("signin?to=/manage/account"), "/manage/account")
	})
	t.Run("a link leads to no other site", func(t *testing.T) {
		for _, to := range []string{"https://evil.example.com/manage/", "//evil.example.com/manage/", "/\\evil.example.com", "/manage/\nx", "javascript:alert(1)", "/other"} {
			v.leads(v.get("signin?to="+url.QueryEscape(to)), "/manage/")
		}
	})
	t.Run("signing in again ends the session before", func(t *testing.T) {
		before := v.cookies()["__Host-writ_session"]
		v.want(v.signIn("ada@example.com", password), http.StatusSeeOther)
		after := v.cookies()["__Host-writ_session"]
		if before == "" || before == after {
			t.Fatalf("%q, then %q", before, after)
		}
		res := c.visitor().Do(http.MethodGet, v.address("session"), "", "Cookie", "__Host-writ_session="+before)
		v.says(res, http.StatusUnauthorized)
	})
	t.Run("a wrong password and an unknown account get the same answer", func(t *testing.T) {
		stranger := c.visitor()
		wrong, unknown := stranger.signIn("ada@example.com", "wrong"), stranger.signIn("eve@example.com", "wrong")
		stranger.says(wrong, http.StatusUnprocessableEntity, "The email address or the password is wrong.", `role="alert"`)
		if got := strings.Replace(string(unknown.Body), "eve@", "ada@", 1); got != string(wrong.Body) {
			t.Errorf("%s\n\n%s", wrong.Body, got)
		}
	})
	t.Run("guessing is slowed", func(t *testing.T) {
		stranger := c.visitor()
		for range 10 {
			if res := stranger.signIn("joan@example.com", "wrong"); res.Status == http.StatusTooManyRequests {
				stranger.says(res, http.StatusTooManyRequests, "Too many attempts. Try again in ")
				if res.Header.Get("Retry-After") == "" {
					t.Error("no Retry-After")
				}
				return
			}
		}
		t.Error("ten wrong passwords in a row")
	})
	t.Run("what is no form", func(t *testing.T) {
		stranger := c.visitor()
		stranger.says(stranger.Do(http.MethodPost, v.address("signin"), `{"email":"a"}`, "Content-Type", "application/json"), http.StatusBadRequest)
		stranger.says(stranger.submit("signin", "email", strings.Repeat("a", 65<<10)), http.StatusRequestEntityTooLarge)
		stranger.says(stranger.Do(http.MethodPut, v.address("signin"), ""), http.StatusMethodNotAllowed)
	})
	t.Run("signed out", func(t *testing.T) {
		v.want(v.call(http.MethodPost, "signout", nil), http.StatusNoContent)
		if len(v.cookies()) != 0 {
			t.Errorf("%v", v.cookies())
		}
		v.says(v.get("signin?notice=signed-out"), http.StatusOK, "You are signed out.")
		v.leads(v.get("account"), "/manage/signin?to=%2Fmanage%2Faccount")
	})
}

// A page that was opened before somebody else signed in in the same browser gets no bearer of theirs, and invites nobody in their name; it
// goes on once its own operator has signed in again, for which there is the form even beside a session.
func TestSignInAsSomebodyElse(t *testing.T) {
	c := newConsole(t)
	v := c.visitor()
	v.leads(v.signIn("ada@example.com", password), "/manage/")
	ada := v.operatorID()
	v.leads(v.get("signin"), "/manage/")
	v.says(v.get("signin?anew=1"), http.StatusOK, "<title>Sign in")
	v.leads(v.signIn("grace@example.com", password), "/manage/")
	invitation := map[string]any{"email": "eve@example.com", "role": "viewer_config"}
	v.says(v.callAs(ada, http.MethodPost, "token", map[string]any{"tenant": "dev"}), http.StatusUnauthorized, "Somebody else is signed in")
	v.says(v.callAs(ada, http.MethodPost, "tenants/dev/invitations", invitation), http.StatusUnauthorized)
	v.says(v.callAs(ada, http.MethodGet, "session", nil), http.StatusUnauthorized)
	v.says(v.callAs(ada, http.MethodPost, "signout", nil), http.StatusUnauthorized)
	v.says(v.call(http.MethodGet, "tenants/dev/invitations", nil), http.StatusOK, "[]")
	v.leads(v.signIn("ada@example.com", password), "/manage/")
	v.says(v.callAs(ada, http.MethodPost, "tenants/dev/invitations", invitation), http.StatusCreated)
}

// The cookie is sent to this host, by https, and read by no script; on plain localhost, where browsers may keep no such cookie, it is
// another one.
func TestCookies(t *testing.T) {
	c := newConsole(t)
	form := url.Values{"email": {"ada@example.com"}, "password": {password}}.Encode()
	for base, want := range map[string]string{
		c.env.Server.BaseURL():         `^__Host-writ_session=[\w-]{43}; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax$`,
		"http://" + c.plainAuthority(): `^writ_session=[\w-]{43}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax$`,
	} {
		v := c.visitor()
		res := v.Do(http.MethodPost, base+"/manage/signin", form, "Content-Type", "application/x-www-form-urlencoded")
		if got := res.Header.Values("Set-Cookie"); len(got) != 1 || !regexp.MustCompile(want).MatchString(got[0]) {
			t.Errorf("%s: %q", base, got)
		}
		v.says(v.Do(http.MethodGet, base+"/manage/session", ""), http.StatusOK)
	}
	t.Run("https does not take the cookie of plain localhost", func(t *testing.T) {
		token := c.people["owner"].cookies()["__Host-writ_session"]
		v := c.visitor()
		v.says(v.Do(http.MethodGet, v.address("session"), "", "Cookie", "writ_session="+token), http.StatusUnauthorized)
	})
}

func TestInvitation(t *testing.T) {
	c := newConsole(t)
	owner := c.people["owner"]
	v := c.visitor()
	code := codeOf(t, owner.invite("dev", "new@example.com", tenant.RoleAdmin))
	t.Run("a new person chooses a name and a password", func(t *testing.T) {
		res := v.get("invitation?code=" + code)
		v.says(res, http.StatusOK, "Join dev", "Your role: Admin.", `name="code" value="`+code+`"`)
		if got := field(t, res, "email"); !strings.Contains(got, `value="new@example.com"`) || !strings.Contains(got, " readonly") {
			t.Error(got)
		}
		v.says(v.submit("invitation", "code", code, "name", "New", "password", "short"), http.StatusUnprocessableEntity, `id="password-fault"`, `value="New"`)
		v.leads(v.submit("invitation", "code", code, "name", "New", "password", password), "/manage/t/dev")
		v.says(v.get("session"), http.StatusOK, `"email":"new@example.com"`, `"role":"admin"`)
	})
	t.Run("it is good once", func(t *testing.T) {
		v.says(v.get("invitation?code="+code), http.StatusNotFound, "This link is not good any more")
		v.says(v.submit("invitation", "code", code, "name", "Eve", "password", password), http.StatusNotFound)
	})
	t.Run("who has an account proves it", func(t *testing.T) {
		code := codeOf(t, owner.invite("acme-production", "new@example.com", tenant.RoleViewerConfig))
		res := v.get("invitation?code=" + code)
		if strings.Contains(string(res.Body), `id="name"`) || !strings.Contains(field(t, res, "password"), `autocomplete="current-password"`) {
			t.Errorf("%s", res.Body)
		}
		v.says(v.submit("invitation", "code", code, "password", "wrong wrong wrong"), http.StatusUnprocessableEntity, `id="password-fault"`)
		v.leads(v.submit("invitation", "code", code, "password", password), "/manage/t/acme-production")
	})
}

func TestReset(t *testing.T) {
	c := newConsole(t)
	link, err := c.env.Admin().ResetPassword(t.Context(), "charles@example.com", false)
	if err != nil {
		t.Fatal(err)
	}
	v, code := c.visitor(), codeOf(t, link.Reveal())
	v.says(v.get("reset?code="+code), http.StatusOK, `value="charles@example.com"`, `autocomplete="new-password"`)
	v.says(v.submit("reset", "code", code, "password", "short"), http.StatusUnprocessableEntity, `id="password-fault"`)
	v.leads(v.submit("reset", "code", code, "password", "nine green turtles dance"), "/manage/signin?notice=password")
	v.says(v.get("signin?notice=password"), http.StatusOK, "Your password is changed.")
	v.says(v.submit("reset", "code", code, "password", "ten green turtles dance"), http.StatusNotFound, "not good any more")
	v.says(c.people["viewer"].get("session"), http.StatusUnauthorized)
	v.says(v.signIn("charles@example.com", password), http.StatusUnprocessableEntity)
	v.leads(v.signIn("charles@example.com", "nine green turtles dance"), "/manage/")
}

// Between the password and the second factor there is no session.
func TestSecondFactor(t *testing.T) {
	c := newConsole(t)
	v := c.people["viewer"]
	enrolment := v.want(v.call(http.MethodPost, "totp", map[string]any{"current": password}), http.StatusOK).JSON(t)
	code := totp(t, enrolment["secret"].(string), 0)
	recovery := v.want(v.call(http.MethodPut, "totp", map[string]any{"code": code}), http.StatusOK).JSON(t)["recovery_codes"].([]any)
	v.says(v.call(http.MethodPost, "totp", map[string]any{"current": password}), http.StatusConflict, "on already")

	fresh := c.visitor()
	fresh.leads(fresh.get("signin/code"), "/manage/signin")
	fresh.leads(fresh.submit("signin", "email", "charles@example.com", "password", password, "to", "/manage/account"), "/manage/signin/code?to=%2Fmanage%2Faccount")
	fresh.says(fresh.get("session"), http.StatusUnauthorized)
	fresh.says(fresh.get("signin/code?to=%2Fmanage%2Faccount"), http.StatusOK, `autocomplete="one-time-code"`, `value="/manage/account"`)
	fresh.says(fresh.submit("signin/code", "code", code), http.StatusUnprocessableEntity, `id="code-fault"`) // it was used
	fresh.leads(fresh.submit("signin/code", "code", strings.ToUpper(recovery[0].(string)), "to", "/manage/account"), "/manage/account")
	fresh.says(fresh.get("session"), http.StatusOK, `"totp":true`)
	if _, pending := fresh.cookies()["__Host-writ_pending"]; pending {
		t.Error("the pending sign-in is still there")
	}

	again := c.visitor()
	again.want(again.signIn("charles@example.com", password), http.StatusSeeOther)
	again.says(again.submit("signin/code", "code", recovery[0].(string)), http.StatusUnprocessableEntity) // each once
	again.leads(again.submit("signin/code", "code", totp(t, enrolment["secret"].(string), 1)), "/manage/")
	again.leads(c.visitor().submit("signin/code", "code", "123456"), "/manage/signin?notice=expired")
	again.want(again.call(http.MethodDelete, "totp", map[string]any{"current": password}), http.StatusNoContent)
	last := c.visitor()
	last.leads(last.signIn("charles@example.com", password), "/manage/")
}

// The pages without scripts cannot share the dashboard's variables, but have the same colours. Text stands out from every ground as WCAG 2.2
// asks (1.4.3, AA), and so do the controls (1.4.11).
func TestColours(t *testing.T) {
	theme, public := read(t, "app/theme.ts"), read(t, "app/public.css")
	for _, scheme := range []struct{ name, themeFrom, publicFrom string }{
		{"light", "light: {", ":root {"}, {"dark", "  dark: {", "@media (prefers-color-scheme: dark)"},
	} {
		_, ours, _ := strings.Cut(theme, scheme.themeFrom)
		_, theirs, _ := strings.Cut(public, scheme.publicFrom)
		value := func(css, name string) string {
			found := regexp.MustCompile(`'?` + name + `'?: '?(#\w{6})`).FindStringSubmatch(css)
			if found == nil {
				t.Fatalf("%s: no %s", scheme.name, name)
			}
			return found[1]
		}
		for _, name := range []string{"--writ-page", "--writ-panel", "--writ-line", "--writ-control", "--writ-accent", "--writ-danger"} {
			if want, got := value(ours, name), value(theirs, name); want != got {
				t.Errorf("%s, %s: %v, want %v", scheme.name, name, got, want)
			}
		}
		for name, least := range map[string]float64{
			"--mantine-color-text": 7, "--mantine-color-dimmed": 4.5, "--writ-accent": 4.5, "--writ-danger": 4.5, "--writ-warning": 4.5, "--writ-control": 3,
		} {
			for _, ground := range []string{"--writ-page", "--writ-panel", "--writ-side", "--writ-hover", "--writ-code"} {
				if got := contrast(t, value(ours, name), value(ours, ground)); got < least {
					t.Errorf("%s: %s on %s has a contrast of %.2f, less than %.1f", scheme.name, name, ground, got, least)
				}
			}
		}
	}
}

// contrast is WCAG's contrast ratio of two colours, 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(colour string) float64 {
		n, err := strconv.ParseUint(colour[1:], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		channel := func(shift int) float64 {
			c := float64(n>>shift&0xff) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// The page and the invitation name the roles alike.
func TestRoleLabels(t *testing.T) {
	c := newConsole(t)
	page := read(t, "app/settings/roles.ts")
	v := c.visitor()
	for _, role := range tenant.Roles() {
		label := regexp.MustCompile(`value: '` + string(role) + `', label: '([^']+)'`).FindStringSubmatch(page)
		if label == nil {
			t.Errorf("the page has no role %s", role)
			continue
		}
		code := codeOf(t, c.people["owner"].invite("dev", "new@example.com", role))
		v.says(v.get("invitation?code="+code), http.StatusOK, "Your role: "+label[1]+".")
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
