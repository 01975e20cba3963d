package admin

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// recoveryCodes is how many come with a second factor.
const recoveryCodes = 10

// BeginTOTP makes a secret for the operator's authenticator, as text and as the URI that a QR code holds, for who knows the password:
// a session that somebody left open is not enough to lock its owner out. It counts from ConfirmTOTP on; beginning again makes another.
// Errors: ErrNoSession; ErrSecondFactorOn; *tenant.FieldError for current; *SlowDownError.
func (d *Desk) BeginTOTP(ctx context.Context, s *Session, password string, from Origin) (secret, otpauth string, err error) {
	if s.Operator.TOTP {
		return "", "", ErrSecondFactorOn
	}
	proven, err := d.provePassword(ctx, s, password, from)
	if err != nil {
		return "", "", err
	}
	fresh := tenant.NewTOTPSecret()
	err = d.store.WritePeople(ctx, func(p People) error {
		return updateProven(ctx, p, s, proven, func(c tenant.OperatorCredentials) (tenant.OperatorCredentials, error) {
			if c.TOTPSecret != "" {
				return c, ErrSecondFactorOn
			}
			c.PendingTOTPSecret = fresh
			return c, nil
		})
	})
	if err != nil {
		return "", "", err
	}
	return fresh.Reveal(), otpauthURI(d.issuer, s.Operator.Email, fresh), nil
}

// otpauthURI is the form that authenticators agree on: SHA-1, six digits, 30 seconds are what is meant where nothing is said.
func otpauthURI(issuer, account string, secret tenant.Secret) string {
	uri := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account,
		// Authenticators do not read + as a space.
		RawQuery: "secret=" + secret.Reveal() + "&issuer=" + url.PathEscape(issuer),
	}
	return uri.String()
}

// ConfirmTOTP turns the second factor on, with a first code of the secret that BeginTOTP made, and ends the operator's other
// sessions. The ten recovery codes are shown this once. Errors: ErrNoSession; ErrSecondFactorOn; *tenant.FieldError for code;
// *SlowDownError.
func (d *Desk) ConfirmTOTP(ctx context.Context, s *Session, code string) ([]string, error) {
	attempt, err := d.brake.code(s.Operator.ID)
	if err != nil {
		return nil, err
	}
	codes, digests := newRecoveryCodes()
	err = d.store.WritePeople(ctx, func(p People) error {
		if err := updateCredentials(ctx, p, s, func(c tenant.OperatorCredentials) (tenant.OperatorCredentials, error) {
			return confirmed(c, code, d.now(), digests)
		}); err != nil {
			return err
		}
		if err := endAll(ctx, p, s.Operator.ID, s.ID); err != nil {
			return err
		}
		return d.recordEverywhere(ctx, p, deed{
			description: "Turn one's second factor on", by: s.self(), member: s.self(), diff: totpDiff(false, true),
		})
	})
	if err != nil {
		return nil, err
	}
	attempt.succeeded()
	d.log.InfoContext(ctx, "an operator turned the second factor on", "operator", s.Operator.ID)
	return codes, nil
}

// confirmed has the pending secret in force.
func confirmed(c tenant.OperatorCredentials, code string, now time.Time, recovery []string) (tenant.OperatorCredentials, error) {
	if c.TOTPSecret != "" {
		return c, ErrSecondFactorOn
	}
	step, ok := matchTOTP(c.PendingTOTPSecret, code, now, 0)
	if !ok {
		return c, fieldError("code", "This is not the code that the authenticator shows now.")
	}
	c.TOTPSecret, c.TOTPStep, c.PendingTOTPSecret, c.RecoveryCodes = c.PendingTOTPSecret, step, "", recovery
	return c, nil
}

// RemoveTOTP turns the second factor off, for who knows the password: a session that somebody left open is not enough.
// Errors: ErrNoSession; *tenant.FieldError for current; *SlowDownError.
func (d *Desk) RemoveTOTP(ctx context.Context, s *Session, password string, from Origin) error {
	proven, err := d.provePassword(ctx, s, password, from)
	if err != nil {
		return err
	}
	err = d.store.WritePeople(ctx, func(p People) error {
		was := false
		err := updateProven(ctx, p, s, proven, func(c tenant.OperatorCredentials) (tenant.OperatorCredentials, error) {
			was = c.TOTPSecret != ""
			return withoutTOTP(c), nil
		})
		if err != nil || !was {
			return err
		}
		return d.recordEverywhere(ctx, p, deed{
			description: "Turn one's second factor off", by: s.self(), member: s.self(), diff: totpDiff(true, false),
		})
	})
	if err == nil {
		d.log.InfoContext(ctx, "an operator turned the second factor off", "operator", s.Operator.ID, "ip", from.Address.String())
	}
	return err
}

func withoutTOTP(c tenant.OperatorCredentials) tenant.OperatorCredentials {
	return tenant.OperatorCredentials{PasswordHash: c.PasswordHash}
}

type changeCredentials func(tenant.OperatorCredentials) (tenant.OperatorCredentials, error)

// updateProven changes the credentials of the session's operator, whose password was found right before: both must still hold in the
// transaction. Errors: ErrNoSession; *tenant.FieldError for current; fn's.
func updateProven(ctx context.Context, p People, s *Session, proven tenant.Operator, fn changeCredentials) error {
	return updateCredentials(ctx, p, s, func(c tenant.OperatorCredentials) (tenant.OperatorCredentials, error) {
		if c.PasswordHash != proven.Credentials.PasswordHash {
			return c, fieldError("current", wrongPassword) // changed elsewhere since
		}
		return fn(c)
	})
}

// updateCredentials changes the credentials of the session's operator, if the session has not ended. Errors: ErrNoSession; fn's.
func updateCredentials(ctx context.Context, p People, s *Session, fn changeCredentials) error {
	open, err := p.OperatorSessions(ctx, s.Operator.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(open, func(row tenant.OperatorSession) bool { return row.ID == s.ID }) {
		return ErrNoSession
	}
	_, err = p.UpdateOperator(ctx, s.Operator.ID, func(old tenant.Operator) (tenant.Operator, error) {
		var err error
		old.Credentials, err = fn(old.Credentials)
		return old, err
	})
	return noSession(err)
}

// newRecoveryCodes are fresh codes, and what is stored of them.
func newRecoveryCodes() (codes, digests []string) {
	for range recoveryCodes {
		code := tenant.NewRecoveryCode().Reveal()
		codes = append(codes, code)
		digests = append(digests, digest(plainCode(code)))
	}
	return codes, digests
}

// plainCode is a code as people type it, without case, spaces and hyphens.
func plainCode(typed string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(typed)))
}

// spendCode takes a code of the authenticator or a recovery code, so that it is not good a second time. Errors: ErrWrongCode.
func spendCode(c tenant.OperatorCredentials, typed string, now time.Time) (tenant.OperatorCredentials, error) {
	code := plainCode(typed)
	if step, ok := matchTOTP(c.TOTPSecret, code, now, c.TOTPStep); ok {
		c.TOTPStep = step
		return c, nil
	}
	if i := slices.Index(c.RecoveryCodes, digest(code)); i >= 0 {
		c.RecoveryCodes = slices.Delete(slices.Clone(c.RecoveryCodes), i, i+1)
		return c, nil
	}
	return c, ErrWrongCode
}
