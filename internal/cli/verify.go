package cli

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// publicAlgs are the signature algorithms that a published key can verify. HS256 is none: its key is the API's secret.
var publicAlgs = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA}

// everyAlg are those that a token may be decoded with, unverified.
var everyAlg = append([]jose.SignatureAlgorithm{jose.HS256}, publicAlgs...)

// base64URL is the encoding of a token's parts (RFC 7515 section 2).
var base64URL = base64.RawURLEncoding.Strict()

// verifier checks access tokens as any API does: by the issuer's published keys (RFC 7517), knowing nothing else of writ.
type verifier struct {
	http *http.Client
}

// accessClaims is what the demo's API and `writ token inspect` look at.
type accessClaims struct {
	jwt.Claims
	Scope string `json:"scope"`
}

func (c *accessClaims) hasScope(scope string) bool {
	for s := range strings.SplitSeq(c.Scope, " ") {
		if s == scope {
			return true
		}
	}
	return false
}

// issuerOf is what a token says of its issuer, unverified.
func issuerOf(compact string) (string, error) {
	parsed, err := jwt.ParseSigned(compact, everyAlg)
	if err != nil {
		return "", err
	}
	var unverified jwt.Claims
	err = parsed.UnsafeClaimsWithoutVerification(&unverified)
	return unverified.Issuer, err
}

// verify checks signature, issuer and times. An empty audience is not checked.
func (v *verifier) verify(ctx context.Context, compact, issuer, audience string, now time.Time) (*accessClaims, error) {
	parsed, err := jwt.ParseSigned(compact, publicAlgs)
	if err != nil {
		return nil, fmt.Errorf("not a token that a published key can verify: %w", err)
	}
	keys, err := v.keys(ctx, issuer)
	if err != nil {
		return nil, err
	}
	claims := &accessClaims{}
	if err := parsed.Claims(keys, claims); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	expected := jwt.Expected{Issuer: issuer, Time: now}
	if audience != "" {
		expected.AnyAudience = jwt.Audience{audience}
	}
	if err := claims.ValidateWithLeeway(expected, 0); err != nil {
		return nil, err
	}
	return claims, nil
}

// keys follows the issuer's metadata (RFC 8414) to its JWK set.
func (v *verifier) keys(ctx context.Context, issuer string) (*jose.JSONWebKeySet, error) {
	if !strings.HasPrefix(issuer, "https://") {
		return nil, fmt.Errorf("issuer %q is no https URL", issuer)
	}
	var metadata struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := v.get(ctx, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", &metadata); err != nil {
		return nil, err
	}
	if metadata.Issuer != issuer {
		return nil, fmt.Errorf("the metadata of %q name another issuer: %q", issuer, metadata.Issuer)
	}
	if !sameHost(issuer, metadata.JWKSURI) {
		return nil, fmt.Errorf("the keys of %q are said to be at %q, which is another host", issuer, metadata.JWKSURI)
	}
	keys := &jose.JSONWebKeySet{}
	return keys, v.get(ctx, metadata.JWKSURI, keys)
}

// sameHost reports whether both are https URLs of one authority.
func sameHost(issuer, keys string) bool {
	a, errA := url.Parse(issuer)
	b, errB := url.Parse(keys)
	return errA == nil && errB == nil && b.Scheme == "https" && b.User == nil && strings.EqualFold(a.Host, b.Host)
}

func (v *verifier) get(ctx context.Context, target string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	res, err := v.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %q: %s", target, res.Status)
	}
	return json.NewDecoder(http.MaxBytesReader(nil, res.Body, maxAnswer)).Decode(out)
}
