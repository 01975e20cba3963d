package signing

import (
	"crypto/rsa"
	"math/big"
	"strings"
	"testing"
)

// A key from outside that could never encrypt, or for which any signature would do, is refused where it is set (RFC 8017 section 3.1).
func TestKeysThatNothingCanBeDoneWith(t *testing.T) {
	odd := testRSAKey(t, 1).N
	even := new(big.Int).Sub(odd, big.NewInt(1))
	for name, tt := range map[string]struct {
		key  *rsa.PublicKey
		want string // empty = taken
	}{
		"exponent 1":         {&rsa.PublicKey{N: odd, E: 1}, "exponent 1"},
		"exponent 2":         {&rsa.PublicKey{N: odd, E: 2}, "exponent 2"},
		"even exponent":      {&rsa.PublicKey{N: odd, E: 65536}, "exponent 65536"},
		"exponent too large": {&rsa.PublicKey{N: odd, E: 1<<33 + 1}, "cannot encrypt"},
		"even modulus":       {&rsa.PublicKey{N: even, E: 65537}, "cannot encrypt"},
		"exponent 3":         {&rsa.PublicKey{N: odd, E: 3}, ""},
		"exponent 65537":     {&rsa.PublicKey{N: odd, E: 65537}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseRSAPublicKey("\n " + publicPEM(t, tt.key))
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
