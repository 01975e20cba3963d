package mgmt

import (
	"net/url"
	"slices"
	"strings"

	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// settled fills what depends on other properties, and judges the whole. Of the parts of the access policy, one that a change does
// not name stays as it was in old: to close an API to users must not open it to clients.
func settled(rs, old tenant.ResourceServer) (tenant.ResourceServer, error) {
	if rs.SubjectTypeAuthorization.Client.Policy == "" {
		rs.SubjectTypeAuthorization.Client = old.SubjectTypeAuthorization.Client
	}
	if rs.SubjectTypeAuthorization.User.Policy == "" {
		rs.SubjectTypeAuthorization.User = old.SubjectTypeAuthorization.User
	}
	if rs.SubjectTypeAuthorization.AnonymousUser == nil {
		rs.SubjectTypeAuthorization.AnonymousUser = old.SubjectTypeAuthorization.AnonymousUser
	}
	if rs.SigningAlg == tenant.HS256 && rs.SigningSecret == "" {
		rs.SigningSecret = tenant.NewSigningSecret()
	}
	if rs.TokenEncryption != nil {
		if _, err := signing.ParseRSAPublicKey(rs.TokenEncryption.EncryptionKey.PEM); err != nil {
			return rs, encryptionKeyUnusable(err)
		}
	}
	if rs.IsSystem && rs.ProofOfPossession.RequiredOfMachines() {
		return rs, proofOfSystemAPI()
	}
	return rs, rs.Validate()
}

// tokenEncryptionView shows of the key what tells it from others.
func tokenEncryptionView(e tenant.TokenEncryption) (tenant.TokenEncryption, error) {
	public, err := signing.ParseRSAPublicKey(e.EncryptionKey.PEM)
	if err != nil {
		return e, err
	}
	e.EncryptionKey.PEM, e.EncryptionKey.ThumbprintSHA256 = "", signing.JWKThumbprint(public)
	return e, nil
}

// reserved identifiers would make tokens for a domain's own endpoints ambiguous. A domain of today is not always one of tomorrow (ports,
// aliases, --listen), so the Management API of every host that could become the tenant's is reserved, whatever its port.
func (a *API) reserved(call tenant.Call, identifier string) bool {
	u, err := url.Parse(identifier)
	if err != nil || !strings.EqualFold(u.Scheme, "https") {
		return false
	}
	path := strings.TrimSuffix(u.Path, "/")
	if path == prefix && a.ownHost(call, strings.ToLower(u.Hostname())) {
		return true
	}
	own := u.Host == call.Canonical || u.Host == call.Domain
	return own && slices.Contains([]string{"/userinfo", "/me", "/my-org"}, path)
}

func (a *API) ownHost(call tenant.Call, host string) bool {
	for _, authority := range []string{call.Canonical, call.Domain} {
		domain, _, _ := strings.Cut(authority, ":")
		if strings.EqualFold(host, domain) {
			return true
		}
	}
	return host == "localhost" || host == a.baseDomain || strings.HasSuffix(host, "."+a.baseDomain)
}
