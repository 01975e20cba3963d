package admin

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// maxEmail is the longest address that mail can reach (RFC 5321 section 4.5.3.1.3), in bytes.
	maxEmail = 254
	// maxName is in characters.
	maxName = 150
	// resetLife is how long a code for a new password is good for.
	resetLife = 24 * time.Hour
)

// newOperator judges what a person typed, then asks permit, then does the work of hashing. Errors: *tenant.FieldError for email, name,
// password; permit's; *SlowDownError.
func (d *Desk) newOperator(ctx context.Context, email, name, password string, from Origin, permit func() error) (tenant.Operator, error) {
	if err := permit(); err != nil { // first, so that a stranger learns nothing of the rules, and costs nothing
		return tenant.Operator{}, err
	}
	email, err := parseEmail(email)
	if err != nil {
		return tenant.Operator{}, err
	}
	if name, err = parseName(name); err != nil {
		return tenant.Operator{}, err
	}
	if err := checkPassword("password", password, email); err != nil {
		return tenant.Operator{}, err
	}
	hash, err := d.hashPassword(ctx, password, from)
	if err != nil {
		return tenant.Operator{}, err
	}
	return tenant.Operator{
		ID: tenant.NewOperatorID(), Email: email, Name: name, CreatedAt: d.now(),
		Credentials: tenant.OperatorCredentials{PasswordHash: hash},
	}, nil
}

// parseEmail is the address as accounts are named: trimmed, in lower case.
func parseEmail(typed string) (string, error) {
	email := normalEmail(typed)
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxEmail {
		return "", fieldError("email", "This is no e-mail address.")
	}
	return email, nil
}

func normalEmail(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

func parseName(typed string) (string, error) {
	name := strings.TrimSpace(typed)
	switch {
	case name == "":
		return "", fieldError("name", "A name is needed.")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", fieldError("name", "A name is text on one line.")
	case utf8.RuneCountInString(name) > maxName:
		return "", fieldError("name", "A name has at most 150 characters.")
	}
	return name, nil
}

// ChangePassword sets a new password and ends the operator's other sessions. Errors: ErrNoSession; *tenant.FieldError for current and
// new; *SlowDownError.
func (d *Desk) ChangePassword(ctx context.Context, s *Session, current, next string, from Origin) error {
	operator, err := d.provePassword(ctx, s, current, from)
	if err != nil {
		return err
	}
	if err := checkPassword("new", next, operator.Email); err != nil {
		return err
	}
	hash, err := d.hashPassword(ctx, next, from)
	if err != nil {
		return err
	}
	err = d.store.WritePeople(ctx, func(p People) error {
		err := updateProven(ctx, p, s, operator, func(c tenant.OperatorCredentials) (tenant.OperatorCredentials, error) {
			c.PasswordHash = hash
			return c, nil
		})
		if err != nil {
			return err
		}
		if err := endAll(ctx, p, operator.ID, s.ID); err != nil {
			return err
		}
		return d.recordEverywhere(ctx, p, deed{description: "Change one's password", by: s.self(), member: s.self()})
	})
	if err == nil {
		d.log.InfoContext(ctx, "an operator changed the password", "operator", operator.ID, "ip", from.Address.String())
	}
	return err
}

const wrongPassword = "This is not your present password."

// provePassword is the session's operator, who has typed the present password. Errors: ErrNoSession; *tenant.FieldError for current;
// *SlowDownError.
func (d *Desk) provePassword(ctx context.Context, s *Session, password string, from Origin) (tenant.Operator, error) {
	operator, right, err := d.tryPassword(ctx, s.Operator.Email, password, from)
	switch {
	case err != nil:
		return operator, err
	case operator.ID != s.Operator.ID:
		return operator, ErrNoSession
	case !right:
		return operator, fieldError("current", wrongPassword)
	}
	return operator, nil
}

// endAll ends an operator's sessions but one, and whatever of the old password is under way. An empty id spares none.
func endAll(ctx context.Context, p People, operatorID, exceptID string) error {
	if err := p.DeleteCodes(ctx, tenant.CodeSecondFactor, operatorID); err != nil {
		return err
	}
	if err := p.DeleteCodes(ctx, tenant.CodeReset, operatorID); err != nil {
		return err
	}
	return p.DeleteSessions(ctx, operatorID, exceptID)
}

// NewResetCode is a code that ResetPassword takes, for 24 hours, in place of earlier ones. If told so, its use also takes the second
// factor away. For the command line: it asks for nobody's rights. Errors: tenant.ErrNotFound.
func (d *Desk) NewResetCode(ctx context.Context, email string, removeTOTP bool) (code string, err error) {
	fresh := d.newCode(tenant.OperatorCode{Kind: tenant.CodeReset, RemoveTOTP: removeTOTP}, resetLife)
	err = d.store.WritePeople(ctx, func(p People) error {
		operator, err := p.OperatorByEmail(ctx, normalEmail(email))
		if err != nil {
			return err
		}
		if err := p.DeleteCodes(ctx, tenant.CodeReset, operator.ID); err != nil {
			return err
		}
		fresh.row.OperatorID = operator.ID
		if err := p.InsertCode(ctx, fresh.row); err != nil {
			return err
		}
		return d.recordEverywhere(ctx, p, deed{description: "Make a link for a new password", member: selfOf(operator)})
	})
	return fresh.text.Reveal(), err
}

// Reset says whether a code for a new password is good, and whose it is. Errors: ErrInvalidCode.
func (d *Desk) Reset(ctx context.Context, code string) (Operator, error) {
	people := d.store.ReadPeople()
	found, err := d.findCode(ctx, people, tenant.CodeReset, code)
	if err != nil {
		return Operator{}, err
	}
	operator, err := people.Operator(ctx, found.OperatorID)
	return operatorOf(operator), invalidCode(err)
}

// ResetPassword sets a new password and ends all of the operator's sessions; nobody is signed in by it.
// Errors: ErrInvalidCode; *tenant.FieldError for password; *SlowDownError.
func (d *Desk) ResetPassword(ctx context.Context, code, next string, from Origin) error {
	whose, err := d.Reset(ctx, code)
	if err != nil {
		return err
	}
	if err := checkPassword("password", next, whose.Email); err != nil {
		return err
	}
	hash, err := d.hashPassword(ctx, next, from)
	if err != nil {
		return err
	}
	err = d.store.WritePeople(ctx, func(p People) error {
		used, err := d.useCode(ctx, p, tenant.CodeReset, code)
		if err != nil {
			return err
		}
		done := deed{description: "Reset one's password"}
		operator, err := p.UpdateOperator(ctx, used.OperatorID, func(old tenant.Operator) (tenant.Operator, error) {
			old.Credentials.PasswordHash = hash
			if used.RemoveTOTP && old.Credentials.TOTPSecret != "" {
				done.diff = totpDiff(true, false)
			}
			if used.RemoveTOTP {
				old.Credentials = withoutTOTP(old.Credentials)
			}
			return old, nil
		})
		if err != nil {
			return err
		}
		if err := endAll(ctx, p, used.OperatorID, ""); err != nil {
			return err
		}
		done.by, done.member = selfOf(operator), selfOf(operator)
		return d.recordEverywhere(ctx, p, done)
	})
	if err == nil {
		d.log.InfoContext(ctx, "an operator's password was reset", "operator", whose.ID, "ip", from.Address.String())
	}
	return err
}

// Operators lists all accounts, by e-mail address. For the command line: it asks for nobody's rights.
func (d *Desk) Operators(ctx context.Context) ([]Operator, error) {
	all, err := d.store.ReadPeople().Operators(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Operator, len(all))
	for i, o := range all {
		list[i] = operatorOf(o)
	}
	return list, nil
}
