package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/domains"
	"github.com/writ-auth/writ/internal/middleware"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
	"github.com/writ-auth/writ/internal/web"
)

// peopleStore is the store as admin sees it.
type peopleStore struct {
	db       *store.DB
	instance tenant.Instance
}

// ReadPeople implements admin.Store.
func (s peopleStore) ReadPeople() admin.People { return s.db.People() }

// WritePeople implements admin.Store.
func (s peopleStore) WritePeople(ctx context.Context, fn func(admin.People) error) error {
	return s.db.InTx(ctx, func(tx *store.Tx) error { return fn(s.people(tx)) })
}

func (s peopleStore) people(tx *store.Tx) admin.People {
	return people{tx.People(), domains.BaseAuthority(s.instance)}
}

// people are the store's, whose records tell which request they are of. hostname is the console's.
type people struct {
	store.People
	hostname string
}

// Record implements admin.Records. What comes from the command line has no request.
func (p people) Record(ctx context.Context, e tenant.LogEvent) error {
	if ip := middleware.ClientIP(ctx); ip.IsValid() {
		e.IP, e.Hostname = ip.String(), p.hostname
	}
	if id := middleware.RequestID(ctx); id != "" {
		e.References = &tenant.LogReferences{TraceID: id}
	}
	return p.People.Record(ctx, e)
}

// newDesk is where operators sign in.
func newDesk(db *store.DB, keys *signing.Generator, instance tenant.Instance, now func() time.Time, log *slog.Logger) *admin.Desk {
	s := peopleStore{db, instance}
	return admin.New(admin.Config{
		Store: s, DefaultTenant: instance.DefaultTenant, Issuer: "writ " + instance.BaseDomain, Now: now, Logger: log,
		MakeTenant: func(ctx context.Context, made admin.NewTenant, settle func(admin.People) error) error {
			return createTenant(ctx, db, keys, instance, made, now(), func(tx *store.Tx) error { return settle(s.people(tx)) })
		},
	})
}

// OperatorInfo is an account with its tenants.
type OperatorInfo struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
	// TOTP reports whether the second factor is on.
	TOTP      bool              `json:"totp"`
	CreatedAt time.Time         `json:"created_at"`
	Tenants   map[string]string `json:"tenants"` // name -> role
}

// Operators lists the accounts of the console by e-mail address.
func (a *Admin) Operators(ctx context.Context) ([]OperatorInfo, error) {
	all, err := a.desk.Operators(ctx)
	if err != nil {
		return nil, err
	}
	infos := make([]OperatorInfo, len(all))
	for i, o := range all {
		memberships, err := a.desk.Memberships(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		infos[i] = OperatorInfo{ID: o.ID, Email: o.Email, Name: o.Name, TOTP: o.TOTP, CreatedAt: o.CreatedAt, Tenants: map[string]string{}}
		for _, m := range memberships {
			infos[i].Tenants[m.Tenant] = string(m.Role)
		}
	}
	return infos, nil
}

// Invite makes a link that makes whoever opens it a member of the tenant: once, within seven days. Errors: tenant.ErrNotFound if there
// is no such tenant; *tenant.FieldError for email and role.
func (a *Admin) Invite(ctx context.Context, tenantName, email, role string) (link tenant.Secret, err error) {
	code, err := a.desk.InviteByInstance(ctx, tenantName, email, tenant.Role(role))
	if err != nil {
		return "", err
	}
	return consoleLink(a.instance, "invitation", code), nil
}

// ErrNoAccount: nobody signs in with this e-mail address.
var ErrNoAccount = errors.New("there is no account with this e-mail address")

// ResetPassword makes a link to a form for a new password: once, within a day. If told so, its use also takes the second factor away.
// Errors: ErrNoAccount.
func (a *Admin) ResetPassword(ctx context.Context, email string, removeTOTP bool) (link tenant.Secret, err error) {
	code, err := a.desk.NewResetCode(ctx, email, removeTOTP)
	if errors.Is(err, tenant.ErrNotFound) {
		return "", ErrNoAccount
	}
	if err != nil {
		return "", err
	}
	return consoleLink(a.instance, "reset", code), nil
}

// consoleLink is the address of a public page of the console, with a one-time code. It opens what the code is for: show it to nobody
// else.
func consoleLink(instance tenant.Instance, page, code string) tenant.Secret {
	return tenant.Secret("https://" + domains.BaseAuthority(instance) + consolePath(page, code))
}

func consolePath(page, code string) string { return web.Prefix + page + "?code=" + code }
