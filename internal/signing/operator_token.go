package signing

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// OperatorTokenLifetime is the validity of an operator's bearer in seconds.
const OperatorTokenLifetime = 300

// OperatorToken signs an operator's bearer for the Management API of site's tenant: iss and aud are of the canonical domain, sub is
// tenant.OperatorSubject and the id, azp tenant.ConsoleClientID, which is no client's. Nothing records it and no quota counts it; what it
// opens is judged again with each request. Errors: as AccessToken.
func (s *Signer) OperatorToken(ctx context.Context, site tenant.Site, operatorID string, scope []string) (oauth.Token, error) {
	with, err := s.keySignature(ctx, site, tenant.RS256)
	if err != nil {
		return oauth.Token{}, fmt.Errorf("operator token: %w", err)
	}
	jti, issuedAt := tenant.NewJTI(), s.clock.seconds()
	var b []byte
	b = appendString(append(b, `{"iss":`...), tenant.Site{Domain: site.Canonical}.Issuer())
	b = appendString(append(b, `,"sub":`...), tenant.OperatorSubject+operatorID)
	b = appendString(append(b, `,"aud":`...), site.ManagementAudience())
	b = strconv.AppendInt(append(b, `,"iat":`...), issuedAt, 10)
	b = strconv.AppendInt(append(b, `,"exp":`...), issuedAt+OperatorTokenLifetime, 10)
	b = appendString(append(b, `,"scope":`...), strings.Join(scope, " "))
	b = appendString(append(b, `,"jti":`...), jti)
	b = append(appendString(append(b, `,"azp":`...), tenant.ConsoleClientID), '}')

	buf := s.buffers.get()
	defer s.buffers.put(buf)
	buf.start(with.header(typJWT))
	buf.b = base64.RawURLEncoding.AppendEncode(buf.b, b)
	compact, err := buf.finish(ctx, with)
	if err != nil {
		return oauth.Token{}, fmt.Errorf("operator token: %w", err)
	}
	return oauth.Token{Value: tenant.Secret(compact), JTI: jti, ExpiresIn: OperatorTokenLifetime}, nil
}
