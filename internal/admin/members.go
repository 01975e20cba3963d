package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/writ-auth/writ/internal/tenant"
)

// Memberships lists the tenants of an operator with the role in each, by tenant.
func (d *Desk) Memberships(ctx context.Context, operatorID string) ([]tenant.Membership, error) {
	return d.store.ReadPeople().Memberships(ctx, operatorID)
}

// Member is what an operator is to a tenant now. It is one point read: ask each time. Errors: ErrNoMember.
func (d *Desk) Member(ctx context.Context, operatorID, tenantName string) (tenant.Member, error) {
	return memberOf(ctx, d.store.ReadPeople(), operatorID, tenantName)
}

// Role is the role of Member. Errors: ErrNoMember.
func (d *Desk) Role(ctx context.Context, operatorID, tenantName string) (tenant.Role, error) {
	m, err := d.Member(ctx, operatorID, tenantName)
	return m.Role, err
}

// Members lists who administers a tenant, by e-mail address.
func (d *Desk) Members(ctx context.Context, tenantName string) ([]tenant.Member, error) {
	return d.store.ReadPeople().Members(ctx, tenantName)
}

// MayCreateTenants reports whether an operator may make tenants: owners and admins of any tenant may.
func (d *Desk) MayCreateTenants(ctx context.Context, operatorID string) (bool, error) {
	err := d.mayCreate(ctx, d.store.ReadPeople(), operatorID)
	if errors.Is(err, ErrForbidden) {
		return false, nil
	}
	return err == nil, err
}

// MayDeleteTenant fails unless the operator owns the tenant and administers another one besides. Errors: ErrNoMember; ErrForbidden;
// ErrOnlyTenant.
func (d *Desk) MayDeleteTenant(ctx context.Context, operatorID, tenantName string) error {
	role, err := d.Role(ctx, operatorID, tenantName)
	if err != nil {
		return err
	}
	if role != tenant.RoleOwner {
		d.recordRefusal(ctx, operatorID, deed{tenant: tenantName, description: "Delete a tenant", refused: ErrForbidden})
		return ErrForbidden
	}
	all, err := d.Memberships(ctx, operatorID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(m tenant.Membership) bool { return m.Tenant != tenantName && m.Role.ManagesMembers() }) {
		return ErrOnlyTenant
	}
	return nil
}

// CreateTenant makes a tenant on behalf of the operator by, who owns it from its first moment on. Owners and admins of any tenant may.
// Errors: ErrForbidden; tenant.ErrExists, tenant.ErrTombstoned, or why the name is none (tenant.ValidateName).
func (d *Desk) CreateTenant(ctx context.Context, by string, made NewTenant) error {
	if err := d.mayCreate(ctx, d.store.ReadPeople(), by); err != nil { // first: making keys costs much
		return err
	}
	err := d.makeTenant(ctx, made, func(p People) error {
		if err := d.mayCreate(ctx, p, by); err != nil {
			return err
		}
		operator, err := p.Operator(ctx, by)
		if err != nil {
			return err
		}
		return d.own(ctx, p, made.Name, "Create a tenant", operator)
	})
	if err == nil {
		d.log.InfoContext(ctx, "an operator made a tenant", "tenant", made.Name, "operator", by)
	}
	return err
}

// mayCreate fails for who may make no tenants. Errors: ErrForbidden.
func (d *Desk) mayCreate(ctx context.Context, p People, operatorID string) error {
	all, err := p.Memberships(ctx, operatorID)
	if err == nil && !slices.ContainsFunc(all, func(m tenant.Membership) bool { return m.Role.ManagesMembers() }) {
		err = ErrForbidden
	}
	return err
}

// own makes an operator an owner of a tenant, by what the description says.
func (d *Desk) own(ctx context.Context, p People, tenantName, description string, operator tenant.Operator) error {
	m := tenant.Membership{Tenant: tenantName, OperatorID: operator.ID, Role: tenant.RoleOwner, CreatedAt: d.now()}
	if err := p.PutMembership(ctx, m); err != nil {
		return err
	}
	who := selfOf(operator)
	return d.record(ctx, p, deed{tenant: tenantName, description: description, by: who, member: who, diff: roleDiff("", tenant.RoleOwner)})
}

// SetRole gives a member another role, on behalf of the operator by. Owners may do that to everybody, admins to all but owners, and
// may make no owners. What the member has invited to and could not any more ends. Errors: ErrForbidden; ErrNoMember if id is none; ErrLastOwner; *tenant.FieldError for role.
func (d *Desk) SetRole(ctx context.Context, by, tenantName, id string, role tenant.Role) error {
	if err := checkRole(role); err != nil {
		return err
	}
	what := deed{tenant: tenantName, description: "Change a member's role", member: tenant.Member{ID: id}}
	err := d.attempt(ctx, by, &what, func(p People) error {
		steward, target, err := governed(ctx, p, by, tenantName, id, role)
		what.member = cmp.Or(target, what.member)
		if err != nil {
			return err
		}
		if err := keepOwner(ctx, p, tenantName, target, role); err != nil {
			return err
		}
		if err := d.endInvitations(ctx, p, steward, tenantName, id, role); err != nil {
			return err
		}
		m := tenant.Membership{Tenant: tenantName, OperatorID: id, Role: role, CreatedAt: d.now()}
		if err := p.PutMembership(ctx, m); err != nil {
			return err
		}
		what.by, what.diff = steward, roleDiff(target.Role, role)
		return d.record(ctx, p, what)
	})
	if err == nil {
		d.log.InfoContext(ctx, "a member has another role", "tenant", tenantName, "operator", id, "role", string(role), "by", by)
	}
	return err
}

// RemoveMember ends a membership, on behalf of the operator by: as SetRole, and everybody may leave. The
// member's invitations to the tenant end by it, and with the last membership the account. Errors: ErrForbidden; ErrNoMember if id is none; ErrLastOwner.
func (d *Desk) RemoveMember(ctx context.Context, by, tenantName, id string) error {
	what := deed{tenant: tenantName, description: "Leave a tenant", member: tenant.Member{ID: id}}
	if by != id {
		what.description = "Remove a member"
	}
	err := d.attempt(ctx, by, &what, func(p People) error {
		target, err := memberOf(ctx, p, id, tenantName)
		steward := target
		if by != id {
			steward, target, err = governed(ctx, p, by, tenantName, id, "")
		}
		what.member = cmp.Or(target, what.member)
		if err != nil {
			return err
		}
		if err := keepOwner(ctx, p, tenantName, target, ""); err != nil {
			return err
		}
		if err := d.endInvitations(ctx, p, steward, tenantName, id, ""); err != nil {
			return err
		}
		if err := p.DeleteMembership(ctx, tenantName, id); err != nil {
			return err
		}
		what.by, what.diff = steward, roleDiff(target.Role, "")
		if err := d.record(ctx, p, what); err != nil {
			return err
		}
		left, err := p.Memberships(ctx, id)
		if err != nil || len(left) > 0 {
			return err
		}
		return p.DeleteOperator(ctx, id)
	})
	if err == nil {
		d.log.InfoContext(ctx, "a member was removed", "tenant", tenantName, "operator", id, "by", by)
	}
	return err
}

// governed is the member id, if by may take the present role away and give another; steward is by.
// Errors: ErrForbidden; ErrNoMember if id is none.
func governed(ctx context.Context, p People, by, tenantName, id string, role tenant.Role) (steward, target tenant.Member, err error) {
	if steward, err = stewardOf(ctx, p, by, tenantName); err != nil {
		return steward, target, err
	}
	if target, err = memberOf(ctx, p, id, tenantName); err != nil {
		return steward, target, err
	}
	if !steward.Role.Governs(target.Role) || !steward.Role.Governs(role) {
		return steward, target, ErrForbidden
	}
	return steward, target, nil
}

// stewardOf is a member who manages members. Errors: ErrForbidden.
func stewardOf(ctx context.Context, p People, by, tenantName string) (tenant.Member, error) {
	steward, err := memberOf(ctx, p, by, tenantName)
	if errors.Is(err, ErrNoMember) || err == nil && !steward.Role.ManagesMembers() {
		return steward, ErrForbidden
	}
	return steward, err
}

// keepOwner fails if a member is the last owner and would be so no more. Errors: ErrLastOwner.
func keepOwner(ctx context.Context, p People, tenantName string, target tenant.Member, next tenant.Role) error {
	if target.Role != tenant.RoleOwner || next == tenant.RoleOwner {
		return nil
	}
	members, err := p.Members(ctx, tenantName)
	if err != nil {
		return err
	}
	others := slices.ContainsFunc(members, func(m tenant.Member) bool { return m.Role == tenant.RoleOwner && m.ID != target.ID })
	if !others {
		return ErrLastOwner
	}
	return nil
}

func memberOf(ctx context.Context, p People, operatorID, tenantName string) (tenant.Member, error) {
	m, err := p.Member(ctx, tenantName, operatorID)
	if errors.Is(err, tenant.ErrNotFound) {
		err = fmt.Errorf("operator %s, tenant %s: %w", operatorID, tenantName, ErrNoMember)
	}
	return m, err
}

func checkRole(role tenant.Role) error {
	if !role.Known() {
		return fieldError("role", "This is no role.")
	}
	return nil
}
