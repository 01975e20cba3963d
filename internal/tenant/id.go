package tenant

import (
	"crypto/rand"
	"fmt"
	"strings"
)

const (
	digits   = "0123456789"
	hexLower = digits + "abcdef"
	base62   = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz"
	base64ID = base62 + "-_"

	base32Lower = "abcdefghijklmnopqrstuvwxyz234567"
)

// The shapes are those of recorded Auth0 identifiers, so that clients which validate them are content.

// NewClientID is 32 letters and digits.
func NewClientID() string { return random(base62, 32) }

// NewThirdPartyClientID is the client_id of a strict third-party client: tpc_ and 22 letters and digits.
func NewThirdPartyClientID() string { return "tpc_" + random(base62, 22) }

// NewClientCredentialID is cred_ and 22 letters and digits.
func NewClientCredentialID() string { return "cred_" + random(base62, 22) }

// NewClientSecret is 64 characters of [A-Za-z0-9_-]: 384 bits.
func NewClientSecret() Secret { return Secret(random(base64ID, 64)) }

// NewSigningSecret is the default signing_secret of an HS256 resource server: 32 letters and digits, about 190 bits.
func NewSigningSecret() Secret { return Secret(random(base62, 32)) }

// NewResourceServerID is 24 hex digits.
func NewResourceServerID() string { return random(hexLower, 24) }

// NewClientGrantID is cgr_ and 16 letters and digits.
func NewClientGrantID() string { return "cgr_" + random(base62, 16) }

// NewOrganizationID is org_ and 16 letters and digits.
func NewOrganizationID() string { return "org_" + random(base62, 16) }

// NewNetworkACLID is acl_ and 22 letters and digits.
func NewNetworkACLID() string { return "acl_" + random(base62, 22) }

// NewRateLimitPolicyID is rlp_ and 21 letters and digits.
func NewRateLimitPolicyID() string { return "rlp_" + random(base62, 21) }

// NewCustomDomainID is cd_ and 16 letters and digits.
func NewCustomDomainID() string { return "cd_" + random(base62, 16) }

// NewDomainRecord is the text of a TXT record that proves a domain: a UUID.
func NewDomainRecord() string { return uuid() }

// NewLogStreamID is lst_ and 16 digits.
func NewLogStreamID() string { return "lst_" + random(digits, 16) }

// NewTokenExchangeProfileID is tep_ and 16 letters and digits.
func NewTokenExchangeProfileID() string { return "tep_" + random(base62, 16) }

// NewKID names a signing key: 21 characters of [A-Za-z0-9_-].
func NewKID() string { return random(base64ID, 21) }

// NewJTI names an access token of the RFC 9068 profile: 22 letters and digits, 131 bits.
func NewJTI() string { return random(base62, 22) }

// NewRequestID is the X-Auth0-RequestId of one answer: 20 hex digits.
func NewRequestID() string { return random(hexLower, 20) }

// NewOutboxID names the log record of one management write until it is in the log: 32 hex digits.
func NewOutboxID() string { return random(hexLower, 32) }

// NewEncryptionKeyID names an encryption key: a UUID.
func NewEncryptionKeyID() string { return uuid() }

// NewActionID names an Action, a version of one, a binding, a module, or a version of a module: a UUID.
func NewActionID() string { return uuid() }

// uuid is a random one (RFC 9562 section 5.4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// NewOperatorID is op_ and 16 letters and digits.
func NewOperatorID() string { return "op_" + random(base62, 16) }

// NewOperatorSessionID names a session in lists: os_ and 16 letters and digits.
func NewOperatorSessionID() string { return "os_" + random(base62, 16) }

// NewOperatorCodeID names a one-time code in lists: oc_ and 16 letters and digits.
func NewOperatorCodeID() string { return "oc_" + random(base62, 16) }

// NewSessionToken is what a signed-in browser holds: 43 characters of [A-Za-z0-9_-], 258 bits.
func NewSessionToken() Secret { return Secret(random(base64ID, 43)) }

// NewOneTimeCode is what a link for one use holds: 43 letters and digits, 256 bits.
func NewOneTimeCode() Secret { return Secret(random(base62, 43)) }

// NewRecoveryCode stands in for a second factor: four groups of four of a-z and 2-7, 80 bits.
func NewRecoveryCode() Secret {
	code := random(base32Lower, 16)
	return Secret(code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:])
}

// NewTOTPSecret is 160 bits in base32, as authenticators read it (RFC 4226 section 4, R6; RFC 4648 section 6).
func NewTOTPSecret() Secret { return Secret(strings.ToUpper(random(base32Lower, 32))) }

// random draws n characters evenly from alphabet: bytes beyond the largest multiple of its size are thrown away.
func random(alphabet string, n int) string {
	limit := 256 - 256%len(alphabet)
	out := make([]byte, 0, n)
	var buf [64]byte
	for {
		rand.Read(buf[:])
		for _, b := range buf {
			if int(b) >= limit {
				continue
			}
			if out = append(out, alphabet[int(b)%len(alphabet)]); len(out) == n {
				return string(out)
			}
		}
	}
}
