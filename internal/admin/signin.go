package admin

import (
	"context"
	"errors"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// pendingLife is how long the second factor may take.
	pendingLife = 5 * time.Minute
	// maxPending bounds the sign-ins of an operator that wait for it.
	maxPending = 10
)

// SignIn is what became of a right password: one of both is set.
type SignIn struct {
	// Session is the token of a new session.
	Session string
	// Pending stands for the sign-in while the second factor is wanted; SignInCode takes it for five minutes.
	Pending string
}

// SignIn begins with e-mail address and password. An address without an account costs as much work and gets the same answer as a
// wrong password. Errors: ErrWrongCredentials; *SlowDownError.
func (d *Desk) SignIn(ctx context.Context, email, password string, from Origin) (SignIn, error) {
	email = normalEmail(email)
	if len(email) > maxEmail { // nobody's, as everybody can know
		return SignIn{}, ErrWrongCredentials
	}
	operator, right, err := d.tryPassword(ctx, email, password, from)
	if err != nil {
		return SignIn{}, err
	}
	if !right {
		d.log.InfoContext(ctx, "a sign-in was refused", "operator", operator.ID, "ip", from.Address.String())
		return SignIn{}, ErrWrongCredentials
	}
	return d.signInAfterPassword(ctx, operator, from)
}

// signInAfterPassword goes on with an operator whose password was right.
func (d *Desk) signInAfterPassword(ctx context.Context, operator tenant.Operator, from Origin) (in SignIn, err error) {
	if operator.Credentials.TOTPSecret != "" {
		in.Pending, err = d.issuePending(ctx, operator.ID)
		return in, err
	}
	err = d.store.WritePeople(ctx, func(p People) (err error) {
		in.Session, err = d.openSession(ctx, p, operator, from)
		return err
	})
	if err == nil {
		d.log.InfoContext(ctx, "an operator signed in", "operator", operator.ID, "ip", from.Address.String())
	}
	return in, err
}

// issuePending is a code that stands for a sign-in while the second factor is wanted. One too many ends the oldest.
func (d *Desk) issuePending(ctx context.Context, operatorID string) (string, error) {
	fresh := d.newCode(tenant.OperatorCode{Kind: tenant.CodeSecondFactor, OperatorID: operatorID}, pendingLife)
	err := d.store.WritePeople(ctx, func(p People) error {
		open, err := p.OperatorCodes(ctx, tenant.CodeSecondFactor, operatorID)
		if err != nil {
			return err
		}
		for i := range len(open) - maxPending + 1 {
			if err := p.DeleteCode(ctx, open[i].ID); err != nil {
				return err
			}
		}
		return p.InsertCode(ctx, fresh.row)
	})
	return fresh.text.Reveal(), err
}

// SignInCode ends a sign-in with a code of the authenticator, or a recovery code, which is thereby used up.
// Errors: ErrInvalidCode: begin again with the password; ErrWrongCode: try another code; *SlowDownError.
func (d *Desk) SignInCode(ctx context.Context, pending, code string, from Origin) (sessionToken string, err error) {
	people := d.store.ReadPeople()
	found, err := d.findCode(ctx, people, tenant.CodeSecondFactor, pending)
	if err != nil {
		return "", err
	}
	attempt, err := d.brake.code(found.OperatorID)
	if err != nil {
		return "", err
	}
	err = d.store.WritePeople(ctx, func(p People) error {
		if _, err := d.useCode(ctx, p, tenant.CodeSecondFactor, pending); err != nil {
			return err
		}
		operator, err := p.UpdateOperator(ctx, found.OperatorID, func(old tenant.Operator) (tenant.Operator, error) {
			var err error
			old.Credentials, err = spendCode(old.Credentials, code, d.now())
			return old, err
		})
		if err != nil {
			return invalidCode(err)
		}
		sessionToken, err = d.openSession(ctx, p, operator, from)
		return err
	})
	switch {
	case err == nil:
		attempt.succeeded()
		d.log.InfoContext(ctx, "an operator signed in with the second factor", "operator", found.OperatorID, "ip", from.Address.String())
	case errors.Is(err, ErrWrongCode):
		d.log.InfoContext(ctx, "a second factor was refused", "operator", found.OperatorID, "ip", from.Address.String())
	}
	return sessionToken, err
}

// tryPassword compares a password with that of the account of an address, at the cost of an attempt if it is not right; nothing is
// looked up before the attempt is counted. Where there is no account it is as much work, and never right. An attempt that finds no place
// is not counted, and leaves no trace.
func (d *Desk) tryPassword(ctx context.Context, email, password string, from Origin) (operator tenant.Operator, right bool, err error) {
	group := addressGroup(from.Address)
	place, err := d.passwords.enter(group)
	if err != nil {
		return operator, false, err
	}
	defer place.leave()
	attempt, err := d.brake.password(email, group)
	if err != nil {
		return operator, false, err
	}
	operator, err = d.store.ReadPeople().OperatorByEmail(ctx, email)
	if err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return operator, false, err
	}
	right, err = place.matches(ctx, operator.Credentials.PasswordHash, password)
	if right {
		attempt.succeeded()
	}
	return operator, right, err
}
