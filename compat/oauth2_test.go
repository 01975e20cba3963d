package compat

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// refusal is what x/oauth2 tells of a token request that failed.
type refusal struct {
	Status      int
	Code        string
	Description string
}

var authStyles = []struct {
	name  string
	style oauth2.AuthStyle
}{
	{"AutoDetect", oauth2.AuthStyleAutoDetect}, // Basic first, then the body
	{"InHeader", oauth2.AuthStyleInHeader},
	{"InParams", oauth2.AuthStyleInParams},
}

func TestOAuth2ClientCredentials(t *testing.T) {
	for _, s := range authStyles {
		t.Run(s.name, func(t *testing.T) {
			t.Run("success", func(t *testing.T) { testGranted(t, tokenConfig(thisWorld.Job, s.style, "batch:upload")) })
			t.Run("success without scope: all that is granted", func(t *testing.T) { testGranted(t, tokenConfig(thisWorld.Job, s.style)) })
			for _, tt := range []struct {
				name   string
				config *clientcredentials.Config
				want   refusal
			}{
				{"wrong secret", tokenConfig(credentials{thisWorld.Job.ID, "wrong"}, s.style, "batch:upload"),
					refusal{401, "access_denied", "Unauthorized"}},
				{"missing grant", tokenConfig(thisWorld.Stranger, s.style, "batch:upload"),
					refusal{403, "access_denied", `Client "` + thisWorld.Stranger.ID + `" is not authorized to access resource server "` + timesheets +
						`". You need to create a "client-grant" associated to this API.`}},
				{"ungranted scope", tokenConfig(thisWorld.Job, s.style, "batch:upload", "approve:timesheets"),
					refusal{403, "access_denied", "Client has not been granted scopes: approve:timesheets"}},
			} {
				t.Run(tt.name, func(t *testing.T) { testRefused(t, tt.config, tt.want) })
			}
		})
	}
}

// TestOAuth2HTTPClient is the library's other half: an http.Client that gets and sends the token by itself.
func TestOAuth2HTTPClient(t *testing.T) {
	config := tokenConfig(thisWorld.Management, oauth2.AuthStyleAutoDetect)
	config.EndpointParams.Set("audience", thisWorld.Audience)
	resp, err := config.Client(t.Context()).Get("https://" + thisWorld.Domain + "/api/v2/tenants/settings")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("GET /api/v2/tenants/settings: %s, want 200", resp.Status)
	}
}

func tokenConfig(c credentials, style oauth2.AuthStyle, scopes ...string) *clientcredentials.Config {
	return &clientcredentials.Config{
		ClientID: c.ID, ClientSecret: c.Secret, AuthStyle: style, Scopes: scopes,
		TokenURL:       "https://" + thisWorld.Domain + "/oauth/token",
		EndpointParams: url.Values{"audience": {timesheets}},
	}
}

func testGranted(t *testing.T, config *clientcredentials.Config) {
	t.Helper()
	token, err := config.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"token_type": token.TokenType, "scope": token.Extra("scope"), "expires_in": token.Extra("expires_in"), "valid": token.Valid(),
	}
	want := map[string]any{"token_type": "Bearer", "scope": "batch:upload", "expires_in": 86400.0, "valid": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("token (-want +got):\n%s", diff)
	}
}

func testRefused(t *testing.T, config *clientcredentials.Config, want refusal) {
	t.Helper()
	token, err := config.Token(t.Context())
	if token != nil {
		t.Error("a token was issued")
	}
	var retrieve *oauth2.RetrieveError
	if !errors.As(err, &retrieve) {
		t.Fatalf("error %v, want an *oauth2.RetrieveError", err)
	}
	got := refusal{retrieve.Response.StatusCode, retrieve.ErrorCode, retrieve.ErrorDescription}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
}
