// The Timesheets import job: gets a token once, keeps it, uploads.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const scope = "batch:upload"

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	issuer, audience, clientID := os.Getenv("ISSUER"), os.Getenv("AUDIENCE"), os.Getenv("CLIENT_ID")
	config := clientcredentials.Config{
		ClientID: clientID, ClientSecret: os.Getenv("CLIENT_SECRET"), TokenURL: issuer + "oauth/token",
		Scopes: []string{scope}, EndpointParams: url.Values{"audience": {audience}}, AuthStyle: oauth2.AuthStyleInParams,
	}
	cache, err := newTokenCache(issuer, clientID, audience, scope)
	if err != nil {
		return err
	}
	for range 2 {
		token, err := cache.token(ctx, &config)
		if err != nil {
			return fmt.Errorf("no token: %w", err)
		}
		status, message, err := upload(ctx, token)
		if err != nil {
			return err
		}
		if status == http.StatusUnauthorized {
			cache.drop() // believed, but once only: a second 401 is for a person to look at
			continue
		}
		fmt.Println(status, message)
		if status != http.StatusCreated {
			return errors.New("the upload was refused")
		}
		return nil
	}
	return errors.New("the API refuses even a new token")
}

func upload(ctx context.Context, token *oauth2.Token) (status int, message string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, os.Getenv("API")+"/timesheets/upload", nil)
	if err != nil {
		return 0, "", err
	}
	token.SetAuthHeader(req)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	var answer struct {
		Message string `json:"message"`
	}
	if json.NewDecoder(res.Body).Decode(&answer) != nil {
		answer.Message = "(no message)" // from something before the API, a proxy perhaps: the status is what counts
	}
	return res.StatusCode, answer.Message, nil
}
