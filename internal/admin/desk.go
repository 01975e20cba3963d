package admin

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// Store keeps people. Its methods may fail with tenant.ErrUnavailable.
type Store interface {
	// ReadPeople reads what is committed; a write through it is an error.
	ReadPeople() People
	// WritePeople runs fn in one transaction, alone among writers of all nodes. It may run fn again, and fn must return the error of a
	// write that failed.
	WritePeople(ctx context.Context, fn func(People) error) error
}

// People are the rows, in one transaction or outside of any. What is not there is tenant.ErrNotFound.
type People interface {
	Operators
	Sessions
	Codes
	Memberships
	Records
}

// Operators are the accounts, unique by id and by e-mail address.
type Operators interface {
	Operator(ctx context.Context, id string) (tenant.Operator, error)
	OperatorByEmail(ctx context.Context, email string) (tenant.Operator, error)
	// Operators lists all, by e-mail address.
	Operators(ctx context.Context) ([]tenant.Operator, error)
	// InsertOperator fails with tenant.ErrExists if the address is taken.
	InsertOperator(ctx context.Context, o tenant.Operator) error
	// UpdateOperator replaces an operator by what fn makes of it. fn's error is returned as it is.
	UpdateOperator(ctx context.Context, id string, fn func(old tenant.Operator) (tenant.Operator, error)) (tenant.Operator, error)
	// DeleteOperator removes an operator with sessions, codes and memberships.
	DeleteOperator(ctx context.Context, id string) error
}

// Sessions are who is signed in. Expired ones may still be there.
type Sessions interface {
	SessionByDigest(ctx context.Context, digest string) (tenant.OperatorSession, error)
	// OperatorSessions are those of one operator, newest first.
	OperatorSessions(ctx context.Context, operatorID string) ([]tenant.OperatorSession, error)
	InsertSession(ctx context.Context, s tenant.OperatorSession) error
	UpdateSession(ctx context.Context, id string, fn func(old tenant.OperatorSession) (tenant.OperatorSession, error)) (tenant.OperatorSession, error)
	// DeleteSession removes a session of this operator.
	DeleteSession(ctx context.Context, operatorID, id string) error
	// DeleteSessions removes all of an operator's but one; an empty id spares none.
	DeleteSessions(ctx context.Context, operatorID, exceptID string) error
}

// Codes are the one-time codes. Expired ones may still be there.
type Codes interface {
	CodeByDigest(ctx context.Context, digest string) (tenant.OperatorCode, error)
	// Invitations are those of a tenant, oldest first.
	Invitations(ctx context.Context, tenantName string) ([]tenant.OperatorCode, error)
	// OperatorCodes are an operator's of a kind, oldest first.
	OperatorCodes(ctx context.Context, kind tenant.CodeKind, operatorID string) ([]tenant.OperatorCode, error)
	InsertCode(ctx context.Context, c tenant.OperatorCode) error
	DeleteCode(ctx context.Context, id string) error
	// DeleteCodes removes all of a kind; of one operator, unless operatorID is empty.
	DeleteCodes(ctx context.Context, kind tenant.CodeKind, operatorID string) error
}

// Memberships say who may do what where. They go with their tenant, and with their operator.
type Memberships interface {
	HasTenant(ctx context.Context, tenantName string) (bool, error)
	// HasOwner reports whether any tenant has an owner.
	HasOwner(ctx context.Context) (bool, error)
	// Member is one read: an operator and the role.
	Member(ctx context.Context, tenantName, operatorID string) (tenant.Member, error)
	// Members lists a tenant's, by e-mail address.
	Members(ctx context.Context, tenantName string) ([]tenant.Member, error)
	// Memberships lists an operator's, by tenant.
	Memberships(ctx context.Context, operatorID string) ([]tenant.Membership, error)
	// PutMembership gives an operator this role in the tenant, whatever it was. tenant.ErrNotFound if there is no such tenant.
	PutMembership(ctx context.Context, m tenant.Membership) error
	DeleteMembership(ctx context.Context, tenantName, operatorID string) error
}

// Records are the logs of tenants.
type Records interface {
	// Record puts a record into the log of the tenant that it names: it is there if, and only if, the transaction commits. Where the
	// request came from is filled in.
	Record(ctx context.Context, e tenant.LogEvent) error
}

// NewTenant is a tenant to be made.
type NewTenant struct {
	Name        string
	Environment tenant.Environment
}

// Config is what a Desk is built on.
type Config struct {
	// Store is needed.
	Store Store
	// MakeTenant makes a tenant, and runs settle in the same transaction, which writes the log's first record; it may run settle again.
	// Nothing that costs much is made for a name that cannot be given. Errors that the person can mend: tenant.ErrExists,
	// tenant.ErrTombstoned, and what tenant.ValidateName says; settle's are returned as they are. Needed by SetUp and CreateTenant.
	MakeTenant func(ctx context.Context, made NewTenant, settle func(People) error) error
	// DefaultTenant is the one that the first owner owns besides, if it is there. Empty = there is none.
	DefaultTenant string
	// Issuer is what authenticators show beside the account. Default writ.
	Issuer string
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Logger gets a line for each sign-in and each change of people. Default slog.Default().
	Logger *slog.Logger
}

// Desk is where operators sign in and where their accounts and memberships are kept. It is safe for concurrent use. Its methods may
// also fail with tenant.ErrUnavailable.
type Desk struct {
	store         Store
	makeTenant    func(ctx context.Context, made NewTenant, settle func(People) error) error
	defaultTenant string
	issuer        string
	now           func() time.Time
	log           *slog.Logger
	passwords     *hasher
	brake         *brake
}

// New is a Desk with all its attempts left.
func New(cfg Config) *Desk {
	if cfg.Issuer == "" {
		cfg.Issuer = "writ"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	now := func() time.Time { return cfg.Now().UTC().Truncate(time.Millisecond) } // as it is stored
	return &Desk{
		store: cfg.Store, makeTenant: cfg.MakeTenant, defaultTenant: cfg.DefaultTenant, issuer: cfg.Issuer, now: now, log: cfg.Logger,
		passwords: newHasher(defaultCost()), brake: newBrake(now),
	}
}

// Origin is where a request comes from.
type Origin struct {
	// Address is the caller's, behind trusted proxies the forwarded one.
	Address netip.Addr
	// UserAgent is the header as sent; what is kept of it is cut.
	UserAgent string
}

// Operator is an account as its owner sees it.
type Operator struct {
	ID    string
	Email string
	Name  string
	// TOTP reports whether the second factor is on.
	TOTP      bool
	CreatedAt time.Time
}

func operatorOf(o tenant.Operator) Operator {
	return Operator{ID: o.ID, Email: o.Email, Name: o.Name, TOTP: o.Credentials.TOTPSecret != "", CreatedAt: o.CreatedAt}
}

// LogValue keeps the address out of every log.
func (o Operator) LogValue() slog.Value { return slog.StringValue(o.ID) }
