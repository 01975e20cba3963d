package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/writ-auth/writ/internal/tenant"
)

// maxAnswer bounds what the command line reads of one answer, in bytes.
const maxAnswer = 8 << 20

// remote is a tenant as any client reaches it: over HTTPS, by its domain, with credentials.
type remote struct {
	domain       string
	clientID     string
	clientSecret tenant.Secret
	// accessToken is used as it is where it is set; otherwise one is asked for with the client's credentials.
	accessToken tenant.Secret
	http        *http.Client
	// local: the tenant is that of a data directory, whose server may just be starting.
	local bool
}

// newHTTPClient trusts the system's roots and, where there is one, the CA in caFile. It goes where it is told and nowhere else: redirects
// are answers like any other.
func newHTTPClient(caFile string) (*http.Client, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("read the local CA: %w", err)
		}
		pool.AppendCertsFromPEM(pem)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = dialLocalhost
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return &http.Client{Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil
}

// dialLocalhost is the ordinary dialer, but for NAME.localhost, which RFC 6761 section 6.3 sets aside for loopback and many resolvers
// do not know.
func dialLocalhost(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("localhost", port)
	}
	return (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, address)
}

// tokenAnswer is what /oauth/token says: a token, or a refusal.
type tokenAnswer struct {
	AccessToken      string `json:"access_token"`
	Scope            string `json:"scope"`
	ExpiresIn        int    `json:"expires_in"`
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description"`
}

// requestToken asks /oauth/token with the remote's client (RFC 6749 section 4.4.2). An empty scope asks for all that is granted.
func (r *remote) requestToken(ctx context.Context, audience, scope string) (answer tokenAnswer, err error) {
	if !r.local {
		return r.askToken(ctx, audience, scope)
	}
	err = retry(ctx, syscall.ECONNREFUSED, func() (err error) {
		answer, err = r.askToken(ctx, audience, scope)
		return err
	})
	return answer, err
}

func (r *remote) askToken(ctx context.Context, audience, scope string) (tokenAnswer, error) {
	form := url.Values{
		"grant_type": {tenant.GrantClientCredentials}, "client_id": {r.clientID}, "client_secret": {r.clientSecret.Reveal()},
	}
	if audience != "" {
		form.Set("audience", audience)
	}
	if scope != "" {
		form.Set("scope", scope)
	}
	var answer tokenAnswer
	status, body, err := r.do(ctx, http.MethodPost, "/oauth/token", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), "")
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return answer, fmt.Errorf("https://%s/oauth/token answered %d with no JSON", r.domain, status)
	}
	if status != http.StatusOK {
		return answer, fmt.Errorf("%s (%d %s)", answer.ErrorDescription, status, answer.Error)
	}
	return answer, nil
}

// apiError is the Management API's error envelope.
type apiError struct {
	StatusCode int    `json:"statusCode"`
	Phrase     string `json:"error"`
	Message    string `json:"message"`
	ErrorCode  string `json:"errorCode"`
}

func (e *apiError) Error() string {
	if e.ErrorCode == "" {
		return fmt.Sprintf("%s (%d)", e.Message, e.StatusCode)
	}
	return fmt.Sprintf("%s (%d %s)", e.Message, e.StatusCode, e.ErrorCode)
}

// api calls the Management API: in is the JSON body (nil = none), out receives the answer (nil = thrown away).
// Errors: *apiError for a refusal.
func (r *remote) api(ctx context.Context, method, path string, in, out any) error {
	if err := r.login(ctx); err != nil {
		return err
	}
	var body io.Reader
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	status, answer, err := r.do(ctx, method, "/api/v2/"+path, "application/json", body, r.accessToken.Reveal())
	if err != nil {
		return err
	}
	if status >= 400 {
		refusal := &apiError{}
		if json.Unmarshal(answer, refusal) != nil || refusal.StatusCode == 0 {
			return fmt.Errorf("%s /api/v2/%s answered %d", method, path, status)
		}
		return refusal
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// login gets the Management API token once.
func (r *remote) login(ctx context.Context) error {
	if r.accessToken != "" {
		return nil
	}
	answer, err := r.requestToken(ctx, r.managementAudience(), "")
	if err != nil {
		return fmt.Errorf("log in to the Management API of %s: %w", r.domain, err)
	}
	r.accessToken = tenant.Secret(answer.AccessToken)
	return nil
}

// managementAudience is built from the domain, as every Auth0 client does.
func (r *remote) managementAudience() string { return "https://" + r.domain + "/api/v2/" }

func (r *remote) do(ctx context.Context, method, path, contentType string, body io.Reader, bearer string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, "https://"+r.domain+path, body)
	if err != nil {
		return 0, nil, fmt.Errorf("domain %q: %w", r.domain, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	res, err := r.http.Do(req)
	if err != nil {
		return 0, nil, r.explain(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, answer, err
}

// explain turns the two failures that everybody meets into their fix.
func (r *remote) explain(err error) error {
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing answers at https://%s: start it with `writ serve` (%w)", r.domain, err)
	case errors.As(err, &unknown):
		return fmt.Errorf("the certificate of https://%s is not trusted: name the data directory that holds its ca.pem with --data or WRIT_DATA, "+
			"or its CA with SSL_CERT_FILE (%w)", r.domain, err)
	}
	return err
}
