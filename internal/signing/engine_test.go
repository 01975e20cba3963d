package signing

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/oauth"
	"github.com/writ-auth/writ/internal/tenant"
)

// fakeSigner is a key whose signatures are whatever the test wants.
type fakeSigner struct {
	public crypto.PublicKey
	sign   func(digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

func (s *fakeSigner) Public() crypto.PublicKey { return s.public }

func (s *fakeSigner) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.sign(digest, opts)
}

// fakeEngine signs with what sign makes of the real key.
func fakeEngine(sign func(key *rsa.PrivateKey, digest []byte, opts crypto.SignerOpts) ([]byte, error)) *Engine {
	return &Engine{Name: "fake", Version: "1", SignatureTime: time.Millisecond, load: func(key *rsa.PrivateKey) (crypto.Signer, error) {
		return &fakeSigner{&key.PublicKey, func(digest []byte, opts crypto.SignerOpts) ([]byte, error) { return sign(key, digest, opts) }}, nil
	}}
}

// instantEngine returns what is as long as a signature, at once.
func instantEngine() *Engine {
	signature := make([]byte, rsaBits/8)
	return fakeEngine(func(*rsa.PrivateKey, []byte, crypto.SignerOpts) ([]byte, error) { return signature, nil })
}

func manyScopes(n int) []string {
	scopes := make([]string, n)
	for i := range scopes {
		scopes[i] = fmt.Sprintf("read:things_of_kind_%d", i)
	}
	return scopes
}

func TestSelfTestPassesWhatIsRight(t *testing.T) {
	for _, engine := range engines(t) {
		if engine.SignatureTime <= 0 || engine.Version == "" {
			t.Errorf("%+v", engine)
		}
	}
}

func TestSelfTestRefusesWhatIsWrong(t *testing.T) {
	broken := errors.New("the library is broken")
	tests := map[string]struct {
		engine *Engine
		want   string
	}{
		"it does not load the key": {&Engine{load: func(*rsa.PrivateKey) (crypto.Signer, error) { return nil, broken }}, "broken"},
		"it does not sign":         {fakeEngine(func(*rsa.PrivateKey, []byte, crypto.SignerOpts) ([]byte, error) { return nil, broken }), "broken"},
		"one bit of PKCS #1 v1.5 differs": {fakeEngine(func(key *rsa.PrivateKey, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
			sig, err := key.Sign(rand.Reader, digest, opts)
			sig[100] ^= 1
			return sig, err
		}), "not that of crypto/rsa"},
		"only the first signature is right": {onlyFirst(), "not that of crypto/rsa"},
		"PSS is PKCS #1 v1.5": {fakeEngine(func(key *rsa.PrivateKey, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
			return key.Sign(rand.Reader, digest, crypto.SHA256)
		}), "refuses a PSS"},
		"PSS has another salt": {fakeEngine(func(key *rsa.PrivateKey, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
			if _, ok := opts.(*rsa.PSSOptions); ok {
				opts = &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256}
			}
			return key.Sign(rand.Reader, digest, opts)
		}), "refuses a PSS"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tt.engine.selfTest(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err %v, want one that says %q", err, tt.want)
			}
		})
	}
}

// onlyFirst remembers its first PKCS #1 v1.5 signature and returns it for every digest.
func onlyFirst() *Engine {
	var first []byte
	return fakeEngine(func(key *rsa.PrivateKey, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
		sig, err := key.Sign(rand.Reader, digest, opts)
		if _, pss := opts.(*rsa.PSSOptions); pss {
			return sig, err
		}
		if first == nil {
			first = sig
		}
		return first, err
	})
}

func TestPickTakesTheQuickestThatIsRight(t *testing.T) {
	goIn := func(d time.Duration) Trial { return Trial{Engine: Engine{Name: EngineGo, SignatureTime: d}} }
	openSSLIn := func(d time.Duration, err error) Trial {
		return Trial{Engine: Engine{Name: EngineOpenSSL, SignatureTime: d}, Err: err}
	}
	missing := errors.New("libcrypto.so.3 is not there")
	tests := []struct {
		name, choice string
		tried        []Trial
		want         string // empty: refused
	}{
		{"auto, OpenSSL quicker", EngineAuto, []Trial{goIn(1000), openSSLIn(300, nil)}, EngineOpenSSL},
		{"auto, Go quicker", EngineAuto, []Trial{goIn(300), openSSLIn(1000, nil)}, EngineGo},
		{"auto, as quick: the one without a foreign library", EngineAuto, []Trial{goIn(300), openSSLIn(300, nil)}, EngineGo},
		{"auto, OpenSSL not usable", EngineAuto, []Trial{goIn(1000), openSSLIn(0, missing)}, EngineGo},
		{"auto, nothing usable", EngineAuto, []Trial{{Engine: Engine{Name: EngineGo}, Err: missing}, openSSLIn(0, missing)}, ""},
		{"go, though slower", EngineGo, []Trial{goIn(1000), openSSLIn(300, nil)}, EngineGo},
		{"openssl, though slower", EngineOpenSSL, []Trial{goIn(300), openSSLIn(1000, nil)}, EngineOpenSSL},
		{"openssl, not usable", EngineOpenSSL, []Trial{goIn(1000), openSSLIn(0, missing)}, ""},
		{"an unknown choice", "boringssl", []Trial{goIn(1000), openSSLIn(300, nil)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := pick(tt.choice, tt.tried)
			if tt.want == "" {
				if err == nil || got.Engine != nil {
					t.Fatalf("%v was picked, err %v", got, err)
				}
				return
			}
			if err != nil || got.Name != tt.want {
				t.Errorf("%v, err %v, want %s", got, err, tt.want)
			}
		})
	}
	if _, err := pick(EngineOpenSSL, []Trial{goIn(1), openSSLIn(0, missing)}); !errors.Is(err, missing) {
		t.Errorf("err %v does not say why", err)
	}
}

func TestSelectEngineGoLooksAtNothingElse(t *testing.T) {
	got, err := SelectEngine(EngineGo)
	if err != nil || got.Name != EngineGo || len(got.Tried) != 1 {
		t.Errorf("%+v, err %v", got, err)
	}
}

func TestSelectionLogsTheChoiceAndItsReasons(t *testing.T) {
	s := Selection{Engine: &Engine{Name: EngineGo, Version: "go1"}, Tried: []Trial{
		{Engine: Engine{Name: EngineGo, SignatureTime: 1234567}}, {Engine: Engine{Name: EngineOpenSSL}, Err: errors.New("not there")}}}
	if got, want := s.LogValue().String(), "[name=go version=go1 go=1.235ms openssl=not there]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Every engine's tokens verify, whichever engine the verifier's process has.
func TestEveryEngineSignsWhatVerifies(t *testing.T) {
	for _, engine := range engines(t) {
		for _, alg := range []string{tenant.RS256, tenant.PS256} {
			f := newFixtureWith(t, engine)
			token := issue(t, f, func(a *oauth.Authorization) { a.ResourceServer.SigningAlg = alg }).Value.Reveal()
			if _, err := f.Verify(t.Context(), testTenant, token); err != nil {
				t.Errorf("%s %s: %v", engine.Name, alg, err)
			}
		}
	}
}

func TestAnEngineThatFailsGivesNoToken(t *testing.T) {
	broken := errors.New("no entropy")
	f := newFixtureWith(t, fakeEngine(func(*rsa.PrivateKey, []byte, crypto.SignerOpts) ([]byte, error) { return nil, broken }))
	token, err := f.AccessToken(t.Context(), authorization(nil))
	if !errors.Is(err, broken) || token.Value != "" {
		t.Errorf("err %v", err)
	}
	if n := len(f.gate.slots); n != 0 {
		t.Errorf("%d slots were not given back", n)
	}
}
