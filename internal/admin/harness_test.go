package admin_test

import (
	"context"
	"encoding/base32"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/seal"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

const (
	adaPassword   = "analytical engine no. 1"
	gracePassword = "it is easier to ask forgiveness"
)

// peopleStore is the real store as a Desk sees it.
type peopleStore struct{ db *store.DB }

func (s peopleStore) ReadPeople() admin.People { return s.db.People() }

func (s peopleStore) WritePeople(ctx context.Context, fn func(admin.People) error) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error { return fn(tx.People()) })
}

// world is a Desk over a real store, with a clock that stands still until it is advanced.
type world struct {
	*admin.Desk
	db  *store.DB
	cfg admin.Config

	mu  sync.Mutex // guards now
	now time.Time

	read time.Time // up to when a test has read the logs: see told
}

// newWorld has the tenants dev, which is the default one, and acme, and no people.
func newWorld(t *testing.T) *world {
	t.Helper()
	master, err := seal.NewMaster(seal.NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	w.db, err = store.Open(t.Context(), store.Config{
		Dir: t.TempDir(), Master: master, Durability: store.DurabilityRelaxed, PollInterval: time.Hour, Now: w.clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	w.cfg = admin.Config{
		Store: peopleStore{w.db}, MakeTenant: w.makeOwned, DefaultTenant: "dev", Issuer: "writ auth.example", Now: w.clock,
		Logger: slog.New(slog.DiscardHandler),
	}
	w.Desk = admin.NewCheap(w.cfg)
	for _, name := range []string{"dev", "acme"} {
		if err := w.makeTenant(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *world) makeTenant(ctx context.Context, name string) error {
	return w.db.InTx(ctx, func(tx *store.Tx) error { return tx.Tenants().Create(ctx, tenant.Tenant{Name: name}) })
}

func (w *world) makeOwned(ctx context.Context, made admin.NewTenant, settle func(admin.People) error) error {
	return w.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Tenants().Create(ctx, tenant.Tenant{Name: made.Name}); err != nil {
			return err
		}
		return settle(tx.People())
	})
}

// put gives somebody a role, whatever the rules say.
func (w *world) put(t *testing.T, tenantName, operatorID string, role tenant.Role) {
	t.Helper()
	err := w.db.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.People().PutMembership(t.Context(), tenant.Membership{Tenant: tenantName, OperatorID: operatorID, Role: role, CreatedAt: w.clock()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) deleteTenant(t *testing.T, name string) {
	t.Helper()
	if err := w.db.InTx(t.Context(), func(tx *store.Tx) error { return tx.Tenants().Delete(t.Context(), name) }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func from(address string) admin.Origin {
	return admin.Origin{Address: netip.MustParseAddr(address), UserAgent: "Firefox"}
}

var home = from("192.0.2.7")

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
}

// wantField is an error that a person reads at a field.
func wantField(t *testing.T, err error, field string) {
	t.Helper()
	var fault *tenant.FieldError
	if !errors.As(err, &fault) || fault.Field != field || fault.Message == "" {
		t.Errorf("error = %v, want one of the field %s", err, field)
	}
}

// wantSlow is a brake; it returns how long to wait.
func wantSlow(t *testing.T, err error) time.Duration {
	t.Helper()
	var slow *admin.SlowDownError
	if !errors.As(err, &slow) || slow.RetryAfter < time.Second {
		t.Fatalf("error = %v, want *admin.SlowDownError", err)
	}
	return slow.RetryAfter
}

// setUp makes ada the owner of dev and signs her in.
func (w *world) setUp(t *testing.T) *admin.Session {
	t.Helper()
	code := must(w.NewSetupCode(t.Context()))(t)
	token := must(w.SetUp(t.Context(), admin.SetUp{Code: code, Email: "ada@example.com", Name: "Ada", Password: adaPassword}, home))(t)
	return must(w.Session(t.Context(), token))(t)
}

// join invites somebody to a tenant and accepts.
func (w *world) join(t *testing.T, tenantName, email string, role tenant.Role, password string) *admin.Session {
	t.Helper()
	code := must(w.InviteByInstance(t.Context(), tenantName, email, role))(t)
	in := must(w.Accept(t.Context(), code, "Somebody", password, home))(t)
	return must(w.Session(t.Context(), in.Session))(t)
}

// signIn is with the password alone.
func (w *world) signIn(t *testing.T, email, password string) *admin.Session {
	t.Helper()
	in := must(w.SignIn(t.Context(), email, password, home))(t)
	return must(w.Session(t.Context(), in.Session))(t)
}

// enrol turns the second factor on.
func (w *world) enrol(t *testing.T, s *admin.Session) (secret string, recovery []string) {
	t.Helper()
	password := adaPassword
	if s.Operator.Email != "ada@example.com" {
		password = gracePassword
	}
	secret, _, err := w.BeginTOTP(t.Context(), s, password, home)
	if err != nil {
		t.Fatal(err)
	}
	recovery = must(w.ConfirmTOTP(t.Context(), s, w.codeOf(t, secret)))(t)
	w.advance(30 * time.Second) // that code is spent
	return secret, recovery
}

// codeOf is what an authenticator shows now.
func (w *world) codeOf(t *testing.T, secret string) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return admin.HOTP(key, w.clock().Unix()/30)
}
