package mgmt

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/writ-auth/writ/internal/tenant"
)

// An organization has so few client grants that the filters which are made of them stay short.
func TestOrganizationGrantsAreBounded(t *testing.T) {
	e := newEnv(t)
	token := e.token(acme)
	create := func(path, body, id string) string {
		t.Helper()
		status, text := e.ask(acme, token, "POST", path, body)
		if status != http.StatusCreated {
			t.Fatalf("POST %s: %d %s", path, status, text)
		}
		return e.property(text, id)
	}
	organization := create("/organizations", `{"name":"busy"}`, "id")
	client := create("/clients", `{"name":"job"}`, "client_id")
	grant := func(i int) string {
		api := fmt.Sprint("urn:api:", i)
		create("/resource-servers", fmt.Sprintf(`{"identifier":%q}`, api), "id")
		return create("/client-grants", fmt.Sprintf(`{"client_id":%q,"audience":%q,"scope":[]}`, client, api), "id")
	}
	first := grant(0)
	add := func(id string) (int, string) {
		return e.ask(acme, token, "POST", "/organizations/"+organization+"/client-grants", fmt.Sprintf(`{"grant_id":%q}`, id))
	}
	add(first)
	for i := 1; i < tenant.MaxOrganizationGrants; i++ {
		if status, text := add(grant(i)); status != http.StatusCreated {
			t.Fatalf("grant %d: %d %s", i, status, text)
		}
	}
	last := grant(tenant.MaxOrganizationGrants)
	if status, text := add(last); status != http.StatusConflict || !strings.Contains(text, "a maximum of 100 client grants") {
		t.Errorf("one too many: %d %s", status, text)
	}
	if status, text := add(first); status != http.StatusConflict || !strings.Contains(text, "already been added") {
		t.Errorf("one that is there: %d %s", status, text)
	}
	if status, text := e.ask(acme, token, "DELETE", "/organizations/"+organization+"/client-grants/"+first, ""); status != http.StatusNoContent {
		t.Errorf("%d %s", status, text)
	}
	if status, text := add(last); status != http.StatusCreated {
		t.Errorf("in its place: %d %s", status, text)
	}
}
