package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/writ-auth/writ/internal/tenant"
)

const timesheetsAudience = "https://timesheets.example.com"

// tour is the guide's way from nothing to an API that lets the right machine in. Every step goes through the public HTTP
// interfaces; nothing is done behind their back.
type tour struct {
	out    *printer
	remote *remote
	// job may upload, report may only read: the second shows what a wrong scope gets.
	job, report application
	apiURL      string
	token       string
}

// application is a client that the tour made.
type application struct {
	name, scope string
	id          string
	secret      tenant.Secret
}

// run walks the tour and stops at the first step that does not do what it should.
func (t *tour) run(ctx context.Context) error {
	t.job = application{name: "Timesheets Import Job", scope: "batch:upload"}
	t.report = application{name: "Timesheets Report", scope: "read:timesheets"}
	for i, step := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"Register the API", t.registerAPI},
		{"Create a machine-to-machine application", t.createApplication},
		{"Authorize it for one scope", t.authorize},
		{"Ask for a token", t.askForToken},
		{"Verify it as an API would", t.verifyToken},
		{"Call the API without a token", t.callWithoutToken},
		{"Call it with the wrong scope", t.callWithWrongScope},
		{"Call it as the import job", t.callAsJob},
	} {
		t.out.step(i+1, step.title)
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step.title, err)
		}
	}
	return nil
}

func (t *tour) registerAPI(ctx context.Context) error {
	scopes := scopeObjects([]string{
		"read:timesheets=Read timesheets", "create:timesheets=Create timesheets", "delete:timesheets=Delete timesheets",
		"approve:timesheets=Approve timesheets", "batch:upload=Upload timesheets in a batch",
	})
	var api object
	err := t.remote.api(ctx, http.MethodPost, "resource-servers", object{
		"name": "Timesheets API", "identifier": timesheetsAudience, "scopes": scopes, "token_lifetime": 3600,
	}, &api)
	if err != nil {
		return err
	}
	t.out.call("POST /api/v2/resource-servers")
	t.out.fact("identifier", api.text("identifier"))
	t.out.fact("scopes", "read:timesheets create:timesheets delete:timesheets approve:timesheets batch:upload")
	return nil
}

func (t *tour) createApplication(ctx context.Context) error {
	if err := t.create(ctx, &t.job); err != nil {
		return err
	}
	t.out.call("POST /api/v2/clients")
	t.out.fact("name", t.job.name)
	t.out.fact("client_id", t.job.id)
	t.out.fact("client_secret", mask(t.job.secret))
	return nil
}

// create makes an application; authorize gives it its scope.
func (t *tour) create(ctx context.Context, app *application) error {
	var created struct {
		ClientID     string        `json:"client_id"`
		ClientSecret tenant.Secret `json:"client_secret"`
	}
	err := t.remote.api(ctx, http.MethodPost, "clients", object{
		"name": app.name, "app_type": tenant.AppTypeNonInteractive, "grant_types": []string{tenant.GrantClientCredentials},
	}, &created)
	app.id, app.secret = created.ClientID, created.ClientSecret
	return err
}

func (t *tour) grant(ctx context.Context, app application) error {
	return t.remote.api(ctx, http.MethodPost, "client-grants", object{
		"client_id": app.id, "audience": timesheetsAudience, "scope": []string{app.scope},
	}, nil)
}

func (t *tour) authorize(ctx context.Context) error {
	if err := t.grant(ctx, t.job); err != nil {
		return err
	}
	t.out.call("POST /api/v2/client-grants")
	t.out.fact("scope", t.job.scope)
	return nil
}

func (t *tour) askForToken(ctx context.Context) error {
	answer, err := t.as(t.job).requestToken(ctx, timesheetsAudience, "")
	if err != nil {
		return err
	}
	t.token = answer.AccessToken
	t.out.call("POST /oauth/token  grant_type=client_credentials")
	t.out.fact("expires_in", fmt.Sprint(answer.ExpiresIn, " s"))
	t.out.fact("scope", answer.Scope)
	return t.out.token(answer.AccessToken)
}

// as is the same tenant, asked by another client.
func (t *tour) as(app application) *remote {
	return &remote{domain: t.remote.domain, clientID: app.id, clientSecret: app.secret, http: t.remote.http}
}

func (t *tour) verifyToken(ctx context.Context) error {
	v := &verifier{http: t.remote.http}
	claims, err := v.verify(ctx, t.token, t.issuer(), timesheetsAudience, time.Now())
	if err != nil {
		return err
	}
	t.out.call("GET /.well-known/openid-configuration, GET /.well-known/jwks.json")
	t.out.fact("signature", "valid, by a published key")
	t.out.fact("issued to", claims.Subject)
	return nil
}

func (t *tour) issuer() string { return "https://" + t.remote.domain + "/" }

func (t *tour) callWithoutToken(ctx context.Context) error {
	return t.upload(ctx, "", http.StatusUnauthorized)
}

func (t *tour) callWithWrongScope(ctx context.Context) error {
	if err := t.create(ctx, &t.report); err != nil {
		return err
	}
	if err := t.grant(ctx, t.report); err != nil {
		return err
	}
	answer, err := t.as(t.report).requestToken(ctx, timesheetsAudience, "")
	if err != nil {
		return err
	}
	t.out.fact("as", fmt.Sprintf("%s, which has %s", t.report.name, answer.Scope))
	return t.upload(ctx, answer.AccessToken, http.StatusForbidden)
}

func (t *tour) callAsJob(ctx context.Context) error {
	return t.upload(ctx, t.token, http.StatusCreated)
}

// upload calls the protected API and insists on the status.
func (t *tour) upload(ctx context.Context, token string, want int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.apiURL+"/timesheets/upload", nil)
	if err != nil {
		return err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := t.remote.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return err
	}
	t.out.call("POST " + t.apiURL + "/timesheets/upload")
	t.out.fact(fmt.Sprint(res.StatusCode), strings.TrimSpace(string(body)))
	if res.StatusCode != want {
		return fmt.Errorf("the API answered %d, want %d", res.StatusCode, want)
	}
	return nil
}

// mask shows enough of a secret to recognize it.
func mask(s tenant.Secret) string { return s.Reveal()[:4] + strings.Repeat("*", 12) }

// decode returns a token's header and claims as indented JSON, unverified.
func decode(compact string) (header, claims string, err error) {
	parsed, err := jwt.ParseSigned(compact, everyAlg)
	if err != nil {
		return "", "", err
	}
	parts := strings.Split(compact, ".")
	if len(parts) != 3 || len(parsed.Headers) != 1 {
		return "", "", fmt.Errorf("a token has three parts, this has %d", len(parts))
	}
	for i, out := range []*string{&header, &claims} {
		if *out, err = indentSegment(parts[i]); err != nil {
			return "", "", err
		}
	}
	return header, claims, nil
}

// indentSegment keeps the order of the members, which map decoding would lose.
func indentSegment(segment string) (string, error) {
	raw, err := base64URL.DecodeString(segment)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(json.RawMessage(raw)); err != nil {
		return "", err
	}
	return escapeControls(strings.TrimSpace(b.String())), nil
}
