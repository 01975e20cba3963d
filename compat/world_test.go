package compat

import (
	"encoding/json"
	"path/filepath"
)

const (
	// timesheets is the identifier of the world's main API.
	timesheets = "https://timesheets.example.com"
	// shortLived is the identifier of an API whose tokens are valid for a second.
	shortLived = "https://short-lived.example.com"
)

// signedAPI is an API that differs from the others in how its tokens are made. The job client holds read:things on each.
type signedAPI struct {
	Audience      string `json:"audience"`
	TokenDialect  string `json:"token_dialect"`
	SigningAlg    string `json:"signing_alg"`
	SigningSecret string `json:"signing_secret,omitzero"`
}

// world is what third-party clients find: a tenant with APIs and clients in it, and another that looks alike.
type world struct {
	tenant
	Other tenant // has the same APIs, and its own Job with the same grants
	CA    string

	Source, Copy tenant // as new: for tools that compare whole tenants

	Reader   credentials // holds read:clients of the Management API, nothing else
	Auditor  credentials // holds read:timesheets of the Timesheets API, nothing else
	Stranger credentials // holds no grant at all
	Signed   []signedAPI
}

func newWorld(s *writServer) (*world, error) {
	w := &world{
		CA: filepath.Join(s.data, "ca.pem"),
		Signed: []signedAPI{
			{TokenDialect: "access_token", SigningAlg: "RS256"},
			{TokenDialect: "access_token_authz", SigningAlg: "RS256"},
			{TokenDialect: "rfc9068_profile", SigningAlg: "RS256"},
			{TokenDialect: "rfc9068_profile_authz", SigningAlg: "RS256"},
			{TokenDialect: "access_token", SigningAlg: "PS256"},
			{TokenDialect: "access_token", SigningAlg: "ES256"},
			{TokenDialect: "access_token", SigningAlg: "EdDSA"},
			{TokenDialect: "rfc9068_profile", SigningAlg: "EdDSA"},
			{TokenDialect: "access_token", SigningAlg: "HS256", SigningSecret: "a secret that only this API and writ know"},
		},
	}
	for i := range w.Signed {
		w.Signed[i].Audience = "https://signed.example.com/" + w.Signed[i].TokenDialect + "/" + w.Signed[i].SigningAlg
	}
	for name, t := range map[string]*tenant{defaultTenant: &w.tenant, otherTenant: &w.Other} {
		var err error
		if *t, err = newTenant(s, name); err != nil {
			return nil, err
		}
		if err := t.populate(w.Signed); err != nil {
			return nil, err
		}
	}
	for name, t := range map[string]*tenant{sourceTenant: &w.Source, copyTenant: &w.Copy} {
		var err error
		if *t, err = newTenant(s, name); err != nil {
			return nil, err
		}
	}
	return w, w.addClients()
}

// populate makes the APIs and the job client with its grants.
func (t *tenant) populate(signed []signedAPI) (err error) {
	if t.Job, err = t.createClient("Timesheet Import Job"); err != nil {
		return err
	}
	var scopes []object
	for _, value := range []string{"read:timesheets", "create:timesheets", "delete:timesheets", "approve:timesheets", "batch:upload"} {
		scopes = append(scopes, object{"value": value})
	}
	if err := t.create("resource-servers", object{"identifier": timesheets, "name": "Timesheets API", "scopes": scopes}, nil); err != nil {
		return err
	}
	if err := t.grant(t.Job, timesheets, "batch:upload"); err != nil {
		return err
	}
	for _, api := range signed {
		properties := object{"token_dialect": api.TokenDialect, "signing_alg": api.SigningAlg, "enforce_policies": true}
		if api.SigningSecret != "" {
			properties["signing_secret"] = api.SigningSecret
		}
		if err := t.createThings(api.Audience, properties); err != nil {
			return err
		}
	}
	return t.createThings(shortLived, object{"token_lifetime": 1})
}

// createThings makes an API with the scope read:things and grants it to the job client.
func (t *tenant) createThings(audience string, properties object) error {
	properties["identifier"], properties["name"], properties["scopes"] = audience, audience, []object{{"value": "read:things"}}
	if err := t.create("resource-servers", properties, nil); err != nil {
		return err
	}
	return t.grant(t.Job, audience, "read:things")
}

// addClients makes the clients that only this tenant has.
func (w *world) addClients() error {
	for name, c := range map[string]*credentials{"Reader": &w.Reader, "Auditor": &w.Auditor, "Stranger": &w.Stranger} {
		var err error
		if *c, err = w.createClient(name); err != nil {
			return err
		}
	}
	if err := w.grant(w.Auditor, timesheets, "read:timesheets"); err != nil {
		return err
	}
	return w.grant(w.Reader, w.Audience, "read:clients")
}

// environ is how the world is handed to a client's process, which also has to find the local CA in its own way: what this
// process was told of it is left out.
func (w *world) environ() ([]string, error) {
	signed, err := json.Marshal(w.Signed)
	if err != nil {
		return nil, err
	}
	environ := append(environWithout("WRIT_", "AUTH0_", "SSL_CERT_", "NODE_", "PYTHON", "REQUESTS_", "CURL_"),
		"PYTHONDONTWRITEBYTECODE=1", // the checkout stays as it is
		"COMPAT_DOMAIN="+w.Domain,
		"COMPAT_ISSUER="+w.Issuer,
		"COMPAT_OTHER_DOMAIN="+w.Other.Domain,
		"COMPAT_CA="+w.CA,
		"COMPAT_API_AUDIENCE="+timesheets,
		"COMPAT_MANAGEMENT_AUDIENCE="+w.Audience,
		"COMPAT_SIGNED_APIS="+string(signed),
		"COMPAT_SHORT_LIVED_AUDIENCE="+shortLived,
	)
	for name, c := range map[string]credentials{
		"MANAGEMENT": w.Management, "READER": w.Reader, "AUDITOR": w.Auditor, "JOB": w.Job, "STRANGER": w.Stranger, "OTHER_JOB": w.Other.Job,
	} {
		environ = append(environ, "COMPAT_"+name+"_CLIENT_ID="+c.ID, "COMPAT_"+name+"_CLIENT_SECRET="+c.Secret)
	}
	return environ, nil
}
