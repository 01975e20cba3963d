package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/tenant"
)

func (a *app) tokenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token --audience IDENTIFIER [--scope \"SCOPE ...\"]",
		Short: "Ask for an access token and print it",
		Long: `Asks /oauth/token with the client credentials grant and prints the access token, nothing else.

The client is --client-id with the secret in --client-secret-file (- reads standard input); else AUTH0_CLIENT_ID and
AUTH0_CLIENT_SECRET; else the tenant's first Management API client. For a --client-id without a secret file the secret is read
through the Management API.`,
		Example: `  writ token --audience https://timesheets.example.com --client-id "$ID" --client-secret-file secret.txt
  curl -H "Authorization: Bearer $(writ token --audience https://localhost:8443/api/v2/)" ...`,
		Args: noArgs,
	}
	flags := cmd.Flags()
	audience := flags.String("audience", "", "the API's identifier (default: the tenant's default audience)")
	scope := flags.String("scope", "", "scopes to ask for, separated by spaces (default: all that are granted)")
	clientID := flags.String("client-id", "", "the client to ask as")
	secretFile := flags.String("client-secret-file", "", "file that holds its secret; - reads standard input")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		remote, err := a.remote(cmd.Context())
		if err != nil {
			return err
		}
		if err := a.actAs(cmd, remote, *clientID, *secretFile); err != nil {
			return err
		}
		answer, err := remote.requestToken(cmd.Context(), *audience, *scope)
		if err != nil {
			return err
		}
		if *asJSON {
			return a.printJSON(object{
				"access_token": answer.AccessToken, "scope": answer.Scope, "expires_in": answer.ExpiresIn, "token_type": "Bearer",
			})
		}
		a.print("%s\n", answer.AccessToken)
		return nil
	}
	cmd.AddCommand(a.inspectCommand())
	return cmd
}

// actAs makes remote ask as the client that the flags name.
func (a *app) actAs(cmd *cobra.Command, remote *remote, clientID, secretFile string) error {
	switch {
	case clientID == "" && secretFile != "":
		return errors.New("--client-secret-file needs --client-id")
	case secretFile != "":
		secret, err := a.readSecret(secretFile)
		remote.clientID, remote.clientSecret = clientID, secret
		return err
	case clientID != "" && clientID != remote.clientID:
		var client struct {
			ClientSecret tenant.Secret `json:"client_secret"`
		}
		path := "clients/" + url.PathEscape(clientID) + "?fields=client_secret"
		if err := remote.api(cmd.Context(), http.MethodGet, path, nil, &client); err != nil {
			return fmt.Errorf("read the secret of client %s (or name it with --client-secret-file): %w", clientID, err)
		}
		remote.clientID, remote.clientSecret = clientID, client.ClientSecret
	case remote.clientID == "":
		return errors.New("an access token cannot ask for another: set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or --client-id")
	}
	return nil
}

// readSecret reads a secret from a file or standard input, without the line end that editors add.
func (a *app) readSecret(file string) (tenant.Secret, error) {
	const limit = 64 << 10
	in := a.stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("--client-secret-file: %w", err)
		}
		defer opened.Close()
		in = opened
	}
	raw, err := io.ReadAll(io.LimitReader(in, limit))
	if err != nil {
		return "", fmt.Errorf("--client-secret-file: %w", err)
	}
	secret := strings.TrimRight(string(raw), "\r\n")
	if secret == "" {
		return "", fmt.Errorf("--client-secret-file: %s holds no secret", file)
	}
	return tenant.Secret(secret), nil
}
