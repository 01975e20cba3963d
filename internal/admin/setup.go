package admin

import (
	"context"
	"errors"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// setUpLife is how long a set-up code is good for.
const setUpLife = 24 * time.Hour

// HasOwner reports whether any tenant has an owner. While none has, whoever has a set-up code becomes one.
func (d *Desk) HasOwner(ctx context.Context) (bool, error) {
	return d.store.ReadPeople().HasOwner(ctx)
}

// NewSetupCode is a code that SetUp takes, for 24 hours; empty if there is an owner. Several are good at once, one of each node; the
// first use ends them all. Whoever has one owns the installation: show it only to who runs the server.
func (d *Desk) NewSetupCode(ctx context.Context) (code string, err error) {
	owned, err := d.HasOwner(ctx)
	if err != nil || owned {
		return "", err
	}
	return d.issue(ctx, tenant.OperatorCode{Kind: tenant.CodeSetUp}, setUpLife)
}

// SetUp is what the first owner types.
type SetUp struct {
	// Code is of NewSetupCode.
	Code     string
	Email    string
	Name     string
	Password string
	// Tenant is the tenant to own: the default one, or a new one, which is made. Empty = the default tenant.
	Tenant string
}

// SetUp makes the first owner, of in.Tenant and of the default tenant if it is there, and signs in. An account with this e-mail
// address that outlived its tenants is made anew: new password, no second factor, no other session.
// Errors: ErrInvalidCode, also once there is an owner; *tenant.FieldError for email, name, password, tenant; *SlowDownError.
func (d *Desk) SetUp(ctx context.Context, in SetUp, from Origin) (sessionToken string, err error) {
	if in.Tenant == "" {
		in.Tenant = d.defaultTenant
	}
	owner, err := d.newOperator(ctx, in.Email, in.Name, in.Password, from, func() error {
		return d.setUpOpen(ctx, d.store.ReadPeople(), in.Code)
	})
	if err != nil {
		return "", err
	}
	err = d.withTenant(ctx, in.Tenant, func(p People) error {
		if err := d.setUpOpen(ctx, p, in.Code); err != nil {
			return err
		}
		if err := p.DeleteCodes(ctx, tenant.CodeSetUp, ""); err != nil {
			return err
		}
		var err error
		if owner, err = settleOperator(ctx, p, owner); err != nil {
			return err
		}
		if err := d.ownTenants(ctx, p, owner, in.Tenant); err != nil {
			return err
		}
		sessionToken, err = d.openSession(ctx, p, owner, from)
		return err
	})
	if err != nil {
		return "", err
	}
	d.log.InfoContext(ctx, "the first owner was set up", "operator", owner.ID, "tenant", in.Tenant, "ip", from.Address.String())
	return sessionToken, nil
}

// CheckSetUpCode reports whether SetUp would take the code. Errors: ErrInvalidCode, also once there is an owner.
func (d *Desk) CheckSetUpCode(ctx context.Context, code string) error {
	return d.setUpOpen(ctx, d.store.ReadPeople(), code)
}

// setUpOpen fails unless there is no owner and the code is good.
func (d *Desk) setUpOpen(ctx context.Context, p People, code string) error {
	owned, err := p.HasOwner(ctx)
	if err != nil {
		return err
	}
	if owned {
		return ErrInvalidCode
	}
	_, err = d.findCode(ctx, p, tenant.CodeSetUp, code)
	return err
}

// withTenant runs settle in one transaction, which makes the named tenant, unless that is the default one and there.
// Errors: *tenant.FieldError for tenant; settle's.
func (d *Desk) withTenant(ctx context.Context, name string, settle func(People) error) error {
	if err := tenant.ValidateName(name); err != nil {
		return fieldError("tenant", "A tenant's name has 3 to 63 lower-case letters, digits and hyphens, with no hyphen at an end.")
	}
	if name == d.defaultTenant {
		there, err := d.store.ReadPeople().HasTenant(ctx, name)
		if err != nil {
			return err
		}
		if there {
			return d.store.WritePeople(ctx, settle)
		}
	}
	err := d.makeTenant(ctx, NewTenant{Name: name, Environment: tenant.Development}, settle)
	switch {
	case errors.Is(err, tenant.ErrExists) && name == d.defaultTenant: // made by another request meanwhile
		return d.store.WritePeople(ctx, settle)
	case errors.Is(err, tenant.ErrExists):
		return fieldError("tenant", "This name is taken.")
	case errors.Is(err, tenant.ErrTombstoned):
		return fieldError("tenant", "A tenant of this name was deleted; names are never given again.")
	}
	return err
}

// ownTenants makes the operator owner of the named tenant, and of the default one if it is there.
func (d *Desk) ownTenants(ctx context.Context, p People, operator tenant.Operator, name string) error {
	names := []string{name}
	if d.defaultTenant != "" && d.defaultTenant != name {
		there, err := p.HasTenant(ctx, d.defaultTenant)
		if err != nil {
			return err
		}
		if there {
			names = append(names, d.defaultTenant)
		}
	}
	for _, name := range names {
		if err := d.own(ctx, p, name, "Become the first owner", operator); err != nil {
			return err
		}
	}
	return nil
}

// settleOperator inserts an operator, or makes the account of this e-mail address anew: name and credentials are the fresh ones, and
// nobody is signed in to it. It may run again, with what it returned.
func settleOperator(ctx context.Context, p People, fresh tenant.Operator) (tenant.Operator, error) {
	old, err := p.OperatorByEmail(ctx, fresh.Email)
	if errors.Is(err, tenant.ErrNotFound) {
		return fresh, p.InsertOperator(ctx, fresh)
	}
	if err != nil {
		return fresh, err
	}
	if err := endAll(ctx, p, old.ID, ""); err != nil {
		return fresh, err
	}
	return p.UpdateOperator(ctx, old.ID, func(old tenant.Operator) (tenant.Operator, error) {
		old.Name, old.Credentials = fresh.Name, fresh.Credentials
		return old, nil
	})
}
