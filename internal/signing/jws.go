package signing

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"
	"unicode/utf8"
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

// keySignature signs with a tenant's key, once the gate lets it.
type keySignature struct {
	gate   *gate
	signed func(alg string, took time.Duration)
	alg    string
	key    *privateKey
}

func (s *keySignature) header(typ string) string { return s.key.headers[headerID{s.alg, typ}] }

func (s *keySignature) sign(ctx context.Context, input []byte) ([]byte, error) {
	if err := s.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer s.gate.leave()
	began := time.Now()
	raw, err := sign(s.key.signer, s.alg, input)
	s.signed(s.alg, time.Since(began))
	return raw, err
}

// hmacSignature is an API's own signing_secret: its bytes as they are, known to the API, and so without a kid. It takes no turn
// at the gate: it is over sooner.
type hmacSignature []byte

func (s hmacSignature) header(typ string) string {
	if typ == typAccessToken {
		return hmacHeaderAccessToken
	}
	return hmacHeaderJWT
}

func (s hmacSignature) sign(_ context.Context, input []byte) ([]byte, error) {
	mac := hmac.New(sha256.New, s)
	mac.Write(input)
	return mac.Sum(nil), nil
}

// The protected headers of HS256, as encodeHeader writes them.
const (
	hmacHeaderJWT         = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
	hmacHeaderAccessToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9"
)

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

// maxBuffer is the largest buffer that is kept, in bytes. A token with all scopes of the Management API has 12,000.
const maxBuffer = 64 << 10

// buffers keeps the scratch space of one token for the next.
type buffers struct{ pool sync.Pool }

func (p *buffers) get() *buffer {
	if b, ok := p.pool.Get().(*buffer); ok {
		return b
	}
	return new(buffer)
}

func (p *buffers) put(b *buffer) {
	if cap(b.b) <= maxBuffer {
		p.pool.Put(b)
	}
}

// buffer is where a token is put together in its JWS Compact Serialization (RFC 7515 section 7.1).
type buffer struct{ b []byte }

// start writes the header and the dot behind it.
func (b *buffer) start(header string) { b.b = append(append(b.b[:0], header...), '.') }

// finish signs what is there and returns it with its signature.
func (b *buffer) finish(ctx context.Context, with signature) (string, error) {
	raw, err := with.sign(ctx, b.b)
	if err != nil {
		return "", err
	}
	b.b = append(b.b, '.')
	b.b = base64.RawURLEncoding.AppendEncode(b.b, raw)
	return string(b.b), nil
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
