package compat

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// configureOrganizations makes two organizations, one with all that an export carries: a client grant, too.
func (t *tenant) configureOrganizations(job credentials, audience string) error {
	var grant, organization struct {
		ID string `json:"id"`
	}
	err := t.create("client-grants", object{
		"client_id": job.ID, "audience": audience, "scope": []string{"read:bills", "write:bills"}, "organization_usage": "allow",
	}, &grant)
	if err != nil {
		return err
	}
	if err := t.create("organizations", object{"name": "plain"}, nil); err != nil {
		return err
	}
	if err := t.create("organizations", object{
		"name": "initech", "display_name": "Initech", "metadata": object{"plan": "gold"}, "third_party_client_access": "allow",
		"token_quota": object{"client_credentials": object{"enforce": false, "per_day": 1000, "per_hour": 100}},
		"branding":    object{"logo_url": "https://initech.example.com/logo.png", "colors": object{"primary": "#ff0000", "page_background": "#FFF"}},
	}, &organization); err != nil {
		return err
	}
	return t.create("organizations/"+organization.ID+"/client-grants", object{"grant_id": grant.ID}, nil)
}

// testDeployedOrganizations looks at what configureOrganizations made in the tenant that it was carried to.
func testDeployedOrganizations(t *testing.T) {
	s := newGoSDK(t, &thisWorld.Copy)
	id := s.object(ok, get, "organizations/name/initech", nil)["id"].(string)
	grants := s.object(ok, get, "organizations/"+id+"/client-grants?include_totals=true", nil)
	if grants["total"] != 1.0 {
		t.Errorf("the client grants are %v", grants)
	}
	s.must(ok, get, "organizations/name/plain", nil)
}

// auth0_organization and auth0_organization_client_grant: create, read, apply again, take things out, destroy.
func TestTerraformOrganization(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	sent := object{
		"name": "tf-organization", "display_name": "TF organization", "metadata": object{"one": "1", "two": "2"},
		"token_quota": object{"client_credentials": object{"enforce": true, "per_day": 2000, "per_hour": 100}},
		"branding":    object{"logo_url": "https://example.com/logo.svg", "colors": object{"primary": "#e3e2f0", "page_background": "#e3e2ff"}},
	}
	id := s.object(created, post, "organizations", sent)["id"].(string)
	read := s.object(ok, get, "organizations/"+id, nil)
	readsBack(t, sent, read, "")
	if diff := cmp.Diff(read, s.object(ok, get, "organizations/name/tf-organization", nil)); diff != "" {
		t.Errorf("by name it is another:\n%s", diff)
	}
	s.must(ok, patch, "organizations/"+id, without(sent, "metadata"))
	if diff := cmp.Diff(read, s.object(ok, get, "organizations/"+id, nil)); diff != "" {
		t.Errorf("a second apply changes something:\n%s", diff)
	}
	s.must(ok, patch, "organizations/"+id, object{"token_quota": nil})
	s.must(ok, patch, "organizations/"+id, object{"metadata": object{"two": "2"}})
	readsBack(t, object{"name": "tf-organization", "metadata": object{"two": "2"}}, s.object(ok, get, "organizations/"+id, nil), "token_quota")

	job := s.object(created, post, "clients", object{"name": "TF organization's job", "app_type": "non_interactive"})["client_id"].(string)
	s.must(created, post, "resource-servers", object{"identifier": "https://tf-organization.example.com"})
	grant := s.object(created, post, "client-grants", object{
		"client_id": job, "audience": "https://tf-organization.example.com", "scope": []string{}, "allow_any_organization": true, "organization_usage": "allow",
	})["id"].(string)
	added := s.object(created, post, "organizations/"+id+"/client-grants", object{"grant_id": grant})
	if added["grant_id"] != grant {
		t.Errorf("associated %v", added)
	}
	s.must(ok, get, "organizations/"+id+"/client-grants?include_totals=true&per_page=50", nil)
	s.must(ok, get, "client-grants/"+grant+"/organizations?include_totals=true&take=50", nil)
	for _, list := range []string{"members", "enabled_connections"} { // which the data source reads, too
		s.must(ok, get, "organizations/"+id+"/"+list+"?include_totals=true&per_page=50", nil)
	}
	s.must(noContent, del, "organizations/"+id+"/client-grants/"+grant, nil)
	s.must(noContent, del, "organizations/"+id, nil)
	s.refused(get, "organizations/"+id, nil, "Not Found: No organization found by that id or name")
	s.must(noContent, del, "clients/"+job, nil)
}
