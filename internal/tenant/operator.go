package tenant

import (
	"log/slog"
	"time"
)

// Operator is a person who administers tenants of this installation. What an operator may do is a matter of memberships.
type Operator struct {
	// ID is op_ and 16 letters and digits; see NewOperatorID.
	ID string `json:"id"`
	// Email names the account at sign-in: unique, in lower case.
	Email string `json:"email"`
	// Name is what people call the operator.
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
	// Credentials are sealed at rest, apart from the rest.
	Credentials OperatorCredentials `json:"-"`
}

// OperatorSubject stands before an operator's id in the sub of a bearer and in the log's user_id. What a client is issued has another
// form of sub.
const OperatorSubject = "operator|"

// LogValue keeps credentials and address out of every log.
func (o Operator) LogValue() slog.Value { return slog.StringValue(o.ID) }

// OperatorCredentials is what an operator proves to be one with. It is sealed as a whole: a copied database alone is of no use for
// guessing even a weak password.
type OperatorCredentials struct {
	// PasswordHash is argon2id in the PHC string format.
	PasswordHash Secret `json:"password_hash"`
	// TOTPSecret is the secret of the second factor (RFC 6238) in base32. Empty = there is none.
	TOTPSecret Secret `json:"totp_secret,omitzero"`
	// TOTPStep is the time step of the last code that was used; no code of it, or of an earlier one, works again.
	TOTPStep int64 `json:"totp_step,omitzero"`
	// PendingTOTPSecret was shown, but no code of it has come yet.
	PendingTOTPSecret Secret `json:"pending_totp_secret,omitzero"`
	// RecoveryCodes are the SHA-256 digests, in hex, of the codes that each stand in for the second factor once.
	RecoveryCodes []string `json:"recovery_codes,omitzero"`
}

// LogValue keeps them out of every log.
func (OperatorCredentials) LogValue() slog.Value { return slog.StringValue(redacted) }

// Membership says what an operator is to a tenant.
type Membership struct {
	Tenant     string
	OperatorID string
	Role       Role
	CreatedAt  time.Time
}

// Member is an operator as a tenant sees one.
type Member struct {
	// ID is the operator's.
	ID    string
	Email string
	Name  string
	Role  Role
}

// LogValue keeps the address out of every log.
func (m Member) LogValue() slog.Value { return slog.StringValue(m.ID) }

// OperatorSession is one signed-in browser of an operator.
type OperatorSession struct {
	// ID is shown in lists; it opens nothing.
	ID string `json:"id"`
	// Digest is the SHA-256 of the session's token, in hex. The token itself is in the browser only.
	Digest     string    `json:"-"`
	OperatorID string    `json:"-"`
	CreatedAt  time.Time `json:"created_at"`
	// LastSeenAt is exact to a minute.
	LastSeenAt time.Time `json:"last_seen_at"`
	// ExpiresAt is when the session ends unless it is used before.
	ExpiresAt time.Time `json:"-"`
	IP        string    `json:"ip"`
	UserAgent string    `json:"user_agent"`
}

// CodeKind says what an OperatorCode is good for.
type CodeKind string

const (
	// CodeSetUp makes the first owner.
	CodeSetUp CodeKind = "set_up"
	// CodeInvitation makes whoever has it a member of Tenant with Role.
	CodeInvitation CodeKind = "invitation"
	// CodeReset sets a new password of OperatorID.
	CodeReset CodeKind = "reset"
	// CodeSecondFactor continues the sign-in of OperatorID, whose password was right.
	CodeSecondFactor CodeKind = "second_factor"
)

// OperatorCode is something that can be done once, by whoever has the code, until it expires.
type OperatorCode struct {
	// ID is shown in lists; it opens nothing.
	ID string `json:"id"`
	// Digest is the SHA-256 of the code, in hex. The code itself is kept nowhere.
	Digest string   `json:"-"`
	Kind   CodeKind `json:"-"`
	// Tenant, Email, Role and InvitedBy (an operator's id; empty = the command line) belong to an invitation.
	Tenant    string `json:"-"`
	Email     string `json:"email,omitzero"`
	Role      Role   `json:"role,omitzero"`
	InvitedBy string `json:"invited_by,omitzero"`
	// OperatorID is whom a reset or a second factor is about.
	OperatorID string `json:"-"`
	// RemoveTOTP: the reset takes the second factor away, too.
	RemoveTOTP bool      `json:"remove_totp,omitzero"`
	CreatedAt  time.Time `json:"created_at"`
	ExpiresAt  time.Time `json:"-"`
}

// LogValue keeps digest and address out of every log.
func (c OperatorCode) LogValue() slog.Value { return slog.StringValue(c.ID) }
