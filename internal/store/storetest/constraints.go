package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testConstraints: what is unique in a tenant, what must be there, and what goes with what.
func testConstraints(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	otherSubject := grant("cgr_2", "c-1", "rs-1")
	otherSubject.SubjectType = tenant.SubjectTypeUser
	defaultGrant := func(id string) tenant.ClientGrant {
		g := grant(id, "", "rs-1")
		g.DefaultFor = tenant.DefaultForThirdParty
		return g
	}
	for _, c := range []struct {
		rule  string
		write func(s store.Scope) error
		want  error
	}{
		{"client_id is unique", func(s store.Scope) error { return s.Clients().Insert(ctx, client("c-1")) }, tenant.ErrExists},
		{"an alias is one client's", func(s store.Scope) error {
			return errors.Join(s.Clients().Insert(ctx, withAliases("c-2", "a", "b")), s.Clients().Insert(ctx, withAliases("c-3", "c", "b")))
		}, tenant.ErrExists},
		{"an alias that is taken cannot be taken by an update", func(s store.Scope) error {
			if err := s.Clients().Insert(ctx, withAliases("c-2", "a")); err != nil {
				return err
			}
			return setAliases(ctx, s, "c-1", "a")
		}, tenant.ErrExists},
		{"an alias that was given up is free", func(s store.Scope) error {
			return errors.Join(s.Clients().Insert(ctx, withAliases("c-2", "a")), setAliases(ctx, s, "c-2", "b"), setAliases(ctx, s, "c-1", "a"))
		}, nil},
		{"an alias of a deleted client is free", func(s store.Scope) error {
			return errors.Join(s.Clients().Insert(ctx, withAliases("c-2", "a")), s.Clients().Delete(ctx, "c-2"), setAliases(ctx, s, "c-1", "a"))
		}, nil},
		{"aliases are compared whole", func(s store.Scope) error {
			return errors.Join(s.Clients().Insert(ctx, withAliases("c-2", "a b")), s.Clients().Insert(ctx, withAliases("c-3", "x a", "b y")))
		}, nil},
		{"resource server id is unique", func(s store.Scope) error {
			return s.ResourceServers().Insert(ctx, api("rs-1", "https://new"))
		}, tenant.ErrExists},
		{"identifier is unique", func(s store.Scope) error {
			return s.ResourceServers().Insert(ctx, api("rs-2", "https://timesheets"))
		}, tenant.ErrExists},
		{"identifier is compared byte for byte", func(s store.Scope) error {
			return s.ResourceServers().Insert(ctx, api("rs-2", "https://timesheets/"))
		}, nil},
		{"an identifier that is taken cannot be taken by an update", func(s store.Scope) error {
			if err := s.ResourceServers().Insert(ctx, api("rs-2", "https://new")); err != nil {
				return err
			}
			_, err := s.ResourceServers().Update(ctx, "rs-2", func(old tenant.ResourceServer) (tenant.ResourceServer, error) {
				old.Identifier = "https://timesheets"
				return old, nil
			})
			return err
		}, tenant.ErrExists},
		{"one system resource server", func(s store.Scope) error {
			return s.ResourceServers().Insert(ctx, systemAPI("rs-system-2"))
		}, tenant.ErrExists},
		{"one grant of a client for an API and subject type", func(s store.Scope) error {
			return s.ClientGrants().Insert(ctx, grant("cgr_2", "c-1", "rs-1"))
		}, tenant.ErrExists},
		{"another grant for another subject type", func(s store.Scope) error {
			return s.ClientGrants().Insert(ctx, otherSubject)
		}, nil},
		{"grant id is unique", func(s store.Scope) error {
			return s.ClientGrants().Insert(ctx, grant("cgr_1", "c-1", "rs-system"))
		}, tenant.ErrExists},
		{"one default grant for an API", func(s store.Scope) error {
			if err := s.ClientGrants().Insert(ctx, defaultGrant("cgr_3")); err != nil {
				return err
			}
			return s.ClientGrants().Insert(ctx, defaultGrant("cgr_4"))
		}, tenant.ErrExists},
		{"a grant needs its client", func(s store.Scope) error {
			return s.ClientGrants().Insert(ctx, grant("cgr_2", "nobody", "rs-1"))
		}, tenant.ErrNotFound},
		{"a grant needs its API", func(s store.Scope) error {
			return s.ClientGrants().Insert(ctx, grant("cgr_2", "c-1", "nothing"))
		}, tenant.ErrNotFound},
		{"credential id is unique", func(s store.Scope) error {
			return s.ClientCredentials().Insert(ctx, credential("cred_1", "c-1"))
		}, tenant.ErrExists},
		{"a credential needs its client", func(s store.Scope) error {
			return s.ClientCredentials().Insert(ctx, credential("cred_2", "nobody"))
		}, tenant.ErrNotFound},
		{"an organization's name is unique", func(s store.Scope) error {
			return s.Organizations().Insert(ctx, organization("org_2", "first"))
		}, tenant.ErrExists},
		{"an association is unique", func(s store.Scope) error {
			return s.OrganizationGrants().Insert(ctx, tenant.OrganizationGrant{OrganizationID: "org_1", GrantID: "cgr_1"})
		}, tenant.ErrExists},
		{"an association needs its organization", func(s store.Scope) error {
			return s.OrganizationGrants().Insert(ctx, tenant.OrganizationGrant{OrganizationID: "org_2", GrantID: "cgr_1"})
		}, tenant.ErrNotFound},
		{"an association needs its grant", func(s store.Scope) error {
			return s.OrganizationGrants().Insert(ctx, tenant.OrganizationGrant{OrganizationID: "org_1", GrantID: "cgr_2"})
		}, tenant.ErrNotFound},
		{"a priority is one network ACL's", func(s store.Scope) error {
			return s.NetworkACLs().Insert(ctx, networkACL("acl_2", 7))
		}, tenant.ErrExists},
		{"a priority that is taken cannot be taken by an update", func(s store.Scope) error {
			if err := s.NetworkACLs().Insert(ctx, networkACL("acl_2", 8)); err != nil {
				return err
			}
			_, err := s.NetworkACLs().Update(ctx, "acl_2", func(old tenant.NetworkACL) (tenant.NetworkACL, error) {
				old.Priority = 7
				return old, nil
			})
			return err
		}, tenant.ErrExists},
		{"a selector is one rate limit policy's", func(s store.Scope) error {
			return s.RateLimitPolicies().Insert(ctx, rateLimitPolicy("rlp_2", tenant.SelectDefault, 5))
		}, tenant.ErrExists},
		{"a selector is compared byte for byte", func(s store.Scope) error {
			return s.RateLimitPolicies().Insert(ctx, rateLimitPolicy("rlp_2", "Default", 5))
		}, nil},
		{"a custom domain is unique", func(s store.Scope) error {
			return s.CustomDomains().Insert(ctx, customDomain("cd_2", "acme.login.example"))
		}, tenant.ErrExists},
		{"a subject token type is one profile's", func(s store.Scope) error {
			return s.TokenExchangeProfiles().Insert(ctx, exchangeProfile("tep_2", "urn:acme:token", "action-1"))
		}, tenant.ErrExists},
		{"a token exchange profile needs its Action", func(s store.Scope) error {
			return s.TokenExchangeProfiles().Insert(ctx, exchangeProfile("tep_2", "urn:acme:other", "nothing"))
		}, tenant.ErrNotFound},
		{"a log stream's id is unique", func(s store.Scope) error { return s.LogStreams().Insert(ctx, logStream("lst_1")) }, tenant.ErrExists},
		{"kid is unique", func(s store.Scope) error {
			return s.SigningKeys().Insert(ctx, signingKey("kid-1", tenant.FamilyEC, tenant.KeyNext))
		}, tenant.ErrExists},
	} {
		t.Run(c.rule, func(t *testing.T) {
			w := startFilled(t, newDatabase)
			wantError(t, inTx(ctx, w.db, "acme", c.write), c.want)
		})
	}
	t.Run("each tenant has names of its own", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		fill(t, w, "other")
	})
	t.Run("a custom domain is one tenant's, and free again after it", func(t *testing.T) {
		w := startFilled(t, newDatabase)
		take := func(s store.Scope) error {
			return s.CustomDomains().Insert(ctx, customDomain("cd_9", "acme.login.example"))
		}
		wantError(t, inTx(ctx, w.db, "other", take), tenant.ErrExists)
		wantError(t, second(w.db.Tenant("other").CustomDomains().Get(ctx, "cd_1")), tenant.ErrNotFound)
		w.tx(t, func(tx *store.Tx) error { return tx.Tenants().Delete(ctx, "acme") })
		wantError(t, inTx(ctx, w.db, "other", take), nil)
	})
	t.Run("a tenant that is not there has no rows", func(t *testing.T) {
		w := start(t, newDatabase)
		row := client("c-1")
		row.ClientSecret = ""
		write := func(s store.Scope) error { return s.Clients().Insert(ctx, row) }
		wantError(t, inTx(ctx, w.db, "nobody", write), tenant.ErrNotFound)
	})
	t.Run("cascades", func(t *testing.T) { testCascades(t, newDatabase) })
}

func withAliases(id string, aliases ...string) tenant.Client {
	c := client(id)
	c.ClientAliases = aliases
	return c
}

func setAliases(ctx context.Context, s store.Scope, id string, aliases ...string) error {
	_, err := s.Clients().Update(ctx, id, func(old tenant.Client) (tenant.Client, error) {
		old.ClientAliases = aliases
		return old, nil
	})
	return err
}

// fill gives a tenant one of everything: client c-1, APIs rs-1 and rs-system, grant cgr_1, organization org_1, which it is associated with, network ACL acl_1 of
// priority 7, rate limit policy rlp_1, keys kid-1 and key-1, settings.
func fill(t *testing.T, w *world, tenantName string) {
	t.Helper()
	ctx := t.Context()
	err := inTx(ctx, w.db, tenantName, func(s store.Scope) error {
		for _, err := range []error{
			s.Settings().Insert(ctx, tenant.NewSettings(tenantName)),
			s.Clients().Insert(ctx, withAliases("c-1", "urn:alias-of-c-1")),
			s.ResourceServers().Insert(ctx, systemAPI("rs-system")),
			s.ResourceServers().Insert(ctx, api("rs-1", "https://timesheets")),
			s.ClientGrants().Insert(ctx, grant("cgr_1", "c-1", "rs-1")),
			s.ClientCredentials().Insert(ctx, credential("cred_1", "c-1")),
			s.Organizations().Insert(ctx, organization("org_1", "first")),
			s.OrganizationGrants().Insert(ctx, tenant.OrganizationGrant{OrganizationID: "org_1", GrantID: "cgr_1"}),
			s.NetworkACLs().Insert(ctx, networkACL("acl_1", 7)),
			s.RateLimitPolicies().Insert(ctx, rateLimitPolicy("rlp_1", tenant.SelectDefault, 5)),
			s.SigningKeys().Insert(ctx, signingKey("kid-1", tenant.FamilyRSA, tenant.KeyCurrent)),
			s.EncryptionKeys().Insert(ctx, encryptionKey("key-1")),
			s.Actions().Insert(ctx, action("action-1")),
			s.ActionVersions().Insert(ctx, actionVersion("version-1", "action-1", 1)),
			s.ActionBindings().Insert(ctx, actionBinding("binding-1", "action-1", 0)),
			s.ActionModules().Insert(ctx, actionModule("module-1")),
			s.ActionModuleVersions().Insert(ctx, actionModuleVersion("module-version-1", "module-1", 1)),
			s.CustomDomains().Insert(ctx, customDomain("cd_1", tenantName+".login.example")),
			s.LogStreams().Insert(ctx, logStream("lst_1")),
			s.TokenExchangeProfiles().Insert(ctx, exchangeProfile("tep_1", "urn:acme:token", "action-1")),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func startFilled(t *testing.T, newDatabase func(t *testing.T) store.Config, change ...func(*store.Config)) *world {
	t.Helper()
	w := start(t, newDatabase, change...)
	fill(t, w, "acme")
	return w
}

func testCascades(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	for _, c := range []struct {
		rule        string
		remove      func(s store.Scope) error
		credentials int // left
	}{
		{"a client takes its grants and credentials with it", func(s store.Scope) error { return s.Clients().Delete(t.Context(), "c-1") }, 0},
		{"an API takes its grants with it", func(s store.Scope) error { return s.ResourceServers().Delete(t.Context(), "rs-1") }, 1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ctx := t.Context()
			w := startFilled(t, newDatabase)
			fill(t, w, "other")
			snapshots := w.db.Snapshots()
			must(snapshots.ClientGrant(ctx, "acme", "c-1", "rs-1"))(t)

			wantError(t, inTx(ctx, w.db, "acme", c.remove), nil)
			wantEqual(t, must(w.db.Tenant("acme").ClientGrants().Count(ctx, store.Query{}))(t), 0)
			wantEqual(t, must(w.db.Tenant("acme").ClientCredentials().Count(ctx, store.Query{}))(t), c.credentials)
			wantEqual(t, must(w.db.Tenant("acme").OrganizationGrants().Count(ctx, store.Query{}))(t), 0)
			wantEqual(t, must(w.db.Tenant("acme").Organizations().Count(ctx, store.Query{}))(t), 1)
			_, err := snapshots.ClientGrant(ctx, "acme", "c-1", "rs-1")
			wantError(t, err, tenant.ErrNotFound)
			wantEqual(t, must(w.db.Tenant("other").ClientGrants().Count(ctx, store.Query{}))(t), 1)
		})
	}
}
