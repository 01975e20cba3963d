package signing

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/tenant"
)

func TestNewKeyIsWholeAndParses(t *testing.T) {
	g := newTestGenerator(t)
	for _, family := range families() {
		for _, state := range []tenant.KeyState{tenant.KeyCurrent, tenant.KeyNext} {
			key, err := g.NewKey(t.Context(), family, "acme.localhost", state, testStart)
			if err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`^[0-9A-Za-z_-]{21}$`).MatchString(key.KID) || key.Family != family || key.State != state || !key.CreatedAt.Equal(testStart) {
				t.Errorf("%+v", key)
			}
			if key.CurrentSince.Equal(testStart) != (state == tenant.KeyCurrent) || !key.CurrentUntil.IsZero() || !key.RevokedAt.IsZero() {
				t.Errorf("%s %s: since %s, until %s, revoked %s", family, state, key.CurrentSince, key.CurrentUntil, key.RevokedAt)
			}
			private, err := newPrivateKey(key)
			if err != nil {
				t.Fatal(err)
			}
			public, err := newPublicKey(key)
			if err != nil {
				t.Fatal(err)
			}
			if !public.key.(interface{ Equal(crypto.PublicKey) bool }).Equal(private.signer.Public()) {
				t.Errorf("%s: the certificate is of another key", family)
			}
		}
	}
}

func TestNewKeyRefuses(t *testing.T) {
	g := newTestGenerator(t)
	if _, err := g.NewKey(t.Context(), "oct", "acme.localhost", tenant.KeyNext, testStart); err == nil {
		t.Error("an unknown family was made")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.NewKey(ctx, tenant.FamilyRSA, "acme.localhost", tenant.KeyNext, testStart); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: err %v", err)
	}
	broken := errors.New("no randomness")
	g = NewGenerator(GeneratorConfig{RSAKeys: func() (*rsa.PrivateKey, error) { return nil, broken }})
	if _, err := g.NewFamily(t.Context(), tenant.FamilyRSA, "acme.localhost", testStart); !errors.Is(err, broken) {
		t.Errorf("err %v, want %v", err, broken)
	}
}

func TestNewFamilyIsCurrentAndNext(t *testing.T) {
	keys, err := newTestGenerator(t).NewFamily(t.Context(), tenant.FamilyEC, "acme.localhost", testStart)
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 2 || keys[0].State != tenant.KeyCurrent || keys[1].State != tenant.KeyNext || keys[0].KID == keys[1].KID {
		t.Errorf("%v", keys)
	}
}

func TestNewNextIsOneOfEveryFamily(t *testing.T) {
	fresh, err := newTestGenerator(t).NewNext(t.Context(), "acme.localhost", testStart)
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families() {
		if key := fresh[family]; key.Family != family || key.State != tenant.KeyNext {
			t.Errorf("%s: %v", family, key)
		}
	}
}

// A generator with a pool of 2 makes 2 keys and holds a third in hand; each key taken makes room for one more.
func TestPoolIsFilledAheadAndNoFurther(t *testing.T) {
	source := newTestGenerator(t)
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		g := NewGenerator(GeneratorConfig{Pool: 2, RSAKeys: func() (*rsa.PrivateKey, error) {
			made.Add(1)
			time.Sleep(time.Second) // in the bubble: shows who waits
			return source.rsaKeys()
		}})
		defer g.Close()
		time.Sleep(time.Hour)
		synctest.Wait()
		if made.Load() != 3 {
			t.Fatalf("%d keys were made ahead, want 3", made.Load())
		}
		begin := time.Now()
		for range 3 {
			if _, err := g.NewKey(t.Context(), tenant.FamilyRSA, "acme.localhost", tenant.KeyNext, testStart); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("three keys took %s: they were not ahead", waited)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if made.Load() != 6 {
			t.Errorf("%d keys were made in all, want 6", made.Load())
		}
	})
}

func TestCloseEndsTheFilling(t *testing.T) {
	source := newTestGenerator(t)
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		g := NewGenerator(GeneratorConfig{Pool: 1, RSAKeys: source.rsaKeys})
		synctest.Wait()
		g.Close()
		g.Close()
		for range 3 {
			if _, err := g.NewKey(t.Context(), tenant.FamilyRSA, "acme.localhost", tenant.KeyNext, testStart); err != nil {
				t.Errorf("after Close: %v", err)
			}
		}
	})
}

func TestAFailingPoolDoesNotHideTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("no randomness")
		g := NewGenerator(GeneratorConfig{Pool: 1, RSAKeys: func() (*rsa.PrivateKey, error) { return nil, broken }})
		defer g.Close()
		synctest.Wait()
		if _, err := g.NewKey(t.Context(), tenant.FamilyRSA, "acme.localhost", tenant.KeyNext, testStart); !errors.Is(err, broken) {
			t.Errorf("err %v, want %v", err, broken)
		}
	})
}

// The one test that makes a real RSA key.
func TestWithoutASourceKeysAreRSA2048(t *testing.T) {
	if testing.Short() {
		t.Skip("makes an RSA key")
	}
	key, err := NewGenerator(GeneratorConfig{}).NewKey(t.Context(), tenant.FamilyRSA, "acme.localhost", tenant.KeyNext, testStart)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := newPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	if bits := parsed.signer.Public().(*rsa.PublicKey).N.BitLen(); bits != rsaBits {
		t.Errorf("%d bits", bits)
	}
	if text := key.PrivateKey.Reveal(); strings.Contains(text, "BEGIN") {
		t.Error("the private key is not plain base64")
	}
}

func TestParsingRefusesWhatIsNotTheFamilys(t *testing.T) {
	g := newTestGenerator(t)
	rsaKey, err := g.NewKey(t.Context(), tenant.FamilyRSA, "acme.localhost", tenant.KeyNext, testStart)
	if err != nil {
		t.Fatal(err)
	}
	okpKey, err := g.NewKey(t.Context(), tenant.FamilyOKP, "acme.localhost", tenant.KeyNext, testStart)
	if err != nil {
		t.Fatal(err)
	}
	okpAsRSA := okpKey
	okpAsRSA.Family = tenant.FamilyRSA
	edit := func(change func(*tenant.SigningKey)) tenant.SigningKey { key := rsaKey; change(&key); return key }
	tests := map[string]tenant.SigningKey{
		"RSA stored as EC":   edit(func(k *tenant.SigningKey) { k.Family = tenant.FamilyEC }),
		"RSA stored as OKP":  edit(func(k *tenant.SigningKey) { k.Family = tenant.FamilyOKP }),
		"OKP stored as RSA":  okpAsRSA,
		"an unknown family":  edit(func(k *tenant.SigningKey) { k.Family = "oct" }),
		"a broken key":       edit(func(k *tenant.SigningKey) { k.PrivateKey, k.Certificate = "AAAA", []byte{0} }),
		"no key":             edit(func(k *tenant.SigningKey) { k.PrivateKey, k.Certificate = "", nil }),
		"key is not base64 ": edit(func(k *tenant.SigningKey) { k.PrivateKey, k.Certificate = "*", nil }),
	}
	for name, key := range tests {
		if got, err := newPrivateKey(key); err == nil {
			t.Errorf("%s: the private half was accepted: %v", name, got)
		}
		if got, err := newPublicKey(key); err == nil {
			t.Errorf("%s: the certificate was accepted: %v", name, got)
		}
	}
	if diff := cmp.Diff([]string(nil), Algs("oct")); diff != "" {
		t.Error(diff)
	}
}
