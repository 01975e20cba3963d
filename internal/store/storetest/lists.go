package storetest

import (
	"fmt"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// testLists: order, filters, offsets and cursors.
func testLists(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	t.Run("rows list in the order they were made, even within a millisecond", func(t *testing.T) {
		w := start(t, newDatabase) // whose clock stands still
		var want []string
		for i := range 20 {
			id := fmt.Sprintf("c-%d", (i*7)%20)
			want = append(want, id)
			insert(t, w, "acme", store.Scope.Clients, client(id))
		}
		wantEqual(t, ids(must(w.db.Tenant("acme").Clients().List(t.Context(), store.Query{}))(t), clientID), want)
	})
	t.Run("the global client is last", func(t *testing.T) {
		w := start(t, newDatabase)
		global := client("global")
		global.Global = true
		insert(t, w, "acme", store.Scope.Clients, global, client("c-1"))
		wantEqual(t, ids(must(w.db.Tenant("acme").Clients().List(t.Context(), store.Query{}))(t), clientID), []string{"c-1", "global"})
	})
	t.Run("the system resource server is first, without an identifier", func(t *testing.T) {
		w := start(t, newDatabase)
		insert(t, w, "acme", store.Scope.ResourceServers, api("rs-1", "https://timesheets"), systemAPI("rs-system"))
		got := must(w.db.Tenant("acme").ResourceServers().List(t.Context(), store.Query{}))(t)
		wantEqual(t, ids(got, apiID), []string{"rs-system", "rs-1"})
		wantEqual(t, got[0].Identifier, "")
	})
	t.Run("filters", func(t *testing.T) { testFilters(t, newDatabase) })
	t.Run("pages", func(t *testing.T) { testPages(t, newDatabase) })
	t.Run("a cursor survives its text form", func(t *testing.T) {
		for _, c := range []store.Cursor{{Rank: -1, CreatedAt: 1795435200000, ID: "rs.with.dots"}, {ID: "c"}} {
			wantEqual(t, must(store.ParseCursor(c.String()))(t), c)
		}
		for _, text := range []string{"", "0", "0.0", "0.0.", "x.0.id", "0.x.id"} {
			if _, err := store.ParseCursor(text); err == nil {
				t.Errorf("ParseCursor(%q) succeeded", text)
			}
		}
	})
}

func testFilters(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	w := startFilled(t, newDatabase)
	ctx := t.Context()
	thirdParty := client("c-2")
	thirdParty.IsFirstParty, thirdParty.AppType = false, "spa"
	plain := client("c-3")
	plain.AppType = ""
	insert(t, w, "acme", store.Scope.Clients, thirdParty, plain)
	anyOrganization, yes := grant("cgr_2", "c-2", "rs-1"), true
	anyOrganization.AllowAnyOrganization = &yes
	insert(t, w, "acme", store.Scope.ClientGrants, anyOrganization)
	s := w.db.Tenant("acme")

	for _, c := range []struct {
		rule  string
		where []store.Filter
		want  []string
	}{
		{"no filter", nil, []string{"c-1", "c-2", "c-3"}},
		{"a boolean", []store.Filter{store.In("is_first_party", false)}, []string{"c-2"}},
		{"one of several texts", []store.Filter{store.In("app_type", "spa", "non_interactive")}, []string{"c-1", "c-2"}},
		{"all filters must hold", []store.Filter{store.In("app_type", "spa"), store.In("is_first_party", true)}, []string{}},
		{"what is not set matches no text", []store.Filter{store.In("app_type", "")}, []string{}},
		{"what the client's grants say", []store.Filter{store.In("client_grant.allow_any_organization", true)}, []string{"c-2"}},
		{"what they do not say", []store.Filter{store.In("client_grant.allow_any_organization", false)}, []string{"c-1", "c-3"}},
		{"no value matches nothing", []store.Filter{store.In[string]("app_type")}, []string{}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			q := store.Query{Where: c.where}
			wantEqual(t, ids(must(s.Clients().List(ctx, q))(t), clientID), c.want)
			wantEqual(t, must(s.Clients().Count(ctx, q))(t), len(c.want))
		})
	}
	apis := must(s.ResourceServers().List(ctx, store.Query{Where: []store.Filter{store.In("identifier", "https://timesheets")}}))(t)
	wantEqual(t, ids(apis, apiID), []string{"rs-1"})
	grants := must(s.ClientGrants().List(ctx, store.Query{Where: []store.Filter{store.In("client_id", "c-2")}}))(t)
	wantEqual(t, ids(grants, grantID), []string{"cgr_2"})
	n := must(s.SigningKeys().Count(ctx, store.Query{Where: []store.Filter{store.In("state", string(tenant.KeyCurrent))}}))(t)
	wantEqual(t, n, 1)
	if _, err := s.Clients().List(ctx, store.Query{Where: []store.Filter{store.In("doc", "x")}}); err == nil {
		t.Error("a column outside the list was accepted")
	}
}

func testPages(t *testing.T, newDatabase func(t *testing.T) store.Config) {
	ctx := t.Context()
	w := start(t, newDatabase)
	for i := range 5 {
		insert(t, w, "acme", store.Scope.Clients, client(fmt.Sprintf("c-%d", i)))
	}
	insert(t, w, "other", store.Scope.Clients, client("foreign"))
	clients := w.db.Tenant("acme").Clients()

	t.Run("offset and limit", func(t *testing.T) {
		wantEqual(t, ids(must(clients.List(ctx, store.Query{Offset: 1, Limit: 2}))(t), clientID), []string{"c-1", "c-2"})
		wantEqual(t, ids(must(clients.List(ctx, store.Query{Offset: 4, Limit: 2}))(t), clientID), []string{"c-4"})
		wantEqual(t, ids(must(clients.List(ctx, store.Query{Offset: 9, Limit: 2}))(t), clientID), []string{})
		wantEqual(t, must(clients.Count(ctx, store.Query{Offset: 9, Limit: 2}))(t), 5)
	})
	t.Run("cursors visit every row once and end without one", func(t *testing.T) {
		var seen []string
		q := store.Query{Limit: 2}
		for range 3 {
			page, next, err := clients.Page(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			seen, q.After = append(seen, ids(page, clientID)...), next
		}
		wantEqual(t, seen, []string{"c-0", "c-1", "c-2", "c-3", "c-4"})
		wantEqual(t, q.After.IsZero(), true)
	})
	t.Run("the last page has no cursor even if it is full", func(t *testing.T) {
		_, next, err := clients.Page(ctx, store.Query{Limit: 5})
		wantError(t, err, nil)
		wantEqual(t, next.IsZero(), true)
	})
	t.Run("a cursor outlives its row, and what was deleted before it shifts nothing", func(t *testing.T) {
		_, next, err := clients.Page(ctx, store.Query{Limit: 2})
		wantError(t, err, nil)
		for _, id := range []string{"c-0", "c-1"} {
			wantError(t, inTx(ctx, w.db, "acme", func(s store.Scope) error { return s.Clients().Delete(ctx, id) }), nil)
		}
		page, _, err := clients.Page(ctx, store.Query{After: next, Limit: 2})
		wantError(t, err, nil)
		wantEqual(t, ids(page, clientID), []string{"c-2", "c-3"})
	})
}
