package admin_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/admin"
	"github.com/writ-auth/writ/internal/tenant"
)

func TestASessionLives(t *testing.T) {
	const idle, life = 12 * time.Hour, 7 * 24 * time.Hour
	for rule, c := range map[string]struct {
		every time.Duration // between two uses
		until time.Duration // the last of them
		want  error
	}{
		"12 hours from its sign-in on":          {idle - time.Millisecond, idle - time.Millisecond, nil},
		"not 12 hours without use":              {idle, idle, admin.ErrNoSession},
		"as long as it is used":                 {11 * time.Hour, 154 * time.Hour, nil},
		"but not beyond 7 days":                 {11 * time.Hour, life, admin.ErrNoSession},
		"and its use is written within minutes": {time.Minute, 13 * time.Hour, nil},
	} {
		t.Run(rule, func(t *testing.T) {
			w := newWorld(t)
			w.setUp(t)
			token := must(w.SignIn(t.Context(), "ada@example.com", adaPassword, home))(t).Session
			var err error
			for passed := time.Duration(0); passed < c.until; {
				step := min(c.every, c.until-passed)
				w.advance(step)
				passed += step
				if _, err = w.Session(t.Context(), token); err != nil && passed < c.until {
					t.Fatalf("after %s: %v", passed, err)
				}
			}
			wantError(t, err, c.want)
		})
	}
}

// counting is a store that counts what is written to it.
type counting struct {
	admin.Store
	writes *int
}

func (s counting) WritePeople(ctx context.Context, fn func(admin.People) error) error {
	*s.writes++
	return s.Store.WritePeople(ctx, fn)
}

func TestUseIsWrittenDownOnceAMinute(t *testing.T) {
	w := newWorld(t)
	w.setUp(t)
	token := must(w.SignIn(t.Context(), "ada@example.com", adaPassword, home))(t).Session
	began := w.clock()
	writes := 0
	cfg := w.cfg
	cfg.Store = counting{cfg.Store, &writes}
	desk := admin.NewCheap(cfg)
	for range 120 {
		w.advance(time.Second)
		must(desk.Session(t.Context(), token))(t)
	}
	if writes != 2 {
		t.Errorf("%d writes in two minutes, want 2", writes)
	}
	if seen := must(desk.Session(t.Context(), token))(t).LastSeenAt; !seen.Equal(began.Add(2 * time.Minute)) {
		t.Errorf("last seen %s, want %s", seen, began.Add(2*time.Minute))
	}
}

// full is a store that cannot write.
type full struct{ admin.Store }

func (full) WritePeople(context.Context, func(admin.People) error) error {
	return tenant.ErrUnavailable
}

func TestASessionOutlivesAStoreThatCannotWrite(t *testing.T) {
	w := newWorld(t)
	w.setUp(t)
	token := must(w.SignIn(t.Context(), "ada@example.com", adaPassword, home))(t).Session
	w.advance(time.Hour)
	cfg := w.cfg
	cfg.Store = full{cfg.Store}
	must(admin.NewCheap(cfg).Session(t.Context(), token))(t)
}

func TestSessionsEnd(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	grace := w.join(t, "dev", "grace@example.com", tenant.RoleAdmin, gracePassword)
	w.advance(time.Minute)
	token := must(w.SignIn(ctx, "ada@example.com", adaPassword, home))(t).Session
	second := must(w.Session(ctx, token))(t)
	if list := must(w.Sessions(ctx, s.Operator.ID))(t); len(list) != 2 || list[0].ID != second.ID || list[1].ID != s.ID {
		t.Errorf("sessions %+v, want both, newest first", list)
	}
	wantError(t, w.RevokeSession(ctx, s.Operator.ID, grace.ID), tenant.ErrNotFound) // somebody else's
	wantError(t, w.RevokeSession(ctx, s.Operator.ID, s.ID), nil)
	wantError(t, w.SignOut(ctx, token), nil)
	wantError(t, w.SignOut(ctx, token), nil)
	_, err := w.Session(ctx, token)
	wantError(t, err, admin.ErrNoSession)
	for _, none := range []string{"", second.ID, "guessed"} {
		_, err := w.Session(ctx, none)
		wantError(t, err, admin.ErrNoSession)
	}
	if list := must(w.Sessions(ctx, s.Operator.ID))(t); len(list) != 0 {
		t.Errorf("sessions %+v, want none", list)
	}
}

func TestAnOperatorHasAtMostFiftySessions(t *testing.T) {
	w := newWorld(t)
	first := w.setUp(t)
	for range 50 {
		w.advance(3 * time.Second) // twenty a minute
		w.signIn(t, "ada@example.com", adaPassword)
	}
	list := must(w.Sessions(t.Context(), first.Operator.ID))(t)
	if len(list) != 50 || list[len(list)-1].ID == first.ID {
		t.Errorf("%d sessions, want 50 without the first", len(list))
	}
}

func TestWhatIsKeptOfAUserAgentIsBounded(t *testing.T) {
	w := newWorld(t)
	w.setUp(t)
	origin := admin.Origin{Address: home.Address, UserAgent: strings.Repeat("ä", 10_000)}
	in := must(w.SignIn(t.Context(), "ada@example.com", adaPassword, origin))(t)
	if got := must(w.Session(t.Context(), in.Session))(t).UserAgent; got != strings.Repeat("ä", 127) {
		t.Errorf("kept %d bytes", len(got))
	}
}

func TestChangePassword(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	other := must(w.SignIn(ctx, "ada@example.com", adaPassword, home))(t).Session
	wantField(t, w.ChangePassword(ctx, s, gracePassword, gracePassword, home), "current")
	wantField(t, w.ChangePassword(ctx, s, adaPassword, "short", home), "new")
	must(w.Session(ctx, other))(t)
	wantError(t, w.ChangePassword(ctx, s, adaPassword, gracePassword, home), nil)
	_, err := w.Session(ctx, other)
	wantError(t, err, admin.ErrNoSession)
	if list := must(w.Sessions(ctx, s.Operator.ID))(t); len(list) != 1 || list[0].ID != s.ID {
		t.Errorf("sessions %+v, want the one that changed it", list)
	}
	w.signIn(t, "ada@example.com", gracePassword)
	for range 4 { // and one above
		wantField(t, w.ChangePassword(ctx, s, adaPassword, "whatever it may be", home), "current")
	}
	wantSlow(t, w.ChangePassword(ctx, s, gracePassword, "whatever it may be", home))
}

func TestResetPassword(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	s := w.setUp(t)
	w.enrol(t, s)
	_, err := w.NewResetCode(ctx, "nobody@example.com", false)
	wantError(t, err, tenant.ErrNotFound)

	replaced := must(w.NewResetCode(ctx, "ada@example.com", true))(t)
	code := must(w.NewResetCode(ctx, " ADA@example.com", false))(t)
	if whose := must(w.Reset(ctx, code))(t); whose.ID != s.Operator.ID {
		t.Errorf("the code is of %+v", whose)
	}
	wantError(t, w.ResetPassword(ctx, replaced, gracePassword, home), admin.ErrInvalidCode)
	wantField(t, w.ResetPassword(ctx, code, "short", home), "password")
	wantError(t, w.ResetPassword(ctx, code, gracePassword, home), nil)
	wantError(t, w.ResetPassword(ctx, code, adaPassword, home), admin.ErrInvalidCode)
	if list := must(w.Sessions(ctx, s.Operator.ID))(t); len(list) != 0 {
		t.Errorf("sessions %+v, want none", list)
	}
	if in := must(w.SignIn(ctx, "ada@example.com", gracePassword, home))(t); in.Pending == "" {
		t.Error("the second factor went with the password")
	}

	code = must(w.NewResetCode(ctx, "ada@example.com", true))(t)
	wantError(t, w.ResetPassword(ctx, code, adaPassword, home), nil)
	w.signIn(t, "ada@example.com", adaPassword)

	code = must(w.NewResetCode(ctx, "ada@example.com", false))(t)
	w.advance(24 * time.Hour)
	wantError(t, w.ResetPassword(ctx, code, gracePassword, home), admin.ErrInvalidCode)
}
