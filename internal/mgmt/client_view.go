package mgmt

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/writ-auth/writ/internal/rest"
	"github.com/writ-auth/writ/internal/signing"
	"github.com/writ-auth/writ/internal/tenant"
)

// clientSight is what one caller may see of clients, and asked to see.
type clientSight struct {
	// hidden are the properties that the token's scopes do not cover; summary says that only summaryFields are covered.
	hidden  []string
	summary bool
	fields  rest.Fields
	// signingKeys is the tenant's legacy certificate, which every client shows.
	signingKeys json.RawMessage
}

// legacyKey is one entry of signing_keys. Auth0 sends a private key on creation; writ never does, and has none to send.
type legacyKey struct {
	Cert    string `json:"cert"`
	PKCS7   string `json:"pkcs7"`
	Subject string `json:"subject"`
}

func secretClientFields() []string {
	return []string{"client_secret", "encryption_key", "signing_keys", "client_authentication_methods"}
}

func summaryFields() []string { return []string{"client_id", "app_type", "name", "description"} }

// clientSight works out what the caller may see. Errors: fields that do not exist (400), or that the scopes do not cover (403).
func (a *API) clientSight(ctx context.Context, caller rest.Caller, fields rest.Fields) (clientSight, error) {
	see := clientSight{fields: fields}
	if err := fields.Check(clientFields()); err != nil {
		return see, err
	}
	who := caller.Principal
	see.summary = !who.HasAny("read:clients", "read:client_keys", "read:client_credentials")
	if !who.HasAny("read:client_keys", "read:client_credentials") {
		see.hidden = secretClientFields()
		if who.User.ID != "" { // Auth0 shows programs what add-ons hold, secrets too; people who may read none see none
			see.hidden = append(see.hidden, "addons")
		}
	}
	var forbidden []string
	for _, name := range fields.Names {
		out := slices.Contains(see.hidden, name) || see.summary && !slices.Contains(summaryFields(), name)
		if out && fields.Including(name) {
			forbidden = append(forbidden, name)
		}
	}
	if len(forbidden) > 0 {
		return see, rest.ForbiddenFields(forbidden)
	}
	if len(see.hidden) > 0 {
		return see, nil
	}
	var err error
	see.signingKeys, err = a.legacyKeys(ctx, caller.Call.Tenant, "deprecated")
	return see, err
}

// creatorsSight is of a client that was just made: everything, and the subject of signing_keys as it is recorded there and nowhere else.
func (a *API) creatorsSight(ctx context.Context, caller rest.Caller) (clientSight, error) {
	keys, err := a.legacyKeys(ctx, caller.Call.Tenant, "/CN="+caller.Call.Canonical)
	return clientSight{signingKeys: keys}, err
}

// withReading is caller with read:clients: who may change a client may see it, without its secrets.
func withReading(caller rest.Caller) rest.Caller {
	caller.Principal.Scopes = append(slices.Clone(caller.Principal.Scopes), "read:clients")
	return caller
}

// legacyKeys is the JSON of signing_keys, made once for all clients of an answer.
func (a *API) legacyKeys(ctx context.Context, tenantName, subject string) (json.RawMessage, error) {
	t, err := a.store.Snapshots().Tenant(ctx, tenantName)
	if err != nil {
		return nil, err
	}
	certificate, err := signing.ParseCertificatePEM(t.Certificate)
	if err != nil {
		return nil, err
	}
	pkcs7, err := certificate.PKCS7()
	if err != nil {
		return nil, err
	}
	return json.Marshal([]legacyKey{{Cert: t.Certificate, PKCS7: pkcs7, Subject: subject}})
}

// view is the client's wire form.
func (see clientSight) view(client tenant.Client) (rest.Object, error) {
	o, err := rest.NewObject(client)
	if err != nil {
		return o, err
	}
	if err := o.InsertAfter("cross_origin_auth", "signing_keys", see.signingKeys); err != nil {
		return o, err
	}
	if client.Global {
		o.Remove(absentOnGlobalClient()...)
		if err := o.InsertAfter("refresh_token", "owners", []string{}); err != nil {
			return o, err
		}
	}
	if client.ClientAuthenticationMethods != nil {
		o.Remove("client_secret")
	}
	o.Remove(see.hidden...)
	if see.summary {
		o.Keep(summaryFields()...)
	}
	see.fields.Select(&o)
	return o, nil
}

// absentOnGlobalClient are properties that every client has but the recorded global one.
func absentOnGlobalClient() []string {
	return []string{"is_token_endpoint_ip_header_trusted", "oidc_conformant", "sso_disabled", "cross_origin_auth", "callback_url_template"}
}

// clientFields are the names that fields may hold: what writ answers, and what Auth0 knows beyond it.
func clientFields() []string {
	return append(propertyNames[tenant.Client](), "signing_keys", "owners", "encrypted", "external_client_id", "external_metadata_type", "external_metadata_created_by", "jwks_uri",
		"api_type", "resource_servers", "custom_login_page_codeview")
}
