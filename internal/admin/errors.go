package admin

import (
	"errors"
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// What a person typed and must change is a *tenant.FieldError: Field is code, email, name, password, current, new, role or tenant;
// Message is a sentence for that person. Everything else is one of these, or tenant.ErrUnavailable.
var (
	// ErrNoSession: nobody is signed in with this token, or not any more.
	ErrNoSession = errors.New("not signed in")
	// ErrWrongCredentials: there is no such account, or the password is another. Which of both is not told.
	ErrWrongCredentials = errors.New("wrong e-mail address or password")
	// ErrWrongCode: the code of the second factor is wrong, was used before, or its time has passed.
	ErrWrongCode = errors.New("wrong code")
	// ErrInvalidCode: a one-time code (set-up, invitation, reset, pending sign-in) that is unknown, used, withdrawn or expired.
	ErrInvalidCode = errors.New("the code is not valid, or not any more")
	// ErrNoMember: the operator is no member of the tenant. It is a tenant.ErrNotFound.
	ErrNoMember = fmt.Errorf("no member of the tenant: %w", tenant.ErrNotFound)
	// ErrForbidden: the role of who asks does not include this.
	ErrForbidden = errors.New("the role does not include this")
	// ErrOnlyTenant: an operator keeps the one tenant that they administer, because whoever has none can make no other.
	ErrOnlyTenant = errors.New("the only tenant that the operator administers")
	// ErrLastOwner: a tenant keeps its last owner.
	ErrLastOwner = errors.New("the last owner of a tenant can neither be removed nor get another role")
	// ErrSecondFactorOn: there is a second factor already.
	ErrSecondFactorOn = errors.New("the second factor is on already")
)

// SlowDownError: too many attempts, or too many at once. Nothing was looked at; try again later.
type SlowDownError struct {
	// RetryAfter is how long to wait, at least a second (RFC 9110 section 10.2.3).
	RetryAfter time.Duration
}

func (e *SlowDownError) Error() string {
	return fmt.Sprintf("too many attempts: try again in %s", e.RetryAfter)
}

func fieldError(field, message string) error {
	return &tenant.FieldError{Field: field, Message: message}
}
