package mgmt

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

func ensure(t *testing.T, e *env) (client tenant.Client, remade bool) {
	t.Helper()
	client, remade, err := EnsureBootstrap(t.Context(), e.db, acme, e.clock())
	if err != nil {
		t.Fatal(err)
	}
	return client, remade
}

// recorded are the descriptions of the command line's own records, oldest first.
func recorded(t *testing.T, e *env) []string {
	t.Helper()
	events, err := e.db.Tenant(acme).Logs().Query(t.Context(), tenant.LogQuery{Ascending: true, Where: tenant.LogAnd{
		tenant.LogIs("client_name", bootstrapName), tenant.LogIs("type", tenant.LogManagementWritten),
	}})
	if err != nil {
		t.Fatal(err)
	}
	descriptions := []string{}
	for _, event := range events {
		if event.ClientID == nil { // a request with the client's token has its id
			descriptions = append(descriptions, event.Description)
		}
		if strings.Contains(string(event.Details), "client_secret") && !strings.Contains(string(event.Details), redacted) {
			t.Errorf("a secret is in the log: %s", event.Details)
		}
	}
	return descriptions
}

func TestBootstrapOfARotatedClient(t *testing.T) {
	e := newEnv(t)
	before, _ := ensure(t, e)
	_, body := e.ask(acme, e.token(acme), "POST", "/clients/"+before.ClientID+"/rotate-secret", "")
	after, remade := ensure(t, e)
	if remade || after.ClientID != before.ClientID || after.ClientSecret.Reveal() != e.property(body, "client_secret") {
		t.Errorf("remade %v, %s -> %s", remade, before.ClientID, after.ClientID)
	}
}

func TestBootstrapOfADeletedClient(t *testing.T) {
	e := newEnv(t)
	before, _ := ensure(t, e)
	e.ask(acme, e.token(acme), "DELETE", "/clients/"+before.ClientID, "")
	after, remade := ensure(t, e)
	if !remade || after.ClientID == before.ClientID || after.ClientSecret == "" {
		t.Errorf("remade %v", remade)
	}
	if again, remade := ensure(t, e); remade || again.ClientID != after.ClientID {
		t.Error("made a second time")
	}
	if got := len(e.bootstrapGrant(acme).Scope); got != len(Scopes()) {
		t.Errorf("%d scopes", got)
	}
	if diff := cmp.Diff([]string{"Create a tenant", "Create a client", "Create client grant"}, recorded(t, e)); diff != "" {
		t.Error(diff)
	}
}

// What somebody took away from the client stays away, however often a command looks at it.
func TestBootstrapWidensNothing(t *testing.T) {
	e := newEnv(t)
	e.grant(acme, "read:logs")
	ensure(t, e)
	if got := e.bootstrapGrant(acme).Scope; !slices.Equal(got, []string{"read:logs"}) {
		t.Errorf("a narrowed grant has %d scopes again", len(got))
	}
	e.grant(acme, scopeValues(Scopes())...)
	e.ask(acme, e.token(acme), "DELETE", "/client-grants/"+e.bootstrapGrant(acme).ID, "")
	ensure(t, e)
	if n, err := e.db.Tenant(acme).ClientGrants().Count(t.Context(), store.Query{}); err != nil || n != 0 {
		t.Errorf("a deleted grant is there again: %d, %v", n, err)
	}
	if diff := cmp.Diff([]string{"Create a tenant"}, recorded(t, e)); diff != "" {
		t.Error(diff)
	}
}

// Most looks write nothing, and so wait for no writer.
func TestBootstrapIsMostlyRead(t *testing.T) {
	e := newEnv(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err := e.db.InTx(t.Context(), func(*store.Tx) error { // holds the one writer
		_, _, err := EnsureBootstrap(ctx, e.db, acme, e.clock())
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A newer binary offers the scopes that are new in it, once.
func TestBootstrapOffersNewScopes(t *testing.T) {
	e := newEnv(t)
	all := scopeValues(Scopes())
	known, news := len(all)-2, all[len(all)-2:]
	older := func() {
		e.grant(acme, "read:logs")
		err := e.db.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Tenants().Update(t.Context(), acme, func(old tenant.Tenant) (tenant.Tenant, error) {
				old.BootstrapScopes = known
				return old, nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	older()
	ensure(t, e)
	if diff := cmp.Diff(append([]string{"read:logs"}, news...), e.bootstrapGrant(acme).Scope); diff != "" {
		t.Error(diff)
	}
	e.grant(acme, "read:logs")
	ensure(t, e)
	if got := e.bootstrapGrant(acme).Scope; len(got) != 1 {
		t.Errorf("offered twice: %v", got)
	}
	if diff := cmp.Diff([]string{"Create a tenant", "Update client grant"}, recorded(t, e)); diff != "" {
		t.Error(diff)
	}
}

func TestBootstrapOfAnUnknownTenant(t *testing.T) {
	e := newEnv(t)
	if _, _, err := EnsureBootstrap(t.Context(), e.db, "nobody", e.clock()); !errors.Is(err, tenant.ErrNotFound) {
		t.Error(err)
	}
}
