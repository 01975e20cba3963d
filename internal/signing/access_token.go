package signing

import (
	"strconv"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// gtyClientCredentials is Auth0's gty claim, with a hyphen where grant_type has an underscore.
const gtyClientCredentials = "client-credentials"

// clientSubject is the sub of a machine: its client_id and this, in every dialect.
const clientSubject = "@clients"

// accessTokenClaims are the claims of one access token, from which they are written without reflection.
type accessTokenClaims struct {
	auth     *oauth.Authorization
	issuedAt int64
	// jti is set in the RFC 9068 profile only: Auth0's own has none.
	jti string
}

func newAccessTokenClaims(auth *oauth.Authorization, issuedAt int64) accessTokenClaims {
	c := accessTokenClaims{auth: auth, issuedAt: issuedAt}
	if auth.ResourceServer.RFC9068() {
		c.jti = tenant.NewJTI()
	}
	return c
}

func (c *accessTokenClaims) typ() string {
	if c.auth.ResourceServer.RFC9068() {
		return typAccessToken
	}
	return typJWT
}

// append writes the claims in the order that real tenants do:
//
//	access_token[_authz]     iss sub aud iat exp [scope] gty azp [permissions]
//	rfc9068_profile[_authz]  iss sub aud iat exp [scope] jti client_id [permissions]
//
// A scope that would be empty is left out; permissions are the granted scopes, and there even if empty, wherever the API
// asks for them.
func (c *accessTokenClaims) append(dst []byte) []byte {
	clientID, rs := c.auth.Client.ClientID, c.auth.ResourceServer
	dst = appendString(append(dst, `{"iss":`...), c.auth.Call.Issuer())
	dst = appendString(append(dst, `,"sub":`...), clientID+clientSubject)
	dst = appendString(append(dst, `,"aud":`...), c.auth.Audience)
	dst = strconv.AppendInt(append(dst, `,"iat":`...), c.issuedAt, 10)
	dst = strconv.AppendInt(append(dst, `,"exp":`...), c.issuedAt+int64(rs.TokenLifetime), 10)
	dst = appendScope(dst, c.auth.Scope)
	if rs.RFC9068() {
		dst = appendString(append(dst, `,"jti":`...), c.jti)
		dst = appendString(append(dst, `,"client_id":`...), clientID)
	} else {
		dst = appendString(append(dst, `,"gty":`...), gtyClientCredentials)
		dst = appendString(append(dst, `,"azp":`...), clientID)
	}
	if rs.Permissions() {
		dst = appendPermissions(dst, c.auth.Scope)
	}
	return append(dst, '}')
}

func appendScope(dst []byte, scopes []string) []byte {
	if len(scopes) == 0 {
		return dst
	}
	return appendString(append(dst, `,"scope":`...), strings.Join(scopes, " "))
}

func appendPermissions(dst []byte, scopes []string) []byte {
	dst = append(dst, `,"permissions":[`...)
	for i, s := range scopes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}
