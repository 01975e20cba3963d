package admin_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestSignIn(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	before := w.setUp(t)
	s := w.signIn(t, " ADA@example.com", adaPassword)
	if s.ID == before.ID || s.Operator.ID != before.Operator.ID || s.IP != "192.0.2.7" || s.UserAgent != "Firefox" {
		t.Errorf("session %+v", s)
	}
	for rule, c := range map[string]struct{ email, password string }{
		"a wrong password":              {"ada@example.com", gracePassword},
		"no password":                   {"ada@example.com", ""},
		"an unknown address":            {"eve@example.com", adaPassword},
		"an address that nobody has":    {strings.Repeat("a", 250) + "@example.com", adaPassword},
		"a password that nobody has":    {"ada@example.com", strings.Repeat("a", 513)},
		"a password with another's end": {"ada@example.com", adaPassword + "\x00"},
	} {
		t.Run(rule, func(t *testing.T) {
			w.advance(time.Hour)
			in, err := w.SignIn(ctx, c.email, c.password, home)
			wantError(t, err, admin.ErrWrongCredentials)
			if in != (admin.SignIn{}) {
				t.Error("something came with the refusal")
			}
		})
	}
}

func TestSecondFactor(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	elsewhere := w.signIn(t, "ada@example.com", adaPassword)

	_, _, err := w.BeginTOTP(ctx, s, gracePassword, home)
	wantField(t, err, "current")
	secret, uri, err := w.BeginTOTP(ctx, s, adaPassword, home)
	if want := "otpauth://totp/writ%20auth.example:ada@example.com?secret=" + secret + "&issuer=writ%20auth.example"; err != nil || uri != want {
		t.Errorf("%v, %v; want %s", uri, err, want)
	}
	_, err = w.ConfirmTOTP(ctx, s, "000000")
	wantField(t, err, "code")
	secret, recovery := w.enrol(t, s)
	if len(recovery) != 10 {
		t.Errorf("%d recovery codes, want 10", len(recovery))
	}
	if !must(w.Sessions(ctx, s.Operator.ID))(t)[0].Operator.TOTP || len(must(w.Sessions(ctx, s.Operator.ID))(t)) != 1 {
		t.Errorf("the second factor is off, or session %s goes on without it", elsewhere.ID)
	}
	_, _, err = w.BeginTOTP(ctx, s, adaPassword, home)
	wantError(t, err, admin.ErrSecondFactorOn)

	pend := func() string {
		in := must(w.SignIn(ctx, "ada@example.com", adaPassword, home))(t)
		if in.Session != "" || in.Pending == "" {
			t.Fatal("the password alone signed in")
		}
		_, err := w.Session(ctx, in.Pending)
		wantError(t, err, admin.ErrNoSession)
		return in.Pending
	}
	pending := pend()
	code := w.codeOf(t, secret)
	must(w.SignInCode(ctx, pending, code, home))(t)
	_, err = w.SignInCode(ctx, pending, recovery[0], home)
	wantError(t, err, admin.ErrInvalidCode) // used up by its success

	pending = pend()
	_, err = w.SignInCode(ctx, pending, code, home)
	wantError(t, err, admin.ErrWrongCode) // a replay
	must(w.SignInCode(ctx, pending, " "+strings.ToUpper(recovery[3])+" ", home))(t)
	pending = pend()
	_, err = w.SignInCode(ctx, pending, recovery[3], home)
	wantError(t, err, admin.ErrWrongCode) // once each
	must(w.SignInCode(ctx, pending, strings.ReplaceAll(recovery[4], "-", ""), home))(t)

	pending = pend()
	w.advance(5 * time.Minute)
	_, err = w.SignInCode(ctx, pending, w.codeOf(t, secret), home)
	wantError(t, err, admin.ErrInvalidCode)
	_, err = w.SignInCode(ctx, "guessed", w.codeOf(t, secret), home)
	wantError(t, err, admin.ErrInvalidCode)
}

func TestRemovingTheSecondFactorWantsThePassword(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	w.enrol(t, s)
	wantField(t, w.RemoveTOTP(ctx, s, gracePassword, home), "current")
	wantError(t, w.RemoveTOTP(ctx, s, adaPassword, home), nil)
	w.signIn(t, "ada@example.com", adaPassword)
}

func TestTheClockOfAnAuthenticatorMayBeAStepOff(t *testing.T) {
	for rule, c := range map[string]struct {
		off  time.Duration
		want error
	}{
		"a step behind":   {-30 * time.Second, nil},
		"in step":         {0, nil},
		"a step ahead":    {30 * time.Second, nil},
		"two steps off":   {60 * time.Second, admin.ErrWrongCode},
		"long since past": {-90 * time.Second, admin.ErrWrongCode},
	} {
		t.Run(rule, func(t *testing.T) {
			w := newWorld(t)
			secret, _ := w.enrol(t, w.setUp(t))
			w.advance(10 * time.Minute)
			pending := must(w.SignIn(t.Context(), "ada@example.com", adaPassword, home))(t).Pending
			w.advance(c.off)
			code := w.codeOf(t, secret)
			w.advance(-c.off)
			_, err := w.SignInCode(t.Context(), pending, code, home)
			wantError(t, err, c.want)
		})
	}
}

// fails signs in wrongly n times and returns the last answer.
func (w *world) fails(ctx context.Context, n int, email string, from admin.Origin) (err error) {
	for range n {
		_, err = w.SignIn(ctx, email, "not the password", from)
	}
	return err
}

func TestGuessingPasswordsIsSlowed(t *testing.T) {
	ctx := t.Context()
	t.Run("five at once, then one a minute, also for who has no account", func(t *testing.T) {
		for _, email := range []string{"ada@example.com", "nobody@example.com"} {
			w := newWorld(t)
			w.setUp(t)
			wantError(t, w.fails(ctx, 5, email, home), admin.ErrWrongCredentials)
			wait := wantSlow(t, w.fails(ctx, 1, email, home))
			w.advance(wait)
			wantError(t, w.fails(ctx, 1, email, home), admin.ErrWrongCredentials)
			wantSlow(t, w.fails(ctx, 1, email, home))
		}
	})
	t.Run("the right password waits, too", func(t *testing.T) {
		w := newWorld(t)
		w.setUp(t)
		w.fails(ctx, 5, "ada@example.com", home)
		_, err := w.SignIn(ctx, "ada@example.com", adaPassword, home)
		wantSlow(t, err)
	})
	t.Run("a stranger elsewhere keeps nobody out", func(t *testing.T) {
		w := newWorld(t)
		w.setUp(t)
		w.fails(ctx, 100, "ada@example.com", from("198.51.100.4"))
		w.signIn(t, "ada@example.com", adaPassword)
	})
	t.Run("the addresses of one IPv6 network are one", func(t *testing.T) {
		w := newWorld(t)
		w.setUp(t)
		w.fails(ctx, 5, "ada@example.com", from("2001:db8:1:2::1"))
		wantSlow(t, w.fails(ctx, 1, "ada@example.com", from("2001:db8:1:2:ffff::9")))
		wantError(t, w.fails(ctx, 1, "ada@example.com", from("2001:db8:1:3::1")), admin.ErrWrongCredentials)
	})
	t.Run("an address that tries many accounts is slowed for all", func(t *testing.T) {
		w := newWorld(t)
		for i := range 30 {
			wantError(t, w.fails(ctx, 1, string(rune('a'+i))+"@example.com", home), admin.ErrWrongCredentials)
		}
		wantSlow(t, w.fails(ctx, 1, "fresh@example.com", home))
	})
	t.Run("who knows the password has twenty a minute", func(t *testing.T) {
		w := newWorld(t)
		s := w.setUp(t)
		for range 20 {
			w.signIn(t, "ada@example.com", adaPassword)
		}
		_, err := w.SignIn(ctx, "ada@example.com", adaPassword, home)
		wantSlow(t, err)
		w.advance(wantSlow(t, w.ChangePassword(ctx, s, adaPassword, gracePassword, home))) // the same work, the same count
		for range 20 {
			w.signIn(t, "ada@example.com", adaPassword)
		}
	})
	t.Run("of many guesses at once no more are looked at", func(t *testing.T) {
		w := newWorld(t)
		w.setUp(t)
		var group sync.WaitGroup
		var mu sync.Mutex // guards tried
		tried := 0
		for range 12 {
			group.Go(func() {
				if _, err := w.SignIn(ctx, "ada@example.com", "not the password", home); err == admin.ErrWrongCredentials {
					mu.Lock()
					defer mu.Unlock()
					tried++
				}
			})
		}
		group.Wait()
		if tried > 5 {
			t.Errorf("%d guesses were looked at, want at most 5", tried)
		}
	})
}

func TestGuessingTheSecondFactorIsSlowedWhereverItComesFrom(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	_, recovery := w.enrol(t, w.setUp(t))
	guess := func(address, code string) error {
		pending := must(w.SignIn(ctx, "ada@example.com", adaPassword, from(address)))(t).Pending
		_, err := w.SignInCode(ctx, pending, code, from(address))
		return err
	}
	for _, address := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"} {
		wantError(t, guess(address, "123456"), admin.ErrWrongCode)
	}
	w.advance(wantSlow(t, guess("192.0.2.6", recovery[0])))
	wantError(t, guess("192.0.2.6", recovery[0]), nil)
}

func TestAnOperatorHasAtMostTenPendingSignIns(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	_, recovery := w.enrol(t, w.setUp(t))
	pend := func() string { return must(w.SignIn(ctx, "ada@example.com", adaPassword, home))(t).Pending }
	first := pend()
	w.advance(time.Second)
	second := pend()
	for range 9 {
		w.advance(time.Second)
		pend()
	}
	_, err := w.SignInCode(ctx, first, recovery[0], home)
	wantError(t, err, admin.ErrInvalidCode)
	must(w.SignInCode(ctx, second, recovery[0], home))(t)
}

func TestANewPasswordEndsAPendingSignIn(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	_, recovery := w.enrol(t, s)
	pending := must(w.SignIn(ctx, "ada@example.com", adaPassword, home))(t).Pending
	wantError(t, w.ChangePassword(ctx, s, adaPassword, gracePassword, home), nil)
	_, err := w.SignInCode(ctx, pending, recovery[0], home)
	wantError(t, err, admin.ErrInvalidCode)
}

// overtaken is a store where something happens before each write.
type overtaken struct {
	admin.Store
	before func()
}

func (s overtaken) WritePeople(ctx context.Context, fn func(admin.People) error) error {
	s.before()
	return s.Store.WritePeople(ctx, fn)
}

func TestASignInThatANewPasswordOvertakesFails(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	cfg := w.cfg
	cfg.Store = overtaken{cfg.Store, func() {
		wantError(t, w.ChangePassword(ctx, s, adaPassword, gracePassword, home), nil)
	}}
	in, err := admin.NewCheap(cfg).SignIn(ctx, "ada@example.com", adaPassword, home)
	wantError(t, err, admin.ErrWrongCredentials)
	if in.Session != "" {
		t.Error("a session came with the refusal")
	}
	if n := len(must(w.Sessions(ctx, s.Operator.ID))(t)); n != 1 {
		t.Errorf("%d sessions, want 1", n)
	}
}

func TestAChangeOfPasswordThatAnotherOvertakesFails(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	code := must(w.NewResetCode(ctx, "ada@example.com", false))(t)
	cfg := w.cfg
	cfg.Store = overtaken{cfg.Store, func() { wantError(t, w.ResetPassword(ctx, code, gracePassword, home), nil) }}
	wantError(t, admin.NewCheap(cfg).ChangePassword(ctx, s, adaPassword, "what a thief would set", home), admin.ErrNoSession)
	w.signIn(t, "ada@example.com", gracePassword)
}

// What somebody proved with a password, or by a session, must still hold when it is acted upon.
func TestWhatAResetOrARevocationOvertakesFails(t *testing.T) {
	ctx := t.Context()
	reset := func(t *testing.T, w *world, _ *admin.Session) {
		code := must(w.NewResetCode(ctx, "ada@example.com", false))(t)
		wantError(t, w.ResetPassword(ctx, code, gracePassword, home), nil)
	}
	revoke := func(t *testing.T, w *world, s *admin.Session) {
		wantError(t, w.RevokeSession(ctx, s.Operator.ID, s.ID), nil)
	}
	change := func(t *testing.T, w *world, s *admin.Session) { // which spares the session
		wantError(t, w.ChangePassword(ctx, s, adaPassword, gracePassword, home), nil)
	}
	begin := func(d *admin.Desk, s *admin.Session) error {
		_, _, err := d.BeginTOTP(ctx, s, adaPassword, home)
		return err
	}
	remove := func(d *admin.Desk, s *admin.Session) error { return d.RemoveTOTP(ctx, s, adaPassword, home) }
	password := func(d *admin.Desk, s *admin.Session) error {
		return d.ChangePassword(ctx, s, adaPassword, "what a thief would set", home)
	}
	for rule, c := range map[string]struct {
		enrolled bool
		before   func(*testing.T, *world, *admin.Session)
		do       func(*admin.Desk, *admin.Session) error
		want     error // nil = at the field current
	}{
		"a second factor begun, and a reset":               {false, reset, begin, admin.ErrNoSession},
		"a second factor begun, and a revocation":          {false, revoke, begin, admin.ErrNoSession},
		"a second factor begun, and a new password":        {false, change, begin, nil},
		"a second factor taken away, and a reset":          {true, reset, remove, admin.ErrNoSession},
		"a second factor taken away, and a revocation":     {true, revoke, remove, admin.ErrNoSession},
		"a second factor taken away, and a new password":   {true, change, remove, nil},
		"a password that was changed, and a revocation":    {false, revoke, password, admin.ErrNoSession},
		"a password that was changed, and another new one": {false, change, password, nil},
		"a second factor begun, with nothing in between":   {false, nil, begin, errNothing},
		"a second factor taken away, nothing in between":   {true, nil, remove, errNothing},
		"a password that was changed, nothing in between":  {false, nil, password, errNothing},
	} {
		t.Run(rule, func(t *testing.T) {
			w := newWorld(t)
			s := w.setUp(t)
			if c.enrolled {
				w.enrol(t, s)
			}
			cfg := w.cfg
			cfg.Store = overtaken{cfg.Store, func() {
				if c.before != nil {
					c.before(t, w, s)
				}
			}}
			err := c.do(admin.NewCheap(cfg), s)
			switch c.want {
			case nil:
				wantField(t, err, "current")
			case errNothing:
				wantError(t, err, nil)
			default:
				wantError(t, err, c.want)
			}
		})
	}
}

// errNothing stands for no error.
var errNothing = errors.New("nothing")

func TestAnInvitationThatANewPasswordOvertakesMakesNoMember(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	code := must(w.InviteByInstance(ctx, "acme", "ada@example.com", tenant.RoleOwner))(t)
	cfg := w.cfg
	cfg.Store = overtaken{cfg.Store, func() {
		wantError(t, w.ChangePassword(ctx, s, adaPassword, gracePassword, home), nil)
	}}
	_, err := admin.NewCheap(cfg).Accept(ctx, code, "", adaPassword, home)
	wantField(t, err, "password")
	_, err = w.Member(ctx, s.Operator.ID, "acme")
	wantError(t, err, admin.ErrNoMember)
	must(w.Invitation(ctx, code))(t) // it is good still
}
