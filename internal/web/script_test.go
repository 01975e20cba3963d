package web_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/httpscript"
	"github.com/writ-auth/writ/internal/tenant"
)

// The scripts in testdata are the readable specification of what the page asks of the server, below /manage/. Each has a console of its
// own. Beside httpscript's, a request may have this directive:
//
//	as: owner   with this person's cookies, from a page of this person's; without it nobody is signed in
//
// $domain is the base domain. The viewer is signed in at a second browser, too, and a tenant named buried was deleted.
func TestScripts(t *testing.T) {
	for _, file := range httpscript.Files(t, "testdata") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			c := newConsole(t)
			elsewhere := c.visitor()
			elsewhere.want(elsewhere.signIn("charles@example.com", password), http.StatusSeeOther)
			c.bury("buried")
			asked := c.visitor() // of the request that is being read
			s := &httpscript.Script{T: t, Type: "application/json", Saved: map[string]string{"domain": c.env.Tenant.Domain}}
			s.Directive = func(name, value string, _ http.Header) bool {
				if name == "as" {
					asked = c.people[value]
				}
				return name == "as"
			}
			s.Do = func(method, path string, header http.Header, body string) *http.Response {
				req, err := http.NewRequestWithContext(t.Context(), method, asked.address(path), strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				req.Header = header
				if header.Get("Writ-Operator") == "" {
					header.Set("Writ-Operator", asked.operatorID())
				}
				res, err := asked.HTTP.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				asked = c.visitor()
				return res
			}
			s.Run(file)
		})
	}
}

// bury makes a tenant and deletes it.
func (c *console) bury(name string) {
	c.env.T.Helper()
	admin := c.env.Admin()
	_, err := admin.CreateTenant(c.env.T.Context(), name, tenant.Development)
	if err == nil {
		err = admin.DeleteTenant(c.env.T.Context(), name)
	}
	if err != nil {
		c.env.T.Fatal(err)
	}
}
