package mgmt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/store"
	"github.com/writ-auth/writ/internal/tenant"
)

// The token path reads all policies of a tenant together.
func TestRateLimitPoliciesAreBounded(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	create := func(selector string) (int, string) {
		return e.ask(acme, token, "POST", "/rate-limit-policies", fmt.Sprintf(
			`{"resource":"oauth_authentication_api","consumer":"client","consumer_selector":%q,"configuration":{"action":"allow"}}`, selector))
	}
	status, first := create("default")
	if status != http.StatusCreated {
		t.Fatal(status, first)
	}
	err := e.db.InTx(t.Context(), func(tx *store.Tx) error {
		for i := 1; i < tenant.MaxRateLimitPolicies; i++ {
			err := tx.Tenant(acme).RateLimitPolicies().Insert(t.Context(), tenant.RateLimitPolicy{
				ID: tenant.NewRateLimitPolicyID(), ConsumerSelector: fmt.Sprint(tenant.SelectClient, i),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if status, text := create("client_id:x"); status != http.StatusConflict || !strings.Contains(text, "a maximum of 1000 rate limit policies") {
		t.Errorf("one too many: %d %s", status, text)
	}
	if status, text := e.ask(acme, token, "DELETE", "/rate-limit-policies/"+e.property(first, "id"), ""); status != http.StatusNoContent {
		t.Errorf("%d %s", status, text)
	}
	if status, text := create("client_id:x"); status != http.StatusCreated {
		t.Errorf("in its place: %d %s", status, text)
	}
}
