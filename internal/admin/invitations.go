package admin

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// invitationLife is how long an invitation is open.
	invitationLife = 7 * 24 * time.Hour
	// maxInvitations bounds the open invitations of a tenant.
	maxInvitations = 100
	// withdrawal is what records call the end of one before its time.
	withdrawal = "Withdraw an invitation"
)

// Invitation is an open one.
type Invitation struct {
	ID     string
	Tenant string
	Email  string
	Role   tenant.Role
	// HasAccount reports whether the address has an account already, whose password accepts it; only Desk.Invitation says so.
	HasAccount bool
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

func invitationOf(c tenant.OperatorCode) Invitation {
	return Invitation{ID: c.ID, Tenant: c.Tenant, Email: c.Email, Role: c.Role, CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt}
}

// Invite makes an invitation, on behalf of the operator by, in place of an earlier one to the same address, which by must be able to
// withdraw. Its code is good for seven days, once, and no longer than by may give that role; whoever has it becomes the member.
// Errors: ErrForbidden; *tenant.FieldError for email and role.
func (d *Desk) Invite(ctx context.Context, by, tenantName, email string, role tenant.Role) (code string, err error) {
	return d.invite(ctx, by, tenantName, email, role, func(p People) (tenant.Member, error) {
		steward, err := stewardOf(ctx, p, by, tenantName)
		if err == nil && !steward.Role.Governs(role) {
			err = ErrForbidden
		}
		return steward, err
	})
}

// InviteByInstance is Invite for the command line: it asks for nobody's rights. Errors: tenant.ErrNotFound if there is no such
// tenant; *tenant.FieldError for email and role.
func (d *Desk) InviteByInstance(ctx context.Context, tenantName, email string, role tenant.Role) (code string, err error) {
	return d.invite(ctx, "", tenantName, email, role, func(p People) (tenant.Member, error) {
		there, err := p.HasTenant(ctx, tenantName)
		if err == nil && !there {
			err = tenant.ErrNotFound
		}
		return tenant.Member{Role: tenant.RoleOwner}, err
	})
}

// invite asks permit who invites: the member by, or somebody without an id who may do what the role may.
func (d *Desk) invite(
	ctx context.Context, by, tenantName, email string, role tenant.Role, permit func(People) (tenant.Member, error),
) (string, error) {
	address, faulty := parseEmail(email)
	fresh := d.newCode(tenant.OperatorCode{Kind: tenant.CodeInvitation, Tenant: tenantName, Email: address, Role: role}, invitationLife)
	what := deed{tenant: tenantName, description: "Invite a member", member: tenant.Member{Email: address}}
	err := d.attempt(ctx, by, &what, func(p People) error {
		steward, err := permit(p)
		if err != nil {
			return err
		}
		if faulty != nil {
			return faulty
		}
		if err := checkRole(role); err != nil {
			return err
		}
		if err := d.makeRoom(ctx, p, steward, tenantName, address); err != nil {
			return err
		}
		fresh.row.InvitedBy = steward.ID
		if err := p.InsertCode(ctx, fresh.row); err != nil {
			return err
		}
		what.by, what.diff = steward, roleDiff("", role)
		return d.record(ctx, p, what)
	})
	if err != nil {
		return "", err
	}
	d.log.InfoContext(ctx, "somebody was invited", "tenant", tenantName, "invitation", fresh.row.ID, "role", string(role), "by", fresh.row.InvitedBy)
	return fresh.text.Reveal(), nil
}

// makeRoom withdraws an earlier invitation to the address, on behalf of steward. Errors: ErrForbidden; *tenant.FieldError for email.
func (d *Desk) makeRoom(ctx context.Context, p People, steward tenant.Member, tenantName, email string) error {
	members, err := p.Members(ctx, tenantName)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(members, func(m tenant.Member) bool { return m.Email == email }) {
		return fieldError("email", "This person is a member already.")
	}
	open, err := p.Invitations(ctx, tenantName)
	if err != nil {
		return err
	}
	kept := 0
	for _, c := range open {
		if c.Email != email {
			kept++
			continue
		}
		if d.now().Before(c.ExpiresAt) && !steward.Role.Governs(c.Role) {
			return ErrForbidden
		}
		if err := d.withdraw(ctx, p, steward, c); err != nil {
			return err
		}
	}
	if kept >= maxInvitations {
		return fieldError("email", "There are 100 open invitations; withdraw some first.")
	}
	return nil
}

// Invitations lists a tenant's open invitations, oldest first, for the operator by. Errors: ErrForbidden.
func (d *Desk) Invitations(ctx context.Context, by, tenantName string) ([]Invitation, error) {
	people := d.store.ReadPeople()
	if _, err := stewardOf(ctx, people, by, tenantName); err != nil {
		return nil, err
	}
	rows, err := people.Invitations(ctx, tenantName)
	if err != nil {
		return nil, err
	}
	list, now := []Invitation{}, d.now()
	for _, row := range rows {
		if now.Before(row.ExpiresAt) {
			list = append(list, invitationOf(row))
		}
	}
	return list, nil
}

// Withdraw ends an open invitation, on behalf of the operator by. Errors: ErrForbidden; tenant.ErrNotFound.
func (d *Desk) Withdraw(ctx context.Context, by, tenantName, id string) error {
	what := deed{tenant: tenantName, description: withdrawal}
	return d.attempt(ctx, by, &what, func(p People) error {
		steward, err := stewardOf(ctx, p, by, tenantName)
		if err != nil {
			return err
		}
		rows, err := p.Invitations(ctx, tenantName)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(c tenant.OperatorCode) bool { return c.ID == id })
		if i < 0 {
			return tenant.ErrNotFound
		}
		what.member.Email = rows[i].Email
		if !steward.Role.Governs(rows[i].Role) {
			return ErrForbidden
		}
		return d.withdraw(ctx, p, steward, rows[i])
	})
}

// withdraw ends an invitation, with a record if it was open.
func (d *Desk) withdraw(ctx context.Context, p People, by tenant.Member, c tenant.OperatorCode) error {
	if err := p.DeleteCode(ctx, c.ID); err != nil || !d.now().Before(c.ExpiresAt) {
		return err
	}
	return d.record(ctx, p, deed{
		tenant: c.Tenant, description: withdrawal, by: by, member: tenant.Member{Email: c.Email}, diff: roleDiff(c.Role, ""),
	})
}

// findInvitation is an invitation that is good now: who made it may give that role still. Errors: ErrInvalidCode.
func (d *Desk) findInvitation(ctx context.Context, p People, code string) (tenant.OperatorCode, error) {
	found, err := d.findCode(ctx, p, tenant.CodeInvitation, code)
	if err != nil || found.InvitedBy == "" { // the command line's rights do not end
		return found, err
	}
	inviter, err := memberOf(ctx, p, found.InvitedBy, found.Tenant)
	switch {
	case err != nil:
		return tenant.OperatorCode{}, invalidCode(err)
	case !inviter.Role.Governs(found.Role):
		return tenant.OperatorCode{}, ErrInvalidCode
	}
	return found, nil
}

// endInvitations withdraws what an operator has invited to and could not any more with the role now, which is empty for none; by is who
// changed the role.
func (d *Desk) endInvitations(ctx context.Context, p People, by tenant.Member, tenantName, operatorID string, now tenant.Role) error {
	open, err := p.Invitations(ctx, tenantName)
	if err != nil {
		return err
	}
	for _, c := range open {
		if c.InvitedBy != operatorID || now.Governs(c.Role) {
			continue
		}
		if err := d.withdraw(ctx, p, by, c); err != nil {
			return err
		}
	}
	return nil
}

// Invitation tells what a code invites to. Errors: ErrInvalidCode.
func (d *Desk) Invitation(ctx context.Context, code string) (Invitation, error) {
	people := d.store.ReadPeople()
	row, err := d.findInvitation(ctx, people, code)
	if err != nil {
		return Invitation{}, err
	}
	in := invitationOf(row)
	_, err = people.OperatorByEmail(ctx, row.Email)
	in.HasAccount = err == nil
	if errors.Is(err, tenant.ErrNotFound) {
		err = nil
	}
	return in, err
}

// Accept makes whoever has the code a member, and signs in. Who has no account yet gets one, with this name and password; who has one
// proves it with its password, and name is not looked at. The answer may ask for the second factor of an account that has one.
// Errors: ErrInvalidCode; *tenant.FieldError for name and password; *SlowDownError.
func (d *Desk) Accept(ctx context.Context, code, name, password string, from Origin) (SignIn, error) {
	in, err := d.Invitation(ctx, code)
	if err != nil {
		return SignIn{}, err
	}
	if in.HasAccount {
		return d.acceptWithAccount(ctx, code, in.Email, password, from)
	}
	fresh, err := d.newOperator(ctx, in.Email, name, password, from, func() error { return nil })
	if err != nil {
		return SignIn{}, err
	}
	var token string
	err = d.store.WritePeople(ctx, func(p People) error {
		if err := p.InsertOperator(ctx, fresh); err != nil {
			return err
		}
		if err := d.join(ctx, p, code, selfOf(fresh)); err != nil {
			return err
		}
		token, err = d.openSession(ctx, p, fresh, from)
		return err
	})
	if errors.Is(err, tenant.ErrExists) { // the address got an account in this moment, by another invitation
		return SignIn{}, fieldError("password", "You have an account by now: type its password.")
	}
	if err != nil {
		return SignIn{}, err
	}
	d.log.InfoContext(ctx, "an operator accepted an invitation", "operator", fresh.ID, "tenant", in.Tenant, "role", string(in.Role))
	return SignIn{Session: token}, nil
}

func (d *Desk) acceptWithAccount(ctx context.Context, code, email, password string, from Origin) (SignIn, error) {
	operator, right, err := d.tryPassword(ctx, email, password, from)
	if err != nil {
		return SignIn{}, err
	}
	if !right {
		return SignIn{}, fieldError("password", "This is not the password of your account.")
	}
	err = d.store.WritePeople(ctx, func(p People) error {
		now, err := p.Operator(ctx, operator.ID)
		switch {
		case err != nil:
			return invalidCode(err)
		case now.Credentials.PasswordHash != operator.Credentials.PasswordHash: // changed elsewhere since
			return fieldError("password", "This is not the password of your account.")
		}
		return d.join(ctx, p, code, selfOf(operator))
	})
	if err != nil {
		return SignIn{}, err
	}
	d.log.InfoContext(ctx, "an operator accepted an invitation", "operator", operator.ID)
	return d.signInAfterPassword(ctx, operator, from)
}

// join uses an invitation up. Who is a member by now keeps the role. Errors: ErrInvalidCode.
func (d *Desk) join(ctx context.Context, p People, code string, who tenant.Member) error {
	used, err := d.findInvitation(ctx, p, code)
	if err != nil {
		return err
	}
	if err := p.DeleteCode(ctx, used.ID); err != nil {
		return err
	}
	_, err = memberOf(ctx, p, who.ID, used.Tenant)
	if !errors.Is(err, ErrNoMember) {
		return err
	}
	m := tenant.Membership{Tenant: used.Tenant, OperatorID: who.ID, Role: used.Role, CreatedAt: d.now()}
	if err := p.PutMembership(ctx, m); err != nil {
		return err
	}
	return d.record(ctx, p, deed{
		tenant: used.Tenant, description: "Accept an invitation", by: who, member: who, diff: roleDiff("", used.Role),
	})
}
