package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// watched is a store that counts transactions.
type watched struct {
	db     *store.DB
	writes int
}

func (s *watched) ReadPeople() admin.People { return s.db.People() }

func (s *watched) WritePeople(ctx context.Context, fn func(admin.People) error) error {
	s.writes++
	return s.db.InTx(ctx, func(tx *store.Tx) error { return fn(tx.People()) })
}

// noTenants are all free and undescribed; deleting one is a write.
type noTenants struct{ *watched }

func (noTenants) Describe(context.Context, string) (TenantInfo, error) { return TenantInfo{}, nil }
func (noTenants) Free(context.Context, string) error                   { return nil }
func (n noTenants) Delete(context.Context, string) error {
	n.writes++
	return nil
}

// readOnly is a console of one owner, who has seen it just now, and the store behind it. The clock stands still.
func readOnly(t *testing.T) (c *Console, people *watched, session string) {
	t.Helper()
	master, err := seal.NewMaster(seal.NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Master: master, Durability: store.DurabilityRelaxed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	people = &watched{db: db}
	now := time.Now()
	desk := admin.New(admin.Config{
		Store: people, DefaultTenant: "dev", Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler),
		MakeTenant: func(ctx context.Context, made admin.NewTenant, settle func(admin.People) error) error {
			people.writes++
			return db.InTx(ctx, func(tx *store.Tx) error {
				return errors.Join(tx.Tenants().Create(ctx, tenant.Tenant{Name: made.Name}), settle(tx.People()))
			})
		},
	})
	home := admin.Origin{Address: netip.MustParseAddr("192.0.2.7")}
	code, err := desk.NewSetupCode(t.Context())
	if err == nil {
		session, err = desk.SetUp(t.Context(), admin.SetUp{Code: code, Email: "ada@example.com", Name: "Ada", Password: "analytical engine no. 1"}, home)
	}
	if err != nil {
		t.Fatal(err)
	}
	return NewConsole(ConsoleConfig{
		Desk: desk, Tenants: noTenants{people}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Origin: func(*http.Request) admin.Origin { return home }, Plain: func(*http.Request) bool { return false },
	}), people, session
}

// Other sites can lead a browser to any address: what is asked with GET or HEAD changes nothing. The use of a session alone is written down,
// once a minute.
func TestReadingWritesNothing(t *testing.T) {
	c, people, session := readOnly(t)
	paths := []string{"", "t/dev/applications"}
	for path := range c.forms() {
		paths = append(paths, path, path+"?code=guessed")
	}
	for pattern := range c.operations() {
		if path, ok := strings.CutPrefix(pattern, "GET "); ok {
			paths = append(paths, strings.NewReplacer("{tenant}", "dev", "{id}", "op_nobody", "{rest...}", "x").Replace(path))
		}
	}
	paths = append(paths, "tenants/available?name=fresh-tenant", "totp", "password", "token", "signout")
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, path := range paths {
			people.writes = 0
			r := httptest.NewRequest(method, Prefix+path, nil)
			r.AddCookie(&http.Cookie{Name: "__Host-" + sessionCookie, Value: session})
			w := httptest.NewRecorder()
			c.ServeHTTP(w, r)
			if people.writes != 0 || w.Code >= 500 {
				t.Errorf("%s %s: %d with %d writes, want none", method, path, w.Code, people.writes)
			}
		}
	}
	r := httptest.NewRequest(http.MethodGet, Prefix+"session", nil)
	r.AddCookie(&http.Cookie{Name: "__Host-" + sessionCookie, Value: session})
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("the session is none: %d; what was read above was refused", w.Code)
	}
}

// When somebody else has signed in in the same browser, the page of the one before has their cookie. It reads and changes nothing with it, and
// signs nobody out.
func TestAPageOfAnotherOperatorDoesNothing(t *testing.T) {
	c, people, session := readOnly(t)
	patterns := []string{"POST signout"}
	for pattern := range c.operations() {
		patterns = append(patterns, pattern)
	}
	for _, pattern := range patterns {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{tenant}", "dev", "{id}", "op_nobody", "{rest...}", "x").Replace(path)
		for _, tt := range []struct {
			whose  string
			status int
			says   string
		}{
			{"op_somebody_else", http.StatusUnauthorized, "Somebody else is signed in in this browser now."},
			{"", http.StatusBadRequest, "The header Writ-Operator is missing: it names the operator who asks, by the id in /manage/session."},
		} {
			if tt.whose == "" && method == http.MethodGet {
				continue
			}
			people.writes = 0
			r := httptest.NewRequest(method, Prefix+path, strings.NewReader("{}"))
			r.AddCookie(&http.Cookie{Name: "__Host-" + sessionCookie, Value: session})
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Writ-Operator", tt.whose)
			w := httptest.NewRecorder()
			c.ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) || people.writes != 0 {
				t.Errorf("%s %q: %d %s with %d writes", pattern, tt.whose, w.Code, w.Body, people.writes)
			}
		}
	}
}
