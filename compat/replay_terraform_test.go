package compat

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	get, post, patch, del  = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	ok, created, noContent = http.StatusOK, http.StatusCreated, http.StatusNoContent

	// terraformClientCredentials is the query with which auth0_client_credentials reads its client.
	terraformClientCredentials = "?fields=client_id%2Cclient_secret%2Ctoken_endpoint_auth_method%2Cclient_authentication_methods&include_fields=true"
)

// What a configuration may leave out, and no server fills in (see readsBack).
const (
	clientNeverFilled = `description client_aliases app_type logo_uri callbacks allowed_logout_urls allowed_origins allowed_clients web_origins
		organization_usage organization_require_behavior encryption_key sso cross_origin_loc custom_login_page form_template
		client_metadata initiate_login_uri addons default_organization require_pushed_authorization_requests
		require_proof_of_possession compliance_level oidc_logout oidc_backchannel_logout token_exchange token_quota session_transfer
		mobile native_social_login skip_non_verifiable_callback_uri_confirmation_prompt par_request_expiry resource_server_identifier`
	resourceServerNeverFilled = `signing_secret verification_location consent_policy authorization_details token_encryption proof_of_possession
		enforce_policies token_dialect scopes allow_online_access authorization_policy`
	clientGrantNeverFilled    = `organization_usage allow_any_organization authorization_details_types allow_all_scopes default_for`
	tenantSettingsNeverFilled = `default_audience default_directory default_redirection_uri picture_url support_email support_url allowed_logout_urls
		session_cookie sessions acr_values_supported mtls error_page default_token_quota`
)

// auth0_client: create, read, apply again, destroy.
func TestTerraformClient(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	// What is taken out of a configuration is set to null, in a PATCH of its own before the update: go-auth0 leaves null out of its bodies.
	nulls := object{}
	for name := range strings.FieldsSeq(`default_organization session_transfer oidc_backchannel_logout cross_origin_loc encryption_key addons
		token_quota skip_non_verifiable_callback_uri_confirmation_prompt`) {
		nulls[name] = nil
	}
	for name, sent := range map[string]object{
		"minimal": {"name": "TF minimal"},
		"machine": {
			"name": "TF machine", "app_type": "non_interactive", "token_endpoint_auth_method": "client_secret_post", "oidc_conformant": true,
			"grant_types": []string{"client_credentials"}, "jwt_configuration": object{"alg": "RS256"}, "is_first_party": true,
		},
		"full": {
			"name": "TF full", "description": "All that there is", "app_type": "regular_web", "logo_uri": "https://example.com/logo.png",
			"is_first_party": true, "oidc_conformant": true, "is_token_endpoint_ip_header_trusted": true,
			"token_endpoint_auth_method": "client_secret_post", "client_aliases": []string{"https://example.com/audience"},
			"callbacks": []string{"https://example.com/callback"}, "allowed_logout_urls": []string{"https://example.com"},
			"allowed_origins": []string{"https://example.com"}, "allowed_clients": []string{"https://allowed.example.com"},
			"web_origins": []string{"https://example.com"}, "grant_types": []string{"authorization_code", "implicit", "client_credentials"},
			"organization_usage": "deny", "organization_require_behavior": "no_prompt", "sso": true, "sso_disabled": true,
			"cross_origin_authentication": true, "cross_origin_loc": "https://example.com/loc", "custom_login_page_on": true,
			"custom_login_page": "<html>x</html>", "form_template": "<html>{{form}}</html>", "initiate_login_uri": "https://example.com/login",
			"client_metadata": object{"foo": "zoo", "bar": "baz"}, "require_pushed_authorization_requests": false,
			"jwt_configuration": object{"lifetime_in_seconds": 300, "secret_encoded": true, "alg": "RS256", "scopes": object{"foo": "bar"}},
			"refresh_token": object{"rotation_type": "non-rotating", "expiration_type": "non-expiring", "leeway": 42, "token_lifetime": 424242,
				"infinite_token_lifetime": true, "infinite_idle_token_lifetime": false, "idle_token_lifetime": 3600},
			"native_social_login": object{"apple": object{"enabled": true}, "facebook": object{"enabled": false}},
			"mobile":              object{"ios": object{"team_id": "9JA89QQLNQ", "app_bundle_identifier": "com.my.bundle.id"}},
			"oidc_logout":         object{"backchannel_logout_urls": []string{"https://example.com/logout"}},
			"token_quota":         object{"client_credentials": object{"enforce": true, "per_day": 100, "per_hour": 20}},
			"addons":              object{"samlp": object{"audience": "https://example.com/saml", "map_identities": false}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			made := s.object(created, post, "clients", sent)
			id := made["client_id"].(string)
			read := s.object(ok, get, "clients/"+id, nil)
			readsBack(t, sent, read, clientNeverFilled)

			update := maps.Clone(sent) // an update sends the whole configuration, but not what only a creation may set
			if jwt, has := sent["jwt_configuration"].(object); has {
				update["jwt_configuration"] = without(jwt, "secret_encoded")
			}
			s.must(ok, patch, "clients/"+id, without(update, "client_metadata")) // sent only where it changes
			if diff := cmp.Diff(read, s.object(ok, get, "clients/"+id, nil)); diff != "" {
				t.Errorf("a second apply changes something:\n%s", diff)
			}
			s.must(ok, patch, "clients/"+id, nulls)
			readsBack(t, object{"name": sent["name"]}, s.object(ok, get, "clients/"+id, nil), strings.Join(keys(nulls), " ")+" oidc_logout")
			s.must(noContent, del, "clients/"+id, nil)
			s.refused(get, "clients/"+id, nil, "Not Found: The client does not exist")
		})
	}
}

// Older versions of the provider send an empty oidc_logout, and a body and a Content-Type with every request.
func TestTerraformOfOldClient(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	id := s.object(created, post, "clients", object{"name": "TF old", "app_type": "spa", "token_endpoint_auth_method": "none", "oidc_logout": object{}})["client_id"].(string)
	s.must(ok, patch, "clients/"+id, object{"name": "TF old", "app_type": "spa", "oidc_logout": object{}, "skip_non_verifiable_callback_uri_confirmation_prompt": true})
	s.must(ok, patch, "clients/"+id, object{"skip_non_verifiable_callback_uri_confirmation_prompt": nil})
	null := json.RawMessage("null")
	s.must(ok, get, "clients/"+id, null)
	s.must(ok, get, "clients?include_totals=true&per_page=50", null)
	s.must(noContent, del, "clients/"+id, null)
}

func without(o object, names ...string) object {
	rest := maps.Clone(o)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

// auth0_client_credentials with private_key_jwt: two keys are attached, read back, and taken away again.
func TestTerraformClientCredentials(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	id := s.object(created, post, "clients", object{"name": "TF keys", "app_type": "non_interactive", "token_endpoint_auth_method": "client_secret_post"})["client_id"].(string)
	s.must(ok, get, "clients/"+id+"?fields=client_id&include_fields=true", nil)

	var attached []object
	for _, sent := range []object{
		{"name": "first", "credential_type": "public_key", "pem": deployKey, "alg": "RS256"},
		{"name": "second", "credential_type": "public_key", "pem": otherKey, "alg": "RS384", "expires_at": "2050-05-13T09:33:13Z"},
	} {
		made := s.object(created, post, "clients/"+id+"/credentials", sent)
		readsBack(t, without(sent, "pem", "expires_at"), made, "pem")
		if sent["expires_at"] != nil && made["expires_at"] != "2050-05-13T09:33:13.000Z" {
			t.Errorf("expires_at %v", made["expires_at"])
		}
		attached = append(attached, object{"id": made["id"]})
	}
	methods := object{"private_key_jwt": object{"credentials": attached}}
	s.must(ok, patch, "clients/"+id, object{"client_authentication_methods": methods, "token_endpoint_auth_method": nil})
	read := s.object(ok, get, "clients/"+id+terraformClientCredentials, nil)
	readsBack(t, object{"client_id": id, "client_authentication_methods": methods}, read, "client_secret token_endpoint_auth_method")

	if list, bare := s.must(ok, get, "clients/"+id+"/credentials?include_totals=true&per_page=50", nil).([]any); !bare || len(list) != 2 {
		t.Errorf("credentials %v: want a bare array of two", list)
	}
	first := "clients/" + id + "/credentials/" + attached[0]["id"].(string)
	s.must(ok, get, first, nil)
	renewed := s.object(ok, patch, first, object{"expires_at": "2051-05-13T09:33:13Z"})
	if renewed["expires_at"] != "2051-05-13T09:33:13.000Z" {
		t.Errorf("expires_at %v", renewed["expires_at"])
	}

	if a := s.send(del, first, nil); a.Status < 400 || a.Status >= 500 {
		t.Errorf("a credential in use was deleted: %d %s", a.Status, a.Text)
	}
	s.must(ok, patch, "clients/"+id, object{"client_authentication_methods": nil, "token_endpoint_auth_method": "client_secret_post"})
	for _, c := range attached {
		s.must(noContent, del, "clients/"+id+"/credentials/"+c["id"].(string), nil)
	}
	read = s.object(ok, get, "clients/"+id+terraformClientCredentials, nil)
	readsBack(t, object{"client_id": id, "token_endpoint_auth_method": "client_secret_post"}, read, "client_authentication_methods")
	if secret, _ := read["client_secret"].(string); secret == "" {
		t.Error("the client has no secret again")
	}
	s.must(ok, patch, "clients/"+id, object{"client_secret": "LUFqPx+sRLjbL7peYRPFmFu-bbvE7u7og4YUNe_C345=683341"})
	s.must(noContent, del, "clients/"+id, nil)
}

// auth0_resource_server and auth0_resource_server_scopes.
func TestTerraformResourceServer(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	nulls := object{"consent_policy": nil, "authorization_details": nil, "token_encryption": nil, "proof_of_possession": nil, "authorization_policy": nil}
	for name, sent := range map[string]object{
		"minimal": {"identifier": "https://tf.example.com/minimal"},
		"full": {
			"identifier": "https://tf.example.com/full api", "name": "TF full", "token_lifetime": 7200, "token_lifetime_for_web": 3600, "signing_alg": "HS256",
			"signing_secret": "a secret of more than sixteen characters", "allow_offline_access": true, "enforce_policies": true,
			"skip_consent_for_verifiable_first_party_clients": true, "token_dialect": "access_token_authz",
			"subject_type_authorization": object{"user": object{"policy": "allow_all"}, "client": object{"policy": "require_client_grant"}},
		},
		"bound tokens": {
			"identifier": "https://tf.example.com/bound", "name": "TF bound", "proof_of_possession": object{"mechanism": "mtls", "required": true},
			"consent_policy": "transactional-authorization-with-mfa", "authorization_details": []object{{"type": "payment"}},
			"token_dialect": "rfc9068_profile", "signing_alg": "RS256",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			id := s.object(created, post, "resource-servers", sent)["id"].(string)
			s.must(ok, patch, "resource-servers/"+id, without(nulls, keys(sent)...))
			read := s.object(ok, get, "resource-servers/"+id, nil)
			readsBack(t, sent, read, resourceServerNeverFilled)

			if update := without(sent, "identifier", "proof_of_possession", "consent_policy", "authorization_details"); len(update) > 0 {
				s.must(ok, patch, "resource-servers/"+id, update)
			}
			if diff := cmp.Diff(read, s.object(ok, get, "resource-servers/"+id, nil)); diff != "" {
				t.Errorf("a second apply changes something:\n%s", diff)
			}
			scopes := object{"scopes": []object{{"value": "create:foo", "description": "Create foos"}, {"value": "read:foo", "description": ""}}}
			s.must(ok, patch, "resource-servers/"+id, scopes)
			identifier := sent["identifier"].(string)
			for _, by := range []string{id, pathEscape(identifier), pathEscape(url.PathEscape(identifier)), pathEscape(pathEscape(identifier))} {
				readsBack(t, scopes, s.object(ok, get, "resource-servers/"+by, nil), "")
			}
			s.must(ok, patch, "resource-servers/"+id, object{"scopes": []object{}})
			s.must(noContent, del, "resource-servers/"+id, nil)
			s.must(noContent, del, "resource-servers/"+id, nil)
			s.refused(get, "resource-servers/"+id, nil, "Not Found: The resource server does not exist")
		})
	}
	s.t = t
	s.must(ok, get, "resource-servers/"+pathEscape(thisWorld.Audience), nil)
}

func keys(o object) []string {
	var names []string
	for name := range o {
		names = append(names, name)
	}
	return names
}

// auth0_client_grant: the provider looks first whether the grant is there.
func TestTerraformClientGrant(t *testing.T) {
	s := newGoSDK(t, &thisWorld.tenant)
	audience := "https://tf.example.com/granted"
	s.must(created, post, "resource-servers", object{"identifier": audience, "scopes": []object{{"value": "create:foo"}, {"value": "read:foo"}}})
	client := s.object(created, post, "clients", object{"name": "TF granted", "grant_types": []string{"client_credentials"}})["client_id"].(string)
	list := "client-grants?" + url.Values{"audience": {audience}, "client_id": {client}, "include_totals": {"true"}, "per_page": {"50"}}.Encode()

	if found := items(t, s.must(ok, get, list, nil), "client_grants"); len(found) != 0 {
		t.Fatalf("already there: %v", found)
	}
	sent := object{"client_id": client, "audience": audience, "scope": []string{}}
	id := s.object(created, post, "client-grants", sent)["id"].(string)
	readsBack(t, sent, s.object(ok, get, "client-grants/"+id, nil), clientGrantNeverFilled)
	for _, scope := range [][]string{{"create:foo"}, {"read:foo", "create:foo"}, {}} {
		s.must(ok, patch, "client-grants/"+id, object{"scope": scope})
		readsBack(t, object{"client_id": client, "audience": audience, "scope": scope}, s.object(ok, get, "client-grants/"+id, nil), clientGrantNeverFilled)
	}
	if found := items(t, s.must(ok, get, list, nil), "client_grants"); len(found) != 1 {
		t.Errorf("%d grants, want the one", len(found))
	}
	s.must(noContent, del, "client-grants/"+id, nil)
	s.must(noContent, del, "client-grants/"+id, nil)
	s.must(noContent, del, "clients/"+client, nil)
	s.must(noContent, del, "resource-servers/"+pathEscape(audience), nil)
}

// auth0_tenant: one object, which an apply changes and a destroy leaves.
func TestTerraformTenant(t *testing.T) {
	s := newGoSDK(t, &thisWorld.Other)
	sent := object{
		"friendly_name": "TF tenant", "picture_url": "https://example.com/logo.png", "support_email": "support@example.com", "support_url": "https://example.com/support",
		"allowed_logout_urls": []string{"https://example.com/logout"}, "session_lifetime": 720, "idle_session_lifetime": 72.5, "ephemeral_session_lifetime": 24,
		"idle_ephemeral_session_lifetime": 12, "sandbox_version": "22", "enabled_locales": []string{"en", "de", "fr"},
		"default_redirection_uri": "https://example.com/login", "session_cookie": object{"mode": "non-persistent"},
		"sessions": object{"oidc_logout_prompt_enabled": false}, "oidc_logout": object{"rp_logout_end_session_endpoint_discovery": true},
		"allow_organization_name_in_authentication_api": false, "customize_mfa_in_postlogin_action": false,
		"pushed_authorization_requests_supported": true, "acr_values_supported": []string{"foo", "bar"}, "mtls": object{"enable_endpoint_aliases": true},
		"flags": object{"disable_clickjack_protection_headers": true, "enable_public_signup_user_exists_error": true, "use_scope_descriptions_for_consent": true,
			"no_disclose_enterprise_connections": false, "disable_management_api_sms_obfuscation": true, "enable_sso": true, "mfa_show_factor_list_on_enrollment": false},
		"default_token_quota": object{"clients": object{"client_credentials": object{"enforce": false, "per_hour": 1000, "per_day": 20000}}},
		"error_page":          object{"html": "<html></html>", "show_log_link": false, "url": "https://example.com/error"},
	}
	s.must(ok, patch, "tenants/settings", sent)
	read := s.object(ok, get, "tenants/settings", nil)
	readsBack(t, sent, read, tenantSettingsNeverFilled)
	s.must(ok, patch, "tenants/settings", sent)
	if diff := cmp.Diff(read, s.object(ok, get, "tenants/settings", nil)); diff != "" {
		t.Errorf("a second apply changes something:\n%s", diff)
	}

	nulls := object{"default_token_quota": nil, "acr_values_supported": nil, "mtls": nil, "error_page": nil,
		"skip_non_verifiable_callback_uri_confirmation_prompt": nil, "default_redirection_uri": ""}
	s.must(ok, patch, "tenants/settings", nulls)
	readsBack(t, object{"friendly_name": "TF tenant"}, s.object(ok, get, "tenants/settings", nil), "default_token_quota acr_values_supported mtls error_page default_redirection_uri")
}

// otherKey is a public key whose other half nobody has.
const otherKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnWhegSZf2H64CPazXIWT
lAFTJdeJMEJZ5xCIaJOpSSsbvuc7smKmnac8VchKDsW3fwcCVFVtYzDC+vfQgopy
UkFkJB/uxyGYgE2Kgk61ZcJSBKXx/52b0swHmGNHP4f/fDQIS1ybHpEDDOaRuz1R
/uiSm/dxhClYq8wtKo1E86WSOKRoWJCAgK77FUsA9P2rsjo1j3b57PIGn9RQn2FZ
HwPwybidQvJhLUQ9VcQQSvhLw8bcNi4AiyOWJgiLSdrh3QoGnbKQyT9TyWJoslnV
gt3bRzSoLk+AAETShwQ+p/Hhh+/SGAnIBoMjDi25NGQY23TfHJVs6JmbzP3IqMAp
lQIDAQAB
-----END PUBLIC KEY-----
`
