package tenant

import (
	"cmp"
	"encoding/json"
)

// RefreshToken concerns refresh tokens, which the client credentials grant never issues; kept for the wire. Seconds. A lifetime
// that was never set is filled in by Client.ApplyDefaults.
type RefreshToken struct {
	ExpirationType            string          `json:"expiration_type"`
	Leeway                    *int            `json:"leeway,omitzero"`
	InfiniteTokenLifetime     *bool           `json:"infinite_token_lifetime,omitzero"`
	InfiniteIdleTokenLifetime *bool           `json:"infinite_idle_token_lifetime,omitzero"`
	TokenLifetime             *int            `json:"token_lifetime,omitzero"`
	IdleTokenLifetime         *int            `json:"idle_token_lifetime,omitzero"`
	RotationType              string          `json:"rotation_type"`
	Policies                  json.RawMessage `json:"policies,omitzero"`
}

// Values of RefreshToken.ExpirationType and RotationType.
const (
	refreshExpiring    = "expiring"
	refreshNonExpiring = "non-expiring"
	refreshNonRotating = "non-rotating"
)

// ApplyDefaults fills what the server fills on creation, exactly as recorded: grant types even for non_interactive, a JWT
// configuration without alg unless one was given, refresh-token lifetimes by authentication method.
func (c *Client) ApplyDefaults() {
	if c.GrantTypes == nil {
		c.GrantTypes = c.defaultGrantTypes()
	}
	if c.JWTConfiguration == nil {
		c.JWTConfiguration = c.defaultJWTConfiguration()
	}
	if c.RefreshToken == nil {
		c.RefreshToken = &RefreshToken{ExpirationType: refreshNonExpiring, RotationType: refreshNonRotating}
		if c.Strict() {
			c.RefreshToken.ExpirationType = refreshExpiring
		}
	}
	c.RefreshToken.fill(c)
}

// ConformsByDefault reports whether the client is OIDC conformant unless it says otherwise: one that stands for an API, and a
// third party's.
func (c *Client) ConformsByDefault() bool {
	return c.AppType == AppTypeResourceServer || !c.IsFirstParty
}

func (c *Client) defaultGrantTypes() []string {
	switch {
	case c.AppType == AppTypeResourceServer:
		return []string{}
	case c.Strict():
		return []string{grantAuthorizationCode}
	case c.Public():
		return []string{grantAuthorizationCode, grantImplicit, grantRefreshToken}
	}
	return []string{grantAuthorizationCode, grantImplicit, grantRefreshToken, GrantClientCredentials}
}

func (c *Client) defaultJWTConfiguration() *JWTConfiguration {
	switch {
	case c.AppType == AppTypeResourceServer:
		return &JWTConfiguration{Alg: RS256}
	case c.Strict():
		return &JWTConfiguration{Alg: RS256, LifetimeInSeconds: new(3600)}
	}
	return &JWTConfiguration{LifetimeInSeconds: new(36000)}
}

// fill sets what client left open.
func (rt *RefreshToken) fill(client *Client) {
	lifetime, idle := 2592000, 1296000
	switch client.TokenEndpointAuthMethod {
	case AuthMethodClientSecretPost, AuthMethodClientSecretBasic:
		lifetime, idle = 31557600, 2592000
	}
	expiring := rt.ExpirationType == refreshExpiring
	rt.Leeway = cmp.Or(rt.Leeway, new(0))
	rt.TokenLifetime = cmp.Or(rt.TokenLifetime, new(lifetime))
	rt.IdleTokenLifetime = cmp.Or(rt.IdleTokenLifetime, new(idle))
	rt.InfiniteTokenLifetime = cmp.Or(rt.InfiniteTokenLifetime, new(!expiring || client.Strict()))
	rt.InfiniteIdleTokenLifetime = cmp.Or(rt.InfiniteIdleTokenLifetime, new(!expiring))
}
