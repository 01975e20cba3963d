package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// listener is a browser's network that keeps what was answered, by method and path; cookies are not kept.
type listener struct {
	http.RoundTripper
	heard map[string]string
}

func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	l.heard[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/manage/")] += res.Header.Get("Location") + "\n" + string(body) + "\n"
	return res, err
}

// planted is a secret of a person, and the only requests whose answers may tell it.
type planted struct {
	text    string
	answers []string
}

// What people prove themselves by is in no log, no record and no answer but the one that is for it, and in no file: neither as it is nor,
// where guessing would help, as a digest.
func TestNoSecretOfPeople(t *testing.T) {
	c := newEmpty(t)
	heard := &listener{c.env.HTTP.Transport, map[string]string{}}
	c.env.HTTP.Transport = heard
	ada := c.setUp("ada@example.com", "Ada Lovelace")
	secrets := map[string]planted{"the password": {text: password}}
	plant := func(name, text string, answers ...string) string {
		if len(text) < 6 {
			t.Fatalf("%s is %q", name, text)
		}
		secrets[name] = planted{text, answers}
		return text
	}
	sessionOf := func(v *visitor) string { return v.cookies()["__Host-writ_session"] }
	plant("the session of the set-up", sessionOf(ada))

	// A second person: by an invitation, with a wrong password, a second factor, a recovery code, and a reset.
	const wrong, next, last = "canary wrong password", "canary changed password", "canary reset password"
	plant("a wrong password", wrong)
	plant("a changed password", next)
	plant("a reset password", last)
	link := ada.invite("dev", "grace@example.com", tenant.RoleAdmin)
	plant("the invitation's code", codeOf(t, link), "POST tenants/dev/invitations", "GET invitation", "POST invitation")
	grace := c.visitor()
	grace.says(grace.get("invitation?code="+codeOf(t, link)), http.StatusOK)
	grace.says(grace.submit("invitation", "code", codeOf(t, link), "name", "", "password", wrong), http.StatusUnprocessableEntity)
	grace.join(link, "Grace Hopper")
	plant("the session of the invitation", sessionOf(grace))
	grace.says(grace.call(http.MethodPost, "password", map[string]any{"current": wrong, "new": next}), http.StatusBadRequest)
	grace.says(grace.call(http.MethodPost, "password", map[string]any{"current": password, "new": next, "again": next}), http.StatusBadRequest)
	grace.says(grace.call(http.MethodPost, "password", map[string]any{"current": password, "new": next}), http.StatusNoContent)

	begun := grace.want(grace.call(http.MethodPost, "totp", map[string]any{"current": next}), http.StatusOK).JSON(t)
	secret := plant("the TOTP secret", begun["secret"].(string), "POST totp")
	code := plant("the code of the authenticator", totp(t, secret, 0))
	on := grace.want(grace.call(http.MethodPut, "totp", map[string]any{"code": code}), http.StatusOK).JSON(t)
	recovery := plant("a recovery code", on["recovery_codes"].([]any)[0].(string), "PUT totp")
	plant("another recovery code", on["recovery_codes"].([]any)[1].(string), "PUT totp")

	again := c.visitor()
	again.says(again.signIn("grace@example.com", wrong), http.StatusUnprocessableEntity)
	again.leads(again.signIn("grace@example.com", next), "/manage/signin/code")
	plant("the pending sign-in", again.cookies()["__Host-writ_pending"])
	again.says(again.submit("signin/code", "code", code), http.StatusUnprocessableEntity) // it was used
	again.leads(again.submit("signin/code", "code", recovery), "/manage/")
	plant("the session of the sign-in", sessionOf(again))
	reset, err := c.env.Admin().ResetPassword(t.Context(), "grace@example.com", true)
	if err != nil {
		t.Fatal(err)
	}
	plant("the reset's code", codeOf(t, reset.Reveal()), "GET reset", "POST reset")
	again.says(again.get("reset?code="+codeOf(t, reset.Reveal())), http.StatusOK)
	again.leads(again.submit("reset", "code", codeOf(t, reset.Reveal()), "password", last), "/manage/signin?notice=password")

	// The bearer: used, used where it is good for nothing, and taken for a session. And secrets where none belong.
	bearer := plant("the operator's bearer", ada.want(ada.call(http.MethodPost, "token", map[string]any{"tenant": "dev"}), http.StatusOK).JSON(t)["access_token"].(string), "POST token")
	authorized := []string{"Authorization", "Bearer " + bearer, "Content-Type", "application/json"}
	ada.says(ada.Do(http.MethodPost, ada.address("t/dev/api/v2/clients"), `{"name":"a"}`, authorized...), http.StatusCreated)
	ada.says(ada.Do(http.MethodPost, ada.address("t/dev/api/v2/clients"), `{"name":""}`, authorized...), http.StatusBadRequest)
	ada.says(ada.Do(http.MethodGet, ada.address("t/nobody/api/v2/clients"), "", authorized...), http.StatusNotFound)
	stranger := c.visitor()
	stranger.says(stranger.Do(http.MethodGet, stranger.address("session"), "", "Cookie", "__Host-writ_session="+bearer), http.StatusUnauthorized)
	stranger.says(stranger.Do(http.MethodGet, stranger.address("session"), "", "Authorization", "Bearer "+sessionOf(ada)), http.StatusUnauthorized)
	for _, text := range []string{bearer, sessionOf(ada), password} {
		stranger.says(stranger.Do(http.MethodPost, stranger.address("signin"), `{"password":"`+text+`"`, "Content-Type", "application/json"), http.StatusBadRequest)
		ada.says(ada.Do(http.MethodPost, ada.address("token"), `{"tenant":["`+text+`"]}`, "Content-Type", "application/json", "Writ-Operator", ada.operatorID()), http.StatusBadRequest)
	}

	records := string(c.env.API(http.MethodGet, "logs?per_page=100", nil, http.StatusOK).Body)
	metrics := string(c.env.Do(http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(c.env.Server.PlainPort())+"/metrics", "").Body)
	log := c.env.Log.String()
	for what, text := range map[string]string{log: "an operator signed in with the second factor", records: "Turn one's second factor on", metrics: "writ_"} {
		if !strings.Contains(what, text) {
			t.Errorf("%q is nowhere: this test could not fail", text)
		}
	}
	for name, s := range secrets {
		for place, text := range map[string]string{"the server's log": log, "the tenant's log": records, "the metrics": metrics} {
			if tells(text, s.text) {
				t.Errorf("%s is in %s", name, place)
			}
		}
		for request, answer := range heard.heard {
			if tells(answer, s.text) && !slices.Contains(s.answers, request) {
				t.Errorf("%s is in the answer to %s", name, request)
			}
		}
		for _, request := range s.answers {
			if !tells(heard.heard[request], s.text) && !strings.HasPrefix(request, "POST invitation") && request != "POST reset" {
				t.Errorf("%s is not in the answer to %s: this test could not fail", name, request)
			}
		}
	}
	notInFiles(t, c.env.Config.Data, secrets)
}

// tells reports whether a text has a secret; six digits may stand in any number, so that they count as a value of their own alone.
func tells(text, secret string) bool {
	if _, err := strconv.Atoi(secret); err == nil {
		return strings.Contains(text, `"`+secret+`"`) || strings.Contains(text, "="+secret)
	}
	return strings.Contains(text, secret)
}

// notInFiles looks through the data directory. Tokens and codes of full randomness are there as digests; the digest of a recovery code, the
// hash of a password and the bytes of a TOTP secret are not.
func notInFiles(t *testing.T, dir string, secrets map[string]planted) {
	t.Helper()
	needles := map[string]string{"the hash of a password": "$argon2id$"}
	for name, s := range secrets {
		if _, err := strconv.Atoi(s.text); err != nil {
			needles[name] = s.text
		}
		if strings.HasSuffix(name, "recovery code") {
			plain := strings.ReplaceAll(strings.ToLower(s.text), "-", "")
			sum := sha256.Sum256([]byte(plain))
			needles[name+", plain"], needles["the digest of "+name] = plain, hex.EncodeToString(sum[:])
		}
	}
	key, err := base32.StdEncoding.DecodeString(secrets["the TOTP secret"].text)
	if err != nil {
		t.Fatal(err)
	}
	needles["the key of the second factor"] = string(key)
	visible := false
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		visible = visible || bytes.Contains(content, []byte("grace@example.com"))
		for name, needle := range needles {
			if bytes.Contains(content, []byte(needle)) {
				t.Errorf("%s is in %s", name, filepath.Base(path))
			}
		}
		return nil
	})
	if err != nil || !visible {
		t.Errorf("%v; an address was found: %t", err, visible)
	}
}
