package web_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/testenv"
)

// password is everybody's.
const password = "seven green turtles dance"

// console is a writ with the people of a small company, who came the way that people come.
type console struct {
	env *testenv.Env
	// people are signed in, by what they may do: owner, admin, keys, organizations and viewer, of both tenants, dev and acme-production.
	people map[string]*visitor
}

// newConsole starts writ, sets it up by its link, and has the owner invite the others.
func newConsole(t testing.TB) *console {
	t.Helper()
	c := &console{env: testenv.New(t), people: map[string]*visitor{}}
	c.people["owner"] = c.setUp("ada@example.com", "Ada Lovelace")
	owner := c.people["owner"]
	owner.want(owner.call(http.MethodPost, "tenants", map[string]any{"name": "acme-production", "environment": "production"}), 201)
	for name, who := range map[string]struct {
		email, name string
		role        tenant.Role
	}{
		"admin":         {"grace@example.com", "Grace Hopper", tenant.RoleAdmin},
		"keys":          {"joan@example.com", "Joan Clarke", tenant.RoleEditorKeyManagement},
		"organizations": {"katherine@example.com", "Katherine Johnson", tenant.RoleEditorOrganizations},
		"viewer":        {"charles@example.com", "Charles Babbage", tenant.RoleViewerConfig},
	} {
		c.people[name] = c.visitor()
		c.people[name].join(owner.invite("dev", who.email, who.role), who.name)
		c.people[name].join(owner.invite("acme-production", who.email, who.role), "")
	}
	return c
}

// setUp makes the first owner, by the link that the server gives out.
func (c *console) setUp(email, name string) *visitor {
	c.env.T.Helper()
	links, err := c.env.Server.SetUpLinks(c.env.T.Context())
	if err != nil {
		c.env.T.Fatal(err)
	}
	v := c.visitor()
	v.want(v.submit("setup", "code", codeOf(c.env.T, links.Public.Reveal()), "email", email, "name", name, "password", password, "tenant", "dev"), 303)
	return v
}

// codeOf is the code in a link.
func codeOf(t testing.TB, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("code") == "" {
		t.Fatalf("no code in %q: %v", link, err)
	}
	return u.Query().Get("code")
}

// visitor is a browser that runs no scripts: it keeps cookies and goes where it is sent only when it is told.
type visitor struct{ testenv.Env }

func (c *console) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.env.T.Fatal(err)
	}
	v := &visitor{*c.env}
	v.HTTP = &http.Client{
		Transport: c.env.HTTP.Transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return v
}

func (v *visitor) address(path string) string {
	return "https://" + v.Tenant.Domain + "/manage/" + path
}

func (v *visitor) get(path string) testenv.Response {
	v.T.Helper()
	return v.Do(http.MethodGet, v.address(path), "")
}

// submit posts a form of names and values.
func (v *visitor) submit(path string, pairs ...string) testenv.Response {
	v.T.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return v.Do(http.MethodPost, v.address(path), form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// call is one of the page's own requests, of whoever is signed in; in is marshalled (nil = no body).
func (v *visitor) call(method, path string, in any) testenv.Response {
	v.T.Helper()
	return v.callAs(v.operatorID(), method, path, in)
}

// callAs is call from a page of this operator.
func (v *visitor) callAs(operatorID, method, path string, in any) testenv.Response {
	v.T.Helper()
	header, body := []string{"Writ-Operator", operatorID}, []byte{}
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			v.T.Fatal(err)
		}
		header = append(header, "Content-Type", "application/json")
	}
	return v.Do(method, v.address(path), string(body), header...)
}

// operatorID is who is signed in; empty = nobody.
func (v *visitor) operatorID() string {
	v.T.Helper()
	res := v.get("session")
	if res.Status != http.StatusOK {
		return ""
	}
	return res.JSON(v.T)["operator"].(map[string]any)["id"].(string)
}

func (v *visitor) want(res testenv.Response, status int) testenv.Response {
	v.T.Helper()
	if res.Status != status {
		v.T.Fatalf("%d %s, want %d", res.Status, res.Body, status)
	}
	return res
}

// cookies are what the browser has for the console, by name.
func (v *visitor) cookies() map[string]string {
	v.T.Helper()
	u, err := url.Parse(v.address(""))
	if err != nil {
		v.T.Fatal(err)
	}
	all := map[string]string{}
	for _, c := range v.HTTP.Jar.Cookies(u) {
		all[c.Name] = c.Value
	}
	return all
}

func (v *visitor) signIn(email, password string) testenv.Response {
	v.T.Helper()
	return v.submit("signin", "email", email, "password", password)
}

// invite returns the link.
func (v *visitor) invite(tenantName, email string, role tenant.Role) string {
	v.T.Helper()
	res := v.want(v.call(http.MethodPost, "tenants/"+tenantName+"/invitations", map[string]any{"email": email, "role": role}), 201)
	return res.JSON(v.T)["link"].(string)
}

// join accepts an invitation; who has an account gives no name.
func (v *visitor) join(link, name string) {
	v.T.Helper()
	v.want(v.submit("invitation", "code", codeOf(v.T, link), "name", name, "password", password), 303)
}

// plainAuthority is where a browser on this machine may come without TLS.
func (c *console) plainAuthority() string {
	return "localhost:" + strconv.Itoa(c.env.Server.PlainPort())
}

// totp is the code that an authenticator shows so many steps from now (RFC 6238 with RFC 4226 section 5.3).
func totp(t *testing.T, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	if err := binary.Write(mac, binary.BigEndian, time.Now().Unix()/30+steps); err != nil {
		t.Fatal(err)
	}
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// helper does for the journeys what a person does outside of the browser, on the command line: POST /fresh starts a writ without an
// owner and answers its set-up links and its data directory; POST /reset?email=... answers a link for a new password, and with remove_totp=1 one that takes
// the second factor away, too.
func (c *console) helper(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /fresh", func(w http.ResponseWriter, r *http.Request) {
		env := testenv.New(t)
		links, err := env.Server.SetUpLinks(r.Context())
		answerLink(w, err, map[string]string{"public": links.Public.Reveal(), "local": links.Local.Reveal(), "data": env.Config.Data})
	})
	admin := c.env.Admin()
	mux.HandleFunc("POST /reset", func(w http.ResponseWriter, r *http.Request) {
		link, err := admin.ResetPassword(r.Context(), r.FormValue("email"), r.FormValue("remove_totp") != "")
		answerLink(w, err, map[string]string{"link": link.Reveal()})
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

func answerLink(w http.ResponseWriter, err error, links map[string]string) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(links)
}
