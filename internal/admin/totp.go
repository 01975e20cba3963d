package admin

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

const (
	// totpPeriod is a time step (RFC 6238 section 5.2).
	totpPeriod = 30
	// totpSkew is how many steps a clock may be off, either way.
	totpSkew = 1
)

// matchTOTP finds the time step, after a given one, whose code this is, up to one step off (RFC 6238 section 5.2: a code is accepted
// once). An empty secret has no codes.
func matchTOTP(secret tenant.Secret, code string, now time.Time, after int64) (step int64, ok bool) {
	key, err := base32.StdEncoding.DecodeString(secret.Reveal())
	if err != nil || len(key) == 0 {
		return 0, false
	}
	current := now.Unix() / totpPeriod
	for step := max(current-totpSkew, after+1); step <= current+totpSkew; step++ {
		if subtle.ConstantTimeCompare([]byte(hotp(key, step)), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// hotp is the six-digit code of a counter (RFC 4226 section 5.3). SHA-1 is what authenticators do; HMAC asks no collision resistance of it.
func hotp(key []byte, counter int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, counter) // a hash never fails
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff)%1_000_000)
}
