package admin

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/writ-auth/writ/internal/tenant"
)

// commandLine is who did what no operator did, by the name that other records of changes from there have.
const commandLine = "writ CLI"

// deed is a change of a tenant's people.
type deed struct {
	// tenant is whose people they are; description says what was done.
	tenant, description string
	// by did it; the zero Member is the command line. member is whom it was done to; who is only invited is an address.
	by, member tenant.Member
	// diff is what changed of the member, property by property: old and new. No secrets.
	diff map[string][2]any
	// refused is why it was not done; nil = it was.
	refused error
}

// attempt makes a change of a tenant's people on behalf of the operator by. That it may not be is on record, too, like refusals of the
// Management API; it stays a refusal where that could not be written. change may learn what more there is to say of the deed.
func (d *Desk) attempt(ctx context.Context, by string, what *deed, change func(People) error) error {
	err := d.store.WritePeople(ctx, change)
	if errors.Is(err, ErrForbidden) || errors.Is(err, ErrLastOwner) {
		what.refused = err
		d.recordRefusal(ctx, by, *what)
	}
	return err
}

// recordRefusal writes what by was not let do, if by is a member of the tenant: others leave nothing in its log.
func (d *Desk) recordRefusal(ctx context.Context, by string, what deed) {
	err := d.store.WritePeople(ctx, func(p People) error {
		var err error
		if what.by, err = memberOf(ctx, p, by, what.tenant); err != nil {
			return err
		}
		return d.record(ctx, p, what)
	})
	if err != nil && !errors.Is(err, ErrNoMember) {
		d.log.ErrorContext(ctx, "a refused change of people has no record", "tenant", what.tenant, "by", by, "error", err.Error())
	}
}

// roleDiff tells of a role that was given or taken; empty = there was, or is, none.
func roleDiff(old, now tenant.Role) map[string][2]any {
	known := func(role tenant.Role) any {
		if role == "" {
			return nil
		}
		return role
	}
	return map[string][2]any{"role": {known(old), known(now)}}
}

func totpDiff(old, now bool) map[string][2]any { return map[string][2]any{"totp": {old, now}} }

// person is somebody in a record's details.
type person struct {
	UserID string `json:"user_id,omitzero"`
	Name   string `json:"name,omitzero"`
	Email  string `json:"email,omitzero"`
}

func personOf(m tenant.Member) person {
	return person{UserID: subjectOf(m), Name: m.Name, Email: m.Email}
}

// subjectOf is who did something, as user_id has it; empty for the command line.
func subjectOf(m tenant.Member) string {
	if m.ID == "" {
		return ""
	}
	return tenant.OperatorSubject + m.ID
}

// selfOf is an operator who does something about the own account.
func selfOf(o tenant.Operator) tenant.Member {
	return tenant.Member{ID: o.ID, Email: o.Email, Name: o.Name}
}

func (s *Session) self() tenant.Member {
	return tenant.Member{ID: s.Operator.ID, Email: s.Operator.Email, Name: s.Operator.Name}
}

// record writes a deed into the tenant's log, in the form that records of the Management API have.
func (d *Desk) record(ctx context.Context, p People, done deed) error {
	type auth struct {
		User person `json:"user"`
	}
	type request struct {
		Auth auth `json:"auth"`
	}
	details, err := json.Marshal(struct {
		Request request           `json:"request"`
		Member  person            `json:"member,omitzero"`
		Diff    map[string][2]any `json:"diff,omitempty"`
	}{request{auth{personOf(done.by)}}, personOf(done.member), done.diff})
	if err != nil {
		return err
	}
	event := tenant.LogEvent{
		Tenant: done.tenant, Date: d.now(), Type: tenant.LogManagementWritten, Description: done.description,
		UserID: subjectOf(done.by), UserName: done.by.Name, Details: details,
	}
	if done.refused != nil {
		event.Type, event.Description = tenant.LogManagementRefused, done.description+": "+done.refused.Error()
	}
	if done.by.ID == "" {
		name := commandLine
		event.ClientName = &name
	}
	return p.Record(ctx, event)
}

// recordEverywhere writes what concerns an account into the log of each tenant that its operator is a member of now; done names none.
func (d *Desk) recordEverywhere(ctx context.Context, p People, done deed) error {
	all, err := p.Memberships(ctx, done.member.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		done.tenant = m.Tenant
		if err := d.record(ctx, p, done); err != nil {
			return err
		}
	}
	return nil
}
