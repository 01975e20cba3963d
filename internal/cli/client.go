package cli

import (
	"github.com/spf13/cobra"
	"github.com/writ-auth/writ/internal/tenant"
)

func clientResource() resource {
	return resource{word: "client", noun: "client", path: "clients", key: "clients",
		columns: []string{"client_id", "name", "app_type", "grant_types"}, create: createClientCommand}
}

func createClientCommand(a *app, r resource) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "create NAME",
		Short:   "Create a machine-to-machine client and print its id and secret",
		Example: `  writ client create "Timesheets Import Job"`,
		Args:    cobra.ExactArgs(1),
	}
	description := cmd.Flags().String("description", "", "what the client is for (at most 140 characters)")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		body := object{
			"name": args[0], "app_type": tenant.AppTypeNonInteractive, "grant_types": []string{tenant.GrantClientCredentials},
			"token_endpoint_auth_method": tenant.AuthMethodClientSecretPost,
			"oidc_conformant":            true, "jwt_configuration": object{"alg": tenant.RS256},
		}
		if *description != "" {
			body["description"] = *description
		}
		created, err := a.post(cmd, r.path, body)
		if err != nil {
			return err
		}
		if *asJSON {
			return a.printJSON(created)
		}
		a.print("Created %s\n  client_id      %s\n  client_secret  %s\n", created["name"], created["client_id"], created["client_secret"])
		return nil
	}
	return cmd
}
