package signing

import (
	"context"
	"errors"
	"fmt"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// gtyClientCredentials is Auth0's gty claim, with a hyphen where grant_type has an underscore.
const gtyClientCredentials = "client-credentials"

// clientSubject is the sub of a machine: its client_id and this, in every dialect.
const clientSubject = "@clients"

// AccessToken signs the access token of an authorization: header, claims and their order as the resource server's dialect
// and signing_alg say, encrypted to the resource server where it has token_encryption. The iss is that of the domain called. Errors:
// *oauth.Error Overloaded if no core was free for a second; what the store returns; ctx.Err while waiting for a core; all wrapped.
func (s *Signer) AccessToken(ctx context.Context, auth *oauth.Authorization) (oauth.Token, error) {
	with, err := s.signature(ctx, auth)
	if err != nil {
		return oauth.Token{}, fmt.Errorf("access token for %s: %w", auth.Audience, err)
	}
	issuedAt := s.clock.seconds()
	claims, typ := changing{issuedAt: issuedAt, expiresAt: issuedAt + int64(auth.ResourceServer.TokenLifetime)}, typJWT
	if auth.ResourceServer.RFC9068() {
		claims.jti, typ = tenant.NewJTI(), typAccessToken
	}
	buf := s.buffers.get()
	defer s.buffers.put(buf)
	buf.start(with.header(typ))
	buf.b = s.templates.append(buf.b, newClaimsSource(auth), &claims)
	compact, err := buf.finish(ctx, with)
	if err != nil {
		return oauth.Token{}, fmt.Errorf("access token for %s: %w", auth.Audience, err)
	}
	if to := auth.ResourceServer.TokenEncryption; to != nil {
		if compact, err = encrypt(compact, to); err != nil {
			return oauth.Token{}, fmt.Errorf("access token for %s: %w", auth.Audience, err)
		}
	}
	return oauth.Token{Value: tenant.Secret(compact), JTI: claims.jti, ExpiresIn: auth.ResourceServer.TokenLifetime}, nil
}

// signature finds what the resource server's tokens are signed with.
func (s *Signer) signature(ctx context.Context, auth *oauth.Authorization) (signature, error) {
	rs := auth.ResourceServer
	if rs.SigningAlg == tenant.HS256 {
		if rs.SigningSecret == "" {
			return nil, errors.New("HS256 without a signing_secret")
		}
		return hmacSignature(rs.SigningSecret.Reveal()), nil
	}
	alg := rs.SigningAlg
	if alg == "" {
		alg = tenant.RS256
	}
	return s.keySignature(ctx, auth.Call.Site, alg)
}

// keySignature is by the tenant's current key of the family that alg belongs to.
func (s *Signer) keySignature(ctx context.Context, site tenant.Site, alg string) (signature, error) {
	family, ok := familyOf(alg)
	if !ok {
		return nil, fmt.Errorf("signing_alg %q is not supported", alg)
	}
	key, err := s.current(ctx, site, family)
	if err != nil {
		return nil, err
	}
	parsed, err := s.privateKey(site.Tenant, key)
	if err != nil {
		return nil, err
	}
	return &keySignature{gate: s.gate, signed: s.signed, alg: alg, key: parsed}, nil
}

// Prepare makes the key family of a signing_alg if the tenant has none yet, so that its keys are published before they sign: who
// has read the JWK set by then knows them. HS256 needs none.
func (s *Signer) Prepare(ctx context.Context, site tenant.Site, alg string) error {
	family, ok := familyOf(alg)
	if !ok {
		return nil
	}
	_, err := s.current(ctx, site, family)
	return err
}

// current returns the family's current key. A family other than RSA is made at its first use.
func (s *Signer) current(ctx context.Context, site tenant.Site, family tenant.KeyFamily) (tenant.SigningKey, error) {
	set, err := s.store.SigningKeys(ctx, site.Tenant)
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("signing keys: %w", err)
	}
	key, ok := set.In(family, tenant.KeyCurrent)
	if ok {
		return key, nil
	}
	if family == tenant.FamilyRSA {
		return tenant.SigningKey{}, fmt.Errorf("tenant %s has no current %s key", site.Tenant, family)
	}
	err = s.store.AddSigningKeys(ctx, site.Tenant, family, func() ([]tenant.SigningKey, error) {
		return s.generator.NewFamily(ctx, family, site.Canonical, s.clock.now())
	})
	if err != nil {
		return tenant.SigningKey{}, fmt.Errorf("add %s keys: %w", family, err)
	}
	if set, err = s.store.SigningKeys(ctx, site.Tenant); err != nil {
		return tenant.SigningKey{}, fmt.Errorf("signing keys: %w", err)
	}
	if key, ok = set.In(family, tenant.KeyCurrent); !ok {
		return tenant.SigningKey{}, fmt.Errorf("tenant %s has no current %s key after adding the family", site.Tenant, family)
	}
	return key, nil
}
