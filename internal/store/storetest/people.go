package storetest

import (
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

var peopleBegan = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func operator(id, email string) tenant.Operator {
	return tenant.Operator{
		ID: id, Email: email, Name: "Ada <Lovelace>", CreatedAt: peopleBegan,
		Credentials: tenant.OperatorCredentials{
			PasswordHash: "hash-of-" + tenant.Secret(id), TOTPSecret: "totp-of-" + tenant.Secret(id), TOTPStep: 7, RecoveryCodes: []string{"a", "b"},
		},
	}
}

func session(id, operatorID string, expires time.Duration) tenant.OperatorSession {
	return tenant.OperatorSession{
		ID: id, Digest: "digest-of-" + id, OperatorID: operatorID, CreatedAt: peopleBegan, LastSeenAt: peopleBegan,
		ExpiresAt: peopleBegan.Add(expires), IP: "192.0.2.7", UserAgent: "Firefox",
	}
}

func invitation(id, tenantName string, expires time.Duration) tenant.OperatorCode {
	return tenant.OperatorCode{
		ID: id, Digest: "digest-of-" + id, Kind: tenant.CodeInvitation, Tenant: tenantName, Email: "new@example.com", Role: tenant.RoleAdmin,
		InvitedBy: "op_1", CreatedAt: peopleBegan, ExpiresAt: peopleBegan.Add(expires),
	}
}

func operatorCode(id string, kind tenant.CodeKind, operatorID string) tenant.OperatorCode {
	return tenant.OperatorCode{
		ID: id, Digest: "digest-of-" + id, Kind: kind, OperatorID: operatorID, CreatedAt: peopleBegan, ExpiresAt: peopleBegan.Add(time.Hour),
	}
}

func member(tenantName, operatorID string, role tenant.Role) tenant.Membership {
	return tenant.Membership{Tenant: tenantName, OperatorID: operatorID, Role: role, CreatedAt: peopleBegan}
}

// people runs fn in a transaction that must succeed.
func (w *world) people(t *testing.T, fn func(p store.People) error) {
	t.Helper()
	w.tx(t, func(tx *store.Tx) error { return fn(tx.People()) })
}

// peopleError is the error of one write.
func (w *world) peopleError(t *testing.T, fn func(p store.People) error) error {
	return w.db.InTx(t.Context(), func(tx *store.Tx) error { return fn(tx.People()) })
}

// startPeopled has ada, owner of acme and viewer of other, and grace, who is nothing; each is signed in once.
func startPeopled(t *testing.T, newDatabase func(t *testing.T) store.Config, change ...func(*store.Config)) *world {
	t.Helper()
	ctx := t.Context()
	w := start(t, newDatabase, change...)
	w.people(t, func(p store.People) error {
		for _, err := range []error{
			p.InsertOperator(ctx, operator("op_1", "ada@example.com")),
			p.InsertOperator(ctx, operator("op_2", "Zoë@example.com")),
			p.InsertSession(ctx, session("os_1", "op_1", time.Hour)),
			p.InsertSession(ctx, session("os_2", "op_2", time.Hour)),
			p.PutMembership(ctx, member("acme", "op_1", tenant.RoleOwner)),
			p.PutMembership(ctx, member("other", "op_1", tenant.RoleViewerConfig)),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// testPeople: accounts are unique, their credentials sealed; what belongs to an operator or a tenant goes with it, and what expires goes.
func testPeople(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	t.Run("operators", func(t *testing.T) { testOperators(t, newDatabase) })
	t.Run("sessions", func(t *testing.T) { testOperatorSessions(t, newDatabase) })
	t.Run("codes", func(t *testing.T) { testOperatorCodes(t, newDatabase) })
	t.Run("memberships", func(t *testing.T) { testMemberships(t, newDatabase) })
	t.Run("what expired is swept", func(t *testing.T) { testPeopleSweep(t, newDatabase) })
	t.Run("an operator goes with everything", func(t *testing.T) { testOperatorDeletion(t, newDatabase) })
	t.Run("a tenant's members and invitations go with it, operators stay", func(t *testing.T) { testPeopleOfDeletedTenant(t, newDatabase) })
	t.Run("outside a transaction nothing is written", func(t *testing.T) {
		p := startPeopled(t, newDatabase).db.People()
		for _, err := range []error{
			p.InsertOperator(t.Context(), operator("op_9", "x@example.com")), p.DeleteOperator(t.Context(), "op_1"),
			p.DeleteSession(t.Context(), "op_1", "os_1"), p.PutMembership(t.Context(), member("acme", "op_2", tenant.RoleAdmin)),
			p.InsertCode(t.Context(), operatorCode("oc_9", tenant.CodeSetUp, "")), p.Record(t.Context(), event(1)),
		} {
			if err == nil {
				t.Error("a write was accepted")
			}
		}
	})
}

func testOperators(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	want := operator("op_1", "ada@example.com")
	wantEqual(t, must(w.db.People().Operator(ctx, "op_1"))(t), want)
	wantEqual(t, must(w.open(t).People().OperatorByEmail(ctx, "ada@example.com"))(t), want)
	wantEqual(t, ids(must(w.db.People().Operators(ctx))(t), func(o tenant.Operator) string { return o.Email }),
		[]string{"Zoë@example.com", "ada@example.com"})
	wantError(t, second(w.db.People().Operator(ctx, "op_9")), tenant.ErrNotFound)
	wantError(t, second(w.db.People().OperatorByEmail(ctx, "ADA@example.com")), tenant.ErrNotFound)
	wantError(t, w.peopleError(t, func(p store.People) error { return p.InsertOperator(ctx, operator("op_3", "ada@example.com")) }), tenant.ErrExists)

	w.people(t, func(p store.People) error {
		_, err := p.UpdateOperator(ctx, "op_1", func(old tenant.Operator) (tenant.Operator, error) {
			old.ID, old.Name, old.Credentials.TOTPSecret = "op_other", "Ada", ""
			return old, nil
		})
		return err
	})
	want.Name, want.Credentials.TOTPSecret = "Ada", ""
	wantEqual(t, must(w.db.People().Operator(ctx, "op_1"))(t), want)
	refuse := func(tenant.Operator) (tenant.Operator, error) { return tenant.Operator{}, tenant.ErrTombstoned }
	wantError(t, w.peopleError(t, func(p store.People) error { return second(p.UpdateOperator(ctx, "op_1", refuse)) }), tenant.ErrTombstoned)
	wantEqual(t, must(w.db.People().Operator(ctx, "op_1"))(t), want)
}

func testOperatorSessions(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	newer := session("os_3", "op_1", 2*time.Hour)
	newer.CreatedAt = peopleBegan.Add(time.Minute)
	w.people(t, func(p store.People) error { return p.InsertSession(ctx, newer) })
	wantEqual(t, must(w.db.People().SessionByDigest(ctx, "digest-of-os_1"))(t), session("os_1", "op_1", time.Hour))
	wantError(t, second(w.db.People().SessionByDigest(ctx, "os_1")), tenant.ErrNotFound)
	sessionID := func(s tenant.OperatorSession) string { return s.ID }
	wantEqual(t, ids(must(w.db.People().OperatorSessions(ctx, "op_1"))(t), sessionID), []string{"os_3", "os_1"})

	w.people(t, func(p store.People) error {
		return second(p.UpdateSession(ctx, "os_3", func(old tenant.OperatorSession) (tenant.OperatorSession, error) {
			old.LastSeenAt, old.ExpiresAt, old.OperatorID = peopleBegan.Add(time.Hour), peopleBegan.Add(3*time.Hour), "op_2"
			return old, nil
		}))
	})
	newer.LastSeenAt, newer.ExpiresAt = peopleBegan.Add(time.Hour), peopleBegan.Add(3*time.Hour)
	wantEqual(t, must(w.db.People().SessionByDigest(ctx, "digest-of-os_3"))(t), newer)

	wantError(t, w.peopleError(t, func(p store.People) error { return p.DeleteSession(ctx, "op_2", "os_1") }), tenant.ErrNotFound)
	w.people(t, func(p store.People) error { return p.DeleteSessions(ctx, "op_1", "os_3") })
	wantEqual(t, ids(must(w.db.People().OperatorSessions(ctx, "op_1"))(t), sessionID), []string{"os_3"})
	wantEqual(t, ids(must(w.db.People().OperatorSessions(ctx, "op_2"))(t), sessionID), []string{"os_2"})
	w.people(t, func(p store.People) error { return p.DeleteSessions(ctx, "op_1", "") })
	wantEqual(t, ids(must(w.db.People().OperatorSessions(ctx, "op_1"))(t), sessionID), []string{})
}

func testOperatorCodes(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	w.people(t, func(p store.People) error {
		for _, c := range []tenant.OperatorCode{
			invitation("oc_1", "acme", time.Hour), invitation("oc_2", "other", time.Hour), operatorCode("oc_3", tenant.CodeSetUp, ""),
			operatorCode("oc_4", tenant.CodeReset, "op_1"), operatorCode("oc_5", tenant.CodeReset, "op_2"),
			operatorCode("oc_6", tenant.CodeSecondFactor, "op_1"),
		} {
			if err := p.InsertCode(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	left := func() []string {
		var there []string
		for _, id := range []string{"oc_1", "oc_2", "oc_3", "oc_4", "oc_5", "oc_6"} {
			if _, err := w.db.People().CodeByDigest(ctx, "digest-of-"+id); err == nil {
				there = append(there, id)
			}
		}
		return there
	}
	wantEqual(t, must(w.db.People().CodeByDigest(ctx, "digest-of-oc_1"))(t), invitation("oc_1", "acme", time.Hour))
	wantEqual(t, must(w.db.People().CodeByDigest(ctx, "digest-of-oc_4"))(t), operatorCode("oc_4", tenant.CodeReset, "op_1"))
	wantEqual(t, must(w.db.People().Invitations(ctx, "acme"))(t), []tenant.OperatorCode{invitation("oc_1", "acme", time.Hour)})
	resets := must(w.db.People().OperatorCodes(ctx, tenant.CodeReset, "op_1"))(t)
	wantEqual(t, resets, []tenant.OperatorCode{operatorCode("oc_4", tenant.CodeReset, "op_1")})
	wantError(t, w.peopleError(t, func(p store.People) error { return p.InsertCode(ctx, invitation("oc_7", "nobody", time.Hour)) }), tenant.ErrNotFound)

	w.people(t, func(p store.People) error { return p.DeleteCodes(ctx, tenant.CodeReset, "op_1") })
	wantEqual(t, left(), []string{"oc_1", "oc_2", "oc_3", "oc_5", "oc_6"})
	w.people(t, func(p store.People) error { return p.DeleteCodes(ctx, tenant.CodeSetUp, "") })
	w.people(t, func(p store.People) error { return p.DeleteCode(ctx, "oc_1") })
	wantEqual(t, left(), []string{"oc_2", "oc_5", "oc_6"})
	wantError(t, w.peopleError(t, func(p store.People) error { return p.DeleteCode(ctx, "oc_1") }), tenant.ErrNotFound)
}

func testMemberships(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	ada := tenant.Member{ID: "op_1", Email: "ada@example.com", Name: "Ada <Lovelace>", Role: tenant.RoleOwner}
	wantEqual(t, must(w.db.People().Member(ctx, "acme", "op_1"))(t), ada)
	wantError(t, second(w.db.People().Member(ctx, "acme", "op_2")), tenant.ErrNotFound)
	wantEqual(t, must(w.db.People().Memberships(ctx, "op_1"))(t),
		[]tenant.Membership{member("acme", "op_1", tenant.RoleOwner), member("other", "op_1", tenant.RoleViewerConfig)})
	wantError(t, w.peopleError(t, func(p store.People) error { return p.PutMembership(ctx, member("nobody", "op_1", tenant.RoleAdmin)) }), tenant.ErrNotFound)
	wantError(t, w.peopleError(t, func(p store.People) error { return p.PutMembership(ctx, member("acme", "op_9", tenant.RoleAdmin)) }), tenant.ErrNotFound)
	for name, want := range map[string]bool{"acme": true, "nobody": false} {
		wantEqual(t, must(w.db.People().HasTenant(ctx, name))(t), want)
	}

	w.people(t, func(p store.People) error { return p.PutMembership(ctx, member("acme", "op_2", tenant.RoleAdmin)) })
	wantEqual(t, ids(must(w.db.People().Members(ctx, "acme"))(t), func(m tenant.Member) string { return m.Email + " " + string(m.Role) }),
		[]string{"Zoë@example.com admin", "ada@example.com owner"})
	wantEqual(t, must(w.db.People().HasOwner(ctx))(t), true)
	later := member("acme", "op_1", tenant.RoleAdmin)
	later.CreatedAt = peopleBegan.Add(time.Hour)
	w.people(t, func(p store.People) error { return p.PutMembership(ctx, later) })
	wantEqual(t, must(w.db.People().HasOwner(ctx))(t), false)
	wantEqual(t, must(w.db.People().Memberships(ctx, "op_1"))(t)[0], member("acme", "op_1", tenant.RoleAdmin))
	w.people(t, func(p store.People) error { return p.DeleteMembership(ctx, "acme", "op_1") })
	wantError(t, second(w.db.People().Member(ctx, "acme", "op_1")), tenant.ErrNotFound)
	must(w.db.People().Member(ctx, "other", "op_1"))(t)
	wantError(t, w.peopleError(t, func(p store.People) error { return p.DeleteMembership(ctx, "acme", "op_1") }), tenant.ErrNotFound)
}

func testPeopleSweep(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	w.people(t, func(p store.People) error {
		if err := p.InsertSession(ctx, session("os_3", "op_1", time.Hour+time.Millisecond)); err != nil {
			return err
		}
		if err := p.InsertCode(ctx, invitation("oc_1", "acme", time.Hour)); err != nil {
			return err
		}
		return p.InsertCode(ctx, invitation("oc_2", "acme", 2*time.Hour))
	})
	w.clock.advance(time.Hour - time.Millisecond)
	wantError(t, w.db.Sweep(ctx), nil)
	wantEqual(t, len(must(w.db.People().OperatorSessions(ctx, "op_1"))(t)), 2)
	w.clock.advance(time.Millisecond)
	wantError(t, w.db.Sweep(ctx), nil)
	wantEqual(t, ids(must(w.db.People().OperatorSessions(ctx, "op_1"))(t), func(s tenant.OperatorSession) string { return s.ID }), []string{"os_3"})
	wantEqual(t, ids(must(w.db.People().Invitations(ctx, "acme"))(t), func(c tenant.OperatorCode) string { return c.ID }), []string{"oc_2"})
}

func testOperatorDeletion(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	w.people(t, func(p store.People) error { return p.InsertCode(ctx, operatorCode("oc_1", tenant.CodeReset, "op_1")) })
	w.people(t, func(p store.People) error { return p.DeleteOperator(ctx, "op_1") })
	for _, err := range []error{
		second(w.db.People().Operator(ctx, "op_1")), second(w.db.People().SessionByDigest(ctx, "digest-of-os_1")),
		second(w.db.People().CodeByDigest(ctx, "digest-of-oc_1")), second(w.db.People().Member(ctx, "acme", "op_1")),
		w.peopleError(t, func(p store.People) error { return p.DeleteOperator(ctx, "op_1") }),
	} {
		wantError(t, err, tenant.ErrNotFound)
	}
	must(w.db.People().SessionByDigest(ctx, "digest-of-os_2"))(t)
}

func testPeopleOfDeletedTenant(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := startPeopled(t, newDatabase)
	w.people(t, func(p store.People) error { return p.InsertCode(ctx, invitation("oc_1", "acme", time.Hour)) })
	w.tx(t, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "acme") })
	wantError(t, second(w.db.People().CodeByDigest(ctx, "digest-of-oc_1")), tenant.ErrNotFound)
	wantEqual(t, must(w.db.People().Memberships(ctx, "op_1"))(t), []tenant.Membership{member("other", "op_1", tenant.RoleViewerConfig)})
	must(w.db.People().SessionByDigest(ctx, "digest-of-os_1"))(t)
	wantEqual(t, must(w.db.People().HasOwner(ctx))(t), false)
}
