package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// process is a writ under measurement.
type process struct {
	dir    string
	cmd    *exec.Cmd
	client *http.Client
	tenant struct {
		Domain       string `json:"domain"`
		Audience     string `json:"audience"`
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	bearer string
}

// target is one client of one API, as the body that asks for its token.
type target struct{ url, form string }

func startServer(ctx context.Context, binary string) (*process, error) {
	dir, err := os.MkdirTemp("", "writ-bench-")
	if err != nil {
		return nil, err
	}
	https, plain, err := twoAddresses()
	if err != nil {
		return nil, err
	}
	p := &process{dir: dir}
	p.cmd = exec.CommandContext(ctx, binary, "serve", "--data", dir, "--https", https, "--http", plain, "--log-level", "warn")
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := waitReady(ctx, "http://"+plain+"/readyz"); err != nil {
		p.stop()
		return nil, err
	}
	if err := p.login(ctx, binary); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func twoAddresses() (string, string, error) {
	var found [2]string
	for i := range found {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer l.Close()
		found[i] = l.Addr().String()
	}
	return found[0], found[1], nil
}

func waitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("writ did not become ready: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// login reads the Management API client of the default tenant and gets its token.
func (p *process) login(ctx context.Context, binary string) error {
	out, err := exec.CommandContext(ctx, binary, "tenant", "show", "dev", "--json", "--data", p.dir).Output()
	if err != nil {
		return fmt.Errorf("writ tenant show: %w", err)
	}
	if err := json.Unmarshal(out, &p.tenant); err != nil {
		return err
	}
	ca, err := os.ReadFile(filepath.Join(p.dir, "ca.pem"))
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	p.client = &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 1024, // HTTP/1.1: one request at a time per connection
	}}
	form := p.form(p.tenant.ClientID, p.tenant.ClientSecret, p.tenant.Audience)
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err = p.post(ctx, "/oauth/token", "application/x-www-form-urlencoded", strings.NewReader(form), &answer)
	p.bearer = answer.AccessToken
	return err
}

func (p *process) form(id, secret, audience string) string {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "audience": {audience}}.Encode()
}

// prepare makes an API that signs with alg and a client that may upload.
func (p *process) prepare(ctx context.Context, alg string) (target, error) {
	audience := "https://bench.example.com/" + strings.ToLower(alg)
	type object map[string]any
	var client struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	for _, step := range []struct {
		path string
		body func() object
		out  any
	}{
		{"resource-servers", func() object {
			return object{"identifier": audience, "signing_alg": alg, "scopes": []object{{"value": "batch:upload"}}}
		}, nil},
		{"clients", func() object { return object{"name": "bench " + alg} }, &client},
		{"client-grants", func() object {
			return object{"client_id": client.ClientID, "audience": audience, "scope": []string{"batch:upload"}}
		}, nil},
	} {
		body, err := json.Marshal(step.body())
		if err != nil {
			return target{}, err
		}
		if err := p.post(ctx, "/api/v2/"+step.path, "application/json", bytes.NewReader(body), step.out); err != nil {
			return target{}, err
		}
	}
	return target{"https://" + p.tenant.Domain + "/oauth/token", p.form(client.ClientID, client.ClientSecret, audience)}, nil
}

func (p *process) post(ctx context.Context, path, contentType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+p.tenant.Domain+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	if p.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("POST %s: %s %s", path, res.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// stop ends the process and removes its directory.
func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
	os.RemoveAll(p.dir)
}
