package signing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// What Verify says of a token it refuses. Each is wrapped with the reason, which is for logs and not for the caller.
var (
	// ErrMalformed: no access token of this server ever looks like that.
	ErrMalformed = errors.New("malformed token")
	// ErrSignature: the key is unknown or revoked, the alg is not the key's, or the signature does not fit.
	ErrSignature = errors.New("invalid signature")
	// ErrExpired: genuine, but its exp has passed (RFC 7519 section 4.1.4).
	ErrExpired = errors.New("expired token")
	// ErrNotYetValid: genuine, but its nbf or iat lies in the future (RFC 7519 section 4.1.5).
	ErrNotYetValid = errors.New("token not valid yet")
)

// futureLeeway is how many seconds nbf and iat may lie in the future, for another node's clock. exp has no leeway: a token
// must not live longer than its API allows.
const futureLeeway = 60

// Claims are what a verified access token says. Nothing here was compared with what the caller expects: issuer, audience and
// scope are the caller's to check.
type Claims struct {
	Issuer   string
	Subject  string
	Audience []string
	// IssuedAt and ExpiresAt are whole seconds, UTC.
	IssuedAt  time.Time
	ExpiresAt time.Time
	Scope     []string
	// Permissions is nil unless the API has RBAC and an _authz dialect.
	Permissions []string
	// ClientID is the azp claim, in the RFC 9068 profile client_id; empty = neither is there.
	ClientID string
	// JTI is empty in Auth0's profile.
	JTI string
}

// HasAudience reports whether audience is among the token's, byte for byte.
func (c Claims) HasAudience(audience string) bool { return slices.Contains(c.Audience, audience) }

// HasScope reports whether scope was granted, byte for byte.
func (c Claims) HasScope(scope string) bool { return slices.Contains(c.Scope, scope) }

// Verify checks an access token against the tenant's published keys (RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725)
// and returns its claims. The kid names the key, and the key decides which alg may be used with it: RS256 or PS256 for RSA,
// ES256 for EC, EdDSA for OKP; none, HS256 and any crit are refused. The signature is verified before the claims are read.
// Errors: ErrMalformed, ErrSignature, ErrExpired, ErrNotYetValid, or what the store returns.
func (s *Signer) Verify(ctx context.Context, tenantName, compact string) (Claims, error) {
	token, err := parseCompact(compact)
	if err != nil {
		return Claims{}, err
	}
	set, err := s.store.SigningKeys(ctx, tenantName)
	if err != nil {
		return Claims{}, fmt.Errorf("signing keys: %w", err)
	}
	key, ok := set.Find(token.kid)
	if !ok || key.State == tenant.KeyRevoked {
		return Claims{}, fmt.Errorf("%w: no published key has the kid %q", ErrSignature, token.kid)
	}
	public, err := s.publicKey(tenantName, key)
	if err != nil {
		return Claims{}, err
	}
	if !verify(public.key, token.alg, token.input, token.signature) {
		return Claims{}, fmt.Errorf("%w: alg %q, kid %q of the family %s", ErrSignature, token.alg, token.kid, key.Family)
	}
	return parseClaims(token.payload, s.clock.seconds())
}

// parseClaims reads the payload of a token whose signature is good, and holds its times against now.
func parseClaims(payload []byte, now int64) (Claims, error) {
	o, err := parseObject(payload)
	if err != nil {
		return Claims{}, err
	}
	r := claimReader{object: o}
	c := Claims{
		Issuer:      r.required("iss"),
		Subject:     r.required("sub"),
		Audience:    r.audience(),
		Scope:       r.scope(),
		Permissions: r.list("permissions"),
		ClientID:    r.optional("azp"),
		JTI:         r.optional("jti"),
	}
	if clientID := r.optional("client_id"); c.ClientID == "" {
		c.ClientID = clientID
	}
	issuedAt, expiresAt, notBefore := r.seconds("iat"), r.seconds("exp"), int64(0)
	if r.has("nbf") {
		notBefore = r.seconds("nbf")
	}
	if r.err != nil {
		return Claims{}, r.err
	}
	switch {
	case expiresAt < issuedAt:
		return Claims{}, fmt.Errorf("%w: exp is before iat", ErrMalformed)
	case now >= expiresAt:
		return Claims{}, ErrExpired
	case issuedAt > now+futureLeeway, notBefore > now+futureLeeway:
		return Claims{}, ErrNotYetValid
	}
	c.IssuedAt, c.ExpiresAt = time.Unix(issuedAt, 0).UTC(), time.Unix(expiresAt, 0).UTC()
	return c, nil
}
