package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

func grantResource() resource {
	return resource{word: "grant", noun: "client grant", path: "client-grants", key: "client_grants",
		columns: []string{"id", "client_id", "audience", "scope"}, create: createGrantCommand}
}

func createGrantCommand(a *app, r resource) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "create --client-id ID --audience IDENTIFIER [--scope SCOPE ...| --all-scopes]",
		Short:   "Let a client ask for tokens of an API",
		Example: `  writ grant create --client-id "$ID" --audience https://timesheets.example.com --scope batch:upload`,
		Args:    noArgs,
	}
	flags := cmd.Flags()
	clientID := flags.String("client-id", "", "the client")
	audience := flags.String("audience", "", "the API's identifier")
	scopes := flags.StringArray("scope", []string{}, "a scope to grant (repeatable; none = a token without scopes)")
	all := flags.Bool("all-scopes", false, "grant every scope of the API, those added later too")
	asJSON := jsonFlag(cmd)
	cmd.MarkFlagRequired("client-id")
	cmd.MarkFlagRequired("audience")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		body := object{"client_id": *clientID, "audience": *audience, "scope": *scopes}
		if *all {
			if len(*scopes) > 0 {
				return errors.New("--all-scopes and --scope exclude each other")
			}
			delete(body, "scope")
			body["allow_all_scopes"] = true
		}
		created, err := a.post(cmd, r.path, body)
		if err != nil {
			return err
		}
		if *asJSON {
			return a.printJSON(created)
		}
		a.print("Granted %s of %s to %s\n  id  %s\n", grantedWords(created), created["audience"], created["client_id"], created["id"])
		return nil
	}
	return cmd
}

func grantedWords(grant object) string {
	if grant["allow_all_scopes"] == true {
		return "all scopes"
	}
	if scopes, ok := grant["scope"].([]any); ok && len(scopes) == 0 {
		return "tokens without scopes"
	}
	return grant.text("scope")
}
