package admin

import (
	"context"
	"errors"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// pendingLife is how long the second factor may take.
const pendingLife = 5 * time.Minute

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
	operator, err := d.store.ReadPeople().OperatorByEmail(ctx, email)
	if err != nil && !errors.Is(err, tenant.ErrNotFound) {
		return SignIn{}, err
	}
	right, err := d.tryPassword(ctx, email, operator.Credentials.PasswordHash, password, from)
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
		in.Pending, err = d.issue(ctx, tenant.OperatorCode{Kind: tenant.CodeSecondFactor, OperatorID: operator.ID}, pendingLife)
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

// tryPassword compares a password, at the cost of an attempt if it is wrong. An empty hash is nobody's: as much work, never right.
func (d *Desk) tryPassword(ctx context.Context, email string, hash tenant.Secret, password string, from Origin) (right bool, err error) {
	attempt, err := d.brake.password(email, from.Address)
	if err != nil {
		return false, err
	}
	right, err = d.passwords.matches(ctx, hash, password)
	if err != nil || right {
		attempt.succeeded()
	}
	return right, err
}
