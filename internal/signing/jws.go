package signing

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"unicode/utf8"

	"github.com/writ-auth/writ/internal/tenant"
)

// Values of the typ header.
const (
	typJWT         = "JWT"
	typAccessToken = "at+jwt" // RFC 9068 section 2.1
)

// signature is what one token is signed with.
type signature interface {
	// header is the protected header, base64url.
	header(typ string) string
	// sign returns the raw signature over the signing input (RFC 7515 section 5.1).
	sign(ctx context.Context, input []byte) ([]byte, error)
}

// keySignature signs with a tenant's key, on one of the slots.
type keySignature struct {
	slots chan struct{}
	alg   string
	key   *privateKey
}

func (s *keySignature) header(typ string) string { return s.key.headers[headerID{s.alg, typ}] }

func (s *keySignature) sign(ctx context.Context, input []byte) ([]byte, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a core to sign: %w", ctx.Err())
	}
	return sign(s.key.signer, s.alg, input)
}

// hmacSignature is an API's own signing_secret: its bytes as they are, known to the API, and so without a kid.
type hmacSignature []byte

func (s hmacSignature) header(typ string) string { return encodeHeader(tenant.HS256, typ, "") }

func (s hmacSignature) sign(_ context.Context, input []byte) ([]byte, error) {
	mac := hmac.New(sha256.New, s)
	mac.Write(input)
	return mac.Sum(nil), nil
}

// encodeHeader is the protected header in Auth0's order: alg, typ, kid; without kid if that is empty.
func encodeHeader(alg, typ, kid string) string {
	h := []byte(`{"alg":`)
	h = appendString(h, alg)
	h = append(h, `,"typ":`...)
	h = appendString(h, typ)
	if kid != "" {
		h = append(h, `,"kid":`...)
		h = appendString(h, kid)
	}
	return base64.RawURLEncoding.EncodeToString(append(h, '}'))
}

// buffers is the scratch space of one token, reused by the next.
type buffers struct{ payload, out []byte }

// compact writes the JWS Compact Serialization (RFC 7515 section 7.1) of b.payload.
func (b *buffers) compact(ctx context.Context, with signature, typ string) (string, error) {
	b.out = append(b.out[:0], with.header(typ)...)
	b.out = append(b.out, '.')
	b.out = base64.RawURLEncoding.AppendEncode(b.out, b.payload)
	raw, err := with.sign(ctx, b.out)
	if err != nil {
		return "", err
	}
	b.out = append(b.out, '.')
	b.out = base64.RawURLEncoding.AppendEncode(b.out, raw)
	return string(b.out), nil
}

// appendString appends s as a JSON string (RFC 8259 section 7), escaping what must be and nothing else, as JSON.stringify
// does. Bytes that are not UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}
