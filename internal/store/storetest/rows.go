package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testRows: every table inserts, gets, updates, lists, counts and deletes whole values, within one tenant.
func testRows(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	t.Run("clients", func(t *testing.T) {
		row := client("c-1")
		changed := row
		changed.Name, changed.AppType, changed.ClientSecret = "Renamed", "", "a new secret"
		rowsCase[tenant.Client]{table: store.Scope.Clients, id: "c-1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("resource servers", func(t *testing.T) {
		row := api("rs-1", "https://timesheets")
		row.SigningAlg, row.SigningSecret = tenant.HS256, "sixteen characters"
		changed := row
		changed.TokenLifetime, changed.SigningAlg, changed.SigningSecret = 600, tenant.RS256, ""
		rowsCase[tenant.ResourceServer]{table: store.Scope.ResourceServers, id: "rs-1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("client grants come with the audience of their API", func(t *testing.T) {
		row := grant("cgr_1", "c-1", "rs-1")
		stored := row
		stored.Audience = "https://timesheets"
		changed := stored
		changed.Scope = []string{}
		rowsCase[tenant.ClientGrant]{table: store.Scope.ClientGrants, id: "cgr_1", row: row, stored: stored,
			changed: changed, changedStored: changed,
			before: func(t *testing.T, w *world) {
				insert(t, w, "acme", store.Scope.Clients, client("c-1"))
				insert(t, w, "acme", store.Scope.ResourceServers, api("rs-1", "https://timesheets"))
			}}.run(t, newDatabase)
	})
	t.Run("client credentials", func(t *testing.T) {
		row := credential("cred_1", "c-1")
		changed := row
		changed.ExpiresAt = row.CreatedAt.Add(time.Hour)
		rowsCase[tenant.ClientCredential]{table: store.Scope.ClientCredentials, id: "cred_1", row: row, stored: row,
			changed: changed, changedStored: changed,
			before: func(t *testing.T, w *world) { insert(t, w, "acme", store.Scope.Clients, client("c-1")) }}.run(t, newDatabase)
	})
	t.Run("organizations", func(t *testing.T) {
		row := organization("org_1", "first")
		changed := row
		changed.Name, changed.Metadata = "renamed", nil
		rowsCase[tenant.Organization]{table: store.Scope.Organizations, id: "org_1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("associations come with their organization and the client of their grant", func(t *testing.T) {
		row := tenant.OrganizationGrant{OrganizationID: "org_1", GrantID: "cgr_1"}
		stored := row
		stored.Organization, stored.ClientID = organization("org_1", "first"), "c-1"
		rowsCase[tenant.OrganizationGrant]{table: store.Scope.OrganizationGrants, id: "org_1/cgr_1", row: row, stored: stored,
			changed: stored, changedStored: stored,
			before: func(t *testing.T, w *world) {
				insert(t, w, "acme", store.Scope.Clients, client("c-1"))
				insert(t, w, "acme", store.Scope.ResourceServers, api("rs-1", "https://timesheets"))
				insert(t, w, "acme", store.Scope.ClientGrants, grant("cgr_1", "c-1", "rs-1"))
				insert(t, w, "acme", store.Scope.Organizations, organization("org_1", "first"))
			}}.run(t, newDatabase)
	})
	t.Run("network ACLs", func(t *testing.T) {
		row := networkACL("acl_1", 7)
		changed := row
		changed.Priority, changed.Active, changed.Rule.NotMatch = 8, false, &tenant.NetworkACLMatch{UserAgents: []string{"<curl>/*"}}
		rowsCase[tenant.NetworkACL]{table: store.Scope.NetworkACLs, id: "acl_1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("rate limit policies", func(t *testing.T) {
		row := rateLimitPolicy("rlp_1", tenant.SelectThirdParty, 0)
		changed := row
		changed.Configuration = tenant.RateLimitConfiguration{Action: tenant.RateLimitAllow}
		rowsCase[tenant.RateLimitPolicy]{table: store.Scope.RateLimitPolicies, id: "rlp_1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("custom domains", func(t *testing.T) {
		row := customDomain("cd_1", "login.example.com")
		changed := row
		changed.IsDefault, changed.Certificate, changed.LastVerifiedAt = true, nil, time.Time{}
		rowsCase[tenant.CustomDomain]{table: store.Scope.CustomDomains, id: "cd_1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("log streams", func(t *testing.T) {
		row := logStream("lst_1")
		changed := row
		changed.Sink, changed.Status, changed.PIIConfig = `{"httpEndpoint":"https://other.example"}`, "paused", nil
		rowsCase[tenant.LogStream]{table: store.Scope.LogStreams, id: "lst_1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("token exchange profiles", func(t *testing.T) {
		row := exchangeProfile("tep_1", "urn:acme:token", "action-1")
		changed := row
		changed.Name, changed.SubjectTokenType = "renamed", "urn:acme:other"
		rowsCase[tenant.TokenExchangeProfile]{table: store.Scope.TokenExchangeProfiles, id: "tep_1", row: row, stored: row,
			changed: changed, changedStored: changed,
			before: func(t *testing.T, w *world) { insert(t, w, "acme", store.Scope.Actions, action("action-1")) }}.run(t, newDatabase)
	})
	t.Run("signing keys", func(t *testing.T) {
		row := signingKey("kid-1", tenant.FamilyRSA, tenant.KeyNext)
		changed := row
		changed.State, changed.CurrentSince = tenant.KeyCurrent, row.CreatedAt
		rowsCase[tenant.SigningKey]{table: store.Scope.SigningKeys, id: "kid-1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("encryption keys", func(t *testing.T) {
		row := encryptionKey("key-1")
		changed := row
		changed.State = tenant.EncryptionKeyDeactivated
		rowsCase[tenant.EncryptionKey]{table: store.Scope.EncryptionKeys, id: "key-1", row: row, stored: row,
			changed: changed, changedStored: changed}.run(t, newDatabase)
	})
	t.Run("an API comes with the client that stands for it", func(t *testing.T) {
		w := start(t, newDatabase)
		stands, other := client("c-1"), client("c-2")
		stands.ResourceServerIdentifier = "https://timesheets"
		insert(t, w, "acme", store.Scope.Clients, stands, other)
		insert(t, w, "other", store.Scope.Clients, stands)
		insert(t, w, "acme", store.Scope.ResourceServers, api("rs-1", "https://timesheets"), api("rs-2", "https://other"), systemAPI("rs-0"))
		for id, want := range map[string]string{"rs-0": "", "rs-1": "c-1", "rs-2": ""} {
			wantEqual(t, must(w.db.Tenant("acme").ResourceServers().Get(t.Context(), id))(t).ClientID, want)
		}
		wantError(t, inTx(t.Context(), w.db, "acme", func(s store.Scope) error { return s.Clients().Delete(t.Context(), "c-1") }), nil)
		wantEqual(t, must(w.db.Tenant("acme").ResourceServers().Get(t.Context(), "rs-1"))(t).ClientID, "")
	})
	t.Run("settings", func(t *testing.T) { testSettings(t, newDatabase) })
}

// rowsCase is one table's life of a row: row is inserted and read back as stored, then changed is returned by an update and
// read back as changedStored.
type rowsCase[T any] struct {
	table                               func(store.Scope) store.Rows[T]
	id                                  string
	row, stored, changed, changedStored T
	before                              func(t *testing.T, w *world)
}

func (c rowsCase[T]) run(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	w := start(t, newDatabase)
	if c.before != nil {
		c.before(t, w)
	}
	ctx := t.Context()
	rows, foreign := c.table(w.db.Tenant("acme")), c.table(w.db.Tenant("other"))

	_, err := rows.Get(ctx, c.id)
	wantError(t, err, tenant.ErrNotFound)

	insert(t, w, "acme", c.table, c.row)
	wantEqual(t, must(rows.Get(ctx, c.id))(t), c.stored)
	wantEqual(t, must(rows.List(ctx, store.Query{}))(t), []T{c.stored})
	wantEqual(t, must(rows.Count(ctx, store.Query{}))(t), 1)

	c.isolation(t, w)

	err = inTx(ctx, w.db, "acme", func(s store.Scope) error {
		got, err := c.table(s).Update(ctx, c.id, func(old T) (T, error) {
			wantEqual(t, old, c.stored)
			return c.changed, nil
		})
		wantEqual(t, got, c.changedStored)
		return err
	})
	wantError(t, err, nil)
	wantEqual(t, must(rows.Get(ctx, c.id))(t), c.changedStored)

	wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return c.table(s).Delete(ctx, c.id) }), nil)
	_, err = rows.Get(ctx, c.id)
	wantError(t, err, tenant.ErrNotFound)
	wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return c.table(s).Delete(ctx, c.id) }), tenant.ErrNotFound)
	wantEqual(t, must(foreign.Count(ctx, store.Query{}))(t), 0)
}

// isolation: to another tenant the row is not there, whatever is tried. Writes outside a transaction fail.
func (c rowsCase[T]) isolation(t *testing.T, w *world) {
	ctx := t.Context()
	foreign := c.table(w.db.Tenant("other"))
	_, err := foreign.Get(ctx, c.id)
	wantError(t, err, tenant.ErrNotFound)
	wantEqual(t, must(foreign.List(ctx, store.Query{}))(t), []T{})
	wantEqual(t, must(foreign.Count(ctx, store.Query{}))(t), 0)

	keep := func(old T) (T, error) { return old, nil }
	err = inTx(ctx, w.db, "other", func(s store.Scope) error { _, err := c.table(s).Update(ctx, c.id, keep); return err })
	wantError(t, err, tenant.ErrNotFound)
	wantError(t, inTx(ctx, w.db, "other", func(s store.Scope) error { return c.table(s).Delete(ctx, c.id) }), tenant.ErrNotFound)

	reading := c.table(w.db.Tenant("acme"))
	if err := reading.Insert(ctx, c.row); err == nil || errors.Is(err, tenant.ErrExists) {
		t.Errorf("insert outside a transaction: error = %v, want a refusal", err)
	}
	if _, err := reading.Update(ctx, c.id, keep); err == nil {
		t.Error("update outside a transaction succeeded")
	}
	if err := reading.Delete(ctx, c.id); err == nil {
		t.Error("delete outside a transaction succeeded")
	}
	wantEqual(t, must(reading.Get(ctx, c.id))(t), c.stored)
}

func testSettings(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	w := start(t, newDatabase)
	ctx := t.Context()
	_, err := w.db.Tenant("acme").Settings().Get(ctx)
	wantError(t, err, tenant.ErrNotFound)

	want := tenant.NewSettings("Acme")
	put := func(s store.Scope) error { return s.Settings().Insert(ctx, want) }
	wantError(t, inTx(ctx, w.db, "acme", put), nil)
	wantError(t, inTx(ctx, w.db, "acme", put), tenant.ErrExists)
	wantError(t, inTx(ctx, w.db, "nobody", put), tenant.ErrNotFound)
	wantEqual(t, must(w.db.Tenant("acme").Settings().Get(ctx))(t), want)

	audience := "https://timesheets"
	err = inTx(ctx, w.db, "acme", func(s store.Scope) error {
		_, err := s.Settings().Update(ctx, func(old tenant.Settings) (tenant.Settings, error) {
			old.DefaultAudience = &audience
			return old, nil
		})
		return err
	})
	wantError(t, err, nil)
	want.DefaultAudience = &audience
	wantEqual(t, must(w.db.Tenant("acme").Settings().Get(ctx))(t), want)
	_, err = w.db.Tenant("other").Settings().Get(ctx)
	wantError(t, err, tenant.ErrNotFound)
}
