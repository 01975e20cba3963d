package signing

import (
	"encoding/base64"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"github.com/maypok86/otter/v2"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// claimsSource is all that an access token's claims are made from, but for the times and the jti.
type claimsSource struct {
	domain, clientID, audience string
	orgID, orgName             string // empty = no such claim
	rfc9068, permissions       bool
	scope                      []string
}

func newClaimsSource(auth *oauth.Authorization) claimsSource {
	source := claimsSource{
		domain: auth.Call.Domain, clientID: auth.Client.ClientID, audience: auth.Audience,
		rfc9068: auth.ResourceServer.RFC9068(), permissions: auth.ResourceServer.Permissions(), scope: auth.Scope,
	}
	if auth.Organization != nil {
		source.orgID, source.orgName = auth.Organization.ID, auth.OrganizationName
	}
	return source
}

func (c *claimsSource) equal(other *claimsSource) bool {
	return c.domain == other.domain && c.clientID == other.clientID && c.audience == other.audience &&
		c.orgID == other.orgID && c.orgName == other.orgName &&
		c.rfc9068 == other.rfc9068 && c.permissions == other.permissions && slices.Equal(c.scope, other.scope)
}

// changing are the claims that differ from token to token.
type changing struct {
	issuedAt, expiresAt int64
	// jti is letters and digits; empty unless the profile is RFC 9068's.
	jti string
}

func (c *changing) appendTimes(dst []byte) []byte {
	dst = strconv.AppendInt(dst, c.issuedAt, 10)
	dst = append(dst, `,"exp":`...)
	return strconv.AppendInt(dst, c.expiresAt, 10)
}

// claimsTemplate is the payload of every token with the same claimsSource, encoded once: base64url with gaps for what changes.
type claimsTemplate struct {
	source     claimsSource
	encoded    []byte
	times, jti gap
}

// gap is a stretch of the payload whose text changes and whose length does not, widened to whole groups of base64: three bytes
// are four characters wherever a group begins.
type gap struct {
	start  int    // of the first group, in bytes of the payload
	around []byte // the groups' bytes
	offset int    // of the text in around
	size   int    // of the text; 0 = there is no such claim
}

func newGap(payload []byte, at, size int) gap {
	if size == 0 {
		return gap{}
	}
	start, end := at/3*3, min((at+size+2)/3*3, len(payload)) // a last group may be shorter
	return gap{start: start, around: slices.Clone(payload[start:end]), offset: at - start, size: size}
}

// fill writes text over the gap in encoded.
func (g *gap) fill(encoded, text []byte) {
	var scratch [128]byte
	around := append(scratch[:0], g.around...)
	copy(around[g.offset:], text)
	base64.RawURLEncoding.Encode(encoded[g.start/3*4:], around)
}

// append appends the payload in base64url. It reports false if the texts do not fit the gaps: then another template is needed.
func (t *claimsTemplate) append(dst []byte, c *changing) ([]byte, bool) {
	var scratch [64]byte
	times := c.appendTimes(scratch[:0])
	if len(times) != t.times.size || len(c.jti) != t.jti.size {
		return dst, false
	}
	begin := len(dst)
	dst = append(dst, t.encoded...)
	t.times.fill(dst[begin:], times)
	if c.jti != "" {
		t.jti.fill(dst[begin:], append(scratch[:0], c.jti...))
	}
	return dst, true
}

// newClaimsTemplate writes the claims in the order that real tenants do:
//
//	access_token[_authz]     iss sub aud iat exp [scope] [org_id] [org_name] gty azp [permissions]
//	rfc9068_profile[_authz]  iss sub aud iat exp [scope] [org_id] [org_name] jti client_id [permissions]
//
// A scope that would be empty is left out; permissions are the granted scopes, and there even if empty, wherever the API
// asks for them.
func newClaimsTemplate(source claimsSource, c *changing) *claimsTemplate {
	source.scope = slices.Clone(source.scope) // a later change to the caller's must not change what this was made from
	var b []byte
	b = appendString(append(b, `{"iss":`...), tenant.Site{Domain: source.domain}.Issuer())
	b = appendString(append(b, `,"sub":`...), source.clientID+clientSubject)
	b = appendString(append(b, `,"aud":`...), source.audience)
	b = append(b, `,"iat":`...)
	times := len(b)
	b = c.appendTimes(b)
	timesSize := len(b) - times
	if len(source.scope) > 0 {
		b = appendString(append(b, `,"scope":`...), strings.Join(source.scope, " "))
	}
	if source.orgID != "" {
		b = appendString(append(b, `,"org_id":`...), source.orgID)
	}
	if source.orgName != "" {
		b = appendString(append(b, `,"org_name":`...), source.orgName)
	}
	jti := 0
	if source.rfc9068 {
		b = append(b, `,"jti":"`...)
		jti = len(b)
		b = append(append(b, c.jti...), '"')
		b = appendString(append(b, `,"client_id":`...), source.clientID)
	} else {
		b = appendString(append(b, `,"gty":`...), gtyClientCredentials)
		b = appendString(append(b, `,"azp":`...), source.clientID)
	}
	if source.permissions {
		b = appendPermissions(b, source.scope)
	}
	b = append(b, '}')
	return &claimsTemplate{
		source:  source,
		encoded: base64.RawURLEncoding.AppendEncode(nil, b),
		times:   newGap(b, times, timesSize),
		jti:     newGap(b, jti, len(c.jti)),
	}
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

// maxTemplateBytes bounds the cache of templates. One takes about 1,000 bytes, or 30,000 with all scopes of the Management API.
const maxTemplateBytes = 16 << 20

// claimsTemplates remembers templates. The key is only a hash: a template is used if all that it was made from equals what is to
// be said now, value by value, so a client, an API or a grant that has changed in whatever way never gets its old claims.
// Comparing costs little because unchanged snapshots share their strings. Safe for concurrent use.
type claimsTemplates struct {
	cache *otter.Cache[uint64, *claimsTemplate]
	seed  maphash.Seed
}

func newClaimsTemplates() *claimsTemplates {
	return &claimsTemplates{
		seed: maphash.MakeSeed(),
		cache: otter.Must(&otter.Options[uint64, *claimsTemplate]{MaximumWeight: maxTemplateBytes, Weigher: func(_ uint64, t *claimsTemplate) uint32 {
			const overhead = 512 // of the entry, and of strings that are mostly the snapshots'
			return uint32(overhead + len(t.encoded) + 16*len(t.source.scope))
		}}),
	}
}

// append appends the payload of an authorization's token in base64url.
func (s *claimsTemplates) append(dst []byte, source claimsSource, c *changing) []byte {
	id := s.hash(&source)
	if t, ok := s.cache.GetIfPresent(id); ok && t.source.equal(&source) {
		if dst, ok := t.append(dst, c); ok {
			return dst
		}
	}
	t := newClaimsTemplate(source, c)
	s.cache.Set(id, t)
	dst, _ = t.append(dst, c) // it was made for these
	return dst
}

func (s *claimsTemplates) hash(source *claimsSource) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	h.WriteString(source.domain)
	h.WriteString(source.clientID)
	h.WriteString(source.audience)
	h.WriteString(source.orgID)
	h.WriteString(source.orgName)
	for _, scope := range source.scope {
		h.WriteString(scope)
	}
	return h.Sum64()
}
