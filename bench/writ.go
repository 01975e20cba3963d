package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// writ is a writ under measurement and the Management API client of its default tenant.
type writ struct {
	*process
	dir          string
	https, plain string
	roots        *x509.CertPool
	http         *http.Client
	tenant       tenantInfo
	bearer       string
}

type tenantInfo struct {
	Domain       string `json:"domain"`
	Audience     string `json:"audience"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

type clientInfo struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

// startWrit serves a data directory (an empty one is filled) with more flags than the usual.
func startWrit(ctx context.Context, binary, dir string, flags ...string) (*writ, error) {
	https, err := freeAddress()
	if err != nil {
		return nil, err
	}
	plain, err := freeAddress()
	if err != nil {
		return nil, err
	}
	w := &writ{dir: dir, https: https, plain: plain}
	args := append([]string{"serve", "--data", dir, "--https", https, "--http", plain, "--log-level", "warn"}, flags...)
	if w.process, err = startProcess(ctx, "http://"+plain+"/readyz", binary, args...); err != nil {
		return nil, err
	}
	w.metrics = "http://" + plain + "/metrics"
	if err := w.login(ctx, binary, flags); err != nil {
		w.stop()
		return nil, err
	}
	return w, nil
}

// login reads the Management API client of the default tenant and gets its token.
func (w *writ) login(ctx context.Context, binary string, flags []string) error {
	args := []string{"tenant", "show", "dev", "--json", "--data", w.dir}
	for i, flag := range flags {
		if flag == "--database" {
			args = append(args, flag, flags[i+1])
		}
	}
	out, err := exec.CommandContext(ctx, binary, args...).Output()
	if err != nil {
		return fmt.Errorf("writ tenant show: %w", err)
	}
	if err := json.Unmarshal(out, &w.tenant); err != nil {
		return err
	}
	ca, err := os.ReadFile(filepath.Join(w.dir, "ca.pem"))
	if err != nil {
		return err
	}
	w.roots = x509.NewCertPool()
	w.roots.AppendCertsFromPEM(ca)
	w.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.roots}}}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {w.tenant.ClientID},
		"client_secret": {w.tenant.ClientSecret}, "audience": {w.tenant.Audience}}.Encode()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err = w.call(ctx, http.MethodPost, "/oauth/token", "application/x-www-form-urlencoded", strings.NewReader(form), &answer)
	w.bearer = answer.AccessToken
	return err
}

// api makes an API with n clients that may upload, and the load that asks for their tokens in turn. overTLS chooses the listener.
func (w *writ) api(ctx context.Context, n int, overTLS bool, settings map[string]any) (*target, error) {
	return w.apiFor(ctx, n, overTLS, settings, nil)
}

// apiFor is api for clients with these properties beside their name.
func (w *writ) apiFor(ctx context.Context, n int, overTLS bool, settings, properties map[string]any) (*target, error) {
	audience := fmt.Sprintf("https://bench.example.com/%d", time.Now().UnixNano())
	body := map[string]any{"identifier": audience, "scopes": []map[string]string{{"value": "batch:upload"}}}
	for name, value := range settings {
		body[name] = value
	}
	if err := w.post(ctx, "resource-servers", body, nil); err != nil {
		return nil, err
	}
	t := &target{address: w.https, host: w.tenant.Domain, roots: w.roots, tls: true}
	if !overTLS {
		_, port, _ := strings.Cut(w.plain, ":")
		t.address, t.host, t.tls = w.plain, "localhost:"+port, false
	}
	for range n {
		var client clientInfo
		made := map[string]any{"name": "bench"}
		maps.Copy(made, properties)
		if err := w.post(ctx, "clients", made, &client); err != nil {
			return nil, err
		}
		grant := map[string]any{"client_id": client.ClientID, "audience": audience, "scope": []string{"batch:upload"}}
		if err := w.post(ctx, "client-grants", grant, nil); err != nil {
			return nil, err
		}
		t.requests = append(t.requests, tokenRequest(t.host, client.ClientID, client.ClientSecret, audience))
	}
	return t, nil
}

func (w *writ) post(ctx context.Context, path string, body, out any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return w.call(ctx, http.MethodPost, "/api/v2/"+path, "application/json", bytes.NewReader(encoded), out)
}

func (w *writ) call(ctx context.Context, method, path, contentType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, "https://"+w.tenant.Domain+path, body)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if w.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+w.bearer)
	}
	res, err := w.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s", method, path, res.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// coldStart is the time from the start of the process on an existing database to its first token, in milliseconds of wall clock.
func coldStart(ctx context.Context, binary, dir, https, plain string, t *target) (time.Duration, error) {
	started := time.Now()
	cmd := exec.CommandContext(ctx, binary, "serve", "--data", dir, "--https", https, "--http", plain, "--log-level", "error")
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	p := &process{cmd: cmd}
	defer p.stop()
	for deadline := started.Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		conn, err := t.dial(ctx)
		if err != nil {
			continue // not listening yet
		}
		status, err := conn.do(t.requests[0])
		conn.close()
		if err == nil && status == want {
			return time.Since(started), nil
		}
	}
	return 0, fmt.Errorf("no token within a minute of the start")
}
