package compat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
)

// timesheets is the identifier of the world's main API.
const timesheets = "https://timesheets.example.com"

// credentials are a client's.
type credentials struct {
	ID     string `json:"client_id"`
	Secret string `json:"client_secret"`
}

// signedAPI is an API that differs from the others in how its tokens are made. The job client holds read:things on each.
type signedAPI struct {
	Audience      string `json:"audience"`
	TokenDialect  string `json:"token_dialect"`
	SigningAlg    string `json:"signing_alg"`
	SigningSecret string `json:"signing_secret,omitzero"`
}

// world is what third-party clients find: a tenant with APIs and clients in it.
type world struct {
	Domain   string
	Issuer   string
	CA       string
	Audience string // the Management API's

	Management credentials // holds all scopes of the Management API
	Reader     credentials // holds read:clients of the Management API, nothing else
	Job        credentials // holds batch:upload of the Timesheets API
	Stranger   credentials // holds no grant at all
	Signed     []signedAPI

	token string // Management's
}

// newWorld reads the tenant's coordinates from the command line and makes the rest through the Management API.
func newWorld(s *writServer) (*world, error) {
	cmd := exec.Command(s.binary, "tenant", "create", "dev", "--if-not-exists", "--json", "--data", s.data)
	cmd.Env = environWithout("WRIT_", "AUTH0_")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("writ tenant create: %w\n%s", err, out)
	}
	var tenant struct {
		Domain   string `json:"domain"`
		Issuer   string `json:"issuer"`
		Audience string `json:"audience"`
		credentials
	}
	if err := json.Unmarshal(out, &tenant); err != nil {
		return nil, fmt.Errorf("writ tenant create: %w: %s", err, out)
	}
	w := &world{
		Domain: tenant.Domain, Issuer: tenant.Issuer, Audience: tenant.Audience, Management: tenant.credentials,
		CA: filepath.Join(s.data, "ca.pem"),
		Signed: []signedAPI{
			{TokenDialect: "access_token", SigningAlg: "RS256"},
			{TokenDialect: "access_token_authz", SigningAlg: "RS256"},
			{TokenDialect: "rfc9068_profile", SigningAlg: "RS256"},
			{TokenDialect: "rfc9068_profile_authz", SigningAlg: "RS256"},
			{TokenDialect: "access_token", SigningAlg: "PS256"},
			{TokenDialect: "access_token", SigningAlg: "ES256"},
			{TokenDialect: "access_token", SigningAlg: "HS256", SigningSecret: "a secret that only this API and writ know"},
		},
	}
	return w, w.populate()
}

type object map[string]any

// populate makes the APIs, the clients and their grants.
func (w *world) populate() error {
	if err := w.logIn(); err != nil {
		return err
	}
	for name, c := range map[string]*credentials{"Timesheet Import Job": &w.Job, "Stranger": &w.Stranger, "Reader": &w.Reader} {
		client := object{"name": name, "app_type": "non_interactive", "grant_types": []string{"client_credentials"}}
		if err := w.create("clients", client, c); err != nil {
			return err
		}
	}
	var scopes []object
	for _, value := range []string{"read:timesheets", "create:timesheets", "delete:timesheets", "approve:timesheets", "batch:upload"} {
		scopes = append(scopes, object{"value": value})
	}
	if err := w.create("resource-servers", object{"identifier": timesheets, "name": "Timesheets API", "scopes": scopes}, nil); err != nil {
		return err
	}
	if err := w.grant(w.Job, timesheets, "batch:upload"); err != nil {
		return err
	}
	if err := w.grant(w.Reader, w.Audience, "read:clients"); err != nil {
		return err
	}
	for i := range w.Signed {
		if err := w.createSigned(&w.Signed[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) createSigned(api *signedAPI) error {
	api.Audience = "https://signed.example.com/" + api.TokenDialect + "/" + api.SigningAlg
	body := object{
		"identifier": api.Audience, "name": api.TokenDialect + " " + api.SigningAlg, "scopes": []object{{"value": "read:things"}},
		"token_dialect": api.TokenDialect, "signing_alg": api.SigningAlg, "enforce_policies": true,
	}
	if api.SigningSecret != "" {
		body["signing_secret"] = api.SigningSecret
	}
	if err := w.create("resource-servers", body, nil); err != nil {
		return err
	}
	return w.grant(w.Job, api.Audience, "read:things")
}

func (w *world) grant(c credentials, audience string, scope ...string) error {
	return w.create("client-grants", object{"client_id": c.ID, "audience": audience, "scope": scope}, nil)
}

// logIn gets the token that create uses.
func (w *world) logIn() error {
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err := w.post("/oauth/token", http.StatusOK, object{
		"grant_type": "client_credentials", "client_id": w.Management.ID, "client_secret": w.Management.Secret, "audience": w.Audience,
	}, &answer)
	w.token = answer.AccessToken
	return err
}

// create makes one resource through the Management API and reads the answer into out, unless that is nil.
func (w *world) create(resource string, body object, out any) error {
	return w.post("/api/v2/"+resource, http.StatusCreated, body, out)
}

func (w *world) post(path string, wantStatus int, body object, out any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, "https://"+w.Domain+path, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if w.token != "" {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != wantStatus {
		return fmt.Errorf("POST %s: %s: %s", path, resp.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// environ is how the world is handed to a client's process, which also has to find the local CA in its own way: what this
// process was told of it is left out.
func (w *world) environ() ([]string, error) {
	signed, err := json.Marshal(w.Signed)
	if err != nil {
		return nil, err
	}
	return append(environWithout("WRIT_", "AUTH0_", "SSL_CERT_", "NODE_"),
		"COMPAT_DOMAIN="+w.Domain,
		"COMPAT_ISSUER="+w.Issuer,
		"COMPAT_CA="+w.CA,
		"COMPAT_API_AUDIENCE="+timesheets,
		"COMPAT_MANAGEMENT_AUDIENCE="+w.Audience,
		"COMPAT_MANAGEMENT_CLIENT_ID="+w.Management.ID,
		"COMPAT_MANAGEMENT_CLIENT_SECRET="+w.Management.Secret,
		"COMPAT_READER_CLIENT_ID="+w.Reader.ID,
		"COMPAT_READER_CLIENT_SECRET="+w.Reader.Secret,
		"COMPAT_JOB_CLIENT_ID="+w.Job.ID,
		"COMPAT_JOB_CLIENT_SECRET="+w.Job.Secret,
		"COMPAT_STRANGER_CLIENT_ID="+w.Stranger.ID,
		"COMPAT_STRANGER_CLIENT_SECRET="+w.Stranger.Secret,
		"COMPAT_SIGNED_APIS="+string(signed),
	), nil
}
