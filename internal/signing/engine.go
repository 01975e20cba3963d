package signing

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/writ-auth/writ/internal/signing/openssl"
)

// What SelectEngine can be asked for.
const (
	EngineAuto    = "auto"
	EngineGo      = "go"
	EngineOpenSSL = "openssl"
)

// Engine is an implementation of RSA signatures: crypto/rsa, or OpenSSL's libcrypto. EC and Ed25519 keys are always Go's, which
// is as quick. One that signs in batches fits as it is: the signers it loads would gather the digests of concurrent Sign calls,
// and the gate would have to let in as many as cores times the size of a batch.
type Engine struct {
	// Name is EngineGo or EngineOpenSSL.
	Name string
	// Version is Go's, or the library's own.
	Version string
	// SignatureTime is how long an RS256 signature took in the self-test, alone on a core; 0 = it was not tested.
	SignatureTime time.Duration
	// load makes a key ready to sign. What it returns is safe for concurrent use.
	load func(*rsa.PrivateKey) (crypto.Signer, error)
}

// Selection is the engine that signs, and how the choice came about.
type Selection struct {
	*Engine
	// Tried are the engines that were looked at, the chosen one among them.
	Tried []Trial
}

// Trial is what became of one engine in the self-test.
type Trial struct {
	Engine
	// Err is why it cannot be used; nil = it is right.
	Err error
}

// LogValue shows the choice and everything that it was made from.
func (s Selection) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("name", s.Name), slog.String("version", s.Version)}
	for _, t := range s.Tried {
		if t.Err != nil {
			attrs = append(attrs, slog.String(t.Name, t.Err.Error()))
		} else {
			attrs = append(attrs, slog.String(t.Name, t.SignatureTime.Round(time.Microsecond).String()))
		}
	}
	return slog.GroupValue(attrs...)
}

// SelectEngine chooses what signs with RSA keys: EngineGo, EngineOpenSSL, or with EngineAuto the quicker of those that pass the
// self-test. Errors: the engine asked for by name cannot be used; an unknown choice.
func SelectEngine(choice string) (Selection, error) {
	tried := []Trial{try(goEngine(), nil)}
	if choice != EngineGo {
		tried = append(tried, try(openSSLEngine()))
	}
	return pick(choice, tried)
}

// pick makes the choice.
func pick(choice string, tried []Trial) (Selection, error) {
	var best *Trial
	for i := range tried {
		t := &tried[i]
		switch {
		case choice != EngineAuto && t.Name != choice:
		case t.Err != nil && choice != EngineAuto:
			return Selection{}, fmt.Errorf("the signer %s cannot be used: %w", choice, t.Err)
		case t.Err == nil && (best == nil || t.SignatureTime < best.SignatureTime):
			best = t
		}
	}
	if best == nil {
		return Selection{}, fmt.Errorf("no signer for %q", choice)
	}
	return Selection{Engine: &best.Engine, Tried: tried}, nil
}

func try(e Engine, err error) Trial {
	if err == nil {
		err = e.selfTest()
	}
	return Trial{Engine: e, Err: err}
}

// goEngine is crypto/rsa.
func goEngine() Engine {
	return Engine{Name: EngineGo, Version: runtime.Version(), load: func(key *rsa.PrivateKey) (crypto.Signer, error) { return key, nil }}
}

func openSSLEngine() (Engine, error) {
	library, err := openssl.Open()
	if err != nil {
		return Engine{Name: EngineOpenSSL}, err
	}
	return Engine{Name: EngineOpenSSL, Version: library.Version(), load: library.Load}, nil
}

// ready makes a parsed key ready to sign: an RSA key with the engine, any other as it is.
func (e *Engine) ready(parsed any) (crypto.Signer, error) {
	if key, ok := parsed.(*rsa.PrivateKey); ok {
		return e.load(key)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("it cannot sign")
	}
	return signer, nil
}
