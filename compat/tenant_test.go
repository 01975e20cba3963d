package compat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
)

// credentials are a client's.
type credentials struct {
	ID     string `json:"client_id"`
	Secret string `json:"client_secret"`
}

// tenant is a tenant's coordinates, and its Management API as a client with all scopes calls it.
type tenant struct {
	Domain     string
	Issuer     string
	Audience   string      // the Management API's
	Management credentials // holds all scopes of the Management API
	Job        credentials // holds batch:upload of the Timesheets API, read:things of each signedAPI, read:things of the short-lived API
}

// newTenant creates the tenant, unless it is there.
func newTenant(s *writServer, name string) (tenant, error) {
	cmd := exec.Command(s.binary, "tenant", "create", name, "--if-not-exists", "--json", "--data", s.data)
	cmd.Env = environWithout("WRIT_", "AUTH0_")
	out, err := cmd.Output()
	if err != nil {
		return tenant{}, fmt.Errorf("writ tenant create: %w\n%s", err, out)
	}
	var created struct {
		Domain   string `json:"domain"`
		Issuer   string `json:"issuer"`
		Audience string `json:"audience"`
		credentials
	}
	if err := json.Unmarshal(out, &created); err != nil {
		return tenant{}, fmt.Errorf("writ tenant create: %w: %s", err, out)
	}
	return tenant{Domain: created.Domain, Issuer: created.Issuer, Audience: created.Audience, Management: created.credentials}, nil
}

type object map[string]any

// requestToken asks for a token with all that is granted to the client.
func (t *tenant) requestToken(ctx context.Context, c credentials, audience string) (string, error) {
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err := t.call(ctx, "", http.MethodPost, "/oauth/token", http.StatusOK, object{
		"grant_type": "client_credentials", "client_id": c.ID, "client_secret": c.Secret, "audience": audience,
	}, &answer)
	return answer.AccessToken, err
}

// create makes one resource through the Management API and reads the answer into out, unless that is nil.
func (t *tenant) create(resource string, body object, out any) error {
	return t.manage(context.Background(), http.MethodPost, "/api/v2/"+resource, http.StatusCreated, body, out)
}

// createClient makes a machine-to-machine client.
func (t *tenant) createClient(name string) (c credentials, err error) {
	err = t.create("clients", object{"name": name, "app_type": "non_interactive", "grant_types": []string{"client_credentials"}}, &c)
	return c, err
}

func (t *tenant) grant(c credentials, audience string, scope ...string) error {
	return t.create("client-grants", object{"client_id": c.ID, "audience": audience, "scope": scope}, nil)
}

// manage calls the Management API, each time with a new token: clients of the world rotate and revoke keys.
func (t *tenant) manage(ctx context.Context, method, path string, wantStatus int, body object, out any) error {
	token, err := t.requestToken(ctx, t.Management, t.Audience)
	if err != nil {
		return err
	}
	return t.call(ctx, token, method, path, wantStatus, body, out)
}

// call sends body as JSON, unless it is nil, and reads the answer into out, unless that is nil.
func (t *tenant) call(ctx context.Context, token, method, path string, wantStatus int, body object, out any) error {
	var encoded io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		encoded = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "https://"+t.Domain+path, encoded)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
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
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
